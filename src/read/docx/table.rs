//! Cells of a row → one line, joined by ` | `; cells that only lay out a page → their paragraphs.

use super::xml::Xml;
use crate::error::Result;
use crate::read::transcript::{BETWEEN_CELLS, Paragraph};

/// Of several paragraphs in a cell, one of more characters than this is running text.
const RUNNING_CHARS: usize = 60;

/// A cell of a row.
#[derive(Debug, Default)]
pub(super) struct Cell {
    /// Its paragraphs, the rows of tables in it, and its notes.
    pub(super) paragraphs: Vec<Paragraph>,
    /// Whether it holds a table.
    pub(super) nests: bool,
    /// Whether it is the rest of a cell that began in another row or column.
    pub(super) merged: bool,
}

impl Cell {
    fn lines(&self) -> impl Iterator<Item = &Paragraph> {
        self.paragraphs.iter().filter(|line| has_text(line))
    }

    fn is_empty(&self) -> bool {
        self.lines().next().is_none()
    }

    /// Returns whether it holds running text or headings, which a line of cells would hide.
    fn lays_out(&self) -> bool {
        let texts = || self.lines().filter(|line| !line.note);
        let is_running =
            |line: &Paragraph| line.level > 0 || line.text.chars().nth(RUNNING_CHARS).is_some();
        texts().nth(1).is_some() && (self.nests || texts().any(is_running))
    }
}

/// Returns whether the cell with the open `tcPr` is the rest of another.
pub(super) fn is_merged(xml: &mut Xml<'_>) -> Result<bool> {
    let mut merged = false;
    while let Some(property) = xml.child()? {
        if matches!(property.word(), "vMerge" | "hMerge") {
            merged |= property.value().as_deref() != Some("restart");
        }
        xml.skip()?;
    }
    Ok(merged)
}

/// Adds a row to `paragraphs`; nothing for a row without text. Notes stand behind it.
pub(super) fn finish(mut row: Vec<Cell>, paragraphs: &mut Vec<Paragraph>) {
    row.retain(|cell| !cell.merged);
    let filled = row.iter().filter(|cell| !cell.is_empty()).count();
    if filled < 2 || row.iter().any(Cell::lays_out) {
        let lines = row.into_iter().flat_map(|cell| cell.paragraphs);
        paragraphs.extend(lines.filter(has_text));
        return;
    }
    let mut line = String::new();
    let mut notes = Vec::new();
    for (index, cell) in row.into_iter().enumerate() {
        if index > 0 {
            line.push_str(BETWEEN_CELLS);
        }
        let mut words = Vec::new();
        for paragraph in cell.paragraphs {
            match paragraph.note {
                true => notes.push(paragraph),
                false => words.push(paragraph.text),
            }
        }
        // Lines that are broken by hand are narrow cells, nothing more.
        let words = words.iter().flat_map(|text| text.split(['\n', '\t']));
        let words: Vec<&str> = words
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .collect();
        line.push_str(&words.join(" "));
    }
    let line = line.trim_matches([' ', '|']);
    paragraphs.push(Paragraph::plain(line));
    paragraphs.append(&mut notes);
}

fn has_text(paragraph: &Paragraph) -> bool {
    !paragraph.text.trim().is_empty()
}
