//! Forms → how often they stand in passages, for many of these at once.
//!
//! What [`VerbatimScorer`](super::VerbatimScorer) finds passage by passage: a search that wants all
//! matches, or that knows which passages it asks about, spares the calls and the places.
//!
//! Invariant: counts what the scorer counts.

use std::sync::Arc;

use tantivy::postings::Postings;
use tantivy::{DocId, DocSet, TERMINATED};

use super::{Occurrences, Pair, Starts};
use crate::cancellation::Cancellation;
use crate::index::bigrams::{Ascending, Counted, CountedDocuments, Counting, END, Texts};
use crate::plan::Form;

/// Reading a list costs less than asking it about passages, of which there are not fewer by this
/// factor.
const DENSE: usize = 12;

/// The lists of several forms in one segment.
pub(in crate::search) struct Lists {
    texts: Arc<Texts>,
    forms: Vec<List>,
}

/// The list of one form.
#[expect(
    clippy::large_enum_variant,
    reason = "there are few, and the commonest variant is the largest"
)]
enum List {
    /// Characters side by side, by where they start.
    Starts(Starts),
    /// A single character.
    Character(CountedDocuments),
    /// Runs with gaps between them, which are joined passage by passage.
    Gapped(Occurrences),
}

impl Lists {
    /// Opens the lists of forms.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(super) fn open(texts: &Arc<Texts>, forms: &[Form]) -> tantivy::Result<Self> {
        let mut lists = Vec::with_capacity(forms.len());
        for form in forms {
            let mut characters = form.head.chars();
            let list = match (characters.next(), characters.next()) {
                _ if !form.tail.is_empty() => {
                    Occurrences::open_form(texts, form, true)?.map(List::Gapped)
                }
                (Some(character), None) => match texts.character(character)? {
                    Some(character) => Some(List::Character(texts.holders(&character)?)),
                    None => None,
                },
                _ => Starts::open(texts, &form.head)?.map(List::Starts),
            };
            lists.extend(list);
        }
        Ok(Lists {
            texts: Arc::clone(texts),
            forms: lists,
        })
    }

    /// Opens the list of a bigram.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(in crate::search) fn pair(
        texts: &Arc<Texts>,
        (first, second): Pair,
    ) -> tantivy::Result<Self> {
        let starts = match texts.pair(first, second)? {
            Some(entry) => Some(Starts::Pair(texts.places(&entry)?)),
            None => None,
        };
        Ok(Lists {
            texts: Arc::clone(texts),
            forms: starts.into_iter().map(List::Starts).collect(),
        })
    }

    /// Opens the list of a single character.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(in crate::search) fn character(
        texts: &Arc<Texts>,
        character: char,
    ) -> tantivy::Result<Self> {
        let holders = match texts.character(character)? {
            Some(character) => Some(texts.holders(&character)?),
            None => None,
        };
        Ok(Lists {
            texts: Arc::clone(texts),
            forms: holders.into_iter().map(List::Character).collect(),
        })
    }

    /// Returns in how many passages the forms stand at most, were each of them alone in its own.
    pub(in crate::search) fn most(&self) -> u32 {
        let each = self.forms.iter().map(List::most);
        each.fold(0, u32::saturating_add)
    }

    /// Returns the passages that hold one of the forms; of some, at least those `among` them.
    pub(in crate::search) fn counted(
        &mut self,
        among: Option<&[DocId]>,
        cancellation: &Cancellation,
    ) -> Counted {
        if let Some(docs) = among
            && docs.len().saturating_mul(DENSE) < self.most() as usize
        {
            let mut counts = vec![0; docs.len()];
            self.count_in(docs, &mut counts, cancellation);
            let mut counted = Counted::default();
            for (doc, count) in docs.iter().zip(counts) {
                if count > 0 {
                    counted.push(*doc, count);
                }
            }
            return counted;
        }
        let texts = &self.texts;
        let lists = self.forms.iter_mut();
        let each = lists.map(|list| list.counted(texts, cancellation));
        each.reduce(Counted::merged).unwrap_or_default()
    }

    /// Adds for each of some ascending passages how often the forms stand there. Who asks again,
    /// asks about later ones.
    pub(in crate::search) fn count_in(
        &mut self,
        docs: &[DocId],
        counts: &mut [u32],
        cancellation: &Cancellation,
    ) {
        for list in &mut self.forms {
            list.count_in(&self.texts, docs, counts, cancellation);
        }
    }
}

impl List {
    fn most(&self) -> u32 {
        match self {
            List::Starts(starts) => starts.most(),
            List::Character(holders) => holders.size_hint(),
            List::Gapped(gapped) => gapped.size_hint(),
        }
    }

    fn counted(&mut self, texts: &Texts, cancellation: &Cancellation) -> Counted {
        match self {
            List::Starts(starts) => {
                let mut counting = Counting::new(texts, starts.most());
                let mut places = Vec::new();
                while !cancellation.is_cancelled() {
                    places.clear();
                    starts.fill(&mut places);
                    if places.is_empty() {
                        break;
                    }
                    counting.add(&places);
                }
                counting.finish()
            }
            List::Character(holders) => {
                let mut counted = Counted::default();
                while !cancellation.is_cancelled() && holders.doc() != TERMINATED {
                    holders.fill(&mut counted);
                }
                counted
            }
            List::Gapped(gapped) => {
                let mut counted = Counted::default();
                while !cancellation.is_cancelled() && gapped.doc() != TERMINATED {
                    counted.push(gapped.doc(), gapped.count());
                    gapped.advance();
                }
                counted
            }
        }
    }

    fn count_in(
        &mut self,
        texts: &Texts,
        docs: &[DocId],
        counts: &mut [u32],
        cancellation: &Cancellation,
    ) {
        let wanted = |_: &_| !cancellation.is_cancelled();
        let asked = docs.iter().zip(counts).take_while(wanted);
        match self {
            List::Starts(starts) => {
                for (&doc, count) in asked {
                    let end = texts.start(doc.saturating_add(1));
                    let mut place = starts.seek(texts.start(doc));
                    if place == END {
                        return;
                    }
                    while place < end {
                        *count += 1;
                        place = starts.seek(place + 1);
                    }
                }
            }
            List::Character(holders) => {
                for (&doc, count) in asked {
                    if holders.seek(doc) == doc {
                        *count += holders.term_freq();
                    }
                }
            }
            List::Gapped(gapped) => {
                for (&doc, count) in asked {
                    gapped.seek(doc);
                    if gapped.doc() == doc {
                        *count += gapped.count();
                    }
                }
            }
        }
    }
}
