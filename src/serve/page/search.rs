//! `/search`: hits with their facets, the years as a histogram, and how the query was understood.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::address::{Address, MAX_WORDING, Params};
use super::choices::Choices;
use super::facets::{self, Chip, Facet};
use super::frame::{Frame, View};
use super::hits::Item;
use super::years::Histogram;
use super::{PER_PAGE, download, respond};
use crate::model::{FacetField, Language, Matching, SearchRequest, SearchResponse, Sort};
use crate::present::grouped;
use crate::present::layout::clean;
use crate::say;
use crate::serve::App;
use crate::serve::fault::Fault;

/// Path of the view.
pub(super) const PATH: &str = "/search";
/// Length of excerpts, in characters.
const EXCERPT: usize = 160;

#[derive(Template)]
#[template(path = "search.html")]
struct Page {
    frame: Frame,
    passages: String,
    reports: String,
    /// What a saved search is called.
    kept: String,
    facets: Vec<Facet>,
    years: Histogram,
    chips: Vec<Chip>,
    no_filters: String,
    csv: String,
    xlsx: String,
    /// What a workbook lacks.
    only_first: String,
    understood: String,
    totals: String,
    notes: Vec<String>,
    choices: Vec<Choices>,
    items: Vec<Item>,
    first: usize,
    tries: Vec<(&'static str, String)>,
    previous: String,
    next: String,
    span: String,
}

/// Shows what answers the query.
pub(super) async fn show(State(app): State<App>, address: Address) -> Result<Response, Fault> {
    if address.is_rewritten {
        return Ok(Redirect::to(&address.link(PATH)).into_response());
    }
    let request = request(&address);
    let asked = request.clone();
    let response = app.run(move |engine| engine.search(&asked)).await?;
    respond(&page(address, &request, response))
}

/// Returns the request of an address.
pub(super) fn request(address: &Address) -> SearchRequest {
    let params = &address.params;
    let mut fields = facets::SHOWN.to_vec();
    fields.push(params.years.field());
    let sought = FacetField::parse(&params.find_in).filter(|_| !params.find.trim().is_empty());
    SearchRequest {
        query: params.q.clone(),
        mode: params.mode,
        any: params.any,
        filters: address.filters.clone(),
        facet_find: sought
            .filter(|field| fields.contains(field))
            .map(|field| (field, params.find.clone()))
            .into_iter()
            .collect(),
        facets: fields,
        facet_limit: facets::LISTED,
        sort: params.sort,
        limit: PER_PAGE,
        offset: (params.page - 1) * PER_PAGE,
        fold: params.fold,
        group_by_report: params.group_by_report,
        snippet_chars: EXCERPT,
        ..SearchRequest::default()
    }
}

fn page(address: Address, request: &SearchRequest, response: SearchResponse) -> Page {
    let language = address.language;
    let total = &response.total;
    let all = match (request.group_by_report, request.fold) {
        (true, _) => total.reports,
        (false, true) => total.folded,
        (false, false) => total.passages,
    };
    let (shown, before) = (response.hits.len() as u64, request.offset as u64);
    let turn = |page: usize| {
        let mut address = address.clone();
        address.params.page = page;
        address.link(PATH)
    };
    let number = address.params.page;
    let note = |note: &crate::model::Note| clean(language.pick(&note.zh, &note.en));
    let items = response.hits.iter();
    let query = clean(request.query.trim());
    Page {
        passages: grouped(total.passages),
        reports: grouped(total.reports),
        kept: kept(&address),
        facets: facets::facets(&address, &response, PATH),
        years: Histogram::of(&address, &response, PATH),
        chips: facets::chips(&address, PATH),
        no_filters: address.filtered(Vec::new()).link(PATH),
        csv: address.with(|_| ()).link("/download/hits.csv"),
        xlsx: address.with(|_| ()).link("/download/hits.xlsx"),
        only_first: download::only_first(all, language),
        understood: clean(response.understood.trim()),
        totals: totals(&response, language),
        notes: response.notes.iter().map(note).collect(),
        choices: choices(&address),
        items: items.map(|hit| Item::of_hit(&address, hit)).collect(),
        first: request.offset + 1,
        tries: tries(&address, &response),
        previous: if number > 1 {
            turn(number - 1)
        } else {
            String::new()
        },
        next: if shown > 0 && before + shown < all {
            turn(number + 1)
        } else {
            String::new()
        },
        span: format!("{}–{} / {}", before + 1, before + shown, grouped(all)),
        frame: Frame::new(address, View::Hits, PATH, &query),
    }
}

/// Returns what a saved search is called: query and filters.
fn kept(address: &Address) -> String {
    let chips = facets::chips(address, PATH);
    let filters: Vec<String> = chips.into_iter().map(|chip| chip.text).collect();
    let query = match address.params.q.trim() {
        "" => address.language.pick("全部段落", "every passage"),
        query => query,
    };
    let parts = [
        clean(query),
        filters.join(address.language.pick("，", ", ")),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

fn totals(response: &SearchResponse, language: Language) -> String {
    let total = &response.total;
    let (passages, reports) = (grouped(total.passages), grouped(total.reports));
    let took = format!("{:.0}", response.took_ms.ceil());
    let folded = match total.folded == total.passages {
        true => String::new(),
        false => {
            let folded = grouped(total.folded);
            say!(
                language,
                "（相近的合并后 {folded} 段）",
                " ({folded} after folding)"
            )
        }
    };
    say!(
        language,
        "共 {passages} 段{folded}，{reports} 份报告，{took} 毫秒",
        "{passages} passages{folded} in {reports} reports, {took} ms"
    )
}

fn choices(address: &Address) -> Vec<Choices> {
    let order = |sort| move |params: &mut Params| params.sort = sort;
    let mode = |mode| move |params: &mut Params| (params.mode, params.any) = (mode, false);
    let fold = |fold| move |params: &mut Params| params.fold = fold;
    vec![
        Choices::new(address, PATH, ("排序", "Order"))
            .or(("相关", "Relevance"), order(Sort::Relevance))
            .or(("最新", "Latest"), order(Sort::YearDescending))
            .or(("最早", "Earliest"), order(Sort::YearAscending)),
        Choices::new(address, PATH, ("匹配", "Matching"))
            .or(("自动", "Auto"), mode(Matching::Auto))
            .or(("逐字", "Verbatim"), mode(Matching::Verbatim))
            .or(("按词", "Words"), mode(Matching::Words)),
        Choices::new(address, PATH, ("相近的", "Copies"))
            .or(("合并相近", "Fold copies"), fold(true))
            .or(("逐条列出", "List each"), fold(false)),
    ]
}

/// Returns what to try where nothing was found, as text or as a link.
fn tries(address: &Address, response: &SearchResponse) -> Vec<(&'static str, String)> {
    let language = address.language;
    let mut tries = Vec::new();
    let mut add = |zh, en, link: String| tries.push((language.pick(zh, en), link));
    let params = &address.params;
    let query = params.q.trim();
    if response.total.passages > 0 {
        add(
            "回到第一页",
            "back to the first page",
            address.with(|_| ()).link(PATH),
        );
        return tries;
    }
    if !address.filters.is_empty() {
        let link = address.filtered(Vec::new()).link(PATH);
        add("去掉全部筛选", "drop all filters", link);
    }
    let quotes = ['"', '“', '”', '＂'];
    if query.contains(quotes) || params.mode == Matching::Verbatim {
        let change = |params: &mut Params| {
            params.q = query.replace(quotes, " ").trim().to_owned();
            params.mode = Matching::Auto;
        };
        let link = address.with(change).link(PATH);
        add(
            "去掉引号，按词检索",
            "drop the quotes and match by words",
            link,
        );
    }
    if query.split_whitespace().nth(1).is_some() && !params.any {
        let link = address.with(|params| params.any = true).link(PATH);
        add("只要求大部分词出现", "ask for most of the words only", link);
    }
    if query.chars().count() >= 10 {
        let change = |params: &mut Params| params.text = query.chars().take(MAX_WORDING).collect();
        let link = address.with(change).link("/similar");
        add("找与它相近的表述", "look for wordings like it", link);
    }
    add(
        "换一个较短的词，或用同义的说法",
        "use a shorter word, or another way to say it",
        String::new(),
    );
    tries
}
