//! Tables of documents → a line a row, cells joined by ` | `; tables that only lay out a page →
//! their paragraphs.

use super::transcript::Paragraph;

/// Stands between the cells of a row.
const BETWEEN: &str = " | ";

/// Paragraphs in one cell that are taken for running text, not for an entry of a table …
const RUNNING_PARAGRAPHS: usize = 3;

/// … if each has so many characters on the average.
const RUNNING_CHARS: usize = 60;

/// A table that is being read, row by row.
#[derive(Debug, Default)]
pub(super) struct Grid {
    rows: Vec<Vec<Vec<Paragraph>>>,
    /// Whether a cell holds another table.
    pub(super) nested: bool,
}

impl Grid {
    /// Adds a row: the paragraphs of its cells.
    pub(super) fn push(&mut self, row: Vec<Vec<Paragraph>>) {
        if row.iter().flatten().any(has_text) {
            self.rows.push(row);
        }
    }

    /// Adds the table to `paragraphs`. Notes stand behind the row that refers to them.
    pub(super) fn finish(self, paragraphs: &mut Vec<Paragraph>) {
        let lays_out = self.lays_out();
        for row in self.rows {
            match lays_out {
                true => paragraphs.extend(row.into_iter().flatten().filter(has_text)),
                false => line(row, paragraphs),
            }
        }
    }

    /// Returns whether the table only places text on the page: one column, tables in tables,
    /// running text in a cell.
    fn lays_out(&self) -> bool {
        let filled = |cell: &&Vec<Paragraph>| cell.iter().any(has_text);
        let one_column = self
            .rows
            .iter()
            .all(|row| row.iter().filter(filled).count() < 2);
        let running = |cell: &Vec<Paragraph>| {
            let texts = cell.iter().filter(|paragraph| has_text(paragraph));
            let (count, chars) = texts.fold((0, 0), |(count, chars), paragraph| {
                (count + 1, chars + paragraph.text.chars().count())
            });
            count >= RUNNING_PARAGRAPHS && chars >= count * RUNNING_CHARS
        };
        self.nested || one_column || self.rows.iter().flatten().any(running)
    }
}

fn has_text(paragraph: &Paragraph) -> bool {
    !paragraph.text.trim().is_empty()
}

fn line(row: Vec<Vec<Paragraph>>, paragraphs: &mut Vec<Paragraph>) {
    let mut notes = Vec::new();
    let mut text = String::new();
    for (index, cell) in row.into_iter().enumerate() {
        if index > 0 {
            text.push_str(BETWEEN);
        }
        let mut first = true;
        for paragraph in cell {
            if paragraph.note {
                notes.push(paragraph);
                continue;
            }
            // Lines broken by hand are narrow cells, nothing more.
            for word in paragraph.text.split(['\n', '\t']).map(str::trim) {
                if !word.is_empty() {
                    if !std::mem::take(&mut first) {
                        text.push(' ');
                    }
                    text.push_str(word);
                }
            }
        }
    }
    let end = text.trim_end_matches([' ', '|']).len();
    text.truncate(end);
    paragraphs.push(Paragraph::plain(text));
    paragraphs.append(&mut notes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rows: &[&[&str]]) -> Vec<String> {
        let mut grid = Grid::default();
        for row in rows {
            let cell = |text: &&str| text.split('/').map(Paragraph::plain).collect();
            grid.push(row.iter().map(cell).collect());
        }
        let mut paragraphs = Vec::new();
        grid.finish(&mut paragraphs);
        paragraphs.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn rows_are_lines() {
        let rows: &[&[&str]] = &[
            &["任务", "责任单位", "备注"],
            &["新建\n学校/三所", "", "完成"],
            &["", "", ""],
            &["合计", "", ""],
        ];
        assert_eq!(
            lines(rows),
            ["任务 | 责任单位 | 备注", "新建 学校 三所 |  | 完成", "合计"]
        );
    }

    #[test]
    fn one_column_and_running_text_are_layout() {
        assert_eq!(lines(&[&["甲", ""], &["乙/丙"]]), ["甲", "乙", "丙"]);
        let long = "全".repeat(80);
        let cell = [long.as_str(); 3].join("/");
        assert_eq!(lines(&[&["报告", &cell]]).len(), 4);
    }
}
