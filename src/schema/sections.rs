//! `sections.toml`: which heading names which kind of section.

use serde::Deserialize;

use super::pattern::{Pattern, RawPattern, parse};
use crate::error::{Error, ErrorKind, Result};
use crate::model::SectionKind;

const FILE: &str = "sections.toml";

/// How the kind of a section is read from its heading.
#[derive(Debug)]
pub struct SectionRules {
    rules: Vec<SectionRule>,
}

#[derive(Debug)]
struct SectionRule {
    kind: SectionKind,
    outright: bool,
    pattern: Pattern,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    section: Vec<RawPattern>,
}

impl SectionRules {
    /// Reads the file's text.
    pub(super) fn load(text: &str) -> Result<Self> {
        let file: File = parse(FILE, text)?;
        let mut rules = Vec::with_capacity(file.section.len());
        for raw in file.section {
            let name = &raw.name;
            let kind = SectionKind::parse(name).ok_or_else(|| {
                Error::new(
                    ErrorKind::Schema,
                    format!("{FILE}：没有“{name}”这种部分"),
                    format!("{FILE}: there is no kind of section '{name}'"),
                )
            })?;
            rules.push(SectionRule {
                kind,
                outright: raw.outright,
                pattern: Pattern::new(FILE, raw),
            });
        }
        Ok(SectionRules { rules })
    }

    /// Returns all rules.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.rules.iter().map(|rule| &rule.pattern)
    }

    /// Returns the kind that a heading names so plainly that it holds at any level.
    ///
    /// `heading` is the heading's text without number and white space.
    pub fn outright(&self, heading: &str) -> Option<SectionKind> {
        self.find(heading, |rule| rule.outright)
    }

    /// Returns the kind that a heading names as one of the report's main parts.
    pub fn main(&self, heading: &str) -> Option<SectionKind> {
        self.find(heading, |_| true)
    }

    fn find(&self, heading: &str, keep: impl Fn(&SectionRule) -> bool) -> Option<SectionKind> {
        self.rules
            .iter()
            .find(|rule| keep(rule) && rule.pattern.is_match(heading))
            .map(|rule| rule.kind)
    }
}
