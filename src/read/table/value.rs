//! A number and its format → what the cell shows.
//!
//! Decimals, percent, and words around the figure are as shown; separators of thousands are left
//! out, so that a figure is found however it is grouped. Dates are `2024-01-12`, or `2024年1月12日`
//! where the format says so.

use calamine::{ExcelDateTime, ExcelDateTimeType};

/// A day and a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) date: (u16, u8, u8),
    pub(super) time: (u8, u8, u8),
}

impl Moment {
    /// Returns the day and time of a number of days since the epoch; days before it are its own.
    pub(super) fn of(days: f64, is_1904: bool) -> Self {
        let moment = ExcelDateTime::new(days, ExcelDateTimeType::DateTime, is_1904);
        let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
        Moment {
            date: (year, month, day),
            time: (hour, minute, second),
        }
    }
}

/// Returns the code of a format that programs know by its number; those from 27 on as the Chinese
/// ones show them.
pub(super) fn built_in(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        14..=17 => "yyyy-mm-dd",
        18..=21 | 45 | 47 => "h:mm",
        22 => "yyyy-mm-dd h:mm",
        27 | 36 | 50 | 57 => "yyyy年m月",
        28 | 29 | 51 | 54 | 58 => "m月d日",
        30 => "yyyy-mm-dd",
        31 => "yyyy年m月d日",
        32..=35 | 52 | 53 | 55 | 56 => "h:mm",
        37 | 38 => "#,##0",
        39 | 40 => "#,##0.00",
        46 => "[h]:mm:ss",
        _ => "",
    }
}

/// Returns whether a format shows a day or a time.
pub(super) fn is_moment(format: &str) -> bool {
    let mut chars = format.split(';').next().unwrap_or_default().chars();
    while let Some(character) = chars.next() {
        match character {
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => while chars.next().is_some_and(|c| c != ']') {},
            'y' | 'm' | 'd' | 'h' | 's' | 'Y' | 'M' | 'D' | 'H' | 'S' => return true,
            _ => {}
        }
    }
    false
}

/// Returns what a cell shows of a number.
pub(super) fn number(value: f64, format: &str) -> String {
    let Some(format) = Format::parse(section(format, value)) else {
        return general(value);
    };
    let shown = match format.percent {
        true => value * 100.0,
        false => value,
    };
    // A second section for negative values shows no sign of its own.
    let mut figure = format!("{:.*}", format.decimals, shown);
    if format.optional > 0 {
        let fixed = figure.len() - format.optional;
        let kept = figure.trim_end_matches('0').len().max(fixed);
        figure.truncate(kept);
        figure.truncate(figure.trim_end_matches('.').len());
    }
    let percent = if format.percent { "%" } else { "" };
    format!("{}{figure}{percent}{}", format.before, format.behind)
}

/// Returns a number as it is shown without a format: 15 digits count.
fn general(value: f64) -> String {
    let rounded = format!("{value:.14e}").parse().unwrap_or(value);
    match (1e-9..1e16).contains(&f64::abs(rounded)) || rounded == 0.0 {
        true => format!("{rounded}"),
        false => format!("{rounded:e}"),
    }
}

/// Returns what a cell shows of a day or a time. `days` is the value itself.
pub(super) fn moment(moment: Moment, days: f64, format: &str) -> String {
    let (year, month, day) = moment.date;
    let (hour, minute, second) = moment.time;
    let time = match second {
        0 => format!("{hour}:{minute:02}"),
        _ => format!("{hour}:{minute:02}:{second:02}"),
    };
    if (0.0..1.0).contains(&days) {
        return time;
    }
    let format = format.to_ascii_lowercase();
    let date = if format.contains(['年', '月']) {
        let part = |letter, value: u32, word| match format.contains(letter) {
            true => format!("{value}{word}"),
            false => String::new(),
        };
        part('y', year.into(), "年") + &part('m', month.into(), "月") + &part('d', day.into(), "日")
    } else {
        format!("{year:04}-{month:02}-{day:02}")
    };
    match (hour, minute, second) {
        (0, 0, 0) => date,
        _ => format!("{date} {time}"),
    }
}

/// Returns a length of time in days as hours and minutes.
pub(super) fn duration(days: f64) -> String {
    let seconds = (days * 86_400.0).round().clamp(-1e12, 1e12) as i64;
    let (sign, seconds) = (if seconds < 0 { "-" } else { "" }, seconds.abs());
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match seconds % 60 {
        0 => format!("{sign}{hours}:{minutes:02}"),
        rest => format!("{sign}{hours}:{minutes:02}:{rest:02}"),
    }
}

/// Returns the text of a cell; line ends of other systems are written out in workbooks.
pub(super) fn text(text: &str) -> String {
    match text.contains("_x000D_") {
        true => text.replace("_x000D_", ""),
        false => text.to_owned(),
    }
}

/// Returns the section of a format that a value is shown by: positive; negative; zero.
fn section(format: &str, value: f64) -> &str {
    let mut sections = format.split(';');
    let first = sections.next().unwrap_or_default();
    match sections.next() {
        Some(_) if value == 0.0 => sections.next().unwrap_or(first),
        _ => first,
    }
}

/// What a format shows a number with.
#[derive(Debug, Default)]
struct Format {
    before: String,
    behind: String,
    decimals: usize,
    /// So many of the decimals are shown only where they are not zero.
    optional: usize,
    percent: bool,
}

impl Format {
    /// Reads a section; `None` for what is shown as if there were none.
    fn parse(section: &str) -> Option<Format> {
        let mut format = Format::default();
        let (mut has_digits, mut in_decimals) = (false, false);
        let mut chars = section.chars();
        while let Some(character) = chars.next() {
            let literal: String = match character {
                '0' | '#' | '?' => {
                    if has_digits && !format.behind.is_empty() {
                        // Digits around words: a telephone number, say.
                        return None;
                    }
                    has_digits = true;
                    format.decimals += usize::from(in_decimals);
                    format.optional += usize::from(in_decimals && character != '0');
                    continue;
                }
                '.' => {
                    in_decimals = true;
                    continue;
                }
                '%' => {
                    format.percent = true;
                    continue;
                }
                ',' => match has_digits && !chars.as_str().starts_with(['0', '#', '?', ',']) {
                    // Behind the digits it divides by a thousand.
                    true => return None,
                    false => continue,
                },
                // Blanks as wide as a character, and fillings.
                '_' | '*' => {
                    chars.next();
                    continue;
                }
                '[' => {
                    while chars.next().is_some_and(|c| c != ']') {}
                    continue;
                }
                '\\' => chars.next().map_or_else(String::new, String::from),
                '"' => chars.by_ref().take_while(|c| *c != '"').collect(),
                'E' | 'e' | '/' | '@' | 'G' | 'g' => return None,
                other => other.to_string(),
            };
            match has_digits {
                true => format.behind += &literal,
                false => format.before += &literal,
            }
        }
        let (before, behind) = (format.before.trim_start(), format.behind.trim_end());
        (format.before, format.behind) = (before.to_owned(), behind.to_owned());
        (has_digits && format.decimals <= 15).then_some(format)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_their_formats_say() {
        for (value, format, shown) in [
            (2023.0, "", "2023"),
            (2023.0, "General", "2023"),
            (0.1 + 0.2, "General", "0.3"),
            (128.6, "0.00", "128.60"),
            (1234567.891, "#,##0.0", "1234567.9"),
            (0.0615, "0.0%", "6.2%"),
            (0.5, "0%", "50%"),
            (12.5, "0.0#", "12.5"),
            (12.0, "#.##", "12"),
            (12.3, "0.0\"亿元\"", "12.3亿元"),
            (3.0, "第0名", "第3名"),
            (-5.0, "#,##0_);[Red](#,##0)", "-5"),
            (1.5e300, "", "1.5e300"),
            (12345.0, "0.00E+00", "12345"),
            (f64::NAN, "0.00", "NaN"),
        ] {
            assert_eq!(number(value, format), shown, "{value} {format}");
        }
    }

    #[test]
    fn formats_of_days_are_told() {
        for (format, expected) in [
            ("yyyy/m/d", true),
            ("[$-804]yyyy\"年\"m\"月\"", true),
            ("0.00\"mm\"", false),
            ("[Red]0.0", false),
            ("", false),
            ("\\d0", false),
        ] {
            assert_eq!(is_moment(format), expected, "{format}");
        }
        assert_eq!(Moment::of(45303.5, false).date, (2024, 1, 12));
        assert_eq!(Moment::of(f64::NAN, false).time, (0, 0, 0));
    }

    #[test]
    fn days_and_times() {
        let day = Moment {
            date: (2024, 1, 12),
            time: (0, 0, 0),
        };
        assert_eq!(moment(day, 45303.0, "yyyy/m/d"), "2024-01-12");
        assert_eq!(
            moment(day, 45303.0, "yyyy\"年\"m\"月\"d\"日\""),
            "2024年1月12日"
        );
        assert_eq!(moment(day, 45303.0, "yyyy\"年\"m\"月\""), "2024年1月");
        let time = Moment {
            time: (8, 5, 0),
            ..day
        };
        assert_eq!(moment(time, 45303.4, "yyyy-mm-dd hh:mm"), "2024-01-12 8:05");
        assert_eq!(moment(time, 0.34, "h:mm"), "8:05");
        assert_eq!(duration(1.5), "36:00");
        assert!(!duration(f64::INFINITY).is_empty());
    }
}
