//! A named rule of `index_schema/`: patterns, and the samples that prove them.
//!
//! Patterns are compiled when they are first used, for a search needs none of them. That they
//! compile and keep what their samples promise is proved by a test for the embedded files, and at
//! once for files that replace them: see [`Pattern::prove`].

use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};

/// A rule as it is written in a file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPattern {
    /// Name of the rule, used as the reason of what it finds.
    pub(super) name: String,
    /// Of a title: whether it opens a report wherever it stands.
    #[serde(default)]
    pub(super) opens: bool,
    /// Of a section: whether the kind holds at any level.
    #[serde(default)]
    pub(super) outright: bool,
    /// Patterns; one of them is enough.
    pub(super) patterns: Vec<String>,
    /// Patterns that forbid a match wherever they are found.
    #[serde(default)]
    pub(super) except: Vec<String>,
    /// Texts that the rule matches.
    pub(super) samples: Vec<String>,
    /// Texts that it does not match.
    pub(super) counters: Vec<String>,
}

/// A rule.
#[derive(Debug)]
pub struct Pattern {
    file: &'static str,
    raw: RawPattern,
    /// Whether patterns that are not bound to the start of a text are sought one by one.
    is_apart: bool,
    compiled: OnceLock<Option<Compiled>>,
}

#[derive(Debug)]
struct Compiled {
    /// One of these is enough.
    matches: Vec<Regex>,
    except: Option<Regex>,
}

impl Pattern {
    /// Makes a rule of the file `file`.
    pub(super) fn new(file: &'static str, raw: RawPattern) -> Self {
        Pattern {
            file,
            raw,
            is_apart: false,
            compiled: OnceLock::new(),
        }
    }

    /// Has the patterns that are not bound to the start of a text sought one by one, which is for
    /// long texts: a few words are looked for at 4 GB/s, those of all patterns, as Han begin with
    /// the same bytes, at 0.2. In a line one expression of all is up to 20 times as fast.
    pub(super) fn apart(self) -> Self {
        Pattern {
            is_apart: true,
            ..self
        }
    }

    /// Makes all rules of a list and checks that their names are unique.
    pub(super) fn list(file: &'static str, raws: Vec<RawPattern>) -> Result<Vec<Self>> {
        let mut names = std::collections::HashSet::new();
        if let Some(raw) = raws.iter().find(|raw| !names.insert(raw.name.clone())) {
            return Err(Error::new(
                ErrorKind::Schema,
                format!("{file}：规则名 {} 重复", raw.name),
                format!("{file}: rule {} stands twice", raw.name),
            ));
        }
        Ok(raws.into_iter().map(|raw| Self::new(file, raw)).collect())
    }

    /// Compiles the rule and tries it on its samples and counter-samples.
    ///
    /// # Errors
    /// Names the file, the rule and what is wrong with it.
    pub fn prove(&self) -> Result<()> {
        let fault = |zh: String, en: String| {
            Err(Error::new(
                ErrorKind::Schema,
                format!("{} 的规则 {}：{zh}", self.file, self.raw.name),
                format!("{}, rule {}: {en}", self.file, self.raw.name),
            ))
        };
        if self.raw.patterns.is_empty() || self.raw.samples.is_empty() {
            return fault(
                "缺少 patterns 或 samples".into(),
                "patterns or samples are missing".into(),
            );
        }
        if let Err(error) = compile(&self.raw, self.is_apart) {
            return fault(
                format!("正则表达式有误：{error}"),
                format!("a pattern is wrong: {error}"),
            );
        }
        if let Some(text) = self.raw.samples.iter().find(|text| !self.is_match(text)) {
            return fault(
                format!("不匹配样例“{text}”"),
                format!("does not match its sample '{text}'"),
            );
        }
        if let Some(text) = self.raw.counters.iter().find(|text| self.is_match(text)) {
            return fault(
                format!("误中反例“{text}”"),
                format!("matches its counter-sample '{text}'"),
            );
        }
        Ok(())
    }

    /// Returns the rule's name.
    pub fn name(&self) -> &str {
        &self.raw.name
    }

    /// Returns whether the rule matches `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.compiled().is_some_and(|compiled| {
            compiled.matches.iter().any(|regex| regex.is_match(text))
                && !compiled
                    .except
                    .as_ref()
                    .is_some_and(|except| except.is_match(text))
        })
    }

    /// Returns the byte ranges in `text` that the rule's patterns find, in order.
    pub fn find_all<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        self.compiled()
            .into_iter()
            .flat_map(|compiled| &compiled.matches)
            .flat_map(|regex| regex.find_iter(text))
            .map(|found| found.range())
    }

    fn compiled(&self) -> Option<&Compiled> {
        self.compiled
            .get_or_init(|| compile(&self.raw, self.is_apart).ok())
            .as_ref()
    }
}

fn compile(raw: &RawPattern, is_apart: bool) -> std::result::Result<Compiled, regex::Error> {
    let join = |patterns: &[&str]| Regex::new(&format!("(?:{})", patterns.join(")|(?:")));
    let patterns = raw.patterns.iter().map(String::as_str);
    let (joined, apart): (Vec<&str>, Vec<&str>) =
        patterns.partition(|pattern| !is_apart || pattern.starts_with('^'));
    let mut matches = Vec::with_capacity(apart.len() + 1);
    if !joined.is_empty() {
        matches.push(join(&joined)?);
    }
    for pattern in apart {
        matches.push(Regex::new(pattern)?);
    }
    let except: Vec<&str> = raw.except.iter().map(String::as_str).collect();
    Ok(Compiled {
        matches,
        except: match except.is_empty() {
            true => None,
            false => Some(join(&except)?),
        },
    })
}

/// Reads a TOML file of the schema.
pub(super) fn parse<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| {
        Error::new(
            ErrorKind::Schema,
            format!("{file} 有误：{}", error.message()),
            format!("{file} is wrong: {}", error.message()),
        )
        .with_cause(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, samples: &[&str], counters: &[&str], message: &str) {
        let strings = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let raw = RawPattern {
            name: "rule".to_owned(),
            patterns: strings(&[pattern]),
            samples: strings(samples),
            counters: strings(counters),
            ..RawPattern::default()
        };
        let found = match Pattern::new("a.toml", raw).prove() {
            Ok(()) => "ok".to_owned(),
            Err(error) => error.to_string(),
        };
        assert!(found.contains(message), "{found}");
    }

    #[test]
    fn a_rule_is_proved_by_its_samples() {
        check("^甲", &["甲乙"], &["乙甲"], "ok");
        check("^甲", &["乙"], &[], "does not match its sample '乙'");
        check(
            "甲",
            &["甲"],
            &["乙甲"],
            "matches its counter-sample '乙甲'",
        );
        check("(", &["甲"], &[], "a pattern is wrong");
        check("甲", &[], &[], "samples are missing");
    }
}
