//! Answers → text, JSON, JSONL and CSV on any [`Write`](std::io::Write).
//!
//! | module | writes |
//! |---|---|
//! | [`mod@search`] | an answer to a search, for reading |
//! | [`copies`] | the near copies of a passage, with what differs |
//! | [`similar`] | where a wording stands, with what differs |
//! | [`related`] | terms that go with a query |
//! | [`collocates`], [`keyness`], [`formulas`] | words and strings with their measures, as tables |
//! | [`first_use`] | where a phrase came up first |
//! | [`compare`] | two reports side by side |
//! | [`follow_up`] | plans and what was said of them later |
//! | [`count`] | counts as a table: long, wide or crossed |
//! | [`trend`] | concepts through the years: sparklines and bars, a table |
//! | `chart` | the same as a picture, SVG or PNG |
//! | [`kwic`] | concordances |
//! | [`report`] | a passage among its neighbours, an outline, a whole report |
//! | [`rows`] | passages and hits, one a line, as JSONL or CSV |
//! | [`data`] | a table of typed cells with its stamp, as text, JSONL or CSV |
//! | `workbook` | rows of typed cells as XLSX |
//! | [`citation`] | the cells by which a passage is cited |
//! | [`stamp`] | what an answer was made from and how |
//! | [`json`] | any value of the contract as one JSON document |
//! | [`fault`] | an [`Error`](crate::Error) with its place and hint |
//! | [`table`] | aligned columns |
//! | [`vocabulary`] | values of closed vocabularies in English |
//! | [`layout`] | text by its width on screen: padding, wrapping, highlights |
//!
//! Invariant: it searches nothing and reads no file; what it shows stands in the data it was given.
//! Invariant: control characters of a source never reach a terminal.

mod advice;
pub mod bench;
#[cfg(feature = "app")]
pub mod chart;
pub mod citation;
pub mod collocates;
pub mod compare;
pub mod copies;
pub mod count;
pub mod data;
pub mod fault;
pub mod first_use;
pub mod follow_up;
pub mod formulas;
pub mod json;
pub mod keyness;
pub mod kwic;
pub mod labels;
pub mod layout;
pub mod related;
pub mod report;
pub mod rows;
#[cfg(test)]
mod samples;
pub mod search;
pub mod similar;
pub mod stamp;
pub mod table;
pub mod trend;
pub mod vocabulary;
#[cfg(feature = "serve")]
pub mod workbook;

use crate::model::Language;

/// Formats a message in the reader's language: the Chinese form stands first.
///
/// ```
/// use zhengsou::{model::Language, say};
/// let files = 3;
/// assert_eq!(say!(Language::Zh, "{files} 个文件", "{files} files"), "3 个文件");
/// assert_eq!(say!(Language::En, "{} 个文件", "{} files", files), "3 files");
/// ```
#[macro_export]
macro_rules! say {
    ($language:expr, $zh:literal, $en:literal $(, $argument:expr)* $(,)?) => {
        match $language {
            $crate::model::Language::Zh => ::std::format!($zh $(, $argument)*),
            $crate::model::Language::En => ::std::format!($en $(, $argument)*),
        }
    };
}

/// How text answers look.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    /// Language of labels and messages.
    pub language: Language,
    /// Whether ANSI colours are written.
    pub color: bool,
    /// Columns of the screen; `None` leaves lines whole, as files and pipes want them.
    pub width: Option<usize>,
}

/// A weight of text on screen; without colour, all are written alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Titles and headings.
    Strong,
    /// Places, ids and labels.
    Faint,
    /// What matched the query.
    Match,
    /// What a copy lacks.
    Gone,
    /// What a copy has instead.
    Come,
    /// The word that opens an error.
    Alarm,
    /// The word that opens a hint.
    Advice,
}

impl Look {
    /// Returns the text in the given ink, or the bare text where colours are off.
    pub fn paint(&self, ink: Ink, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        let code = match ink {
            Ink::Strong => "1",
            Ink::Faint => "2",
            Ink::Match => "1;31",
            Ink::Gone => "31",
            Ink::Come => "32",
            Ink::Alarm => "1;31",
            Ink::Advice => "1;36",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// Writes a number with its thousands set apart: `12,345`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes a number of bytes with a fitting unit: `1.5 MB`, in steps of 1,000.
pub fn byte_size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut amount = bytes as f64 / 1000.0;
    let mut unit = 0;
    // 999.95 would be shown as 1000.0 of the smaller unit.
    while amount >= 999.95 && unit + 1 < UNITS.len() {
        amount /= 1000.0;
        unit += 1;
    }
    format!("{amount:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let cases = [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1234567, "1,234,567"),
        ];
        for (number, expected) in cases {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn sizes() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (1_500_000, "1.5 MB"),
            (u64::MAX, "18446744.1 TB"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(byte_size(bytes), expected);
        }
    }

    #[test]
    fn paint_is_plain_without_color() {
        assert_eq!(Look::default().paint(Ink::Match, "词"), "词");
    }
}
