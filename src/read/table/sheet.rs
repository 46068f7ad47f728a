//! Rows of a sheet → its texts.
//!
//! A sheet with a column of text gives a text for each row, like a record. One of figures alone
//! gives one text: a line for each row, on the line of the row's number, so that a citation leads
//! back to the sheet; each cell but the first stands behind the name of its column, because a row
//! of figures says nothing without it.

use super::Row;
use super::columns::{self, Layout};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Format, Given, SourceText, Warning};
use crate::read::records::source_text;
use crate::read::transcript::{Paragraph, Transcript};
use crate::read::{Origin, ReadSummary};

/// So many first rows show what the columns hold.
const SAMPLE: usize = 200;

/// The first rows are held together up to so many bytes.
const SAMPLE_BYTES: usize = 4 << 20;

/// Names of columns are no longer than this; what is stands before no cell.
const MAX_NAME: usize = 40;

/// A gap between rows is kept up to so many lines.
const MAX_GAP: u32 = 10_000;

/// Cells of one column that were merged: the first row and the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Merged {
    pub(super) column: usize,
    pub(super) first: u32,
    pub(super) last: u32,
}

/// The sheets of a workbook, or a table of its own.
pub(super) struct Sheets<'o> {
    pub(super) origin: &'o Origin<'o>,
    pub(super) summary: ReadSummary,
    format: Format,
    /// Sheets that held anything.
    count: usize,
    /// Sheets with a column of text.
    with_text: usize,
    /// Bytes handed out: a few cells may be shown in a great many places.
    bytes: u64,
}

impl<'o> Sheets<'o> {
    pub(super) fn new(origin: &'o Origin<'o>, format: Format, encoding: &str) -> Self {
        Sheets {
            origin,
            summary: ReadSummary {
                encoding: encoding.to_owned(),
                ..ReadSummary::default()
            },
            format,
            count: 0,
            with_text: 0,
            bytes: 0,
        }
    }

    pub(super) fn warn(&mut self, line: u32, zh: String, en: String) {
        self.summary.warnings.push(Warning::new(line, zh, en));
    }

    /// Reads a sheet; `name` tells it from the others of its workbook.
    ///
    /// # Errors
    /// Those of `next`; [`ErrorKind::Limit`] when time or size is over.
    pub(super) fn sheet(
        &mut self,
        name: Option<&str>,
        merged: &[Merged],
        next: &mut dyn FnMut() -> Result<Option<Row>>,
        each: &mut dyn FnMut(SourceText),
    ) -> Result<()> {
        let mut carried = Carried::new(merged);
        let mut next = || -> Result<Option<Row>> {
            let row = next()?;
            Ok(row.map(|row| carried.fill(row)))
        };
        let mut sample = Vec::new();
        let mut bytes = 0;
        while sample.len() < SAMPLE && bytes < SAMPLE_BYTES {
            self.origin.limits.check()?;
            let Some(row) = next()? else {
                break;
            };
            bytes += row.cells.iter().map(|(_, cell)| cell.len()).sum::<usize>();
            sample.push(row);
        }
        if sample.is_empty() {
            return Ok(());
        }
        self.count += 1;
        let layout = columns::layout(&sample, self.origin.columns);
        self.tell(name, &layout, &sample);
        let mut rows = sample
            .into_iter()
            .map(Ok)
            .chain(std::iter::from_fn(|| next().transpose()));
        match layout.text.is_empty() {
            true => self.figures(name, &mut rows, each),
            false => {
                self.with_text += 1;
                self.records(name, &layout, &mut rows, each)
            }
        }
    }

    /// Returns what reading came to.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] if there are columns of text, and no text in them.
    pub(super) fn finish(mut self) -> Result<ReadSummary> {
        if self.count == 0 {
            return Ok(ReadSummary::default());
        }
        if self.summary.texts == 0 && self.with_text > 0 {
            return Err(Error::new(
                ErrorKind::Input,
                "表里没有一行有正文",
                "not one row of the table holds a text",
            )
            .with_hint(
                "正文所在的列可用 --map 列名=text 指定",
                "name the column of texts with --map NAME=text",
            ));
        }
        self.summary.format = Some(self.format);
        Ok(self.summary)
    }

    /// Says what the reader should know of the columns.
    fn tell(&mut self, name: Option<&str>, layout: &Layout, sample: &[Row]) {
        let header = layout.header.and_then(|header| sample.get(header));
        let line = header.or(sample.first()).map_or(0, |row| row.number);
        let (zh_sheet, en_sheet) = match name {
            Some(name) => (format!("工作表“{name}”："), format!("sheet `{name}`: ")),
            None => (String::new(), String::new()),
        };
        if !layout.missing.is_empty() {
            let missing = layout.missing.join("、");
            self.warn(
                line,
                format!("{zh_sheet}--map 指定的列不在表头里：{missing}"),
                format!("{en_sheet}columns of --map that the header does not have: {missing}"),
            );
        }
        if let (true, Some(column)) = (layout.is_guess, layout.text.first()) {
            let label = header.and_then(|row| row.cell(*column)).map(str::trim);
            let label = label.map_or_else(|| letters(*column), str::to_owned);
            self.warn(
                line,
                format!("{zh_sheet}表头没有说明哪一列是正文，把文字最长的“{label}”列当作正文"),
                format!("{en_sheet}the header does not say which column is the text; took `{label}`, the longest"),
            );
        }
    }

    /// Hands out a text for each row.
    fn records(
        &mut self,
        name: Option<&str>,
        layout: &Layout,
        rows: &mut dyn Iterator<Item = Result<Row>>,
        each: &mut dyn FnMut(SourceText),
    ) -> Result<()> {
        let (mut without, mut first_without) = (0, 0);
        let first = layout.header.map_or(0, |header| header + 1);
        for row in rows.skip(first) {
            self.origin.limits.check()?;
            let row = row?;
            let cells = layout.text.iter().filter_map(|column| row.cell(*column));
            let text = match layout.all_text {
                true => cells.collect::<Vec<_>>().join("\n"),
                false => cells.take(1).collect(),
            };
            if text.is_empty() {
                without += 1;
                first_without = if without == 1 {
                    row.number
                } else {
                    first_without
                };
                continue;
            }
            let mut given = Given::default();
            for (field, column) in &layout.tags {
                if let Some(value) = row.cell(*column) {
                    given.put(*field, value.trim());
                }
            }
            if let (None, Some(name), true) = (&given.record_id, name, self.count > 1) {
                // Rows of equal number and text in two sheets are two records.
                given.record_id = Some(format!("{name}!{}", row.number));
            }
            let undecodable = match self.summary.undecodable {
                0 => 0,
                _ => text.matches('\u{fffd}').count(),
            };
            self.hand_out(text.len())?;
            self.summary.texts += 1;
            each(source_text(
                self.origin.source,
                self.format,
                &self.summary.encoding,
                row.number,
                text,
                given,
                undecodable,
            ));
        }
        if without > 0 {
            self.warn(
                first_without,
                format!("从此处起共有 {without} 行没有正文，已跳过"),
                format!("{without} rows from here on have no text and were skipped"),
            );
        }
        Ok(())
    }

    /// Hands out one text for all rows.
    fn figures(
        &mut self,
        name: Option<&str>,
        rows: &mut dyn Iterator<Item = Result<Row>>,
        each: &mut dyn FnMut(SourceText),
    ) -> Result<()> {
        let mut transcript = Transcript::default();
        self.summary.encoding.clone_into(&mut transcript.encoding);
        let mut names: Vec<(usize, String)> = Vec::new();
        let mut is_titled = None;
        for row in rows {
            self.origin.limits.check()?;
            let row = row?;
            let is_data = row.cells.len() > 1 && row.cells.iter().any(|(_, cell)| is_figure(cell));
            let gap = row.number.saturating_sub(transcript.next_line());
            for _ in 0..gap.min(MAX_GAP) {
                transcript.push(&Paragraph::default());
            }
            let line = line(&row, if is_data { &names } else { &[] });
            self.hand_out(line.len())?;
            transcript.push(&Paragraph::plain(line));
            is_titled = is_titled.or(Some(row.cells.len() == 1));
            if !is_data && row.cells.len() > 1 {
                names = names_of(&row, &names);
            }
        }
        let mut text = transcript.finish(self.origin.source, self.format);
        if let Some(name) = name {
            if is_titled == Some(false) && !is_default_name(name) {
                text.given.title = Some(name.trim().to_owned());
            }
            if self.count > 1 {
                text.given.record_id = Some(name.to_owned());
            }
        }
        self.summary.texts += 1;
        each(text);
        Ok(())
    }

    /// Counts what is handed out.
    fn hand_out(&mut self, bytes: usize) -> Result<()> {
        self.bytes += bytes as u64;
        self.origin.limits.check_size(self.bytes)
    }
}

/// Values of merged cells, which only the first cell holds.
struct Carried<'m> {
    /// By column, then by row.
    merged: &'m [Merged],
    /// The one that is open in a column, with its value.
    open: Vec<(Merged, String)>,
}

impl<'m> Carried<'m> {
    fn new(merged: &'m [Merged]) -> Self {
        Carried {
            merged,
            open: Vec::new(),
        }
    }

    /// Fills the cells that were merged with one above.
    fn fill(&mut self, mut row: Row) -> Row {
        self.open.retain(|(merged, _)| merged.last >= row.number);
        for (merged, value) in &self.open {
            if let Err(at) = row
                .cells
                .binary_search_by_key(&merged.column, |(column, _)| *column)
            {
                row.cells.insert(at, (merged.column, value.clone()));
            }
        }
        for (column, cell) in &row.cells {
            let key = (*column, row.number);
            let found = self
                .merged
                .binary_search_by_key(&key, |merged| (merged.column, merged.first));
            if let Ok(at) = found {
                self.open.push((self.merged[at], cell.clone()));
            }
        }
        row
    }
}

/// Returns a row as a line: cells between ` | `, all but the first behind the name of their column.
fn line(row: &Row, names: &[(usize, String)]) -> String {
    let mut line = String::new();
    for (index, (column, cell)) in row.cells.iter().enumerate() {
        if index > 0 {
            line.push_str(" | ");
            if let Ok(at) = names.binary_search_by_key(column, |(named, _)| *named) {
                line.push_str(&names[at].1);
                line.push('：');
            }
        }
        let words: Vec<&str> = cell.split_whitespace().collect();
        line.push_str(&words.join(" "));
    }
    line
}

/// Returns the names of columns of a header's row; where it has none, those of the row above stay.
fn names_of(header: &Row, above: &[(usize, String)]) -> Vec<(usize, String)> {
    let mut names: Vec<(usize, String)> = above
        .iter()
        .filter(|(column, _)| header.cell(*column).is_none())
        .cloned()
        .collect();
    for (column, cell) in &header.cells {
        let name: String = cell.split_whitespace().collect();
        if name.chars().count() <= MAX_NAME {
            names.push((*column, name));
        }
    }
    names.sort_unstable();
    names
}

/// Returns whether a cell shows a figure; a year is a name as well.
fn is_figure(cell: &str) -> bool {
    let cell = cell.trim();
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let is_year =
        digits == 4 && cell.len() == 4 && (cell.starts_with("19") || cell.starts_with("20"));
    digits > 0
        && !is_year
        && cell
            .chars()
            .all(|c| c.is_ascii_digit() || "+-.,%％ ()".contains(c))
}

/// Returns whether a sheet bears the name that programs give.
fn is_default_name(name: &str) -> bool {
    let name = name.trim();
    let rest = ["Sheet", "sheet", "工作表", "表", "Table"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix));
    rest.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
}

/// Returns a column as spreadsheet programs call it: A, B, … Z, AA.
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}
