//! The beginning of a word → words of the index that begin so.

use std::collections::HashMap;

use super::Index;
use super::related::says_something;
use crate::error::Result;
use crate::model::Suggestion;

/// Most words of a segment that are looked at: of one typed character tens of thousands may begin.
const MOST_LOOKED_AT: usize = 20_000;

/// Finds words that begin with a folded text, the most frequent first; at most `limit` of them.
///
/// # Errors
/// If the index cannot be read.
pub fn words(beginning: &str, limit: usize, index: &Index<'_>) -> Result<Vec<Suggestion>> {
    let mut found: HashMap<String, u64> = HashMap::new();
    let mut collect = || -> tantivy::Result<()> {
        for reader in index.searcher.segment_readers() {
            let lexicon = index.words.of(reader, index.fields.words)?;
            let mut entries = lexicon.from(beginning)?;
            let mut looked_at = 0;
            while looked_at < MOST_LOOKED_AT
                && entries.advance()?
                && entries.word().starts_with(beginning.as_bytes())
            {
                looked_at += 1;
                let passages = u64::from(entries.entry().documents);
                match std::str::from_utf8(entries.word()) {
                    Ok(word) if says_something(word) => {
                        *found.entry(word.to_owned()).or_default() += passages;
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    };
    index.guarded(|| index.checked(collect()))?;
    let mut words: Vec<Suggestion> = found
        .into_iter()
        .map(|(value, passages)| Suggestion { value, passages })
        .collect();
    words.sort_unstable_by(|one, two| {
        let order = two.passages.cmp(&one.passages);
        order.then_with(|| one.value.cmp(&two.value))
    });
    words.truncate(limit);
    Ok(words)
}
