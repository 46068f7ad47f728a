//! `kwic`: concepts in their context.

use zhengsou::model::{KwicRequest, KwicSort};
use zhengsou::present::kwic as text;

use super::{ExitStatus, Outcome};
use crate::args::{KwicArgs, KwicOrder};
use crate::output;
use crate::settings::{self, Settings};

/// Finds the lines and writes them in the format asked for.
pub(super) fn run(args: &KwicArgs, settings: &Settings) -> Outcome {
    let request = KwicRequest {
        terms: settings::concepts(&args.terms)?,
        filters: settings::filters(&args.filters)?,
        copies: args.terms.copies.into(),
        width: args.width,
        sort: match args.sort {
            KwicOrder::Place => KwicSort::Place,
            KwicOrder::Left => KwicSort::Left,
            KwicOrder::Right => KwicSort::Right,
            KwicOrder::Year => KwicSort::Year,
            KwicOrder::Agency => KwicSort::Agency,
        },
        sample: args.sample,
        seed: args.seed,
        limit: if args.all { usize::MAX } else { args.limit },
        offset: args.offset,
        date: args.terms.date.clone(),
    };
    let response = settings.engine()?.kwic(&request)?;
    let table = text::table(&response);
    output::answer(&args.output, settings, &response, &table, |out, look| {
        text::answer(out, &response, look)
    })?;
    Ok(ExitStatus::Done)
}
