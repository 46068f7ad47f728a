//! A named rule of `index_schema/`: patterns, and the samples that prove them.

use regex::Regex;
use serde::Deserialize;

use crate::error::{Error, ErrorKind, Result};

/// A rule as it is written in a file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPattern {
    /// Name of the rule, used as the reason of what it finds.
    pub(super) name: String,
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

/// A compiled rule.
#[derive(Debug)]
pub struct Pattern {
    name: String,
    matches: Regex,
    except: Option<Regex>,
}

impl Pattern {
    /// Compiles a rule of the file `file` and proves it by its samples.
    pub(super) fn compile(file: &str, raw: &RawPattern) -> Result<Self> {
        let fault = |zh: String, en: String| {
            Error::new(
                ErrorKind::Schema,
                format!("{file} 的规则 {}：{zh}", raw.name),
                format!("{file}, rule {}: {en}", raw.name),
            )
        };
        let compile = |patterns: &[String]| {
            Regex::new(&format!("(?:{})", patterns.join(")|(?:"))).map_err(|error| {
                fault("正则表达式有误".into(), "the pattern is wrong".into()).with_cause(error)
            })
        };
        if raw.patterns.is_empty() || raw.samples.is_empty() {
            return Err(fault(
                "缺少 patterns 或 samples".into(),
                "patterns or samples are missing".into(),
            ));
        }
        let pattern = Pattern {
            name: raw.name.clone(),
            matches: compile(&raw.patterns)?,
            except: match raw.except.is_empty() {
                true => None,
                false => Some(compile(&raw.except)?),
            },
        };
        for (text, wanted) in raw
            .samples
            .iter()
            .map(|text| (text, true))
            .chain(raw.counters.iter().map(|text| (text, false)))
        {
            if pattern.is_match(text) != wanted {
                return Err(match wanted {
                    true => fault(
                        format!("不匹配样例“{text}”"),
                        format!("does not match its sample '{text}'"),
                    ),
                    false => fault(
                        format!("误中反例“{text}”"),
                        format!("matches its counter-sample '{text}'"),
                    ),
                });
            }
        }
        Ok(pattern)
    }

    /// Compiles all rules of a list and checks that their names are unique.
    pub(super) fn compile_all(file: &str, raws: &[RawPattern]) -> Result<Vec<Self>> {
        let mut names = std::collections::HashSet::new();
        for raw in raws {
            if !names.insert(raw.name.as_str()) {
                return Err(Error::new(
                    ErrorKind::Schema,
                    format!("{file}：规则名 {} 重复", raw.name),
                    format!("{file}: rule {} stands twice", raw.name),
                ));
            }
        }
        raws.iter().map(|raw| Self::compile(file, raw)).collect()
    }

    /// Returns the rule's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns whether the rule matches `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.matches.is_match(text) && !self.except.as_ref().is_some_and(|no| no.is_match(text))
    }

    /// Returns the byte ranges in `text` that the rule's patterns find, in order.
    pub fn find_all<'t>(
        &'t self,
        text: &'t str,
    ) -> impl Iterator<Item = std::ops::Range<usize>> + 't {
        self.matches.find_iter(text).map(|found| found.range())
    }
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
