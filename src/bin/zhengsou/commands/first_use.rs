//! `first-use`: where a phrase came up first.

use zhengsou::model::FirstUseRequest;
use zhengsou::present::first_use as text;

use super::{ExitStatus, Outcome};
use crate::args::FirstUseArgs;
use crate::output;
use crate::settings::{self, Settings};

/// Finds the first use and writes it in the format asked for.
pub(super) fn run(args: &FirstUseArgs, settings: &Settings) -> Outcome {
    let request = FirstUseRequest {
        query: args.phrase.join(" "),
        filters: settings::filters(&args.shared.filters)?,
        by: args.by.as_deref().map(settings::axis).transpose()?,
        date: args.shared.date.clone(),
    };
    let response = settings.engine()?.first_use(&request)?;
    let table = text::table(&response);
    output::answer(
        &args.shared.output,
        settings,
        &response,
        &table,
        |out, look| text::answer(out, &response, look),
    )?;
    Ok(ExitStatus::Done)
}
