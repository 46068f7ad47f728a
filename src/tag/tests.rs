//! Whole reports through reading, splitting and tagging.
//!
//! 1. What a report says of itself is read; what it only mentions is not.
//! 2. On labelled reports, where there are any beside the project, region and report year are
//!    right: nearly always with their paths, and almost as often without.

#![expect(clippy::print_stderr, reason = "what the corpus says is read by eye")]

use std::path::{Path, PathBuf};

use super::*;
use crate::read::read;

fn tagged(source: &str, text: &[u8], schema: &Schema) -> Vec<Report> {
    let mut reports = Vec::new();
    read(source, Path::new(source), text.to_vec(), &mut |text| {
        let split = crate::split::split(&text, schema);
        reports.extend(tag(&text, split, schema).reports);
    })
    .unwrap();
    reports
}

/// A labelled report.
struct Labelled {
    path: String,
    region: String,
    year: i32,
    bytes: Vec<u8>,
}

/// Reads the labelled reports that lie beside the project; none if there are none.
fn labelled() -> Vec<Labelled> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    let Ok(index) = std::fs::read_to_string(root.join("INDEX.tsv")) else {
        return Vec::new();
    };
    let rows = index.lines().skip(1).filter_map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [path, year, region, .., note] = fields[..] else {
            return None;
        };
        if !note.is_empty() || crate::read::format_of(Path::new(path)).is_none() {
            return None;
        }
        Some(Labelled {
            path: path.to_owned(),
            region: region.to_owned(),
            year: year.parse().ok()?,
            bytes: std::fs::read(root.join(path)).ok()?,
        })
    });
    rows.collect()
}

#[test]
fn labelled_reports_are_placed_and_dated() {
    let schema = Schema::embedded().unwrap();
    let labelled = labelled();
    if labelled.is_empty() {
        return;
    }
    for (hidden, least) in [(false, 0.99), (true, 0.97)] {
        let (mut places, mut years) = (0, 0);
        for (number, row) in labelled.iter().enumerate() {
            let name = match hidden {
                true => format!("d{number:04}.md"),
                false => row.path.clone(),
            };
            let reports = tagged(&name, &row.bytes, &schema);
            let best = reports.iter().max_by_key(|report| report.passages.len());
            let region = best.and_then(|report| report.region.as_deref());
            let year = best.and_then(|report| report.report_year);
            let placed = region == Some(&row.region);
            let dated = year == Some(row.year);
            places += usize::from(placed);
            years += usize::from(dated);
            if !placed || !dated {
                eprintln!("{} ({name}): {region:?} {year:?}", row.path);
                for vote in best.iter().flat_map(|report| &report.evidence) {
                    eprintln!(
                        "    {} {} {} {} {}",
                        vote.tag, vote.value, vote.weight, vote.from, vote.quote
                    );
                }
            }
        }
        let share = |right: usize| right as f32 / labelled.len() as f32;
        eprintln!(
            "{} reports, paths hidden: {hidden}; region {:.4}, year {:.4}",
            labelled.len(),
            share(places),
            share(years)
        );
        assert!(share(places) >= least && share(years) >= least);
    }
}
