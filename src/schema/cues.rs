//! `tags.toml` → the words by which author, place and year of a report are read.

use regex::Regex;
use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};

const FILE: &str = "tags.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    cue: Vec<RawCue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCue {
    name: String,
    pattern: String,
    samples: Vec<String>,
    counters: Vec<String>,
}

macro_rules! cues {
    ($($(#[$meta:meta])* $name:ident: [$($group:literal),*]),+ $(,)?) => {
        /// Patterns that tagging looks for, each proved by its samples.
        ///
        /// They see text without white space in the form NFKC.
        #[derive(Debug, Clone)]
        pub struct Cues { $($(#[$meta])* pub $name: Regex),+ }

        impl Cues {
            /// Reads and checks `tags.toml`.
            pub(super) fn load(text: &str) -> Result<Self> {
                let file: File = toml::from_str(text)
                    .map_err(|error| fault("", "格式不对", "is not what it should be").with_cause(error))?;
                let names = [$(stringify!($name)),+];
                if let Some(cue) = file.cue.iter().find(|cue| !names.contains(&cue.name.as_str())) {
                    return Err(fault(&cue.name, "规则未知", "is an unknown rule"));
                }
                if let Some(pair) = file.cue.windows(2).find(|pair| pair[0].name >= pair[1].name) {
                    return Err(fault(&pair[1].name, "未排序或重复", "is out of order or repeated"));
                }
                Ok(Cues { $($name: compile(&file.cue, stringify!($name), &[$($group),*])?),+ })
            }
        }
    };
}

cues! {
    /// What follows an author's name where it speaks of itself.
    author_verb: [],
    /// A year, a month or a day.
    date: ["year", "month", "day", "year_2", "month_2", "day_2"],
    /// Title of a government's yearly report.
    government_report: [],
    /// Title of a summary of a part of a year.
    mid_year: [],
    /// The speaker's office.
    office: ["office", "post"],
    /// In whose name a report is given.
    on_behalf: ["author"],
    /// Heading of a plan.
    plan_words: [],
    /// A rank without a name.
    rank: ["rank"],
    /// A redacted name.
    redacted: ["rank"],
    /// Heading of a review.
    review_words: [],
    /// The session at which a report was given.
    session: ["place", "congress", "nation", "sitting"],
    /// Title of a summary or plan.
    summary_report: [],
    /// What follows an author's name in a title.
    title_tail: [],
    /// A township, town or street.
    township: ["name", "rank"],
}

fn compile(cues: &[RawCue], name: &str, groups: &[&str]) -> Result<Regex> {
    let Some(cue) = cues.iter().find(|cue| cue.name == name) else {
        return Err(fault(name, "规则缺失", "is missing"));
    };
    let pattern = Regex::new(&cue.pattern)
        .map_err(|error| fault(name, "正则表达式有误", "has a wrong pattern").with_cause(error))?;
    if let Some(group) = groups.iter().find(|group| {
        !pattern
            .capture_names()
            .flatten()
            .any(|found| found == **group)
    }) {
        return Err(fault(
            name,
            &format!("缺少组 {group}"),
            &format!("lacks the group {group}"),
        ));
    }
    if cue.samples.is_empty() {
        return Err(fault(name, "缺少样例", "has no sample"));
    }
    if let Some(text) = cue.samples.iter().find(|text| !pattern.is_match(text)) {
        return Err(fault(
            name,
            &format!("不匹配样例“{text}”"),
            &format!("does not match its sample '{text}'"),
        ));
    }
    if let Some(text) = cue.counters.iter().find(|text| pattern.is_match(text)) {
        return Err(fault(
            name,
            &format!("误中反例“{text}”"),
            &format!("matches its counter-sample '{text}'"),
        ));
    }
    Ok(pattern)
}

fn fault(rule: &str, zh: &str, en: &str) -> Error {
    Error::new(
        ErrorKind::Schema,
        format!("{FILE} {rule}：{zh}"),
        format!("{FILE}, {rule}: {en}"),
    )
    .with_path(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Files;

    #[test]
    fn broken_files_are_refused() {
        let good = Files::embedded().get(FILE).to_owned();
        Cues::load(&good).unwrap();
        let check = |text: &str, wanted: &str| {
            let error = Cues::load(text).unwrap_err().to_string();
            assert!(error.contains(wanted), "{error}");
        };
        check("", "is not what it should be");
        check(
            &good.replace("name = \"date\"", "name = \"dates\""),
            "dates: is an unknown rule",
        );
        check(
            &good.replace("(?P<congress>", "(?:"),
            "session: lacks the group congress",
        );
        check(
            &good.replace("\"卫健委\", \"人民政府\"", "\"县\""),
            "rank: matches its counter-sample '县'",
        );
    }
}
