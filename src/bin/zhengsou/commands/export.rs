//! `export`: every passage that the filters keep.

use std::io::{self, IsTerminal, Write};

use zhengsou::model::Filter;
use zhengsou::present::grouped;
use zhengsou::present::rows::{Rows, passage_columns, segmented_columns};
use zhengsou::{Engine, say};

use super::{ExitStatus, Outcome};
use crate::args::{ExportArgs, RowFormat};
use crate::output::{self, message};
use crate::settings::{self, Settings};

/// Writes the passages to stdout or to a file.
pub(super) fn run(args: &ExportArgs, settings: &Settings) -> Outcome {
    let filters = settings::filters(&args.filters)?;
    let engine = settings.engine()?;
    if args.format == RowFormat::Xlsx && args.output.is_none() && io::stdout().is_terminal() {
        return Err(output::no_workbook().into());
    }
    let count = output::to(args.output.as_deref(), settings, |out| {
        write(out, &engine, &filters, args, settings)
    })?;
    if !settings.quiet {
        let count = grouped(count);
        message(&say!(
            settings.language,
            "导出 {count} 段",
            "passages exported: {count}"
        ));
    }
    Ok(ExitStatus::Done)
}

/// Writes the passages and returns their number.
fn write(
    out: &mut dyn Write,
    engine: &Engine,
    filters: &[Filter],
    args: &ExportArgs,
    settings: &Settings,
) -> anyhow::Result<u64> {
    let columns = match args.words {
        true => segmented_columns(),
        false => passage_columns(),
    };
    let mut rows = match args.format {
        RowFormat::Jsonl => Rows::json_lines(out),
        RowFormat::Csv => Rows::csv(out, &columns, args.bom)?,
        RowFormat::Xlsx => Rows::workbook(out, columns, settings.language)?,
    };
    let mut count = 0;
    let mut written = Ok(());
    engine.export(filters, &mut |passage| {
        count += 1;
        written = match args.words {
            true => rows.segmented(&passage, &engine.analyzer().words(&passage.text)),
            false => rows.passage(&passage),
        };
        written.is_ok()
    })?;
    written?;
    rows.finish()?;
    Ok(count)
}
