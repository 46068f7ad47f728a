//! Cells of a table → a line for a row; the paragraphs of a table that only lays out a page.

use crate::read::transcript::Paragraph;

/// A paragraph and what is told behind it.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) paragraph: Paragraph,
    pub(super) after: Vec<Paragraph>,
}

impl Item {
    /// Returns its bytes.
    pub(super) fn length(&self) -> u64 {
        let after: usize = self.after.iter().map(|after| after.text.len()).sum();
        (self.paragraph.text.len() + after) as u64
    }

    /// Adds its paragraphs.
    pub(super) fn put(self, paragraphs: &mut Vec<Paragraph>) {
        paragraphs.push(self.paragraph);
        paragraphs.extend(self.after);
    }

    fn is_blank(&self) -> bool {
        self.paragraph.text.trim().is_empty()
    }
}

/// A row while it is read.
#[derive(Debug, Default)]
pub(super) struct Row {
    cells: Vec<Vec<Item>>,
    /// The cell that is not at its end.
    cell: Vec<Item>,
}

impl Row {
    /// Adds a paragraph to the cell.
    pub(super) fn push(&mut self, item: Item) {
        self.cell.push(item);
    }

    /// Ends the cell.
    pub(super) fn end_cell(&mut self) {
        self.cells.push(std::mem::take(&mut self.cell));
    }

    /// Returns whether a cell has ended and the next has not begun.
    pub(super) fn is_between(&self) -> bool {
        !self.cells.is_empty() && self.cell.is_empty()
    }

    /// Returns the row as one line; as paragraphs where it has but one cell, or several paragraphs
    /// in a cell. Nothing is told of a row without text.
    pub(super) fn finish(mut self) -> impl Iterator<Item = Item> {
        if !self.cell.is_empty() {
            self.end_cell();
        }
        let is_layout = self.cells.len() == 1
            || self
                .cells
                .iter()
                .any(|cell| cell.iter().filter(|item| !item.is_blank()).count() > 1);
        let items = match is_layout {
            true => self.cells.into_iter().flatten().collect(),
            false => vec![line(self.cells)],
        };
        items
            .into_iter()
            .filter(|item| !item.is_blank() || !item.after.is_empty())
    }
}

fn line(cells: Vec<Vec<Item>>) -> Item {
    let mut line = Item::default();
    let mut has_text = false;
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            line.paragraph.text.push_str(" | ");
        }
        for item in cell {
            let text = item.paragraph.text.trim().replace('\n', " ");
            has_text |= !text.is_empty();
            line.paragraph.text.push_str(&text);
            line.after.extend(item.after);
        }
    }
    let text = &mut line.paragraph.text;
    text.truncate(match has_text {
        true => text.trim_end().len(),
        false => 0,
    });
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(cells: &[&[&str]]) -> Vec<String> {
        let mut row = Row::default();
        for cell in cells {
            for text in *cell {
                row.push(Item {
                    paragraph: Paragraph::plain(*text),
                    after: Vec::new(),
                });
            }
            row.end_cell();
        }
        row.finish().map(|item| item.paragraph.text).collect()
    }

    #[test]
    fn a_row_is_a_line_unless_it_lays_out_a_page() {
        assert_eq!(told(&[&["指标"], &[""], &["单\n位"]]), ["指标 |  | 单 位"]);
        assert_eq!(told(&[&["甲"], &["乙", ""]]), ["甲 | 乙"]);
        assert_eq!(told(&[&["甲"], &["乙", "丙"]]), ["甲", "乙", "丙"]);
        assert_eq!(told(&[&["甲"]]), ["甲"]);
        assert!(told(&[&[""], &[""]]).is_empty());
    }
}
