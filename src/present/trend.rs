//! A [`TrendResponse`] → bars and sparklines, or a table; [`chart`](super::chart) draws it.

use std::io::{Result, Write};

use super::layout::padding;
use super::table::{Align, Table};
use super::{Ink, Look, data, grouped};
use crate::model::{
    Cell, Column, ColumnKind, DataTable, Language, Note, Rate, TrendPoint, TrendResponse,
    TrendSeries,
};
use crate::say;

/// Eighths of a block, of which bars are made.
const EIGHTHS: [&str; 9] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];
/// Heights of a sparkline.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Columns of the longest bar where the screen has no width.
const BAR: usize = 40;

/// Returns what a rate is called.
pub fn label(rate: Rate, language: Language) -> &'static str {
    match rate {
        Rate::Per10kCharacters => language.pick("每万字次数", "occurrences per 10,000 characters"),
        Rate::PerReport => language.pick("每份报告次数", "occurrences per report"),
        Rate::ReportShare => language.pick("提及的报告 %", "reports that name it, %"),
        Rate::Occurrences => language.pick("次数", "occurrences"),
    }
}

/// Makes a table: a row for each concept and year.
pub fn table(response: &TrendResponse) -> DataTable {
    let integer = |name, zh, en| Column::new(name, zh, en, ColumnKind::Integer);
    let number = |name, zh, en| Column::new(name, zh, en, ColumnKind::Number(3));
    let has = |of: fn(&TrendPoint) -> bool| {
        let points = response.series.iter().flat_map(|series| &series.points);
        points.flatten().any(of)
    };
    let (smoothed, band) = (
        has(|point| point.smoothed.is_some()),
        has(|point| point.band.is_some()),
    );
    let mut columns = vec![
        Column::new("term", "词语", "term", ColumnKind::Text),
        Column::new(
            response.by.name(),
            response.by.label(),
            response.by.name(),
            ColumnKind::Year,
        ),
        integer("occurrences", "次数", "occurrences"),
        integer("passages", "段", "passages"),
        integer("reports", "报告", "reports"),
        number(
            "rate",
            label(response.rate, Language::Zh),
            label(response.rate, Language::En),
        ),
    ];
    if smoothed {
        columns.push(number("smoothed", "移动平均", "smoothed"));
    }
    if band {
        columns.push(number("low", "下限", "low"));
        columns.push(number("high", "上限", "high"));
    }
    columns.extend([
        integer("slice_passages", "全部段", "all passages"),
        integer("slice_reports", "全部报告", "all reports"),
        integer("slice_characters", "全部字", "all characters"),
        integer("slice_words", "全部词", "all words"),
    ]);
    let mut rows = Vec::new();
    for series in &response.series {
        for (year, point) in response.years.iter().zip(&series.points) {
            let mut cells = vec![Cell::from(&series.term.name), Cell::from(year.year)];
            let count = |of: fn(&TrendPoint) -> u64| Cell::of(point.as_ref().map(of));
            cells.extend([
                count(|point| point.count.occurrences),
                count(|point| point.count.passages),
                count(|point| point.count.reports),
                Cell::of(point.and_then(|point| point.rate)),
            ]);
            if smoothed {
                cells.push(Cell::of(point.and_then(|point| point.smoothed)));
            }
            if band {
                let ends = point.and_then(|point| point.band);
                cells.extend([
                    Cell::of(ends.map(|ends| ends[0])),
                    Cell::of(ends.map(|ends| ends[1])),
                ]);
            }
            let slice = &year.slice;
            let denominators = [slice.passages, slice.reports, slice.characters, slice.words];
            cells.extend(denominators.map(|number| match slice.passages {
                0 => Cell::Missing,
                _ => Cell::from(number),
            }));
            rows.push(cells);
        }
    }
    DataTable {
        stamp: response.stamp.clone(),
        notes: notes(response),
        columns,
        rows,
    }
}

/// Returns the remarks on a trend: how it was smoothed, where intervals come from.
pub fn notes(response: &TrendResponse) -> Vec<Note> {
    let mut notes = response.notes.clone();
    if response.smooth > 1 {
        let years = response.smooth;
        notes.push(Note::new(
            format!("平滑：以当年为中心 {years} 年比率的平均，缺文本的年份不计"),
            format!("smoothed: mean of the rates of {years} years around each, years without text left out"),
        ));
    }
    let has_band = |series: &TrendSeries| {
        series
            .points
            .iter()
            .flatten()
            .any(|point| point.band.is_some())
    };
    if response.series.iter().any(has_band) {
        notes.push(match response.rate {
            Rate::ReportShare => Note::new("区间：95%，Wilson", "interval: 95 %, Wilson"),
            _ => Note::new(
                "区间：95%，泊松（Byar 近似）；词语成簇出现时实际波动更大",
                "interval: 95 %, Poisson (Byar); words that come in clusters vary more",
            ),
        });
    }
    notes
}

/// Writes a trend for reading: a sparkline for each concept; of a single one a bar for each year, of
/// several their rates side by side.
///
/// # Errors
/// If `out` cannot be written.
pub fn answer(out: &mut dyn Write, response: &TrendResponse, look: &Look) -> Result<()> {
    data::head(out, &response.stamp, &notes(response), look)?;
    writeln!(out)?;
    if response.years.is_empty() {
        let none = look
            .language
            .pick("没有带年份的段落", "there are no passages with a year");
        return writeln!(out, "{none}");
    }
    overview(out, response, look)?;
    writeln!(out)?;
    match &response.series[..] {
        [only] => bars(out, only, response, look),
        _ => side_by_side(out, response, look),
    }
}

fn overview(out: &mut dyn Write, response: &TrendResponse, look: &Look) -> Result<()> {
    let language = look.language;
    let span = match (response.years.first(), response.years.last()) {
        (Some(first), Some(last)) => format!("{}–{}", first.year, last.year),
        _ => String::new(),
    };
    let mut table = Table::new(&[
        Align::Left,
        Align::Right,
        Align::Right,
        Align::Right,
        Align::Right,
        Align::Left,
    ])
    .with_head([
        language.pick("词语", "term").to_owned(),
        language.pick("次数", "occurrences").to_owned(),
        language.pick("首见", "first").to_owned(),
        language.pick("最高", "peak").to_owned(),
        label(response.rate, language).to_owned(),
        span,
    ]);
    for series in &response.series {
        let year = |year: Option<i32>| year.map_or("–".to_owned(), |year| year.to_string());
        let highest = highest(series);
        table.row([
            series.term.name.clone(),
            grouped(series.total.occurrences),
            year(series.first),
            year(series.peak),
            rate(highest, response.rate),
            sparkline(series),
        ]);
    }
    table.write(out, look)
}

fn highest(series: &TrendSeries) -> Option<f64> {
    let rates = series
        .points
        .iter()
        .flatten()
        .filter_map(|point| point.rate);
    rates.reduce(f64::max)
}

/// Returns the rates of a series as heights; a blank where there is no text, a dot for none.
fn sparkline(series: &TrendSeries) -> String {
    let highest = highest(series).unwrap_or(0.0);
    let height = |point: &Option<TrendPoint>| match point.and_then(|point| point.rate) {
        None => ' ',
        Some(rate) if rate <= 0.0 => '·',
        Some(rate) => {
            let step = (rate / highest * HEIGHTS.len() as f64).ceil() as usize;
            HEIGHTS[step.clamp(1, HEIGHTS.len()) - 1]
        }
    };
    series.points.iter().map(height).collect()
}

fn rate(rate: Option<f64>, of: Rate) -> String {
    match (rate, of) {
        (None, _) => "–".to_owned(),
        (Some(rate), Rate::Occurrences) => grouped(rate as u64),
        (Some(rate), Rate::ReportShare) => format!("{rate:.1}"),
        (Some(rate), _) => format!("{rate:.3}"),
    }
}

fn bars(
    out: &mut dyn Write,
    series: &TrendSeries,
    response: &TrendResponse,
    look: &Look,
) -> Result<()> {
    let rates: Vec<String> = series
        .points
        .iter()
        .map(|point| rate(point.and_then(|point| point.rate), response.rate))
        .collect();
    let widest = rates
        .iter()
        .map(|rate| rate.chars().count())
        .max()
        .unwrap_or(0);
    let beside = 6 + widest + 2 + 24;
    let room = look
        .width
        .map_or(BAR, |columns| columns.saturating_sub(beside).clamp(8, 60));
    let highest = highest(series).unwrap_or(0.0);
    for ((year, point), rate) in response.years.iter().zip(&series.points).zip(&rates) {
        let Some(point) = point else {
            let none = look.language.pick("无文本", "no text");
            writeln!(out, "{}  {}", year.year, look.paint(Ink::Faint, none))?;
            continue;
        };
        let share = match highest > 0.0 {
            true => point.rate.unwrap_or(0.0) / highest,
            false => 0.0,
        };
        let eighths = (share * (room * 8) as f64).round() as usize;
        let bar = "█".repeat(eighths / 8) + EIGHTHS[eighths % 8];
        let (occurrences, reports, all) = (
            grouped(point.count.occurrences),
            grouped(point.count.reports),
            grouped(year.slice.reports),
        );
        let beside = say!(
            look.language,
            "{occurrences} 次 {reports}/{all} 份",
            "{occurrences} in {reports}/{all} reports"
        );
        let blanks = " ".repeat(widest.saturating_sub(rate.chars().count()));
        writeln!(
            out,
            "{}  {blanks}{rate}  {}{}  {}",
            year.year,
            look.paint(Ink::Match, &bar),
            padding(&bar, room),
            look.paint(Ink::Faint, &beside)
        )?;
    }
    Ok(())
}

fn side_by_side(out: &mut dyn Write, response: &TrendResponse, look: &Look) -> Result<()> {
    let mut align = vec![Align::Left];
    align.extend(response.series.iter().map(|_| Align::Right));
    let mut head = vec![
        look.language
            .pick(response.by.label(), response.by.name())
            .to_owned(),
    ];
    head.extend(
        response
            .series
            .iter()
            .map(|series| series.term.name.clone()),
    );
    let mut table = Table::new(&align).with_head(head);
    for (at, year) in response.years.iter().enumerate() {
        let mut cells = vec![year.year.to_string()];
        cells.extend(response.series.iter().map(|series| {
            let point = series.points.get(at).copied().flatten();
            rate(point.and_then(|point| point.rate), response.rate)
        }));
        table.row(cells);
    }
    table.write(out, look)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::samples;

    fn written(response: &TrendResponse) -> String {
        let mut out = Vec::new();
        answer(&mut out, response, &Look::default()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let (_, lines) = text.split_once("\n\n").unwrap();
        lines.to_owned()
    }

    #[test]
    fn one_has_bars_several_stand_side_by_side() {
        let mut response = samples::trend();
        insta::assert_snapshot!(written(&response), @r"
        词语      次数  首见  最高  每万字次数  2016–2019
        乡村振兴    45  2017  2019      40.000  ·▁ █

        2016   0.000                                            0 次 0/10 份
        2017   5.000  █████                                     5 次 5/10 份
        2018  无文本
        2019  40.000  ████████████████████████████████████████  40 次 10/10 份
        ");
        response.series.push(response.series[0].clone());
        insta::assert_snapshot!(written(&response), @r"
        词语      次数  首见  最高  每万字次数  2016–2019
        乡村振兴    45  2017  2019      40.000  ·▁ █
        乡村振兴    45  2017  2019      40.000  ·▁ █

        年份  乡村振兴  乡村振兴
        2016     0.000     0.000
        2017     5.000     5.000
        2018         –         –
        2019    40.000    40.000
        ");
    }

    #[test]
    fn rows_have_all_columns() {
        let mut response = samples::trend();
        response.series[0].points[0].as_mut().unwrap().band = Some([1.0, 2.0]);
        let table = table(&response);
        assert!(
            table
                .rows
                .iter()
                .all(|row| row.len() == table.columns.len())
        );
        assert!(table.columns.iter().any(|column| column.name == "low"));
    }
}
