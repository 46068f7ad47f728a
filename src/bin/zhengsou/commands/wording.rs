//! `similar`: where a wording stands.

use std::io::Read;

use zhengsou::model::SimilarRequest;
use zhengsou::present::rows::similar_columns;
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
    output::check(&args.output)?;
    let to_file = args.output.output.is_some();
    output::to(args.output.output.as_deref(), settings, |out| {
        match args.output.format {
            AnswerFormat::Text => {
                let look = output::look(settings, to_file);
                text::answer(out, &response, args.offset + 1, &look)?;
            }
            AnswerFormat::Json => json::document(out, &response, output::is_pretty(to_file))?,
            _ => {
                let mut rows = output::rows(out, &args.output, settings, similar_columns())?;
                for hit in &response.hits {
                    rows.similar(hit)?;
                }
                rows.finish()?;
            }
        }
        Ok(ExitStatus::Done)
    })
}

fn stdin() -> Result<String> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| Error::io("stdin", error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
