//! `synonyms.tsv`: terms that mean the same.

use std::collections::HashMap;

use super::Files;
use super::files::{broken, tab_separated};
use crate::error::Result;

const FILE: &str = "synonyms.tsv";

/// Groups of terms that mean the same; a term stands in one group only.
#[derive(Debug, Clone, Default)]
pub struct Synonyms {
    groups: Vec<Vec<String>>,
    group_of: HashMap<String, usize>,
}

impl Synonyms {
    /// Reads and checks the groups: tab-separated terms, the first one canonical; columns of the
    /// form `key=value` limit a group and are kept out of it.
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
            if terms.len() < 2 {
                return Err(broken(
                    FILE,
                    &format!("line {line}: want two terms or more"),
                ));
            }
            if synonyms
                .groups
                .last()
                .is_some_and(|last| last[0] >= terms[0])
            {
                return Err(broken(FILE, &format!("line {line}: groups are not sorted")));
            }
            for term in &terms {
                if synonyms
                    .group_of
                    .insert(term.clone(), synonyms.groups.len())
                    .is_some()
                {
                    return Err(broken(FILE, &format!("line {line}: {term} stands twice")));
                }
            }
            synonyms.groups.push(terms);
        }
        Ok(synonyms)
    }

    /// Returns the groups, each with its canonical term first.
    pub fn groups(&self) -> &[Vec<String>] {
        &self.groups
    }

    /// Returns the group that a term stands in, the term included.
    pub fn group(&self, term: &str) -> Option<&[String]> {
        self.group_of
            .get(term)
            .map(|&index| self.groups[index].as_slice())
    }
}
