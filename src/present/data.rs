//! A [`DataTable`] → text, CSV or JSONL, each with its stamp.
//!
//! In CSV the stamp stands in lines that begin with `#` above the names of the columns
//! (`comment="#"` in pandas and in R's readr), in JSONL as the first object: `{"stamp": …}`.
//! Numbers are written with all their digits, cells as they are: no program that opens the file is
//! second-guessed, and a workbook holds text as text.
//!
//! Invariant: the same table gives the same bytes.

use std::io::{self, Result, Write};

use serde_json::{Map, Value};

use super::layout::clean;
use super::table::{Align, Table};
use super::{Ink, Look, grouped, stamp};
use crate::model::{Cell, Column, ColumnKind, DataTable, Language, Note, Stamp};
use crate::say;

/// The mark by which spreadsheet programs recognise UTF-8.
pub(super) const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What stands for a missing cell on screen.
const MISSING: &str = "–";

/// Writes the table for reading: stamp, remarks, aligned columns.
///
/// # Errors
/// If `out` cannot be written.
pub fn text(out: &mut dyn Write, table: &DataTable, look: &Look) -> Result<()> {
    head(out, &table.stamp, &table.notes, look)?;
    writeln!(out)?;
    let shown: Vec<usize> = (0..table.columns.len())
        .filter(|&at| !table.columns[at].files_only)
        .collect();
    let aligned: Vec<Align> = shown
        .iter()
        .map(|&at| match table.columns[at].kind {
            ColumnKind::Text => Align::Left,
            _ => Align::Right,
        })
        .collect();
    let titles = shown
        .iter()
        .map(|&at| title(&table.columns[at], look.language));
    let mut lines = Table::new(&aligned).with_head(titles);
    for row in &table.rows {
        let cells = shown.iter().map(|&at| {
            on_screen(
                row.get(at).unwrap_or(&Cell::Missing),
                table.columns[at].kind,
            )
        });
        lines.row(cells);
    }
    lines.write(out, look)
}

/// Writes what stands above an answer on screen: its stamp and remarks.
///
/// # Errors
/// If `out` cannot be written.
pub fn head(out: &mut dyn Write, stamp: &Stamp, notes: &[Note], look: &Look) -> Result<()> {
    let language = look.language;
    for (label, value) in said(stamp, notes, language) {
        let label = say!(language, "{label}：", "{label}: ");
        writeln!(out, "{}{}", look.paint(Ink::Faint, &label), clean(&value))?;
    }
    Ok(())
}

/// Returns stamp and remarks as lines with a label.
fn said(stamp: &Stamp, notes: &[Note], language: Language) -> Vec<(&'static str, String)> {
    let mut lines = stamp::lines(stamp, language);
    lines.extend(remarks(notes, language));
    lines
}

/// Returns remarks as lines with a label.
pub(super) fn remarks(
    notes: &[Note],
    language: Language,
) -> impl Iterator<Item = (&'static str, String)> {
    notes.iter().map(move |note| {
        let text = language.pick(&note.zh, &note.en).to_owned();
        (language.pick("说明", "note"), text)
    })
}

/// Writes comma-separated values under stamp, remarks and a line of column names, after a byte order
/// mark if asked for.
///
/// # Errors
/// If `out` cannot be written.
pub fn csv(
    out: &mut dyn Write,
    table: &DataTable,
    byte_order_mark: bool,
    language: Language,
) -> Result<()> {
    if byte_order_mark {
        out.write_all(BYTE_ORDER_MARK)?;
    }
    for (label, value) in said(&table.stamp, &table.notes, language) {
        let label = say!(language, "{label}：", "{label}: ");
        writeln!(out, "# {label}{}", clean(&value))?;
    }
    let mut writer = csv::Writer::from_writer(out);
    let names = table.columns.iter().map(|column| &column.name);
    writer.write_record(names).map_err(flatten)?;
    for row in &table.rows {
        writer
            .write_record(row.iter().map(plain))
            .map_err(flatten)?;
    }
    writer.flush()
}

/// Writes the stamp and then each row as one JSON object a line; missing cells are `null`.
///
/// # Errors
/// If `out` cannot be written.
pub fn json_lines(out: &mut dyn Write, table: &DataTable) -> Result<()> {
    let head = serde_json::json!({ "stamp": &table.stamp, "notes": &table.notes });
    serde_json::to_writer(&mut *out, &head)?;
    out.write_all(b"\n")?;
    for row in &table.rows {
        let cells = table.columns.iter().zip(row);
        let object: Map<String, Value> = cells
            .map(|(column, cell)| Ok((column.name.clone(), serde_json::to_value(cell)?)))
            .collect::<Result<_>>()?;
        serde_json::to_writer(&mut *out, &object)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Returns the title of a column in a language.
pub(super) fn title(column: &Column, language: Language) -> &str {
    language.pick(&column.title.zh, &column.title.en)
}

/// Returns a cell as CSV holds it: empty where it is missing, numbers with all their digits.
pub(super) fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Missing => String::new(),
        Cell::Integer(number) => number.to_string(),
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
    }
}

fn on_screen(cell: &Cell, kind: ColumnKind) -> String {
    match (cell, kind) {
        (Cell::Missing, ColumnKind::Text | ColumnKind::TextToTheRight) => String::new(),
        (Cell::Missing, _) => MISSING.to_owned(),
        (Cell::Integer(number), ColumnKind::Year) => number.to_string(),
        (Cell::Integer(number), _) => {
            let sign = if *number < 0 { "-" } else { "" };
            format!("{sign}{}", grouped(number.unsigned_abs()))
        }
        (Cell::Number(number), ColumnKind::Number(decimals)) => {
            format!("{number:.*}", usize::from(decimals))
        }
        (Cell::Number(number), _) => number.to_string(),
        (Cell::Text(text), _) => text.clone(),
    }
}

/// Keeps the kind of an I/O error, so that a closed pipe is still known as one.
pub(super) fn flatten(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::samples;

    fn written(write: impl FnOnce(&mut dyn Write) -> Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_table_on_screen() {
        let table = samples::table();
        let text = written(|out| text(out, &table, &Look::default()));
        insta::assert_snapshot!(text, @r#"
        出处：zhengsou 0.1.0 count
        日期：2026-11-27
        索引：58,205 段，规则 0123456789abcdef，内容 fedcba9876543210
        相近段落：每段都计
        分词：jieba without its model, dictionary 0011223344556677
        词语：环保: 环保|环境保护
        筛选：地区≠江苏省
        选项：by=year

        词语        年份   次数  每万字
        环保, "一"  2023  1,234   2.500
        环保        2024      –       –
        "#);
    }

    #[test]
    fn a_table_as_csv() {
        let table = samples::table();
        let text = written(|out| csv(out, &table, false, Language::En));
        insta::assert_snapshot!(text, @r#"
        # made by: zhengsou 0.1.0 count
        # date: 2026-11-27
        # index: 58,205 passages, rules 0123456789abcdef, content fedcba9876543210
        # near copies: each counts
        # words: jieba without its model, dictionary 0011223344556677
        # terms: 环保: 环保|环境保护
        # filters: region≠江苏省
        # options: by=year
        term,year,occurrences,per_10k_characters,report_id
        "环保, ""一""",2023,1234,2.5,=1+1
        环保,2024,,,
        "#);
        let marked = written(|out| csv(out, &table, true, Language::En));
        assert_eq!(marked.strip_prefix('\u{feff}'), Some(text.as_str()));
    }

    #[test]
    fn a_table_as_json_lines() {
        let text = written(|out| json_lines(out, &samples::table()));
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines[0]["stamp"]["program"], "zhengsou 0.1.0");
        assert_eq!(lines[1]["year"], 2023);
        assert_eq!(lines[1]["per_10k_characters"], 2.5);
        assert_eq!(lines[2]["per_10k_characters"], Value::Null);
    }
}
