//! Rows of cells → aligned columns.

use std::io::{Result, Write};

use super::layout::{clean, padding, width};
use super::{Ink, Look};

/// How a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// Rows of cells whose columns are as wide as their widest cell.
#[derive(Debug, Clone)]
pub struct Table {
    align: Vec<Align>,
    indent: usize,
    head: Option<Vec<String>>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Makes a table with one column for each alignment.
    pub fn new(align: &[Align]) -> Self {
        Table {
            align: align.to_vec(),
            indent: 0,
            head: None,
            rows: Vec::new(),
        }
    }

    /// Sets the blanks before each row.
    #[must_use]
    pub fn indented(mut self, indent: usize) -> Self {
        self.indent = indent;
        self
    }

    /// Sets the column titles.
    #[must_use]
    pub fn with_head(mut self, cells: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.head = Some(cells.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a row; cells beyond the last column are left out.
    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(
            cells
                .into_iter()
                .map(|cell| clean(&cell.into()))
                .take(self.align.len())
                .collect(),
        );
    }

    /// Writes the rows, the columns two blanks apart.
    ///
    /// # Errors
    /// If `out` cannot be written.
    pub fn write(&self, out: &mut dyn Write, look: &Look) -> Result<()> {
        let widths: Vec<usize> = (0..self.align.len())
            .map(|column| {
                self.head
                    .iter()
                    .chain(&self.rows)
                    .filter_map(|row| row.get(column))
                    .map(|cell| width(cell))
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        if let Some(head) = &self.head {
            let line = self.line(head, &widths);
            writeln!(out, "{}", look.paint(Ink::Faint, &line))?;
        }
        for row in &self.rows {
            writeln!(out, "{}", self.line(row, &widths))?;
        }
        Ok(())
    }

    fn line(&self, row: &[String], widths: &[usize]) -> String {
        let mut line = " ".repeat(self.indent);
        for (column, cell) in row.iter().enumerate() {
            if column > 0 {
                line.push_str("  ");
            }
            let blanks = padding(cell, widths[column]);
            match self.align[column] {
                Align::Left => line.extend([cell.as_str(), &blanks]),
                Align::Right => line.extend([blanks.as_str(), cell]),
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_by_display_width() {
        let mut table = Table::new(&[Align::Left, Align::Right])
            .indented(2)
            .with_head(["部门", "段"]);
        table.row(["卫生健康委员会", "12"]);
        table.row(["GDP", "1,034"]);
        table.row(["只有一格"]);
        let mut out = Vec::new();
        table.write(&mut out, &Look::default()).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "  部门               段\n  \
               卫生健康委员会     12\n  \
               GDP             1,034\n  \
               只有一格\n"
        );
    }
}
