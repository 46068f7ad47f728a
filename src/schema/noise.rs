//! `noise.toml`: what belongs to no report.

use serde::Deserialize;

use super::pattern::{Pattern, RawPattern, parse};
use crate::error::Result;

const FILE: &str = "noise.toml";

/// How noise is recognised.
#[derive(Debug)]
pub struct NoiseRules {
    /// Short lines that are noise as a whole, in the order in which they are tried.
    lines: Vec<Pattern>,
    /// Paragraphs that are noise as a whole.
    paragraphs: Vec<Pattern>,
    /// Marks that are cut out of a line; the characters before and behind are joined again.
    pub inline: Vec<Pattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    line: Vec<RawPattern>,
    paragraph: Vec<RawPattern>,
    inline: Vec<RawPattern>,
}

impl NoiseRules {
    /// Reads the file's text.
    pub(super) fn load(text: &str) -> Result<Self> {
        let file: File = parse(FILE, text)?;
        let paragraphs = Pattern::list(FILE, file.paragraph)?.into_iter();
        Ok(NoiseRules {
            lines: Pattern::list(FILE, file.line)?,
            paragraphs: paragraphs.map(Pattern::apart).collect(),
            inline: Pattern::list(FILE, file.inline)?,
        })
    }

    /// Returns all rules.
    pub(super) fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.lines
            .iter()
            .chain(&self.paragraphs)
            .chain(&self.inline)
    }

    /// Returns the name of the rule by which a short line is noise.
    pub fn line(&self, text: &str) -> Option<&str> {
        find(&self.lines, text)
    }

    /// Returns the name of the rule by which a paragraph is noise.
    pub fn paragraph(&self, text: &str) -> Option<&str> {
        find(&self.paragraphs, text)
    }
}

fn find<'r>(rules: &'r [Pattern], text: &str) -> Option<&'r str> {
    rules
        .iter()
        .find(|rule| rule.is_match(text))
        .map(Pattern::name)
}
