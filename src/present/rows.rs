//! Passages and hits → JSONL or CSV, one a line, with constant memory.

use std::io::{self, Result, Write};

use crate::model::{Differs, Hit, PassageRecord, RelatedTerm, SimilarHit};

/// Columns of a passage in CSV, named as in JSONL.
const PASSAGE_COLUMNS: &[&str] = &[
    "id",
    "source",
    "line",
    "report_id",
    "report_title",
    "report_kind",
    "agency",
    "agency_raw",
    "system",
    "level",
    "region",
    "report_year",
    "date",
    "section_path",
    "section_kind",
    "year",
    "text",
];

/// Columns that a hit adds.
const HIT_COLUMNS: &[&str] = &["score", "snippet", "dup_count", "dup_ids", "differs"];

/// Columns that a passage with a similar wording adds.
const SIMILAR_COLUMNS: &[&str] = &["overlap", "jaccard", "longest", "years_later"];

/// Columns of a related term.
const TERM_COLUMNS: &[&str] = &["term", "matches", "passages", "log_likelihood", "log_dice"];

/// Joins the headings of a section path in one CSV cell.
const PATH_SEPARATOR: &str = " › ";

/// The mark by which spreadsheet programs recognise UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Writes passages or hits, one a line.
pub enum Rows<'a> {
    /// One JSON object a line, with every field of the contract.
    JsonLines(&'a mut dyn Write),
    /// Comma-separated values under a line of column names.
    Csv(Box<csv::Writer<&'a mut dyn Write>>),
}

impl<'a> Rows<'a> {
    /// Writes JSONL to `out`.
    pub fn json_lines(out: &'a mut dyn Write) -> Self {
        Rows::JsonLines(out)
    }

    /// Writes CSV for [`Rows::passage`] to `out`, after a byte order mark if asked for.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn passages_csv(out: &'a mut dyn Write, byte_order_mark: bool) -> Result<Self> {
        Self::csv(out, byte_order_mark, PASSAGE_COLUMNS.iter())
    }

    /// Writes CSV for [`Rows::hit`] to `out`, after a byte order mark if asked for.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn hits_csv(out: &'a mut dyn Write, byte_order_mark: bool) -> Result<Self> {
        let columns = PASSAGE_COLUMNS.iter().chain(HIT_COLUMNS);
        Self::csv(out, byte_order_mark, columns)
    }

    /// Writes CSV for [`Rows::similar`] to `out`, after a byte order mark if asked for.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn similar_csv(out: &'a mut dyn Write, byte_order_mark: bool) -> Result<Self> {
        let columns = PASSAGE_COLUMNS.iter().chain(SIMILAR_COLUMNS);
        Self::csv(out, byte_order_mark, columns)
    }

    /// Writes CSV for [`Rows::term`] to `out`, after a byte order mark if asked for.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn terms_csv(out: &'a mut dyn Write, byte_order_mark: bool) -> Result<Self> {
        Self::csv(out, byte_order_mark, TERM_COLUMNS.iter())
    }

    fn csv(
        out: &'a mut dyn Write,
        byte_order_mark: bool,
        columns: impl Iterator<Item = &'a &'a str>,
    ) -> Result<Self> {
        if byte_order_mark {
            out.write_all(BYTE_ORDER_MARK)?;
        }
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(columns).map_err(flatten)?;
        Ok(Rows::Csv(Box::new(writer)))
    }

    /// Writes a passage.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn passage(&mut self, passage: &PassageRecord) -> Result<()> {
        match self {
            Rows::JsonLines(out) => line(*out, passage),
            Rows::Csv(writer) => writer.write_record(cells(passage)).map_err(flatten),
        }
    }

    /// Writes a hit.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn hit(&mut self, hit: &Hit) -> Result<()> {
        match self {
            Rows::JsonLines(out) => line(*out, hit),
            Rows::Csv(writer) => {
                let mut row = cells(&hit.passage);
                row.extend([
                    hit.score.to_string(),
                    hit.snippet.clone(),
                    hit.dup_count.to_string(),
                    hit.dup_ids.join(" "),
                    differs(&hit.differs),
                ]);
                writer.write_record(row).map_err(flatten)
            }
        }
    }

    /// Writes a passage with a similar wording.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn similar(&mut self, hit: &SimilarHit) -> Result<()> {
        match self {
            Rows::JsonLines(out) => line(*out, hit),
            Rows::Csv(writer) => {
                let mut row = cells(&hit.passage);
                row.extend([
                    hit.overlap.to_string(),
                    hit.jaccard.to_string(),
                    hit.longest.to_string(),
                    hit.years_later
                        .map(|years| years.to_string())
                        .unwrap_or_default(),
                ]);
                writer.write_record(row).map_err(flatten)
            }
        }
    }

    /// Writes a related term.
    ///
    /// # Errors
    /// If the output cannot be written.
    pub fn term(&mut self, term: &RelatedTerm) -> Result<()> {
        match self {
            Rows::JsonLines(out) => line(*out, term),
            Rows::Csv(writer) => {
                let row = [
                    term.term.clone(),
                    term.matches.to_string(),
                    term.passages.to_string(),
                    term.log_likelihood.to_string(),
                    term.log_dice.to_string(),
                ];
                writer.write_record(row).map_err(flatten)
            }
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
        }
    }
}

fn line(out: &mut dyn Write, value: &impl serde::Serialize) -> Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
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

/// Returns the cells of [`PASSAGE_COLUMNS`].
fn cells(passage: &PassageRecord) -> Vec<String> {
    let word = |value: &Option<String>| value.clone().unwrap_or_default();
    let year = |value: Option<i32>| value.map(|year| year.to_string()).unwrap_or_default();
    vec![
        passage.id.clone(),
        passage.source.clone(),
        passage.line.to_string(),
        passage.report_id.clone(),
        passage.report_title.clone(),
        passage.report_kind.clone(),
        word(&passage.agency),
        word(&passage.agency_raw),
        word(&passage.system),
        word(&passage.level),
        word(&passage.region),
        year(passage.report_year),
        word(&passage.date),
        passage.section_path.join(PATH_SEPARATOR),
        passage.section_kind.clone(),
        year(passage.year),
        passage.text.clone(),
    ]
}

/// Keeps the kind of an I/O error, so that a closed pipe is still known as one.
fn flatten(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
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
        for column in PASSAGE_COLUMNS.iter().chain(HIT_COLUMNS) {
            assert!(object.get(column).is_some(), "{column}");
        }
        assert_eq!(cells(&samples::passage()).len(), PASSAGE_COLUMNS.len());
    }

    #[test]
    fn one_hit_is_one_line() {
        let mut hit = samples::hit();
        hit.passage.text = "两\n行".to_owned();
        let json = text(|out| Rows::json_lines(out).hit(&hit));
        assert_eq!(json.lines().count(), 1);
    }
}
