//! A text → the folded characters that must stand in a passage, with gaps where wildcards stand.

use std::fmt;

use crate::analyze::Analyzer;
use crate::query::{MAX_STAR, Text, WILDCARDS};

/// Folded characters that stand side by side, or several such runs with gaps between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The first run; not empty, without blanks.
    pub head: String,
    /// What follows: a gap and another run, in order.
    pub tail: Vec<(Gap, String)>,
}

/// How many characters stand between two runs, blanks not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// At least so many.
    pub least: u32,
    /// At most so many.
    pub most: u32,
}

impl Form {
    /// Makes a form without gaps.
    pub fn plain(head: String) -> Self {
        Form {
            head,
            tail: Vec::new(),
        }
    }

    /// Returns whether this is just these characters.
    pub fn is(&self, text: &str) -> bool {
        self.tail.is_empty() && self.head == text
    }

    /// Returns the runs in order.
    pub fn runs(&self) -> impl Iterator<Item = &str> {
        let tail = self.tail.iter().map(|(_, run)| run.as_str());
        std::iter::once(self.head.as_str()).chain(tail)
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.head)?;
        for (gap, run) in &self.tail {
            match (gap.least, gap.most) {
                (least, most) if least == most => f.write_str(&"?".repeat(least as usize))?,
                (least, most) => write!(f, "{{{least}–{most}}}")?,
            }
            f.write_str(run)?;
        }
        Ok(())
    }
}

/// Returns the forms under which a text may stand; empty if it holds no character.
pub(super) fn forms(text: &Text, analyzer: &Analyzer) -> Vec<Form> {
    let plain = |text: &str| {
        let mut forms = analyzer.query_forms(text);
        forms.retain(|form| !form.is_empty());
        forms
    };
    if !text.wildcards {
        return plain(&text.text).into_iter().map(Form::plain).collect();
    }
    // A redaction cut off by a wildcard has its first form only: one is enough to be explained.
    let mut form: Option<Form> = None;
    let mut gap = Gap { least: 0, most: 0 };
    for (run, signs) in runs(&text.text) {
        if let Some(run) = plain(run).into_iter().next() {
            match &mut form {
                Some(form) => form.tail.push((gap, run)),
                None => form = Some(Form::plain(run)),
            }
            gap = Gap { least: 0, most: 0 };
        }
        for sign in signs.chars() {
            match sign {
                '*' => gap.most += MAX_STAR,
                _ => {
                    gap.least += 1;
                    gap.most += 1;
                }
            }
        }
        gap.most = gap.most.min(gap.least + MAX_STAR);
    }
    form.into_iter().collect()
}

/// Cuts a text into runs, each with the wildcards behind it.
fn runs(text: &str) -> Vec<(&str, &str)> {
    let mut runs = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(WILDCARDS).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        let signs = behind.len() - behind.trim_start_matches(WILDCARDS).len();
        runs.push((run, &behind[..signs]));
        rest = &behind[signs..];
    }
    runs
}
