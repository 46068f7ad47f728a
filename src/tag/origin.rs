//! Who wrote a report, at which level and where.

use super::author::{Setting, Unit, author_at};
use super::hearing::{GOVERNMENT, Hearing, weight};
use super::region::Verdict;
use super::scene::{Scene, fold};
use super::testimony;
use crate::model::{Evidence, Level, ReportKind};
use crate::schema::Schema;

/// What is known of the author.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Origin {
    /// Canonical name.
    pub(super) agency: Option<String>,
    /// Name as written.
    pub(super) agency_raw: Option<String>,
    /// Policy field.
    pub(super) system: Option<String>,
    /// Level.
    pub(super) level: Option<Level>,
    /// Region path.
    pub(super) region: Option<String>,
    /// Why.
    pub(super) evidence: Vec<Evidence>,
}

/// Policy field of governments.
const GOVERNMENT_SYSTEM: &str = "综合政务";
/// Policy field of the governments of townships, towns and streets.
const TOWNSHIP_SYSTEM: &str = "乡镇街道";

/// Finds the author of a report that was probably given in `year`.
pub(super) fn origin(
    schema: &Schema,
    scene: &Scene<'_>,
    kind: ReportKind,
    year: Option<i32>,
) -> Origin {
    let mut hearing = Hearing::new(schema, year);
    let title = &scene.title;
    testimony::title(
        &mut hearing,
        &title.text,
        "title",
        title.number,
        weight::TITLE,
    );
    let given = &scene.given_title;
    if fold(given) != fold(&title.text) {
        testimony::title(&mut hearing, given, "source title", 0, weight::SOURCE_TITLE);
    }
    testimony::bylines(&mut hearing, &scene.bylines);
    for line in &scene.opening {
        testimony::opening(&mut hearing, line, kind);
    }
    for line in &scene.salutations {
        testimony::salutation(&mut hearing, line);
    }
    for line in &scene.closing {
        testimony::signature(&mut hearing, line);
    }
    testimony::path(&mut hearing, scene.source);
    testimony::body(&mut hearing, scene, kind);
    verdict(hearing, kind)
}

/// Weighs what was heard.
fn verdict(hearing: Hearing<'_>, kind: ReportKind) -> Origin {
    let government = kind == ReportKind::GovernmentWorkReport;
    let mut heard = hearing.heard_agency().map(str::to_owned);
    let mut level = hearing.heard_level();
    if government {
        heard = match level {
            Some(Level::Township) => heard,
            Some(Level::Nation) => Some("国务院".to_owned()),
            _ => Some(GOVERNMENT.to_owned()),
        };
    }
    let Verdict { region, name, rank } = match level {
        Some(Level::Nation) => Verdict::nation(),
        level => hearing.heard_place(level),
    };
    if level.is_none() && government {
        level = rank;
    }
    // 市 in a municipality's own report is a province by rank.
    let municipality = |region: &String| !region.contains('/') && region.ends_with('市');
    if level == Some(Level::City)
        && rank == Some(Level::Province)
        && region.as_ref().is_some_and(municipality)
    {
        level = rank;
    }
    let raw = heard
        .as_deref()
        .and_then(|name| hearing.as_written(name))
        .map(str::to_owned);
    let agency = match heard.as_deref() {
        Some(GOVERNMENT) => {
            let place = name.filter(|_| rank == level);
            Some(government_name(level, place.as_deref(), raw.as_deref()))
        }
        _ => heard.clone(),
    };
    let system = agency
        .as_deref()
        .and_then(|agency| system_of(hearing.schema, agency));
    let mut evidence = hearing.close(heard.as_deref(), level, region.as_deref());
    for vote in evidence
        .iter_mut()
        .filter(|vote| vote.tag == "agency" && vote.value == GOVERNMENT)
    {
        if let Some(agency) = agency.as_ref().filter(|_| vote.chosen) {
            vote.value.clone_from(agency);
        }
    }
    Origin {
        agency,
        agency_raw: raw,
        system,
        level,
        region,
        evidence,
    }
}

/// Names a government: with its place where that is known, with its rank where that is.
fn government_name(level: Option<Level>, place: Option<&str>, raw: Option<&str>) -> String {
    if let Some(place) = place {
        // Prefectures without a congress have an office of the province's government.
        let office = match place.ends_with("地区") || place.ends_with('盟') {
            true => "行政公署",
            false => GOVERNMENT,
        };
        return format!("{place}{office}");
    }
    let raw = raw.unwrap_or_default();
    let rank = match level {
        Some(Level::Nation) => return "国务院".to_owned(),
        Some(Level::Province) if raw.contains("自治区") => "自治区",
        Some(Level::Province) => "省",
        Some(Level::City) if raw.contains('州') => "州",
        Some(Level::City) => "市",
        Some(Level::County) if raw.contains('区') => "区",
        Some(Level::County) => "县",
        Some(Level::Township) if raw.contains('镇') => "镇",
        Some(Level::Township) => "乡",
        None => "",
    };
    format!("{rank}{GOVERNMENT}")
}

/// Returns the policy field of a canonical name, or of a name with its place.
pub(super) fn system_of(schema: &Schema, agency: &str) -> Option<String> {
    let field = if let Some(found) = schema.agencies.named(agency) {
        &found.agency.system
    } else {
        match author_at(schema, agency, Setting::Name)?.unit? {
            Unit::Agency(found) => &found.agency.system,
            Unit::Government => GOVERNMENT_SYSTEM,
            Unit::Township(_) => TOWNSHIP_SYSTEM,
        }
    };
    Some(field.to_owned())
}
