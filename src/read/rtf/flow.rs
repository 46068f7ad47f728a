//! Paragraphs as their ends come by → the lines of a text, its tables put together.

use crate::read::draft::Draft;
use crate::read::grid::{Cell, push_row};
use crate::read::transcript::Paragraph;

/// Tables in tables beyond so many are read as part of the table around them.
const MAX_TABLES: usize = 8;

/// A text that runs by itself: the body, a footnote, a text box, a header.
#[derive(Debug, Default)]
pub(super) struct Flow {
    finished: Vec<Paragraph>,
    /// The paragraph that is being read.
    pub(super) draft: Draft,
    /// Whether the paragraph holds a piece of a table of contents.
    pub(super) contents: bool,
    /// The open tables, outermost first.
    tables: Vec<Table>,
}

#[derive(Debug, Default)]
struct Table {
    rows: Vec<Paragraph>,
    row: Vec<Cell>,
    cell: Cell,
}

impl Flow {
    /// Ends the paragraph, which stands in so many tables.
    pub(super) fn end_paragraph(&mut self, depth: usize) {
        let mut draft = self.take(depth);
        draft.in_cell = depth > 0;
        draft.finish(self.place());
    }

    /// Ends the paragraph and leaves its text out.
    pub(super) fn drop_paragraph(&mut self, depth: usize) {
        self.take(depth).finish_asides(self.place());
    }

    /// Returns the paragraph; what follows stands in so many tables.
    fn take(&mut self, depth: usize) -> Draft {
        let depth = depth.min(MAX_TABLES);
        self.close_tables(depth);
        while self.tables.len() < depth {
            self.tables.push(Table::default());
        }
        self.contents = false;
        std::mem::take(&mut self.draft)
    }

    /// Ends a cell, 1-based from the outermost table; its last paragraph has been ended.
    pub(super) fn end_cell(&mut self, depth: usize) {
        let depth = depth.clamp(1, MAX_TABLES);
        self.close_tables(depth);
        if let Some(table) = self.tables.get_mut(depth - 1) {
            table.row.push(std::mem::take(&mut table.cell));
        }
    }

    /// Ends a row; `merged` tells which of its cells are the rest of others.
    pub(super) fn end_row(&mut self, depth: usize, merged: &[bool]) {
        let depth = depth.clamp(1, MAX_TABLES);
        self.close_tables(depth);
        if let Some(table) = self.tables.get_mut(depth - 1) {
            table.close_row(merged);
        }
    }

    /// Returns the paragraphs; the last one has been ended.
    pub(super) fn finish(mut self) -> Vec<Paragraph> {
        self.close_tables(0);
        self.draft.finish_asides(&mut self.finished);
        self.finished
    }

    fn close_tables(&mut self, depth: usize) {
        while self.tables.len() > depth {
            let Some(mut table) = self.tables.pop() else {
                return;
            };
            table.close_row(&[]);
            match self.tables.last_mut() {
                Some(outer) => {
                    outer.cell.nests = true;
                    outer.cell.paragraphs.append(&mut table.rows);
                }
                None => self.finished.append(&mut table.rows),
            }
        }
    }

    fn place(&mut self) -> &mut Vec<Paragraph> {
        match self.tables.last_mut() {
            Some(table) => &mut table.cell.paragraphs,
            None => &mut self.finished,
        }
    }
}

impl Table {
    fn close_row(&mut self, merged: &[bool]) {
        if !self.cell.paragraphs.is_empty() {
            self.row.push(std::mem::take(&mut self.cell));
        }
        let row = std::mem::take(&mut self.row).into_iter().enumerate();
        let is_rest = |(index, cell): &(usize, Cell)| {
            cell.is_empty() && merged.get(*index).copied().unwrap_or(false)
        };
        let row = row.filter(|cell| !is_rest(cell)).map(|(_, cell)| cell);
        push_row(row.collect(), &mut self.rows);
    }
}
