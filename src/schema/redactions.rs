//! `redactions.toml`: redacted forms and what they stand for.

use serde::Deserialize;

use super::Files;
use super::files::broken;
use crate::error::Result;

const FILE: &str = "redactions.toml";

/// The redaction rules in order; at each place the first that fits is taken.
#[derive(Debug, Clone, Default)]
pub struct Redactions {
    rules: Vec<Redaction>,
}

/// `written` stands for `restored` where its neighbours allow it.
#[derive(Debug, Clone)]
pub struct Redaction {
    /// Name of the rule.
    pub name: String,
    /// The characters as written, after NFKC, in their case: `D`.
    pub written: Vec<char>,
    /// What they stand for: `党`.
    pub restored: Vec<char>,
    before: Context,
    after: Context,
    /// Samples, written → restored.
    pub samples: Vec<(String, String)>,
    /// Texts that the rule must leave alone.
    pub counters: Vec<String>,
}

#[derive(Debug, Clone, Default)]
struct Context {
    any: Vec<Neighbour>,
    not: Vec<Neighbour>,
}

#[derive(Debug, Clone, PartialEq)]
enum Neighbour {
    Latin,
    Digit,
    Text(Vec<char>),
}

impl Neighbour {
    fn parse(text: &str) -> Self {
        match text {
            "latin" => Neighbour::Latin,
            "digit" => Neighbour::Digit,
            _ => Neighbour::Text(text.chars().collect()),
        }
    }

    fn ends(&self, before: &[char]) -> bool {
        match self {
            Neighbour::Latin => before.last().is_some_and(char::is_ascii_alphabetic),
            Neighbour::Digit => before.last().is_some_and(char::is_ascii_digit),
            Neighbour::Text(text) => before.ends_with(text),
        }
    }

    /// Returns whether text in front of `before` could make it end so.
    fn may_end(&self, before: &[char]) -> bool {
        match self {
            Neighbour::Text(text) => text.ends_with(before) || self.ends(before),
            Neighbour::Latin | Neighbour::Digit => before.is_empty() || self.ends(before),
        }
    }

    /// Returns whether text behind `after` could make it start so.
    fn may_start(&self, after: &[char]) -> bool {
        match self {
            Neighbour::Text(text) => text.starts_with(after) || self.starts(after),
            Neighbour::Latin | Neighbour::Digit => after.is_empty() || self.starts(after),
        }
    }

    fn starts(&self, after: &[char]) -> bool {
        match self {
            Neighbour::Latin => after.first().is_some_and(char::is_ascii_alphabetic),
            Neighbour::Digit => after.first().is_some_and(char::is_ascii_digit),
            Neighbour::Text(text) => after.starts_with(text),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(default)]
    rule: Vec<RawRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    name: String,
    written: String,
    restored: String,
    #[serde(default)]
    before_any: Vec<String>,
    #[serde(default)]
    before_not: Vec<String>,
    #[serde(default)]
    after_any: Vec<String>,
    #[serde(default)]
    after_not: Vec<String>,
    /// `D建 → 党建`
    #[serde(default)]
    sample: Vec<String>,
    #[serde(default)]
    counter: Vec<String>,
}

impl Redactions {
    /// Reads and checks the rules.
    ///
    /// # Errors
    /// If the file is not TOML of the expected shape, a rule is empty or stands twice, or a rule
    /// does not do what its samples say.
    pub(crate) fn load(files: &Files) -> Result<Self> {
        let raw: RawFile =
            toml::from_str(files.get(FILE)).map_err(|error| broken(FILE, &error.to_string()))?;
        let neighbours = |list: &[String]| {
            list.iter()
                .map(|text| Neighbour::parse(text))
                .collect::<Vec<_>>()
        };
        let mut rules = Vec::with_capacity(raw.rule.len());
        for rule in raw.rule {
            if rule.written.is_empty() || rule.restored.is_empty() {
                return Err(broken(
                    FILE,
                    &format!("{}: nothing written or restored", rule.name),
                ));
            }
            let mut samples = Vec::with_capacity(rule.sample.len());
            for sample in &rule.sample {
                let Some((from, to)) = sample.split_once(" → ") else {
                    return Err(broken(
                        FILE,
                        &format!("{}: want `written → restored`: {sample}", rule.name),
                    ));
                };
                samples.push((from.to_owned(), to.to_owned()));
            }
            rules.push(Redaction {
                name: rule.name,
                written: rule.written.chars().collect(),
                restored: rule.restored.chars().collect(),
                before: Context {
                    any: neighbours(&rule.before_any),
                    not: neighbours(&rule.before_not),
                },
                after: Context {
                    any: neighbours(&rule.after_any),
                    not: neighbours(&rule.after_not),
                },
                samples,
                counters: rule.counter,
            });
        }
        let redactions = Redactions { rules };
        redactions.prove()?;
        Ok(redactions)
    }

    /// Checks that names are unique and each rule does what its samples and counters say.
    fn prove(&self) -> Result<()> {
        let mut names = std::collections::HashSet::new();
        for rule in &self.rules {
            let name = &rule.name;
            let fault = |what: &str| Err(broken(FILE, &format!("{name}: {what}")));
            if !names.insert(name) {
                return fault("stands twice");
            }
            if rule.samples.is_empty() {
                return fault("no sample");
            }
            for (written, restored) in &rule.samples {
                let (text, fired) = self.restore(written);
                if text != *restored || !fired.contains(&name.as_str()) {
                    return fault(&format!("{written} → {text}"));
                }
            }
            for counter in &rule.counters {
                let (text, fired) = self.restore(counter);
                if fired.contains(&name.as_str()) {
                    return fault(&format!("counter: {counter} → {text}"));
                }
            }
        }
        Ok(())
    }

    /// Returns a text with its redactions restored, and the names of the rules that did it.
    fn restore(&self, text: &str) -> (String, Vec<&str>) {
        let chars: Vec<char> = text.chars().collect();
        let (mut restored, mut fired, mut at) = (String::new(), Vec::new(), 0);
        while at < chars.len() {
            if let Some(rule) = self.at(&chars, at) {
                restored.extend(&rule.restored);
                fired.push(rule.name.as_str());
                at += rule.written.len().max(1);
            } else {
                restored.push(chars[at]);
                at += 1;
            }
        }
        (restored, fired)
    }

    /// Returns the rules in order.
    pub fn rules(&self) -> &[Redaction] {
        &self.rules
    }

    /// Returns the first rule that fits at `at`, a character index of `text`.
    pub fn at(&self, text: &[char], at: usize) -> Option<&Redaction> {
        let (before, rest) = text.split_at(at);
        // Nearly every character begins none.
        let begun = |rule: &&Redaction| rule.written.first() == rest.first();
        let mut begun = self.rules.iter().filter(begun);
        begun.find(|rule| rule.fits(before, rest))
    }

    /// Returns the first rule that fits at `at`, or that might fit if the text went on beyond its
    /// edges: a query is cut out of a text, and with it the neighbours that decide.
    pub fn may_be_at(&self, text: &[char], at: usize) -> Option<&Redaction> {
        let (before, rest) = text.split_at(at);
        self.rules.iter().find(|rule| rule.may_fit(before, rest))
    }
}

impl Redaction {
    fn fits(&self, before: &[char], rest: &[char]) -> bool {
        let Some(after) = rest.strip_prefix(self.written.as_slice()) else {
            return false;
        };
        (self.before.any.is_empty() || self.before.any.iter().any(|it| it.ends(before)))
            && !self.before.not.iter().any(|it| it.ends(before))
            && (self.after.any.is_empty() || self.after.any.iter().any(|it| it.starts(after)))
            && !self.after.not.iter().any(|it| it.starts(after))
    }

    fn may_fit(&self, before: &[char], rest: &[char]) -> bool {
        let Some(after) = rest.strip_prefix(self.written.as_slice()) else {
            return false;
        };
        (self.before.any.is_empty() || self.before.any.iter().any(|it| it.may_end(before)))
            && !self.before.not.iter().any(|it| it.ends(before))
            && (self.after.any.is_empty() || self.after.any.iter().any(|it| it.may_start(after)))
            && !self.after.not.iter().any(|it| it.starts(after))
    }
}
