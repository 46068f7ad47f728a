//! A [`CollocatesResponse`] → a table of words.

use super::grouped;
use crate::model::{Cell, CollocatesResponse, Column, ColumnKind, DataTable, Note};

/// Makes the table.
pub fn table(response: &CollocatesResponse) -> DataTable {
    let count = |name, zh, en| Column::new(name, zh, en, ColumnKind::Integer);
    let columns = vec![
        Column::new("word", "词", "word", ColumnKind::Text),
        count("together", "共现", "together"),
        count("left", "在左", "left"),
        count("right", "在右", "right"),
        count("corpus", "全部", "corpus"),
        Column::new("expected", "期望", "expected", ColumnKind::Number(1)),
        Column::new(
            "log_likelihood",
            "对数似然",
            "log-likelihood",
            ColumnKind::Number(1),
        ),
        Column::new("mutual_information", "MI", "MI", ColumnKind::Number(2)),
        Column::new("log_dice", "logDice", "logDice", ColumnKind::Number(2)),
    ];
    let rows = response.words.iter().map(|word| {
        vec![
            Cell::from(&word.word),
            Cell::from(word.together),
            Cell::from(word.left),
            Cell::from(word.right),
            Cell::from(word.corpus),
            Cell::from(word.expected),
            Cell::from(word.log_likelihood),
            Cell::from(word.mutual_information),
            Cell::from(word.log_dice),
        ]
    });
    DataTable {
        stamp: response.stamp.clone(),
        notes: notes(response),
        columns,
        rows: rows.collect(),
    }
}

fn notes(response: &CollocatesResponse) -> Vec<Note> {
    let node = &response.node.name;
    let [occurrences, passages, words, near, found, shown] = [
        response.occurrences,
        response.passages,
        response.corpus.words,
        response.window_words,
        response.found,
        response.words.len() as u64,
    ]
    .map(grouped);
    let mut notes = vec![Note::new(
        format!(
            "“{node}”{occurrences} 处，在 {passages} 段；窗口内 {near} 词，范围内共 {words} 词；搭配词 {found} 个，列出 {shown} 个"
        ),
        format!(
            "{node}: occurrences {occurrences}, passages {passages}; words in windows {near}, in the corpus {words}; collocates {found}, shown {shown}"
        ),
    )];
    if response.words.is_empty() {
        notes.push(Note::new(
            "没有比偶然更常同现的词；可以放宽筛选、加大窗口，或用 --least 2",
            "no word stands near it more often than by chance; use fewer filters, a wider window, or --least 2",
        ));
    }
    notes.extend(response.notes.iter().cloned());
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Collocate, Concept, Slice};
    use crate::present::{Look, data, samples};

    #[test]
    fn a_table() {
        let response = CollocatesResponse {
            stamp: samples::stamp(),
            notes: Vec::new(),
            node: Concept::word("乡村振兴"),
            corpus: Slice {
                words: 1_000_000,
                ..Slice::default()
            },
            occurrences: 1_200,
            passages: 800,
            node_words: 1_200,
            window_words: 11_000,
            found: 1,
            words: vec![Collocate {
                word: "战略".to_owned(),
                together: 400,
                left: 10,
                right: 390,
                corpus: 2_000,
                expected: 22.0,
                log_likelihood: 1_812.25,
                mutual_information: 4.18,
                log_dice: 11.96,
            }],
        };
        let mut out = Vec::new();
        data::text(&mut out, &table(&response), &Look::default()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let (_, shown) = text.split_once("说明：").unwrap();
        insta::assert_snapshot!(shown, @r"
        “乡村振兴”1,200 处，在 800 段；窗口内 11,000 词，范围内共 1,000,000 词；搭配词 1 个，列出 1 个

        词    共现  在左  在右   全部  期望  对数似然    MI  logDice
        战略   400    10   390  2,000  22.0    1812.2  4.18    11.96
        ");
    }
}
