//! XLSX → rows.
//!
//! Invariant: cells are read one after the other, whatever size the sheet claims to have, and
//! nothing is unpacked that has not been counted first.

use std::io::{Cursor, Read};

use calamine::{
    DataRef, Dimensions, NumberFormat, Reader, SheetType, SheetVisible, Xlsx, XlsxError,
};
use zip::ZipArchive;

use super::sheet::{Merged, Sheets};
use super::value::{self, Moment};
use super::{MAX_STRINGS, Row, Rows, damaged, too_many};
use crate::error::{Error, ErrorKind, Result};
use crate::model::SourceText;
use crate::read::limits::Limits;

/// The clock is looked at after so many cells.
const CELLS: usize = 4096;

/// Most elements of a part that is held as a whole; of styles, each takes more memory.
const MAX_TAGS: usize = 16_000_000;
const MAX_STYLE_TAGS: usize = 1_000_000;

/// Reads the sheets of a workbook.
pub(super) fn read(
    bytes: Vec<u8>,
    sheets: &mut Sheets<'_>,
    each: &mut dyn FnMut(SourceText),
) -> Result<()> {
    let limits = sheets.origin.limits;
    check_parts(&bytes, &limits)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
    let list = book.sheets_metadata().to_vec();
    let is_1904 = book.has_1904_epoch();
    for sheet in list {
        if sheet.typ != SheetType::WorkSheet {
            continue;
        }
        let name = sheet.name;
        if sheet.visible != SheetVisible::Visible {
            sheets.warn(
                0,
                format!("工作表“{name}”是隐藏的，已跳过"),
                format!("sheet `{name}` is hidden and was skipped"),
            );
            continue;
        }
        let merged = merged(&book.merge_cells_by_sheet_name(&name).unwrap_or_default());
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            // A sheet without cells has none to read.
            Err(XlsxError::WorksheetNotFound(_) | XlsxError::XmlEof(_)) => continue,
            Err(error) => return Err(fault(error)),
        };
        let codes: Vec<String> = cells
            .styles()
            .iter()
            .map(|style| style.number_format.as_ref().map_or_else(String::new, code))
            .collect();
        let mut rows = Rows::default();
        let (mut count, mut is_over, mut is_cut) = (0, false, false);
        let mut next = || -> Result<Option<Row>> {
            if is_over {
                return Ok(rows.take(0));
            }
            loop {
                count += 1;
                if count % CELLS == 0 {
                    limits.check()?;
                }
                let (cell, style) = match cells.next_cell_with_style_id() {
                    Ok(Some(cell)) => cell,
                    Ok(None) => break,
                    // What was read so far is whole.
                    Err(_) => {
                        is_cut = true;
                        break;
                    }
                };
                let (row, column) = cell.get_position();
                let code = codes.get(style).map_or("", String::as_str);
                let text = shown(cell.get_value(), code, is_1904);
                if let Some(row) = rows.add(row.saturating_add(1), column as usize, text)? {
                    return Ok(Some(row));
                }
            }
            is_over = true;
            Ok(rows.take(0))
        };
        sheets.sheet(Some(&name), &merged, &mut next, each)?;
        if is_cut {
            sheets.warn(
                0,
                format!("工作表“{name}”已损坏，只读出一部分"),
                format!("sheet `{name}` is damaged; only part of it was read"),
            );
        }
    }
    Ok(())
}

/// Returns what a cell shows.
fn shown(value: &DataRef<'_>, format: &str, is_1904: bool) -> String {
    match value {
        DataRef::Int(value) => value::number(*value as f64, format),
        DataRef::Float(value) => value::number(*value, format),
        DataRef::String(text) => value::text(text),
        DataRef::SharedString(text) => value::text(text),
        DataRef::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) if moment.is_duration() => value::duration(moment.as_f64()),
        DataRef::DateTime(moment) => {
            let days = moment.as_f64();
            value::moment(Moment::of(days, is_1904), days, format)
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        // `#N/A` is no text of anybody's.
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// Returns the code of a format; the crate knows those of the Chinese programs by number only.
fn code(format: &NumberFormat) -> String {
    match format.format_id {
        Some(id) if format.format_code == "General" => value::built_in(id).to_owned(),
        _ => format.format_code.clone(),
    }
}

/// Returns the cells that were merged downwards, in order.
fn merged(regions: &[Dimensions]) -> Vec<Merged> {
    let downwards = regions
        .iter()
        .filter(|region| region.end.0 > region.start.0);
    let mut merged: Vec<Merged> = downwards
        .map(|region| Merged {
            column: region.start.1 as usize,
            first: region.start.0.saturating_add(1),
            last: region.end.0.saturating_add(1),
        })
        .collect();
    merged.sort_unstable_by_key(|merged| (merged.column, merged.first));
    merged
}

/// Checks what the parts of a workbook come to before any is held: their own statements may lie.
fn check_parts(bytes: &[u8], limits: &Limits) -> Result<()> {
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|cause| damaged().with_cause(cause))?;
    let mut chunk = vec![0; 64 << 10];
    let (mut total, mut strings) = (0, 0);
    for index in 0..archive.len() {
        // A part that cannot be read is missed only where it is needed.
        let Ok(mut part) = archive.by_index(index) else {
            continue;
        };
        let name = part
            .name()
            .map_or_else(|_| String::new(), |name| name.to_lowercase());
        if !name.ends_with(".xml") && !name.ends_with(".rels") {
            continue;
        }
        let most = match name.contains("worksheets/") {
            true => usize::MAX,
            false if name.contains("sharedstrings") => MAX_TAGS,
            false => MAX_STYLE_TAGS,
        };
        let mut tags = 0;
        while let Ok(count) = part.read(&mut chunk) {
            if count == 0 {
                break;
            }
            limits.check()?;
            total += count as u64;
            limits.check_size(total)?;
            let read = &chunk[..count];
            tags += memchr::memchr_iter(b'<', read).count();
            for name in [b"<si", b":si"] {
                strings += memchr::memmem::find_iter(read, name).count();
            }
            if tags > most || strings > MAX_STRINGS {
                return Err(too_many());
            }
        }
    }
    Ok(())
}

fn fault(error: XlsxError) -> Error {
    match error {
        XlsxError::Password => Error::new(
            ErrorKind::Unsupported,
            "工作簿已加密",
            "the workbook is encrypted",
        ),
        error => damaged().with_cause(error),
    }
}
