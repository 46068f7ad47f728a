//! A [`FollowUpResponse`] → text for reading, or a table with citations of plan and answer.

use std::io::{Result, Write};

use super::layout::{clean, painted_block};
use super::search::{place, tags};
use super::{Ink, Look, data, grouped};
use crate::model::{
    Answered, Cell, Column, ColumnKind, DataTable, FollowUpResponse, FollowedPlan, Language, Note,
    PassageRecord,
};
use crate::say;

/// Blanks before everything that belongs to a plan.
const INDENT: usize = 4;

/// Makes the table: whether a plan was answered, then the plan and what is most like it.
pub fn table(response: &FollowUpResponse, language: Language) -> DataTable {
    let mut columns = vec![
        Column::new("answered", "回应", "answered", ColumnKind::Text),
        Column::new("similarity", "相似", "similarity", ColumnKind::Number(2)),
        Column::new("sentences", "句数", "sentences", ColumnKind::Integer),
        Column::new(
            "answered_sentences",
            "有回应的句数",
            "answered sentences",
            ColumnKind::Integer,
        ),
        Column::new("region", "地区", "region", ColumnKind::Text),
        Column::new("agency", "部门", "agency", ColumnKind::Text),
    ];
    for (name, zh, en) in [("plan", "计划", "plan "), ("answer", "总结", "summary ")] {
        let column = |field: &str, zh_field: &str, en_field: &str, kind| {
            Column::new(
                format!("{name}_{field}"),
                format!("{zh}{zh_field}"),
                format!("{en}{en_field}"),
                kind,
            )
        };
        columns.extend([
            column("sentence", "语句", "sentence", ColumnKind::Text),
            column("id", "段落编号", "passage", ColumnKind::Text),
            column("place", "出处", "place", ColumnKind::Text),
            column("report_title", "报告", "report", ColumnKind::Text),
            column("report_year", "报告年度", "report year", ColumnKind::Year),
            column("section_path", "章节", "section", ColumnKind::Text),
            column("text", "正文", "text", ColumnKind::Text),
        ]);
    }
    let rows = response.plans.iter().map(|plan| {
        let mut cells = vec![
            Cell::from(answered(plan.answered, language)),
            Cell::of(plan.similarity),
            Cell::from(plan.sentences),
            Cell::from(plan.answered_sentences),
            Cell::of(plan.plan.region.as_deref()),
            Cell::of(plan.plan.agency.as_deref()),
        ];
        cells.extend(cited(&plan.plan, plan.plan_sentence));
        match &plan.answer {
            Some(answer) => cells.extend(cited(answer, plan.answer_sentence)),
            None => cells.extend(std::iter::repeat_n(Cell::Missing, 7)),
        }
        cells
    });
    DataTable {
        stamp: response.stamp.clone(),
        notes: notes(response),
        rows: rows.collect(),
        columns,
    }
}

fn cited(passage: &PassageRecord, sentence: [usize; 2]) -> [Cell; 7] {
    let sentence = cut(passage, sentence);
    [
        Cell::of((!sentence.is_empty()).then_some(sentence)),
        Cell::from(&passage.id),
        Cell::from(place(passage)),
        Cell::from(&passage.report_title),
        Cell::of(passage.report_year),
        Cell::from(passage.section_path.join(" › ")),
        Cell::from(&passage.text),
    ]
}

fn cut(passage: &PassageRecord, [start, end]: [usize; 2]) -> String {
    let characters = passage.text.chars().skip(start);
    characters.take(end.saturating_sub(start)).collect()
}

/// Writes the plans for reading, each with the sentence that is most like one of its own.
///
/// # Errors
/// If `out` cannot be written.
pub fn answer(out: &mut dyn Write, response: &FollowUpResponse, look: &Look) -> Result<()> {
    let language = look.language;
    data::head(out, &response.stamp, &notes(response), look)?;
    let mut heading = None;
    for plan in &response.plans {
        if heading != Some(plan.answered) {
            heading = Some(plan.answered);
            let count = match plan.answered {
                Answered::Yes => response.answered,
                Answered::No => response.unanswered,
                Answered::NoSummary => response.without_summary,
            };
            let title = format!("{} {}", answered(plan.answered, language), grouped(count));
            writeln!(out, "\n{}", look.paint(Ink::Strong, &title))?;
        }
        writeln!(out)?;
        followed(out, plan, look)?;
    }
    Ok(())
}

fn followed(out: &mut dyn Write, plan: &FollowedPlan, look: &Look) -> Result<()> {
    let language = look.language;
    let like = match plan.similarity {
        Some(similarity) => {
            let similarity = (similarity * 100.0).floor() / 100.0;
            let (all, some) = (plan.sentences, plan.answered_sentences);
            say!(
                language,
                "相似 {similarity:.2}，{all} 句中 {some} 句有回应",
                "similarity {similarity:.2}, answered {some} of {all} sentences"
            )
        }
        None => language
            .pick("没有可对照的总结", "no summary to look in")
            .to_owned(),
    };
    writeln!(out, "{like}  {}", look.paint(Ink::Faint, &tags(&plan.plan)))?;
    let mut side = |label: &str, passage: &PassageRecord, sentence: [usize; 2]| {
        let text = match plan.answered {
            Answered::Yes => cut(passage, sentence),
            _ => passage.text.clone(),
        };
        let text = format!("{label}{text}");
        out.write_all(painted_block(&text, ink(plan.answered), INDENT, look).as_bytes())?;
        let title = clean(&passage.report_title);
        let cited = format!("{title}  {}  {}", place(passage), passage.id);
        writeln!(
            out,
            "{}{}",
            " ".repeat(INDENT),
            look.paint(Ink::Faint, &cited)
        )
    };
    side(
        language.pick("计划：", "plan: "),
        &plan.plan,
        plan.plan_sentence,
    )?;
    match &plan.answer {
        // What is hardly like it is no answer: the plan stands alone.
        Some(answer) if plan.answered == Answered::Yes => side(
            language.pick("总结：", "summary: "),
            answer,
            plan.answer_sentence,
        ),
        _ => Ok(()),
    }
}

fn ink(answered: Answered) -> Ink {
    match answered {
        Answered::Yes => Ink::Come,
        Answered::No => Ink::Gone,
        Answered::NoSummary => Ink::Faint,
    }
}

fn answered(answered: Answered, language: Language) -> &'static str {
    let en = match answered {
        Answered::Yes => "answered",
        Answered::No => "unanswered",
        Answered::NoSummary => "no summary",
    };
    language.pick(answered.as_str(), en)
}

fn notes(response: &FollowUpResponse) -> Vec<Note> {
    let [answered, unanswered, without, plans, summaries] = [
        response.answered,
        response.unanswered,
        response.without_summary,
        response.plan_reports,
        response.summary_reports,
    ]
    .map(grouped);
    let mut notes = vec![Note::new(
        format!(
            "{plans} 份报告的计划对照 {summaries} 份报告的总结：有回应 {answered} 段，未见回应 {unanswered} 段，无总结可对照 {without} 段"
        ),
        format!(
            "plans of {plans} reports against summaries of {summaries}: answered {answered}, unanswered {unanswered}, without a summary {without}"
        ),
    )];
    notes.push(Note::new(
        "“未见回应”指总结中没有相近的语句，不等于没有落实",
        "unanswered means that no sentence of the summaries is like it, not that nothing was done",
    ));
    notes.extend(response.notes.iter().cloned());
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::samples;

    #[test]
    fn answered_and_not() {
        let plan = |answered, text: &str| {
            let mut passage = samples::passage();
            passage.text = text.to_owned();
            FollowedPlan {
                answered,
                similarity: Some(0.4599),
                sentences: 2,
                answered_sentences: 1,
                plan: passage.clone(),
                plan_sentence: [0, 11],
                answer: Some(passage),
                answer_sentence: [0, 11],
            }
        };
        let without = FollowedPlan {
            similarity: None,
            answer: None,
            ..plan(Answered::NoSummary, "深化改革。")
        };
        let response = FollowUpResponse {
            stamp: samples::stamp(),
            notes: Vec::new(),
            answered: 1,
            unanswered: 1,
            without_summary: 1,
            plan_reports: 2,
            summary_reports: 1,
            plans: vec![
                plan(Answered::Yes, "新建高标准农田一万亩。促进增收。"),
                plan(Answered::No, "新建高标准农田一万亩。促进增收。"),
                without,
            ],
        };
        let mut out = Vec::new();
        answer(&mut out, &response, &Look::default()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let (_, shown) = text.split_once("选项：").unwrap();
        insta::assert_snapshot!(shown, @r"
        by=year
        说明：2 份报告的计划对照 1 份报告的总结：有回应 1 段，未见回应 1 段，无总结可对照 1 段
        说明：“未见回应”指总结中没有相近的语句，不等于没有落实

        有回应 1

        相似 0.45，2 句中 1 句有回应  卫生健康委员会 · 江苏省/南京市 · 2023 · 工作总结 › 党建引领
            计划：新建高标准农田一万亩。
            县卫健委2023年度工作总结和2024年工作计划  samples/seed.txt:27  00000000000000a1
            总结：新建高标准农田一万亩。
            县卫健委2023年度工作总结和2024年工作计划  samples/seed.txt:27  00000000000000a1

        未见回应 1

        相似 0.45，2 句中 1 句有回应  卫生健康委员会 · 江苏省/南京市 · 2023 · 工作总结 › 党建引领
            计划：新建高标准农田一万亩。促进增收。
            县卫健委2023年度工作总结和2024年工作计划  samples/seed.txt:27  00000000000000a1

        无总结 1

        没有可对照的总结  卫生健康委员会 · 江苏省/南京市 · 2023 · 工作总结 › 党建引领
            计划：深化改革。
            县卫健委2023年度工作总结和2024年工作计划  samples/seed.txt:27  00000000000000a1
        ");
        let table = table(&response, Language::En);
        assert!(
            table
                .rows
                .iter()
                .all(|row| row.len() == table.columns.len())
        );
    }
}
