//! `/trend`: how often words occur through the years, as a chart and as a table.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::address::{Address, Params, Years, keep};
use super::chart::{self, Chart, number};
use super::choices::Choices;
use super::facets::{Chip, chips};
use super::frame::{Frame, View};
use super::{respond, search, terms};
use crate::engine::Engine;
use crate::error::Result;
use crate::model::{Rate, TrendRequest, TrendResponse, TrendSeries};
use crate::present::layout::clean;
use crate::present::{grouped, trend};
use crate::say;
use crate::serve::App;
use crate::serve::fault::Fault;

/// Path of the view.
pub(super) const PATH: &str = "/trend";

#[derive(Template)]
#[template(path = "trend.html")]
struct Page {
    frame: Frame,
    chips: Vec<Chip>,
    no_filters: String,
    carried: Vec<(String, String)>,
    choices: Vec<Choices>,
    csv: String,
    xlsx: String,
    /// What is drawn.
    measure: String,
    chart: Option<Chart>,
    /// A concept each: its name, its number of colour, what there is to say of it.
    series: Vec<(String, usize, String)>,
    rows: Vec<Row>,
    notes: Vec<String>,
    stamp: String,
}

/// A year of the table.
struct Row {
    year: i32,
    /// For each concept its rate and occurrences, and the passages behind them.
    cells: Vec<(String, String, String)>,
    /// Reports and characters of the year.
    whole: String,
}

/// Shows a trend, or the form that asks for one.
pub(super) async fn show(
    State(app): State<App>,
    address: Address,
) -> std::result::Result<Response, Fault> {
    let request = request(&address)?;
    let response = match request.terms.is_empty() {
        true => None,
        false => Some(app.run(move |engine| engine.trend(&request)).await?),
    };
    respond(&page(address, response.as_ref()))
}

/// Returns the request of an address; without concepts if its query has no words.
fn request(address: &Address) -> Result<TrendRequest> {
    let params = &address.params;
    Ok(TrendRequest {
        terms: terms::read(&params.q)?,
        by: params.years.field(),
        filters: address.filters.clone(),
        rate: params.rate,
        smooth: params.smooth,
        ..TrendRequest::default()
    })
}

/// Counts what an address asks for; for downloads.
pub(super) fn answer(engine: &Engine, address: &Address) -> Result<TrendResponse> {
    engine.trend(&request(address)?)
}

fn page(address: Address, response: Option<&TrendResponse>) -> Page {
    let language = address.language;
    let series = response.map(|response| response.series.as_slice());
    let series = series.unwrap_or_default();
    let remarks = series.iter().enumerate().map(|(index, series)| {
        let remark = remark(series, &address);
        (clean(&series.term.to_string()), index % 8, remark)
    });
    let stamp = response.map(|response| {
        let stamp = &response.stamp;
        format!("{} · {} · {}", stamp.program, stamp.date, stamp.content)
    });
    let notes = response.map(trend::notes).unwrap_or_default();
    let notes = notes
        .iter()
        .map(|note| clean(language.pick(&note.zh, &note.en)));
    let query = clean(address.params.q.trim());
    Page {
        chips: chips(&address, PATH),
        no_filters: address.filtered(Vec::new()).link(PATH),
        carried: address.carried(&["q", "page"]),
        choices: choices(&address),
        csv: address.link("/download/trend.csv"),
        xlsx: address.link("/download/trend.xlsx"),
        measure: trend::label(address.params.rate, language).to_owned(),
        chart: response.and_then(chart::draw),
        series: remarks.collect(),
        rows: response
            .map(|response| rows(&address, response))
            .unwrap_or_default(),
        notes: notes.collect(),
        stamp: stamp.unwrap_or_default(),
        frame: Frame::new(
            address,
            View::Trend,
            PATH,
            &say!(language, "趋势：{query}", "Trend: {query}"),
        ),
    }
}

/// Says how often a concept occurs, since when, and when most.
fn remark(series: &TrendSeries, address: &Address) -> String {
    let language = address.language;
    let (occurrences, reports) = (
        grouped(series.total.occurrences),
        grouped(series.total.reports),
    );
    let mut text = say!(
        language,
        "{occurrences} 次，{reports} 份报告",
        "{occurrences} times in {reports} reports"
    );
    if let (Some(first), Some(peak)) = (series.first, series.peak) {
        text += &say!(
            language,
            "；最早 {first} 年，最高 {peak} 年",
            "; first in {first}, most in {peak}"
        );
    }
    text
}

/// Returns the years of the table, the latest first.
fn rows(address: &Address, response: &TrendResponse) -> Vec<Row> {
    let years = response.years.iter().enumerate().rev();
    let row = |(at, year): (usize, &crate::model::TrendYear)| Row {
        year: year.year,
        cells: response
            .series
            .iter()
            .map(|series| cell(address, series, at, year.year))
            .collect(),
        whole: match year.slice.passages {
            0 => "–".to_owned(),
            _ => {
                let reports = grouped(year.slice.reports);
                let characters = grouped(year.slice.characters);
                say!(
                    address.language,
                    "{reports} 份，{characters} 字",
                    "{reports} reports, {characters} characters"
                )
            }
        },
    };
    years.map(row).collect()
}

fn cell(address: &Address, series: &TrendSeries, at: usize, year: i32) -> (String, String, String) {
    let Some(point) = series.points.get(at).copied().flatten() else {
        return ("–".to_owned(), String::new(), String::new());
    };
    let rate = point.smoothed.or(point.rate).map_or("–".to_owned(), number);
    let field = address.params.years.field();
    let mut filters = address.filters.clone();
    filters.retain(|filter| filter.field != field || filter.negated);
    filters.push(keep(field, &year.to_string()));
    let words = series
        .term
        .words
        .iter()
        .map(|word| format!("\"{}\"", word.replace('"', " ")));
    let query = words.collect::<Vec<_>>().join(" OR ");
    let passages = address.filtered(filters).with(|params| params.q = query);
    let link = match point.count.occurrences {
        0 => String::new(),
        _ => passages.link(search::PATH),
    };
    (rate, grouped(point.count.occurrences), link)
}

fn choices(address: &Address) -> Vec<Choices> {
    let rate = |rate| move |params: &mut Params| params.rate = rate;
    let years = |years| move |params: &mut Params| params.years = years;
    let smooth = |smooth| move |params: &mut Params| params.smooth = smooth;
    vec![
        Choices::new(address, PATH, ("计量", "Measure"))
            .or(("每万字", "Per 10,000"), rate(Rate::Per10kCharacters))
            .or(("每份报告", "Per report"), rate(Rate::PerReport))
            .or(("提及率", "% of reports"), rate(Rate::ReportShare))
            .or(("次数", "Times"), rate(Rate::Occurrences)),
        Choices::new(address, PATH, ("年份", "Years"))
            .or(("报告年度", "Report year"), years(Years::Report))
            .or(("内容年份", "Year spoken of"), years(Years::Section)),
        Choices::new(address, PATH, ("平滑", "Smoothing"))
            .or(("不平滑", "As is"), smooth(0))
            .or(("3 年", "3 years"), smooth(3))
            .or(("5 年", "5 years"), smooth(5)),
    ]
}
