//! `compare`: two reports or two years, passage by passage.

use zhengsou::model::{CompareRequest, Fate, Side};
use zhengsou::present::compare as text;
use zhengsou::{Error, ErrorKind, Result};

use super::{ExitStatus, Outcome};
use crate::args::{CompareArgs, FateChoice};
use crate::output;
use crate::settings::{self, Settings};

/// Compares two sides and writes the rows in the format asked for.
pub(super) fn run(args: &CompareArgs, settings: &Settings) -> Outcome {
    let fate = |choice: &FateChoice| match choice {
        FateChoice::Kept => Fate::Kept,
        FateChoice::Reworded => Fate::Reworded,
        FateChoice::New => Fate::New,
        FateChoice::Dropped => Fate::Dropped,
    };
    let request = CompareRequest {
        old: side(&args.old)?,
        new: side(&args.new)?,
        filters: settings::filters(&args.shared.filters)?,
        least: args.least,
        only: args.only.iter().map(fate).collect(),
        date: args.shared.date.clone(),
    };
    let response = settings.engine()?.compare(&request)?;
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

/// Reads the id of a report or a report year.
fn side(typed: &str) -> Result<Side> {
    let typed = typed.trim();
    if typed.len() == 16 && typed.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(Side::Report(typed.to_ascii_lowercase()));
    }
    let year = typed.strip_suffix('年').unwrap_or(typed);
    year.parse().map(Side::Year).map_err(|_| {
        Error::new(
            ErrorKind::Usage,
            format!("“{typed}”不是年份，也不是报告编号"),
            format!("'{typed}' is neither a year nor the id of a report"),
        )
        .with_hint(
            "编号是 16 位十六进制数，JSON 结果里的 report_id",
            "ids have 16 hexadecimal digits: report_id in JSON results",
        )
    })
}
