//! `/kwic`: words in their context, below each other.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::address::{Address, Params};
use super::choices::Choices;
use super::facets::{Chip, chips};
use super::frame::{Frame, View};
use super::hits::reading;
use super::{respond, search, terms, words};
use crate::engine::Engine;
use crate::error::Result;
use crate::model::{KwicLine, KwicRequest, KwicResponse, KwicSort, Note};
use crate::present::grouped;
use crate::present::layout::clean;
use crate::say;
use crate::serve::App;
use crate::serve::fault::Fault;

/// Path of the view.
pub(super) const PATH: &str = "/kwic";
/// Lines on a page.
const LINES: usize = 50;
/// Characters of context on each side.
const WIDTH: usize = 24;
/// Most lines of a download.
const MOST: usize = 100_000;

#[derive(Template)]
#[template(path = "kwic.html")]
struct Page {
    frame: Frame,
    chips: Vec<Chip>,
    no_filters: String,
    carried: Vec<(String, String)>,
    choices: Vec<Choices>,
    csv: String,
    xlsx: String,
    totals: String,
    notes: Vec<String>,
    lines: Vec<Line>,
    tries: Vec<(&'static str, String)>,
    previous: String,
    next: String,
    span: String,
}

/// An occurrence.
struct Line {
    left: String,
    keyword: String,
    right: String,
    /// The report, at the passage.
    link: String,
    /// Year, agency or region: what tells lines apart.
    tags: String,
    title: String,
}

/// Shows a concordance, or the form that asks for one.
pub(super) async fn show(
    State(app): State<App>,
    address: Address,
) -> std::result::Result<Response, Fault> {
    let request = request(&address)?;
    let offset = request.offset;
    let response = match request.terms.is_empty() {
        true => None,
        false => Some(app.run(move |engine| engine.kwic(&request)).await?),
    };
    respond(&page(address, offset, response.as_ref()))
}

/// Returns the request of an address; without concepts if its query has no words.
fn request(address: &Address) -> Result<KwicRequest> {
    let params = &address.params;
    Ok(KwicRequest {
        terms: terms::read(&params.q)?,
        filters: address.filters.clone(),
        width: WIDTH,
        sort: params.order,
        limit: LINES,
        offset: (params.page - 1) * LINES,
        ..KwicRequest::default()
    })
}

/// Looks up all lines of what an address asks for; for downloads.
pub(super) fn answer(engine: &Engine, address: &Address) -> Result<KwicResponse> {
    let mut response = engine.kwic(&KwicRequest {
        limit: MOST,
        offset: 0,
        ..request(address)?
    })?;
    if response.sampled > MOST as u64 {
        let (most, all) = (grouped(MOST as u64), grouped(response.sampled));
        response.notes.push(Note::new(
            format!("共 {all} 处，这里只有前 {most} 处；用筛选缩小范围"),
            format!("there are {all} occurrences, here are the first {most}; narrow it down with filters"),
        ));
    }
    Ok(response)
}

fn page(address: Address, offset: usize, response: Option<&KwicResponse>) -> Page {
    let language = address.language;
    let lines = response.map(|response| response.lines.as_slice());
    let lines = lines.unwrap_or_default();
    let all = response.map_or(0, |response| response.sampled);
    let turn = |page: usize| {
        let mut address = address.clone();
        address.params.page = page;
        address.link(PATH)
    };
    let number = address.params.page;
    let until = offset + lines.len();
    let notes = response.map(|response| response.notes.as_slice());
    let notes = notes.unwrap_or_default().iter();
    let query = clean(address.params.q.trim());
    let count = grouped(all);
    Page {
        chips: chips(&address, PATH),
        no_filters: address.filtered(Vec::new()).link(PATH),
        carried: address.carried(&["q", "page"]),
        choices: choices(&address),
        csv: address.with(|_| ()).link("/download/kwic.csv"),
        xlsx: address.with(|_| ()).link("/download/kwic.xlsx"),
        totals: match response {
            Some(_) => say!(language, "共 {count} 处", "{count} occurrences"),
            None => String::new(),
        },
        notes: notes
            .map(|note| clean(language.pick(&note.zh, &note.en)))
            .collect(),
        lines: lines.iter().map(|found| line(&address, found)).collect(),
        tries: tries(&address, all),
        previous: if number > 1 {
            turn(number - 1)
        } else {
            String::new()
        },
        next: if !lines.is_empty() && (until as u64) < all {
            turn(number + 1)
        } else {
            String::new()
        },
        span: format!("{}–{until} / {count}", offset + 1),
        frame: Frame::new(
            address,
            View::Kwic,
            PATH,
            &say!(language, "语境：{query}", "Context: {query}"),
        ),
    }
}

/// Returns where to go on from a page without lines.
fn tries(address: &Address, all: u64) -> Vec<(&'static str, String)> {
    let language = address.language;
    let first = address.with(|_| ());
    if all > 0 {
        let text = language.pick("回到第一页", "back to the first page");
        return vec![(text, first.link(PATH))];
    }
    let mut tries = Vec::new();
    if !address.filters.is_empty() {
        let text = language.pick("去掉全部筛选", "drop all filters");
        tries.push((text, address.filtered(Vec::new()).link(PATH)));
    }
    let text = language.pick(
        "这里只看逐字出现的；改为按词检索段落",
        "here words count as they stand; search passages by words instead",
    );
    tries.push((text, first.link(search::PATH)));
    tries
}

fn line(address: &Address, found: &KwicLine) -> Line {
    let passage = &found.passage;
    let year = passage
        .year
        .or(passage.report_year)
        .map(|year| year.to_string());
    let who = passage.agency.clone().or_else(|| passage.region.clone());
    let tags: Vec<String> = [year, who].into_iter().flatten().collect();
    Line {
        left: clean(&found.left),
        keyword: clean(&found.keyword),
        right: clean(&found.right),
        link: reading(address, passage),
        tags: clean(&tags.join(" · ")),
        title: words::title(&passage.report_title, address.language),
    }
}

fn choices(address: &Address) -> Vec<Choices> {
    let order = |order| move |params: &mut Params| params.order = order;
    vec![
        Choices::new(address, PATH, ("排序", "Order"))
            .or(("按出处", "By place"), order(KwicSort::Place))
            .or(("按左边", "By left"), order(KwicSort::Left))
            .or(("按右边", "By right"), order(KwicSort::Right))
            .or(("按年份", "By year"), order(KwicSort::Year))
            .or(("按部门", "By agency"), order(KwicSort::Agency)),
    ]
}
