//! Numbers in a folded text → what of it stands as a whole, and how else it may be spelt.
//!
//! `1,600` is no pair of words 1 and 600: where a leaf matches by words, its figures are sought
//! verbatim. Other spellings have the same value: grouped or not, in 万 and 亿 or written out, with
//! another name of the same unit.

use std::ops::Range;

/// Names of one unit each, as folded.
const UNITS: &[&[&str]] = &[
    &["平方公里", "平方千米", "km2"],
    &["公里", "千米", "km"],
    &["平方米", "平米", "m2"],
    &["立方米", "m3"],
    &["公顷", "hm2"],
    &["公斤", "千克", "kg"],
];

/// Most other spellings of a text.
const MAX_SPELLINGS: usize = 12;

/// Returns the byte ranges of the figures that the segmenter cuts: `1,600`, `90.64%`, `12万`,
/// `2023年`.
///
/// `words` are the byte ranges of the text's words. 万, 亿, 年, 月, 日 and 号 belong to the number before
/// them unless they begin a longer word (2023年底).
pub(super) fn figures(folded: &str, words: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut figures = Vec::new();
    for number in numbers(folded) {
        let mut end = number.end;
        loop {
            match folded[end..].chars().next() {
                Some('%') => end += 1,
                Some(unit) if "万亿年月日号".contains(unit) => {
                    let alone = end..end + unit.len_utf8();
                    if !words.contains(&alone) {
                        break;
                    }
                    end = alone.end;
                }
                _ => break,
            }
        }
        let is_word = words.contains(&number);
        // 2.5 of PM2.5 is cut as well, and the letters before it stay a word.
        if end > number.end || !is_word {
            figures.push(number.start..end);
        }
    }
    figures
}

/// Returns the other spellings of a folded text, one of its quantities changed in each.
pub(super) fn spellings(folded: &str) -> Vec<String> {
    let mut spellings = Vec::new();
    for number in numbers(folded) {
        for (end, other) in others(folded, &number) {
            let spelling = format!("{}{other}{}", &folded[..number.start], &folded[end..]);
            if spelling != folded && !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        }
    }
    spellings.truncate(MAX_SPELLINGS);
    spellings
}

/// Returns the byte ranges of the numbers, with the points and commas inside them.
fn numbers(folded: &str) -> Vec<Range<usize>> {
    let bytes = folded.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut numbers = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while digit(at)
            || (matches!(bytes.get(at), Some(b'.' | b',')) && at > start && digit(at + 1))
        {
            at += 1;
        }
        match at > start {
            true => numbers.push(start..at),
            false => at += 1,
        }
    }
    numbers
}

/// A number without its commas, as digits and the place of its point.
struct Value {
    digits: String,
    /// How many of the digits stand behind the point.
    decimals: usize,
}

impl Value {
    /// Reads a number with commas in the right places or none.
    fn parse(number: &str) -> Option<Self> {
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let mut groups = whole.split(',');
        let first = groups.next()?;
        let rest: Vec<&str> = groups.collect();
        let is_grouped =
            (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
        let is_number = fraction.bytes().all(|byte| byte.is_ascii_digit())
            && (rest.is_empty() || is_grouped)
            && !(first.starts_with('0') && first.len() > 1);
        is_number.then(|| Value {
            digits: format!("{first}{}{fraction}", rest.concat()),
            decimals: fraction.len(),
        })
    }

    /// Returns the value times `10^places` as it is written, without needless zeros behind the point.
    fn shifted(&self, places: isize) -> Option<String> {
        let decimals = self.decimals as isize - places;
        if !(-24..=24).contains(&decimals) {
            return None;
        }
        let mut digits = self.digits.clone();
        let decimals = usize::try_from(decimals).unwrap_or_else(|_| {
            digits.push_str(&"0".repeat(decimals.unsigned_abs()));
            0
        });
        if digits.len() <= decimals {
            digits.insert_str(0, &"0".repeat(decimals + 1 - digits.len()));
        }
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            whole => whole,
        };
        let fraction = fraction.trim_end_matches('0');
        Some(match fraction {
            "" => whole.to_owned(),
            fraction => format!("{whole}.{fraction}"),
        })
    }
}

/// Returns the other spellings of a quantity with the byte offset behind what each replaces.
fn others(folded: &str, number: &Range<usize>) -> Vec<(usize, String)> {
    let written = &folded[number.clone()];
    let before = folded[..number.start].chars().next_back();
    let mut rest = &folded[number.end..];
    // PM2.5 and S11 are names.
    if before.is_some_and(|before| before.is_ascii_alphabetic()) || may_be_year(written, rest) {
        return Vec::new();
    }
    let Some(value) = Value::parse(written) else {
        return Vec::new();
    };
    let mut factor = 0;
    for (sign, places) in [('万', 4), ('亿', 8)] {
        if let Some(after) = rest.strip_prefix(sign) {
            factor += places;
            rest = after;
        }
    }
    let mut numerals = Vec::new();
    let plain = value.shifted(factor);
    let whole = plain
        .iter()
        .filter(|plain| !plain.contains('.') || factor == 0);
    for plain in whole.flat_map(|plain| [plain.clone(), grouped(plain)]) {
        numerals.push(plain);
    }
    let digits = plain
        .as_deref()
        .map_or(0, |plain| plain.find('.').unwrap_or(plain.len()));
    for (sign, places, least) in [("万", 4, 5), ("亿", 8, 9)] {
        if digits >= least
            && let Some(short) = value.shifted(factor - places)
            // 1.2345678亿 is nobody's spelling.
            && short.split_once('.').is_none_or(|(_, fraction)| fraction.len() <= 4)
        {
            numerals.push(short + sign);
        }
    }
    let end = folded.len() - rest.len();
    let own = &folded[number.start..end];
    if !numerals.iter().any(|numeral| numeral == own) {
        numerals.insert(0, own.to_owned());
    }
    let named = UNITS.iter().find_map(|names| {
        let name = names.iter().find(|name| begins_with_unit(rest, name))?;
        Some((*names, *name))
    });
    let mut others = Vec::new();
    for numeral in numerals {
        match named {
            Some((names, name)) => {
                let end = end + name.len();
                others.extend(names.iter().map(|name| (end, format!("{numeral}{name}"))));
            }
            None => others.push((end, numeral)),
        }
    }
    others
}

/// Returns whether a text begins with a unit; a Latin one ends there.
fn begins_with_unit(text: &str, unit: &str) -> bool {
    text.strip_prefix(unit).is_some_and(|after| {
        !(unit.ends_with(|last: char| last.is_ascii_alphanumeric())
            && after.starts_with(|next: char| next.is_ascii_alphanumeric()))
    })
}

/// Returns whether a number is more likely a year than a quantity: 2023, 〔2022〕, 2023年; not 2023人.
fn may_be_year(number: &str, after: &str) -> bool {
    let counts = |next: char| ('\u{4e00}'..='\u{9fff}').contains(&next) && !"年届级".contains(next);
    number.len() == 4
        && number
            .parse()
            .is_ok_and(|year| (1900..2100).contains(&year))
        && !after.starts_with(counts)
}

/// Puts commas between the thousands.
fn grouped(number: &str) -> String {
    let (whole, fraction) = number.split_at(number.find('.').unwrap_or(number.len()));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + fraction
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_spelt_in_every_way_of_one_value() {
        let check = |text: &str, others: &[&str]| assert_eq!(spellings(text), others, "{text}");
        check("1600", &["1,600"]);
        check("1,600", &["1600"]);
        check(
            "新增就业12345人",
            &["新增就业12,345人", "新增就业1.2345万人"],
        );
        check("1,234.25元", &["1234.25元"]);
        check("1.6万人", &["16000人", "16,000人"]);
        check("1.20万", &["12000", "12,000", "1.2万"]);
        check("3亿", &["300000000", "300,000,000", "30000万"]);
        check("5公里", &["5千米", "5km"]);
        check("120平方千米", &["120平方公里", "120km2"]);
        check("2023年1600户", &["2023年1,600户"]);
        check("2023", &[]);
        check("2023年", &[]);
        check("2023人", &["2,023人"]);
        check("界发[2022]20号", &[]);
        check("90.6412%", &[]);
        check("pm2.5", &[]);
        check("1,60", &[]);
        check("160", &[]);
        check("0571", &[]);
        check("0.5", &[]);
    }

    #[test]
    fn figures_stand_as_a_whole() {
        let check = |text: &str, words: &[&str], figures: &[&str]| {
            let mut at = 0;
            let place = |word: &&str| {
                let start = at + text[at..].find(*word).unwrap();
                at = start + word.len();
                start..at
            };
            let words: Vec<Range<usize>> = words.iter().map(place).collect();
            let found = super::figures(text, &words).into_iter();
            let found: Vec<&str> = found.map(|range| &text[range]).collect();
            assert_eq!(found, figures, "{text}");
        };
        check("增长6.5%", &["增长", "6", "5"], &["6.5%"]);
        check("1,600户", &["1", "600", "户"], &["1,600"]);
        check("2023年底", &["2023", "年底"], &[]);
        check("2023年1月", &["2023", "年", "1", "月"], &["2023年", "1月"]);
        check("20个", &["20", "个"], &[]);
        check("1.2万亿元", &["1", "2", "万", "亿", "元"], &["1.2万亿"]);
    }

    proptest! {
        #[test]
        fn no_text_panics_and_every_spelling_is_another(text in "[0-9,.万亿公里km2年人%a]{0,24}") {
            for spelling in spellings(&text) {
                prop_assert_ne!(&spelling, &text);
            }
            let _ = figures(&text, &[]);
        }
    }
}
