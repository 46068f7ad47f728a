//! `eval`: judged queries over the index, measured as the field's tools measure.

use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::Context;
use rayon::prelude::*;
use serde::Serialize;
use zhengsou::eval::{Judged, Measures, Ranked, Topic, measure, run_lines};
use zhengsou::model::{Language, SearchRequest};
use zhengsou::present::table::{Align, Table};
use zhengsou::present::{Ink, Look, grouped, json};
use zhengsou::{Engine, Error, say};

use super::{ExitStatus, Outcome};
use crate::args::{EvalArgs, ViewFormat};
use crate::output::{self, message};
use crate::settings::Settings;

/// Name of our runs.
const TAG: &str = "zhengsou";

/// A query with its figures.
#[derive(Debug, Serialize)]
struct Row {
    id: String,
    query: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<String>,
    #[serde(flatten)]
    measures: Measures,
    /// Rank of the first answer (1-based); `None` if none was found.
    first_answer: Option<usize>,
    /// What was found first.
    first_found: Option<String>,
    /// Why the query could not be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct Group {
    class: String,
    queries: usize,
    #[serde(flatten)]
    measures: Measures,
}

#[derive(Debug, Serialize)]
struct Figures {
    queries: usize,
    unjudged: usize,
    mean: Measures,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    classes: Vec<Group>,
    per_query: Vec<Row>,
}

/// Asks every judged query and writes the figures.
pub(super) fn run(args: &EvalArgs, settings: &Settings) -> Outcome {
    let judged = Judged::read(&read(&args.queries)?, &read(&args.qrels)?)
        .map_err(|error| error.with_path(&args.qrels))?;
    let engine = settings.engine()?;
    let topics = judged.topics.par_iter();
    let answers: Vec<_> = topics
        .map(|topic| (topic, found(topic, &judged, args, &engine)))
        .collect();
    if let Some(path) = &args.run {
        let ranked = answers.iter().filter_map(|(topic, found)| {
            let found = found.as_ref().ok()?;
            Some(run_lines(topic, found, TAG))
        });
        std::fs::write(path, ranked.collect::<String>()).map_err(|cause| Error::io(path, cause))?;
    }
    let language = settings.language;
    let rows: Vec<Row> = answers
        .into_iter()
        .map(|(topic, found)| row(topic, &found, &judged, language))
        .collect();
    let failed = rows.iter().filter(|row| row.error.is_some()).count();
    let figures = Figures {
        queries: rows.len(),
        unjudged: judged.unjudged,
        mean: Measures::mean(rows.iter().map(|row| &row.measures)),
        classes: classes(&rows),
        per_query: rows,
    };
    let mut out = output::stdout();
    match args.format {
        ViewFormat::Text => text(&mut out, &figures, args.losses, &settings.look())?,
        ViewFormat::Json => json::document(&mut out, &figures, std::io::stdout().is_terminal())?,
    }
    out.flush()?;
    if failed == 0 {
        return Ok(ExitStatus::Done);
    }
    let failed = grouped(failed as u64);
    message(&say!(
        language,
        "{failed} 个查询无法执行，按没有结果计",
        "queries that could not be asked, counted as without an answer: {failed}"
    ));
    Ok(ExitStatus::Partly)
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path)
        .map_err(|cause| Error::io(path, cause))
        .context("eval")
}

/// Returns the first `depth` documents for a query.
fn found(
    topic: &Topic,
    judged: &Judged,
    args: &EvalArgs,
    engine: &Engine,
) -> zhengsou::Result<Ranked> {
    let by_passage = judged.by_passage();
    let request = SearchRequest {
        query: topic.text.clone(),
        mode: args.mode.into(),
        any: args.any,
        // Copies are judged one by one; so that passages of one line do not leave too few, more
        // are asked for.
        fold: false,
        group_by_report: !by_passage,
        limit: args.depth.saturating_mul(if by_passage { 2 } else { 1 }),
        ..SearchRequest::default()
    };
    let mut names = HashSet::new();
    let mut ranked = Ranked::new();
    engine.ranked(&request, &mut |passage, score| {
        let name = judged.name(passage);
        if names.insert(name.clone()) {
            ranked.push((name, score));
        }
        ranked.len() < args.depth
    })?;
    Ok(ranked)
}

fn row(
    topic: &Topic,
    found: &zhengsou::Result<Ranked>,
    judged: &Judged,
    language: Language,
) -> Row {
    let names: Vec<&str> = match found {
        Ok(found) => found.iter().map(|(name, _)| name.as_str()).collect(),
        Err(_) => Vec::new(),
    };
    let grades = judged.grades(topic);
    let answers = |name: &&str| grades.get(*name).is_some_and(|grade| *grade > 0);
    Row {
        id: topic.id.clone(),
        query: topic.text.clone(),
        class: topic.class.clone(),
        measures: measure(&names, grades),
        first_answer: names.iter().position(answers).map(|place| place + 1),
        first_found: names.first().map(|name| (*name).to_owned()),
        error: found
            .as_ref()
            .err()
            .map(|error| error.message(language).to_owned()),
    }
}

/// Returns the means by kind of query, in the order in which the kinds first stand in the file.
fn classes(rows: &[Row]) -> Vec<Group> {
    let mut names: Vec<&String> = Vec::new();
    for name in rows.iter().filter_map(|row| row.class.as_ref()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let group = |name: &String| {
        let of = |row: &&Row| row.class.as_ref() == Some(name);
        Group {
            class: name.clone(),
            queries: rows.iter().filter(of).count(),
            measures: Measures::mean(rows.iter().filter(of).map(|row| &row.measures)),
        }
    };
    names.into_iter().map(group).collect()
}

fn text(out: &mut dyn Write, figures: &Figures, losses: usize, look: &Look) -> std::io::Result<()> {
    let language = look.language;
    let cells = |measures: &Measures| {
        let figures = [
            measures.ndcg_10,
            measures.mrr_10,
            measures.success_1,
            measures.recall_10,
            measures.recall_100,
        ];
        figures.map(|figure| format!("{figure:.4}"))
    };
    let mut align = vec![Align::Left];
    align.extend([Align::Right; 6]);
    let mut table = Table::new(&align).with_head([
        "",
        language.pick("查询", "queries"),
        "nDCG@10",
        "MRR@10",
        "success@1",
        "recall@10",
        "recall@100",
    ]);
    let mut add = |name: &str, queries: usize, measures: &Measures| {
        let first = [name.to_owned(), grouped(queries as u64)];
        table.row(first.into_iter().chain(cells(measures)));
    };
    for group in &figures.classes {
        add(&group.class, group.queries, &group.measures);
    }
    add(language.pick("全部", "all"), figures.queries, &figures.mean);
    table.write(out, look)?;
    if figures.unjudged > 0 {
        let unjudged = grouped(figures.unjudged as u64);
        let line = say!(
            language,
            "另有 {unjudged} 个查询没有评判，未计入",
            "queries without a judgement, left out: {unjudged}"
        );
        writeln!(out, "{}", look.paint(Ink::Faint, &line))?;
    }
    let mut lost: Vec<&Row> = figures.per_query.iter().collect();
    lost.retain(|row| row.measures.ndcg_10 < 1.0);
    lost.sort_by(|a, b| a.measures.ndcg_10.total_cmp(&b.measures.ndcg_10));
    if lost.is_empty() || losses == 0 {
        return Ok(());
    }
    let title = say!(
        language,
        "失分的查询（{} 个中最差的 {} 个）",
        "queries that lose (the worst of {}: {})",
        lost.len(),
        losses.min(lost.len()),
    );
    writeln!(out, "\n{}", look.paint(Ink::Strong, &title))?;
    let align = [
        Align::Right,
        Align::Right,
        Align::Left,
        Align::Left,
        Align::Left,
    ];
    let mut table = Table::new(&align).with_head([
        "nDCG@10",
        language.pick("首个答案", "first answer"),
        language.pick("编号", "id"),
        language.pick("查询", "query"),
        language.pick("排在最前", "found first"),
    ]);
    for row in lost.into_iter().take(losses) {
        let place = row
            .first_answer
            .map_or("-".to_owned(), |place| place.to_string());
        let first = row.error.as_ref().or(row.first_found.as_ref());
        table.row([
            format!("{:.4}", row.measures.ndcg_10),
            place,
            row.id.clone(),
            row.query.clone(),
            first.map_or("-", String::as_str).to_owned(),
        ]);
    }
    table.write(out, look)
}
