//! `collocates`: the words that stand near a word.

use zhengsou::model::{Association, CollocatesRequest, Window};
use zhengsou::present::collocates;
use zhengsou::query::concept;

use super::{ExitStatus, Outcome};
use crate::args::{AssociationChoice, CollocatesArgs};
use crate::output;
use crate::settings::{self, Settings};

/// Finds the collocates and writes them in the format asked for.
pub(super) fn run(args: &CollocatesArgs, settings: &Settings) -> Outcome {
    let request = CollocatesRequest {
        node: concept::one(&args.word.join(" "))?,
        filters: settings::filters(&args.shared.filters)?,
        copies: args.copies.into(),
        window: match args.chars {
            Some(characters) => Window::Characters(characters),
            None => Window::Words(args.words),
        },
        measure: match args.measure {
            AssociationChoice::LogLikelihood => Association::LogLikelihood,
            AssociationChoice::Mi => Association::MutualInformation,
            AssociationChoice::LogDice => Association::LogDice,
        },
        least: args.least,
        all_words: args.all_words,
        limit: args.limit,
        date: args.shared.date.clone(),
    };
    let response = settings.engine()?.collocates(&request)?;
    let table = collocates::table(&response);
    output::table(&args.shared.output, settings, &response, &table)?;
    Ok(ExitStatus::Done)
}
