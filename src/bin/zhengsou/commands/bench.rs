//! `bench`: how fast the index answers, by class of query; `bench generate`: a corpus of any size.

use std::io::{IsTerminal, Write};
use std::path::Path;

use serde::Serialize;
use zhengsou::bench::generate::{GenerateOptions, generate};
use zhengsou::bench::{self, BenchOptions, Stage};
use zhengsou::model::{BenchReport, Comparison};
use zhengsou::present::{bench as text, byte_size, grouped, json};
use zhengsou::{Error, ErrorKind, Result, say};

use super::{ExitStatus, Outcome};
use crate::args::{BenchArgs, BenchCommand, GenerateArgs, ViewFormat};
use crate::output::{self, message};
use crate::settings::Settings;
use crate::steps::Steps;

/// Class of typed queries that name none.
const UNNAMED: &str = "typed";

/// The report in JSON, with the comparison if one was asked for.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    report: &'a BenchReport,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    compared: Vec<Comparison>,
}

/// Measures and writes the figures.
pub(super) fn run(args: &BenchArgs, settings: &Settings) -> Outcome {
    if let Some(BenchCommand::Generate(args)) = &args.generate {
        return make(args, settings);
    }
    let before: Option<BenchReport> = args.compare.as_deref().map(read_report).transpose()?;
    let options = BenchOptions {
        seed: args.seed,
        queries: args.draw,
        rounds: args.rounds,
        classes: args.classes.clone(),
        typed: match &args.queries {
            Some(path) => read_queries(path)?,
            None => Vec::new(),
        },
        cold: !args.warm,
    };
    let steps = Steps::new(settings);
    let language = settings.language;
    let mut progress = |stage: Stage<'_>| {
        steps.say(match stage {
            Stage::Drawing => language.pick("抽取查询", "drawing queries").to_owned(),
            Stage::Scanning => language
                .pick("逐段扫描，得出正确答案", "scanning for the right answers")
                .to_owned(),
            Stage::Warm(class) => say!(language, "计时：{class}", "timing: {class}"),
            Stage::Cold(class) => say!(language, "冷启动：{class}", "cold: {class}"),
        });
    };
    let open = || settings.engine();
    let report = bench::run(&settings.index, &open, &options, &mut progress)?;
    steps.finish();
    let compared = before.map_or_else(Vec::new, |before| bench::compare(&before, &report));
    let mut out = output::stdout();
    match args.format {
        ViewFormat::Text => text::report(&mut out, &report, &compared, &settings.look())?,
        ViewFormat::Json => {
            let document = Document {
                report: &report,
                compared,
            };
            json::document(&mut out, &document, std::io::stdout().is_terminal())?;
        }
    }
    out.flush()?;
    Ok(ExitStatus::Done)
}

fn make(args: &GenerateArgs, settings: &Settings) -> Outcome {
    let options = GenerateOptions {
        folder: args.folder.clone(),
        bytes: args.bytes.0,
        seed: args.seed,
    };
    let steps = Steps::new(settings);
    let made = generate(&options, &settings.schema()?, &mut |bytes| {
        steps.say(byte_size(bytes));
    })?;
    steps.finish();
    if !settings.quiet {
        let (files, bytes) = (grouped(made.files), byte_size(made.bytes));
        let (paragraphs, copied) = (grouped(made.paragraphs), grouped(made.copied));
        message(&say!(
            settings.language,
            "写入 {files} 个文件，{bytes}；{paragraphs} 段，其中 {copied} 段是抄来的",
            "wrote {files} files, {bytes}; {paragraphs} paragraphs, {copied} of them copied"
        ));
    }
    Ok(ExitStatus::Done)
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|cause| Error::io(path, cause))
}

/// Reads an earlier result.
fn read_report(path: &Path) -> Result<BenchReport> {
    serde_json::from_str(&read(path)?).map_err(|cause| {
        Error::new(
            ErrorKind::Input,
            "这不是 zhengsou bench --format json 的结果",
            "this is not a result of zhengsou bench --format json",
        )
        .with_path(path)
        .with_cause(cause)
    })
}

/// Reads queries, one a line, with the name of a class before a tab.
fn read_queries(path: &Path) -> Result<Vec<(String, String)>> {
    let text = read(path)?;
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let queries: Vec<(String, String)> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| match line.split_once('\t') {
            Some((class, query)) => (class.trim().to_owned(), query.trim().to_owned()),
            None => (UNNAMED.to_owned(), line.to_owned()),
        })
        .collect();
    if queries.is_empty() {
        return Err(Error::new(
            ErrorKind::Input,
            "文件里没有查询",
            "the file holds no query",
        )
        .with_path(path)
        .with_hint("一行写一个查询", "write one query a line"));
    }
    Ok(queries)
}
