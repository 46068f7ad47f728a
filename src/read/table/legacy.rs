//! XLS, the workbooks of Excel 5 to 2003 → rows.
//!
//! Invariant: cells are read one after the other, and strings are held once.

use std::io::Cursor;

use cfb::CompoundFile;
use encoding_rs::{Encoding, GB18030};

use super::biff::{Record, Records, legacy_string};
use super::sheet::{Merged, Sheets};
use super::value::{self, Moment};
use super::{MAX_STRINGS, Row, Rows, damaged, too_many};
use crate::error::{Error, ErrorKind, Result};
use crate::model::SourceText;

/// The clock is looked at after so many records.
const RECORDS: usize = 4096;

/// Reads the sheets of a workbook.
pub(super) fn read(
    bytes: Vec<u8>,
    sheets: &mut Sheets<'_>,
    each: &mut dyn FnMut(SourceText),
) -> Result<()> {
    let limits = sheets.origin.limits;
    let broken = |cause: std::io::Error| damaged().with_cause(cause);
    let mut container = CompoundFile::open(Cursor::new(bytes)).map_err(broken)?;
    let stream = match container.open_stream("Workbook") {
        Ok(stream) => stream,
        Err(_) => container.open_stream("Book").map_err(broken)?,
    };
    let length = stream.len();
    let stream = limits.read_all(stream, length)?;
    drop(container);
    let book = Book::read(&stream, &limits)?;
    for sheet in &book.sheets {
        let name = &sheet.name;
        if sheet.is_hidden {
            sheets.warn(
                0,
                format!("工作表“{name}”是隐藏的，已跳过"),
                format!("sheet `{name}` is hidden and was skipped"),
            );
            continue;
        }
        let mut cells = Cells {
            book: &book,
            records: own(Records::new(&stream, sheet.start)),
            rows: Rows::default(),
            formula: None,
            several: Vec::new(),
            is_over: false,
        };
        let mut next = || {
            let mut count = 0;
            cells.next_row(&mut || {
                count += 1;
                match count % RECORDS {
                    0 => limits.check(),
                    _ => Ok(()),
                }
            })
        };
        let merged = merged(&stream, sheet.start);
        sheets.sheet(Some(name), &merged, &mut next, each)?;
    }
    Ok(())
}

/// What holds for all sheets.
struct Book {
    /// Whether strings are Unicode, as since Excel 97.
    is_unicode: bool,
    encoding: &'static Encoding,
    is_1904: bool,
    strings: Vec<String>,
    /// Format codes of the cells' styles.
    formats: Vec<String>,
    sheets: Vec<Sheet>,
}

struct Sheet {
    name: String,
    start: usize,
    is_hidden: bool,
}

impl Book {
    fn read(stream: &[u8], limits: &crate::read::limits::Limits) -> Result<Book> {
        let mut book = Book {
            is_unicode: true,
            encoding: GB18030,
            is_1904: false,
            strings: Vec::new(),
            formats: Vec::new(),
            sheets: Vec::new(),
        };
        let (mut codes, mut styles) = (Vec::new(), Vec::new());
        for (index, record) in Records::new(stream, 0).enumerate() {
            if index % RECORDS == 0 {
                limits.check()?;
            }
            match record.kind {
                // BOF
                0x0809 if index == 0 => match record.u16(0) {
                    0x0600 => {}
                    0x0500 => book.is_unicode = false,
                    _ => return Err(damaged()),
                },
                _ if index == 0 => return Err(damaged()),
                // FILEPASS
                0x002f => {
                    return Err(Error::new(
                        ErrorKind::Unsupported,
                        "工作簿已加密",
                        "the workbook is encrypted",
                    ));
                }
                // CODEPAGE
                0x0042 => book.encoding = encoding(record.u16(0)),
                // DATEMODE
                0x0022 => book.is_1904 = record.u16(0) == 1,
                // FORMAT
                0x041e => codes.push((record.u16(0), book.string(&record, 2, book.is_unicode))),
                // XF
                0x00e0 => styles.push(record.u16(2)),
                // BOUNDSHEET; only sheets of cells
                0x0085 if record.u8(5) == 0 => {
                    let sheet = Sheet {
                        name: book.string(&record, 6, false),
                        start: record.u32(0) as usize,
                        is_hidden: record.u8(4) & 3 != 0,
                    };
                    book.sheets.push(sheet);
                }
                // SST
                0x00fc => {
                    let mut strings = record.strings(8);
                    while !strings.is_over() {
                        book.strings.extend(strings.string(true));
                        if book.strings.len() > MAX_STRINGS {
                            return Err(too_many());
                        }
                    }
                }
                // EOF
                0x000a => break,
                _ => {}
            }
        }
        book.formats = styles
            .into_iter()
            .map(|id| {
                let own = codes.iter().find(|(known, _)| *known == id);
                own.map_or_else(
                    || value::built_in(id.into()).to_owned(),
                    |(_, code)| code.clone(),
                )
            })
            .collect();
        Ok(book)
    }

    /// Returns a string of a record, the number of its characters before it.
    fn string(&self, record: &Record<'_>, at: usize, wide_length: bool) -> String {
        if self.is_unicode {
            return record.strings(at).string(wide_length).unwrap_or_default();
        }
        let (length, start) = match wide_length {
            true => (record.u16(at).into(), at + 2),
            false => (record.u8(at).into(), at + 1),
        };
        let bytes = record.data.get(start..).unwrap_or_default();
        let length: usize = length;
        legacy_string(&bytes[..length.min(bytes.len())], self.encoding)
    }

    /// Returns what a cell shows of a number.
    fn number(&self, value: f64, style: u16) -> String {
        let code = self
            .formats
            .get(usize::from(style))
            .map_or("", String::as_str);
        match value::is_moment(code) {
            true => value::moment(Moment::of(value, self.is_1904), value, code),
            false => value::number(value, code),
        }
    }
}

fn encoding(code_page: u16) -> &'static Encoding {
    match code_page {
        950 => encoding_rs::BIG5,
        932 => encoding_rs::SHIFT_JIS,
        949 => encoding_rs::EUC_KR,
        1250..=1258 | 0x8001 => encoding_rs::WINDOWS_1252,
        _ => GB18030,
    }
}

/// Returns the records of a sheet, without those of charts within it.
fn own<'s>(records: Records<'s>) -> impl Iterator<Item = Record<'s>> {
    let mut depth = 0;
    let mut is_over = false;
    records
        .map(move |record| {
            match record.kind {
                0x0809 => depth += 1,
                0x000a => {
                    depth -= 1;
                    is_over |= depth <= 0;
                }
                _ => {}
            }
            (record, depth, is_over)
        })
        .take_while(|(_, _, is_over)| !is_over)
        .filter(|(_, depth, _)| *depth == 1)
        .map(|(record, ..)| record)
}

/// Returns the cells of a sheet that were merged downwards, in order.
fn merged(stream: &[u8], start: usize) -> Vec<Merged> {
    let mut merged = Vec::new();
    for record in own(Records::new(stream, start)).filter(|record| record.kind == 0x00e5) {
        for index in 0..usize::from(record.u16(0)) {
            let at = 2 + index * 8;
            if at + 8 > record.data.len() {
                break;
            }
            let (first, last) = (
                u32::from(record.u16(at)) + 1,
                u32::from(record.u16(at + 2)) + 1,
            );
            if last > first {
                let column = record.u16(at + 4).into();
                merged.push(Merged {
                    column,
                    first,
                    last,
                });
            }
        }
    }
    merged.sort_unstable_by_key(|merged| (merged.column, merged.first));
    merged
}

/// The cells of a sheet.
struct Cells<'b, I> {
    book: &'b Book,
    records: I,
    rows: Rows,
    /// The cell of a formula whose text stands in the next record.
    formula: Option<(u16, u16)>,
    /// Cells of a record that holds several, last first.
    several: Vec<(u16, u16, String)>,
    is_over: bool,
}

impl<'s, I: Iterator<Item = Record<'s>>> Cells<'_, I> {
    fn next_row(&mut self, check: &mut dyn FnMut() -> Result<()>) -> Result<Option<Row>> {
        while !self.is_over {
            check()?;
            let (row, column, text) = match self.several.pop() {
                Some(cell) => cell,
                None => match self.records.next() {
                    None => {
                        self.is_over = true;
                        break;
                    }
                    Some(record) => match self.cell(&record) {
                        Some(cell) => cell,
                        None => continue,
                    },
                },
            };
            if let Some(row) = self.rows.add(u32::from(row) + 1, column.into(), text)? {
                return Ok(Some(row));
            }
        }
        Ok(self.rows.take(0))
    }

    /// Returns the cell that a record holds, if it holds one.
    fn cell(&mut self, record: &Record<'_>) -> Option<(u16, u16, String)> {
        let book = self.book;
        let (row, column, style) = (record.u16(0), record.u16(2), record.u16(4));
        let text = match record.kind {
            // NUMBER
            0x0203 => book.number(record.f64(6), style),
            // RK
            0x027e => book.number(packed(record.u32(6)), style),
            // MULRK: styles and numbers of one column after the other
            0x00bd => {
                let cells = record.data.len().saturating_sub(6) / 6;
                for index in (0..cells).rev() {
                    let at = 4 + index * 6;
                    let column = column.saturating_add(index as u16);
                    let text = book.number(packed(record.u32(at + 2)), record.u16(at));
                    self.several.push((row, column, text));
                }
                return self.several.pop();
            }
            // LABELSST
            0x00fd => value::text(book.strings.get(record.u32(6) as usize)?),
            // LABEL, RSTRING
            0x0204 | 0x00d6 => book.string(record, 6, true),
            // BOOLERR
            0x0205 if record.u8(7) == 0 => truth(record.u8(6)),
            // FORMULA, with its last value
            0x0006 => match (record.u16(12), record.u8(6)) {
                (0xffff, 0) => {
                    self.formula = Some((row, column));
                    return None;
                }
                (0xffff, 1) => truth(record.u8(8)),
                (0xffff, _) => return None,
                _ => book.number(record.f64(6), style),
            },
            // STRING
            0x0207 => {
                let (row, column) = self.formula.take()?;
                return Some((row, column, book.string(record, 0, true)));
            }
            _ => return None,
        };
        Some((row, column, text))
    }
}

fn truth(value: u8) -> String {
    if value == 0 { "FALSE" } else { "TRUE" }.to_owned()
}

/// Returns a number that was packed into four bytes: the upper part of a floating number, or a
/// whole one; of hundredths, if the lowest bit is set.
fn packed(bits: u32) -> f64 {
    let value = match bits & 2 {
        0 => f64::from_bits(u64::from(bits & !3) << 32),
        _ => f64::from((bits as i32) >> 2),
    };
    if bits & 1 == 0 { value } else { value / 100.0 }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::model::{Format, Warning};
    use crate::read::Origin;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let mut bytes = kind.to_le_bytes().to_vec();
        bytes.extend((data.len() as u16).to_le_bytes());
        bytes.extend(data);
        bytes
    }

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn cell(row: u16, column: u16, style: u16, value: &[u8]) -> Vec<u8> {
        let place = [row, column, style].map(u16::to_le_bytes).concat();
        [place, value.to_vec()].concat()
    }

    /// Returns a workbook of Excel 97 with one sheet of these records.
    pub(super) fn workbook(cells: &[Vec<u8>]) -> Vec<u8> {
        let strings = ["标题", "正文", "年份", "甲县总结", "全年工作平稳。"];
        let mut table = [5u32.to_le_bytes(), 5u32.to_le_bytes()].concat();
        for text in strings {
            table.extend((text.chars().count() as u16).to_le_bytes());
            table.push(1);
            table.extend(wide(text));
        }
        let name = "总表";
        let mut globals = record(0x0809, &[0x00, 0x06, 0x05, 0x00]);
        globals.extend(record(
            0x041e,
            &[[164, 0, 4, 0, 0].to_vec(), b"0.0%".to_vec()].concat(),
        ));
        for format in [0u16, 164, 31] {
            globals.extend(record(
                0x00e0,
                &[0u16, format, 0].map(u16::to_le_bytes).concat(),
            ));
        }
        globals.extend(record(0x00fc, &table));
        let sheet_at = globals.len() + 4 + 8 + wide(name).len() + 4;
        let mut sheet = (sheet_at as u32).to_le_bytes().to_vec();
        sheet.extend([0, 0, 2, 1]);
        sheet.extend(wide(name));
        globals.extend(record(0x0085, &sheet));
        globals.extend(record(0x000a, &[]));
        assert_eq!(globals.len(), sheet_at);
        globals.extend(record(0x0809, &[0x00, 0x06, 0x10, 0x00]));
        globals.extend(cells.concat());
        globals.extend(record(0x000a, &[]));
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).expect("memory");
        let mut stream = file.create_stream("Workbook").expect("memory");
        stream.write_all(&globals).expect("memory");
        drop(stream);
        file.into_inner().into_inner()
    }

    fn read_all(bytes: Vec<u8>) -> Result<(Vec<SourceText>, Vec<Warning>)> {
        let origin = Origin::new("a.xls", "a.xls".as_ref());
        let mut texts = Vec::new();
        let mut sheets = Sheets::new(&origin, Format::Xls, "");
        read(bytes, &mut sheets, &mut |text| texts.push(text))?;
        Ok((texts, sheets.finish()?.warnings))
    }

    fn sample() -> Vec<u8> {
        let mut cells = Vec::new();
        for (column, string) in [0u32, 1, 2].into_iter().enumerate() {
            cells.push(record(
                0x00fd,
                &cell(0, column as u16, 0, &string.to_le_bytes()),
            ));
        }
        cells.push(record(0x00fd, &cell(1, 0, 0, &3u32.to_le_bytes())));
        cells.push(record(0x00fd, &cell(1, 1, 0, &4u32.to_le_bytes())));
        cells.push(record(
            0x027e,
            &cell(1, 2, 0, &(2023u32 << 2 | 2).to_le_bytes()),
        ));
        // A chart within the sheet is none of its cells.
        cells.push(record(0x0809, &[0x00, 0x06, 0x20, 0x00]));
        cells.push(record(0x0203, &cell(1, 1, 0, &7f64.to_le_bytes())));
        cells.push(record(0x000a, &[]));
        // A formula with its text.
        let value = [0, 0, 0, 0, 0, 0, 0xff, 0xff];
        cells.push(record(0x0006, &cell(3, 1, 0, &value)));
        cells.push(record(0x0207, &[&[2, 0, 1][..], &wide("续篇")].concat()));
        workbook(&cells)
    }

    #[test]
    fn rows_are_records_as_in_other_tables() {
        let (texts, warnings) = read_all(sample()).expect("a workbook");
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(texts.len(), 2);
        assert_eq!(texts[0].text, "全年工作平稳。");
        assert_eq!(texts[0].fixed_line, Some(2));
        assert_eq!(texts[0].given.title.as_deref(), Some("甲县总结"));
        assert_eq!(texts[0].given.year, Some(2023));
        assert_eq!(
            (texts[1].text.as_str(), texts[1].fixed_line),
            ("续篇", Some(4))
        );
    }

    #[test]
    fn figures_are_shown_as_formatted() {
        let cells = [
            record(0x00fd, &cell(0, 0, 0, &0u32.to_le_bytes())),
            record(0x00fd, &cell(0, 1, 0, &2u32.to_le_bytes())),
            record(0x00fd, &cell(1, 0, 0, &3u32.to_le_bytes())),
            // 12.34 in hundredths and as a share; a day.
            record(
                0x00bd,
                &[
                    [1u16, 1].map(u16::to_le_bytes).concat(),
                    [
                        0u16.to_le_bytes().to_vec(),
                        (1234u32 << 2 | 3).to_le_bytes().to_vec(),
                    ]
                    .concat(),
                    [
                        1u16.to_le_bytes().to_vec(),
                        (50u32 << 2 | 3).to_le_bytes().to_vec(),
                    ]
                    .concat(),
                    2u16.to_le_bytes().to_vec(),
                ]
                .concat(),
            ),
            record(0x0203, &cell(1, 3, 2, &45303f64.to_le_bytes())),
        ];
        let (texts, _) = read_all(workbook(&cells)).expect("a workbook");
        assert_eq!(
            texts[0].text,
            "标题 | 年份\n甲县总结 | 年份：12.34 | 50.0% | 2024年1月12日\n"
        );
        assert_eq!(texts[0].given.title.as_deref(), Some("总表"));
    }

    #[test]
    fn a_damaged_workbook_ends_early_and_quietly() {
        let whole = sample();
        let mut seed = 0x2545_f491_u64;
        let mut dice = |limit: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed % limit as u64) as usize
        };
        for _ in 0..3000 {
            let mut bytes = whole.clone();
            for _ in 0..1 + dice(8) {
                let at = dice(bytes.len());
                bytes[at] = dice(256) as u8;
            }
            bytes.truncate(whole.len() - if dice(3) == 0 { dice(whole.len()) } else { 0 });
            let _ = read_all(bytes);
        }
        let mut locked = workbook(&[]);
        let at = memchr::memmem::find(&locked, &[0x1e, 0x04]).expect("a format");
        locked[at..at + 2].copy_from_slice(&[0x2f, 0]);
        assert_eq!(read_all(locked).unwrap_err().kind(), ErrorKind::Unsupported);
    }
}
