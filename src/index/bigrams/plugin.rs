//! The library's extension point for files of one's own in a segment; how a segment's are made.
//!
//! Until a segment ends, the characters of its texts stand in one row for each field. Then the
//! places go, by a counting pass, to the first characters of their bigrams, and each character's
//! are sorted by the second one.

use std::any::Any;

use tantivy::directory::TerminatingWrite;
use tantivy::index::Segment;
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, Schema, Value};
use tantivy::{DocId, TantivyError};

use super::layout::characters;
use super::writer::{FieldWriter, FileWriter};
use super::{EXTENSION, TYPE, merge};
use crate::index::sidefile;

/// Share of the places that is sorted at once: more pass over the characters, fewer in memory.
const PARTS: usize = 2;
/// So many places are sorted at once in any case.
const LEAST_SORTED: usize = 1 << 18;
/// Numbers of characters.
const NUMBERS: usize = char::MAX as usize + 2;

/// Bytes that a character takes while a segment is made: itself, and its share of a place with a
/// character when they are sorted.
const BYTES: usize = 4 + 8 / PARTS;

/// Writes and merges the bigrams of segments.
#[derive(Debug)]
pub(in crate::index) struct BigramPlugin;

impl SegmentPlugin for BigramPlugin {
    fn extensions(&self) -> &[&str] {
        &[EXTENSION]
    }

    fn create_writer(
        &self,
        context: &PluginWriterContext<'_>,
    ) -> tantivy::Result<Box<dyn PluginWriter>> {
        let schema = context.segment.schema();
        let rows = sidefile::fields(&schema, TYPE).map(|field| Row {
            field,
            characters: Vec::new(),
            starts: vec![0],
        });
        Ok(Box::new(Rows(rows.collect())))
    }

    fn merge(&self, context: PluginMergeContext<'_>) -> tantivy::Result<()> {
        merge::merge(&context)
    }
}

/// What is known of a segment's texts while it is made.
struct Rows(Vec<Row>);

/// The texts of a field.
struct Row {
    field: Field,
    /// Numbers of characters; 0 behind each value.
    characters: Vec<u32>,
    /// Where each document begins, and where the last one ends.
    starts: Vec<u32>,
}

impl PluginWriter for Rows {
    fn add_document(
        &mut self,
        _document: DocId,
        document: &dyn ErasedDocument,
        _schema: &Schema,
    ) -> tantivy::Result<()> {
        let document = sidefile::document(document)?;
        for (field, value) in document.field_values() {
            let Some(row) = self.0.iter_mut().find(|row| row.field == field) else {
                continue;
            };
            let text = value.as_custom().map(std::str::from_utf8);
            if let Some(Ok(text)) = text {
                row.characters.extend(characters(text));
            }
        }
        for row in &mut self.0 {
            let end = u32::try_from(row.characters.len()).map_err(|_| too_large())?;
            row.starts.push(end);
        }
        Ok(())
    }

    fn serialize(
        self: Box<Self>,
        segment: &Segment,
        order: Option<&tantivy::indexer::doc_id_mapping::DocIdMapping>,
    ) -> tantivy::Result<()> {
        sidefile::check_order(order)?;
        let out = segment.open_write(sidefile::component(EXTENSION))?;
        let mut file = FileWriter::new(out);
        for mut row in self.0 {
            let mut field = file.field(row.field, row.starts);
            sort(&mut row.characters, &mut field)?;
            field.finish()?;
        }
        Ok(file.finish()?.terminate()?)
    }

    fn mem_usage(&self) -> usize {
        let bytes = |row: &Row| row.characters.len() * BYTES + row.starts.len() * 4;
        self.0.iter().map(bytes).sum()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// Makes the error of a segment with more characters than places have numbers.
pub(super) fn too_large() -> TantivyError {
    TantivyError::InvalidArgument("a segment holds 4 billion characters at most".to_owned())
}

/// Gives the places of a row to `field`, bigram by bigram; the row is used up.
fn sort<W: std::io::Write>(row: &mut [u32], field: &mut FieldWriter<'_, W>) -> std::io::Result<()> {
    let alphabet = Alphabet::of(row);
    alphabet.rank(row);
    let mut counts = vec![0_usize; alphabet.characters.len()];
    for &character in &*row {
        counts[character as usize] += 1;
    }
    // What stands behind the texts begins no bigram.
    counts[0] = 0;
    let most = (row.len() / PARTS).max(LEAST_SORTED);
    let (mut sorted, mut spare): (Vec<u64>, Vec<u64>) = Default::default();
    let mut from = 1;
    while from < counts.len() {
        let (mut to, mut total) = (from, 0);
        while to < counts.len() && (total == 0 || total + counts[to] <= most) {
            total += counts[to];
            to += 1;
        }
        // The counts of this part become the places at which their characters' bigrams go.
        let mut next = 0;
        for count in &mut counts[from..to] {
            next += std::mem::replace(count, next);
        }
        sorted.clear();
        sorted.resize(total, 0);
        for (place, pair) in (0_u64..).zip(row.windows(2)) {
            let (first, second) = (pair[0] as usize, pair[1]);
            if (from..to).contains(&first) {
                sorted[counts[first]] = u64::from(second) << 32 | place;
                counts[first] += 1;
            }
        }
        // Each count is now where the character's bigrams end.
        let mut begin = 0;
        for first in from..to {
            let own = &mut sorted[begin..counts[first]];
            begin = counts[first];
            let places = own.iter().map(|bigram| *bigram as u32);
            field.character_at(places)?;
            sort_by_second(own, &mut spare, alphabet.bits());
            for bigram in own.chunk_by(|one, two| one >> 32 == two >> 32) {
                let second = alphabet.characters[(bigram[0] >> 32) as usize];
                let key = (alphabet.characters[first], second);
                field.bigram(key, bigram.iter().map(|place| *place as u32))?;
            }
        }
        from = to;
    }
    Ok(())
}

/// The different numbers of characters in a row, in ascending order, the end of a text first: a few
/// thousand, so that they are sorted and counted by short ranks.
struct Alphabet {
    characters: Vec<u32>,
}

impl Alphabet {
    fn of(row: &[u32]) -> Self {
        let mut stands = vec![false; NUMBERS];
        stands[0] = true;
        for &character in row {
            stands[character as usize] = true;
        }
        let characters = (0..).zip(&stands).filter(|(_, stands)| **stands);
        Alphabet {
            characters: characters.map(|(character, _)| character).collect(),
        }
    }

    /// Puts in the place of each character its rank.
    fn rank(&self, row: &mut [u32]) {
        let mut ranks = vec![0; NUMBERS];
        for (rank, &character) in (0..).zip(&self.characters) {
            ranks[character as usize] = rank;
        }
        for character in row {
            *character = ranks[*character as usize];
        }
    }

    /// Returns how many bits a rank has at most.
    fn bits(&self) -> u32 {
        usize::BITS - self.characters.len().leading_zeros()
    }
}

/// Sorts the bigrams of a character, whose places ascend, by the second character in the high half
/// of each, a rank of so many bits. They are passed over once for some of the bits after the other,
/// which keeps the order of places; few are compared.
fn sort_by_second(own: &mut [u64], spare: &mut Vec<u64>, bits: u32) {
    const DIGIT: u32 = 7;
    const VALUES: usize = 1 << DIGIT;
    if own.len() < VALUES / 2 {
        own.sort_unstable();
        return;
    }
    spare.clear();
    spare.resize(own.len(), 0);
    let (mut from, mut to) = (&mut *own, &mut spare[..]);
    let passes = bits.div_ceil(DIGIT);
    for pass in 0..passes {
        let digit = |bigram: u64| (bigram >> (32 + pass * DIGIT)) as usize & (VALUES - 1);
        let mut next = [0_u32; VALUES];
        for &bigram in &*from {
            next[digit(bigram)] += 1;
        }
        let mut sum = 0;
        for count in &mut next {
            sum += std::mem::replace(count, sum);
        }
        for &bigram in &*from {
            let at = &mut next[digit(bigram)];
            to[*at as usize] = bigram;
            *at += 1;
        }
        (from, to) = (to, from);
    }
    if passes % 2 == 1 {
        to.copy_from_slice(from);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn many_are_sorted_as_few_are(
            seconds in proptest::collection::vec(prop_oneof![0..40_u32, 0..9_000_u32, 0..NUMBERS as u32], 0..3_000),
            more in 0..3_u32,
        ) {
            let bigrams = seconds.iter().zip(0_u64..);
            let mut own: Vec<u64> = bigrams.map(|(second, place)| u64::from(*second) << 32 | place).collect();
            let mut expected = own.clone();
            expected.sort_unstable();
            let bits = 32 - seconds.iter().max().copied().unwrap_or(0).leading_zeros();
            sort_by_second(&mut own, &mut vec![7], bits + more);
            prop_assert_eq!(own, expected);
        }
    }
}
