//! Paragraphs as their ends come by → the lines of a text: rows put together, notes behind what
//! refers to them.

use crate::read::draft::Draft;
use crate::read::grid::push_row;
use crate::read::transcript::Paragraph;

/// Tables in tables beyond so many are read as part of the table around them.
const MAX_TABLES: usize = 8;

/// A text that runs by itself: the body, a footnote, a text box, a header.
#[derive(Debug, Default)]
pub(super) struct Flow {
    finished: Vec<Paragraph>,
    /// The paragraph that is being read.
    pub(super) draft: Draft,
    /// Its number as the file gives it.
    pub(super) number: String,
    /// What stands behind it: notes and boxes.
    behind: Vec<Paragraph>,
    /// The open tables, outermost first.
    tables: Vec<Table>,
}

#[derive(Debug, Default)]
struct Table {
    rows: Vec<Paragraph>,
    row: Vec<Vec<Paragraph>>,
    cell: Vec<Paragraph>,
}

impl Flow {
    /// Ends a paragraph that stands in so many tables.
    pub(super) fn end_paragraph(&mut self, number: &str, level: u8, depth: usize) {
        let depth = depth.min(MAX_TABLES);
        self.close_tables(depth);
        while self.tables.len() < depth {
            self.tables.push(Table::default());
        }
        let paragraph = self.draft.finish(number, level);
        let behind = std::mem::take(&mut self.behind);
        let place = self.place();
        place.push(paragraph);
        place.extend(behind);
        self.number.clear();
    }

    /// Ends a cell, 1-based from the outermost table; its last paragraph has been ended.
    pub(super) fn end_cell(&mut self, depth: usize) {
        let depth = depth.clamp(1, MAX_TABLES);
        self.close_tables(depth);
        if let Some(table) = self.tables.get_mut(depth - 1) {
            table.row.push(std::mem::take(&mut table.cell));
        }
    }

    /// Ends a row.
    pub(super) fn end_row(&mut self, depth: usize) {
        let depth = depth.clamp(1, MAX_TABLES);
        self.close_tables(depth);
        if let Some(table) = self.tables.get_mut(depth - 1) {
            close_row(table);
        }
    }

    /// Adds what stands behind the current paragraph.
    pub(super) fn add_behind(&mut self, paragraphs: impl IntoIterator<Item = Paragraph>) {
        self.behind.extend(paragraphs);
    }

    /// Returns the paragraphs; the last one has been ended.
    pub(super) fn finish(mut self) -> Vec<Paragraph> {
        self.close_tables(0);
        self.finished.append(&mut self.behind);
        self.finished
    }

    fn close_tables(&mut self, depth: usize) {
        while self.tables.len() > depth {
            let Some(mut table) = self.tables.pop() else {
                return;
            };
            close_row(&mut table);
            self.place().append(&mut table.rows);
        }
    }

    fn place(&mut self) -> &mut Vec<Paragraph> {
        match self.tables.last_mut() {
            Some(table) => &mut table.cell,
            None => &mut self.finished,
        }
    }
}

fn close_row(table: &mut Table) {
    if !table.cell.is_empty() {
        table.row.push(std::mem::take(&mut table.cell));
    }
    push_row(std::mem::take(&mut table.row), &mut table.rows);
}
