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

    /// Returns the paragraph and begins the next. `number` is what a list prints in front, with the
    /// blank or tab behind it if there is one; a blank paragraph stays without.
    pub(super) fn finish(&mut self, number: &str, level: u8) -> Paragraph {
        let draft = std::mem::take(self);
        let (text, bold) = (draft.text.trim_start(), draft.bold);
        if !is_number(number) || text.is_empty() {
            return Paragraph {
                text: draft.text,
                level,
                bold,
                note: false,
            };
        }
        let printed = number.trim();
        let gap = if is_apart(number) { " " } else { "" };
        let indent = draft.text.len() - text.len();
        Paragraph {
            text: format!("{printed}{gap}{text}"),
            level,
            bold: match bold.saturating_sub(indent) {
                0 => 0,
                bold => printed.len() + gap.len() + bold,
            },
            note: false,
        }
    }
}

/// Returns whether a list prints a number, not a bullet: that is ornament, not text.
fn is_number(printed: &str) -> bool {
    printed.contains(char::is_alphanumeric)
}

/// Returns whether a blank stands between a number and its text. Behind a full-width mark, where
/// programs print one, the mark sets it apart already.
fn is_apart(number: &str) -> bool {
    let printed = number.trim_end();
    number.len() > printed.len() && !printed.ends_with(['、', '）', '．', '。', '：'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_as_they_are_printed() {
        let print = |number: &str, body: &str| {
            let mut draft = Draft::default();
            draft.push(body, false);
            draft.finish(number, 0).text
        };
        assert_eq!(print("一、\t", "基本情况"), "一、基本情况");
        assert_eq!(print("（一）", " 抓教学"), "（一）抓教学");
        assert_eq!(print(" 1.\t", "抓教学"), "1. 抓教学");
        assert_eq!(print("1.", "抓教学"), "1.抓教学");
        assert_eq!(print("第一章 ", "总则"), "第一章 总则");
        assert_eq!(print("①", "抓教学"), "①抓教学");
        assert_eq!(print("•\t", "抓教学"), "抓教学");
        assert_eq!(print("3.\t", "\u{3000}"), "\u{3000}");
    }

    #[test]
    fn bold_counts_from_the_start() {
        let mut draft = Draft::default();
        draft.push(" ", false);
        draft.push("抓教学。", true);
        draft.push("全县", false);
        draft.push("教育", true);
        let paragraph = draft.finish("（一）\t", 2);
        assert_eq!(&paragraph.text[..paragraph.bold], "（一）抓教学。");
        assert!(draft.is_empty());
    }
}
