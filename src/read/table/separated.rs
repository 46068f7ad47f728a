//! Values between commas, tabs or semicolons → rows.

use super::Row;
use crate::error::Result;

/// What separates values, likeliest first.
const SEPARATORS: &[u8] = b",\t;|";

/// So many records show what separates values.
const SAMPLE: usize = 50;

/// The rows of a text.
pub(super) struct Reader<'t> {
    text: &'t str,
    rows: csv::Reader<&'t [u8]>,
    record: csv::StringRecord,
    /// Lines before `text`.
    skipped: u32,
    /// Place up to which lines were counted, and their number.
    counted: (usize, u32),
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        // Excel's own way to say it.
        let (separator, text, skipped) = match stated(text) {
            Some((separator, rest)) => (separator, rest, 1),
            None => (separator(text), text, 0),
        };
        Reader {
            text,
            rows: rows(text, separator),
            record: csv::StringRecord::new(),
            skipped,
            counted: (0, 0),
        }
    }

    /// Returns the line from which on quotes are not paired, if they are not.
    pub(super) fn unclosed(&self) -> Option<u32> {
        if memchr::memchr_iter(b'"', self.text.as_bytes())
            .count()
            .is_multiple_of(2)
        {
            return None;
        }
        let last = self.text.rfind('"')?;
        let line = self.text[..last].matches('\n').count() as u32 + 1;
        Some(line + self.skipped)
    }

    /// Returns the next row that holds anything.
    pub(super) fn next_row(&mut self) -> Result<Option<Row>> {
        loop {
            // The text is in memory and decoded, and rows may be of any length: nothing can fail.
            if !self.rows.read_record(&mut self.record).unwrap_or(false) {
                return Ok(None);
            }
            let cells: Vec<(usize, String)> = self
                .record
                .iter()
                .enumerate()
                .filter(|(_, cell)| !cell.trim().is_empty())
                .map(|(column, cell)| (column, cell.to_owned()))
                .collect();
            if !cells.is_empty() {
                let start = self
                    .record
                    .position()
                    .map_or(0, |place| place.byte() as usize);
                return Ok(Some(Row {
                    number: self.line(start),
                    cells,
                }));
            }
        }
    }

    /// Returns the line on which a record begins that was read from `start` on: blank lines before
    /// it are passed over with it.
    fn line(&mut self, start: usize) -> u32 {
        let blank = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let bytes = self.text.as_bytes();
        let rest = bytes.get(start..).unwrap_or_default();
        let begin = start + rest.iter().take_while(|byte| blank(byte)).count();
        let (from, lines) = self.counted;
        let between = bytes.get(from..begin).unwrap_or_default();
        let line_ends = between.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(from + at + 1) != Some(&b'\n'),
            _ => false,
        });
        self.counted = (begin.max(from), lines + line_ends.count() as u32);
        self.counted.1 + 1 + self.skipped
    }
}

/// Returns the separator that a first line `sep=;` states, and what follows.
fn stated(text: &str) -> Option<(u8, &str)> {
    let rest = text
        .strip_prefix("sep=")
        .or_else(|| text.strip_prefix("SEP="))?;
    let separator = *rest.as_bytes().first().filter(|byte| byte.is_ascii())?;
    let rest = &rest[1..];
    let rest = rest
        .strip_prefix("\r\n")
        .or_else(|| rest.strip_prefix('\n'))?;
    Some((separator, rest))
}

fn rows(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// Returns what separates the values: what cuts most records into the same number of them.
fn separator(text: &str) -> u8 {
    let score = |separator: &u8| {
        let mut widths: Vec<usize> = rows(text, *separator)
            .byte_records()
            .take(SAMPLE)
            .filter_map(|record| Some(record.ok()?.len()))
            .collect();
        widths.sort_unstable();
        let usual = widths.get(widths.len() / 2).copied().unwrap_or(0);
        let alike = widths.iter().filter(|width| **width == usual).count();
        match usual {
            0 | 1 => 0,
            // Two columns in all rows beat ten in half of them.
            _ => alike * 1000 / widths.len() * 100 + usual.min(99),
        }
    };
    let best = SEPARATORS
        .iter()
        .rev()
        .max_by_key(|separator| score(separator));
    best.copied().filter(|best| score(best) > 0).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Vec<(u32, Vec<String>)> {
        let mut reader = Reader::new(text);
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row().expect("a row") {
            let cells = row.cells.into_iter().map(|(_, cell)| cell).collect();
            rows.push((row.number, cells));
        }
        rows
    }

    fn row(number: u32, cells: &[&str]) -> (u32, Vec<String>) {
        (
            number,
            cells.iter().map(|cell| (*cell).to_owned()).collect(),
        )
    }

    #[test]
    fn rows_begin_on_their_lines() {
        assert_eq!(
            check("a,b\r\n\r\n\"甲\n乙\",丙\n,\n丁\n\n"),
            [
                row(1, &["a", "b"]),
                row(3, &["甲\n乙", "丙"]),
                row(6, &["丁"])
            ]
        );
        assert_eq!(
            check("a,b\rc,d"),
            [row(1, &["a", "b"]), row(2, &["c", "d"])]
        );
        assert_eq!(check("sep=|\na|b"), [row(2, &["a", "b"])]);
        assert_eq!(check(""), []);
    }

    #[test]
    fn separators_are_told_by_the_rows() {
        assert_eq!(check("题目\t正文\n甲\t一，二,三;四\n")[1].1.len(), 2);
        assert_eq!(check("题目;正文\n甲;一,二\n乙;三\n")[1].1.len(), 2);
        assert_eq!(check("题目,正文\n甲,\"一;二;三\"\n")[1].1.len(), 2);
        assert_eq!(
            check("正文\n一段话。\n"),
            [row(1, &["正文"]), row(2, &["一段话。"])]
        );
    }

    #[test]
    fn unpaired_quotes_are_seen() {
        assert_eq!(Reader::new("a,b\n\"甲,乙\n丙,丁\n").unclosed(), Some(2));
        assert_eq!(Reader::new("a\n\"甲\"\"乙\"\n").unclosed(), None);
    }
}
