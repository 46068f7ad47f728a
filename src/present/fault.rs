//! An [`Error`] → lines for the reader: message, place, hint.

use std::fmt::Write;

use super::layout::{clean, shorten, width};
use super::{Ink, Look};
use crate::error::Error;
use crate::model::{CharSpan, Language};
use crate::say;

/// Writes an error as lines: `错误：…` with what was being done, outermost first, and its file;
/// the broken place under a copy of the input; and `提示：…`.
pub fn lines(error: &Error, doing: &[String], look: &Look) -> String {
    let language = look.language;
    let mut text = look.paint(Ink::Alarm, language.pick("错误：", "error: "));
    let path = error.path().map(|path| path.display().to_string());
    for before in doing.iter().chain(&path) {
        let before = clean(before);
        text += &say!(language, "{before}：", "{before}: ");
    }
    text += &clean(error.message(language));
    text.push('\n');
    if let Some((input, span)) = error.place() {
        text += &place(input, span, look);
    }
    if let Some(hint) = error.hint(language) {
        let label = language.pick("提示：", "hint: ");
        let _ = writeln!(text, "{}{}", look.paint(Ink::Advice, label), clean(hint));
    }
    text
}

/// Writes the causes beneath an error, one a line, in the words of the libraries below; empty if
/// the error has none.
pub fn causes(error: &Error, language: Language) -> String {
    let mut text = String::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let label = language.pick("原因：", "cause: ");
        let _ = writeln!(text, "{label}{}", clean(&error.to_string()));
        cause = error.source();
    }
    text
}

/// Writes the input's line that holds the span, with carets under the span.
fn place(input: &str, span: CharSpan, look: &Look) -> String {
    let characters: Vec<char> = input.chars().collect();
    let start = span.start.min(characters.len());
    let end = span.end.clamp(start, characters.len());
    let is_break = |character: &char| matches!(character, '\n' | '\r');
    let first = characters[..start]
        .iter()
        .rposition(is_break)
        .map_or(0, |at| at + 1);
    let last = characters[start..]
        .iter()
        .position(is_break)
        .map_or(characters.len(), |at| start + at);
    let piece = |from: usize, to: usize| clean(&characters[from..to].iter().collect::<String>());

    let (before, broken, after) = (
        piece(first, start),
        piece(start, end.min(last)),
        piece(end.min(last), last),
    );
    // A pasted paragraph would push the broken place off the screen.
    let before = keep_end(&before, 60);
    let after = shorten(&after, 40);
    let carets = "^".repeat(width(&broken).max(1));
    format!(
        "  {before}{broken}{after}\n  {}{}\n",
        " ".repeat(width(&before)),
        look.paint(Ink::Alarm, &carets)
    )
}

fn keep_end(text: &str, columns: usize) -> String {
    let reversed: String = text.chars().rev().collect();
    shorten(&reversed, columns).chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn check(input: &str, start: usize, end: usize, expected: &str) {
        let error = Error::new(ErrorKind::Query, "括号没有配对", "unbalanced parenthesis")
            .with_place(input, CharSpan::new(start, end))
            .with_hint("补上右括号", "close it");
        let text = lines(&error, &[], &Look::default());
        assert_eq!(
            text,
            format!("错误：括号没有配对\n{expected}提示：补上右括号\n")
        );
    }

    #[test]
    fn carets_stand_under_the_span() {
        check("乡村 AND (教育", 7, 8, "  乡村 AND (教育\n           ^\n");
        check("年份：abc", 3, 6, "  年份：abc\n        ^^^\n");
        check("乡村振兴", 2, 4, "  乡村振兴\n      ^^^^\n");
    }

    #[test]
    fn a_span_at_or_past_the_end_gets_one_caret() {
        check("乡村", 2, 2, "  乡村\n      ^\n");
        check("乡村", 9, 12, "  乡村\n      ^\n");
        check("", 0, 0, "  \n  ^\n");
    }

    #[test]
    fn only_the_broken_line_is_shown() {
        check("甲\n乙 (丙\n丁", 4, 5, "  乙 (丙\n     ^\n");
    }

    #[test]
    fn path_and_language() {
        let error = Error::io("a/b", std::io::ErrorKind::NotFound.into());
        let look = Look {
            language: Language::En,
            ..Look::default()
        };
        assert_eq!(
            lines(&error, &["cannot write c".to_owned()], &look),
            "error: cannot write c: a/b: no such file or folder\n"
        );
        assert_eq!(
            lines(&error, &[], &Look::default()),
            "错误：a/b：找不到文件或文件夹\n"
        );
    }
}
