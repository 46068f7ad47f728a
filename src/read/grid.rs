//! Rows of tables → a line each, cells joined by ` | `; rows that only lay out a page → their
//! paragraphs.

use super::transcript::Paragraph;

/// Stands between the cells of a row.
const BETWEEN: &str = " | ";

/// Adds a row, the paragraphs of its cells, to `paragraphs`: nothing where it has no text.
///
/// A row lays out a page if it has but one cell, or several paragraphs in one. Notes stand behind
/// the row that refers to them.
pub(super) fn push_row(row: Vec<Vec<Paragraph>>, paragraphs: &mut Vec<Paragraph>) {
    let lines = |cell: &Vec<Paragraph>| cell.iter().filter(|line| is_line(line)).count();
    match row.len() < 2 || row.iter().any(|cell| lines(cell) > 1) {
        true => paragraphs.extend(row.into_iter().flatten().filter(has_text)),
        false => push_line(row, paragraphs),
    }
}

fn has_text(paragraph: &Paragraph) -> bool {
    !paragraph.text.trim().is_empty()
}

/// Returns whether a paragraph is the cell's own.
fn is_line(paragraph: &Paragraph) -> bool {
    has_text(paragraph) && !paragraph.note
}

fn push_line(row: Vec<Vec<Paragraph>>, paragraphs: &mut Vec<Paragraph>) {
    let (mut text, mut has_line) = (String::new(), false);
    let mut notes = Vec::new();
    for (index, cell) in row.into_iter().enumerate() {
        if index > 0 {
            text.push_str(BETWEEN);
        }
        for paragraph in cell {
            if is_line(&paragraph) {
                // Lines broken by hand are narrow cells, nothing more.
                text.push_str(&paragraph.text.trim().replace(['\n', '\t'], " "));
                has_line = true;
            } else if has_text(&paragraph) {
                notes.push(paragraph);
            }
        }
    }
    if has_line {
        text.truncate(text.trim_end().len());
        paragraphs.push(Paragraph::plain(text));
    }
    paragraphs.append(&mut notes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(cells: &[&str]) -> Vec<String> {
        let cell = |text: &&str| text.split('/').map(Paragraph::plain).collect();
        let mut paragraphs = Vec::new();
        push_row(cells.iter().map(cell).collect(), &mut paragraphs);
        paragraphs.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_row_is_a_line_unless_it_lays_out_a_page() {
        assert_eq!(lines(&["任务", "", "新建\n学校/"]), ["任务 |  | 新建 学校"]);
        assert_eq!(lines(&["合计", "三所", ""]), ["合计 | 三所 |"]);
        assert_eq!(lines(&["甲"]), ["甲"]);
        assert_eq!(lines(&["甲", "乙/丙"]), ["甲", "乙", "丙"]);
        assert!(lines(&["", " "]).is_empty());
    }

    #[test]
    fn notes_stand_behind_their_row() {
        let note = Paragraph {
            note: true,
            ..Paragraph::plain("注释")
        };
        let row = vec![
            vec![Paragraph::plain("甲"), note],
            vec![Paragraph::plain("乙")],
        ];
        let mut paragraphs = Vec::new();
        push_row(row, &mut paragraphs);
        assert_eq!(paragraphs[0].text, "甲 | 乙");
        assert!(paragraphs[1].note);
    }
}
