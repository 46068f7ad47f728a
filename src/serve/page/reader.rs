//! `/report/…`: a whole report with its outline and what the query marks in it.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};

use super::address::Address;
use super::frame::{Frame, View};
use super::hits::{reading, similar_to};
use super::pieces::{Piece, marked};
use super::{respond, search, words};
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{FacetField, Filter, Hit, Language, PassageRecord, Role, SearchRequest};
use crate::present::grouped;
use crate::present::layout::clean;
use crate::present::report::outline;
use crate::say;
use crate::serve::App;
use crate::serve::fault::Fault;

#[derive(Template)]
#[template(path = "reader.html")]
struct Page {
    frame: Frame,
    title: String,
    tags: Vec<String>,
    source: String,
    outline: Vec<Entry>,
    paragraphs: Vec<Paragraph>,
    /// Stretches that are marked.
    marks: usize,
    /// How many passages match.
    found: String,
    /// Why the query marks nothing.
    fault: String,
    back: String,
    carried: Vec<(String, String)>,
}

/// A heading in the outline.
struct Entry {
    depth: u8,
    name: String,
    /// Id of the first passage under it.
    id: String,
    /// Marked stretches under it.
    found: usize,
}

struct Paragraph {
    id: String,
    headings: Vec<Title>,
    class: &'static str,
    pieces: Vec<Piece>,
    citation: String,
    similar_link: String,
}

struct Title {
    depth: u8,
    text: String,
}

/// What a report's passages are and which of them match.
struct Found {
    passages: Vec<PassageRecord>,
    hits: Result<HashMap<String, Hit>>,
}

/// Shows a report.
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    address: Address,
) -> std::result::Result<Response, Fault> {
    let asked = address.clone();
    let wanted = id.clone();
    let found = app.run(move |engine| find(engine, &wanted, &asked)).await?;
    respond(&page(address, &id, &found))
}

/// Leads from a passage's id to its place in its report.
pub(super) async fn passage(
    State(app): State<App>,
    Path(id): Path<String>,
    address: Address,
) -> std::result::Result<Redirect, Fault> {
    let wanted = id.clone();
    let found = app.run(move |engine| engine.passage(&wanted, 0)).await?;
    let passage = found.and_then(|(passages, at)| passages.into_iter().nth(at));
    let passage = passage.ok_or_else(|| unknown(&id))?;
    Ok(Redirect::to(&reading(&address, &passage)))
}

/// Returns the error for an id that names nothing.
pub(super) fn unknown(id: &str) -> Error {
    let id = clean(&id.chars().take(40).collect::<String>());
    Error::new(
        ErrorKind::NotFound,
        format!("索引里没有编号为“{id}”的段落或报告"),
        format!("the index holds no passage or report with the id '{id}'"),
    )
    .with_hint(
        "索引更新后编号可能已变，请重新检索",
        "ids may have changed with the index; search again",
    )
}

fn find(engine: &Engine, id: &str, address: &Address) -> Result<Found> {
    let passages = engine.report(id)?;
    let Some(first) = passages.first() else {
        return Err(unknown(id));
    };
    let hits = match address.params.q.trim() {
        "" => Ok(HashMap::new()),
        _ => hits(engine, first, passages.len(), address),
    };
    Ok(Found { passages, hits })
}

/// Returns the passages of a report's file that match, by id.
fn hits(
    engine: &Engine,
    first: &PassageRecord,
    passages: usize,
    address: &Address,
) -> Result<HashMap<String, Hit>> {
    let request = SearchRequest {
        query: address.params.q.clone(),
        mode: address.params.mode,
        any: address.params.any,
        filters: vec![Filter {
            field: FacetField::Source,
            value: first.source.clone(),
            negated: false,
        }],
        fold: false,
        per_report: 0,
        limit: passages,
        snippet_chars: 0,
        ..SearchRequest::default()
    };
    let response = engine.search(&request)?;
    let hits = response.hits.into_iter();
    Ok(hits.map(|hit| (hit.passage.id.clone(), hit)).collect())
}

fn page(address: Address, id: &str, found: &Found) -> Page {
    let language = address.language;
    let none = HashMap::new();
    let hits = found.hits.as_ref().unwrap_or(&none);
    let passages = &found.passages;
    let paragraphs: Vec<Paragraph> = passages
        .iter()
        .map(|passage| paragraph(&address, passage, hits.get(&passage.id)))
        .collect();
    let marks = |paragraph: &Paragraph| paragraph.pieces.iter().filter(|p| p.is_mark()).count();
    let entries = outline(passages).into_iter().map(|entry| {
        let start = passages
            .iter()
            .position(|passage| passage.id == entry.first);
        let start = start.unwrap_or(0);
        let under = paragraphs.iter().skip(start).take(entry.passages);
        Entry {
            depth: entry.heading.depth.clamp(1, 4),
            name: clean(&format!("{}{}", entry.heading.number, entry.heading.text)),
            id: entry.first,
            found: under.map(marks).sum(),
        }
    });
    let first = passages.first();
    let title = first.map_or("", |first| first.report_title.as_str());
    let title = words::title(title, language);
    let all = paragraphs.iter().map(marks).sum();
    let matching = paragraphs.iter().filter(|paragraph| marks(paragraph) > 0);
    let path = format!("/report/{id}");
    Page {
        tags: first
            .map(|first| tags(first, passages.len(), language))
            .unwrap_or_default(),
        source: first.map(words::place).unwrap_or_default(),
        outline: entries.collect(),
        marks: all,
        found: match address.params.q.trim() {
            "" => String::new(),
            _ => {
                let passages = matching.count();
                say!(
                    language,
                    "{passages} 段，{all} 处",
                    "{all} matches in {passages} passages"
                )
            }
        },
        fault: match &found.hits {
            Ok(_) => String::new(),
            Err(error) => error.message(language).to_owned(),
        },
        back: match address.is_plain() {
            true => String::new(),
            false => address.link(search::PATH),
        },
        carried: address.carried(&["q"]),
        paragraphs,
        frame: Frame::new(address, View::Other, &path, &title),
        title,
    }
}

fn paragraph(address: &Address, passage: &PassageRecord, hit: Option<&Hit>) -> Paragraph {
    let pieces = match hit {
        Some(hit) => marked(&passage.text, &hit.highlights, &hit.highlight_kinds),
        None => marked(&passage.text, &[], &[]),
    };
    let headings = passage.opens.iter().filter(|heading| heading.level > 0);
    Paragraph {
        id: passage.id.clone(),
        headings: headings
            .map(|heading| Title {
                depth: heading.depth,
                text: clean(&format!("{}{}", heading.number, heading.text)),
            })
            .collect(),
        class: match Role::parse(&passage.role) {
            Some(Role::Byline) => "centre",
            Some(Role::Salutation) => "left",
            Some(Role::Signature | Role::Date) => "right",
            Some(Role::Note) => "note",
            Some(Role::Body) | None => "",
        },
        pieces,
        citation: words::citation(passage),
        similar_link: similar_to(address, &passage.id),
    }
}

fn tags(passage: &PassageRecord, passages: usize, language: Language) -> Vec<String> {
    let count = grouped(passages as u64);
    let year = passage.report_year.map(|year| year.to_string());
    let tags = [
        Some(words::value(
            FacetField::ReportKind,
            &passage.report_kind,
            language,
        )),
        passage.agency.clone(),
        passage.region.clone(),
        passage.date.clone().or(year),
        Some(say!(language, "{count} 段", "{count} passages")),
    ];
    tags.into_iter().flatten().map(|tag| clean(&tag)).collect()
}
