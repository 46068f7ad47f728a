//! `index_schema/` → checked values.
//!
//! The files are embedded in the binary; `--schema DIR` replaces any of them by a file of the same
//! name. Every file is parsed and checked at start, so that later stages cannot meet a broken rule.
//!
//! Invariant: a schema that loads is whole: patterns compile, names are unique, lists are sorted.

mod agencies;
mod cues;
mod files;
mod names;
mod regions;
// One file per file of index_schema/:
// headings.rs, noise.rs, sections.rs (split), regions.rs, agencies.rs (tag),
// redactions.rs, variants.rs, lexicon.rs, synonyms.rs (analyze).

pub use agencies::{Agencies, Agency, AgencyName};
pub use cues::Cues;
pub use files::Files;
pub use names::Names;
pub use regions::{Region, Regions};

use crate::error::Result;

/// Every rule and word list, checked.
#[derive(Debug)]
pub struct Schema {
    /// The authority file of authors.
    pub agencies: Agencies,
    /// What tagging looks for.
    pub cues: Cues,
    /// The divisions of the country.
    pub regions: Regions,
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
            agencies: Agencies::load(files.get("agencies.toml"))?,
            cues: Cues::load(files.get("tags.toml"))?,
            regions: Regions::load(files.get("regions.csv"))?,
            fingerprint: files.fingerprint(),
        })
    }

    /// Returns the hash of all files, 16 hexadecimal digits.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}
