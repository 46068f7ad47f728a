//! Runs of text → a paragraph: its bold start, its printed number in front.

use super::transcript::Paragraph;

/// A paragraph that is being read, run by run.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    text: String,
    /// Bytes at the start that are set in bold.
    bold: usize,
    /// Whether text that is not bold has been added.
    plain: bool,
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

    /// Returns whether nothing but white space was added.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Returns whether nothing was added.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns the paragraph and begins the next. A blank one stays without its number.
    pub(super) fn finish(&mut self, number: &str, level: u8) -> Paragraph {
        let draft = std::mem::take(self);
        let number = number.trim();
        if number.is_empty() || draft.is_blank() {
            return Paragraph {
                text: draft.text,
                level,
                bold: draft.bold,
                note: false,
            };
        }
        let body = draft.text.trim_start();
        let indent = draft.text.len() - body.len();
        let gap = if needs_gap(number, body) { " " } else { "" };
        Paragraph {
            text: format!("{number}{gap}{body}"),
            level,
            bold: match draft.bold.checked_sub(indent) {
                Some(bold) if bold > 0 => number.len() + gap.len() + bold,
                _ => 0,
            },
            note: false,
        }
    }
}

/// Returns whether a blank must stand behind a number, where programs print a tab: behind what
/// would run into the text. 一、（一）① stand close, as they are typed.
fn needs_gap(number: &str, body: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || matches!(c, '０'..='９');
    match number.chars().next_back() {
        // 1.2023年 and 1.6万 would be figures.
        Some('.' | '．') => body.starts_with(digit),
        Some('、' | '）' | ')' | '〕' | '】' | '：' | ':' | '。') => false,
        // ① to ⑳, ⑴ to ⒇, ㉑ to ㊿
        Some('\u{2460}'..='\u{24ff}' | '\u{3200}'..='\u{32ff}') => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_as_they_are_typed() {
        let print = |number: &str, body: &str| {
            let mut draft = Draft::default();
            draft.push(body, false);
            draft.finish(number, 0).text
        };
        assert_eq!(print("一、\t", "基本情况"), "一、基本情况");
        assert_eq!(print("（一）", " 抓教学"), "（一）抓教学");
        assert_eq!(print("1.", "抓教学"), "1.抓教学");
        assert_eq!(print("1.", "2023年"), "1. 2023年");
        assert_eq!(print("1.1", "抓教学"), "1.1 抓教学");
        assert_eq!(print("第一章", "总则"), "第一章 总则");
        assert_eq!(print("①", "抓教学"), "①抓教学");
        assert_eq!(print("3.", "\u{3000}"), "\u{3000}");
    }

    #[test]
    fn bold_counts_from_the_start() {
        let mut draft = Draft::default();
        draft.push(" ", false);
        draft.push("抓教学。", true);
        draft.push("全县", false);
        draft.push("教育", true);
        let paragraph = draft.finish("（一）", 2);
        assert_eq!(&paragraph.text[..paragraph.bold], "（一）抓教学。");
        assert!(draft.is_empty());
    }
}
