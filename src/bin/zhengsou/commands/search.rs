//! `search`: ranked passages.

use std::io::{IsTerminal, Write};

use zhengsou::model::SearchRequest;
use zhengsou::present::rows::Rows;
use zhengsou::present::{grouped, json, search as text};
use zhengsou::{Engine, Error, ErrorKind, say};

use super::{ExitStatus, Outcome};
use crate::args::{AnswerFormat, SearchArgs};
use crate::output::{self, message};
use crate::settings::{self, Settings};

/// Answers one query in the format asked for.
pub(super) fn run(args: &SearchArgs, settings: &Settings) -> Outcome {
    let request = settings::request(args)?;
    if args.all && args.format == AnswerFormat::Json {
        return Err(Error::new(
            ErrorKind::Usage,
            "--all 不能与 --format json 同用",
            "--all cannot be used with --format json",
        )
        .with_hint("改用 --format jsonl", "use --format jsonl")
        .into());
    }
    let engine = settings.engine()?;
    let mut out = output::stdout();
    if args.all {
        stream(&mut out, &engine, &request, args, settings)?;
    } else {
        answer(&mut out, &engine, &request, args, settings)?;
    }
    out.flush()?;
    Ok(ExitStatus::Done)
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
    let mut rows = match args.format {
        AnswerFormat::Text => {
            return Ok(text::answer(out, request, &response, &settings.look())?);
        }
        AnswerFormat::Json => {
            let pretty = std::io::stdout().is_terminal();
            return Ok(json::document(out, &response, pretty)?);
        }
        AnswerFormat::Jsonl => Rows::json_lines(out),
        AnswerFormat::Csv => Rows::hits_csv(out, args.bom)?,
    };
    for hit in &response.hits {
        rows.hit(hit)?;
    }
    Ok(rows.finish()?)
}

/// Writes every hit as the engine finds it.
fn stream(
    out: &mut dyn Write,
    engine: &Engine,
    request: &SearchRequest,
    args: &SearchArgs,
    settings: &Settings,
) -> anyhow::Result<()> {
    let look = settings.look();
    let mut count = 0;
    let mut written = Ok(());
    match args.format {
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
        AnswerFormat::Jsonl | AnswerFormat::Csv => {
            let mut rows = match args.format {
                AnswerFormat::Csv => Rows::hits_csv(out, args.bom)?,
                _ => Rows::json_lines(out),
            };
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
