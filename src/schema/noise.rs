//! `noise.toml`: what belongs to no report.

use serde::Deserialize;

use super::pattern::{Pattern, RawPattern, parse};
use crate::error::Result;

const FILE: &str = "noise.toml";

/// How noise is recognised.
#[derive(Debug)]
pub struct NoiseRules {
    /// Whole lines that are noise.
    pub lines: Vec<Pattern>,
    /// Marks that are cut out of a line; the characters before and behind are joined again.
    pub inline: Vec<Pattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    line: Vec<RawPattern>,
    inline: Vec<RawPattern>,
}

impl NoiseRules {
    /// Reads the file's text.
    pub(super) fn load(text: &str) -> Result<Self> {
        let file: File = parse(FILE, text)?;
        Ok(NoiseRules {
            lines: Pattern::compile_all(FILE, &file.line)?,
            inline: Pattern::compile_all(FILE, &file.inline)?,
        })
    }

    /// Returns the name of the first rule that says the whole line is noise.
    pub fn line(&self, text: &str) -> Option<&str> {
        self.lines
            .iter()
            .find(|rule| rule.is_match(text))
            .map(Pattern::name)
    }
}
