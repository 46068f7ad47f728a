//! What was planned for a year → what later reports of the same authors said of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Engine;
use super::compare::only;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{
    Answered, CharSpan, Copies, FacetField, Filter, FollowUpRequest, FollowUpResponse,
    FollowedPlan, PassageRecord, SectionKind,
};
use crate::near::{Bigram, Vector, bigrams, cosine, sentences};
use crate::search::similar::rarity;

/// Kinds of section in which a year is summed up.
const SUMMARIES: [SectionKind; 2] = [SectionKind::Summary, SectionKind::Highlight];

/// Whose plans and summaries belong together.
type Author = (Option<String>, Option<String>);

/// A passage with its sentences.
struct Read {
    passage: PassageRecord,
    sentences: Vec<(CharSpan, Vector)>,
}

impl Engine {
    /// Follows up what was planned for a year: each passage of a plan is held against the summaries
    /// of that year in later reports of the same agency and region, sentence by sentence.
    ///
    /// # Errors
    /// If there is no plan for the year, a filter is on years or kinds of section or names an
    /// unknown value, the smallest similarity lies outside of 0 to 1, or the index cannot be read.
    pub fn follow_up(&self, request: &FollowUpRequest) -> Result<FollowUpResponse> {
        super::similar::check_share(request.least)?;
        check_filters(&request.filters)?;
        let plans = self.of_kinds(request, &[SectionKind::Plan])?;
        if plans.is_empty() {
            return Err(no_plan(request.year));
        }
        let summaries = self.of_kinds(request, &SUMMARIES)?;
        let rarities = self.rarities(plans.iter().chain(&summaries))?;
        let read = |passages: Vec<PassageRecord>| -> Vec<Read> {
            passages
                .into_iter()
                .map(|passage| self.read(passage, &rarities))
                .collect()
        };
        let (plans, summaries) = (read(plans), read(summaries));
        let mut by_author: BTreeMap<Author, Vec<&Read>> = BTreeMap::new();
        for summary in &summaries {
            by_author
                .entry(author(&summary.passage))
                .or_default()
                .push(summary);
        }
        let followed = |plan: &Read| {
            let author = author(&plan.passage);
            // Whoever has no name is not known to be the same.
            let is_known = author.0.is_some() || author.1.is_some();
            let all = by_author.get(&author).filter(|_| is_known);
            let later = all.into_iter().flatten().copied();
            let later = later.filter(|summary| is_later(&summary.passage, &plan.passage));
            follow(plan, &later.collect::<Vec<_>>(), request.least)
        };
        let mut followed: Vec<FollowedPlan> = plans.iter().map(followed).collect();
        let state = |plan: &FollowedPlan| match plan.answered {
            Answered::Yes => 0,
            Answered::No => 1,
            Answered::NoSummary => 2,
        };
        followed.sort_by(|one, two| {
            let order = state(one).cmp(&state(two));
            order.then_with(|| match one.answered {
                Answered::Yes => two
                    .similarity
                    .unwrap_or(0.0)
                    .total_cmp(&one.similarity.unwrap_or(0.0)),
                // In reading order, as they are.
                _ => std::cmp::Ordering::Equal,
            })
        });
        let count = |sought: Answered| {
            followed
                .iter()
                .filter(|plan| plan.answered == sought)
                .count() as u64
        };
        let reports = |passages: &[Read]| {
            let ids: HashSet<&str> = passages
                .iter()
                .map(|read| read.passage.report_id.as_str())
                .collect();
            ids.len() as u64
        };
        let options = [
            ("year", request.year.to_string()),
            ("least", request.least.to_string()),
            ("only", only(&request.only, |answered| answered.as_str())),
        ];
        let options = options.into_iter().filter(|(_, value)| !value.is_empty());
        let (answered, unanswered, without_summary) = (
            count(Answered::Yes),
            count(Answered::No),
            count(Answered::NoSummary),
        );
        if !request.only.is_empty() {
            followed.retain(|plan| request.only.contains(&plan.answered));
        }
        Ok(FollowUpResponse {
            stamp: self.stamped(
                "follow-up",
                Vec::new(),
                &request.filters,
                Copies::Each,
                request.date.as_deref(),
                options,
            )?,
            notes: Vec::new(),
            answered,
            unanswered,
            without_summary,
            plan_reports: reports(&plans),
            summary_reports: reports(&summaries),
            plans: followed,
        })
    }

    /// Returns the passages on the year in such sections, in reading order.
    fn of_kinds(
        &self,
        request: &FollowUpRequest,
        kinds: &[SectionKind],
    ) -> Result<Vec<PassageRecord>> {
        let filter = |field, value: &str| Filter {
            field,
            value: value.to_owned(),
            negated: false,
        };
        let mut passages = Vec::new();
        let mut filters = request.filters.clone();
        filters.push(filter(FacetField::Year, &request.year.to_string()));
        // Kinds that no passage has would be unknown values.
        self.export(&filters, &mut |passage| {
            if kinds
                .iter()
                .any(|kind| kind.as_str() == passage.section_kind)
            {
                passages.push(passage);
            }
            true
        })?;
        Ok(passages)
    }

    /// Returns how rare the pairs of letters of passages are in the index.
    fn rarities<'a>(
        &self,
        passages: impl Iterator<Item = &'a PassageRecord>,
    ) -> Result<HashMap<Bigram, f64>> {
        let index = self.index();
        let mut rarities = HashMap::new();
        for passage in passages {
            for pair in bigrams(
                &self
                    .snapshot
                    .analyzer
                    .fold_mapped(&passage.text)
                    .without_blanks()
                    .chars,
            ) {
                if let std::collections::hash_map::Entry::Vacant(entry) = rarities.entry(pair) {
                    entry.insert(rarity(pair, &index)?);
                }
            }
        }
        Ok(rarities)
    }

    fn read(&self, passage: PassageRecord, rarities: &HashMap<Bigram, f64>) -> Read {
        let mapped = self.snapshot.analyzer.fold_mapped(&passage.text);
        let folded = mapped.without_blanks();
        let vector = |span: CharSpan| {
            let first = folded.spans.partition_point(|at| at.start < span.start);
            let last = folded.spans.partition_point(|at| at.start < span.end);
            let rarity = |pair: Bigram| rarities.get(&pair).copied().unwrap_or(0.0);
            (span, Vector::of(&folded.chars[first..last], rarity))
        };
        let sentences = sentences(&passage.text).into_iter().map(vector).collect();
        Read { passage, sentences }
    }
}

/// Finds the sentence of the summaries that is most like one of the plan's.
fn follow(plan: &Read, summaries: &[&Read], least: f64) -> FollowedPlan {
    let mut best: Option<(f64, CharSpan, CharSpan, &Read)> = None;
    let mut answered_sentences = 0;
    for (asked, vector) in &plan.sentences {
        let mut own = 0.0;
        for summary in summaries {
            for (span, other) in &summary.sentences {
                let alike = cosine(vector, other);
                own = f64::max(own, alike);
                // Of those as like the first one counts.
                if best.as_ref().is_none_or(|best| alike > best.0) {
                    best = Some((alike, *asked, *span, summary));
                }
            }
        }
        answered_sentences += u64::from(own >= least && own > 0.0);
    }
    let span = |span: CharSpan| [span.start, span.end];
    let answered = match &best {
        None => Answered::NoSummary,
        Some(_) if answered_sentences > 0 => Answered::Yes,
        Some(_) => Answered::No,
    };
    FollowedPlan {
        answered,
        similarity: best.as_ref().map(|best| best.0),
        sentences: plan.sentences.len() as u64,
        answered_sentences,
        plan_sentence: best.as_ref().map_or([0, 0], |best| span(best.1)),
        answer_sentence: best.as_ref().map_or([0, 0], |best| span(best.2)),
        plan: plan.passage.clone(),
        answer: best.map(|best| best.3.passage.clone()),
    }
}

fn author(passage: &PassageRecord) -> Author {
    (passage.region.clone(), passage.agency.clone())
}

/// Returns whether a summary stands in a later report than a plan; one without a year is later if it
/// is another one.
fn is_later(summary: &PassageRecord, plan: &PassageRecord) -> bool {
    match (summary.report_year, plan.report_year) {
        (Some(summary), Some(plan)) => summary > plan,
        _ => summary.report_id != plan.report_id,
    }
}

fn check_filters(filters: &[Filter]) -> Result<()> {
    let is_own = |field| {
        matches!(
            field,
            FacetField::Year | FacetField::ReportYear | FacetField::Section
        )
    };
    match filters.iter().find(|filter| is_own(filter.field)) {
        None => Ok(()),
        Some(filter) => {
            let field = filter.field;
            Err(Error::new(
                ErrorKind::Usage,
                format!("这里不能按“{}”筛选", field.label()),
                format!("{field} cannot be filtered here"),
            )
            .with_hint(
                "写明所计划的年份即可，部分与报告年度由此而定",
                "name the year that was planned; sections and report years follow from it",
            ))
        }
    }
}

fn no_plan(year: i32) -> Error {
    Error::new(
        ErrorKind::NotFound,
        format!("没有 {year} 年的工作计划"),
        format!("there is no plan for {year}"),
    )
    .with_hint(
        "zhengsou search --section 工作计划 --facets year 列出有哪些年份",
        "zhengsou search --section 工作计划 --facets year lists the years",
    )
}
