//! Version of what a source goes through: one parsed by an older one is parsed again.
//!
//! Rules and word lists are not part of it; the index's fingerprint holds those.

use crate::model::Format;

/// Raised by hand when splitting or tagging changes what a text comes to.
const STAGES: u32 = 1;

/// Raised by hand when a reader changes what a source comes to; formats not named are at 1.
const READERS: &[(Format, u32)] = &[(Format::Pdf, 2)];

/// Returns the version for sources of a format; for those of none that is read, the version of all
/// readers together, since any of them may learn to read it.
pub(super) fn version(format: Option<Format>) -> u32 {
    let readers = match format {
        Some(format) => READERS
            .iter()
            .find(|(other, _)| *other == format)
            .map_or(1, |(_, version)| *version),
        None => 1 + READERS.iter().map(|(_, version)| version - 1).sum::<u32>(),
    };
    STAGES * 1000 + readers
}
