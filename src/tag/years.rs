//! When a report was given, and by which year it is known.

use std::collections::BTreeMap;

use super::ballot::{Ballot, Witness};
use super::dates::{dates, number};
use super::delivery::Delivery;
use super::scene::{Line, Scene, fold};
use crate::model::{Evidence, Level, ReportKind, SectionKind};
use crate::schema::Schema;

/// Date and years of a report.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Years {
    /// Date of delivery.
    pub(super) date: Option<String>,
    /// The year by which the report is known.
    pub(super) report_year: Option<i32>,
    /// Whether the report is a plan and nothing else.
    pub(super) only_plan: bool,
    /// Whether it sums up a part of a year, and plans the rest of it.
    pub(super) mid_year: bool,
    /// Why.
    pub(super) evidence: Vec<Evidence>,
}

/// A year stands at the start of a paragraph if no more bytes come before it.
const START_BYTES: usize = 30;
/// A year named so often may be the one that the text reviews.
const FREQUENT: usize = 3;
/// Years outside are misread numbers.
const SENSIBLE: std::ops::RangeInclusive<i32> = 1949..=2099;

/// What a year found somewhere says of the report year.
struct Counting<'a> {
    schema: &'a Schema,
    kind: ReportKind,
    level: Option<Level>,
    only_plan: bool,
    ballot: Ballot,
}

/// Returns the year in which a report was probably given, before anything else is known of it.
pub(super) fn first_guess(schema: &Schema, scene: &Scene<'_>, delivery: &Delivery) -> Option<i32> {
    let title = fold(scene.any_title());
    let titled = dates(&schema.cues, &title).next();
    let date = delivery.date.or(titled.map(|found| found.date))?;
    Some(date.year)
}

/// Finds the report year of a report given at `delivery`.
pub(super) fn years(
    schema: &Schema,
    scene: &Scene<'_>,
    delivery: Delivery,
    kind: ReportKind,
    level: Option<Level>,
    province: Option<&str>,
) -> Years {
    let title = fold(scene.any_title());
    let only_plan = kind == ReportKind::SummaryAndPlan
        && schema.cues.plan_words.is_match(&title)
        && !schema.cues.review_words.is_match(&title)
        && !["述职", "汇报", "报告"]
            .iter()
            .any(|word| title.contains(word));
    let mid_year = schema.cues.mid_year.is_match(&title);
    let mut counting = Counting {
        schema,
        kind,
        level,
        only_plan,
        ballot: Ballot::new("report_year"),
    };
    counting.delivered(&delivery);
    counting.title(&title, "title", scene.title.number, 5.0);
    let given = fold(&scene.given_title);
    if given != title {
        counting.title(&given, "source title", 0, 3.0);
    }
    counting.headings(scene);
    counting.opening(&scene.opening);
    counting.sessions(scene, province);
    counting.outside(scene);
    counting.frequency(scene);
    let report_year = counting
        .ballot
        .heaviest()
        .and_then(|year| year.parse().ok());
    let chosen = report_year.map(|year: i32| year.to_string());
    let mut evidence = counting.ballot.close(chosen.as_deref());
    evidence.extend(delivery.evidence);
    Years {
        date: delivery.date.map(|date| date.to_string()),
        report_year,
        only_plan,
        mid_year,
        evidence,
    }
}

impl Counting<'_> {
    fn vote(&mut self, year: i32, witness: &Witness<'_>, weight: f32) {
        if SENSIBLE.contains(&year) {
            self.ballot.vote(year, witness, weight);
        }
    }

    fn government(&self) -> bool {
        self.kind == ReportKind::GovernmentWorkReport
    }

    /// A year that is reviewed, as report year.
    fn reviewed(&self, year: i32) -> i32 {
        year + i32::from(self.government() || self.only_plan)
    }

    /// A year that is planned, as report year.
    fn planned(&self, year: i32) -> i32 {
        year - i32::from(!self.government() && !self.only_plan)
    }

    /// The day of delivery. Local congresses that meet in December open the next year's work; a
    /// department sums up in December or in the first months of the next year.
    fn delivered(&mut self, delivery: &Delivery) {
        let Some((date, vote)) = delivery.date.zip(delivery.evidence.first()) else {
            return;
        };
        let december = date.month == Some(12);
        let early = date.month.is_some_and(|month| month <= 3);
        let (year, weight) = match self.kind {
            ReportKind::SummaryAndPlan if self.only_plan && december => (date.year + 1, 2.0),
            ReportKind::SummaryAndPlan if !self.only_plan && early => (date.year - 1, 2.0),
            ReportKind::SummaryAndPlan => (date.year, 2.0),
            _ if december && self.level != Some(Level::Nation) => (date.year + 1, vote.weight),
            _ => (date.year, vote.weight),
        };
        let witness = Witness::new("date", vote.line, &vote.quote);
        self.vote(year, &witness, weight);
    }

    /// A title names the year of a government's report, the year summed up, or the year planned.
    fn title(&mut self, title: &str, from: &'static str, line: u32, weight: f32) {
        let schema = self.schema;
        let witness = Witness::new(from, line, title);
        let years: Vec<i32> = dates(&schema.cues, title)
            .filter(|found| found.date.month.is_none())
            .map(|found| found.date.year)
            .chain(bare_year(title))
            .collect();
        // 1980年政府工作报告 关于1980、1981年计划的报告: its own year stands first.
        let Some(&first) = years.first() else {
            return;
        };
        if self.kind != ReportKind::SummaryAndPlan {
            self.vote(first, &witness, weight);
            return;
        }
        // 工作总结及2024年工作计划: the only year is the plan's.
        let both =
            schema.cues.plan_words.is_match(title) && schema.cues.review_words.is_match(title);
        let planned =
            both && years.iter().all(|year| *year == first) && behind(title, first, "总结");
        let year = if planned { self.planned(first) } else { first };
        self.vote(year, &witness, weight + 3.0);
    }

    /// Headings name the years that they review and plan.
    fn headings(&mut self, scene: &Scene<'_>) {
        let schema = self.schema;
        for heading in scene.headings.iter().filter(|heading| heading.depth <= 2) {
            let text = &heading.line.text;
            let witness = Witness::new("heading", heading.line.number, text);
            let weight = if heading.depth == 1 { 4.0 } else { 2.0 };
            for found in dates(&schema.cues, text) {
                let year = found.date.year;
                // The words that say what becomes of a year stand behind it: 2018年工作回顾和2019年工作安排.
                let behind = &text[found.end..];
                let behind = dates(&schema.cues, behind)
                    .next()
                    .map_or(behind, |next| &behind[..next.start]);
                let review = schema
                    .cues
                    .review_words
                    .find(behind)
                    .map(|found| found.start());
                let plan = schema
                    .cues
                    .plan_words
                    .find(behind)
                    .map(|found| found.start());
                match (review, plan, heading.kind) {
                    (_, _, Some(SectionKind::Plan)) if review.is_none() => {
                        self.vote(self.planned(year), &witness, weight);
                    }
                    (Some(at), plan, _) if plan.is_none_or(|plan| at <= plan) => {
                        self.vote(self.reviewed(year), &witness, weight);
                    }
                    (_, Some(_), _) => self.vote(self.planned(year), &witness, weight),
                    (_, _, Some(SectionKind::Summary)) => {
                        self.vote(self.reviewed(year), &witness, weight);
                    }
                    _ => {}
                }
            }
        }
    }

    /// The first paragraphs open with the year that they look back on.
    fn opening(&mut self, opening: &[Line]) {
        let schema = self.schema;
        for line in opening {
            let first = dates(&schema.cues, &line.text)
                .find(|found| found.start <= START_BYTES && found.date.month.is_none());
            if let Some(found) = first {
                let witness = Witness::new("opening", line.number, &line.text);
                self.vote(self.reviewed(found.date.year), &witness, 1.5);
            }
        }
    }

    /// Congresses are elected for five years and meet every year: a weak clock.
    fn sessions(&mut self, scene: &Scene<'_>, province: Option<&str>) {
        let known = matches!(self.level, Some(Level::Nation | Level::Province));
        if !self.government() || !known {
            return;
        }
        for line in scene.bylines.iter().chain(scene.opening.first()) {
            let Some(found) = self.schema.cues.session.captures(&line.text) else {
                continue;
            };
            let read = |name| found.name(name).and_then(|text| number(text.as_str()));
            let (Some(congress), Some(sitting)) = (read("congress"), read("sitting")) else {
                continue;
            };
            let congress = congress as i32 + congress_offset(province);
            let witness = Witness::new("session number", line.number, &line.text);
            if congress >= 6 && sitting <= 6 {
                self.vote(
                    1983 + 5 * (congress - 6) + sitting as i32 - 1,
                    &witness,
                    1.2,
                );
            }
        }
    }

    /// Where nothing else speaks, the year named most often is the one reviewed.
    fn frequency(&mut self, scene: &Scene<'_>) {
        if !self.ballot.votes().is_empty() {
            return;
        }
        let body = scene.body();
        let schema = self.schema;
        let mut counts: BTreeMap<i32, usize> = BTreeMap::new();
        for found in body.iter().flat_map(|line| dates(&schema.cues, &line.text)) {
            *counts.entry(found.date.year).or_default() += 1;
        }
        let most = counts.iter().max_by_key(|(_, count)| **count);
        if let Some((&year, &count)) = most.filter(|(_, count)| **count >= FREQUENT) {
            let quote = &format!("{year}年×{count}");
            let witness = Witness::new("body", body.first().map_or(0, |line| line.number), quote);
            self.vote(self.reviewed(year), &witness, 0.5);
        }
    }

    /// What stands around the text: the record's label and the path.
    fn outside(&mut self, scene: &Scene<'_>) {
        let schema = self.schema;
        let stem = scene.source.rsplit('/').next().unwrap_or_default();
        for (from, text, weight) in [
            ("record label", scene.label.unwrap_or_default(), 2.0),
            ("path", stem, 1.0),
        ] {
            let text = &fold(text);
            let dated = dates(&schema.cues, text)
                .next()
                .map(|found| found.date.year);
            if let Some(year) = dated.or(bare_year(text)) {
                self.vote(year, &Witness::new(from, 0, text), weight);
            }
        }
    }
}

/// Returns the first year that is written in four figures and nothing else: 2023工作总结, 1954.md.
fn bare_year(text: &str) -> Option<i32> {
    let runs = text.split(|c: char| !c.is_ascii_digit());
    let mut years = runs
        .filter(|run| run.len() == 4)
        .filter_map(|run| run.parse().ok());
    years.find(|year| SENSIBLE.contains(year))
}

/// Returns whether a year stands behind a word.
fn behind(text: &str, year: i32, word: &str) -> bool {
    match (text.find(&year.to_string()), text.find(word)) {
        (Some(year), Some(word)) => year > word,
        _ => false,
    }
}

/// Some provinces count their congresses otherwise than the nation does.
fn congress_offset(province: Option<&str>) -> i32 {
    match province {
        Some("海南省") => 7,
        Some("西藏自治区") => 2,
        Some("宁夏回族自治区") => 1,
        Some("重庆市") => 8,
        Some("北京市" | "上海市") => -2,
        Some("天津市") => -4,
        _ => 0,
    }
}
