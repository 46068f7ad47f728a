//! A plan's tree → tantivy queries. Matching only: ranking has its own way through the postings.

use std::collections::HashSet;
use std::ops::Bound;

use tantivy::postings::Postings;
use tantivy::query::{
    BooleanQuery, EmptyQuery, EnableScoring, Explanation, Occur, Query, RangeQuery, Scorer,
    TermQuery, TermSetQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use super::filter::{self, Kept};
use super::near::NearQuery;
use super::verbatim::VerbatimQuery;
use super::{Identity, Index, bm25};
use crate::error::Result;
use crate::index::fields::PASSAGE;
use crate::model::Filter;
use crate::plan::Within;
use crate::plan::{Alias, Form, Leaf, Node, Plan, Target};

/// Lowers a plan's tree.
///
/// # Errors
/// If a facet value is unknown or the index cannot be read.
pub(super) fn lower(plan: &Plan, index: &Index<'_>) -> Result<Box<dyn Query>> {
    node(&plan.tree, plan, index)
}

fn node(node: &Node, plan: &Plan, index: &Index<'_>) -> Result<Box<dyn Query>> {
    Ok(match node {
        Node::All => passages(index),
        Node::Nothing => Box::new(EmptyQuery),
        Node::Leaf(number) => leaf(&plan.leaves[*number], index)?,
        Node::Facet(filter) => facet(filter, index)?,
        Node::Report(id) => {
            let id = u64::from_str_radix(id, 16).unwrap_or(0);
            term(Term::from_field_u64(index.fields.report, id))
        }
        Node::And(parts) => all(parts, plan, index)?,
        Node::Or(parts) => {
            let parts = parts.iter().map(|part| self::node(part, plan, index));
            any(parts.collect::<Result<_>>()?)
        }
        Node::Not(_) => all(std::slice::from_ref(node), plan, index)?,
        Node::Near { parts, within } => near(parts, *within, plan, index)?,
    })
}

/// All parts; what stands under NOT is taken out of what the others match.
fn all(parts: &[Node], plan: &Plan, index: &Index<'_>) -> Result<Box<dyn Query>> {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::with_capacity(parts.len() + 1);
    for part in parts {
        match part {
            Node::Not(inner) => clauses.push((Occur::MustNot, node(inner, plan, index)?)),
            part => clauses.push((Occur::Must, node(part, plan, index)?)),
        }
    }
    if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        clauses.push((Occur::Must, passages(index)));
    }
    Ok(Box::new(BooleanQuery::new(clauses)))
}

fn any(parts: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match <[Box<dyn Query>; 1]>::try_from(parts) {
        Ok([only]) => only,
        Err(parts) => Box::new(BooleanQuery::new(
            parts
                .into_iter()
                .map(|part| (Occur::Should, part))
                .collect(),
        )),
    }
}

fn passages(index: &Index<'_>) -> Box<dyn Query> {
    term(Term::from_field_text(index.fields.kind, PASSAGE))
}

fn term(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

/// Parts that stand close together; of their other names only those that hold at any time.
fn near(
    parts: &[Vec<usize>],
    within: Within,
    plan: &Plan,
    index: &Index<'_>,
) -> Result<Box<dyn Query>> {
    let mut queries = Vec::with_capacity(parts.len());
    let mut titles: Vec<HashSet<u64, Identity>> = Vec::new();
    for leaves in parts {
        let leaves = leaves.iter().map(|leaf| &plan.leaves[*leaf]);
        let forms: Vec<Form> = leaves.clone().flat_map(Leaf::standing).collect();
        match leaves.clone().next().map(|leaf| leaf.target) {
            // A title is short: its parts need only stand in it.
            Some(Target::Title) => titles.push(titled(&forms, index)?),
            place => queries.push(VerbatimQuery {
                field: target(place.unwrap_or(Target::Passage), index),
                forms,
            }),
        }
    }
    if let Some(first) = titles.pop() {
        let in_all = first
            .iter()
            .filter(|id| titles.iter().all(|title| title.contains(id)));
        let terms = in_all.map(|id| Term::from_field_u64(index.fields.report, *id));
        return Ok(Box::new(TermSetQuery::new(terms)));
    }
    Ok(Box::new(NearQuery {
        parts: queries,
        within,
    }))
}

fn leaf(leaf: &Leaf, index: &Index<'_>) -> Result<Box<dyn Query>> {
    if leaf.target == Target::Title {
        let reports = titled(&leaf.standing(), index)?;
        let terms = reports
            .into_iter()
            .map(|id| Term::from_field_u64(index.fields.report, id));
        return Ok(Box::new(TermSetQuery::new(terms)));
    }
    let field = target(leaf.target, index);
    let mut faces: Vec<Box<dyn Query>> = Vec::new();
    if leaf.verbatim {
        faces.push(Box::new(VerbatimQuery {
            field,
            forms: leaf.standing(),
        }));
    }
    for alias in leaf.aliases.iter().filter(|_| leaf.verbatim) {
        faces.extend(self::alias(alias, field, index));
    }
    if leaf.openings {
        faces.push(Box::new(VerbatimQuery {
            field: index.fields.opening,
            forms: leaf.standing(),
        }));
    }
    if !leaf.words.is_empty() {
        let terms: Vec<Term> = leaf
            .words
            .iter()
            .map(|word| Term::from_field_text(index.fields.words, word))
            .collect();
        faces.push(match leaf.most {
            Some(share) => Box::new(MostQuery::new(&terms, share, index)?),
            None => Box::new(BooleanQuery::new(
                terms
                    .into_iter()
                    .map(|word| (Occur::Must, term(word)))
                    .collect(),
            )),
        });
    }
    Ok(any(faces))
}

/// Another name that counts as a word, or up to some year; `None` for one that simply stands there
/// and is among [`Leaf::standing`].
fn alias(alias: &Alias, field: Field, index: &Index<'_>) -> Option<Box<dyn Query>> {
    let found: Box<dyn Query> = match alias.as_word {
        true => term(Term::from_field_text(index.fields.words, &alias.form.head)),
        false if alias.until.is_none() => return None,
        false => Box::new(VerbatimQuery {
            field,
            forms: vec![alias.form.clone()],
        }),
    };
    let Some(year) = alias.until else {
        return Some(found);
    };
    let last = Term::from_field_i64(index.fields.report_year, i64::from(year));
    let years = RangeQuery::new(Bound::Unbounded, Bound::Included(last));
    Some(Box::new(BooleanQuery::new(vec![
        (Occur::Must, found),
        (Occur::Must, Box::new(years)),
    ])))
}

/// Returns the reports whose title holds one of the forms. A title stands in the index once, with
/// its report's first passage.
pub(super) fn titled(forms: &[Form], index: &Index<'_>) -> Result<HashSet<u64, Identity>> {
    let query = VerbatimQuery {
        field: index.fields.title,
        forms: forms.to_vec(),
    };
    let mut reports = HashSet::default();
    for reader in index.searcher.segment_readers() {
        let mut collect = || -> tantivy::Result<()> {
            let column = reader.fast_fields().u64("report")?;
            let mut scorer = query.scorer(reader, 1.0)?;
            while scorer.doc() != TERMINATED {
                if !reader.is_deleted(scorer.doc()) {
                    reports.extend(column.first(scorer.doc()));
                }
                scorer.advance();
            }
            Ok(())
        };
        index.checked(collect())?;
    }
    Ok(reports)
}

/// Returns the field of bigrams in which a leaf is sought.
pub(super) fn target(target: Target, index: &Index<'_>) -> Field {
    match target {
        Target::Passage => index.fields.chars,
        Target::Heading => index.fields.heading,
        Target::Title => index.fields.title,
    }
}

fn facet(filter: &Filter, index: &Index<'_>) -> Result<Box<dyn Query>> {
    let field = index.fields.facet(filter.field);
    let values = index.values(filter.field)?;
    Ok(
        match filter::resolve(filter.field, &[filter], &values.values, index.schema)? {
            Kept::Years { kept, .. } => any(kept
                .into_iter()
                .map(|(from, to)| -> Box<dyn Query> {
                    let bound = |year| Bound::Included(Term::from_field_i64(field, year));
                    Box::new(RangeQuery::new(bound(from), bound(to)))
                })
                .collect()),
            Kept::Values { kept, .. } => {
                let names = values.values.iter().zip(kept).filter(|(_, kept)| *kept);
                Box::new(TermSetQuery::new(
                    names.map(|(name, _)| Term::from_field_text(field, name)),
                ))
            }
        },
    )
}

/// Finds passages that hold enough of the words, by weight: idf over all words of the query.
#[derive(Debug, Clone)]
struct MostQuery {
    words: Vec<(Term, f32)>,
    enough: f32,
}

impl MostQuery {
    fn new(terms: &[Term], share: f32, index: &Index<'_>) -> Result<Self> {
        let mut words = Vec::with_capacity(terms.len());
        for term in terms {
            // A word that no passage holds cannot be asked for.
            let frequency = index.document_frequency(term)?;
            if frequency > 0 {
                words.push((term.clone(), bm25::idf(frequency, index.passages)));
            }
        }
        let total: f32 = words.iter().map(|(_, weight)| weight).sum();
        Ok(MostQuery {
            words,
            enough: total * share,
        })
    }
}

impl Query for MostQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for MostQuery {
    fn scorer(&self, reader: &SegmentReader, _boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut weights = vec![0.0_f32; reader.max_doc() as usize];
        for (term, weight) in &self.words {
            let inverted = reader.inverted_index(term.field())?;
            let Some(mut postings) = inverted.read_postings(term, IndexRecordOption::Basic)? else {
                continue;
            };
            while postings.doc() != TERMINATED {
                weights[postings.doc() as usize] += weight;
                postings.advance();
            }
        }
        let docs = (0..)
            .zip(&weights)
            .filter(|(_, weight)| **weight > 0.0 && **weight >= self.enough)
            .map(|(doc, _)| doc)
            .collect();
        Ok(Box::new(DocList { docs, at: 0 }))
    }

    fn explain(&self, _reader: &SegmentReader, _doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(
            "matching has no score".to_owned(),
        ))
    }
}

/// A sorted list of passages.
struct DocList {
    docs: Vec<DocId>,
    at: usize,
}

impl DocSet for DocList {
    fn advance(&mut self) -> DocId {
        self.at = (self.at + 1).min(self.docs.len());
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.at += self.docs[self.at..].partition_point(|doc| *doc < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.docs.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        self.docs.len() as u32
    }
}

impl Scorer for DocList {
    fn score(&mut self) -> Score {
        1.0
    }
}

/// Returns how often a term occurs in a passage at which `postings` stand or have yet to come to.
pub(super) fn frequency(postings: &mut tantivy::postings::SegmentPostings, doc: DocId) -> u32 {
    if postings.doc() < doc {
        postings.seek(doc);
    }
    if postings.doc() == doc {
        postings.term_freq()
    } else {
        0
    }
}
