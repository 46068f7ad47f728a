//! `delete`: takes sources and reports out of the index.

use std::io::{IsTerminal, Write};

use zhengsou::pipeline::{self, DeleteOptions, Deleted};
use zhengsou::present::table::{Align, Table};
use zhengsou::present::{Look, grouped, json, layout};
use zhengsou::say;

use super::{ExitStatus, Outcome};
use crate::args::{DeleteArgs, ViewFormat};
use crate::output::{self, message};
use crate::settings::Settings;

/// Deletes, then lists what went.
pub(super) fn run(args: &DeleteArgs, settings: &Settings) -> Outcome {
    let options = DeleteOptions {
        index: settings.index.clone(),
        targets: args.targets.clone(),
        dry_run: args.dry_run,
    };
    let deleted = pipeline::delete(&options, &settings.schema()?)?;
    let mut out = output::stdout();
    match args.format {
        ViewFormat::Text => text(&mut out, &deleted, &settings.look())?,
        ViewFormat::Json => json::document(&mut out, &deleted, std::io::stdout().is_terminal())?,
    }
    out.flush()?;
    if !settings.quiet {
        summarize(&deleted, args.dry_run, settings);
    }
    Ok(ExitStatus::Done)
}

fn text(out: &mut dyn Write, deleted: &Deleted, look: &Look) -> std::io::Result<()> {
    let language = look.language;
    let mut table = Table::new(&[Align::Left, Align::Right, Align::Right]);
    for source in &deleted.sources {
        let name = match &source.title {
            Some(title) => format!("{} {title}", source.source),
            None => source.source.clone(),
        };
        let (reports, passages) = (
            grouped(source.reports as u64),
            grouped(source.passages as u64),
        );
        table.row([
            layout::clean(&name),
            say!(language, "{reports} 份报告", "{reports} reports"),
            say!(language, "{passages} 段", "{passages} passages"),
        ]);
    }
    table.write(out, look)
}

fn summarize(deleted: &Deleted, dry_run: bool, settings: &Settings) {
    let language = settings.language;
    let reports = grouped(deleted.reports as u64);
    let passages = grouped(deleted.passages as u64);
    message(&match dry_run {
        true => say!(
            language,
            "试运行，索引未改；将移除 {reports} 份报告、{passages} 段",
            "dry run, the index is as it was; reports that would go: {reports}, passages: {passages}"
        ),
        false => say!(
            language,
            "已移除 {reports} 份报告、{passages} 段",
            "reports removed: {reports}, passages: {passages}"
        ),
    });
    let left = |is_part: bool| {
        let sources = deleted.sources.iter();
        let left = sources.filter(|source| source.on_disk && source.report_id.is_some() == is_part);
        left.count() as u64
    };
    let (whole, parts) = (grouped(left(false)), left(true));
    if left(false) > 0 {
        message(&say!(
            language,
            "其中 {whole} 个文件仍在磁盘上，再次 index 会重新收入；不想收入就先移走",
            "files among them that are still on the disk: {whole}; the next index takes them in again unless they are moved away"
        ));
    }
    if parts > 0 {
        message(language.pick(
            "单份报告在其文件改动后会随文件重新收入",
            "a single report comes back with its file when that is changed",
        ));
    }
}
