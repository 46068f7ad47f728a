//! Prints of all passages → groups of near copies, in a file beside the segments that the commit
//! names.
//!
//! The file keeps for each component of candidates a hash of its texts and the groups found in it:
//! a later run compares only components that have changed. It is derived from the documents: where
//! it is missing or damaged, copies fold only where they are equal, an answer says so, and the next
//! run makes it anew.
//!
//! Invariant: groups depend on the texts of the index alone, not on the runs that brought them.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use rayon::prelude::*;
use tantivy::columnar::Column;
use tantivy::{DocAddress, Index, Searcher};

use super::{Identity, Records, Store, failed, guarded};
use crate::analyze::Analyzer;
use crate::error::{Error, Result};
use crate::near::{self, Near, Shingles, Signature, Text};

/// How the file begins; the number is raised when prints, groups or the layout change.
const MAGIC: &[u8; 16] = b"zhengsou near 1\n";

/// Letters of texts that are held for comparison at once; a letter takes 8 bytes.
const LETTERS_AT_ONCE: u64 = 4_000_000;

/// The groups of near copies of an index.
#[derive(Debug, Default)]
pub struct Groups {
    groups: Vec<Vec<u64>>,
    /// For each fold that has near copies, its group.
    of: HashMap<u64, u32, Identity>,
    /// Whether passages have been added or removed since, or the file cannot be read.
    pub is_stale: bool,
}

impl Groups {
    /// Returns what passages with near copies share: the smallest fold of the group, the fold
    /// itself where there is none.
    pub fn id(&self, fold: u64) -> u64 {
        match self.folds(fold) {
            [first, ..] => *first,
            [] => fold,
        }
    }

    /// Returns the folds of the near copies of a text, its own among them, in ascending order;
    /// empty if there is no other.
    pub fn folds(&self, fold: u64) -> &[u64] {
        let group = self.of.get(&fold);
        group
            .and_then(|&group| self.groups.get(group as usize))
            .map_or(&[], Vec::as_slice)
    }

    fn of(file: File, passages: u64) -> Self {
        let groups: Vec<Vec<u64>> = file.components.into_values().flatten().collect();
        let folds = groups
            .iter()
            .enumerate()
            .flat_map(|(number, group)| group.iter().map(move |&fold| (fold, number as u32)));
        Groups {
            of: folds.collect(),
            groups,
            is_stale: file.state.passages != passages,
        }
    }
}

/// The passages over which groups were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct State {
    passages: u64,
    /// Sum of the hashes of their ids and folds.
    digest: u64,
}

/// What the file holds.
#[derive(Debug, Default, PartialEq)]
struct File {
    state: State,
    /// Groups by the hash of their component's folds.
    components: HashMap<u64, Vec<Vec<u64>>, Identity>,
}

impl File {
    /// Returns the file as bytes: the magic, then numbers of 64 bits, the lowest byte first.
    fn bytes(&self) -> Vec<u8> {
        let mut numbers = vec![self.state.passages, self.state.digest];
        let mut components: Vec<_> = self.components.iter().collect();
        components.sort_unstable();
        for (key, groups) in components {
            numbers.extend([*key, groups.len() as u64]);
            for group in groups {
                numbers.push(group.len() as u64);
                numbers.extend(group);
            }
        }
        let mut bytes = MAGIC.to_vec();
        bytes.extend(numbers.into_iter().flat_map(u64::to_le_bytes));
        bytes
    }

    /// Reads what [`File::bytes`] wrote; `None` if it was something else.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let (numbers, rest) = bytes.strip_prefix(MAGIC)?.as_chunks();
        let mut numbers = numbers.iter().map(|number| u64::from_le_bytes(*number));
        let state = State {
            passages: numbers.next()?,
            digest: numbers.next()?,
        };
        let mut components = HashMap::default();
        while let Some(key) = numbers.next() {
            let mut groups = Vec::new();
            for _ in 0..numbers.next()? {
                let size = usize::try_from(numbers.next()?).ok()?;
                let group: Vec<u64> = numbers.by_ref().take(size).collect();
                if group.len() < size {
                    return None;
                }
                groups.push(group);
            }
            components.insert(key, groups);
        }
        rest.is_empty().then_some(File { state, components })
    }
}

/// A text that may have near copies, with a passage that holds it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Unit {
    fold: u64,
    /// The segment's ordinal and the document in it.
    place: (u32, u32),
}

impl Store {
    /// Returns the groups of near copies for a searcher over so many passages.
    ///
    /// # Errors
    /// If the index cannot be read; a file of groups that is missing or damaged is stale.
    pub fn groups(&self, passages: u64) -> Result<Groups> {
        Ok(match self.near_file()? {
            Some(file) => Groups::of(file, passages),
            None => Groups {
                is_stale: passages > 0,
                ..Groups::default()
            },
        })
    }

    /// Returns whether the last commit names groups of these very passages.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn is_grouped(&self) -> Result<bool> {
        let Some(file) = self.near_file()? else {
            return Ok(false);
        };
        let fault = |cause| failed(&self.folder, cause);
        guarded(&self.index, &self.folder, || {
            let searcher = self.index.reader().map_err(fault)?.searcher();
            let (state, _) = Columns::open(&searcher).map_err(fault)?.units(&searcher);
            Ok(file.state == state)
        })
    }

    /// Groups the near copies among the committed passages and writes the groups to a new file in
    /// the folder of the generation. Returns its name, for [`super::Writer::commit_with`]; `None`
    /// if the last commit names a file for these very passages.
    ///
    /// # Errors
    /// If the index cannot be read or the file not be written.
    pub fn group_near_copies(&self, analyzer: &Analyzer) -> Result<Option<String>> {
        let old = self.near_file()?;
        let fault = |cause| failed(&self.folder, cause);
        let (file, opstamp) = guarded(&self.index, &self.folder, || {
            // Nearly all texts of a corpus of copies are read, once.
            let index = Index::open(self.disk.with_stores_unmapped()).map_err(fault)?;
            let searcher = super::searcher(&index).map_err(fault)?;
            let opstamp = index.load_metas().map_err(fault)?.opstamp;
            let columns = Columns::open(&searcher).map_err(fault)?;
            let records = Records::open(&searcher).map_err(fault)?;
            let (state, units) = columns.units(&searcher);
            let old = match old {
                Some(old) if old.state == state => return Ok((None, opstamp)),
                old => old.unwrap_or_default(),
            };
            let components = columns.group(units, old, &records, analyzer, self)?;
            Ok((Some(File { state, components }), opstamp))
        })?;
        let Some(file) = file else {
            return Ok(None);
        };
        let name = format!("near-{opstamp}.bin");
        let path = self.folder.join(&self.manifest.generation).join(&name);
        let write = || -> std::io::Result<()> {
            let mut out = std::fs::File::create(&path)?;
            out.write_all(&file.bytes())?;
            out.sync_all()
        };
        write().map_err(|error| Error::io(&path, error))?;
        Ok(Some(name))
    }

    /// Reads the file that the last commit names; `None` if there is none or it is damaged.
    fn near_file(&self) -> Result<Option<File>> {
        let folder = self.folder.join(&self.manifest.generation);
        let mut payload = self.payload()?;
        loop {
            let Some(named) = &payload.near else {
                return Ok(None);
            };
            let bytes = std::fs::read(folder.join(Path::new(&named.name)));
            if bytes.is_err() {
                // A commit may have put another in its place meanwhile.
                let now = self.payload()?;
                if now != payload {
                    payload = now;
                    continue;
                }
            }
            return Ok(bytes
                .ok()
                .filter(|bytes| blake3::hash(bytes).to_hex().as_str() == named.hash)
                .and_then(|bytes| File::parse(&bytes)));
        }
    }
}

/// The columns of all segments that grouping reads.
struct Columns(Vec<SegmentColumns>);

struct SegmentColumns {
    id: Column<u64>,
    fold: Column<u64>,
    length: Column<u64>,
    mask: Column<u64>,
    signature: Column<u64>,
}

impl Columns {
    fn open(searcher: &Searcher) -> tantivy::Result<Self> {
        let open = |reader: &tantivy::SegmentReader| {
            let fast = reader.fast_fields();
            Ok(SegmentColumns {
                id: fast.u64("id")?,
                fold: fast.u64("fold")?,
                length: fast.u64("length")?,
                mask: fast.u64("mask")?,
                signature: fast.u64("signature")?,
            })
        };
        let columns = searcher.segment_readers().iter().map(open);
        Ok(Columns(columns.collect::<tantivy::Result<_>>()?))
    }

    /// Returns the state of the index and its distinct texts of more than a few letters, in
    /// ascending order.
    fn units(&self, searcher: &Searcher) -> (State, Vec<Unit>) {
        let mut state = State::default();
        let mut units = Vec::new();
        for ((ordinal, columns), reader) in (0..).zip(&self.0).zip(searcher.segment_readers()) {
            for doc in reader.doc_ids_alive() {
                // Sources of the ledger have neither.
                let (Some(id), Some(fold)) = (columns.id.first(doc), columns.fold.first(doc))
                else {
                    continue;
                };
                state.passages += 1;
                // Sums of multiples: the order of the passages does not matter.
                let passage = (id ^ fold.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                state.digest = state.digest.wrapping_add(passage ^ (passage >> 29));
                if columns.mask.first(doc).is_some() {
                    let place = (ordinal, doc);
                    units.push(Unit { fold, place });
                }
            }
        }
        units.par_sort_unstable();
        units.dedup_by_key(|unit| unit.fold);
        units.shrink_to_fit();
        (state, units)
    }

    fn near(&self, unit: &Unit) -> Near {
        let (segment, doc) = unit.place;
        let columns = &self.0[segment as usize];
        let mut signature = Signature::default();
        for (word, value) in signature
            .0
            .iter_mut()
            .zip(columns.signature.values_for_doc(doc))
        {
            *word = value;
        }
        Near {
            mask: columns.mask.first(doc).unwrap_or(unit.fold),
            signature,
        }
    }

    fn length(&self, unit: &Unit) -> u64 {
        let (segment, doc) = unit.place;
        self.0[segment as usize].length.first(doc).unwrap_or(0)
    }

    /// Returns the groups by component; those of components that `old` knows are taken from it.
    fn group(
        &self,
        units: Vec<Unit>,
        mut old: File,
        records: &Records,
        analyzer: &Analyzer,
        store: &Store,
    ) -> Result<HashMap<u64, Vec<Vec<u64>>, Identity>> {
        let nears: Vec<Near> = units.par_iter().map(|unit| self.near(unit)).collect();
        let mut done = HashMap::default();
        let mut open: Vec<(u64, Vec<u32>)> = Vec::new();
        for component in near::components(&nears) {
            let key = key(component.iter().map(|&text| units[text as usize].fold));
            match old.components.remove(&key) {
                Some(groups) => {
                    done.insert(key, groups);
                }
                None => open.push((key, component)),
            }
        }
        let place = |text: u32| units[text as usize].place;
        // Copies of neighbours are mostly neighbours: few blocks of the store are read twice.
        open.sort_unstable_by_key(|(_, component)| component.iter().map(|&text| place(text)).min());
        let mut rest = &open[..];
        while !rest.is_empty() {
            let mut letters = 0;
            let batch = rest.iter().take_while(|(_, component)| {
                let fits = letters < LETTERS_AT_ONCE;
                let lengths = component
                    .iter()
                    .map(|&text| self.length(&units[text as usize]));
                letters += lengths.sum::<u64>();
                fits
            });
            let (batch, after) = rest.split_at(batch.count());
            rest = after;
            let mut texts: Vec<u32> = batch.iter().flat_map(|(_, texts)| texts).copied().collect();
            texts.sort_unstable_by_key(|&text| place(text));
            let shingles: HashMap<u32, Shingles> = texts
                .par_iter()
                .with_min_len(16)
                .map(|&text| {
                    let written = text_at(place(text), records, store)?;
                    Ok((text, Shingles::of(&analyzer.fold(&written))))
                })
                .collect::<Result<_>>()?;
            done.par_extend(batch.par_iter().map(|(key, component)| {
                let texts = component.iter().filter_map(|text| {
                    Some(Text {
                        fold: units[*text as usize].fold,
                        mask: nears[*text as usize].mask,
                        shingles: shingles.get(text)?,
                    })
                });
                (*key, near::groups(&texts.collect::<Vec<_>>()))
            }));
        }
        Ok(done)
    }
}

/// Returns the text of a stored passage.
fn text_at(place: (u32, u32), records: &Records, store: &Store) -> Result<String> {
    let text = records.text(DocAddress::new(place.0, place.1));
    text.map_err(|cause| failed(&store.folder, cause))
}

/// Returns the hash of a component's folds, which come in ascending order.
fn key(folds: impl Iterator<Item = u64>) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for fold in folds {
        hasher.update(&fold.to_le_bytes());
    }
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_reads_back_and_a_cut_one_does_not() {
        let file = File {
            state: State {
                passages: 5,
                digest: 7,
            },
            components: HashMap::from_iter([(9, vec![vec![1, 2], vec![3, 4, 5]]), (8, Vec::new())]),
        };
        let bytes = file.bytes();
        assert_eq!(File::parse(&bytes), Some(file));
        for cut in [1, 8, 16, 9 * 8 - 1] {
            assert_eq!(File::parse(&bytes[..bytes.len() - cut]), None, "{cut}");
        }
        let mut long = bytes;
        let place = MAGIC.len() + 5 * 8;
        long[place..place + 8].copy_from_slice(&u64::MAX.to_le_bytes());
        assert_eq!(File::parse(&long), None);
    }
}
