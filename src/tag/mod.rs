//! Split reports → agency, region, level, years and kinds, each with its evidence.
//!
//! Evidence is collected as votes (`ballot`, `hearing`) from the report's lines (`scene`,
//! `testimony`): names of authors (`author`, `place`), dates (`dates`, `delivery`), counts of the
//! body (`census`). `kind`, `origin`, `region`, `years` and `sections` decide; `given` overrules
//! them; `passages` puts the report together.
//!
//! Invariant: text overrules the file's path; a place or agency that is only mentioned is not the
//! author; unknown stays unknown.

mod author;
mod ballot;
mod census;
mod dates;
mod delivery;
mod given;
mod hearing;
mod kind;
mod origin;
mod passages;
mod place;
mod region;
mod scene;
mod sections;
mod testimony;
mod years;

use crate::model::{Dropped, Report, SourceText, Warning};
use crate::schema::Schema;
use crate::split::{ReportDraft, Split};
use passages::{CharCounter, Ids, assemble};
use scene::Scene;
use sections::{Frame, SectionYears};

/// Everything that a source was tagged into.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tagged {
    /// The reports in reading order.
    pub reports: Vec<Report>,
    /// Text that belongs to none, with the reason.
    pub dropped: Vec<Dropped>,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
}

/// Tags the reports of a source.
///
/// Ids depend on the source's path, the place in it and the text, not on order or threads.
pub fn tag(text: &SourceText, split: Split, schema: &Schema) -> Tagged {
    let Split {
        reports,
        dropped,
        mut warnings,
    } = split;
    let mut chars = CharCounter::new(&text.text);
    let mut ids = Ids::new(text);
    let alone = reports.len() == 1;
    let reports = reports
        .into_iter()
        .map(|draft| {
            report(
                text,
                draft,
                alone,
                schema,
                &mut chars,
                &mut ids,
                &mut warnings,
            )
        })
        .collect();
    Tagged {
        reports,
        dropped,
        warnings,
    }
}

/// Tags one report; `alone` says that the source holds no other, so that its title is this one's.
fn report(
    text: &SourceText,
    draft: ReportDraft,
    alone: bool,
    schema: &Schema,
    chars: &mut CharCounter<'_>,
    ids: &mut Ids<'_>,
    warnings: &mut Vec<Warning>,
) -> Report {
    let scene = Scene::new(text, &draft, alone);
    let (mut kind, mut evidence) = kind::kind(&schema.cues, &scene);
    given::kind(&text.given, &mut kind, &mut evidence);
    let delivery = delivery::delivery(schema, &scene);
    let guess = years::first_guess(schema, &scene, &delivery);
    let mut origin = origin::origin(schema, &scene, kind, guess);
    given::origin(&text.given, schema, &mut origin);
    let province = origin
        .region
        .as_deref()
        .and_then(|path| path.split('/').next());
    let mut years = years::years(schema, &scene, delivery, kind, origin.level, province);
    given::years(&text.given, &mut years);
    evidence.extend(origin.evidence);
    evidence.extend(years.evidence);
    let sections = years.report_year.map(|year| {
        let frame = Frame::new(kind, year, years.only_plan, years.mid_year);
        SectionYears::new(schema, frame, &draft.blocks)
    });
    let start = draft.blocks.first().map_or(0, |block| block.bytes.start);
    let id = ids.report(start, &draft.title, warnings);
    let mut assembled = assemble(draft.blocks, chars, ids, warnings, |role, kind, path| {
        let Some(sections) = &sections else {
            return (kind, text.given.year);
        };
        let kind = sections.kind(kind, path);
        let year = text.given.year.or_else(|| sections.year(role, kind, path));
        (kind, year)
    });
    given::sections(&text.given, &mut assembled.passages);
    Report {
        id,
        record_id: text.given.record_id.clone(),
        title: draft.title,
        line: draft.line,
        kind,
        agency: origin.agency,
        agency_raw: origin.agency_raw,
        system: origin.system,
        level: origin.level,
        region: origin.region,
        date: years.date,
        report_year: years.report_year,
        evidence,
        passages: assembled.passages,
        trailing: assembled.trailing,
    }
}
