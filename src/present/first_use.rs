//! A [`FirstUseResponse`] → text for reading, or a table with citations.

use std::io::{Result, Write};

use super::layout::{block, clean};
use super::search::{place, tags};
use super::table::{Align, Table};
use super::{Ink, Look, citation, data, grouped};
use crate::model::{
    Axis, Cell, Column, ColumnKind, DataTable, FirstUse, FirstUseResponse, Language, Note,
};
use crate::say;

/// Makes a table: a row for each value of the axis, those without the phrase last; without an axis,
/// one row.
pub fn table(response: &FirstUseResponse) -> DataTable {
    let year = |name, zh, en| Column::new(name, zh, en, ColumnKind::Year);
    let mut columns = match response.by {
        Some(by) => vec![Column::new(
            "value",
            by.label(),
            by.name(),
            ColumnKind::Text,
        )],
        None => Vec::new(),
    };
    columns.extend([
        year("first_year", "首见", "first"),
        year("covered_from", "资料始于", "covered from"),
        year("last_year", "末见", "last"),
        Column::new("reports", "报告", "reports", ColumnKind::Integer),
        Column::new("passages", "段", "passages", ColumnKind::Integer),
        Column::new("snippet", "原文", "text", ColumnKind::Text),
    ]);
    columns.extend(citation::columns());
    let by = response.by.is_some();
    let row = |found: &FirstUse| {
        let mut cells: Vec<Cell> = Vec::with_capacity(columns.len());
        cells.extend(by.then(|| Cell::of(found.value.as_deref())));
        cells.extend([
            Cell::of(found.first_year),
            Cell::of(found.covered_from),
            Cell::of(found.last_year),
            Cell::from(found.reports),
            Cell::from(found.passages),
            Cell::from(&found.snippet),
        ]);
        cells.extend(citation::cells(&found.passage));
        cells
    };
    let mut rows: Vec<Vec<Cell>> = match by {
        true => response.uses.iter().map(row).collect(),
        false => response.first.iter().map(row).collect(),
    };
    for value in &response.without {
        let mut cells = vec![Cell::Missing; columns.len()];
        cells[0] = Cell::from(value);
        (cells[4], cells[5]) = (Cell::from(0_u64), Cell::from(0_u64));
        rows.push(cells);
    }
    DataTable {
        stamp: response.stamp.clone(),
        notes: notes(response),
        columns,
        rows,
    }
}

/// Writes the answer for reading: the very first use with its passage, then a table.
///
/// # Errors
/// If `out` cannot be written.
pub fn answer(out: &mut dyn Write, response: &FirstUseResponse, look: &Look) -> Result<()> {
    let language = look.language;
    data::head(out, &response.stamp, &notes(response), look)?;
    let Some(first) = &response.first else {
        let none = language.pick(
            "没有报告这样说。可以去掉筛选，或换一种说法",
            "no report says so; try fewer filters or other words",
        );
        return writeln!(out, "\n{none}");
    };
    let passage = &first.passage;
    let year = year(first.first_year, language);
    let title = look.paint(Ink::Strong, &clean(&passage.report_title));
    writeln!(
        out,
        "\n{year}  {title}  {}",
        look.paint(Ink::Faint, &tags(passage))
    )?;
    let text = block(&first.snippet, &first.snippet_highlights, 4, look);
    out.write_all(text.as_bytes())?;
    let date = passage.date.as_deref().unwrap_or_default();
    let cited = format!("{}  {}  {date}", place(passage), passage.id);
    writeln!(out, "    {}", look.paint(Ink::Faint, cited.trim_end()))?;
    let [reports, passages] = [first.reports, first.passages].map(grouped);
    let last = self::year(first.last_year, language);
    let spread = say!(
        language,
        "至 {last} 共 {reports} 份报告、{passages} 段",
        "up to {last}: {reports} reports, {passages} passages"
    );
    writeln!(out, "    {spread}")?;
    match response.by {
        Some(by) => by_value(out, response, by, look),
        None => Ok(()),
    }
}

fn by_value(out: &mut dyn Write, response: &FirstUseResponse, by: Axis, look: &Look) -> Result<()> {
    let language = look.language;
    let mut table = Table::new(&[
        Align::Left,
        Align::Right,
        Align::Right,
        Align::Right,
        Align::Left,
        Align::Left,
    ])
    .with_head([
        language.pick(by.label(), by.name()),
        language.pick("首见", "first"),
        language.pick("资料始于", "covered from"),
        language.pick("报告", "reports"),
        language.pick("部门", "agency"),
        language.pick("段落编号", "passage"),
    ]);
    for found in &response.uses {
        let none = || language.pick("（无）", "(none)").to_owned();
        table.row([
            found.value.clone().unwrap_or_else(none),
            marked_year(found, language),
            year(found.covered_from, language),
            grouped(found.reports),
            found.passage.agency.clone().unwrap_or_default(),
            found.passage.id.clone(),
        ]);
    }
    writeln!(out)?;
    table.write(out, look)?;
    if response.uses.iter().any(is_censored) {
        let why = language.pick(
            "≤ 这一年是所存资料的第一年，实际可能更早",
            "≤ the first year of which the index holds a report: it may have been earlier",
        );
        writeln!(out, "{}", look.paint(Ink::Faint, why))?;
    }
    if !response.without.is_empty() {
        let count = response.without.len();
        let names: Vec<String> = response.without.iter().map(|value| clean(value)).collect();
        let names = names.join(language.pick("、", ", "));
        let label = say!(language, "未见（{count}）：", "without it ({count}): ");
        writeln!(out, "{}{names}", look.paint(Ink::Faint, &label))?;
    }
    Ok(())
}

/// Returns whether the first use may not be the first.
fn is_censored(found: &FirstUse) -> bool {
    found.first_year.is_some() && found.first_year == found.covered_from
}

fn marked_year(found: &FirstUse, language: Language) -> String {
    let sign = if is_censored(found) { "≤" } else { "" };
    format!("{sign}{}", year(found.first_year, language))
}

fn year(year: Option<i32>, language: Language) -> String {
    match year {
        Some(year) => year.to_string(),
        None => language.pick("无年", "year?").to_owned(),
    }
}

fn notes(response: &FirstUseResponse) -> Vec<Note> {
    let mut notes = response.notes.clone();
    if let Some(first) = response.first.as_ref().filter(|first| is_censored(first)) {
        let year = first.first_year.unwrap_or_default();
        notes.push(Note::new(
            format!("{year} 年是所选资料的第一年，实际可能更早"),
            format!("{year} is the first year of the reports that the filters keep: it may have been earlier"),
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FacetField;
    use crate::present::samples;

    fn response() -> FirstUseResponse {
        let found = |value: Option<&str>, covered_from| FirstUse {
            value: value.map(str::to_owned),
            first_year: Some(2018),
            covered_from: Some(covered_from),
            last_year: Some(2024),
            reports: 46,
            passages: 1_027,
            snippet: "…脱贫攻坚成果同乡村振兴有效衔接。".to_owned(),
            snippet_highlights: vec![[8, 12]],
            passage: samples::passage(),
        };
        FirstUseResponse {
            stamp: samples::stamp(),
            understood: "乡村振兴".to_owned(),
            notes: Vec::new(),
            by: Some(Axis {
                field: FacetField::Region,
                depth: Some(1),
            }),
            first: Some(found(None, 1954)),
            uses: vec![found(Some("江苏省"), 2003), found(Some("西藏自治区"), 2018)],
            without: vec!["台湾省".to_owned()],
        }
    }

    fn shown(response: &FirstUseResponse) -> String {
        let mut out = Vec::new();
        answer(&mut out, response, &Look::default()).unwrap();
        let text = String::from_utf8(out).unwrap();
        text.split_once("\n\n").unwrap().1.to_owned()
    }

    #[test]
    fn the_first_and_those_of_each_value() {
        insta::assert_snapshot!(shown(&response()), @r"
        2018  县卫健委2023年度工作总结和2024年工作计划  卫生健康委员会 · 江苏省/南京市 · 2023 · 工作总结 › 党建引领
            …脱贫攻坚成果同乡村振兴有效衔接。
            samples/seed.txt:27  00000000000000a1
            至 2024 共 46 份报告、1,027 段

        省份         首见  资料始于  报告  部门            段落编号
        江苏省       2018      2003    46  卫生健康委员会  00000000000000a1
        西藏自治区  ≤2018      2018    46  卫生健康委员会  00000000000000a1
        ≤ 这一年是所存资料的第一年，实际可能更早
        未见（1）：台湾省
        ");
        let table = table(&response());
        assert!(
            table
                .rows
                .iter()
                .all(|row| row.len() == table.columns.len())
        );
        assert_eq!(table.rows.len(), 3);
    }

    #[test]
    fn nowhere() {
        let response = FirstUseResponse {
            first: None,
            uses: Vec::new(),
            ..response()
        };
        assert!(shown(&response).starts_with("没有报告这样说"));
    }
}
