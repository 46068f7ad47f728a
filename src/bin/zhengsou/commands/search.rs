//! `search`: ranked passages.

use std::io::Write;

use zhengsou::model::SearchRequest;
use zhengsou::present::rows::hit_columns;
use zhengsou::present::{grouped, json, search as text};
use zhengsou::{Engine, Error, ErrorKind, say};

use super::{ExitStatus, Outcome};
use crate::args::{AnswerFormat, SearchArgs};
use crate::output::{self, message};
use crate::settings::{self, Settings};

/// Answers one query in the format asked for.
pub(super) fn run(args: &SearchArgs, settings: &Settings) -> Outcome {
    let request = settings::request(args)?;
    if args.all && args.output.format == AnswerFormat::Json {
        return Err(Error::new(
            ErrorKind::Usage,
            "--all 不能与 --format json 同用",
            "--all cannot be used with --format json",
        )
        .with_hint("改用 --format jsonl", "use --format jsonl")
        .into());
    }
    output::check(&args.output)?;
    let engine = settings.engine()?;
    output::to(args.output.output.as_deref(), settings, |out| {
        match args.all {
            true => stream(out, &engine, &request, args, settings)?,
            false => answer(out, &engine, &request, args, settings)?,
        }
        Ok(ExitStatus::Done)
    })
}

/// Writes the page of hits that was asked for.
fn answer(
    out: &mut dyn Write,
    engine: &Engine,
    request: &SearchRequest,
    args: &SearchArgs,
    settings: &Settings,
) -> anyhow::Result<()> {
    let response = engine.search(request)?;
    let to_file = args.output.output.is_some();
    match args.output.format {
        AnswerFormat::Text => {
            let look = output::look(settings, to_file);
            Ok(text::answer(out, request, &response, &look)?)
        }
        AnswerFormat::Json => Ok(json::document(out, &response, output::is_pretty(to_file))?),
        _ => {
            let mut rows = output::rows(out, &args.output, settings, hit_columns())?;
            for hit in &response.hits {
                rows.hit(hit)?;
            }
            Ok(rows.finish()?)
        }
    }
}

/// Writes every hit as the engine finds it.
fn stream(
    out: &mut dyn Write,
    engine: &Engine,
    request: &SearchRequest,
    args: &SearchArgs,
    settings: &Settings,
) -> anyhow::Result<()> {
    let look = output::look(settings, args.output.output.is_some());
    let mut count = 0;
    let mut written = Ok(());
    match args.output.format {
        AnswerFormat::Text | AnswerFormat::Json => {
            engine.stream(request, &mut |hit| {
                count += 1;
                let gap = if count > 1 { "\n" } else { "" };
                written = out
                    .write_all(gap.as_bytes())
                    .and_then(|()| text::hit(out, count, &hit, &look));
                written.is_ok()
            })?;
        }
        AnswerFormat::Jsonl | AnswerFormat::Csv | AnswerFormat::Xlsx => {
            let mut rows = output::rows(out, &args.output, settings, hit_columns())?;
            engine.stream(request, &mut |hit| {
                count += 1;
                written = rows.hit(&hit);
                written.is_ok()
            })?;
            rows.finish()?;
        }
    }
    written?;
    if !settings.quiet {
        let count = grouped(count as u64);
        message(&say!(settings.language, "共 {count} 条", "hits: {count}"));
    }
    Ok(())
}
