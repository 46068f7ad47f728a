//! `optimize`: one segment, nothing deleted.

use std::io::{IsTerminal, Write};

use zhengsou::analyze::Analyzer;
use zhengsou::index::{Optimized, Size, optimize};
use zhengsou::present::table::{Align, Table};
use zhengsou::present::{Look, byte_size, grouped, json};

use super::{ExitStatus, Outcome};
use crate::args::{OptimizeArgs, ViewFormat};
use crate::output;
use crate::settings::Settings;

/// Merges, and writes the sizes before and after.
pub(super) fn run(args: &OptimizeArgs, settings: &Settings) -> Outcome {
    let done = optimize(&settings.index, &Analyzer::new(&settings.schema()?))?;
    let mut out = output::stdout();
    match args.format {
        ViewFormat::Text => text(&mut out, &done, &settings.look())?,
        ViewFormat::Json => json::document(&mut out, &done, std::io::stdout().is_terminal())?,
    }
    out.flush()?;
    Ok(ExitStatus::Done)
}

fn text(out: &mut dyn Write, done: &Optimized, look: &Look) -> std::io::Result<()> {
    let language = look.language;
    let mut table = Table::new(&[Align::Left, Align::Right, Align::Right]);
    table.row([
        "",
        language.pick("之前", "before"),
        language.pick("之后", "after"),
    ]);
    let mut row = |zh: &str, en: &str, value: fn(&Size) -> String| {
        table.row([
            language.pick(zh, en),
            &value(&done.before),
            &value(&done.after),
        ]);
    };
    row("索引分段", "segments", |size| {
        grouped(size.segments as u64)
    });
    row("磁盘占用", "on disk", |size| byte_size(size.bytes));
    row(
        "已删除而仍占地方",
        "deleted, still taking room",
        |size| {
            let all = size.documents + size.deleted;
            format!("{:.1}%", 100.0 * size.deleted as f64 / all.max(1) as f64)
        },
    );
    table.write(out, look)
}
