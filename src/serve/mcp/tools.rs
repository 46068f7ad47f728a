//! The tools: name, description, arguments, and what each asks of the engine.

use std::fmt::Write;
use std::sync::Arc;

use rmcp::handler::server::common::schema_for_type;
use rmcp::model::JsonObject;
use serde_json::{Value, json};

use super::arguments::{
    CheckQuote, CountTerms, ListFacetValues, ReadPassage, ReadReportOutline, SearchPassages,
    bounded, facet, filters, read,
};
use super::quote::{self, Verdict};
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Axis, CountRequest, FacetField, PassageRecord, SearchRequest, Sort};
use crate::present::{citation, report};
use crate::typed;

/// What a tool answers: for reading, and as data.
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) data: Value,
}

/// A tool.
pub(super) struct ToolKind {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) schema: fn() -> Arc<JsonObject>,
    pub(super) call: fn(&Engine, JsonObject) -> Result<Answer>,
}

/// Every tool.
pub(super) const TOOLS: &[ToolKind] = &[
    ToolKind {
        name: "search_passages",
        title: "检索段落",
        description: "Finds passages of Chinese government work reports, the best first, each with \
            its id, citation and an excerpt. Query with Chinese words as reports use them.",
        schema: schema_for_type::<SearchPassages>,
        call: search_passages,
    },
    ToolKind {
        name: "count_terms",
        title: "词语计数",
        description: "Counts how often terms occur: occurrences, passages, reports, and rates per \
            10,000 characters; by year, region, agency or another facet if wanted.",
        schema: schema_for_type::<CountTerms>,
        call: count_terms,
    },
    ToolKind {
        name: "read_passage",
        title: "阅读段落",
        description: "Reads a passage in full, with its neighbours in the report and its citation.",
        schema: schema_for_type::<ReadPassage>,
        call: read_passage,
    },
    ToolKind {
        name: "read_report_outline",
        title: "报告提纲",
        description: "Reads the headings of a report, each with the id of its first passage.",
        schema: schema_for_type::<ReadReportOutline>,
        call: read_report_outline,
    },
    ToolKind {
        name: "list_facet_values",
        title: "列出取值",
        description: "Lists agencies, regions, years, kinds of sections and the like, as filters \
            take them, with their numbers of passages.",
        schema: schema_for_type::<ListFacetValues>,
        call: list_facet_values,
    },
    ToolKind {
        name: "check_quote",
        title: "核对引文",
        description: "Checks a quotation character for character against the stored texts: exact, \
            differs_in_form, differs (with what stands there) or not_found. Use it before quoting.",
        schema: schema_for_type::<CheckQuote>,
        call: check_quote,
    },
];

fn search_passages(engine: &Engine, arguments: JsonObject) -> Result<Answer> {
    let asked: SearchPassages = read(arguments, &schema_for_type::<SearchPassages>())?;
    let sort = match asked.sort.as_deref().unwrap_or("relevance") {
        "relevance" => Sort::Relevance,
        "year" => Sort::YearAscending,
        "-year" => Sort::YearDescending,
        other => {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("参数 sort 不能是“{other}”"),
                format!("the argument sort cannot be '{other}'"),
            )
            .with_hint(
                "请发送 relevance、year 或 -year",
                "send relevance, year or -year",
            ));
        }
    };
    let request = SearchRequest {
        query: asked.query,
        filters: filters([
            (FacetField::Agency, &asked.agency),
            (FacetField::Region, &asked.region),
            (FacetField::Level, &asked.level),
            (FacetField::Year, &asked.year),
            (FacetField::ReportYear, &asked.report_year),
            (FacetField::Section, &asked.section_kind),
        ])?,
        sort,
        limit: bounded("limit", asked.limit.unwrap_or(10), 1, 50)?,
        offset: bounded("offset", asked.offset.unwrap_or(0), 0, 10_000)?,
        snippet_chars: 200,
        ..SearchRequest::default()
    };
    let found = engine.search(&request)?;
    let total = found.total;
    let mut text = format!(
        "{}: {} passages in {} reports\n",
        found.understood, total.passages, total.reports
    );
    for note in &found.notes {
        let _ = writeln!(text, "note: {}", note.en);
    }
    for (number, hit) in (request.offset + 1..).zip(&found.hits) {
        let (cited, id) = (citation::line(&hit.passage), &hit.passage.id);
        let _ = write!(text, "\n{number}. {}\n   {cited} [id {id}]\n", hit.snippet);
    }
    let hits = found.hits.iter().map(|hit| {
        let mut one = cited(&hit.passage);
        one["excerpt"] = json!(hit.snippet);
        one["near_copies"] = json!(hit.dup_count);
        one
    });
    let data = json!({
        "understood": found.understood,
        "total": total,
        "notes": found.notes,
        "hits": hits.collect::<Vec<_>>(),
    });
    Ok(Answer { text, data })
}

fn count_terms(engine: &Engine, arguments: JsonObject) -> Result<Answer> {
    let asked: CountTerms = read(arguments, &schema_for_type::<CountTerms>())?;
    let terms = asked.terms.split([',', '，', '、']).map(str::trim);
    let terms = terms.filter(|term| !term.is_empty()).map(typed::concept);
    let by = match asked.by.as_deref().map(str::trim) {
        None | Some("") => Vec::new(),
        Some(name) => vec![match Axis::parse(name) {
            Some(axis) => axis,
            None => Axis::of(facet(name)?),
        }],
    };
    let request = CountRequest {
        terms: terms.collect::<Result<_>>()?,
        by,
        filters: filters([
            (FacetField::Agency, &asked.agency),
            (FacetField::Region, &asked.region),
            (FacetField::Level, &asked.level),
            (FacetField::Year, &asked.year),
            (FacetField::ReportYear, &asked.report_year),
            (FacetField::Section, &asked.section_kind),
        ])?,
        ..CountRequest::default()
    };
    let found = engine.count(&request)?;
    let stamp = &found.stamp;
    let citation = format!(
        "{}, {}, {} passages, content {}",
        stamp.program, stamp.date, stamp.index.passages, stamp.content
    );
    let mut text = format!("counted by {citation}\n");
    for term in &found.terms {
        let total = &term.total;
        let _ = writeln!(
            text,
            "{}: {} times in {} passages of {} reports",
            term.term.name, total.occurrences, total.passages, total.reports
        );
        for (slice, count) in found.slices.iter().zip(&term.counts) {
            let value = slice.values.first().and_then(Option::as_deref);
            let times = count.map_or("no text".to_owned(), |count| count.occurrences.to_string());
            let _ = writeln!(text, "  {}: {times}", value.unwrap_or("-"));
        }
    }
    let mut data = serde_json::to_value(&found).unwrap_or_default();
    data["citation"] = json!(citation);
    Ok(Answer { text, data })
}

fn read_passage(engine: &Engine, arguments: JsonObject) -> Result<Answer> {
    let asked: ReadPassage = read(arguments, &schema_for_type::<ReadPassage>())?;
    let around = bounded("around", asked.around.unwrap_or(1), 0, 20)?;
    let id = asked.id.trim().to_ascii_lowercase();
    let found = engine.passage(&id, around)?;
    let (passages, position) = found.ok_or_else(|| unknown(&asked.id))?;
    let mut text = String::new();
    for (number, passage) in passages.iter().enumerate() {
        let mark = if number == position { "> " } else { "  " };
        let _ = writeln!(text, "{mark}{}\n", passage.text);
    }
    if let Some(passage) = passages.get(position) {
        text += &citation::line(passage);
    }
    let passages: Vec<Value> = passages
        .iter()
        .map(|passage| {
            let mut one = cited(passage);
            one["text"] = json!(passage.text);
            one
        })
        .collect();
    let data = json!({ "position": position, "passages": passages });
    Ok(Answer { text, data })
}

fn read_report_outline(engine: &Engine, arguments: JsonObject) -> Result<Answer> {
    let asked: ReadReportOutline = read(arguments, &schema_for_type::<ReadReportOutline>())?;
    let id = asked.id.trim().to_ascii_lowercase();
    let mut passages = engine.report(&id)?;
    if passages.is_empty()
        && let Some((found, at)) = engine.passage(&id, 0)?
        && let Some(passage) = found.get(at)
    {
        passages = engine.report(&passage.report_id)?;
    }
    let first = passages.first().ok_or_else(|| unknown(&asked.id))?;
    let outline = report::outline(&passages);
    let mut text = format!("{}\n", citation::line(first));
    for entry in &outline {
        let heading = &entry.heading;
        let indent = "  ".repeat(usize::from(heading.depth));
        let (number, title, first) = (&heading.number, &heading.text, &entry.first);
        let _ = writeln!(text, "{indent}{number}{title} [first passage {first}]");
    }
    let mut data = cited(first);
    data["passages"] = json!(passages.len());
    data["outline"] = json!(outline);
    Ok(Answer { text, data })
}

fn list_facet_values(engine: &Engine, arguments: JsonObject) -> Result<Answer> {
    let asked: ListFacetValues = read(arguments, &schema_for_type::<ListFacetValues>())?;
    let field = facet(&asked.facet)?;
    let find = asked.find.as_deref().unwrap_or("").trim().to_owned();
    let request = SearchRequest {
        query: asked.query.unwrap_or_default(),
        facets: vec![field],
        facet_limit: bounded("limit", asked.limit.unwrap_or(30), 1, 1000)?,
        facet_find: [(field, find)]
            .into_iter()
            .filter(|(_, find)| !find.is_empty())
            .collect(),
        limit: 0,
        ..SearchRequest::default()
    };
    let mut found = engine.search(&request)?;
    let values = found.facets.remove(&field).unwrap_or_default();
    let all = found.facet_values.get(&field).copied();
    let all = all.unwrap_or(values.len() as u64);
    let mut text = format!("{field}: {all} values\n");
    for value in &values {
        let _ = writeln!(text, "{} ({} passages)", value.value, value.count);
    }
    for note in &found.notes {
        let _ = writeln!(text, "note: {}", note.en);
    }
    let index = engine.stamp();
    let data = json!({
        "facet": field,
        "values": values,
        "all": all,
        "notes": found.notes,
        "citation": format!("zhengsou index {}, {} passages", index.fingerprint, index.passages),
    });
    Ok(Answer { text, data })
}

fn check_quote(engine: &Engine, arguments: JsonObject) -> Result<Answer> {
    let asked: CheckQuote = read(arguments, &schema_for_type::<CheckQuote>())?;
    let checked = quote::check(engine, &asked.quote, asked.id.as_deref())?;
    let mut text = match checked.verdict {
        Verdict::Exact => "exact: it stands there character for character\n",
        Verdict::DiffersInForm => {
            "differs in form (blanks, width, case, traditional characters or redactions); quote it as stored\n"
        }
        Verdict::Differs => "differs: this is what stands there; do not quote it as it is\n",
        Verdict::NotFound => "not found: do not give it as a quotation\n",
    }
    .to_owned();
    for place in &checked.places {
        let (stored, cited, id) = (&place.stored, &place.citation, &place.id);
        let _ = writeln!(text, "「{stored}」 {cited} [id {id}]");
        for [quoted, stored] in &place.changes {
            let _ = writeln!(text, "  quoted 「{quoted}」, stored 「{stored}」");
        }
    }
    let data = serde_json::to_value(&checked).unwrap_or_default();
    Ok(Answer { text, data })
}

/// Returns what a passage is known and cited by.
fn cited(passage: &PassageRecord) -> Value {
    json!({
        "id": passage.id,
        "citation": citation::line(passage),
        "report_id": passage.report_id,
        "report_title": passage.report_title,
        "agency": passage.agency,
        "region": passage.region,
        "report_year": passage.report_year,
        "section_path": passage.section_path,
        "source": passage.source,
        "line": passage.line,
    })
}

fn unknown(id: &str) -> Error {
    Error::new(
        ErrorKind::NotFound,
        format!("索引里没有编号为“{id}”的段落或报告"),
        format!("the index holds no passage or report with the id '{id}'"),
    )
    .with_hint(
        "请发送 search_passages 给出的 id 或 report_id（16 位十六进制数）",
        "send an id or report_id from search_passages (16 hexadecimal digits)",
    )
}
