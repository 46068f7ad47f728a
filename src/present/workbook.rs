//! Rows of typed cells → an XLSX workbook: text stays text, numbers are numbers, missing cells are
//! empty, and the stamp stands on a sheet of its own.
//!
//! Invariant: the same table gives the same bytes.

use std::io::{self, Result, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::data::{remarks, title};
use super::stamp;
use crate::model::{Cell, Column, ColumnKind, DataTable, Language, Note, Stamp};

/// Rows of a sheet below its titles; what is more goes on another sheet.
const ROWS: u32 = 1_048_575;
/// Most characters of a cell, in UTF-16; longer text is cut and ends with `…`.
const CHARACTERS: usize = 32_767;

/// A workbook that is filled row by row and written at the end.
pub struct Sheets {
    book: Workbook,
    sheet: Worksheet,
    sheets: u32,
    /// Rows on the sheet, titles not counted.
    rows: u32,
    columns: Vec<Column>,
    language: Language,
    number_formats: Vec<Option<Format>>,
}

impl Sheets {
    /// Begins a workbook with such columns.
    ///
    /// # Errors
    /// If there are more columns than a sheet holds.
    pub fn new(columns: Vec<Column>, language: Language) -> Result<Self> {
        let number_formats = columns
            .iter()
            .map(|column| match column.kind {
                ColumnKind::Number(0) => Some("0".to_owned()),
                ColumnKind::Number(decimals) => {
                    Some(format!("0.{}", "0".repeat(usize::from(decimals))))
                }
                _ => None,
            })
            .map(|format| format.map(|format| Format::new().set_num_format(format)))
            .collect();
        let mut sheets = Sheets {
            book: Workbook::new(),
            sheet: Worksheet::new(),
            sheets: 0,
            rows: 0,
            columns,
            language,
            number_formats,
        };
        sheets.book.set_properties(&properties("2000-01-01"));
        sheets.sheet = sheets.next_sheet()?;
        Ok(sheets)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// If it has more cells than a sheet has columns.
    pub fn row(&mut self, cells: &[Cell]) -> Result<()> {
        if self.rows == ROWS {
            let next = self.next_sheet()?;
            self.book
                .push_worksheet(std::mem::replace(&mut self.sheet, next));
            self.rows = 0;
        }
        self.rows += 1;
        for (at, cell) in cells.iter().enumerate() {
            let (row, column) = (self.rows, at as u16);
            let format = self.number_formats.get(at).and_then(Option::as_ref);
            match cell {
                Cell::Missing => Ok(&mut self.sheet),
                Cell::Integer(number) => self.sheet.write(row, column, *number as f64),
                Cell::Number(number) => match format {
                    Some(format) => self
                        .sheet
                        .write_number_with_format(row, column, *number, format),
                    None => self.sheet.write_number(row, column, *number),
                },
                Cell::Text(text) => self.sheet.write_string(row, column, fitting(text)),
            }
            .map_err(failed)?;
        }
        Ok(())
    }

    /// Writes the workbook, with a sheet for stamp and remarks if there are any.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn finish(
        mut self,
        out: &mut dyn Write,
        stamp: Option<&Stamp>,
        notes: &[Note],
    ) -> Result<()> {
        let language = self.language;
        self.book.push_worksheet(self.sheet);
        let name = match stamp {
            Some(stamp) => {
                self.book.set_properties(&properties(&stamp.date));
                language.pick("出处", "stamp")
            }
            None => language.pick("说明", "notes"),
        };
        let mut lines = stamp.map_or_else(Vec::new, |stamp| stamp::lines(stamp, language));
        lines.extend(remarks(notes, language));
        if !lines.is_empty() {
            let sheet = self.book.add_worksheet();
            sheet.set_name(name).map_err(failed)?;
            sheet.set_column_width(1, 80).map_err(failed)?;
            for (row, (label, value)) in (0..).zip(lines) {
                sheet.write_string(row, 0, label).map_err(failed)?;
                sheet
                    .write_string(row, 1, fitting(&value))
                    .map_err(failed)?;
            }
        }
        let bytes = self.book.save_to_buffer().map_err(failed)?;
        out.write_all(&bytes)?;
        out.flush()
    }

    fn next_sheet(&mut self) -> Result<Worksheet> {
        self.sheets += 1;
        let mut sheet = Worksheet::new();
        let name = match (self.sheets, self.language) {
            (1, language) => language.pick("数据", "data").to_owned(),
            (number, language) => format!("{} {number}", language.pick("数据", "data")),
        };
        sheet.set_name(name).map_err(failed)?;
        let bold = Format::new().set_bold();
        for (at, column) in (0..).zip(&self.columns) {
            sheet
                .write_string_with_format(0, at, title(column, self.language), &bold)
                .map_err(failed)?;
        }
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        Ok(sheet)
    }
}

/// Writes a table as a workbook.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(out: &mut dyn Write, table: &DataTable, language: Language) -> Result<()> {
    let mut sheets = Sheets::new(table.columns.clone(), language)?;
    for row in &table.rows {
        sheets.row(row)?;
    }
    sheets.finish(out, Some(&table.stamp), &table.notes)
}

/// Returns properties that name no hour but the given day, `2026-11-27`.
fn properties(day: &str) -> DocProperties {
    let properties = DocProperties::new();
    match ExcelDateTime::parse_from_str(day) {
        Ok(day) => properties.set_creation_datetime(&day),
        Err(_) => properties,
    }
}

/// Returns the text, cut to what a cell holds.
fn fitting(text: &str) -> String {
    if text.encode_utf16().count() <= CHARACTERS {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut units = 1;
    for character in text.chars() {
        units += character.len_utf16();
        if units > CHARACTERS {
            break;
        }
        kept.push(character);
    }
    kept.push('…');
    kept
}

fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::samples;

    #[test]
    fn the_same_table_gives_the_same_bytes() {
        let bytes = || {
            let mut out = Vec::new();
            write(&mut out, &samples::table(), Language::Zh).unwrap();
            out
        };
        let first = bytes();
        assert!(first == bytes());
    }

    #[test]
    fn text_is_cut_to_a_cell() {
        let long = "𠀀".repeat(CHARACTERS);
        let kept = fitting(&long);
        assert_eq!(kept.encode_utf16().count(), CHARACTERS);
        assert!(kept.ends_with('…'));
        assert_eq!(fitting("=1+1"), "=1+1");
    }
}
