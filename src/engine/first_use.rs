//! A phrase → the first report that holds it, in all and for each value of a facet.

use super::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{
    Axis, Copies, FacetField, FirstUse, FirstUseRequest, FirstUseResponse, Matching, PassageRecord,
};
use crate::plan::{self, Plan, Target};
use crate::query::{self, Expr};
use crate::search::first_use::{Uses, uses};
use crate::search::slices::Slices;
use crate::search::{self, Keep, Wanted, fetch, highlight, snippet};

/// Length of the words around a first use, in characters.
const SNIPPET: usize = 60;

impl Engine {
    /// Finds the first use of a phrase by report year, among reports of one year by date. It is
    /// sought verbatim, in passages and in headings; other names of it do not count.
    ///
    /// # Errors
    /// If there is no query or it cannot be read, the axis is a year, a filter names an unknown
    /// value, or the index cannot be read.
    pub fn first_use(&self, request: &FirstUseRequest) -> Result<FirstUseResponse> {
        let tree = query::parse(&request.query)?;
        check(&tree, request.by)?;
        self.check_values(&tree, &request.query)?;
        let index = self.index();
        let mut plan = plan::plan(
            &tree,
            Matching::Verbatim,
            false,
            &self.snapshot.analyzer,
            &self.snapshot.schema,
        )?;
        for leaf in &mut plan.leaves {
            // A slogan often comes up in a heading first.
            leaf.openings = leaf.target == Target::Passage
                && leaf.forms.iter().all(|form| form.tail.is_empty());
        }
        let wanted = Wanted::of(&request.filters, Keep::All);
        let matches = search::run(&plan, &wanted, &index)?.candidates;
        let part = |by: Option<Axis>| -> Result<_> {
            let axes: Vec<Axis> = by
                .into_iter()
                .chain([Axis::of(FacetField::ReportYear)])
                .collect();
            let slices = Slices::new(&axes, &request.filters, Copies::Each, &index)?;
            Ok(uses(&matches, &slices))
        };
        let first = match part(None)?.remove(&None) {
            Some(found) if !found.first.is_empty() => Some(self.first_of(None, &found, &plan)?),
            _ => None,
        };
        let (mut firsts, mut without) = (Vec::new(), Vec::new());
        if request.by.is_some() {
            for (value, found) in part(request.by)? {
                match found.first.is_empty() {
                    true => without.extend(value),
                    false => firsts.push(self.first_of(value, &found, &plan)?),
                }
            }
        }
        // Without a year last; values in their order among equals.
        firsts.sort_by_key(|use_| {
            let date = use_.passage.date.clone();
            (use_.first_year.unwrap_or(i32::MAX), date.is_none(), date)
        });
        let by = request.by.map(|by| ("by", by.name().to_owned()));
        Ok(FirstUseResponse {
            stamp: self.stamped(
                "first-use",
                vec![tree.to_string()],
                &request.filters,
                Copies::Each,
                request.date.as_deref(),
                by,
            )?,
            understood: tree.to_string(),
            notes: plan.notes,
            by: request.by,
            first,
            uses: firsts,
            without,
        })
    }

    /// Reads the passages of the first year and takes the first of them.
    fn first_of(&self, value: Option<String>, found: &Uses, plan: &Plan) -> Result<FirstUse> {
        let index = self.index();
        let mut first: Option<PassageRecord> = None;
        let key = |passage: &PassageRecord| {
            let date = passage.date.clone();
            (date.is_none(), date, passage.source.clone(), passage.chars)
        };
        for address in &found.first {
            let passage = fetch(*address, &index)?;
            if first
                .as_ref()
                .is_none_or(|first| key(&passage) < key(first))
            {
                first = Some(passage);
            }
        }
        let passage = first.ok_or_else(|| {
            Error::new(
                ErrorKind::Internal,
                "没有首次使用的段落",
                "a first use without a passage",
            )
        })?;
        let marked = |text: &str| {
            let marks =
                highlight::highlights(text, passage.report_year, plan, &self.snapshot.analyzer);
            marks.into_iter().map(|mark| mark.span).collect::<Vec<_>>()
        };
        let texts = std::iter::once(&passage.text).chain(passage.opens.iter().map(|at| &at.text));
        let shown = texts
            .map(|text| (text, marked(text)))
            .find(|(_, marks)| !marks.is_empty());
        let (text, marks) = shown.unwrap_or((&passage.text, Vec::new()));
        let excerpt = snippet::snippet(text, &marks, SNIPPET);
        Ok(FirstUse {
            value,
            first_year: found.first_year,
            covered_from: found.covered_from,
            last_year: found.last_year,
            reports: found.reports,
            passages: found.passages,
            snippet: excerpt.text,
            snippet_highlights: excerpt.highlights,
            passage,
        })
    }
}

fn check(tree: &Expr, by: Option<Axis>) -> Result<()> {
    if *tree == Expr::All {
        return Err(Error::new(
            ErrorKind::Usage,
            "没有写出要查的说法",
            "there is no phrase to look for",
        )
        .with_hint(
            "例如 zhengsou first-use 乡村振兴",
            "for example zhengsou first-use 乡村振兴",
        ));
    }
    match by {
        Some(by) if by.field.is_year() => Err(Error::new(
            ErrorKind::Usage,
            "首次使用本身就是年份，不能再按年份分列",
            "a first use is a year itself and cannot be told apart by years",
        )
        .with_hint("例如 --by province", "for example --by province")),
        _ => Ok(()),
    }
}
