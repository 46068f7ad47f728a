//! Dates and years as Chinese texts write them.

use regex::Captures;

use crate::schema::Cues;

/// A date as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date {
    /// 1000 to 2999.
    pub(super) year: i32,
    /// 1 to 12.
    pub(super) month: Option<u32>,
    /// 1 to 31.
    pub(super) day: Option<u32>,
}

impl std::fmt::Display for Date {
    /// Writes `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
            if let Some(day) = self.day {
                write!(f, "-{day:02}")?;
            }
        }
        Ok(())
    }
}

/// A date with its place in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FoundDate {
    /// The date.
    pub(super) date: Date,
    /// First byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
}

/// Returns every date and year in a folded text, in order.
pub(super) fn dates<'a>(cues: &'a Cues, text: &'a str) -> impl Iterator<Item = FoundDate> + 'a {
    cues.date.captures_iter(text).filter_map(|captures| {
        let whole = captures.get(0)?;
        Some(FoundDate {
            date: read(&captures)?,
            start: whole.start(),
            end: whole.end(),
        })
    })
}

/// Returns the first date that names a month.
pub(super) fn first_day(cues: &Cues, text: &str) -> Option<FoundDate> {
    dates(cues, text).find(|found| found.date.month.is_some())
}

fn read(captures: &Captures<'_>) -> Option<Date> {
    let number = |names: [&str; 2]| {
        names
            .iter()
            .find_map(|name| captures.name(name))
            .and_then(|found| number(found.as_str()))
    };
    Some(Date {
        year: i32::try_from(number(["year", "year_2"])?).ok()?,
        month: number(["month", "month_2"]),
        day: number(["day", "day_2"]),
    })
}

/// Reads a number in Arabic figures, in Chinese figures one by one (`二〇一七`), or up to 99 in
/// words (`十八`, `二十一`).
pub(super) fn number(text: &str) -> Option<u32> {
    if text.chars().count() > 4 {
        return None;
    }
    let Some((tens, ones)) = text.split_once('十') else {
        return text
            .chars()
            .try_fold(0, |sum, c| Some(sum * 10 + digit(c)?))
            .filter(|_| !text.is_empty());
    };
    let one = |part: &str, empty| match part {
        "" => Some(empty),
        part => number(part).filter(|n| *n < 10),
    };
    Some(one(tens, 1)? * 10 + one(ones, 0)?)
}

fn digit(c: char) -> Option<u32> {
    match c {
        '〇' | '○' | '零' | 'O' | 'o' | 'О' => Some(0),
        '0'..='9' => c.to_digit(10),
        _ => "一二三四五六七八九"
            .chars()
            .position(|one| one == c)
            .and_then(|at| u32::try_from(at + 1).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    #[test]
    fn every_way_to_write_a_date() {
        let schema = Schema::embedded().unwrap();
        let check = |text: &str, wanted: &[&str]| {
            let found: Vec<_> = dates(&schema.cues, text)
                .map(|found| found.date.to_string())
                .collect();
            assert_eq!(found, wanted, "{text}");
        };
        check("——2023年1月15日在江苏省", &["2023-01-15"]);
        check("二〇一七年一月十八日", &["2017-01-18"]);
        check("二○○三年十二月三十一日", &["2003-12-31"]);
        check("二OO八年一月二十日", &["2008-01-20"]);
        check("1981年11月30日和12月1日", &["1981-11-30"]);
        check("一九五八年度国民经济计划", &["1958"]);
        check("2024-01-09发布", &["2024-01-09"]);
        check("2018年至2022年", &["2018", "2022"]);
        check("2023年第一季度", &["2023"]);
        check("十五年来", &[]);
        check("12345年", &["2345"]);
        check("", &[]);
    }

    #[test]
    fn numbers() {
        let check = |text: &str, wanted: Option<u32>| assert_eq!(number(text), wanted, "{text}");
        check("十", Some(10));
        check("十四", Some(14));
        check("二十一", Some(21));
        check("二〇二三", Some(2023));
        check("7", Some(7));
        check("", None);
        check("三百", None);
        check("十十", None);
        check("99999", None);
    }
}
