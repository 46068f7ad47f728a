//! A [`FormulasResponse`] → a table of strings, each with the first passage that holds it.

use super::{citation, grouped};
use crate::model::{Cell, Column, ColumnKind, DataTable, FormulasResponse, Note};

/// Makes the table.
pub fn table(response: &FormulasResponse) -> DataTable {
    let count = |name, zh, en| Column::new(name, zh, en, ColumnKind::Integer);
    let mut columns = vec![
        Column::new("formula", "套话", "formula", ColumnKind::Text),
        count("length", "字数", "length"),
        count("count", "次数", "count"),
        count("reports", "报告", "reports"),
        Column::new("coverage", "占比（万分）", "per 10k", ColumnKind::Number(2)),
        Column::new("c_value", "C值", "C-value", ColumnKind::Number(1)),
    ];
    columns.extend(citation::columns().into_iter().map(|column| {
        // The first use is shown by its year and its id.
        match column.name.as_str() {
            "report_year" => Column::new("report_year", "首见", "first", ColumnKind::Year),
            "id" => column,
            _ => column.files_only(),
        }
    }));
    let rows = response.formulas.iter().map(|line| {
        let mut cells = vec![
            Cell::from(&line.formula),
            Cell::from(line.length),
            Cell::from(line.count),
            Cell::from(line.reports),
            Cell::from(line.coverage),
            Cell::from(line.c_value),
        ];
        cells.extend(citation::cells(&line.passage));
        cells
    });
    DataTable {
        stamp: response.stamp.clone(),
        notes: notes(response),
        columns,
        rows: rows.collect(),
    }
}

fn notes(response: &FormulasResponse) -> Vec<Note> {
    let corpus = &response.corpus;
    let [reports, passages, characters, found, shown, longer] = [
        corpus.reports,
        corpus.passages,
        corpus.characters,
        response.found,
        response.formulas.len() as u64,
        response.longer,
    ]
    .map(grouped);
    let mut notes = vec![Note::new(
        format!(
            "{reports} 份报告、{passages} 段、{characters} 字；套话 {found} 条，列出 {shown} 条"
        ),
        format!(
            "{reports} reports, {passages} passages, {characters} characters; formulas {found}, shown {shown}"
        ),
    )];
    if response.longer > 0 {
        notes.push(Note::new(
            format!("另有 {longer} 条超过字数上限，未列出；用 --length 放宽"),
            format!("{longer} more are longer than the longest sought; widen --length"),
        ));
    }
    notes.extend(response.notes.iter().cloned());
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FormulaLine, Slice};
    use crate::present::{Look, data, samples};

    #[test]
    fn a_table() {
        let response = FormulasResponse {
            stamp: samples::stamp(),
            notes: Vec::new(),
            corpus: Slice {
                passages: 900,
                reports: 31,
                characters: 210_000,
                ..Slice::default()
            },
            found: 1,
            longer: 2,
            formulas: vec![FormulaLine {
                formula: "习近平新时代中国特色社会主义思想".to_owned(),
                length: 16,
                count: 31,
                reports: 30,
                coverage: 23.62,
                c_value: 124.0,
                passage: samples::passage(),
            }],
        };
        let table = table(&response);
        assert!(
            table
                .rows
                .iter()
                .all(|row| row.len() == table.columns.len())
        );
        let mut out = Vec::new();
        data::text(&mut out, &table, &Look::default()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let (_, shown) = text.split_once("说明：").unwrap();
        insta::assert_snapshot!(shown, @r"
        31 份报告、900 段、210,000 字；套话 1 条，列出 1 条
        说明：另有 2 条超过字数上限，未列出；用 --length 放宽

        套话                              字数  次数  报告  占比（万分）    C值  段落编号          首见
        习近平新时代中国特色社会主义思想    16    31    30         23.62  124.0  00000000000000a1  2023
        ");
    }
}
