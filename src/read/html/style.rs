//! A `style` attribute → what matters for reading: shown or not, block or inline, bold, list marks.

use crate::read::counting::Counting;

/// How an element takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Display {
    /// Not shown at all.
    None,
    /// On lines of its own.
    Block,
    /// Within a line.
    Inline,
}

/// Declarations of one `style` attribute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Style {
    /// Place, if it is stated.
    pub(super) display: Option<Display>,
    /// Weight of the letters, if it is stated.
    pub(super) bold: Option<bool>,
    /// Whether line ends and blanks are kept, if it is stated.
    pub(super) preformatted: Option<bool>,
    /// How list items are marked, if it is stated.
    pub(super) marks: Option<Marks>,
    /// Whether it holds the number that Word printed before a paragraph.
    pub(super) is_word_number: bool,
    /// What Word says it is: a footnote, a comment.
    pub(super) word_element: Option<WordElement>,
}

/// `mso-element` of what stands apart in a document that Word wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordElement {
    /// A footnote's or endnote's text.
    Note,
    /// A reviewer's remark, a header or a footer.
    Aside,
}

/// How the items of a list are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marks {
    /// With dots, or not at all.
    Unnumbered,
    /// With numbers: how they count, what stands before and behind.
    Numbered(Counting, &'static str, &'static str),
}

impl Style {
    /// Reads a `style` attribute.
    pub(super) fn parse(text: &str) -> Style {
        let mut style = Style::default();
        for declaration in text.split(';') {
            let Some((name, value)) = declaration.split_once(':') else {
                continue;
            };
            let value = value.trim().to_ascii_lowercase();
            let value = value.trim_end_matches("!important").trim_end();
            style.declare(name.trim().to_ascii_lowercase().as_str(), value);
        }
        style
    }

    fn declare(&mut self, name: &str, value: &str) {
        match (name, value) {
            ("display", "none") | ("visibility", "hidden") | ("mso-hide", "all") => {
                self.display = Some(Display::None);
            }
            ("display", "inline") if self.display.is_none() => {
                self.display = Some(Display::Inline);
            }
            ("display", "block" | "list-item" | "table" | "flex" | "grid")
                if self.display.is_none() =>
            {
                self.display = Some(Display::Block);
            }
            ("font-weight", _) => {
                let heavy = value.parse().is_ok_and(|weight: u32| weight >= 600);
                self.bold = Some(heavy || matches!(value, "bold" | "bolder"));
            }
            ("white-space", _) => {
                self.preformatted = Some(matches!(value, "pre" | "pre-wrap" | "pre-line"));
            }
            ("list-style" | "list-style-type", _) => {
                self.marks = value.split_whitespace().find_map(marks).or(self.marks);
            }
            ("mso-list", "ignore") => self.is_word_number = true,
            ("mso-element", "footnote" | "endnote") => {
                self.word_element = Some(WordElement::Note);
            }
            ("mso-element", "comment" | "comment-list" | "header" | "footer") => {
                self.word_element = Some(WordElement::Aside);
            }
            _ => {}
        }
    }
}

/// Returns the marks that CSS calls by this name.
fn marks(name: &str) -> Option<Marks> {
    let (counting, behind) = match name {
        "none" | "disc" | "circle" | "square" => return Some(Marks::Unnumbered),
        "decimal" => (Counting::Decimal, ". "),
        "decimal-leading-zero" => (Counting::DecimalZero, ". "),
        "cjk-ideographic" | "simp-chinese-informal" | "trad-chinese-informal" => {
            (Counting::Chinese, "、")
        }
        "simp-chinese-formal" | "trad-chinese-formal" => (Counting::ChineseLegal, "、"),
        "cjk-decimal" => (Counting::ChineseDigits, "、"),
        "cjk-heavenly-stem" => (Counting::HeavenlyStems, "、"),
        "cjk-earthly-branch" => (Counting::EarthlyBranches, "、"),
        "lower-alpha" | "lower-latin" => (Counting::LowerLetter, ". "),
        "upper-alpha" | "upper-latin" => (Counting::UpperLetter, ". "),
        "lower-roman" => (Counting::LowerRoman, ". "),
        "upper-roman" => (Counting::UpperRoman, ". "),
        _ => return None,
    };
    Some(Marks::Numbered(counting, "", behind))
}

/// Returns the marks of an `ol`, by its `type` or the class that a common editor (UEditor) gives.
pub(super) fn marks_of_list(kind: Option<&str>, class: &str) -> Marks {
    let by_class = class.split_whitespace().find_map(|class| match class {
        "custom_cn" => Some((Counting::Chinese, "", "、")),
        "custom_cn1" => Some((Counting::Chinese, "", "）")),
        "custom_cn2" => Some((Counting::Chinese, "（", "）")),
        "custom_num" => Some((Counting::Decimal, "", "、")),
        "custom_num1" => Some((Counting::Decimal, "", "）")),
        "custom_num2" => Some((Counting::Decimal, "（", "）")),
        _ => None,
    });
    let (counting, before, behind) = by_class.unwrap_or(match kind.map(str::trim) {
        Some("a") => (Counting::LowerLetter, "", ". "),
        Some("A") => (Counting::UpperLetter, "", ". "),
        Some("i") => (Counting::LowerRoman, "", ". "),
        Some("I") => (Counting::UpperRoman, "", ". "),
        _ => (Counting::Decimal, "", ". "),
    });
    Marks::Numbered(counting, before, behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_read() {
        let hidden = Style::parse("color:red; DISPLAY : None !important");
        assert_eq!(hidden.display, Some(Display::None));
        assert_eq!(Style::parse("font-weight: 700").bold, Some(true));
        assert_eq!(Style::parse("font-weight:normal").bold, Some(false));
        let chinese = Marks::Numbered(Counting::Chinese, "", "、");
        let list = Style::parse("list-style:cjk-ideographic inside");
        assert_eq!(list.marks, Some(chinese));
        assert!(Style::parse("mso-list:Ignore").is_word_number);
        assert_eq!(Style::parse(";;:;a:b:c"), Style::default());
    }
}
