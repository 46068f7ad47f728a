//! `index_schema/` → checked values.
//!
//! The files are embedded in the binary; `--schema DIR` replaces any of them by a file of the same
//! name. Every file is parsed and checked at start, so that later stages cannot meet a broken rule.
//!
//! Invariant: a schema that loads is whole: patterns compile, names are unique, lists are sorted.

mod agencies;
mod automaton;
mod cues;
mod dictionary;
mod fields;
mod files;
mod function_words;
mod headings;
mod lexicon;
mod names;
mod noise;
mod pattern;
mod ranking;
mod redactions;
mod regions;
mod sections;
mod synonyms;
mod variants;

pub use agencies::{Agencies, Agency, AgencyName};
pub(crate) use automaton::{NO_CODE, Node};
pub use cues::Cues;
pub use dictionary::Dictionary;
pub use fields::{Face, FieldDeclaration, FieldType, Fields};
pub use files::Files;
pub use function_words::FunctionWords;
pub use headings::{Digits, HeadingRules, Numbering, TitleRule};
pub use lexicon::Lexicon;
pub use names::Names;
pub use noise::NoiseRules;
pub use pattern::Pattern;
pub use ranking::Ranking;
pub use redactions::{Redaction, Redactions};
pub use regions::{Region, Regions};
pub use sections::SectionRules;
pub use synonyms::Synonyms;
pub use variants::Variants;

use crate::error::Result;

/// Every rule and word list, checked.
#[derive(Debug)]
pub struct Schema {
    /// Fields of the index.
    pub fields: Fields,
    /// Words of the segmenter, those of the lexicon among them.
    pub dictionary: Dictionary,
    /// Words that say little about what is sought.
    pub function_words: FunctionWords,
    /// Government terms for the segmenter.
    pub lexicon: Lexicon,
    /// Weights of a score's parts.
    pub ranking: Ranking,
    /// Redacted forms and what they stand for.
    pub redactions: Redactions,
    /// Terms that mean the same.
    pub synonyms: Synonyms,
    /// Traditional characters and their simplified forms.
    pub variants: Variants,
    /// The authority file of authors.
    pub agencies: Agencies,
    /// What tagging looks for.
    pub cues: Cues,
    /// The divisions of the country.
    pub regions: Regions,
    /// How titles and headings are recognised.
    pub headings: HeadingRules,
    /// How noise is recognised.
    pub noise: NoiseRules,
    /// How the kind of a section is read from its heading.
    pub sections: SectionRules,
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
        let lexicon = Lexicon::load(files)?;
        let schema = Schema {
            fields: Fields::load(files)?,
            dictionary: Dictionary::load(files, &lexicon)?,
            function_words: FunctionWords::load(files)?,
            lexicon,
            ranking: Ranking::load(files)?,
            redactions: Redactions::load(files)?,
            synonyms: Synonyms::load(files)?,
            variants: Variants::load(files)?,
            agencies: Agencies::load(files.get("agencies.toml"))?,
            cues: Cues::load(files.get("tags.toml"))?,
            regions: Regions::load(files.get("regions.csv"))?,
            fingerprint: files.fingerprint(),
            headings: HeadingRules::load(files.get("headings.toml"))?,
            noise: NoiseRules::load(files.get("noise.toml"))?,
            sections: SectionRules::load(files.get("sections.toml"))?,
        };
        if !files.are_embedded() {
            schema.prove()?;
        }
        Ok(schema)
    }

    /// Tries every rule on its samples and counter-samples.
    ///
    /// # Errors
    /// Names the first rule that breaks its promise.
    pub fn prove(&self) -> Result<()> {
        let patterns = self.headings.patterns();
        let mut patterns = patterns
            .chain(self.noise.patterns())
            .chain(self.sections.patterns());
        patterns.try_for_each(Pattern::prove)
    }

    /// Returns the hash of the files that decide about an index, 16 hexadecimal digits.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_rule_keeps_its_promise() {
        if let Err(error) = Schema::embedded().and_then(|schema| schema.prove()) {
            panic!("{error}");
        }
    }
}
