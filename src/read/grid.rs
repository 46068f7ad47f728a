//! Cells of a row → one line, joined by ` | `; cells that only lay out a page → their paragraphs.

use super::transcript::Paragraph;

/// Stands between the cells of a row.
const BETWEEN: &str = " | ";

/// Of several paragraphs in a cell, one of more characters than this is running text.
const RUNNING_CHARS: usize = 60;

/// A cell of a row.
#[derive(Debug, Default)]
pub(super) struct Cell {
    /// Its paragraphs, the rows of tables in it, and its notes.
    pub(super) paragraphs: Vec<Paragraph>,
    /// Whether it holds a table.
    pub(super) nests: bool,
}

impl Cell {
    /// Returns whether it holds no text.
    pub(super) fn is_empty(&self) -> bool {
        !self.paragraphs.iter().any(has_text)
    }

    /// Returns whether it holds running text or headings, which a line of cells would hide.
    fn lays_out(&self) -> bool {
        let lines = || {
            let lines = self.paragraphs.iter().filter(|line| has_text(line));
            lines.filter(|line| !line.note)
        };
        let is_running =
            |line: &Paragraph| line.level > 0 || line.text.chars().nth(RUNNING_CHARS).is_some();
        lines().nth(1).is_some() && (self.nests || lines().any(is_running))
    }
}

/// Adds a row to `paragraphs`; nothing for a row without text. Notes stand behind it. What is left
/// of a cell that began in another row or column is no cell of this one.
pub(super) fn push_row(row: Vec<Cell>, paragraphs: &mut Vec<Paragraph>) {
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
            line.push_str(BETWEEN);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(cells: &[&str]) -> Vec<String> {
        let cell = |text: &&str| Cell {
            paragraphs: text.split('/').map(Paragraph::plain).collect(),
            nests: text.contains('+'),
        };
        let mut paragraphs = Vec::new();
        push_row(cells.iter().map(cell).collect(), &mut paragraphs);
        paragraphs.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_row_is_a_line_unless_it_lays_out_a_page() {
        assert_eq!(
            lines(&["任务", "", "新建\n学校/三所/"]),
            ["任务 |  | 新建 学校 三所"]
        );
        assert_eq!(lines(&["合计", "三所", ""]), ["合计 | 三所"]);
        assert_eq!(lines(&["甲", "", ""]), ["甲"]);
        assert_eq!(lines(&["甲", "乙+/丙"]), ["甲", "乙+", "丙"]);
        let running = format!("{}/丙", "全".repeat(61));
        assert_eq!(lines(&["甲", &running]).len(), 3);
        assert!(lines(&["", " "]).is_empty());
    }

    #[test]
    fn notes_stand_behind_their_row() {
        let note = Paragraph {
            note: true,
            ..Paragraph::plain("注释")
        };
        let cell = |paragraphs| Cell {
            paragraphs,
            nests: false,
        };
        let row = vec![
            cell(vec![Paragraph::plain("甲"), note]),
            cell(vec![Paragraph::plain("乙")]),
        ];
        let mut paragraphs = Vec::new();
        push_row(row, &mut paragraphs);
        assert_eq!(paragraphs[0].text, "甲 | 乙");
        assert!(paragraphs[1].note);
    }
}
