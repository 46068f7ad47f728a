//! Passages and hits → JSONL, CSV or a workbook, one a row; the first two with constant memory.

use std::io::{Result, Write};

use super::citation;
use super::data::{BYTE_ORDER_MARK, flatten, plain};
#[cfg(feature = "app")]
use super::workbook::Sheets;
use crate::model::{
    Cell, Column, ColumnKind, Differs, Hit, PassageRecord, RelatedTerm, SimilarHit,
};

/// Returns the columns of a passage, named as in JSONL.
pub fn passage_columns() -> Vec<Column> {
    let mut columns = citation::columns();
    columns.push(citation::text_column());
    columns
}

/// Returns the columns of a passage with its words.
pub fn segmented_columns() -> Vec<Column> {
    let mut columns = passage_columns();
    columns.push(Column::new("words", "分词", "words", ColumnKind::Text));
    columns
}

/// Returns the columns of a hit.
pub fn hit_columns() -> Vec<Column> {
    let mut columns = passage_columns();
    columns.extend([
        Column::new("score", "得分", "score", ColumnKind::Number(3)),
        Column::new("snippet", "摘录", "snippet", ColumnKind::Text),
        Column::new("dup_count", "相近", "near copies", ColumnKind::Integer),
        Column::new("dup_ids", "相近编号", "ids of copies", ColumnKind::Text),
        Column::new("differs", "差异", "differs", ColumnKind::Text),
    ]);
    columns
}

/// Returns the columns of a passage with a similar wording.
pub fn similar_columns() -> Vec<Column> {
    let mut columns = passage_columns();
    columns.extend([
        Column::new("overlap", "重合", "overlap", ColumnKind::Number(3)),
        Column::new("jaccard", "Jaccard", "Jaccard", ColumnKind::Number(3)),
        Column::new("longest", "最长相同", "longest", ColumnKind::Integer),
        Column::new("years_later", "晚几年", "years later", ColumnKind::Integer),
    ]);
    columns
}

/// Returns the columns of a related term.
pub fn term_columns() -> Vec<Column> {
    vec![
        Column::new("term", "词", "term", ColumnKind::Text),
        Column::new("matches", "其中的段", "matches", ColumnKind::Integer),
        Column::new("passages", "全库的段", "passages", ColumnKind::Integer),
        Column::new(
            "log_likelihood",
            "对数似然",
            "log-likelihood",
            ColumnKind::Number(1),
        ),
        Column::new("log_dice", "logDice", "logDice", ColumnKind::Number(2)),
    ]
}

/// Writes passages or hits, one a row.
pub enum Rows<'a> {
    /// One JSON object a line, with every field of the contract.
    JsonLines(&'a mut dyn Write),
    /// Comma-separated values under a line of column names.
    Csv(Box<csv::Writer<&'a mut dyn Write>>),
    /// A workbook, held until it is finished.
    #[cfg(feature = "app")]
    Workbook(Box<Sheets>, &'a mut dyn Write),
}

impl<'a> Rows<'a> {
    /// Writes JSONL to `out`.
    pub fn json_lines(out: &'a mut dyn Write) -> Self {
        Rows::JsonLines(out)
    }

    /// Writes CSV with such columns to `out`, after a byte order mark if asked for.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn csv(out: &'a mut dyn Write, columns: &[Column], byte_order_mark: bool) -> Result<Self> {
        if byte_order_mark {
            out.write_all(BYTE_ORDER_MARK)?;
        }
        let mut writer = csv::Writer::from_writer(out);
        let names = columns.iter().map(|column| &column.name);
        writer.write_record(names).map_err(flatten)?;
        Ok(Rows::Csv(Box::new(writer)))
    }

    /// Writes a workbook with such columns to `out`.
    ///
    /// # Errors
    /// If there are more columns than a sheet holds.
    #[cfg(feature = "app")]
    pub fn workbook(
        out: &'a mut dyn Write,
        columns: Vec<Column>,
        language: crate::model::Language,
    ) -> Result<Self> {
        Ok(Rows::Workbook(
            Box::new(Sheets::new(columns, language)?),
            out,
        ))
    }

    /// Writes CSV for [`Rows::passage`] to `out`, after a byte order mark if asked for.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn passages_csv(out: &'a mut dyn Write, byte_order_mark: bool) -> Result<Self> {
        Self::csv(out, &passage_columns(), byte_order_mark)
    }

    /// Writes CSV for [`Rows::hit`] to `out`, after a byte order mark if asked for.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn hits_csv(out: &'a mut dyn Write, byte_order_mark: bool) -> Result<Self> {
        Self::csv(out, &hit_columns(), byte_order_mark)
    }

    /// Writes CSV for [`Rows::similar`] to `out`, after a byte order mark if asked for.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn similar_csv(out: &'a mut dyn Write, byte_order_mark: bool) -> Result<Self> {
        Self::csv(out, &similar_columns(), byte_order_mark)
    }

    /// Writes CSV for [`Rows::term`] to `out`, after a byte order mark if asked for.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn terms_csv(out: &'a mut dyn Write, byte_order_mark: bool) -> Result<Self> {
        Self::csv(out, &term_columns(), byte_order_mark)
    }

    /// Writes a passage.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn passage(&mut self, passage: &PassageRecord) -> Result<()> {
        self.write(passage, cells)
    }

    /// Writes a passage with its words as the segmenter cuts them: an array in JSONL, with blanks
    /// between elsewhere.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn segmented(&mut self, passage: &PassageRecord, words: &[String]) -> Result<()> {
        #[derive(serde::Serialize)]
        struct Segmented<'a> {
            #[serde(flatten)]
            passage: &'a PassageRecord,
            words: &'a [String],
        }
        self.write(&Segmented { passage, words }, |segmented| {
            let mut row = cells(segmented.passage);
            row.push(Cell::from(segmented.words.join(" ")));
            row
        })
    }

    /// Writes a hit.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn hit(&mut self, hit: &Hit) -> Result<()> {
        self.write(hit, |hit| {
            let mut row = cells(&hit.passage);
            row.extend([
                single(hit.score),
                Cell::from(&hit.snippet),
                Cell::from(hit.dup_count),
                Cell::from(hit.dup_ids.join(" ")),
                Cell::from(differs(&hit.differs)),
            ]);
            row
        })
    }

    /// Writes a passage with a similar wording.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn similar(&mut self, hit: &SimilarHit) -> Result<()> {
        self.write(hit, |hit| {
            let mut row = cells(&hit.passage);
            row.extend([
                Cell::from(hit.overlap),
                Cell::from(hit.jaccard),
                Cell::from(hit.longest as u64),
                Cell::of(hit.years_later),
            ]);
            row
        })
    }

    /// Writes a related term.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn term(&mut self, term: &RelatedTerm) -> Result<()> {
        self.write(term, |term| {
            vec![
                Cell::from(&term.term),
                Cell::from(term.matches),
                Cell::from(term.passages),
                Cell::from(term.log_likelihood),
                Cell::from(term.log_dice),
            ]
        })
    }

    fn write<T: serde::Serialize>(
        &mut self,
        value: &T,
        cells: impl FnOnce(&T) -> Vec<Cell>,
    ) -> Result<()> {
        match self {
            Rows::JsonLines(out) => {
                serde_json::to_writer(&mut **out, value)?;
                out.write_all(b"\n")
            }
            Rows::Csv(writer) => {
                let cells = cells(value);
                writer
                    .write_record(cells.iter().map(plain))
                    .map_err(flatten)
            }
            #[cfg(feature = "app")]
            Rows::Workbook(sheets, _) => sheets.row(&cells(value)),
        }
    }

    /// Writes what is still buffered.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn finish(self) -> Result<()> {
        match self {
            Rows::JsonLines(out) => out.flush(),
            Rows::Csv(mut writer) => writer.flush(),
            #[cfg(feature = "app")]
            Rows::Workbook(sheets, out) => sheets.finish(out, None, &[]),
        }
    }
}

/// Makes a cell of a number of single precision, with no more digits than it has.
fn single(number: f32) -> Cell {
    number
        .to_string()
        .parse()
        .map_or(Cell::Missing, Cell::Number)
}

/// Returns how copies differ in one cell: `figures 2 wording 1`; empty where they do not.
fn differs(differs: &Differs) -> String {
    let counted = [("figures", differs.figures), ("wording", differs.wording)];
    let parts = counted.iter().filter(|(_, count)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    parts.join(" ")
}

/// Returns the cells of [`passage_columns`].
fn cells(passage: &PassageRecord) -> Vec<Cell> {
    let mut cells = citation::cells(passage);
    cells.push(Cell::from(&passage.text));
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::samples;

    fn text(write: impl FnOnce(&mut dyn Write) -> Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn csv_quotes_what_needs_it() {
        let mut passage = samples::passage();
        passage.text = "一、“双减”,\n有 \"引号\"".to_owned();
        let csv = text(|out| {
            let mut rows = Rows::passages_csv(out, true)?;
            rows.passage(&passage)?;
            rows.finish()
        });
        assert!(csv.starts_with("\u{feff}id,source,line,"));
        assert!(csv.contains("工作总结 › 党建引领"));
        assert!(csv.ends_with(",2023,\"一、“双减”,\n有 \"\"引号\"\"\"\n"));
    }

    #[test]
    fn csv_columns_are_fields_of_the_json() {
        let json = text(|out| Rows::json_lines(out).hit(&samples::hit()));
        let object: serde_json::Value = serde_json::from_str(&json).unwrap();
        for column in hit_columns() {
            assert!(object.get(&column.name).is_some(), "{}", column.name);
        }
        assert_eq!(cells(&samples::passage()).len(), passage_columns().len());
    }

    #[test]
    fn one_hit_is_one_line() {
        let mut hit = samples::hit();
        hit.passage.text = "两\n行".to_owned();
        let json = text(|out| Rows::json_lines(out).hit(&hit));
        assert_eq!(json.lines().count(), 1);
    }
}
