//! Typed cells in named columns: what every answer that is to be counted with becomes before it is
//! written as text, CSV, JSONL or a workbook.
//!
//! Invariant: plain data; a missing cell is missing, not empty text and not 0.

use serde::{Deserialize, Serialize};

use super::{Note, Stamp};

/// One value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// Nothing is known: `–` on screen, empty in CSV and workbooks, `null` in JSON.
    Missing,
    /// A whole number.
    Integer(i64),
    /// A number; finite.
    Number(f64),
    /// Text.
    Text(String),
}

impl Cell {
    /// Makes a cell of a value that may be missing.
    ///
    /// ```
    /// use zhengsou::model::Cell;
    /// assert_eq!(Cell::of(Some("江苏省")), Cell::Text("江苏省".into()));
    /// assert_eq!(Cell::of(None::<u64>), Cell::Missing);
    /// assert_eq!(Cell::from(f64::NAN), Cell::Missing);
    /// ```
    pub fn of(value: Option<impl Into<Cell>>) -> Self {
        value.map_or(Cell::Missing, Into::into)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::Text(text)
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Cell::Text(text.clone())
    }
}

impl From<i32> for Cell {
    fn from(number: i32) -> Self {
        Cell::Integer(i64::from(number))
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Cell::Integer(number)
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        match number.is_finite() {
            true => Cell::Number(number),
            false => Cell::Missing,
        }
    }
}

/// What a column holds, which decides how it is aligned and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    /// Text, to the left.
    Text,
    /// Text that meets what stands to the right of it: the left context of a concordance.
    TextToTheRight,
    /// Years: whole numbers without marks between thousands.
    Year,
    /// Whole numbers.
    Integer,
    /// Numbers, shown with so many decimals; files hold all digits.
    Number(u8),
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Name in the contract, as in JSON and CSV: `per_10k_characters`. Unique in its table.
    pub name: String,
    /// Title on screen and in workbooks.
    pub title: Note,
    /// What it holds.
    pub kind: ColumnKind,
    /// Whether it stands in files only: the screen has no room for it.
    #[serde(default)]
    pub files_only: bool,
}

impl Column {
    /// Makes a column with its title in Chinese and in English.
    pub fn new(
        name: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
        kind: ColumnKind,
    ) -> Self {
        Column {
            name: name.into(),
            title: Note::new(zh, en),
            kind,
            files_only: false,
        }
    }

    /// Leaves the column out on screen.
    #[must_use]
    pub fn files_only(mut self) -> Self {
        self.files_only = true;
        self
    }
}

/// A table with its stamp.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct DataTable {
    /// From what and how it was made.
    pub stamp: Stamp,
    /// Remarks for the reader.
    pub notes: Vec<Note>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each with one cell a column.
    pub rows: Vec<Vec<Cell>>,
}
