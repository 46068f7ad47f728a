//! Tables → one text a row, its tags from the columns; tables of figures → one text a sheet.

mod biff;
mod columns;
mod legacy;
mod separated;
mod sheet;
mod value;
mod workbook;

use super::{Origin, ReadSummary, encoding, not_read};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Format, SourceText};
pub use columns::Columns;
use sheet::Sheets;

/// A row with the cells that hold anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Row {
    /// Its number as a spreadsheet program shows it, 1-based; for CSV the line on which it begins.
    number: u32,
    /// Columns, 0-based and ascending, with what they show.
    cells: Vec<(usize, String)>,
}

impl Row {
    fn cell(&self, column: usize) -> Option<&str> {
        let at = self
            .cells
            .binary_search_by_key(&column, |(column, _)| *column)
            .ok()?;
        self.cells.get(at).map(|(_, text)| text.as_str())
    }
}

/// Reads comma-, tab- or semicolon-separated values in any encoding.
pub(super) fn read_csv(
    origin: &Origin<'_>,
    bytes: Vec<u8>,
    each: &mut dyn FnMut(SourceText),
) -> Result<ReadSummary> {
    let decoded = encoding::decode(bytes).ok_or_else(|| not_read(origin.path, ""))?;
    let mut sheets = Sheets::new(origin, Format::Csv, decoded.encoding);
    sheets.summary.undecodable = decoded.undecodable;
    if decoded.undecodable > 0 {
        let warnings = super::undecodable_warnings(&decoded.text, decoded.undecodable);
        sheets.summary.warnings.extend(warnings);
    }
    let mut reader = separated::Reader::new(&decoded.text);
    if let Some(line) = reader.unclosed() {
        sheets.warn(
            line,
            "引号没有成对，从此处起的行可能并成了一格".to_owned(),
            "quotes are not paired; lines from here on may have become one cell".to_owned(),
        );
    }
    sheets.sheet(None, &[], &mut || reader.next_row(), each)?;
    sheets.finish()
}

/// Reads a workbook, XLSX or XLS.
pub(super) fn read_workbook(
    origin: &Origin<'_>,
    format: Format,
    bytes: Vec<u8>,
    each: &mut dyn FnMut(SourceText),
) -> Result<ReadSummary> {
    let mut sheets = Sheets::new(origin, format, "");
    match format {
        Format::Xls => legacy::read(bytes, &mut sheets, each)?,
        _ => workbook::read(bytes, &mut sheets, each)?,
    }
    sheets.finish()
}

/// Most bytes that the cells of one row may show; a few strings may stand in all of them.
const MAX_ROW: usize = 64 << 20;

/// Puts the cells of a row together.
#[derive(Debug, Default)]
struct Rows {
    row: Row,
    bytes: usize,
}

impl Rows {
    /// Adds a cell; returns the row before it, if that is complete.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] if a row shows more than one can hold.
    fn add(&mut self, number: u32, column: usize, text: String) -> Result<Option<Row>> {
        let complete = match self.row.number == number {
            true => None,
            false => self.take(number),
        };
        self.bytes += text.len();
        if self.bytes > MAX_ROW {
            return Err(damaged());
        }
        if !text.trim().is_empty() {
            self.row.cells.push((column, text));
        }
        Ok(complete)
    }

    /// Returns the row so far, if it holds anything, and begins the next.
    fn take(&mut self, next: u32) -> Option<Row> {
        let empty = Row {
            number: next,
            cells: Vec::new(),
        };
        self.bytes = 0;
        let mut row = std::mem::replace(&mut self.row, empty);
        row.cells.sort_by_key(|(column, _)| *column);
        row.cells.dedup_by_key(|(column, _)| *column);
        (!row.cells.is_empty()).then_some(row)
    }
}

/// Most strings that a workbook holds for all of its cells.
const MAX_STRINGS: usize = 4_000_000;

fn too_many() -> Error {
    Error::new(
        ErrorKind::Limit,
        "工作簿里的格式或文字条目多得不合常理，已放弃",
        "the workbook holds more styles or strings than any should and was given up",
    )
}

fn damaged() -> Error {
    Error::new(ErrorKind::Input, "工作簿已损坏", "the workbook is damaged")
}
