//! `inspect`: one stage at work, without an index.
//!
//! Stages of a query take a text, stages of a file take a path; both read stdin for `-`.

mod query;
mod report;
mod text;

use std::io::{IsTerminal, Read, Write};
use std::path::Path;

use serde::Serialize;
use zhengsou::model::SourceText;
use zhengsou::pipeline::{self, Parsed};
use zhengsou::present::{Look, json};
use zhengsou::read::{self, Origin};
use zhengsou::schema::Schema;
use zhengsou::{Error, Result};

use super::{ExitStatus, Outcome};
use crate::args::{FileArgs, Stage, ViewFormat};
use crate::output;
use crate::settings::Settings;

/// What a stage made: one value, shown as text or as JSON.
trait View: Serialize {
    /// Writes the value for reading.
    fn write_text(&self, out: &mut dyn Write, look: &Look) -> std::io::Result<()>;
}

/// Runs one stage and shows what it made.
pub(super) fn run(stage: &Stage, settings: &Settings) -> Outcome {
    let schema = settings.schema()?;
    match stage {
        Stage::Text(args) => show(&text::read(args)?, args.format, settings),
        Stage::Outline(args) => {
            let parsed = parsed(args, &schema)?;
            show(&report::outlines(&parsed), args.format, settings)
        }
        Stage::Passages(args) => {
            let parsed = parsed(args, &schema)?;
            show(&report::passages(&parsed), args.format, settings)
        }
        Stage::Tags(args) => {
            let parsed = parsed(args, &schema)?;
            show(&report::tags(&parsed), args.format, settings)
        }
        Stage::Tokens(args) => {
            let text = typed(&args.text)?;
            show(&query::tokens(&text, &schema), args.format, settings)
        }
        Stage::Query(args) => {
            let text = typed(&args.text)?;
            show(&query::query(&text)?, args.format, settings)
        }
        Stage::Plan(args) => {
            let text = typed(&args.text.text)?;
            let plan = query::plan(&text, args.mode.into(), args.any, &schema)?;
            show(&plan, args.text.format, settings)
        }
    }
}

fn show(view: &impl View, format: ViewFormat, settings: &Settings) -> Outcome {
    let mut out = output::stdout();
    match format {
        ViewFormat::Text => view.write_text(&mut out, &settings.look())?,
        ViewFormat::Json => json::document(&mut out, view, std::io::stdout().is_terminal())?,
    }
    out.flush()?;
    Ok(ExitStatus::Done)
}

/// Returns a typed text, or stdin for `-`.
fn typed(text: &str) -> Result<String> {
    if text == "-" {
        Ok(String::from_utf8_lossy(&stdin()?).into_owned())
    } else {
        Ok(text.to_owned())
    }
}

/// Returns a file's texts as the reader of its format hands them out.
fn texts(args: &FileArgs) -> Result<Vec<SourceText>> {
    let path = args.file.as_path();
    let columns = args.columns.columns()?;
    let bytes = if path == Path::new("-") {
        stdin()?
    } else {
        std::fs::read(path).map_err(|error| Error::io(path, error))?
    };
    let source = path.display().to_string();
    let mut texts = Vec::new();
    let origin = Origin {
        columns: columns.as_ref(),
        ..Origin::new(&source, path)
    };
    read::read(&origin, bytes, &mut |text| texts.push(text))?;
    Ok(texts)
}

/// Returns a file's texts, split and tagged as the index would hold them.
fn parsed(args: &FileArgs, schema: &Schema) -> Result<Vec<Parsed>> {
    let texts = texts(args)?;
    Ok(texts
        .into_iter()
        .map(|text| pipeline::parse(text, schema))
        .collect())
}

fn stdin() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| Error::io("stdin", error))?;
    Ok(bytes)
}
