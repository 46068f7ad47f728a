//! A [`RelatedResponse`] → text for reading: a table of terms.

use std::io::{Result, Write};

use super::layout::clean;
use super::table::{Align, Table};
use super::{Ink, Look, grouped};
use crate::model::RelatedResponse;
use crate::say;

/// Writes an answer for reading.
///
/// # Errors
/// If `out` cannot be written.
pub fn answer(out: &mut dyn Write, response: &RelatedResponse, look: &Look) -> Result<()> {
    let language = look.language;
    let understood = match response.understood.trim() {
        "" => language.pick("全部段落", "every passage").to_owned(),
        understood => clean(understood),
    };
    let label = language.pick("查询：", "query: ");
    writeln!(out, "{label}{}", look.paint(Ink::Strong, &understood))?;
    let (matches, passages) = (grouped(response.matches), grouped(response.passages));
    let took = format!("{:.1}", response.took_ms);
    let counted = say!(
        language,
        "{matches} 段与全库 {passages} 段对比（相近的各计一次），{took} 毫秒",
        "{matches} passages against all {passages} (near copies once), {took} ms"
    );
    writeln!(out, "{counted}")?;
    for note in &response.notes {
        let label = look.paint(Ink::Faint, language.pick("说明：", "note: "));
        writeln!(out, "{label}{}", clean(language.pick(&note.zh, &note.en)))?;
    }
    if response.terms.is_empty() {
        let none = language.pick(
            "没有比别处更常见的词；换一个查询，或用 --least 1 放宽",
            "no word is commoner here than elsewhere; try another query, or --least 1",
        );
        return writeln!(out, "\n{none}");
    }
    writeln!(out)?;
    let mut table = Table::new(&[
        Align::Left,
        Align::Right,
        Align::Right,
        Align::Right,
        Align::Right,
    ])
    .with_head([
        language.pick("词", "term"),
        language.pick("其中的段", "matches"),
        language.pick("全库的段", "passages"),
        language.pick("对数似然", "log-likelihood"),
        "logDice",
    ]);
    for term in &response.terms {
        table.row([
            term.term.clone(),
            grouped(term.matches),
            grouped(term.passages),
            format!("{:.1}", term.log_likelihood),
            format!("{:.2}", term.log_dice),
        ]);
    }
    table.write(out, look)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{IndexStamp, RelatedTerm};

    #[test]
    fn a_table() {
        let response = RelatedResponse {
            query: "乡村振兴".to_owned(),
            understood: "乡村振兴".to_owned(),
            notes: Vec::new(),
            matches: 677,
            passages: 55_668,
            terms: vec![RelatedTerm {
                term: "农村".to_owned(),
                matches: 301,
                passages: 9_120,
                log_likelihood: 412.25,
                log_dice: 9.96,
            }],
            took_ms: 31.0,
            index: IndexStamp::default(),
        };
        let mut out = Vec::new();
        answer(&mut out, &response, &Look::default()).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        查询：乡村振兴
        677 段与全库 55,668 段对比（相近的各计一次），31.0 毫秒

        词    其中的段  全库的段  对数似然  logDice
        农村       301     9,120     412.2     9.96
        ");
    }
}
