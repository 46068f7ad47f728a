//! `headings.toml`: numbering styles, headings without number, titles.

use serde::Deserialize;

use super::pattern::{Pattern, RawPattern, parse};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Role;

const FILE: &str = "headings.toml";

/// Digits that a numbering style counts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Digits {
    /// 一 … 九十九.
    Han,
    /// 1 … 99, in both widths.
    Arabic,
    /// ① … ⑳.
    Circled,
}

/// A style of numbering, such as （一）.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbering {
    /// Name of the style.
    pub name: String,
    /// What stands before the digits; one of these (an empty list for nothing).
    pub before: Vec<String>,
    /// The digits.
    pub digits: Digits,
    /// What stands behind the digits; one of these (an empty list for nothing).
    pub after: Vec<String>,
    /// Level of a heading so numbered: 1 for 一、 … 5 for ①.
    pub level: u8,
    /// Rank among the styles: a style of lower rank stands above one of higher rank.
    pub rank: u8,
}

/// What a title line says of itself.
#[derive(Debug)]
pub struct TitleRule {
    /// The pattern, for a line without white space.
    pub pattern: Pattern,
    /// Whether a line so titled opens a report wherever it stands, not only at the source's start.
    pub opens: bool,
}

/// How titles and headings are recognised.
#[derive(Debug)]
pub struct HeadingRules {
    /// Numbering styles; the first that fits is taken.
    pub numbering: Vec<Numbering>,
    /// Headings without a number, for a line without white space.
    unnumbered: Vec<Pattern>,
    /// Titles of reports.
    titles: Vec<TitleRule>,
    /// Lines that are neither title nor heading, by role; see [`HeadingRules::role`].
    roles: Vec<(Role, Pattern)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    role: Vec<RawPattern>,
    numbering: Vec<Numbering>,
    unnumbered: Vec<RawPattern>,
    title: Vec<RawPattern>,
}

impl HeadingRules {
    /// Reads the file's text.
    pub(super) fn load(text: &str) -> Result<Self> {
        let file: File = parse(FILE, text)?;
        if let Some(style) = file.numbering.iter().find(|style| {
            style.level == 0
                || (style.before.is_empty()
                    && style.after.is_empty()
                    && style.digits != Digits::Circled)
        }) {
            return Err(Error::new(
                ErrorKind::Schema,
                format!("{FILE}：编号样式 {} 没有级别或没有标点", style.name),
                format!("{FILE}: numbering {} has no level or no mark", style.name),
            ));
        }
        let titles = file.title.into_iter().map(|raw| TitleRule {
            opens: raw.opens,
            pattern: Pattern::new(FILE, raw),
        });
        let mut roles = Vec::with_capacity(file.role.len());
        for raw in file.role {
            let role = match raw.name.as_str() {
                "byline" => Role::Byline,
                "date" => Role::Date,
                "note" => Role::Note,
                "salutation" => Role::Salutation,
                "signature" => Role::Signature,
                name => {
                    return Err(Error::new(
                        ErrorKind::Schema,
                        format!("{FILE}：没有“{name}”这种角色"),
                        format!("{FILE}: there is no role '{name}'"),
                    ));
                }
            };
            roles.push((role, Pattern::new(FILE, raw)));
        }
        Ok(HeadingRules {
            roles,
            numbering: file.numbering,
            unnumbered: Pattern::list(FILE, file.unnumbered)?,
            titles: titles.collect(),
        })
    }

    /// Returns all rules.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        let titles = self.titles.iter().map(|rule| &rule.pattern);
        let roles = self.roles.iter().map(|(_, pattern)| pattern);
        self.unnumbered.iter().chain(titles).chain(roles)
    }

    /// Returns whether a line, seen without white space, can have the role.
    pub fn role(&self, role: Role, line: &str) -> bool {
        self.roles
            .iter()
            .any(|(known, pattern)| *known == role && pattern.is_match(line))
    }

    /// Returns the title rule that a line, seen without white space, follows.
    pub fn title(&self, line: &str) -> Option<&TitleRule> {
        self.titles.iter().find(|rule| rule.pattern.is_match(line))
    }

    /// Returns whether a line, seen without white space, is a heading without number.
    pub fn unnumbered(&self, line: &str) -> bool {
        self.unnumbered.iter().any(|rule| rule.is_match(line))
    }
}
