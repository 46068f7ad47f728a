//! A [`BenchReport`] → text for reading: a table of classes, and what moved since an earlier one.

use std::io::{Result, Write};

use super::table::{Align, Table};
use super::{Ink, Look, byte_size, grouped};
use crate::model::{BenchReport, CLASSES, ClassReport, Comparison, Language, Latency};
use crate::say;

/// Writes a report for reading.
///
/// # Errors
/// If `out` cannot be written.
pub fn report(
    out: &mut dyn Write,
    report: &BenchReport,
    compared: &[Comparison],
    look: &Look,
) -> Result<()> {
    let language = look.language;
    let (passages, bytes) = (grouped(report.index.passages), byte_size(report.text_bytes));
    let (version, machine, processors) = (&report.version, &report.machine, report.processors);
    let head = say!(
        language,
        "{passages} 段，{bytes} 文字；zhengsou {version}，{machine}，{processors} 个处理器",
        "{passages} passages, {bytes} of text; zhengsou {version}, {machine}, {processors} processors"
    );
    writeln!(out, "{}", look.paint(Ink::Strong, &head))?;
    let rounds = report.rounds;
    let how = say!(
        language,
        "每个查询问 {rounds} 遍取中位数；下表是各查询中位数的分位数，单位微秒",
        "each query asked {rounds} times, its median taken; quantiles over the queries, in microseconds"
    );
    writeln!(out, "{how}\n")?;
    classes(out, report, look)?;
    writeln!(out)?;
    let open = &report.open;
    let (p50, max) = (micros(open.p50), micros(open.max));
    writeln!(
        out,
        "{}",
        say!(
            language,
            "打开索引：{p50} 微秒（最长 {max}）",
            "opening the index: {p50} µs (longest {max})"
        )
    )?;
    if report.classes.iter().any(|class| class.cold.is_some()) {
        let dropped = match report.cache_dropped {
            true => language.pick(
                "冷：重新打开索引后的第一次查询，此前已让系统丢弃文件缓存",
                "cold: the first search of a newly opened index, the system's cache of its files dropped before",
            ),
            false => language.pick(
                "冷：重新打开索引后的第一次查询；本系统上无法丢弃文件缓存",
                "cold: the first search of a newly opened index; the file cache cannot be dropped on this system",
            ),
        };
        writeln!(out, "{dropped}")?;
    }
    if let Some(peak) = report.peak_memory {
        let peak = byte_size(peak);
        writeln!(
            out,
            "{}",
            say!(language, "内存峰值：{peak}", "peak memory: {peak}")
        )?;
    }
    disk(out, report, look)?;
    if !compared.is_empty() {
        writeln!(out)?;
        comparison(out, compared, look)?;
    }
    Ok(())
}

fn classes(out: &mut dyn Write, report: &BenchReport, look: &Look) -> Result<()> {
    let language = look.language;
    let mut align = vec![Align::Left, Align::Left];
    align.extend([Align::Right; 9]);
    let mut table = Table::new(&align).with_head([
        language.pick("类别", "class"),
        "",
        language.pick("查询", "queries"),
        language.pick("平均命中", "mean found"),
        "p50",
        "p95",
        "p99",
        language.pick("最长", "max"),
        language.pick("冷 p50", "cold p50"),
        language.pick("每秒", "a second"),
        language.pick("两线程每秒", "with 2 threads"),
    ]);
    for class in &report.classes {
        let Latency { p50, p95, p99, max } = class.warm;
        let cold = class.cold.map_or_else(String::new, |cold| micros(cold.p50));
        table.row([
            class.name.clone(),
            label(class, language).to_owned(),
            class.queries.len().to_string(),
            grouped(class.found.iter().sum::<u64>() / class.found.len().max(1) as u64),
            micros(p50),
            micros(p95),
            micros(p99),
            micros(max),
            cold,
            grouped(class.per_second[0].round() as u64),
            grouped(class.per_second[1].round() as u64),
        ]);
    }
    table.write(out, look)
}

fn label(class: &ClassReport, language: Language) -> &'static str {
    let known = CLASSES.iter().find(|known| known.name == class.name);
    known.map_or("", |known| language.pick(known.zh, known.en))
}

fn disk(out: &mut dyn Write, report: &BenchReport, look: &Look) -> Result<()> {
    let language = look.language;
    let total: u64 = report.disk.values().sum();
    let share = |bytes: u64| bytes as f64 / report.text_bytes.max(1) as f64;
    let (bytes, ratio) = (byte_size(total), format!("{:.2}", share(total)));
    let head = say!(
        language,
        "索引 {bytes}，为文字的 {ratio} 倍：",
        "the index takes {bytes}, {ratio} times the text:"
    );
    writeln!(out, "{head}")?;
    let mut kinds: Vec<(&String, &u64)> = report.disk.iter().collect();
    kinds.sort_by_key(|(_, bytes)| std::cmp::Reverse(**bytes));
    let mut table = Table::new(&[Align::Left, Align::Right, Align::Right]).indented(2);
    for (kind, &bytes) in kinds {
        table.row([
            kind.clone(),
            byte_size(bytes),
            format!("{:.2}", share(bytes)),
        ]);
    }
    table.write(out, look)
}

fn comparison(out: &mut dyn Write, compared: &[Comparison], look: &Look) -> Result<()> {
    let language = look.language;
    let mut align = vec![Align::Left];
    align.extend([Align::Right; 4]);
    let mut table = Table::new(&align).with_head([
        language.pick("与以前相比", "compared"),
        language.pick("以前 p50", "p50 before"),
        language.pick("现在 p50", "p50 now"),
        language.pick("倍数", "ratio"),
        language.pick("95% 区间", "95 % interval"),
    ]);
    for one in compared {
        let [low, high] = one.interval;
        let unpaired = if one.paired { "" } else { "*" };
        table.row([
            format!("{}{unpaired}", one.class),
            micros(one.before),
            micros(one.now),
            format!("{:.2}", one.ratio),
            format!("{low:.2} – {high:.2}"),
        ]);
    }
    table.write(out, look)?;
    if compared.iter().any(|one| !one.paired) {
        let note = language.pick(
            "* 两次的查询不同，只比中位数",
            "* the queries differ, so only the medians are compared",
        );
        writeln!(out, "{}", look.paint(Ink::Faint, note))?;
    }
    Ok(())
}

fn micros(time: f64) -> String {
    match time {
        time if time < 10.0 => format!("{time:.1}"),
        time => grouped(time.round() as u64),
    }
}
