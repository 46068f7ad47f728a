//! `related`: terms that go with a query.

use std::io::{IsTerminal, Write};

use zhengsou::model::{Measure, RelatedRequest};
use zhengsou::present::rows::Rows;
use zhengsou::present::{json, related as text};

use super::{ExitStatus, Outcome};
use crate::args::{AnswerFormat, By, RelatedArgs};
use crate::output;
use crate::settings::{self, Settings};

/// Finds the terms and writes them in the format asked for.
pub(super) fn run(args: &RelatedArgs, settings: &Settings) -> Outcome {
    let request = RelatedRequest {
        query: args.query.join(" "),
        mode: args.mode.into(),
        filters: settings::filters(&args.filters)?,
        measure: match args.measure {
            By::LogLikelihood => Measure::LogLikelihood,
            By::LogDice => Measure::LogDice,
        },
        least: args.least,
        limit: args.limit,
    };
    let response = settings.engine()?.related(&request)?;
    let mut out = output::stdout();
    let mut rows = match args.format {
        AnswerFormat::Text => {
            text::answer(&mut out, &response, &settings.look())?;
            out.flush()?;
            return Ok(ExitStatus::Done);
        }
        AnswerFormat::Json => {
            json::document(&mut out, &response, std::io::stdout().is_terminal())?;
            out.flush()?;
            return Ok(ExitStatus::Done);
        }
        AnswerFormat::Jsonl => Rows::json_lines(&mut out),
        AnswerFormat::Csv => Rows::terms_csv(&mut out, args.bom)?,
    };
    for term in &response.terms {
        rows.term(term)?;
    }
    rows.finish()?;
    out.flush()?;
    Ok(ExitStatus::Done)
}
