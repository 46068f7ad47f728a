//! `formulas`: strings that recur in a slice.

use zhengsou::model::{FormulaOrder, FormulasRequest};
use zhengsou::present::formulas;
use zhengsou::{Error, ErrorKind, Result};

use super::{ExitStatus, Outcome};
use crate::args::{FormulaChoice, FormulasArgs};
use crate::output;
use crate::settings::{self, Settings};

/// Finds the formulas and writes them in the format asked for.
pub(super) fn run(args: &FormulasArgs, settings: &Settings) -> Outcome {
    let (shortest, longest) = length(&args.length)?;
    let request = FormulasRequest {
        filters: settings::filters(&args.shared.filters)?,
        copies: args.copies.into(),
        shortest,
        longest,
        least: args.least,
        least_reports: args.least_reports,
        order: match args.sort {
            FormulaChoice::Coverage => FormulaOrder::Coverage,
            FormulaChoice::CValue => FormulaOrder::CValue,
            FormulaChoice::Count => FormulaOrder::Count,
            FormulaChoice::Reports => FormulaOrder::Reports,
            FormulaChoice::Length => FormulaOrder::Length,
        },
        limit: args.limit,
        date: args.shared.date.clone(),
    };
    let response = settings.engine()?.formulas(&request)?;
    let table = formulas::table(&response);
    output::table(&args.shared.output, settings, &response, &table)?;
    Ok(ExitStatus::Done)
}

/// Reads fewest and most characters: `4..30`, or `6` for exactly so many.
fn length(typed: &str) -> Result<(usize, usize)> {
    let (shortest, longest) = typed.split_once("..").unwrap_or((typed, typed));
    match (shortest.trim().parse(), longest.trim().parse()) {
        (Ok(shortest), Ok(longest)) => Ok((shortest, longest)),
        _ => Err(Error::new(
            ErrorKind::Usage,
            format!("“{typed}”不是字数范围"),
            format!("'{typed}' is no range of lengths"),
        )
        .with_hint("例如 --length 4..15", "for example --length 4..15")),
    }
}
