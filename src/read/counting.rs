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
    /// 甲, 乙, 丙
    HeavenlyStems,
    /// 子, 丑, 寅
    EarthlyBranches,
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
    /// Returns the kind that Word's formats number so (`nfc` of DOC and RTF); `None` for bullets,
    /// for no number, and for kinds that no Chinese document has.
    pub(super) fn of_word(code: i32) -> Option<Self> {
        Some(match code {
            0 | 5..=7 | 15 => Counting::Decimal,
            1 => Counting::UpperRoman,
            2 => Counting::LowerRoman,
            3 => Counting::UpperLetter,
            4 => Counting::LowerLetter,
            10 | 17 | 36 => Counting::ChineseDigits,
            11 | 33 | 35 | 37 | 39 => Counting::Chinese,
            14 | 19 => Counting::FullWidth,
            16 | 34 | 38 => Counting::ChineseLegal,
            18 | 28 => Counting::Circled,
            22 => Counting::DecimalZero,
            26 => Counting::FullStop,
            27 => Counting::Parenthesized,
            30 => Counting::HeavenlyStems,
            31 => Counting::EarthlyBranches,
            _ => return None,
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
            Counting::HeavenlyStems => cycle("甲乙丙丁戊己庚辛壬癸", value),
            Counting::EarthlyBranches => cycle("子丑寅卯辰巳午未申酉戌亥", value),
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
