//! Matched passages → scores, each with its parts.
//!
//! Scores are added up in the order of the query's leaves and words, from statistics over all
//! segments, so that they do not depend on threads, segments or file order.

mod parts;
mod segment;

use std::collections::HashSet;

use tantivy::query::{EnableScoring, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

pub use self::parts::Parts;
pub(super) use self::segment::{Known, SegmentRanker};

use super::order::Order;
use super::sums::{Questions, Sums};
use super::verbatim::{Pair, VerbatimQuery, bigrams};
use super::{Identity, Index, bm25, lower};
use crate::cancellation::Cancellation;
use crate::error::Result;
use crate::index::{Bigrams, Words};
use crate::plan::{Form, Node, Plan, Target};
use crate::schema::Ranking;

/// What a plan ranks by, with its statistics.
pub(super) struct Ranker<'a> {
    weights: Ranking,
    terms: Vec<RankedTerm>,
    /// Of leaves of which most words are enough: what their terms score.
    sums: Vec<&'a Sums>,
    order: &'a Order,
    leaves: Vec<RankedLeaf>,
    words_field: Field,
    chars_field: Field,
    words: &'a Words,
    bigrams: &'a Bigrams,
    average_length: f32,
    cancellation: &'a Cancellation,
    /// Whether the query is one verbatim leaf, so that matching itself counts its occurrences.
    direct: bool,
}

struct RankedTerm {
    sought: Sought,
    weight: f32,
    /// The leaf that is this pair, if one is.
    leaf: Option<usize>,
}

#[derive(PartialEq)]
enum Sought {
    Word(String),
    Pair(Pair),
}

struct RankedLeaf {
    /// Its number in the plan.
    number: usize,
    weight: f32,
    exact: VerbatimQuery,
    alias: Option<VerbatimQuery>,
    heading: Option<VerbatimQuery>,
    /// Reports whose title holds the leaf.
    titled: HashSet<u64, Identity>,
}

/// A passage that scores by more than a question's sums, or matches besides them.
pub(super) struct Standing {
    /// Its place in the order of reading.
    pub(super) place: u32,
    /// What it scores in all, without context.
    pub(super) parts: Parts,
    /// Whether it matches whatever it holds of the question's terms.
    pub(super) matches: bool,
}

impl<'a> Ranker<'a> {
    /// Makes a ranker of the plan's ranked leaves.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn new(
        plan: &Plan,
        questions: &'a Questions<'_>,
        index: &Index<'a>,
    ) -> Result<Self> {
        let weights = index.schema.ranking;
        let mut terms: Vec<RankedTerm> = Vec::new();
        let mut leaves = Vec::new();
        let mut sums = Vec::new();
        let numbered = plan.leaves.iter().enumerate();
        for (number, leaf) in numbered.filter(|(_, leaf)| leaf.ranked) {
            let field = lower::target(leaf.target, index);
            let own = &leaf.forms;
            let standing = leaf.standing();
            let other = standing[own.len()..].to_vec();
            // Its one pair of characters is all there is of the leaf.
            let is_pair = leaf.target == Target::Passage
                && matches!(own.as_slice(), [form] if form.tail.is_empty() && form.head.chars().count() == 2);
            let mut add = |sought: Sought, weight: f32| -> Result<()> {
                if weight > 0.0 && !terms.iter().any(|known| known.sought == sought) {
                    let frequency = match &sought {
                        Sought::Word(word) => index.word_frequency(index.fields.words, word)?,
                        Sought::Pair(pair) => index.pair_frequency(index.fields.chars, *pair)?,
                    };
                    if frequency > 0 {
                        let weight = weight * bm25::idf(frequency, index.passages);
                        let leaf = match sought {
                            Sought::Pair(_) if is_pair => Some(number),
                            _ => None,
                        };
                        terms.push(RankedTerm {
                            sought,
                            weight,
                            leaf,
                        });
                    }
                }
                Ok(())
            };
            let words = match questions.leaf(number) {
                Some(own) => {
                    sums.push(own);
                    &[]
                }
                None => leaf.words.as_slice(),
            };
            for word in words {
                add(Sought::Word(word.clone()), weights.words)?;
            }
            // Where only the characters themselves match, every hit holds all pairs.
            if !words.is_empty() && leaf.target == Target::Passage {
                let chars: Vec<char> = own[0].head.chars().collect();
                for pair in chars.windows(2) {
                    add(Sought::Pair((pair[0], pair[1])), weights.bigrams)?;
                }
            }
            let mut rarest = 0.0_f32;
            let runs = own.first().into_iter().flat_map(Form::runs);
            for (_, pair) in runs.flat_map(bigrams) {
                let frequency = index.pair_frequency(field, pair)?;
                rarest = rarest.max(bm25::idf(frequency, index.passages));
            }
            let at = |field, forms: &[Form]| VerbatimQuery::new(field, forms.to_vec(), index);
            let inside = |field| (leaf.target == Target::Passage).then(|| at(field, &standing));
            let titled = match leaf.target {
                Target::Passage => lower::titled(&standing, index)?,
                _ => HashSet::default(),
            };
            leaves.push(RankedLeaf {
                number,
                // A single character weighs little whatever its frequency.
                weight: if rarest > 0.0 { rarest } else { 1.0 },
                exact: at(field, own),
                alias: (!other.is_empty()).then(|| at(field, &other)),
                heading: inside(index.fields.heading),
                titled,
            });
        }
        let average_length = index.average_length()?;
        Ok(Ranker {
            weights,
            terms,
            sums,
            order: questions.order,
            leaves,
            words_field: index.fields.words,
            chars_field: index.fields.chars,
            words: index.words,
            bigrams: index.bigrams,
            average_length,
            cancellation: index.cancellation,
            direct: match (&plan.tree, plan.leaves.as_slice()) {
                (Node::Leaf(0), [leaf]) => {
                    leaf.aliases.is_empty()
                        && leaf.verbatim
                        && !leaf.openings
                        && leaf.words.is_empty()
                        && leaf.target != Target::Title
                }
                _ => false,
            },
        })
    }

    /// Returns the passages that score by more than the sums of the plan's one question, or match
    /// by `faces` besides them, in the order of reading; `None` if all matches must be looked at.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn standing(
        &'a self,
        faces: &[Box<dyn Query>],
        index: &Index<'_>,
    ) -> tantivy::Result<Option<Vec<Standing>>> {
        if self.direct || !self.terms.is_empty() {
            return Ok(None);
        }
        let scoring = EnableScoring::disabled_from_searcher(index.searcher);
        let mut weights = Vec::with_capacity(faces.len());
        for face in faces {
            weights.push(face.weight(scoring)?);
        }
        let reports = self.order.reports.iter();
        let titled: Vec<bool> = reports
            .map(|report| {
                self.leaves
                    .iter()
                    .any(|leaf| leaf.titled.contains(&report.id))
            })
            .collect();
        let mut standing = Vec::new();
        for (segment, reader) in index.segments() {
            // Documents, and whether they match by a face.
            let mut docs: Vec<(DocId, bool)> = Vec::new();
            let mut collect = |mut scorer: Box<dyn Scorer>, matches: bool| {
                while scorer.doc() != TERMINATED {
                    docs.push((scorer.doc(), matches));
                    scorer.advance();
                }
            };
            for weight in &weights {
                collect(weight.scorer(reader, 1.0)?, true);
            }
            for leaf in &self.leaves {
                let others = [leaf.alias.as_ref(), leaf.heading.as_ref()];
                for query in others.into_iter().flatten().chain([&leaf.exact]) {
                    collect(query.scorer(reader, 1.0)?, false);
                }
            }
            if titled.contains(&true) {
                let places = (0..).zip(self.order.places(segment));
                let in_titled = |place: u32| {
                    let report = self.order.report_of.get(place as usize);
                    report.is_some_and(|report| titled[*report as usize])
                };
                docs.extend(
                    places
                        .filter(|(_, place)| in_titled(**place))
                        .map(|(doc, _)| (doc, false)),
                );
            }
            docs.sort_unstable_by_key(|(doc, matches)| (*doc, !matches));
            docs.dedup_by_key(|(doc, _)| *doc);
            docs.retain(|(doc, _)| self.order.place(segment, *doc).is_some());
            let mut ranker = self.segment(reader, segment, Known::default())?;
            let asked: Vec<DocId> = docs.iter().map(|(doc, _)| *doc).collect();
            let places = self.order.places(segment);
            let place = |number: usize| places[asked[number] as usize];
            let scores = ranker.score(&asked, |number| self.order.report(place(number)), &[]);
            let found = docs.iter().enumerate();
            standing.extend(found.map(|(number, (_, matches))| Standing {
                place: place(number),
                parts: scores.parts(number),
                matches: *matches,
            }));
        }
        standing.sort_unstable_by_key(|one| one.place);
        Ok(Some(standing))
    }

    /// Opens the postings of one segment; of the leaves that are `known` there it is known how
    /// often they stand in all passages that will be asked about.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn segment(
        &'a self,
        reader: &'a SegmentReader,
        segment: usize,
        known: Known,
    ) -> tantivy::Result<SegmentRanker<'a>> {
        SegmentRanker::open(self, reader, segment, known)
    }
}
