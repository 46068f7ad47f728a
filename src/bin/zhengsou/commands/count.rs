//! `count`: how often concepts occur.

use zhengsou::model::{Axis, CountRequest};
use zhengsou::present::count::{Layout, Measure, table};
use zhengsou::present::data;
use zhengsou::{Error, ErrorKind, Result};

use super::{ExitStatus, Outcome};
use crate::args::{CountArgs, LayoutChoice, MeasureChoice};
use crate::output;
use crate::settings::{self, Settings};

/// Counts and writes the table in the format asked for.
pub(super) fn run(args: &CountArgs, settings: &Settings) -> Outcome {
    let request = CountRequest {
        terms: settings::concepts(&args.terms)?,
        by: axes(&args.by)?,
        filters: settings::filters(&args.filters)?,
        copies: args.terms.copies.into(),
        date: args.terms.date.clone(),
    };
    let layout = match args.layout {
        LayoutChoice::Long => Layout::Long,
        LayoutChoice::Wide => Layout::Wide,
        LayoutChoice::Cross => Layout::Cross,
    };
    let measure = match args.measure {
        MeasureChoice::Occurrences => Measure::Occurrences,
        MeasureChoice::Passages => Measure::Passages,
        MeasureChoice::Reports => Measure::Reports,
        MeasureChoice::Per10k => Measure::Per10kCharacters,
        MeasureChoice::Per10kWords => Measure::Per10kWords,
        MeasureChoice::PerReport => Measure::PerReport,
    };
    if layout == Layout::Cross && request.by.len() != 2 {
        return Err(Error::new(
            ErrorKind::Usage,
            "--layout cross 需要按两个方面分组",
            "--layout cross needs two facets",
        )
        .with_hint("例如 --by province,year", "for example --by province,year")
        .into());
    }
    let response = settings.engine()?.count(&request)?;
    let table = table(&response, layout, measure);
    output::answer(&args.output, settings, &response, &table, |out, look| {
        data::text(out, &table, look)
    })?;
    Ok(ExitStatus::Done)
}

/// Reads names of facets or of depths of regions, with commas of either width between.
fn axes(lists: &[String]) -> Result<Vec<Axis>> {
    let names = lists.iter().flat_map(|list| list.split([',', '，', '、']));
    let names = names.map(str::trim).filter(|name| !name.is_empty());
    names.map(settings::axis).collect()
}
