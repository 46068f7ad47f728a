//! `/similar` and `/copies/…`: where a wording stands, and in what its copies differ.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::address::{Address, MAX_WORDING};
use super::frame::{Frame, View};
use super::hits::{Item, left_out};
use super::reader::unknown;
use super::years::Histogram;
use super::{PER_PAGE, respond};
use crate::model::{NearCopies, PassageRecord, SimilarRequest, SimilarResponse};
use crate::present::grouped;
use crate::present::layout::clean;
use crate::say;
use crate::serve::App;
use crate::serve::fault::Fault;

const SIMILAR: &str = "/similar";
/// Most near copies that are listed.
const COPIES: usize = 200;
/// Length of excerpts, in characters.
const EXCERPT: usize = 200;

#[derive(Template)]
#[template(path = "list.html")]
struct Page {
    frame: Frame,
    heading: String,
    is_similar: bool,
    /// Most characters that can be pasted.
    most: usize,
    carried: Vec<(String, String)>,
    origin: Option<Item>,
    totals: String,
    notes: Vec<String>,
    years: Option<Histogram>,
    items: Vec<Item>,
    first: usize,
    left_out: String,
    span: String,
    previous: String,
    next: String,
}

impl Page {
    fn new(frame: Frame, heading: &str) -> Self {
        Page {
            heading: heading.to_owned(),
            is_similar: false,
            most: MAX_WORDING,
            carried: frame.address.carried(&["text", "id", "page", "q"]),
            frame,
            origin: None,
            totals: String::new(),
            notes: Vec::new(),
            years: None,
            items: Vec::new(),
            first: 1,
            left_out: String::new(),
            span: String::new(),
            previous: String::new(),
            next: String::new(),
        }
    }
}

/// Shows the passages that hold a wording, or the form that asks for one.
pub(super) async fn similar(State(app): State<App>, address: Address) -> Result<Response, Fault> {
    let params = &address.params;
    if params.text.trim().is_empty() && params.id.is_empty() {
        return respond(&form(address));
    }
    let request = SimilarRequest {
        text: params.text.clone(),
        id: match params.text.trim() {
            "" => params.id.clone(),
            _ => String::new(),
        },
        filters: address.filters.clone(),
        sort: params.sort,
        limit: PER_PAGE,
        offset: (params.page - 1) * PER_PAGE,
        snippet_chars: EXCERPT,
        ..SimilarRequest::default()
    };
    let offset = request.offset;
    let response = app.run(move |engine| engine.similar(&request)).await?;
    let mut page = form(address);
    fill(&mut page, offset, &response);
    respond(&page)
}

fn form(address: Address) -> Page {
    let heading = address.language.pick("相近表述", "Similar wordings");
    let frame = Frame::new(address, View::Similar, SIMILAR, heading);
    let mut page = Page::new(frame, heading);
    page.is_similar = true;
    page
}

fn fill(page: &mut Page, offset: usize, response: &SimilarResponse) {
    let address = &page.frame.address;
    let language = address.language;
    let total = &response.total;
    let (passages, reports) = (grouped(total.passages), grouped(total.reports));
    let took = format!("{:.0}", response.took_ms.ceil());
    page.totals = say!(
        language,
        "共 {passages} 段，{reports} 份报告，{took} 毫秒",
        "{passages} passages in {reports} reports, {took} ms"
    );
    if let Some(first) = response.years.first() {
        let year = first.year;
        page.totals += &say!(language, "；最早见于 {year} 年", "; first seen in {year}");
    }
    page.origin = origin(address, response.passage.as_ref());
    let note = |note: &crate::model::Note| clean(language.pick(&note.zh, &note.en));
    page.notes = response.notes.iter().map(note).collect();
    if total.passages == 0 {
        let advice = language.pick(
            "没有找到相近的说法。可以缩短文字，或去掉筛选",
            "nothing like it was found; try a shorter text or fewer filters",
        );
        page.notes.push(advice.to_owned());
    }
    let counts = response
        .years
        .iter()
        .map(|found| (found.year, found.passages));
    page.years = Some(Histogram::of_reports(address, counts.collect(), SIMILAR));
    let items = response.hits.iter();
    page.items = items.map(|hit| Item::of_similar(address, hit)).collect();
    page.first = offset + 1;
    page.span = format!("{}–{} / {passages}", offset + 1, offset + page.items.len());
    let turn = |number: usize| {
        let mut address = address.clone();
        address.params.page = number;
        address.link(SIMILAR)
    };
    let number = address.params.page;
    let (previous, next) = (turn(number.max(2) - 1), turn(number + 1));
    if number > 1 {
        page.previous = previous;
    }
    if ((offset + page.items.len()) as u64) < total.passages && !page.items.is_empty() {
        page.next = next;
    }
}

/// Shows the near copies of a passage and in what they differ.
pub(super) async fn copies(
    State(app): State<App>,
    Path(id): Path<String>,
    address: Address,
) -> Result<Response, Fault> {
    let wanted = id.clone();
    let found = app.run(move |engine| {
        let Some((passages, at)) = engine.passage(&wanted, 0)? else {
            return Ok(None);
        };
        let passage = passages.into_iter().nth(at);
        let copies = engine.copies(&wanted, COPIES)?;
        Ok(passage.map(|passage| (passage, copies)))
    });
    let (passage, copies) = found.await?.ok_or_else(|| unknown(&id))?;
    respond(&copies_page(address, &passage, &copies))
}

fn copies_page(address: Address, passage: &PassageRecord, copies: &NearCopies) -> Page {
    let language = address.language;
    let heading = language.pick("相近表述", "Nearly the same wording");
    let path = format!("/copies/{}", passage.id);
    let listed = copies.listed.iter();
    let items: Vec<Item> = listed
        .map(|copy| Item::of_copy(&address, &passage.text, copy))
        .collect();
    let count = grouped(copies.count);
    let origin = origin(&address, Some(passage));
    let mut page = Page::new(Frame::new(address, View::Other, &path, heading), heading);
    page.origin = origin;
    page.totals = say!(
        language,
        "{count} 处；绿色为所列段落的写法，划线为上面这段的写法",
        "{count} of them; green is what they say, struck out what the passage above says"
    );
    page.left_out = left_out(copies.count, items.len(), language);
    page.items = items;
    page
}

fn origin(address: &Address, passage: Option<&PassageRecord>) -> Option<Item> {
    passage.map(|passage| Item::new(address, passage))
}
