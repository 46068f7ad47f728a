//! What an answer is made from and how: its [`Stamp`].

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use super::Engine;
use crate::analyze::segment::SEGMENTER;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Concept, Copies, Filter, Note, Stamp};
use crate::search;

/// Seconds of a day.
const DAY: u64 = 86_400;

impl Engine {
    /// Makes the stamp of an answer; `options` is all else that decides about it, by name.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] if the date is none, or if the index cannot be read.
    pub(super) fn stamped(
        &self,
        command: &str,
        terms: Vec<String>,
        filters: &[Filter],
        copies: Copies,
        date: Option<&str>,
        options: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Result<Stamp> {
        let digest = match self.snapshot.digest.get() {
            Some(digest) => *digest,
            None => {
                let digest = search::digest::digest(&self.index())?;
                *self.snapshot.digest.get_or_init(|| digest)
            }
        };
        let options = options.into_iter();
        Ok(Stamp {
            command: command.to_owned(),
            program: format!("zhengsou {}", env!("CARGO_PKG_VERSION")),
            date: match date {
                Some(date) => checked(date)?,
                None => self.snapshot.day.clone(),
            },
            index: self.stamp(),
            content: format!("{digest:016x}"),
            segmenter: format!("{SEGMENTER}, {}", self.snapshot.analyzer.fingerprint()),
            terms,
            filters: filters.to_vec(),
            copies,
            options: options
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<BTreeMap<_, _>>(),
        })
    }

    /// Says that near copies cannot all be told apart, where that matters.
    pub(super) fn stale_copies(&self, copies: Copies) -> Option<Note> {
        (copies == Copies::Once && self.snapshot.groups.is_stale).then(|| {
            Note::new(
                "相近表述的分组缺失或不是最新，只有完全相同的段落只计一次；再次运行 zhengsou index 即可补上",
                "the groups of near copies are missing or not up to date, only equal passages are sure to count once; run zhengsou index again to complete them",
            )
        })
    }
}

/// Returns concepts as they were read.
pub(super) fn printed(concepts: &[Concept]) -> Vec<String> {
    concepts.iter().map(Concept::to_string).collect()
}

/// Returns the day of a time (UTC) as `2026-11-27`; that of the epoch for earlier ones.
pub(super) fn day(time: SystemTime) -> String {
    let days = time
        .duration_since(UNIX_EPOCH)
        .map_or(0, |passed| passed.as_secs() / DAY);
    // Days to a date of the Gregorian calendar, by eras of 400 years that begin in March (H. Hinnant,
    // chrono-compatible low-level date algorithms, civil_from_days).
    let shifted = days + 719_468;
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Returns a date as it was given.
fn checked(date: &str) -> Result<String> {
    let date = date.trim();
    let number = |part: &str, length: usize| {
        let is_number = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse::<u32>().ok()).flatten()
    };
    let mut parts = date.split('-');
    let read = (|| {
        let year = number(parts.next()?, 4)?;
        let month = number(parts.next()?, 2)?;
        let day = number(parts.next()?, 2)?;
        parts.next().is_none().then_some((year, month, day))
    })();
    match read {
        Some((_, 1..=12, 1..=31)) => Ok(date.to_owned()),
        _ => Err(Error::new(
            ErrorKind::Usage,
            format!("「{date}」不是日期"),
            format!("'{date}' is no date"),
        )
        .with_hint("写作 2026-11-27", "write 2026-11-27")),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn days() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_795_737_600, "2026-11-27"),
            (4_107_542_400, "2100-03-01"),
        ] {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(day(time), expected);
        }
    }

    #[test]
    fn given_days() {
        assert_eq!(checked(" 2026-01-31 ").ok().as_deref(), Some("2026-01-31"));
        for wrong in [
            "",
            "2026",
            "2026-13-01",
            "2026-1-1",
            "2026-01-01-01",
            "二〇二六",
        ] {
            assert!(checked(wrong).is_err(), "{wrong}");
        }
    }
}
