//! Sources and reports → out of the index.
//!
//! Invariant: either all that was named goes, in one commit, or nothing does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::ledger::Ledger;
use crate::analyze::Analyzer;
use crate::error::{Error, ErrorKind, Result};
use crate::index::{Lock, Store, Writer};
use crate::model::SourceRecord;
use crate::schema::Schema;

/// Memory for a writer that only deletes.
const MEMORY: u64 = 32 << 20;

/// Names suggested for one that is unknown.
const SUGGESTIONS: usize = 3;

/// How alike a name must be to be suggested, from 0 to 1.
const ALIKE: f64 = 0.6;

/// What to take out.
#[derive(Debug, Clone, Default)]
pub struct DeleteOptions {
    /// Folder of the index.
    pub index: PathBuf,
    /// Sources as cited, folders and archives as they begin, patterns with `*` and `?`, and ids of
    /// reports.
    pub targets: Vec<String>,
    /// Whether only to say what would go.
    pub dry_run: bool,
}

/// What was taken out.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Deleted {
    /// The sources, or parts of them, sorted.
    pub sources: Vec<DeletedSource>,
    /// Number of reports.
    pub reports: usize,
    /// Number of passages.
    pub passages: usize,
}

/// A source, or one report of it, that was taken out.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DeletedSource {
    /// Path as cited.
    pub source: String,
    /// Id of the report, where it was not all of the source.
    pub report_id: Option<String>,
    /// Title of that report.
    pub title: Option<String>,
    /// Number of reports.
    pub reports: usize,
    /// Number of passages.
    pub passages: usize,
    /// Whether its file is still there: a whole source is read again by the next build then; a
    /// report only when its source is read again, since it was changed or parsed by an older
    /// version.
    pub on_disk: bool,
}

/// Takes sources and reports out of an index.
///
/// # Errors
/// If the index cannot be written, or a target names nothing in it; then nothing was taken out.
pub fn delete(options: &DeleteOptions, schema: &Schema) -> Result<Deleted> {
    let analyzer = Analyzer::new(schema);
    // Looked for first: taking the lock makes the folder.
    let store = Store::open(&options.index, &analyzer)?;
    let (lock, store) = match options.dry_run {
        true => (None, store),
        false => {
            let lock = Lock::take(&options.index)?;
            (Some(lock), Store::open(&options.index, &analyzer)?)
        }
    };
    let ledger = Ledger::new(store.ledger()?);
    let mut chosen = Chosen::default();
    for target in &options.targets {
        chosen.add(target, &ledger, &store)?;
    }
    let deleted = chosen.deleted();
    if lock.is_some() {
        let mut writer = Writer::open(&store, 1, MEMORY)?;
        chosen.write(&ledger, &writer)?;
        writer.commit()?;
        if let Some(groups) = store.group_near_copies(&analyzer)? {
            writer.commit_with(Some(&groups))?;
        }
        writer.close()?;
    }
    Ok(deleted)
}

/// What the targets name.
#[derive(Debug, Default)]
struct Chosen {
    sources: BTreeMap<String, SourceRecord>,
    reports: BTreeMap<String, Part>,
}

/// One report of a source.
#[derive(Debug)]
struct Part {
    source: SourceRecord,
    title: String,
    passages: usize,
}

impl Chosen {
    fn add(&mut self, target: &str, ledger: &Ledger, store: &Store) -> Result<()> {
        let typed = target.replace('\\', "/");
        let typed = typed.trim_start_matches("./").trim_end_matches('/');
        let is_pattern = typed.contains(['*', '?']);
        let is_meant = |source: &str| match is_pattern {
            true => fits(source, typed),
            false => source
                .strip_prefix(typed)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
        };
        let before = self.sources.len();
        let mut is_known = false;
        for record in ledger.all().filter(|record| is_meant(&record.source)) {
            is_known = true;
            let whole = ledger.members(&record.source).into_iter().chain([record]);
            let named = whole.map(|record| (record.source.clone(), record.clone()));
            self.sources.extend(named);
        }
        if is_known || self.sources.len() > before {
            return Ok(());
        }
        if let Some(report) = store.report(typed)?
            && let Some(source) = ledger.get(&report.source)
        {
            let part = Part {
                source: source.clone(),
                title: report.title,
                passages: report.passages,
            };
            self.reports.insert(typed.to_owned(), part);
            return Ok(());
        }
        Err(unknown(target, typed, ledger))
    }

    fn deleted(&self) -> Deleted {
        let whole = self.sources.values().map(|record| DeletedSource {
            source: record.source.clone(),
            report_id: None,
            title: None,
            reports: record.reports,
            passages: record.passages,
            on_disk: Path::new(&record.path).exists(),
        });
        let parts = self.parts().map(|(id, part)| DeletedSource {
            source: part.source.source.clone(),
            report_id: Some(id.clone()),
            title: Some(part.title.clone()),
            reports: 1,
            passages: part.passages,
            on_disk: Path::new(&part.source.path).exists(),
        });
        let mut sources: Vec<_> = whole.chain(parts).collect();
        sources.sort_by(|a, b| (&a.source, &a.report_id).cmp(&(&b.source, &b.report_id)));
        Deleted {
            reports: sources.iter().map(|source| source.reports).sum(),
            passages: sources.iter().map(|source| source.passages).sum(),
            sources,
        }
    }

    /// Returns the reports whose source stays.
    fn parts(&self) -> impl Iterator<Item = (&String, &Part)> {
        let stays = |part: &Part| !self.sources.contains_key(&part.source.source);
        self.reports.iter().filter(move |(_, part)| stays(part))
    }

    fn write(&self, ledger: &Ledger, writer: &Writer) -> Result<()> {
        let mut opened = BTreeSet::new();
        for record in self.sources.values() {
            writer.delete(&record.source);
            opened.extend(record.archive.as_deref());
        }
        // An archive is known by its time and size: if they stayed, what was taken out of it would
        // stay out, other than files.
        for archive in opened.into_iter().filter_map(|source| ledger.get(source)) {
            if !self.sources.contains_key(&archive.source) {
                writer.amend(&SourceRecord {
                    modified: 0,
                    hash: String::new(),
                    ..archive.clone()
                })?;
            }
        }
        let mut sources: BTreeMap<&str, SourceRecord> = BTreeMap::new();
        for (id, part) in self.parts() {
            writer.delete_report(id)?;
            let record = sources
                .entry(&part.source.source)
                .or_insert_with(|| part.source.clone());
            record.reports = record.reports.saturating_sub(1);
            record.passages = record.passages.saturating_sub(part.passages);
        }
        sources.values().try_for_each(|record| writer.amend(record))
    }
}

/// Returns whether a path fits a pattern in which `*` stands for any characters and `?` for one.
fn fits(path: &str, pattern: &str) -> bool {
    let (path, pattern): (Vec<char>, Vec<char>) =
        (path.chars().collect(), pattern.chars().collect());
    let (mut at, mut wanted) = (0, 0);
    // Where the last star stands, and how far it reaches so far.
    let mut star: Option<(usize, usize)> = None;
    while at < path.len() {
        match pattern.get(wanted) {
            Some('*') => {
                star = Some((wanted, at));
                wanted += 1;
            }
            Some(character) if *character == '?' || *character == path[at] => {
                at += 1;
                wanted += 1;
            }
            _ => match star.as_mut() {
                Some((place, reach)) => {
                    *reach += 1;
                    (at, wanted) = (*reach, *place + 1);
                }
                None => return false,
            },
        }
    }
    pattern[wanted..].iter().all(|character| *character == '*')
}

fn unknown(target: &str, typed: &str, ledger: &Ledger) -> Error {
    let error = Error::new(
        ErrorKind::NotFound,
        format!("索引里没有这个文件、文件夹或报告：{target}"),
        format!("the index holds no such file, folder or report: {target}"),
    );
    let near = near(typed, ledger);
    match near.is_empty() {
        true => error.with_hint(
            "写法与检索结果中的出处一致；可用 * 代替任意文字",
            "write it as search results cite it; * stands for any characters",
        ),
        false => error.with_hint(
            format!("相近的有：{}", near.join("、")),
            format!("near ones: {}", near.join(", ")),
        ),
    }
}

/// Returns the sources that were probably meant, best first.
fn near(typed: &str, ledger: &Ledger) -> Vec<String> {
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let meant = name(typed);
    let mut alike: Vec<(f64, f64, &str)> = ledger
        .all()
        .map(|record| {
            let source = record.source.as_str();
            let likeness = match source.contains(typed) {
                true => 1.0,
                false => strsim::normalized_damerau_levenshtein(&name(source), &meant),
            };
            let whole = strsim::normalized_damerau_levenshtein(source, typed);
            (likeness, whole, source)
        })
        .filter(|(likeness, ..)| *likeness >= ALIKE)
        .collect();
    // Of names that are equally alike, those in a place that is alike.
    alike.sort_by(|a, b| {
        let likeness = b.0.total_cmp(&a.0).then_with(|| b.1.total_cmp(&a.1));
        likeness.then_with(|| a.2.cmp(b.2))
    });
    alike.truncate(SUGGESTIONS);
    alike
        .into_iter()
        .map(|(.., source)| source.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns() {
        for (path, pattern, expected) in [
            ("a/b.txt", "*.txt", true),
            ("a/b.txt", "a/*", true),
            ("a/b.txt", "a/?.txt", true),
            ("a/b.txt", "?.txt", false),
            ("甲/乙.txt", "甲/?.*", true),
            ("aaab", "*a*b", true),
            ("aaab", "*a*c", false),
            ("", "*", true),
            ("", "?", false),
            ("a", "", false),
        ] {
            assert_eq!(fits(path, pattern), expected, "{path} {pattern}");
        }
    }
}
