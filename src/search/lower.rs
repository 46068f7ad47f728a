//! A plan's tree → tantivy queries. Matching only: ranking has its own way through the postings.

use std::collections::HashSet;

use tantivy::postings::Postings;
use tantivy::query::{
    BooleanQuery, EmptyQuery, EnableScoring, Explanation, Occur, Query, Scorer, TermQuery,
    TermSetQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use super::filter::{self, Kept};
use super::near::NearQuery;
use super::verbatim::{VerbatimQuery, bigrams};
use super::{Identity, Index, bm25, values};
use crate::error::Result;
use crate::index::fields::PASSAGE;
use crate::model::{FacetField, Filter};
use crate::plan::{Alias, Form, Leaf, Node, Plan, Target, Within};

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
        let figures = leaf.figures.iter().map(|spellings| VerbatimQuery {
            field,
            forms: spellings.clone(),
        });
        faces.push(match leaf.most {
            Some(share) => Box::new(MostQuery::new(&terms, figures.collect(), share, index)?),
            None => {
                let words = terms.into_iter().map(term);
                let figures = figures.map(|figure| -> Box<dyn Query> { Box::new(figure) });
                let all = words.chain(figures).map(|part| (Occur::Must, part));
                Box::new(BooleanQuery::new(all.collect()))
            }
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
        Ok(Box::new(DocList { docs, at: 0 }))
    }

    fn explain(&self, _reader: &SegmentReader, _doc: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument(
            "matching has no score".to_owned(),
        ))
    }
}

/// Finds passages that hold enough of the words and figures, by weight: idf over all of the query.
#[derive(Debug, Clone)]
struct MostQuery {
    words: Vec<(Term, f32)>,
    figures: Vec<(VerbatimQuery, f32)>,
    enough: f32,
}

impl MostQuery {
    fn new(
        terms: &[Term],
        figures: Vec<VerbatimQuery>,
        share: f32,
        index: &Index<'_>,
    ) -> Result<Self> {
        let mut words = Vec::with_capacity(terms.len());
        for term in terms {
            // A word that no passage holds cannot be asked for.
            let frequency = index.document_frequency(term)?;
            if frequency > 0 {
                words.push((term.clone(), bm25::idf(frequency, index.passages)));
            }
        }
        let mut weighted = Vec::with_capacity(figures.len());
        for figure in figures {
            // A figure is at least as rare as the rarest pair of its characters.
            let mut rarest = u64::MAX;
            let runs = figure.forms.first().into_iter().flat_map(Form::runs);
            for (_, bigram) in runs.flat_map(bigrams) {
                let term = Term::from_field_text(figure.field, &bigram);
                rarest = rarest.min(index.document_frequency(&term)?);
            }
            if rarest > 0 && rarest < u64::MAX {
                let weight = bm25::idf(rarest, index.passages);
                weighted.push((figure, weight));
            }
        }
        let figures = weighted;
        let weights = words.iter().map(|(_, weight)| weight);
        let total: f32 = weights
            .chain(figures.iter().map(|(_, weight)| weight))
            .sum();
        Ok(MostQuery {
            words,
            figures,
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
        for (figure, weight) in &self.figures {
            let mut found = figure.open(reader, false)?;
            while found.doc() != TERMINATED {
                weights[found.doc() as usize] += weight;
                found.advance();
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
