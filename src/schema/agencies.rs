//! `agencies.toml` → the authority file of authors: every written form of an agency's name leads
//! to its full name and to the policy field that it belongs to.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::names::Names;
use crate::error::{Error, ErrorKind, Result};

const FILE: &str = "agencies.toml";

/// A type of agency, free of places.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// Policy field.
    pub system: String,
    /// Full names, each a facet value of its own; the first is the commonest.
    pub names: Vec<String>,
    /// Other written forms.
    #[serde(default)]
    pub short: Vec<String>,
    /// Whether the names are common nouns as well: 学校, 医院, 公司.
    #[serde(default)]
    pub generic: bool,
    /// A title or name in which the entry is found.
    pub sample: String,
    /// Names of former years, with the year in which they ended.
    #[serde(default)]
    pub former: BTreeMap<String, i32>,
}

/// What a written form stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgencyName<'a> {
    /// Full name, the facet value.
    pub name: &'a str,
    /// The entry.
    pub agency: &'a Agency,
}

/// The authority file.
#[derive(Debug, Clone, Default)]
pub struct Agencies {
    entries: Vec<Agency>,
    forms: Names<Option<Place>>,
}

/// Entry and full name that a written form stands for.
#[derive(Debug, Clone, Copy)]
struct Place {
    entry: usize,
    name: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    agency: Vec<Agency>,
}

impl Agencies {
    /// Reads and checks `agencies.toml`.
    pub(super) fn load(text: &str) -> Result<Self> {
        let file: File = toml::from_str(text)
            .map_err(|error| broken("格式不对", "is not what it should be").with_cause(error))?;
        let mut agencies = Agencies::default();
        let mut last: Option<(String, String)> = None;
        for (entry, agency) in file.agency.iter().enumerate() {
            let Some(first) = agency.names.first() else {
                return Err(broken("有条目没有名称", "has an entry without names"));
            };
            let key = (agency.system.clone(), first.clone());
            if last.as_ref().is_some_and(|last| *last >= key) {
                return Err(broken(
                    &format!("未排序：{first}"),
                    &format!("is out of order at {first}"),
                ));
            }
            last = Some(key);
            for form in agency.forms() {
                let name = agency.full_name(form);
                match agencies.forms.entry(form) {
                    Some(place @ None) => *place = Some(Place { entry, name }),
                    Some(Some(_)) => {
                        return Err(broken(
                            &format!("名称重复：{form}"),
                            &format!("names {form} twice"),
                        ));
                    }
                    None => {
                        return Err(broken(
                            &format!("名称太短：{form}"),
                            &format!("has a name of one character, {form}"),
                        ));
                    }
                }
            }
        }
        agencies.entries = file.agency;
        agencies.derive();
        Ok(agencies)
    }

    /// Adds the forms that need no entry; written ones keep their meaning.
    fn derive(&mut self) {
        for (entry, agency) in self.entries.iter().enumerate() {
            for form in agency.forms() {
                let derived = if let Some(stem) = form.strip_suffix("委员会") {
                    format!("{stem}委")
                } else if let Some(stem) = form.strip_suffix('局') {
                    format!("{stem}分局")
                } else {
                    continue;
                };
                if let Some(place @ None) = self.forms.entry(&derived) {
                    let name = agency.full_name(form);
                    *place = Some(Place { entry, name });
                }
            }
        }
    }

    /// Returns every entry, sorted by policy field.
    pub fn iter(&self) -> impl Iterator<Item = &Agency> {
        self.entries.iter()
    }

    /// Returns what a written form stands for: `卫健委` gives 卫生健康委员会.
    pub fn named(&self, form: &str) -> Option<AgencyName<'_>> {
        self.place((*self.forms.get(form)?)?)
    }

    /// Returns the longest written form with which `text` begins, and what it stands for.
    pub fn longest_at(&self, text: &str) -> Option<(&str, AgencyName<'_>)> {
        let (form, place) = self.forms.longest_at(text)?;
        Some((form, self.place((*place)?)?))
    }

    fn place(&self, place: Place) -> Option<AgencyName<'_>> {
        let agency = self.entries.get(place.entry)?;
        let name = agency.names.get(place.name)?;
        Some(AgencyName { name, agency })
    }
}

impl Agency {
    /// Returns every written form: full names, short forms, former names.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        let written = self.names.iter().chain(&self.short);
        written.chain(self.former.keys()).map(String::as_str)
    }

    /// Returns the index of the full name that a written form stands for: the one that it ends
    /// like, for longest; 委 and 办 stand for 委员会 and 办公室.
    fn full_name(&self, form: &str) -> usize {
        fn trimmed(name: &str) -> impl Iterator<Item = char> + '_ {
            let short = name.strip_suffix("员会").or(name.strip_suffix("公室"));
            short.unwrap_or(name).chars().rev()
        }
        let common = |name: &str| {
            let pairs = trimmed(name).zip(trimmed(form));
            pairs.take_while(|(a, b)| a == b).count()
        };
        let exact = self.names.iter().position(|name| name == form);
        let first_best = || {
            let ranked = self.names.iter().enumerate().rev();
            ranked
                .max_by_key(|(_, name)| common(name))
                .map(|(at, _)| at)
        };
        exact.or_else(first_best).unwrap_or(0)
    }
}

fn broken(zh: &str, en: &str) -> Error {
    Error::new(
        ErrorKind::Schema,
        format!("{FILE} {zh}"),
        format!("{FILE} {en}"),
    )
    .with_path(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Files;

    fn agencies() -> Agencies {
        Agencies::load(Files::embedded().get(FILE)).unwrap()
    }

    #[test]
    fn forms_lead_to_full_names() {
        let agencies = agencies();
        let check = |form: &str, name: &str, system: &str| {
            let found = agencies.named(form).unwrap();
            assert_eq!(
                (found.name, found.agency.system.as_str()),
                (name, system),
                "{form}"
            );
        };
        check("卫健委", "卫生健康委员会", "卫生健康");
        check("卫生健康委", "卫生健康委员会", "卫生健康");
        check("卫健局", "卫生健康局", "卫生健康");
        check("卫计委", "卫生健康委员会", "卫生健康");
        check("供销社", "供销合作社", "供销");
        check("医保局", "医疗保障局", "医疗保障");
        check("生态环境分局", "生态环境局", "生态环境");
        check("环保厅", "生态环境厅", "生态环境");
        check("教体局", "教育体育局", "教育");
        check("发改委", "发展和改革委员会", "发展改革");
        check("编办", "机构编制委员会办公室", "党委");
        check("农业局", "农业农村局", "农业农村");
        assert_eq!(agencies.named("卫健"), None);
    }

    #[test]
    fn every_entry_is_found_in_its_sample() {
        let agencies = agencies();
        assert!(agencies.iter().count() >= 120);
        for agency in agencies.iter() {
            let found = agency.sample.char_indices().any(|(start, _)| {
                agencies
                    .longest_at(&agency.sample[start..])
                    .is_some_and(|(_, found)| found.agency == agency)
            });
            let generic = agency.system == "乡镇街道";
            assert!(found || generic, "{}: {}", agency.names[0], agency.sample);
        }
    }

    #[test]
    fn broken_files_are_refused() {
        let check = |text: &str, wanted: &str| {
            let error = Agencies::load(text).unwrap_err().to_string();
            assert!(error.contains(wanted), "{error}");
        };
        let entry = |system: &str, name: &str| {
            format!("[[agency]]\nsystem = \"{system}\"\nnames = [\"{name}\"]\nsample = \"\"\n")
        };
        check("agency = 1", "is not what it should be");
        check(
            &(entry("b", "教育局") + &entry("a", "财政局")),
            "out of order at 财政局",
        );
        check(
            &(entry("a", "教育局") + &entry("b", "教育局")),
            "names 教育局 twice",
        );
        check(&entry("a", "局"), "one character");
    }
}
