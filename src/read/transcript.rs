//! Paragraphs of an office document → one text, a line each.
//!
//! Invariant: every paragraph is one line of the text, so that "line" in a citation counts the
//! paragraphs of the document as `inspect text` prints them.

use crate::model::{Format, Given, LineStyle, SourceText, Warning};

/// Stands between the cells of a table's row.
pub(super) const BETWEEN_CELLS: &str = " | ";

/// A paragraph as a reader found it.
#[derive(Debug, Clone, Default)]
pub(super) struct Paragraph {
    /// Its text with automatic numbers written out; line breaks inside become lines of their own.
    pub(super) text: String,
    /// Level of its heading style, 1-based; 0 for body text.
    pub(super) level: u8,
    /// Bytes of `text` at its start that are set in bold.
    pub(super) bold: usize,
    /// Whether it is a footnote, an endnote or a comment's text.
    pub(super) note: bool,
}

impl Paragraph {
    /// Makes a plain paragraph.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Paragraph {
            text: text.into(),
            ..Paragraph::default()
        }
    }
}

/// A text that is put together paragraph by paragraph.
#[derive(Debug, Default)]
pub(super) struct Transcript {
    text: String,
    styles: Vec<LineStyle>,
    pages: Vec<usize>,
    lines: u32,
    /// Name of the encoding; empty where the format has but one.
    pub(super) encoding: String,
    /// What the document states of itself.
    pub(super) given: Given,
    /// What the reader should know.
    pub(super) warnings: Vec<Warning>,
    /// Number of characters that could not be decoded; each stands as U+FFFD in the text.
    pub(super) undecodable: usize,
}

impl Transcript {
    /// Adds a paragraph as a line; blank ones stay as blank lines.
    pub(super) fn push(&mut self, paragraph: &Paragraph) {
        let mut bold = paragraph.bold;
        for line in paragraph
            .text
            .split(['\n', '\r', '\u{b}', '\u{2028}', '\u{2029}'])
        {
            let style = LineStyle {
                start: self.text.len(),
                level: paragraph.level,
                bold: bold.min(line.len()),
                note: paragraph.note,
                row: line.contains(BETWEEN_CELLS),
            };
            if style.level > 0 || style.bold > 0 || style.note || style.row {
                self.styles.push(style);
            }
            bold = bold.saturating_sub(line.len() + 1);
            self.text.push_str(line);
            self.text.push('\n');
            self.lines += 1;
        }
    }

    /// Begins a page.
    pub(super) fn page(&mut self) {
        self.pages.push(self.text.len());
    }

    /// Returns the text so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether nothing but white space was added.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Returns the number of the line that the next paragraph will stand on, 1-based.
    pub(super) fn next_line(&self) -> u32 {
        self.lines + 1
    }

    /// Returns the text.
    pub(super) fn finish(self, source: &str, format: Format) -> SourceText {
        SourceText {
            source: source.to_owned(),
            format,
            encoding: self.encoding,
            undecodable: self.undecodable,
            text: self.text,
            fixed_line: None,
            marks: Vec::new(),
            styles: self.styles,
            pages: self.pages,
            given: self.given,
            warnings: self.warnings,
        }
    }
}
