//! `related`: terms that go with a query.

use zhengsou::model::{Measure, RelatedRequest};
use zhengsou::present::rows::term_columns;
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
    output::check(&args.output)?;
    let to_file = args.output.output.is_some();
    output::to(args.output.output.as_deref(), settings, |out| {
        match args.output.format {
            AnswerFormat::Text => {
                text::answer(out, &response, &output::look(settings, to_file))?;
            }
            AnswerFormat::Json => json::document(out, &response, output::is_pretty(to_file))?,
            _ => {
                let mut rows = output::rows(out, &args.output, settings, term_columns())?;
                for term in &response.terms {
                    rows.term(term)?;
                }
                rows.finish()?;
            }
        }
        Ok(ExitStatus::Done)
    })
}
