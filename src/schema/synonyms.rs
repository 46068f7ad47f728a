//! `synonyms.tsv`: terms that mean the same.

use std::collections::HashMap;

use super::Files;
use super::files::{broken, tab_separated};
use crate::error::Result;

const FILE: &str = "synonyms.tsv";

/// Terms that mean the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SynonymGroup {
    /// The terms, the canonical one first.
    pub terms: Vec<String>,
    /// Whether they count as words only: one of them also straddles words (国企 in 中国企业).
    pub words_only: bool,
    /// The last report year in which they meant the same; `None` for ever.
    pub until: Option<i32>,
}

/// Groups of terms that mean the same; a term stands in one group only.
#[derive(Debug, Clone, Default)]
pub struct Synonyms {
    groups: Vec<SynonymGroup>,
    group_of: HashMap<String, usize>,
}

impl Synonyms {
    /// Reads and checks the groups: tab-separated terms, the first one canonical; columns of the
    /// form `key=value` are its options.
    ///
    /// # Errors
    /// If a group has fewer than two terms, a term stands twice, or the groups are not sorted.
    pub(crate) fn load(files: &Files) -> Result<Self> {
        let mut synonyms = Synonyms::default();
        for (line, columns) in tab_separated(files.get(FILE)) {
            let terms: Vec<String> = columns
                .iter()
                .filter(|term| !term.is_empty() && !term.contains('='))
                .map(|term| (*term).to_owned())
                .collect();
            let mut group = SynonymGroup {
                terms,
                ..SynonymGroup::default()
            };
            for option in columns.iter().filter(|column| column.contains('=')) {
                match option.split_once('=') {
                    Some(("scope", "words")) => group.words_only = true,
                    Some(("until", year)) if year.parse::<i32>().is_ok() => {
                        group.until = year.parse().ok();
                    }
                    _ => {
                        return Err(broken(FILE, &format!("line {line}: {option} is no option")));
                    }
                }
            }
            if group.terms.len() < 2 {
                return Err(broken(
                    FILE,
                    &format!("line {line}: want two terms or more"),
                ));
            }
            if synonyms
                .groups
                .last()
                .is_some_and(|last| last.terms[0] >= group.terms[0])
            {
                return Err(broken(FILE, &format!("line {line}: groups are not sorted")));
            }
            for term in &group.terms {
                if synonyms
                    .group_of
                    .insert(term.clone(), synonyms.groups.len())
                    .is_some()
                {
                    return Err(broken(FILE, &format!("line {line}: {term} stands twice")));
                }
            }
            synonyms.groups.push(group);
        }
        Ok(synonyms)
    }

    /// Returns the groups, each with its canonical term first.
    pub fn groups(&self) -> &[SynonymGroup] {
        &self.groups
    }

    /// Returns the group that a term stands in, the term included.
    pub fn group(&self, term: &str) -> Option<&SynonymGroup> {
        self.group_of.get(term).map(|&index| &self.groups[index])
    }
}
