//! What a source states of itself is taken as given; evidence from the text stays listed.

use super::origin::{Origin, system_of};
use super::years::Years;
use crate::model::{Evidence, Given, Level, Passage, ReportKind, Role, SectionKind};
use crate::schema::{Regions, Schema};

/// Weight of what is given; nothing that is read weighs as much.
const GIVEN_WEIGHT: f32 = 100.0;

/// Takes the kind of report that is given.
pub(super) fn kind(given: &Given, kind: &mut ReportKind, evidence: &mut Vec<Evidence>) {
    if let Some(stated) = given.report_kind.as_deref().and_then(ReportKind::parse) {
        *kind = stated;
        overrule(evidence, "report_kind", stated.as_str());
    }
}

/// Takes agency, level and region that are given; a plain name of a place becomes a path.
pub(super) fn origin(given: &Given, schema: &Schema, origin: &mut Origin) {
    if let Some(agency) = &given.agency {
        origin.agency = Some(agency.clone());
        origin.agency_raw = Some(agency.clone());
        origin.system = system_of(schema, agency);
        overrule(&mut origin.evidence, "agency", agency);
    }
    if let Some(level) = given.level.as_deref().and_then(Level::parse) {
        origin.level = Some(level);
        overrule(&mut origin.evidence, "level", level.as_str());
    }
    if let Some(region) = &given.region {
        let path = path_of(&schema.regions, region);
        overrule(&mut origin.evidence, "region", &path);
        origin.region = Some(path);
    }
}

/// Takes the years and the date that are given.
pub(super) fn years(given: &Given, years: &mut Years) {
    if let Some(year) = given.report_year {
        years.report_year = Some(year);
        overrule(&mut years.evidence, "report_year", &year.to_string());
    }
    if let Some(date) = &given.date {
        years.date = Some(date.clone());
        overrule(&mut years.evidence, "date", date);
    }
}

/// Takes the kind of section that is given for all of the text.
pub(super) fn sections(given: &Given, passages: &mut [Passage]) {
    if let Some(kind) = given.section_kind.as_deref().and_then(SectionKind::parse) {
        for passage in passages
            .iter_mut()
            .filter(|passage| passage.role == Role::Body)
        {
            passage.section_kind = kind;
        }
    }
}

/// Returns the path of a place that bears this name alone, or the name itself.
fn path_of(regions: &Regions, region: &str) -> String {
    let paths = || {
        let ids = regions.named(region).iter();
        ids.filter_map(|&id| regions.get(id))
    };
    let province = paths().find(|row| row.level == Level::Province);
    let mut today = paths().filter(|row| row.until.is_none());
    let only = match (today.next(), today.next()) {
        (Some(row), None) => Some(row),
        _ => None,
    };
    let found = province.or(only).filter(|_| !region.contains('/'));
    found.map_or_else(|| region.to_owned(), |row| row.path.clone())
}

fn overrule(evidence: &mut Vec<Evidence>, tag: &str, value: &str) {
    for vote in evidence.iter_mut().filter(|vote| vote.tag == tag) {
        vote.chosen = vote.value == value;
    }
    evidence.insert(
        0,
        Evidence {
            tag: tag.to_owned(),
            value: value.to_owned(),
            from: "given".to_owned(),
            quote: value.to_owned(),
            line: 0,
            weight: GIVEN_WEIGHT,
            chosen: true,
        },
    );
}
