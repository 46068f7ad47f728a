//! `index`: builds or updates the index.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use zhengsou::model::{Language, Note};
use zhengsou::pipeline::{self, BuildOptions, BuildSummary};
use zhengsou::present::table::{Align, Table};
use zhengsou::present::{Look, byte_size, grouped, layout};
use zhengsou::say;

use super::{ExitStatus, Outcome};
use crate::args::IndexArgs;
use crate::details::Details;
use crate::interrupt;
use crate::output::message;
use crate::progress::{Failure, Progress};
use crate::settings::Settings;

/// Builds, then says what came of it.
pub(super) fn run(args: &IndexArgs, settings: &Settings) -> Outcome {
    let options = BuildOptions {
        paths: args.paths.clone(),
        index: settings.index.clone(),
        jobs: args.jobs,
        memory: args.memory.0,
        max_file_size: args.max_file_size.0,
        file_timeout: Duration::from_secs(args.file_timeout),
        columns: args.columns.columns()?,
        rebuild: args.rebuild,
        prune: args.prune,
        retry: args.retry,
        dry_run: args.dry_run,
    };
    build(&options, args.report.as_deref(), settings)
}

/// Builds with progress, summary and failures on stderr.
pub(super) fn build(options: &BuildOptions, report: Option<&Path>, settings: &Settings) -> Outcome {
    let schema = Arc::new(settings.schema()?);
    let language = settings.language;
    let mut details = report
        .map(Details::create)
        .transpose()
        .context(language.pick(
            "无法写入 --report 指定的文件",
            "cannot write the file of --report",
        ))?;
    interrupt::watch(language);
    let progress = Progress::new(settings, |report| {
        if let Some(details) = &mut details {
            details.add(report);
        }
    });
    let built = pipeline::build(options, &schema, &progress);
    let leftovers = progress.finish();
    let summary = built?;
    for failure in &leftovers.failures {
        message(&failed(failure, language));
    }
    if !settings.quiet {
        for (reason, count) in &leftovers.skipped {
            message(&skipped(reason, *count, language));
        }
        notes(&summary, language)
            .iter()
            .for_each(|note| message(note));
        message(&summarize(&summary, options, language));
    }
    if let Some(details) = details {
        details.finish().context(language.pick(
            "索引已经写好，但 --report 指定的文件没有写完",
            "the index is done, but the file of --report is not",
        ))?;
    }
    Ok(if summary.failed > 0 || summary.cancelled {
        ExitStatus::Partly
    } else {
        ExitStatus::Done
    })
}

fn failed(failure: &Failure, language: Language) -> String {
    let Failure { source, reason } = failure;
    let source = layout::clean(source);
    let reason = layout::clean(language.pick(&reason.zh, &reason.en));
    say!(
        language,
        "失败：{source}：{reason}",
        "failed: {source}: {reason}"
    )
}

fn skipped(reason: &Note, count: u64, language: Language) -> String {
    let reason = layout::clean(language.pick(&reason.zh, &reason.en));
    let count = grouped(count);
    say!(
        language,
        "跳过 {count} 个文件：{reason}",
        "files skipped: {count} ({reason})"
    )
}

/// Says what is left to do.
fn notes(summary: &BuildSummary, language: Language) -> Vec<String> {
    /// Files named one by one.
    const NAMED: usize = 5;
    let mut notes = Vec::new();
    if summary.not_retried > 0 {
        let count = grouped(summary.not_retried);
        notes.push(say!(
            language,
            "其中 {count} 个失败的文件与上次相同，没有重读；用 --retry 重试",
            "of the failed files, those as they were before, not read again: {count}; --retry tries them"
        ));
    }
    if !summary.gone.is_empty() {
        let count = grouped(summary.gone.len() as u64);
        let mut names: Vec<_> = summary
            .gone
            .iter()
            .take(NAMED)
            .map(|name| layout::clean(name))
            .collect();
        if summary.gone.len() > NAMED {
            names.push("…".to_owned());
        }
        let (zh, en) = (names.join("、"), names.join(", "));
        notes.push(say!(
            language,
            "{count} 个文件已不在磁盘上，仍留在索引里；用 --prune 移除：{zh}",
            "files gone from the disk that stay in the index: {count}; --prune takes them out: {en}"
        ));
    }
    notes
}

fn summarize(summary: &BuildSummary, options: &BuildOptions, language: Language) -> String {
    let mut table = Table::new(&[Align::Left, Align::Right]);
    let mut row = |zh: &str, en: &str, value: String| {
        table.row([language.pick(zh, en), &value]);
    };
    row("新读入的文件", "files indexed", grouped(summary.indexed));
    row("未变的文件", "files unchanged", grouped(summary.unchanged));
    row("跳过的文件", "files skipped", grouped(summary.skipped));
    row("失败的文件", "files failed", grouped(summary.failed));
    for (zh, en, count) in [
        ("打开的压缩包", "archives opened", summary.archives),
        ("移动过的文件", "files moved", summary.moved),
        ("移除的文件", "files removed", summary.removed),
    ] {
        if count > 0 {
            row(zh, en, grouped(count));
        }
    }
    row("报告", "reports", grouped(summary.reports));
    row("段落", "passages", grouped(summary.passages));
    row(
        "略去的无关文字（处）",
        "spans of noise left out",
        grouped(summary.dropped),
    );
    row("警告", "warnings", grouped(summary.warnings));
    row("读入", "read", byte_size(summary.bytes));
    let seconds = format!("{:.1}", summary.seconds);
    row(
        "用时",
        "time",
        say!(language, "{seconds} 秒", "{seconds} s"),
    );
    if summary.seconds > 0.0 && summary.bytes > 0 {
        let rate = summary.bytes as f64 / 1e6 / summary.seconds;
        row("速度", "speed", format!("{rate:.2} MB/s"));
    }
    if !options.dry_run {
        row(
            "索引大小",
            "size of the index",
            byte_size(summary.index_bytes),
        );
    }

    let mut text = Vec::new();
    // Writing to memory does not fail.
    let _ = table.write(&mut text, &Look::default());
    let mut text = String::from_utf8_lossy(&text).into_owned();
    let index = options.index.display();
    text += &match (options.dry_run, summary.cancelled) {
        (true, _) => say!(
            language,
            "试运行，没有写索引",
            "dry run, no index was written"
        ),
        (false, true) if summary.kept_old => say!(
            language,
            "中途停止，重建没有完成，{index} 里原来的索引未动",
            "stopped early; the rebuild is not done, and the old index in {index} is as it was"
        ),
        (false, true) => say!(
            language,
            "中途停止，读完的文件已写入 {index}；再次运行同一命令即可接着做",
            "stopped early; the files done are in {index}; run the same command again to go on"
        ),
        (false, false) => say!(language, "索引在 {index}", "the index is in {index}"),
    };
    text
}
