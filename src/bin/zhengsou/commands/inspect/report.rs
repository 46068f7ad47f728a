//! The stages `outline`, `passages` and `tags`: what a text is split into and tagged with.

use std::io::{Result, Write};

use serde::Serialize;
use zhengsou::model::{Dropped, Evidence, PassageRecord, Report, Warning};
use zhengsou::pipeline::Parsed;
use zhengsou::present::labels::label;
use zhengsou::present::layout::{block, clean};
use zhengsou::present::report::{OutlineEntry, outline, write_outline};
use zhengsou::present::table::{Align, Table};
use zhengsou::present::{Ink, Look};
use zhengsou::say;

use super::View;

/// Returns a report's passages as they would be stored.
fn records(source: &str, report: &Report) -> Vec<PassageRecord> {
    let passages = report.passages.iter().enumerate();
    passages
        .map(|(sequence, passage)| PassageRecord::new(source, report, sequence, passage))
        .collect()
}

/// Returns what `each` makes of every report.
fn every<T>(parsed: &[Parsed], each: impl Fn(&str, &Report) -> T) -> Vec<T> {
    let reports = parsed.iter().flat_map(|parsed| {
        let source = parsed.text.source.as_str();
        parsed.reports.iter().map(move |report| (source, report))
    });
    reports
        .map(|(source, report)| each(source, report))
        .collect()
}

/// The headings of each report.
#[derive(Debug, Serialize)]
pub(super) struct Outlines {
    reports: Vec<Outline>,
}

#[derive(Debug, Serialize)]
struct Outline {
    title: String,
    line: u32,
    outline: Vec<OutlineEntry>,
    #[serde(skip)]
    passages: Vec<PassageRecord>,
}

/// Lists the headings of each report.
pub(super) fn outlines(parsed: &[Parsed]) -> Outlines {
    let reports = every(parsed, |source, report| {
        let passages = records(source, report);
        Outline {
            title: report.title.clone(),
            line: report.line,
            outline: outline(&passages),
            passages,
        }
    });
    Outlines { reports }
}

impl View for Outlines {
    fn write_text(&self, out: &mut dyn Write, look: &Look) -> Result<()> {
        for report in &self.reports {
            write_outline(out, &report.passages, look)?;
            writeln!(out)?;
        }
        Ok(())
    }
}

/// The passages of each report, and what belongs to none.
#[derive(Debug, Serialize)]
pub(super) struct Passages {
    passages: Vec<PassageRecord>,
    dropped: Vec<Dropped>,
    warnings: Vec<Warning>,
}

/// Lists passages, dropped text and warnings.
pub(super) fn passages(parsed: &[Parsed]) -> Passages {
    Passages {
        passages: every(parsed, records).into_iter().flatten().collect(),
        dropped: parsed
            .iter()
            .flat_map(|parsed| parsed.dropped.clone())
            .collect(),
        warnings: parsed
            .iter()
            .flat_map(|parsed| parsed.warnings.clone())
            .collect(),
    }
}

impl View for Passages {
    fn write_text(&self, out: &mut dyn Write, look: &Look) -> Result<()> {
        let language = look.language;
        let mut report = None;
        for passage in &self.passages {
            if report.replace(&passage.report_id) != Some(&passage.report_id) {
                writeln!(
                    out,
                    "{}\n",
                    look.paint(Ink::Strong, &clean(&passage.report_title))
                )?;
            }
            let year = passage
                .year
                .map_or_else(String::new, |year| year.to_string());
            let (line, role, kind) = (passage.line, &passage.role, &passage.section_kind);
            let path = clean(&passage.section_path.join(" › "));
            let place = say!(
                language,
                "第 {line} 行  {role}  {kind} {year}  {path}",
                "line {line}  {role}  {kind} {year}  {path}"
            );
            writeln!(out, "{}", look.paint(Ink::Faint, place.trim_end()))?;
            writeln!(out, "{}", block(&passage.text, &[], 2, look))?;
        }
        for dropped in &self.dropped {
            let (line, text) = (dropped.line, clean(&dropped.text));
            let reason = label(&dropped.reason, language);
            let text = say!(
                language,
                "略去 第 {line} 行  {reason}  {text}",
                "left out, line {line}  {reason}  {text}"
            );
            writeln!(out, "{}", text.trim_end())?;
        }
        for warning in &self.warnings {
            let text = clean(language.pick(&warning.zh, &warning.en));
            let line = warning.line;
            let text = say!(
                language,
                "注意 第 {line} 行：{text}",
                "note, line {line}: {text}"
            );
            writeln!(out, "{text}")?;
        }
        Ok(())
    }
}

/// The tags of each report with what they were read from.
#[derive(Debug, Serialize)]
pub(super) struct Tags {
    reports: Vec<Tagged>,
}

#[derive(Debug, Serialize)]
struct Tagged {
    title: String,
    line: u32,
    report_kind: &'static str,
    agency: Option<String>,
    agency_raw: Option<String>,
    system: Option<String>,
    level: Option<&'static str>,
    region: Option<String>,
    report_year: Option<i32>,
    date: Option<String>,
    evidence: Vec<Evidence>,
}

/// Lists the tags of each report.
pub(super) fn tags(parsed: &[Parsed]) -> Tags {
    let reports = every(parsed, |_, report| Tagged {
        title: report.title.clone(),
        line: report.line,
        report_kind: report.kind.as_str(),
        agency: report.agency.clone(),
        agency_raw: report.agency_raw.clone(),
        system: report.system.clone(),
        level: report.level.map(|level| level.as_str()),
        region: report.region.clone(),
        report_year: report.report_year,
        date: report.date.clone(),
        evidence: report.evidence.clone(),
    });
    Tags { reports }
}

impl View for Tags {
    fn write_text(&self, out: &mut dyn Write, look: &Look) -> Result<()> {
        for report in &self.reports {
            report.write(out, look)?;
            writeln!(out)?;
        }
        Ok(())
    }
}

impl Tagged {
    fn write(&self, out: &mut dyn Write, look: &Look) -> Result<()> {
        let (title, line) = (clean(&self.title), self.line);
        let title = say!(
            look.language,
            "{title}  第 {line} 行",
            "{title}  line {line}"
        );
        writeln!(out, "{}", look.paint(Ink::Strong, &title))?;
        let year = self.report_year.map(|year| year.to_string());
        let known = [
            ("report_kind", Some(self.report_kind)),
            ("agency", self.agency.as_deref()),
            ("agency_raw", self.agency_raw.as_deref()),
            ("system", self.system.as_deref()),
            ("level", self.level),
            ("region", self.region.as_deref()),
            ("report_year", year.as_deref()),
            ("date", self.date.as_deref()),
        ];
        let mut table = Table::new(&[Align::Left, Align::Left]).indented(2);
        for (name, value) in known {
            table.row([label(name, look.language), value.unwrap_or("–")]);
        }
        table.write(out, look)?;

        let columns = [
            Align::Left,
            Align::Left,
            Align::Left,
            Align::Right,
            Align::Right,
            Align::Left,
        ];
        let mut table = Table::new(&columns)
            .indented(2)
            .with_head(match look.language {
                zhengsou::model::Language::Zh => ["", "标签", "取值", "权重", "行", "依据"],
                zhengsou::model::Language::En => {
                    ["", "tag", "value", "weight", "line", "read from"]
                }
            });
        for evidence in &self.evidence {
            table.row([
                if evidence.chosen { "*" } else { "" }.to_owned(),
                label(&evidence.tag, look.language).to_owned(),
                evidence.value.clone(),
                format!("{:.1}", evidence.weight),
                evidence.line.to_string(),
                format!(
                    "{}「{}」",
                    label(&evidence.from, look.language),
                    evidence.quote
                ),
            ]);
        }
        if !self.evidence.is_empty() {
            table.write(out, look)?;
        }
        Ok(())
    }
}
