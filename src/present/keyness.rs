//! A [`KeynessResponse`] → a table of words.

use super::grouped;
use crate::model::{Cell, Column, ColumnKind, DataTable, KeynessResponse, Note, Slice};

/// Makes the table.
pub fn table(response: &KeynessResponse) -> DataTable {
    let count = |name, zh, en| Column::new(name, zh, en, ColumnKind::Integer);
    let number = |name, zh, en, decimals| Column::new(name, zh, en, ColumnKind::Number(decimals));
    let columns = vec![
        Column::new("word", "词", "word", ColumnKind::Text),
        count("here", "次数", "here"),
        number("here_per_10k", "每万词", "per 10k words", 2),
        count("here_reports", "报告", "reports"),
        count("there", "对比次数", "there"),
        number("there_per_10k", "对比每万词", "there per 10k", 2),
        count("there_reports", "对比报告", "there reports"),
        number("log_likelihood", "对数似然", "log-likelihood", 1),
        number("log_ratio", "log ratio", "log ratio", 2),
        number("percent_difference", "%DIFF", "%DIFF", 0),
    ];
    let rows = response.words.iter().map(|word| {
        vec![
            Cell::from(&word.word),
            Cell::from(word.here),
            Cell::from(word.here_per_10k),
            Cell::from(word.here_reports),
            Cell::from(word.there),
            Cell::from(word.there_per_10k),
            Cell::from(word.there_reports),
            Cell::from(word.log_likelihood),
            Cell::from(word.log_ratio),
            Cell::of(word.percent_difference),
        ]
    });
    DataTable {
        stamp: response.stamp.clone(),
        notes: notes(response),
        columns,
        rows: rows.collect(),
    }
}

fn notes(response: &KeynessResponse) -> Vec<Note> {
    let zh = |slice: &Slice| {
        let [reports, passages, words] = [slice.reports, slice.passages, slice.words].map(grouped);
        format!("{reports} 份报告、{passages} 段、{words} 词")
    };
    let en = |slice: &Slice| {
        let [reports, passages, words] = [slice.reports, slice.passages, slice.words].map(grouped);
        format!("{reports} reports, {passages} passages, {words} words")
    };
    let [found, shown] = [response.found, response.words.len() as u64].map(grouped);
    let (here, there) = (&response.here, &response.there);
    let mut notes = vec![Note::new(
        format!(
            "所选 {}，对比 {}；符合的词 {found} 个，列出 {shown} 个",
            zh(here),
            zh(there)
        ),
        format!(
            "slice: {}; held against: {}; words {found}, shown {shown}",
            en(here),
            en(there)
        ),
    )];
    if response.words.is_empty() {
        notes.push(Note::new(
            "没有显著的差异；可以用 --cutoff 3.84、--least 2 或 --least-reports 1 放宽",
            "no difference is sure; try --cutoff 3.84, --least 2 or --least-reports 1",
        ));
    }
    notes.extend(response.notes.iter().cloned());
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::KeyWord;
    use crate::present::{Look, data, samples};

    #[test]
    fn a_table() {
        let slice = |words| Slice {
            passages: 900,
            reports: 31,
            words,
            ..Slice::default()
        };
        let response = KeynessResponse {
            stamp: samples::stamp(),
            notes: Vec::new(),
            here: slice(100_000),
            there: slice(200_000),
            found: 1,
            words: vec![KeyWord {
                word: "疫情".to_owned(),
                here: 500,
                there: 0,
                here_per_10k: 50.0,
                there_per_10k: 0.0,
                here_reports: 31,
                there_reports: 0,
                log_likelihood: 1_098.6,
                log_ratio: 10.97,
                percent_difference: None,
            }],
        };
        let mut out = Vec::new();
        data::text(&mut out, &table(&response), &Look::default()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let (_, shown) = text.split_once("说明：").unwrap();
        insta::assert_snapshot!(shown, @r"
        所选 31 份报告、900 段、100,000 词，对比 31 份报告、900 段、200,000 词；符合的词 1 个，列出 1 个

        词    次数  每万词  报告  对比次数  对比每万词  对比报告  对数似然  log ratio  %DIFF
        疫情   500   50.00    31         0        0.00         0    1098.6      10.97      –
        ");
    }
}
