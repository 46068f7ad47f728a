//! Runs, notes and boxes of a paragraph → the paragraph, its number in front and its notes behind.

use super::format::ParagraphFormat;
use super::numbering::Label;
use super::styles::{Style, level_of};
use crate::read::transcript::Paragraph;

/// A paragraph that is being read, run by run.
#[derive(Debug, Default)]
pub(super) struct Draft {
    text: String,
    /// Bytes at its start that are set in bold.
    bold: usize,
    /// Whether text that is not bold has been added.
    plain: bool,
    /// Bytes at its start that are a paragraph of their own, whose mark is hidden: a heading that
    /// runs into the text.
    run_in: usize,
    /// What it says of itself.
    pub(super) format: ParagraphFormat,
    /// What its style says.
    pub(super) style: Style,
    /// Paragraphs of boxes that hang on its start.
    before: Vec<Paragraph>,
    /// Paragraphs of its other boxes and of its notes.
    after: Vec<Paragraph>,
}

impl Draft {
    /// Begins a paragraph behind what was joined with it.
    pub(super) fn begin(&mut self, style: Style) {
        self.format = ParagraphFormat::default();
        self.style = style;
    }

    /// Adds a run.
    pub(super) fn push(&mut self, run: &str, bold: bool) {
        self.text.push_str(run);
        if !bold {
            self.plain |= !run.trim().is_empty();
        } else if !self.plain {
            self.bold = self.text.len();
        }
    }

    /// Adds the paragraphs of a box: they stand before the paragraph if the box hangs on its start.
    pub(super) fn push_box(&mut self, paragraphs: Vec<Paragraph>) {
        match self.is_blank() {
            true => self.before.extend(paragraphs),
            false => self.after.extend(paragraphs),
        }
    }

    /// Adds the paragraphs of a note.
    pub(super) fn push_note(&mut self, paragraphs: Vec<Paragraph>) {
        self.after.extend(paragraphs);
    }

    /// Returns the text so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether the text so far is white space.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Returns whether the paragraph opens with a heading of another.
    pub(super) fn runs_on(&self) -> bool {
        self.run_in > 0
    }

    /// Makes all of it the heading of the paragraph that follows.
    pub(super) fn run_into_next(&mut self, label: Option<&Label>) {
        self.number(label);
        self.run_in = self.text.len();
    }

    /// Adds the boxes and notes, but not the text.
    pub(super) fn finish_asides(self, paragraphs: &mut Vec<Paragraph>) {
        paragraphs.extend(self.before);
        paragraphs.extend(self.after);
    }

    /// Adds the paragraph with its boxes and notes.
    pub(super) fn finish(mut self, label: Option<&Label>, paragraphs: &mut Vec<Paragraph>) {
        self.number(label);
        // Breaks of pages and lines at the ends make no lines of their own.
        let body = self.text.trim_start_matches('\n');
        let indent = self.text.len() - body.len();
        let body = body.trim_end_matches('\n');
        paragraphs.append(&mut self.before);
        paragraphs.push(Paragraph {
            text: body.to_owned(),
            level: match self.run_in {
                0 => self.format.outline.map_or(self.style.level, level_of),
                _ => 0,
            },
            bold: self
                .bold
                .max(self.run_in)
                .saturating_sub(indent)
                .min(body.len()),
            note: false,
        });
        paragraphs.append(&mut self.after);
    }

    /// Writes the number in front.
    fn number(&mut self, label: Option<&Label>) {
        let Some(label) = label else {
            return;
        };
        let number = label.text.trim();
        let body = self.text.trim_start();
        let indent = self.text.len() - body.len();
        let gap = match !number.is_empty() && !label.tight && needs_gap(number, body) {
            true => " ",
            false => "",
        };
        self.bold = match self.bold.saturating_sub(indent) {
            0 => 0,
            bold => number.len() + gap.len() + bold,
        };
        self.text = format!("{number}{gap}{body}");
    }
}

/// Returns whether a blank must stand behind a number, where programs print a tab: behind what
/// would run into the text. 一、（一）① stand close, as they are typed.
fn needs_gap(number: &str, body: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '０'..='９');
    match number.chars().next_back() {
        _ if body.is_empty() => false,
        // 1.2023年 and 1.6万 would be figures.
        Some('.' | '．') => body.starts_with(is_digit),
        Some('、' | '）' | ')' | '〕' | '】' | '：' | ':' | '。') => false,
        // ① to ⒛, ㈠ to ㊿
        Some('\u{2460}'..='\u{24ff}' | '\u{3200}'..='\u{32ff}') => false,
        _ => true,
    }
}
