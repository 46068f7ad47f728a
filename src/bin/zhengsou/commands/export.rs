//! `export`: every passage that the filters keep.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use anyhow::Context;
use zhengsou::model::Filter;
use zhengsou::present::grouped;
use zhengsou::present::rows::Rows;
use zhengsou::{Engine, Error, say};

use super::{ExitStatus, Outcome};
use crate::args::{ExportArgs, RowFormat};
use crate::output::{self, message};
use crate::settings::{self, Settings};

/// Writes the passages to stdout or to a file.
pub(super) fn run(args: &ExportArgs, settings: &Settings) -> Outcome {
    let filters = settings::filters(&args.filters)?;
    let engine = settings.engine()?;
    let count = match &args.output {
        None => {
            let mut out = output::stdout();
            write(&mut out, &engine, &filters, args)??
        }
        Some(path) => {
            let failed = |error| Error::io(path, error);
            let doing = settings.language.pick(
                "无法写入 --output 指定的文件",
                "cannot write the file of --output",
            );
            let file = File::create(path).map_err(failed).context(doing)?;
            let mut out = BufWriter::new(file);
            write(&mut out, &engine, &filters, args)?
                .map_err(failed)
                .context(doing)?
        }
    };
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

/// Writes the passages and returns their number; the outer error is the engine's, the inner one
/// the output's.
fn write(
    out: &mut dyn Write,
    engine: &Engine,
    filters: &[Filter],
    args: &ExportArgs,
) -> zhengsou::Result<io::Result<u64>> {
    let rows = match args.format {
        RowFormat::Jsonl => Ok(Rows::json_lines(out)),
        RowFormat::Csv => Rows::passages_csv(out, args.bom),
    };
    let mut rows = match rows {
        Ok(rows) => rows,
        Err(error) => return Ok(Err(error)),
    };
    let mut count = 0;
    let mut written = Ok(());
    engine.export(filters, &mut |passage| {
        count += 1;
        written = rows.passage(&passage);
        written.is_ok()
    })?;
    Ok(written.and_then(|()| rows.finish()).map(|()| count))
}
