//! A plan's tree → tantivy queries. Matching only: ranking has its own way through the postings.

use std::collections::HashSet;
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::query::{
    BooleanQuery, EmptyQuery, EnableScoring, Explanation, Occur, Query, Scorer, TermQuery,
    TermSetQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use super::filter::{self, Kept};
use super::near::NearQuery;
use super::sums::Questions;
use super::verbatim::VerbatimQuery;
use super::word::WordQuery;
use super::{Identity, Index, values};
use crate::error::Result;
use crate::index::fields::PASSAGE;
use crate::model::{FacetField, Filter};
use crate::plan::{Alias, Form, Leaf, Node, Plan, Target, Within};

/// Lowers a plan's tree.
///
/// # Errors
/// If a facet value is unknown or the index cannot be read.
pub(super) fn lower(
    plan: &Plan,
    questions: &Questions<'_>,
    index: &Index<'_>,
) -> Result<Box<dyn Query>> {
    node(&plan.tree, plan, questions, index)
}

/// Lowers a node of the tree.
///
/// # Errors
/// If a facet value is unknown or the index cannot be read.
pub(super) fn node(
    node: &Node,
    plan: &Plan,
    questions: &Questions<'_>,
    index: &Index<'_>,
) -> Result<Box<dyn Query>> {
    Ok(match node {
        Node::All => passages(index),
        Node::Nothing => Box::new(EmptyQuery),
        Node::Leaf(number) => leaf(*number, plan, questions, index)?,
        Node::Facet(filter) => facet(filter, index)?,
        Node::Report(id) => {
            let id = u64::from_str_radix(id, 16).unwrap_or(0);
            term(Term::from_field_u64(index.fields.report, id))
        }
        Node::And(parts) => all(parts, plan, questions, index)?,
        Node::Or(parts) => {
            let parts = parts
                .iter()
                .map(|part| self::node(part, plan, questions, index));
            any(parts.collect::<Result<_>>()?)
        }
        Node::Not(_) => all(std::slice::from_ref(node), plan, questions, index)?,
        Node::Near { parts, within } => near(parts, *within, plan, index)?,
    })
}

/// All parts; what stands under NOT is taken out of what the others match.
fn all(
    parts: &[Node],
    plan: &Plan,
    questions: &Questions<'_>,
    index: &Index<'_>,
) -> Result<Box<dyn Query>> {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::with_capacity(parts.len() + 1);
    for part in parts {
        match part {
            Node::Not(inner) => {
                clauses.push((Occur::MustNot, node(inner, plan, questions, index)?))
            }
            part => clauses.push((Occur::Must, node(part, plan, questions, index)?)),
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
            place => {
                let field = target(place.unwrap_or(Target::Passage), index);
                queries.push(VerbatimQuery::new(field, forms, index));
            }
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

fn leaf(
    number: usize,
    plan: &Plan,
    questions: &Questions<'_>,
    index: &Index<'_>,
) -> Result<Box<dyn Query>> {
    let leaf = &plan.leaves[number];
    if leaf.target == Target::Title {
        let reports = titled(&leaf.standing(), index)?;
        let terms = reports
            .into_iter()
            .map(|id| Term::from_field_u64(index.fields.report, id));
        return Ok(Box::new(TermSetQuery::new(terms)));
    }
    let mut faces = standing(leaf, index);
    faces.extend(words(number, plan, questions, index));
    Ok(any(faces))
}

/// Returns by what a leaf matches that stands somewhere verbatim or by another name.
pub(super) fn standing(leaf: &Leaf, index: &Index<'_>) -> Vec<Box<dyn Query>> {
    let field = target(leaf.target, index);
    let mut faces: Vec<Box<dyn Query>> = Vec::new();
    if leaf.verbatim {
        faces.push(Box::new(VerbatimQuery::new(field, leaf.standing(), index)));
    }
    faces.extend(aliases(leaf, index));
    if let Some(opening) = opening(leaf, index) {
        faces.push(Box::new(opening));
    }
    faces
}

/// Returns a leaf's other names by which it matches and that do not simply stand there.
pub(super) fn aliases(leaf: &Leaf, index: &Index<'_>) -> Vec<Box<dyn Query>> {
    let field = target(leaf.target, index);
    let aliases = leaf.aliases.iter().filter(|_| leaf.verbatim);
    aliases
        .filter_map(|alias| self::alias(alias, field, index))
        .collect()
}

/// Returns by what a leaf matches in headings that open on a passage.
pub(super) fn opening(leaf: &Leaf, index: &Index<'_>) -> Option<VerbatimQuery> {
    let field = index.fields.opening;
    leaf.openings
        .then(|| VerbatimQuery::new(field, leaf.standing(), index))
}

/// Returns by what a leaf matches that holds its words: all of them, or most.
pub(super) fn words(
    number: usize,
    plan: &Plan,
    questions: &Questions<'_>,
    index: &Index<'_>,
) -> Option<Box<dyn Query>> {
    let leaf = &plan.leaves[number];
    if questions.leaf(number).is_some() {
        return Some(Box::new(MostQuery::new(number, questions, index)));
    }
    if leaf.words.is_empty() {
        return None;
    }
    let words = leaf
        .words
        .iter()
        .map(|word| -> Box<dyn Query> { Box::new(WordQuery::new(word, index)) });
    let figures = leaf.figures.iter().map(|spellings| -> Box<dyn Query> {
        let field = target(leaf.target, index);
        Box::new(VerbatimQuery::new(field, spellings.clone(), index))
    });
    let all = words.chain(figures).map(|part| (Occur::Must, part));
    Some(Box::new(BooleanQuery::new(all.collect())))
}

/// Another name that counts as a word, or up to some year; `None` for one that simply stands there
/// and is among [`Leaf::standing`].
fn alias(alias: &Alias, field: Field, index: &Index<'_>) -> Option<Box<dyn Query>> {
    let found: Box<dyn Query> = match alias.as_word {
        true => Box::new(WordQuery::new(&alias.form.head, index)),
        false if alias.until.is_none() => return None,
        false => Box::new(VerbatimQuery::new(field, vec![alias.form.clone()], index)),
    };
    let Some(year) = alias.until else {
        return Some(found);
    };
    let years = YearsQuery {
        field: FacetField::ReportYear,
        ranges: vec![(i64::MIN, i64::from(year))],
    };
    Some(Box::new(BooleanQuery::new(vec![
        (Occur::Must, found),
        (Occur::Must, Box::new(years)),
    ])))
}

/// Returns the reports whose title holds one of the forms. A title stands in the index once, with
/// its report's first passage.
pub(super) fn titled(forms: &[Form], index: &Index<'_>) -> Result<HashSet<u64, Identity>> {
    let query = VerbatimQuery::new(index.fields.title, forms.to_vec(), index);
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
            Kept::Years { kept, .. } => Box::new(YearsQuery {
                field: filter.field,
                ranges: kept,
            }),
            Kept::Values { kept, .. } => {
                let names = values.values.iter().zip(kept).filter(|(_, kept)| *kept);
                Box::new(TermSetQuery::new(
                    names.map(|(name, _)| Term::from_field_text(field, name)),
                ))
            }
        },
    )
}

/// Finds passages of some years, from the fast field: the library's own set of a range may not be
/// sought backwards, and does so itself where it stands under NOT.
#[derive(Debug, Clone)]
struct YearsQuery {
    field: FacetField,
    /// Ends included.
    ranges: Vec<(i64, i64)>,
}

impl Query for YearsQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for YearsQuery {
    fn scorer(&self, reader: &SegmentReader, _boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut docs: Vec<DocId> = Vec::new();
        if let Some(years) = values::years(self.field, reader)? {
            for &(from, to) in &self.ranges {
                // Values outside of a column's own range are not looked for rightly.
                let (from, to) = (from.max(years.min_value()), to.min(years.max_value()));
                if from > to {
                    continue;
                }
                let mut found = Vec::new();
                years.get_docids_for_value_range(from..=to, 0..reader.max_doc(), &mut found);
                docs.extend(found);
            }
        }
        docs.sort_unstable();
        docs.dedup();
        let docs = docs.into();
        Ok(Box::new(DocList { docs, at: 0 }))
    }

    fn explain(&self, _reader: &SegmentReader, _doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(
            "matching has no score".to_owned(),
        ))
    }
}

/// Finds the passages that hold enough of a question.
#[derive(Debug, Clone)]
struct MostQuery {
    /// For each segment, its documents in ascending order.
    docs: Vec<(SegmentId, Arc<[DocId]>)>,
}

impl MostQuery {
    fn new(leaf: usize, questions: &Questions<'_>, index: &Index<'_>) -> Self {
        let segments = index.searcher.segment_readers().iter().enumerate();
        let docs = segments.map(|(segment, reader)| {
            let docs = questions.matching(leaf, segment);
            (reader.segment_id(), docs.into())
        });
        MostQuery {
            docs: docs.collect(),
        }
    }
}

impl Query for MostQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for MostQuery {
    fn scorer(&self, reader: &SegmentReader, _boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let own = self.docs.iter().find(|(id, _)| *id == reader.segment_id());
        let docs = own.map_or_else(|| Arc::from([]), |(_, docs)| Arc::clone(docs));
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
    docs: Arc<[DocId]>,
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
