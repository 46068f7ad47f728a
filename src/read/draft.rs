//! Runs, notes and boxes of a paragraph → the paragraph, its number in front and its notes behind.

use super::transcript::Paragraph;

/// A paragraph that is being read, run by run.
#[derive(Debug, Default)]
pub(super) struct Draft {
    text: String,
    /// Bytes at its start that are set in bold.
    bold: usize,
    /// Whether text that is not bold has been added.
    plain: bool,
    /// What a list prints in front, with the tab or blank behind it if there is one.
    pub(super) number: String,
    /// Level of its heading style, 1-based; 0 for body text.
    pub(super) level: u8,
    /// Whether it stands in a cell, where a number may stand alone.
    pub(super) in_cell: bool,
    /// Paragraphs of boxes that hang on its start.
    before: Vec<Paragraph>,
    /// Paragraphs of its other boxes and of its notes.
    after: Vec<Paragraph>,
}

impl Draft {
    /// Adds a run.
    pub(super) fn push(&mut self, run: &str, bold: bool) {
        self.text.push_str(run);
        if !bold {
            self.plain |= !run.trim().is_empty();
        } else if !self.plain {
            self.bold = self.text.len();
        }
    }

    /// Adds the paragraphs of a box: they stand before the paragraph if the box hangs on its start.
    pub(super) fn push_box(&mut self, mut paragraphs: Vec<Paragraph>) {
        paragraphs.retain(has_text);
        match self.is_blank() {
            true => self.before.append(&mut paragraphs),
            false => self.after.append(&mut paragraphs),
        }
    }

    /// Adds the paragraphs of a footnote or endnote.
    pub(super) fn push_note(&mut self, mut paragraphs: Vec<Paragraph>) {
        paragraphs.retain(has_text);
        for note in &mut paragraphs {
            (note.note, note.level) = (true, 0);
        }
        self.after.append(&mut paragraphs);
    }

    /// Returns the text so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether the text so far is white space.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Adds the boxes and notes, but not the text.
    pub(super) fn finish_asides(self, paragraphs: &mut Vec<Paragraph>) {
        paragraphs.extend(self.before);
        paragraphs.extend(self.after);
    }

    /// Adds the paragraph with its boxes and notes. The number of a blank one is left out: there
    /// is nothing that it numbers.
    pub(super) fn finish(mut self, paragraphs: &mut Vec<Paragraph>) {
        if self.in_cell || !self.is_blank() {
            self.print_number();
        }
        // Breaks of pages and lines at the ends make no lines of their own.
        let text = self.text.trim_start_matches('\n');
        let indent = self.text.len() - text.len();
        let text = text.trim_end_matches('\n');
        paragraphs.append(&mut self.before);
        paragraphs.push(Paragraph {
            text: text.to_owned(),
            level: self.level,
            bold: self.bold.saturating_sub(indent).min(text.len()),
            note: false,
        });
        paragraphs.append(&mut self.after);
    }

    /// Writes the number in front.
    fn print_number(&mut self) {
        let number = self.number.trim();
        if number.is_empty() {
            return;
        }
        let text = self.text.trim_start();
        let indent = self.text.len() - text.len();
        let is_tight = !self.number.ends_with(char::is_whitespace);
        let gap = match !is_tight && needs_gap(number, text) {
            true => " ",
            false => "",
        };
        self.bold = match self.bold.saturating_sub(indent) {
            0 => 0,
            bold => number.len() + gap.len() + bold,
        };
        self.text = format!("{number}{gap}{text}");
    }
}

fn has_text(paragraph: &Paragraph) -> bool {
    !paragraph.text.trim().is_empty()
}

/// Returns whether a blank must stand behind a number, where programs print a tab: behind what
/// would run into the text. 一、（一）① stand close, as they are typed.
fn needs_gap(number: &str, text: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '０'..='９');
    match number.chars().next_back() {
        _ if text.is_empty() => false,
        // 1.2023年 and 1.6万 would be figures.
        Some('.' | '．') => text.starts_with(is_digit),
        Some('、' | '）' | ')' | '〕' | '】' | '：' | ':' | '。') => false,
        // ① to ⒛, ㈠ to ㊿
        Some('\u{2460}'..='\u{24ff}' | '\u{3200}'..='\u{32ff}') => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finish(draft: Draft) -> Vec<Paragraph> {
        let mut paragraphs = Vec::new();
        draft.finish(&mut paragraphs);
        paragraphs
    }

    #[test]
    fn numbers_stand_as_they_are_typed() {
        let print = |number: &str, text: &str| {
            let mut draft = Draft {
                number: number.to_owned(),
                ..Draft::default()
            };
            draft.push(text, false);
            finish(draft).remove(0).text
        };
        assert_eq!(print("一、\t", "基本情况"), "一、基本情况");
        assert_eq!(print("（一）", " 抓教学"), "（一）抓教学");
        assert_eq!(print(" 1.\t", "抓教学"), "1.抓教学");
        assert_eq!(print("1. ", "2023年"), "1. 2023年");
        assert_eq!(print("1.1\t", "抓教学"), "1.1 抓教学");
        assert_eq!(print("第一章 ", "总则"), "第一章 总则");
        assert_eq!(print("第一章", "总则"), "第一章总则");
        assert_eq!(print("①\t", "抓教学"), "①抓教学");
        assert_eq!(print("•\t", "抓教学"), "• 抓教学");
        assert_eq!(print("3.\t", "\u{3000}"), "\u{3000}");
    }

    #[test]
    fn bold_counts_from_the_start() {
        let mut draft = Draft {
            number: "（一）\t".to_owned(),
            ..Draft::default()
        };
        draft.push("\n ", false);
        draft.push("抓教学。", true);
        draft.push("全县", false);
        draft.push("教育\n", true);
        let paragraph = finish(draft).remove(0);
        assert_eq!(&paragraph.text[..paragraph.bold], "（一）抓教学。");
        assert!(paragraph.text.ends_with("教育"));
    }

    #[test]
    fn notes_stand_behind_and_boxes_where_they_hang() {
        let mut draft = Draft::default();
        draft.push_box(vec![Paragraph::plain("before")]);
        draft.push("text", false);
        draft.push_note(vec![Paragraph::plain("note"), Paragraph::plain(" ")]);
        draft.push_box(vec![Paragraph::plain("after")]);
        let texts: Vec<String> = finish(draft).into_iter().map(|line| line.text).collect();
        assert_eq!(texts, ["before", "text", "note", "after"]);
    }
}
