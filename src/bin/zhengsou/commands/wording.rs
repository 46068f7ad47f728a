//! `similar`: where a wording stands.

use std::io::{IsTerminal, Read, Write};

use zhengsou::model::SimilarRequest;
use zhengsou::present::rows::Rows;
use zhengsou::present::{json, similar as text};
use zhengsou::{Error, Result};

use super::{ExitStatus, Outcome};
use crate::args::{AnswerFormat, SimilarArgs};
use crate::output;
use crate::settings::{self, Settings};

/// Finds a wording and writes the answer in the format asked for.
pub(super) fn run(args: &SimilarArgs, settings: &Settings) -> Outcome {
    let typed = match args.text.as_slice() {
        [dash] if dash == "-" => stdin()?,
        words => words.join(" "),
    };
    let is_id = typed.trim().len() == 16 && typed.trim().bytes().all(|b| b.is_ascii_hexdigit());
    let (text, id) = match is_id {
        true => (String::new(), typed.trim().to_owned()),
        false => (typed, String::new()),
    };
    let request = SimilarRequest {
        text,
        id,
        filters: settings::filters(&args.filters)?,
        least: args.least,
        sort: args.sort.into(),
        limit: args.limit,
        offset: args.offset,
        snippet_chars: args.snippet,
    };
    let response = settings.engine()?.similar(&request)?;
    let mut out = output::stdout();
    let mut rows = match args.format {
        AnswerFormat::Text => {
            text::answer(&mut out, &response, args.offset + 1, &settings.look())?;
            out.flush()?;
            return Ok(ExitStatus::Done);
        }
        AnswerFormat::Json => {
            json::document(&mut out, &response, std::io::stdout().is_terminal())?;
            out.flush()?;
            return Ok(ExitStatus::Done);
        }
        AnswerFormat::Jsonl => Rows::json_lines(&mut out),
        AnswerFormat::Csv => Rows::similar_csv(&mut out, args.bom)?,
    };
    for hit in &response.hits {
        rows.similar(hit)?;
    }
    rows.finish()?;
    out.flush()?;
    Ok(ExitStatus::Done)
}

fn stdin() -> Result<String> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| Error::io("stdin", error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
