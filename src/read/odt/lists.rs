//! List styles → what their levels print.

use crate::error::Result;
use crate::read::counting::Counting;
use crate::read::lists::{LEVELS, ListLevel, Piece, bullet};
use crate::read::xml::{Element, Xml};

/// Marks around a number end behind so many characters.
const MAX_CHARS: usize = 40;

/// Reads the levels of the open list style.
///
/// # Errors
/// If the part is damaged.
pub(super) fn read_levels(xml: &mut Xml<'_>) -> Result<Vec<ListLevel>> {
    let mut levels = vec![ListLevel::default(); LEVELS];
    while let Some(element) = xml.child()? {
        let stated: usize = element.number("level").unwrap_or(0);
        let Some(index) = stated.checked_sub(1).filter(|index| *index < LEVELS) else {
            xml.skip()?;
            continue;
        };
        let mut level = match element.name() {
            "list-level-style-number" | "outline-level-style" => numbered(&element, index, &levels),
            "list-level-style-bullet" => ListLevel {
                pieces: vec![Piece::Text(
                    bullet(&cut(&element, "bullet-char")).to_owned(),
                )],
                ..ListLevel::default()
            },
            _ => ListLevel::default(),
        };
        level.is_tight = is_tight(xml)?;
        levels[index] = level;
    }
    Ok(levels)
}

/// Returns whether the open level says that nothing follows its number.
fn is_tight(xml: &mut Xml<'_>) -> Result<bool> {
    let mut tight = false;
    while let Some(element) = xml.child()? {
        tight |= element.attribute("label-followed-by").as_deref() == Some("nothing");
        tight |= is_tight(xml)?;
    }
    Ok(tight)
}

fn numbered(element: &Element<'_>, index: usize, above: &[ListLevel]) -> ListLevel {
    let counting = counting(&element.attribute("num-format").unwrap_or_default());
    let mut level = ListLevel {
        start: element.number("start-value").unwrap_or(1),
        counting,
        ..ListLevel::default()
    };
    if counting.is_none() {
        return level;
    }
    // Newer than the standard: the number with all that stands around it.
    if let Some(format) = element.attribute("num-list-format") {
        level.pieces = pieces(&format);
        return level;
    }
    let shown: usize = element.number("display-levels").unwrap_or(1);
    level.pieces.push(Piece::Text(cut(element, "num-prefix")));
    for other in (index + 1).saturating_sub(shown.max(1))..=index {
        let counts = above
            .get(other)
            .is_some_and(|level| level.counting.is_some());
        if other == index || counts {
            level.pieces.push(Piece::Number(other));
            if other < index {
                level.pieces.push(Piece::Text(".".to_owned()));
            }
        }
    }
    level.pieces.push(Piece::Text(cut(element, "num-suffix")));
    level
}

/// Returns the pieces of a text in which `%2%` stands for the number of the second level.
fn pieces(format: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut parts = format.split('%').take(4 * LEVELS).peekable();
    let mut is_number = false;
    while let Some(part) = parts.next() {
        let level = part
            .parse()
            .ok()
            .filter(|_| is_number && parts.peek().is_some());
        match level {
            Some(level) if (1..=LEVELS).contains(&level) => pieces.push(Piece::Number(level - 1)),
            _ => pieces.push(Piece::Text(part.chars().take(MAX_CHARS).collect())),
        }
        is_number = level.is_none();
    }
    pieces
}

fn cut(element: &Element<'_>, name: &str) -> String {
    let text = element.attribute(name).unwrap_or_default();
    text.chars().take(MAX_CHARS).collect()
}

/// Returns how a list counts, by its first number or numbers; `None` for none.
fn counting(format: &str) -> Option<Counting> {
    let mut chars = format.chars();
    Some(match chars.next()? {
        'a' => Counting::LowerLetter,
        'A' => Counting::UpperLetter,
        'i' => Counting::LowerRoman,
        'I' => Counting::UpperRoman,
        '0' => Counting::DecimalZero,
        '１' => Counting::FullWidth,
        '一' => Counting::Chinese,
        '〇' => Counting::ChineseDigits,
        '壹' | '壱' => Counting::ChineseLegal,
        '①' => Counting::Circled,
        '⑴' => Counting::Parenthesized,
        '⒈' => Counting::FullStop,
        '㈠' => Counting::ParenthesizedChinese,
        '甲' if chars.next() == Some('子') => Counting::StemsAndBranches,
        '甲' => Counting::HeavenlyStems,
        '子' => Counting::EarthlyBranches,
        _ => Counting::Decimal,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_numbers_are_read() {
        let text = |text: &str| Piece::Text(text.to_owned());
        assert_eq!(
            pieces("（%2%）"),
            [text("（"), Piece::Number(1), text("）")]
        );
        assert_eq!(
            pieces("%1%.%2%"),
            [
                text(""),
                Piece::Number(0),
                text("."),
                Piece::Number(1),
                text("")
            ]
        );
        assert_eq!(pieces("5%"), [text("5"), text("")]);
        assert_eq!(counting("一, 二, 三, ..."), Some(Counting::Chinese));
        assert_eq!(counting("甲, 乙, 丙, ..."), Some(Counting::HeavenlyStems));
        assert_eq!(counting("壹, 贰, 叁, ..."), Some(Counting::ChineseLegal));
        assert_eq!(counting("1"), Some(Counting::Decimal));
        assert_eq!(counting(""), None);
    }
}
