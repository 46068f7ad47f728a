//! A folder → a committed index: walk → read → split → tag → analyse → write.
//!
//! It reports to an [`Observer`]; it draws nothing.
//!
//! | file | does |
//! |---|---|
//! | `walk` | finds the files |
//! | `ledger` | tells which need reading and which are gone |
//! | `tasks`, `budget` | hand out work and memory |
//! | `reading` | reads, splits and tags a source in a thread that can be left behind |
//! | `work`, `members` | one source through all stages; an archive's members |
//! | `renewal` | what is to be read again where an index was made under other rules |
//! | `target` | the index written to, and its commits |
//! | `delete` | takes sources and reports out |
//!
//! Invariant: one bad source never stops a build; what is committed is whole.

mod budget;
mod delete;
mod ledger;
mod members;
mod options;
mod outcome;
mod parser;
mod reading;
mod renewal;
mod target;
mod tasks;
mod walk;
mod work;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

pub use delete::{DeleteOptions, Deleted, DeletedSource, delete};
pub use options::{BuildOptions, MEMORY};
pub use outcome::{BuildSummary, Observer, SourceReport};

use self::ledger::{Ledger, Standard};
use self::reading::Terms;
use self::target::Target;
use self::walk::{Found, Root, Walked};
use self::work::Build;
use crate::analyze::Analyzer;
use crate::error::{Error, ErrorKind, Result};
use crate::index::outdated;
use crate::model::{Dropped, Report, SourceRecord, SourceText, Warning};
use crate::schema::Schema;
use crate::{split, tag};

/// A source read, split and tagged: what `inspect` shows and the index holds.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The decoded text.
    pub text: SourceText,
    /// Its reports.
    pub reports: Vec<Report>,
    /// Text that belongs to none.
    pub dropped: Vec<Dropped>,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
}

/// Splits and tags a text.
pub fn parse(text: SourceText, schema: &Schema) -> Parsed {
    let split = split::split(&text, schema);
    let tagged = tag::tag(&text, split, schema);
    Parsed {
        text,
        reports: tagged.reports,
        dropped: tagged.dropped,
        // Those of the text go through all stages.
        warnings: tagged.warnings,
    }
}

/// Builds or updates an index.
///
/// # Errors
/// If no path exists, the index cannot be written, or it was made under another fingerprint and
/// sources that it knows are gone; a source that cannot be read is no error of the build.
pub fn build(
    options: &BuildOptions,
    schema: &Arc<Schema>,
    observer: &dyn Observer,
) -> Result<BuildSummary> {
    let started = Instant::now();
    let analyzer = Analyzer::new(schema);
    // Before anything is written: a path that is not there leaves no empty index behind.
    let old = match options.rebuild || options.dry_run {
        true => None,
        false => outdated(&options.index, &analyzer)?,
    };
    let paths = renewal::roots(&options.paths, old.as_ref());
    let Walked { mut found, roots } = walk::walk(&paths, &options.index)?;
    if let Some(old) = &old {
        renewal::check(old, &found, options)?;
        renewal::as_known(&mut found, old);
        observer.renewing(old);
    }
    let target = match options.dry_run {
        true => None,
        false => Some(Target::open(options, old.is_some(), &analyzer, schema)?),
    };
    let ledger = match &target {
        Some(target) if !target.replaces => Ledger::new(target.store.ledger()?),
        _ => Ledger::default(),
    };
    walk::as_known(&mut found, &ledger);
    if options.prune {
        refuse_bare(&roots, &ledger)?;
    }
    let names: HashSet<String> = found.iter().map(|file| file.source.clone()).collect();
    let names: HashSet<&str> = names.iter().map(String::as_str).collect();
    let mut plan = plan(found, &ledger, Standard::of(options));
    // The biggest first, so that none is left alone at the end.
    plan.files
        .sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.source.cmp(&b.source)));
    observer.planned(
        plan.files.len() as u64,
        plan.files.iter().map(|file| file.bytes).sum(),
    );
    let has_work = !plan.files.is_empty()
        || !plan.amended.is_empty()
        || (options.prune && !ledger.gone(&roots, &names).is_empty());
    let threads = options.threads();
    let writer = match &target {
        Some(target) if has_work => Some(target.writer(threads, options.memory_of_postings())?),
        _ => None,
    };
    let terms = Arc::new(Terms {
        schema: Arc::clone(schema),
        options: options.clone(),
    });
    let idle = plan.files.is_empty();
    let mut build = Build::new(terms, &analyzer, observer, ledger, writer, plan.files);
    for source in &plan.settled {
        build.unchanged(source, false);
    }
    for record in &plan.amended {
        build.write(0, |writer| writer.amend(record));
    }
    if !idle {
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| build.work());
            }
        });
    }
    let is_stopped = !idle && build.is_stopped();
    for known in build.ledger.gone(&roots, &names) {
        if options.prune && !is_stopped {
            build.write(0, |writer| {
                build.take_out(writer, known);
                Ok(())
            });
            build.removed(known);
        } else {
            build.summary().gone.push(known.source.clone());
        }
    }
    build.check()?;
    let mut commits = 0;
    let mut writer = build.writer.take();
    if let Some(writer) = &writer {
        writer.commit(true, || observer.committing())?;
    }
    if let Some(target) = &target {
        commits = target.group(writer.take(), threads, &analyzer)?;
    }
    let mut summary = build.summary().clone();
    if let Some(target) = target {
        (summary.index_bytes, summary.kept_old) = target.finish(is_stopped)?;
    }
    summary.commits = commits;
    summary.cancelled = is_stopped;
    summary.seconds = started.elapsed().as_secs_f64();
    Ok(summary)
}

/// What is to be done.
#[derive(Debug, Default)]
struct Plan {
    /// Files to read, or to note.
    files: Vec<Found>,
    /// Files that need no reading, as cited.
    settled: Vec<String>,
    /// Lines of the ledger of files that are the same in another place.
    amended: Vec<SourceRecord>,
}

fn plan(found: Vec<Found>, ledger: &Ledger, standard: Standard) -> Plan {
    let mut plan = Plan::default();
    for file in found {
        let Some(known) = ledger.get(&file.source) else {
            plan.files.push(file);
            continue;
        };
        let is_same = known.bytes == file.bytes && known.modified == file.modified;
        let is_settled = match &file.trouble {
            Some(reason) => known.reason.as_ref() == Some(reason) && known.status == file.status,
            None => file.modified != 0 && ledger.is_settled(known, &standard),
        };
        if !is_same || !is_settled {
            plan.files.push(file);
            continue;
        }
        let path = walk::shown(file.path.as_os_str());
        if known.path != path {
            let all = ledger.members(&known.source).into_iter().chain([known]);
            plan.amended.extend(all.map(|record| SourceRecord {
                path: path.clone(),
                ..record.clone()
            }));
        }
        plan.settled.push(file.source);
    }
    plan
}

/// Refuses to take out what lay in a place where there is nothing at all now: a disk that is not
/// there looks like that.
fn refuse_bare(roots: &[Root], ledger: &Ledger) -> Result<()> {
    match roots.iter().find(|root| root.is_bare(ledger)) {
        None => Ok(()),
        Some(root) => Err(Error::new(
            ErrorKind::Usage,
            "这里一个文件也没有，而索引里有它的文件；磁盘可能没有挂载，没有移除任何内容",
            "there is no file here, but the index knows some; the disk may not be mounted, and nothing was removed",
        )
        .with_path(&root.path)
        .with_hint(
            "文件确已删除的话，用 zhengsou delete 移除",
            "if the files are gone indeed, remove them with zhengsou delete",
        )),
    }
}
