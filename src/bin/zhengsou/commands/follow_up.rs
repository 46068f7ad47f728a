//! `follow-up`: plans against what was said of them later.

use zhengsou::model::{Answered, FollowUpRequest};
use zhengsou::present::follow_up as text;

use super::{ExitStatus, Outcome};
use crate::args::{AnsweredChoice, FollowUpArgs};
use crate::output;
use crate::settings::{self, Settings};

/// Follows the plans of a year up and writes them in the format asked for.
pub(super) fn run(args: &FollowUpArgs, settings: &Settings) -> Outcome {
    let answered = |choice: &AnsweredChoice| match choice {
        AnsweredChoice::Answered => Answered::Yes,
        AnsweredChoice::Unanswered => Answered::No,
        AnsweredChoice::NoSummary => Answered::NoSummary,
    };
    let request = FollowUpRequest {
        year: args.planned,
        filters: settings::filters(&args.shared.filters)?,
        least: args.least,
        only: args.only.iter().map(answered).collect(),
        date: args.shared.date.clone(),
    };
    let response = settings.engine()?.follow_up(&request)?;
    let table = text::table(&response, settings.language);
    output::answer(
        &args.shared.output,
        settings,
        &response,
        &table,
        |out, look| text::answer(out, &response, look),
    )?;
    Ok(ExitStatus::Done)
}
