//! `stats`: what is in the index.

use std::io::{IsTerminal, Write};

use zhengsou::engine::Stats;
use zhengsou::present::search::facet_table;
use zhengsou::present::table::{Align, Table};
use zhengsou::present::{Ink, Look, byte_size, grouped, json};
use zhengsou::say;

use super::{ExitStatus, Outcome};
use crate::args::{StatsArgs, ViewFormat};
use crate::output;
use crate::settings::Settings;

/// Values of a facet shown as text; the JSON form has them all.
const VALUES: usize = 12;

/// Writes the numbers.
pub(super) fn run(args: &StatsArgs, settings: &Settings) -> Outcome {
    let stats = settings.engine()?.stats()?;
    let mut out = output::stdout();
    match args.format {
        ViewFormat::Text => text(&mut out, &stats, &settings.look())?,
        ViewFormat::Json => json::document(&mut out, &stats, std::io::stdout().is_terminal())?,
    }
    out.flush()?;
    Ok(ExitStatus::Done)
}

fn text(out: &mut dyn Write, stats: &Stats, look: &Look) -> std::io::Result<()> {
    let language = look.language;
    let mut table = Table::new(&[Align::Left, Align::Right]);
    let mut row = |zh: &str, en: &str, value: String| {
        table.row([language.pick(zh, en), &value]);
    };
    row("文件", "sources", grouped(stats.sources));
    if stats.skipped > 0 {
        row("跳过的文件", "sources skipped", grouped(stats.skipped));
    }
    if stats.failed > 0 {
        row("失败的文件", "sources failed", grouped(stats.failed));
    }
    row("报告", "reports", grouped(stats.reports));
    row("段落", "passages", grouped(stats.passages));
    row(
        "字数（不计空白与标点）",
        "characters (without white space and punctuation)",
        grouped(stats.characters),
    );
    let copies = &stats.copies;
    let share = copies.characters as f64 / stats.characters.max(1) as f64 * 100.0;
    row(
        "成组的相近段落（20 字以上）",
        "passages with near copies (over 20 letters)",
        grouped(copies.passages),
    );
    row(
        "相近段落组",
        "groups of near copies",
        grouped(copies.groups),
    );
    row(
        "  其中有数字不同的",
        "  with other figures",
        grouped(copies.figures),
    );
    row(
        "  其中有文字出入的",
        "  with other words",
        grouped(copies.wording),
    );
    row(
        "最大一组的段落",
        "passages of the largest group",
        grouped(copies.largest),
    );
    row(
        "重复文字占比",
        "share of repeated text",
        format!("{share:.1}%"),
    );
    row("磁盘占用", "on disk", byte_size(stats.bytes));
    row("索引分段", "segments", grouped(stats.segments as u64));
    row("程序版本", "version", stats.version.clone());
    row("指纹", "fingerprint", stats.index.fingerprint.clone());
    table.write(out, look)?;

    let filled = stats.facets.iter().filter(|(_, counts)| !counts.is_empty());
    for (field, counts) in filled {
        writeln!(out)?;
        facet_table(out, *field, &counts[..counts.len().min(VALUES)], look)?;
        if let Some(more) = counts.len().checked_sub(VALUES).filter(|more| *more > 0) {
            let more = say!(language, "  另有 {more} 个", "  {more} more");
            writeln!(out, "{}", look.paint(Ink::Faint, &more))?;
        }
    }
    Ok(())
}
