//! Numbers of automatic lists → as they are printed.

/// How a list counts: the kinds that office programs have and Chinese documents use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counting {
    /// 1, 2, 3
    Decimal,
    /// 01, 02, 03
    DecimalZero,
    /// １, ２, ３
    FullWidth,
    /// 一, 二, … 十, 十一, … 一百二十三
    Chinese,
    /// 〇 for zero and digit by digit: 一, 二, … 一〇, 一一
    ChineseDigits,
    /// 壹, 贰, 叁
    ChineseLegal,
    /// ①, ②, ③ up to 50, then plain digits
    Circled,
    /// ⑴, ⑵, ⑶ up to 20, then (21)
    Parenthesized,
    /// ⒈, ⒉, ⒊ up to 20, then 21.
    FullStop,
    /// ㈠, ㈡, ㈢ up to 10, then （十一）
    ParenthesizedChinese,
    /// 甲, 乙, 丙
    HeavenlyStems,
    /// 子, 丑, 寅
    EarthlyBranches,
    /// 甲子, 乙丑, 丙寅
    StemsAndBranches,
    /// a, b, … z, aa, bb
    LowerLetter,
    /// A, B, … Z, AA, BB
    UpperLetter,
    /// i, ii, iii
    LowerRoman,
    /// I, II, III
    UpperRoman,
}

impl Counting {
    /// Returns how a list counts by its code in binary Word and RTF ([MS-OSHARED] 2.2.1.3,
    /// "MSONFC"); `None` for a bullet and for no number. Counting of other scripts is printed as
    /// digits.
    pub(super) fn from_msonfc(code: u16) -> Option<Self> {
        Some(match code {
            0x01 => Counting::UpperRoman,
            0x02 => Counting::LowerRoman,
            0x03 => Counting::UpperLetter,
            0x04 => Counting::LowerLetter,
            0x0a | 0x24 => Counting::ChineseDigits,
            0x0b | 0x21 | 0x23 | 0x25 | 0x27 => Counting::Chinese,
            0x0e | 0x13 => Counting::FullWidth,
            0x10 | 0x22 | 0x26 => Counting::ChineseLegal,
            0x12 | 0x1c => Counting::Circled,
            0x16 => Counting::DecimalZero,
            0x17 | 0xff => return None,
            0x1a => Counting::FullStop,
            0x1b => Counting::Parenthesized,
            // Called circled, but printed with the parentheses that GB 2312 has.
            0x1d => Counting::ParenthesizedChinese,
            0x1e => Counting::HeavenlyStems,
            0x1f => Counting::EarthlyBranches,
            0x20 => Counting::StemsAndBranches,
            _ => Counting::Decimal,
        })
    }

    /// Returns a number as the list prints it, without what stands before and behind it.
    pub(super) fn print(self, value: u32) -> String {
        match self {
            Counting::Decimal => value.to_string(),
            Counting::DecimalZero => format!("{value:02}"),
            Counting::FullWidth => value.to_string().chars().map(wide).collect(),
            Counting::Chinese => chinese(value, &PLAIN),
            Counting::ChineseLegal => chinese(value, &LEGAL),
            Counting::ChineseDigits => value
                .to_string()
                .bytes()
                .filter_map(|digit| "〇一二三四五六七八九".chars().nth((digit - b'0').into()))
                .collect(),
            Counting::Circled => match value {
                0 => "⓪".to_owned(),
                1..=20 => shifted('①', value - 1),
                21..=35 => shifted('㉑', value - 21),
                36..=50 => shifted('㊱', value - 36),
                _ => value.to_string(),
            },
            Counting::Parenthesized => match value {
                1..=20 => shifted('⑴', value - 1),
                _ => format!("({value})"),
            },
            Counting::FullStop => match value {
                1..=20 => shifted('⒈', value - 1),
                _ => format!("{value}."),
            },
            Counting::ParenthesizedChinese => match value {
                1..=10 => shifted('㈠', value - 1),
                _ => format!("（{}）", chinese(value, &PLAIN)),
            },
            Counting::HeavenlyStems => cycle(STEMS, value),
            Counting::EarthlyBranches => cycle(BRANCHES, value),
            Counting::StemsAndBranches => {
                let pair = (value.max(1) - 1) % 60 + 1;
                cycle(STEMS, pair) + &cycle(BRANCHES, pair)
            }
            Counting::LowerLetter => letters('a', value),
            Counting::UpperLetter => letters('A', value),
            Counting::LowerRoman => roman(value),
            Counting::UpperRoman => roman(value).to_uppercase(),
        }
    }
}

/// Digits, then ten, hundred, thousand, ten thousand.
type Numerals = ([char; 10], [char; 4]);

const PLAIN: Numerals = (
    ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'],
    ['十', '百', '千', '万'],
);

const LEGAL: Numerals = (
    ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'],
    ['拾', '佰', '仟', '萬'],
);

const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";
const BRANCHES: &str = "子丑寅卯辰巳午未申酉戌亥";

fn chinese(value: u32, numerals: &Numerals) -> String {
    let (digits, units) = numerals;
    if value >= 100_000 {
        return value.to_string();
    }
    if value == 0 {
        return digits[0].to_string();
    }
    let (mut text, mut rest, mut zero) = (String::new(), value, false);
    for power in (0..=4u32).rev() {
        let unit = 10u32.pow(power);
        let digit = (rest / unit) as usize;
        rest %= unit;
        if digit == 0 {
            zero = !text.is_empty();
            continue;
        }
        if std::mem::take(&mut zero) {
            text.push(digits[0]);
        }
        // 十二, not 一十二; but 一百一十二.
        if !(power == 1 && digit == 1 && text.is_empty() && *units == PLAIN.1) {
            text.push(digits[digit]);
        }
        if power > 0 {
            text.push(units[power as usize - 1]);
        }
    }
    text
}

fn shifted(first: char, by: u32) -> String {
    char::from_u32(first as u32 + by).map_or_else(String::new, String::from)
}

fn wide(digit: char) -> char {
    char::from_u32(digit as u32 + 0xfee0).unwrap_or(digit)
}

fn cycle(names: &str, value: u32) -> String {
    let count = names.chars().count();
    let index = (value.max(1) as usize - 1) % count;
    names.chars().skip(index).take(1).collect()
}

fn letters(first: char, value: u32) -> String {
    let value = value.max(1) - 1;
    // A list of 800 items ends at 31 letters; a lying number shall not fill the memory.
    shifted(first, value % 26).repeat((value / 26 + 1).min(31) as usize)
}

fn roman(value: u32) -> String {
    const PARTS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if value == 0 || value >= 10_000 {
        return value.to_string();
    }
    let (mut text, mut rest) = (String::new(), value);
    for (unit, letters) in PARTS {
        while rest >= unit {
            text.push_str(letters);
            rest -= unit;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_office_programs_do() {
        let check = |style: Counting, values: &[u32]| {
            let printed: Vec<String> = values.iter().map(|value| style.print(*value)).collect();
            printed.join(" ")
        };
        assert_eq!(
            check(
                Counting::Chinese,
                &[0, 1, 10, 12, 20, 21, 100, 105, 112, 1003, 10010]
            ),
            "零 一 十 十二 二十 二十一 一百 一百零五 一百一十二 一千零三 一万零一十"
        );
        assert_eq!(
            check(Counting::ChineseLegal, &[1, 10, 12]),
            "壹 壹拾 壹拾贰"
        );
        assert_eq!(check(Counting::ChineseDigits, &[10, 203]), "一〇 二〇三");
        assert_eq!(
            check(Counting::Circled, &[1, 20, 21, 50, 51]),
            "① ⑳ ㉑ ㊿ 51"
        );
        assert_eq!(check(Counting::LowerLetter, &[1, 26, 27, 28]), "a z aa bb");
        assert_eq!(
            check(Counting::UpperRoman, &[4, 9, 14, 1999]),
            "IV IX XIV MCMXCIX"
        );
        assert_eq!(check(Counting::FullWidth, &[12]), "１２");
        assert_eq!(check(Counting::HeavenlyStems, &[1, 10, 11]), "甲 癸 甲");
    }
}
