//! `index_schema/` → checked values.
//!
//! The files are embedded in the binary; `--schema DIR` replaces any of them by a file of the same
//! name. Every file is parsed and checked at start, so that later stages cannot meet a broken rule.
//!
//! Invariant: a schema that loads is whole: patterns compile, names are unique, lists are sorted.

mod fields;
mod files;
mod lexicon;
mod redactions;
mod synonyms;
mod variants;

pub use fields::{Face, FieldDeclaration, FieldType, Fields};
pub use files::Files;
pub use lexicon::Lexicon;
pub use redactions::{Redaction, Redactions};
pub use synonyms::Synonyms;
pub use variants::Variants;

use crate::error::Result;

/// Every rule and word list, checked.
#[derive(Debug)]
pub struct Schema {
    /// Fields of the index.
    pub fields: Fields,
    /// Government terms for the segmenter.
    pub lexicon: Lexicon,
    /// Redacted forms and what they stand for.
    pub redactions: Redactions,
    /// Terms that mean the same.
    pub synonyms: Synonyms,
    /// Traditional characters and their simplified forms.
    pub variants: Variants,
    fingerprint: String,
}

impl Schema {
    /// Loads the embedded schema.
    ///
    /// # Errors
    /// Only if an embedded file breaks its rules, which the tests rule out.
    pub fn embedded() -> Result<Self> {
        Self::load(&Files::embedded())
    }

    /// Loads a schema from files.
    ///
    /// # Errors
    /// Names the file, the line and the rule that it breaks.
    pub fn load(files: &Files) -> Result<Self> {
        Ok(Schema {
            fields: Fields::load(files)?,
            lexicon: Lexicon::load(files)?,
            redactions: Redactions::load(files)?,
            synonyms: Synonyms::load(files)?,
            variants: Variants::load(files)?,
            fingerprint: files.fingerprint(),
        })
    }

    /// Returns the hash of all files, 16 hexadecimal digits.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}
