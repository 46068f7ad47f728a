//! 一、 （一） 1. （1） ① 第一章: the number at the start of a line.

use crate::schema::{Digits, Numbering};

/// A number at the start of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marker {
    /// Index of the style among the schema's.
    pub(super) style: usize,
    /// Level of a heading so numbered.
    pub(super) level: u8,
    /// Rank of the style: lower ranks stand above.
    pub(super) rank: u8,
    /// The number.
    pub(super) value: u32,
    /// Bytes of the number with its marks.
    pub(super) length: usize,
}

/// Reads the number at the start of `text`.
///
/// Not numbers: decimals (`1.6万`), 一是, ranges (`一、二、三产业`), dates.
pub(super) fn marker(text: &str, styles: &[Numbering]) -> Option<Marker> {
    // Nearly all lines leave here, at their first character.
    let first = text.chars().next()?;
    if !matches!(first, '第' | '（' | '(' | '0'..='9' | '０'..='９')
        && han_digit(first).is_none()
        && circled(first).is_none()
    {
        return None;
    }
    styles
        .iter()
        .enumerate()
        .find_map(|(index, style)| fit(text, index, style))
}

fn fit(text: &str, index: usize, style: &Numbering) -> Option<Marker> {
    let rest = strip_one(text, &style.before)?;
    let rest = rest.trim_start_matches(BLANKS);
    let (value, rest) = match style.digits {
        Digits::Han => han(rest),
        Digits::Arabic => arabic(rest),
        Digits::Circled => rest
            .chars()
            .next()
            .and_then(circled)
            .map(|value| (value, rest.get(3..).unwrap_or_default())),
    }?;
    let rest = strip_one(rest.trim_start_matches(BLANKS), &style.after)?;
    if style.before.is_empty() && is_no_number(rest, style.digits) {
        return None;
    }
    // `（一）、` is written as well.
    let rest = match style.before.is_empty() {
        true => rest,
        false => rest.strip_prefix('、').unwrap_or(rest),
    };
    let length = text.len() - rest.trim_start_matches(BLANKS).len();
    Some(Marker {
        style: index,
        level: style.level,
        rank: style.rank,
        value,
        length,
    })
}

const BLANKS: [char; 4] = [' ', '\t', '\u{3000}', '\u{a0}'];

fn strip_one<'t>(text: &'t str, marks: &[String]) -> Option<&'t str> {
    if marks.is_empty() {
        return Some(text);
    }
    marks
        .iter()
        .find_map(|mark| text.strip_prefix(mark.as_str()))
}

/// Returns whether what follows shows that the digits are part of a number or a list in a sentence.
fn is_no_number(rest: &str, digits: Digits) -> bool {
    let mut after = rest.chars();
    let (Some(first), second) = (after.next(), after.next()) else {
        return false;
    };
    match digits {
        Digits::Han => {
            han_digit(first).is_some()
                && second.is_some_and(|c| {
                    matches!(
                        c,
                        '、' | '产' | '线' | '月' | '级' | '类' | '期' | '次' | '季' | '届' | '者'
                    )
                })
        }
        // 1.2023年工作 is number and year; 1.6万 is neither.
        Digits::Arabic => is_arabic(first) && !starts_with_year(rest),
        Digits::Circled => false,
    }
}

fn starts_with_year(text: &str) -> bool {
    let mut digits = 0;
    for c in text.chars() {
        match c {
            c if is_arabic(c) => digits += 1,
            '年' => return digits == 4,
            _ => return false,
        }
        if digits > 4 {
            return false;
        }
    }
    false
}

fn is_arabic(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// Returns the value of 一 … 十.
pub(super) fn han_digit(c: char) -> Option<u32> {
    Some(match c {
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        '十' => 10,
        _ => return None,
    })
}

/// ① to ⑳.
fn circled(c: char) -> Option<u32> {
    matches!(c, '①'..='⑳').then(|| c as u32 - '①' as u32 + 1)
}

/// Reads 一 … 九十九.
fn han(text: &str) -> Option<(u32, &str)> {
    let mut value = 0;
    let mut rest = text;
    let mut previous = None;
    while let Some((digit, c)) = rest.chars().next().and_then(|c| Some((han_digit(c)?, c))) {
        value = match (previous, digit) {
            (None, digit) => digit,
            (Some(tens), 10) if tens < 10 => tens * 10,
            (Some(10), digit) if digit < 10 && value % 10 == 0 => value + digit,
            _ => return None,
        };
        previous = Some(digit);
        rest = &rest[c.len_utf8()..];
    }
    previous.map(|_| (value, rest))
}

/// Reads one or two digits that no third follows.
fn arabic(text: &str) -> Option<(u32, &str)> {
    let mut value = 0;
    let mut rest = text;
    for count in 0..3 {
        let Some(c) = rest.chars().next().filter(|c| is_arabic(*c)) else {
            return (count > 0).then_some((value, rest));
        };
        let digit = match c {
            '0'..='9' => c as u32 - '0' as u32,
            _ => c as u32 - '０' as u32,
        };
        value = value * 10 + digit;
        rest = &rest[c.len_utf8()..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    #[test]
    fn numbers_are_read_in_all_styles() {
        let schema = Schema::embedded().expect("schema");
        let check = |text: &str, expected: Option<(u8, u32, &str)>| {
            let found = marker(text, &schema.headings.numbering)
                .map(|marker| (marker.level, marker.value, &text[marker.length..]));
            assert_eq!(found, expected, "{text}");
        };
        check("一、高度重视", Some((1, 1, "高度重视")));
        check("十二、高度", Some((1, 12, "高度")));
        check("二十三、高度", Some((1, 23, "高度")));
        check("二、一年来的工作", Some((1, 2, "一年来的工作")));
        check("（三）三大攻坚战", Some((2, 3, "三大攻坚战")));
        check("(一)深入", Some((2, 1, "深入")));
        check("（ 一 ）深入", Some((2, 1, "深入")));
        check("1.招商", Some((3, 1, "招商")));
        check("1．招商", Some((3, 1, "招商")));
        check("１、招商", Some((3, 1, "招商")));
        check("12.2023年工作", Some((3, 12, "2023年工作")));
        check("（1）招商", Some((4, 1, "招商")));
        check("1）招商", Some((4, 1, "招商")));
        check("①招商", Some((5, 1, "招商")));
        check("第一章 总则", Some((1, 1, "总则")));
        check("第二部分　回顾", Some((1, 2, "回顾")));
        check("第三节 目标", Some((2, 3, "目标")));
        for text in [
            "一是",
            "一一、",
            "1.6万人次",
            "5.12汶川",
            "104.6亿元",
            "一、二、三产业",
            "（一期）",
            "（2021年XX元）",
            "2023年12月8日",
            "4月25日，",
            "第一，",
            "三、四线城市",
            "1:1",
            "",
            "十月、",
            "百、",
            "1、2号楼",
        ] {
            check(text, None);
        }
    }
}
