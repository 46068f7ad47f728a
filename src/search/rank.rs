//! Matched passages → scores, each with its parts.
//!
//! Scores are added up in the order of the query's leaves and words, from statistics over all
//! segments, so that they do not depend on threads, segments or file order.

use std::collections::HashSet;

use tantivy::postings::Postings;
use tantivy::query::{EmptyScorer, EnableScoring, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

use super::order::Order;
use super::sums::{Questions, Sums};
use super::verbatim::{Pair, VerbatimQuery, bigrams};
use super::{Identity, Index, bm25, lower};
use crate::error::Result;
use crate::index::bigrams::{CountedDocuments, Documents, Places, Texts};
use crate::index::words::Lexicon;
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
    /// Whether the query is one verbatim leaf, so that matching itself counts its occurrences.
    direct: bool,
}

struct RankedTerm {
    sought: Sought,
    weight: f32,
}

#[derive(PartialEq)]
enum Sought {
    Word(String),
    Pair(Pair),
}

struct RankedLeaf {
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

/// The parts of a score.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Parts {
    /// Words of the query.
    pub words: f32,
    /// Character pairs of the query.
    pub bigrams: f32,
    /// Single letters of the query.
    pub letters: f32,
    /// What the passages before hold.
    pub context: f32,
    /// What the whole report holds.
    pub report: f32,
    /// The leaves side by side.
    pub exact: f32,
    /// Other names of the leaves.
    pub alias: f32,
    /// In headings.
    pub heading: f32,
    /// In the title.
    pub title: f32,
}

impl Parts {
    /// Returns the sum.
    pub fn total(&self) -> f32 {
        // In the order of their names, so that the parts that are told make up the same bits.
        self.words
            + self.bigrams
            + self.letters
            + self.context
            + self.report
            + self.exact
            + self.alias
            + self.heading
            + self.title
    }

    /// Returns the parts that are not nothing, with their Chinese names.
    pub fn named(&self) -> Vec<(String, f32)> {
        let parts = self.named_parts().into_iter();
        parts
            .filter(|(_, amount)| *amount > 0.0)
            .map(|(name, amount)| (name.to_owned(), amount))
            .collect()
    }

    fn named_parts(&self) -> [(&'static str, f32); 9] {
        [
            ("词语", self.words),
            ("字组", self.bigrams),
            ("单字", self.letters),
            ("上文", self.context),
            ("全篇", self.report),
            ("逐字", self.exact),
            ("别名", self.alias),
            ("小标题", self.heading),
            ("标题", self.title),
        ]
    }
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
            let mut add = |sought: Sought, weight: f32| -> Result<()> {
                if weight > 0.0 && !terms.iter().any(|known| known.sought == sought) {
                    let frequency = match &sought {
                        Sought::Word(word) => index.word_frequency(index.fields.words, word)?,
                        Sought::Pair(pair) => index.pair_frequency(index.fields.chars, *pair)?,
                    };
                    if frequency > 0 {
                        let weight = weight * bm25::idf(frequency, index.passages);
                        terms.push(RankedTerm { sought, weight });
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
            let mut ranker = self.segment(reader, segment)?;
            let mut nowhere = EmptyScorer;
            for (doc, matches) in docs {
                if let Some(place) = self.order.place(segment, doc) {
                    let report = self.order.reports[self.order.report_of[place] as usize].id;
                    standing.push(Standing {
                        place: place as u32,
                        parts: ranker.score(doc, report, &mut nowhere),
                        matches,
                    });
                }
            }
        }
        standing.sort_unstable_by_key(|one| one.place);
        Ok(Some(standing))
    }

    /// Opens the postings of one segment.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn segment(
        &'a self,
        reader: &SegmentReader,
        segment: usize,
    ) -> tantivy::Result<SegmentRanker<'a>> {
        let mut terms = Vec::with_capacity(self.terms.len());
        let lexicon = self.words.of(reader, self.words_field)?;
        let texts = self.bigrams.of(reader, self.chars_field)?;
        for ranked in &self.terms {
            let found = match &ranked.sought {
                Sought::Word(word) => {
                    let documents = lexicon.documents_with(word)?;
                    documents.map(|documents| Found::Word(Box::new(documents)))
                }
                Sought::Pair((first, second)) => {
                    let documents = Texts::documents_with(texts, *first, *second)?;
                    documents.map(|documents| Found::Pair(Box::new(documents)))
                }
            };
            terms.extend(found.map(|found| (found, ranked.weight)));
        }
        let open = |query: &VerbatimQuery| query.scorer(reader, 1.0);
        let open_some = |query: &Option<VerbatimQuery>| query.as_ref().map(open).transpose();
        let mut leaves = Vec::with_capacity(self.leaves.len());
        for leaf in &self.leaves {
            leaves.push(OpenLeaf {
                weight: leaf.weight,
                exact: match self.direct {
                    true => None,
                    false => Some(open(&leaf.exact)?),
                },
                alias: open_some(&leaf.alias)?,
                heading: open_some(&leaf.heading)?,
                titled: &leaf.titled,
            });
        }
        Ok(SegmentRanker {
            ranker: self,
            segment,
            terms,
            leaves,
            lexicon,
        })
    }
}

/// Scores passages of one segment, in ascending order.
pub(super) struct SegmentRanker<'a> {
    ranker: &'a Ranker<'a>,
    /// Number of the segment.
    segment: usize,
    /// Each with its weight.
    terms: Vec<(Found, f32)>,
    leaves: Vec<OpenLeaf<'a>>,
    lexicon: &'a Lexicon,
}

/// The passages of a term in one segment.
enum Found {
    Word(Box<CountedDocuments>),
    Pair(Box<Documents<Places>>),
}

struct OpenLeaf<'a> {
    weight: f32,
    /// `None` where matching itself counts the occurrences.
    exact: Option<Box<dyn Scorer>>,
    alias: Option<Box<dyn Scorer>>,
    heading: Option<Box<dyn Scorer>>,
    titled: &'a HashSet<u64, Identity>,
}

impl SegmentRanker<'_> {
    /// Scores a passage of a report, at which `matched` stands; each call asks for a later one.
    pub(super) fn score(&mut self, doc: DocId, report: u64, matched: &mut dyn Scorer) -> Parts {
        let weights = &self.ranker.weights;
        let length = self.lexicon.length(doc) as f32;
        let saturated = |frequency: f32| {
            bm25::saturate(
                frequency,
                length,
                self.ranker.average_length,
                weights.k1,
                weights.b,
            )
        };
        let mut parts = Parts::default();
        for (found, weight) in &mut self.terms {
            let (frequency, part) = match found {
                Found::Word(postings) => (frequency(&mut **postings, doc), &mut parts.words),
                Found::Pair(documents) => (frequency(&mut **documents, doc), &mut parts.bigrams),
            };
            if frequency > 0 {
                *part += *weight * saturated(frequency as f32);
            }
        }
        if let Some(place) = self.ranker.order.place(self.segment, doc) {
            for sums in &self.ranker.sums {
                let own = sums.parts(place, self.ranker.order);
                parts.words += own.words;
                parts.bigrams += own.bigrams;
                parts.letters += own.letters;
                parts.report += own.report;
            }
        }
        for leaf in &mut self.leaves {
            let exact = match &mut leaf.exact {
                Some(exact) => occurrences(exact, doc),
                None => matched.score(),
            };
            if exact > 0.0 {
                parts.exact += weights.exact * leaf.weight * saturated(exact);
            }
            let found = |scorer: &mut Option<Box<dyn Scorer>>| {
                scorer
                    .as_mut()
                    .map_or(0.0, |scorer| occurrences(scorer, doc))
            };
            let alias = found(&mut leaf.alias);
            if alias > 0.0 {
                parts.alias += weights.exact * weights.alias * leaf.weight * saturated(alias);
            }
            if found(&mut leaf.heading) > 0.0 {
                parts.heading += weights.heading * leaf.weight;
            }
            if leaf.titled.contains(&report) {
                parts.title += weights.title * leaf.weight;
            }
        }
        parts
    }
}

/// Returns how often a term occurs in a passage at which `postings` stand or have yet to come to.
fn frequency(postings: &mut impl Postings, doc: DocId) -> u32 {
    if postings.doc() < doc {
        postings.seek(doc);
    }
    if postings.doc() == doc {
        postings.term_freq()
    } else {
        0
    }
}

fn occurrences(scorer: &mut Box<dyn Scorer>, doc: DocId) -> f32 {
    if scorer.doc() < doc {
        scorer.seek(doc);
    }
    if scorer.doc() == doc {
        scorer.score()
    } else {
        0.0
    }
}
