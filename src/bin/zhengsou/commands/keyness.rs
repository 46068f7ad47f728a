//! `keyness`: the words that are commoner in one slice than in another.

use zhengsou::model::{KeynessMeasure, KeynessRequest};
use zhengsou::present::keyness;

use super::{ExitStatus, Outcome};
use crate::args::{KeynessArgs, KeynessChoice};
use crate::output;
use crate::settings::{self, Settings};

/// Finds the key words and writes them in the format asked for.
pub(super) fn run(args: &KeynessArgs, settings: &Settings) -> Outcome {
    let request = KeynessRequest {
        filters: settings::filters(&args.shared.filters)?,
        against: settings::named_filters(&args.against)?,
        measure: match args.measure {
            KeynessChoice::LogLikelihood => KeynessMeasure::LogLikelihood,
            KeynessChoice::LogRatio => KeynessMeasure::LogRatio,
        },
        under: args.under,
        least: args.least,
        least_reports: args.least_reports,
        cutoff: args.cutoff,
        all_words: args.all_words,
        copies: args.copies.into(),
        limit: args.limit,
        date: args.shared.date.clone(),
    };
    let response = settings.engine()?.keyness(&request)?;
    let table = keyness::table(&response);
    output::table(&args.shared.output, settings, &response, &table)?;
    Ok(ExitStatus::Done)
}
