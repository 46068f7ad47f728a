//! A plan's tree → the passages of one segment that match, all of them at once.
//!
//! Each list is read once and in bulk, and how often leaves stand in passages is kept for ranking.
//! Of parts that must all match, the one that matches the least is found first; the others are asked
//! about its passages.
//!
//! Invariant: what matches is what the query that [`lower`] makes of the tree matches.

use tantivy::query::{EnableScoring, Query, Scorer, Weight};
use tantivy::{DocId, SegmentReader, TERMINATED};

use super::order::Order;
use super::rank::Known;
use super::sums::Questions;
use super::verbatim::{Lists, VerbatimQuery};
use super::{Index, lower};
use crate::cancellation::Cancellation;
use crate::error::Result;
use crate::plan::{Form, Leaf, Node, Plan, Target};

/// A list shorter than another by this factor is put into it one by one.
const FEW: usize = 16;

/// A plan's tree, ready to be looked up in every segment.
pub(super) struct Matching {
    leaves: usize,
    tree: Part,
}

/// A node of the tree.
enum Part {
    /// Every passage.
    Passages,
    Leaf(LeafPart),
    /// What has no lists of its own.
    Other(Box<dyn Weight>),
    And {
        all: Vec<Part>,
        none: Vec<Part>,
    },
    Or(Vec<Part>),
}

/// A leaf, by all that it matches by.
struct LeafPart {
    number: usize,
    /// Its own forms.
    exact: Option<VerbatimQuery>,
    /// Other names that simply stand there.
    alias: Option<VerbatimQuery>,
    opening: Option<VerbatimQuery>,
    others: Vec<Box<dyn Weight>>,
}

impl Matching {
    /// Looks up what a plan's tree names.
    ///
    /// # Errors
    /// If a facet value is unknown or the index cannot be read.
    pub(super) fn new(plan: &Plan, questions: &Questions<'_>, index: &Index<'_>) -> Result<Self> {
        let lowering = Lowering {
            plan,
            questions,
            index,
        };
        Ok(Matching {
            leaves: plan.leaves.len(),
            tree: lowering.part(&plan.tree)?,
        })
    }

    /// Returns the documents of a segment that match, in ascending order, and how often leaves stand
    /// in them. Deleted ones may be among them.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn of(
        &self,
        segment: usize,
        reader: &SegmentReader,
        order: &Order,
        cancellation: &Cancellation,
    ) -> tantivy::Result<(Vec<DocId>, Known)> {
        let mut tree = self.tree.open(reader)?;
        let mut finding = Finding {
            passages: order.places(segment),
            known: Known::of(self.leaves),
            cancellation,
        };
        let everything = Among {
            docs: None,
            has_matches: true,
            decides: true,
        };
        let docs = finding.find(&mut tree, everything);
        Ok((docs, finding.known))
    }
}

/// Makes the parts of a plan's tree.
#[derive(Clone, Copy)]
struct Lowering<'a> {
    plan: &'a Plan,
    questions: &'a Questions<'a>,
    index: &'a Index<'a>,
}

impl Lowering<'_> {
    fn part(self, node: &Node) -> Result<Part> {
        Ok(match node {
            Node::All => Part::Passages,
            Node::Leaf(number) if self.plan.leaves[*number].target != Target::Title => {
                Part::Leaf(self.leaf(*number)?)
            }
            Node::And(parts) => self.all(parts)?,
            Node::Not(_) => self.all(std::slice::from_ref(node))?,
            Node::Or(parts) => {
                let parts = parts.iter().map(|part| self.part(part));
                Part::Or(parts.collect::<Result<_>>()?)
            }
            _ => {
                let query = lower::node(node, self.plan, self.questions, self.index)?;
                Part::Other(self.weight(&*query)?)
            }
        })
    }

    fn all(self, parts: &[Node]) -> Result<Part> {
        let (mut all, mut none) = (Vec::new(), Vec::new());
        for part in parts {
            match part {
                Node::Not(inner) => none.push(self.part(inner)?),
                part => all.push(self.part(part)?),
            }
        }
        if all.is_empty() {
            all.push(Part::Passages);
        }
        Ok(Part::And { all, none })
    }

    fn leaf(self, number: usize) -> Result<LeafPart> {
        let Lowering {
            plan,
            questions,
            index,
        } = self;
        let leaf: &Leaf = &plan.leaves[number];
        let standing = leaf.standing();
        let (own, other) = standing.split_at(leaf.forms.len());
        let field = lower::target(leaf.target, index);
        let verbatim = |forms: &[Form]| {
            let counts = leaf.verbatim && !forms.is_empty();
            counts.then(|| VerbatimQuery::new(field, forms.to_vec(), index))
        };
        let others = lower::aliases(leaf, index).into_iter();
        let others = others.chain(lower::words(number, plan, questions, index));
        let others = others.map(|query| self.weight(&*query));
        Ok(LeafPart {
            number,
            exact: verbatim(own),
            alias: verbatim(other),
            opening: lower::opening(leaf, index),
            others: others.collect::<Result<_>>()?,
        })
    }

    fn weight(self, query: &dyn Query) -> Result<Box<dyn Weight>> {
        let scoring = EnableScoring::disabled_from_searcher(self.index.searcher);
        self.index.checked(query.weight(scoring))
    }
}

/// A node with its lists in one segment.
enum Open {
    Passages,
    Leaf {
        number: usize,
        exact: Option<Lists>,
        alias: Option<Lists>,
        opening: Option<Lists>,
        others: Vec<Box<dyn Scorer>>,
    },
    Other(Box<dyn Scorer>),
    And {
        all: Vec<Open>,
        none: Vec<Open>,
    },
    Or(Vec<Open>),
}

impl Part {
    fn open(&self, reader: &SegmentReader) -> tantivy::Result<Open> {
        let all = |parts: &[Part]| -> tantivy::Result<Vec<Open>> {
            parts.iter().map(|part| part.open(reader)).collect()
        };
        Ok(match self {
            Part::Passages => Open::Passages,
            Part::Other(weight) => Open::Other(weight.scorer(reader, 1.0)?),
            Part::Leaf(leaf) => {
                let lists = |query: &Option<VerbatimQuery>| {
                    let query = query.as_ref();
                    query.map(|query| query.lists(reader)).transpose()
                };
                let others = leaf.others.iter().map(|other| other.scorer(reader, 1.0));
                Open::Leaf {
                    number: leaf.number,
                    exact: lists(&leaf.exact)?,
                    alias: lists(&leaf.alias)?,
                    opening: lists(&leaf.opening)?,
                    others: others.collect::<tantivy::Result<_>>()?,
                }
            }
            Part::And { all: parts, none } => Open::And {
                all: all(parts)?,
                none: all(none)?,
            },
            Part::Or(parts) => Open::Or(all(parts)?),
        })
    }
}

impl Open {
    /// Returns about how many documents match at most.
    fn most(&self) -> u64 {
        let size = |scorer: &dyn Scorer| u64::from(scorer.size_hint());
        match self {
            Open::Passages => u64::MAX,
            Open::Other(scorer) => size(&**scorer),
            Open::Leaf {
                exact,
                alias,
                opening,
                others,
                ..
            } => {
                let lists = [exact, alias, opening].into_iter().flatten();
                let lists: u64 = lists.map(|lists| u64::from(lists.most())).sum();
                lists + others.iter().map(|other| size(&**other)).sum::<u64>()
            }
            Open::And { all, .. } => all.iter().map(Open::most).min().unwrap_or(0),
            Open::Or(parts) => parts
                .iter()
                .fold(0, |sum: u64, part| sum.saturating_add(part.most())),
        }
    }
}

/// What is found in one segment.
struct Finding<'a> {
    /// By document, its place in the order of reading.
    passages: &'a [u32],
    known: Known,
    cancellation: &'a Cancellation,
}

/// What a node is found among.
#[derive(Clone, Copy)]
struct Among<'a> {
    /// Documents that are asked about; `None` for all.
    docs: Option<&'a [DocId]>,
    /// Whether all that the tree will match is among them, so that what is counted there is all
    /// that ranking asks for.
    has_matches: bool,
    /// Whether all that the tree will match is among what the node matches.
    decides: bool,
}

impl Finding<'_> {
    /// Returns the documents that match, of all or of some.
    fn find(&mut self, open: &mut Open, among: Among<'_>) -> Vec<DocId> {
        match open {
            Open::Passages => match among.docs {
                Some(docs) => docs.to_vec(),
                None => (0..self.passages.len() as u32).collect(),
            },
            Open::Other(scorer) => self.gone_through(&mut **scorer, among.docs),
            Open::Leaf {
                number,
                exact,
                alias,
                opening,
                others,
            } => {
                let mut docs = Vec::new();
                if let Some(lists) = exact {
                    let counted = lists.counted(among.docs, self.cancellation);
                    docs.clone_from(&counted.docs);
                    self.known.exact[*number] = Some(counted).filter(|_| among.has_matches);
                }
                if let Some(lists) = alias {
                    let counted = lists.counted(among.docs, self.cancellation);
                    docs = union(docs, &counted.docs);
                    self.known.alias[*number] = Some(counted).filter(|_| among.has_matches);
                }
                if let Some(lists) = opening {
                    docs = union(docs, &lists.counted(among.docs, self.cancellation).docs);
                }
                for other in others {
                    docs = union(docs, &self.gone_through(&mut **other, among.docs));
                }
                match among.docs {
                    Some(among) => kept(docs, among, true),
                    None => docs,
                }
            }
            Open::And { all, none } => {
                all.sort_by_key(Open::most);
                let mut found: Option<Vec<DocId>> = None;
                for part in all {
                    let among = match &found {
                        None => among,
                        Some(docs) => Among {
                            docs: Some(docs),
                            has_matches: among.decides,
                            ..among
                        },
                    };
                    found = Some(self.find(part, among));
                }
                let mut docs = found.unwrap_or_default();
                for part in none {
                    let among = Among {
                        docs: Some(&docs),
                        has_matches: false,
                        decides: false,
                    };
                    let out = self.find(part, among);
                    docs = kept(docs, &out, false);
                }
                docs
            }
            Open::Or(parts) => {
                let mut docs = Vec::new();
                for part in parts {
                    let decides = false;
                    let own = self.find(part, Among { decides, ..among });
                    docs = union(docs, &own);
                }
                docs
            }
        }
    }

    fn gone_through(&self, scorer: &mut dyn Scorer, among: Option<&[DocId]>) -> Vec<DocId> {
        let mut docs = Vec::new();
        let wanted = || !self.cancellation.is_cancelled();
        match among {
            None => {
                while scorer.doc() != TERMINATED && wanted() {
                    docs.push(scorer.doc());
                    scorer.advance();
                }
            }
            Some(among) => {
                for &doc in among.iter().take_while(|_| wanted()) {
                    if scorer.doc() < doc {
                        scorer.seek(doc);
                    }
                    if scorer.doc() == doc {
                        docs.push(doc);
                    }
                }
            }
        }
        docs
    }
}

/// Returns what is in one of two ascending lists.
pub(super) fn union(one: Vec<DocId>, other: &[DocId]) -> Vec<DocId> {
    if other.is_empty() {
        return one;
    }
    let (long, short) = match one.len() < other.len() {
        true => (other, one.as_slice()),
        false => (one.as_slice(), other),
    };
    let mut union = Vec::with_capacity(long.len() + short.len());
    let (mut first, mut second) = (0, 0);
    if short.len() < long.len() / FEW {
        for &doc in short {
            let before = long[first..].partition_point(|other| *other < doc);
            union.extend_from_slice(&long[first..first + before]);
            union.push(doc);
            first += before;
            first += usize::from(long.get(first) == Some(&doc));
        }
        second = short.len();
    }
    while let (Some(&left), Some(&right)) = (long.get(first), short.get(second)) {
        union.push(left.min(right));
        first += usize::from(left <= right);
        second += usize::from(right <= left);
    }
    union.extend_from_slice(&long[first..]);
    union.extend_from_slice(&short[second..]);
    union
}

/// Keeps of an ascending list what is in another, or what is not.
fn kept(mut docs: Vec<DocId>, other: &[DocId], inside: bool) -> Vec<DocId> {
    let mut rest = other.iter();
    let mut next = rest.next();
    let mut count = 0;
    for at in 0..docs.len() {
        let doc = docs[at];
        while next.is_some_and(|next| *next < doc) {
            next = rest.next();
        }
        // Without a branch: which are kept is anybody's guess.
        docs[count] = doc;
        count += usize::from((next == Some(&doc)) == inside);
    }
    docs.truncate(count);
    docs
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lists_are_joined_as_sets(
            one in prop::collection::btree_set(0..90_u32, 0..80),
            other in prop::collection::btree_set(0..90_u32, 0..20),
        ) {
            let list = |set: &BTreeSet<u32>| set.iter().copied().collect::<Vec<u32>>();
            let both = union(list(&one), &list(&other));
            prop_assert_eq!(both, list(&(&one | &other)));
            prop_assert_eq!(kept(list(&one), &list(&other), true), list(&(&one & &other)));
            prop_assert_eq!(kept(list(&one), &list(&other), false), list(&(&one - &other)));
        }
    }
}
