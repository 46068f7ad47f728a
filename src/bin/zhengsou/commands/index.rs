//! `index`: builds or updates the index.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use zhengsou::model::{Language, Note};
use zhengsou::pipeline::{self, BuildOptions, BuildSummary};
use zhengsou::present::table::{Align, Table};
use zhengsou::present::{Look, byte_size, grouped, layout};
use zhengsou::{Error, Result, say};

use super::{ExitStatus, Outcome};
use crate::args::IndexArgs;
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
        rebuild: args.rebuild,
        prune: args.prune,
        dry_run: args.dry_run,
    };
    build(&options, args.report.as_deref(), settings)
}

/// Builds with progress, summary and failures on stderr.
pub(super) fn build(options: &BuildOptions, report: Option<&Path>, settings: &Settings) -> Outcome {
    let schema = settings.schema()?;
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

/// The file of `--report`: one JSON object a source, in the order in which they are done.
struct Details<'a> {
    path: &'a Path,
    file: BufWriter<File>,
    broken: Option<std::io::Error>,
}

impl<'a> Details<'a> {
    fn create(path: &'a Path) -> Result<Self> {
        let file = File::create(path).map_err(|error| Error::io(path, error))?;
        Ok(Details {
            path,
            file: BufWriter::new(file),
            broken: None,
        })
    }

    /// Adds a source; the first failure is kept for [`Details::finish`], since a full disk here
    /// must not stop the build.
    fn add(&mut self, report: &pipeline::SourceReport) {
        if self.broken.is_none() {
            let written = serde_json::to_writer(&mut self.file, report)
                .map_err(std::io::Error::from)
                .and_then(|()| self.file.write_all(b"\n"));
            self.broken = written.err();
        }
    }

    fn finish(mut self) -> Result<()> {
        let written = self.broken.map_or_else(|| self.file.flush(), Err);
        written.map_err(|error| Error::io(self.path, error))
    }
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

fn summarize(summary: &BuildSummary, options: &BuildOptions, language: Language) -> String {
    let mut table = Table::new(&[Align::Left, Align::Right]);
    let mut row = |zh: &str, en: &str, value: String| {
        table.row([language.pick(zh, en), &value]);
    };
    row("新读入的文件", "files indexed", grouped(summary.indexed));
    row("未变的文件", "files unchanged", grouped(summary.unchanged));
    row("跳过的文件", "files skipped", grouped(summary.skipped));
    row("失败的文件", "files failed", grouped(summary.failed));
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
