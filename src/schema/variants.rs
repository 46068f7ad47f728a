//! `variants.tsv`: traditional characters and their simplified forms.

use std::collections::HashMap;

use super::Files;
use super::files::{broken, tab_separated};
use crate::error::Result;

const FILE: &str = "variants.tsv";

/// Traditional → simplified, one character to one.
///
/// Characters that simplified text uses as well (乾, 著, 藉) are not in it: a wrong fold would
/// invent hits.
#[derive(Debug, Clone, Default)]
pub struct Variants {
    map: HashMap<char, char>,
}

impl Variants {
    /// Reads and checks the map.
    ///
    /// # Errors
    /// If a line does not hold two single characters, is unsorted or repeated, or maps to a
    /// character that is itself mapped.
    pub(crate) fn load(files: &Files) -> Result<Self> {
        let mut map = HashMap::new();
        let mut last = None;
        for (line, columns) in tab_separated(files.get(FILE)) {
            let single = |text: &str| {
                let mut chars = text.chars();
                chars.next().filter(|_| chars.next().is_none())
            };
            let (Some(from), Some(to)) = (
                columns.first().and_then(|text| single(text)),
                columns.get(1).and_then(|text| single(text)),
            ) else {
                return Err(broken(
                    FILE,
                    &format!("line {line}: want two single characters"),
                ));
            };
            if last.is_some_and(|last| last >= from) {
                return Err(broken(
                    FILE,
                    &format!("line {line}: not sorted or repeated"),
                ));
            }
            last = Some(from);
            map.insert(from, to);
        }
        if let Some(to) = map.values().find(|to| map.contains_key(to)) {
            return Err(broken(FILE, &format!("{to} is a target and a source")));
        }
        Ok(Variants { map })
    }

    /// Returns the simplified form of a traditional character, or the character itself.
    pub fn simplify(&self, character: char) -> char {
        self.map.get(&character).copied().unwrap_or(character)
    }
}
