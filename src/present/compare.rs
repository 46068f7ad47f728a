//! A [`CompareResponse`] → text for reading, or a table with citations of both sides.

use std::io::{Result, Write};

use super::copies::marked;
use super::layout::{clean, painted_block, shorten};
use super::search::place;
use super::{Ink, Look, data, grouped};
use crate::model::{
    Cell, Column, ColumnKind, CompareResponse, ComparedPassages, ComparedSide, DataTable, Fate,
    Language, Note, PassageRecord,
};
use crate::say;

/// Blanks before everything that belongs to a row.
const INDENT: usize = 4;
/// Columns of a passage that stands in both sides.
const KEPT: usize = 100;
/// Titles of reports that are named.
const NAMED: usize = 3;
/// Characters that are shown around each place at which two texts differ.
const AROUND: usize = 20;

/// Makes the table: what became of a passage, then the old one and the new one.
pub fn table(response: &CompareResponse, language: Language) -> DataTable {
    let mut columns = vec![
        Column::new("fate", "变化", "fate", ColumnKind::Text),
        Column::new("overlap", "重合", "overlap", ColumnKind::Number(2)),
        Column::new("difference", "差异", "difference", ColumnKind::Text),
    ];
    for (name, zh, en) in [("old", "旧", "old "), ("new", "新", "new ")] {
        let text = |field: &str, zh_field: &str, en_field: &str| {
            Column::new(
                format!("{name}_{field}"),
                format!("{zh}{zh_field}"),
                format!("{en}{en_field}"),
                ColumnKind::Text,
            )
        };
        columns.extend([
            text("id", "段落编号", "passage"),
            text("place", "出处", "place"),
            text("report_title", "报告", "report"),
            text("section_path", "章节", "section"),
            text("text", "正文", "text"),
        ]);
    }
    let look = Look {
        language,
        ..Look::default()
    };
    let rows = response.rows.iter().map(|row| {
        let mut cells = vec![
            Cell::from(fate(row.fate, language)),
            Cell::of(row.overlap),
            Cell::of(difference(row, &look)),
        ];
        for side in [&row.old, &row.new] {
            match side {
                Some(passage) => cells.extend(cited(passage)),
                None => cells.extend(std::iter::repeat_n(Cell::Missing, 5)),
            }
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

fn cited(passage: &PassageRecord) -> [Cell; 5] {
    [
        Cell::from(&passage.id),
        Cell::from(place(passage)),
        Cell::from(&passage.report_title),
        Cell::from(passage.section_path.join(" › ")),
        Cell::from(&passage.text),
    ]
}

/// Writes the rows for reading, in the order of the new side.
///
/// # Errors
/// If `out` cannot be written.
pub fn answer(out: &mut dyn Write, response: &CompareResponse, look: &Look) -> Result<()> {
    data::head(out, &response.stamp, &notes(response), look)?;
    for row in &response.rows {
        writeln!(out)?;
        passages(out, row, look)?;
    }
    Ok(())
}

fn passages(out: &mut dyn Write, row: &ComparedPassages, look: &Look) -> Result<()> {
    let language = look.language;
    let label = fate(row.fate, language);
    let path = |passage: &PassageRecord| clean(&passage.section_path.join(" › "));
    let shown = row.new.as_ref().or(row.old.as_ref());
    let section = shown.map(path).unwrap_or_default();
    let how = match (row.fate, row.overlap) {
        (Fate::Reworded, Some(overlap)) => {
            // Rounded down: only what is equal is 1.00.
            let overlap = (overlap * 100.0).floor() / 100.0;
            say!(language, "  重合 {overlap:.2}", "  overlap {overlap:.2}")
        }
        _ => String::new(),
    };
    let ink = match row.fate {
        Fate::New => Ink::Come,
        Fate::Dropped => Ink::Gone,
        Fate::Kept => Ink::Faint,
        Fate::Reworded => Ink::Strong,
    };
    let label = look.paint(ink, &format!("【{label}】"));
    writeln!(out, "{label}{how}  {}", look.paint(Ink::Faint, &section))?;
    let text = shown.map_or("", |passage| passage.text.as_str());
    match row.fate {
        Fate::New | Fate::Dropped => {
            out.write_all(painted_block(text, ink, INDENT, look).as_bytes())?;
        }
        Fate::Kept => {
            let text = shorten(&clean(text), KEPT);
            out.write_all(painted_block(&text, ink, INDENT, look).as_bytes())?;
        }
        Fate::Reworded => {
            let text = difference(row, look).unwrap_or_default();
            writeln!(out, "{}{text}", " ".repeat(INDENT))?;
        }
    }
    let cited: Vec<String> = [(&row.old, "旧", "old"), (&row.new, "新", "new")]
        .into_iter()
        .filter_map(|(passage, zh, en)| {
            let passage = passage.as_ref()?;
            let side = language.pick(zh, en);
            Some(format!("{side} {}  {}", place(passage), passage.id))
        })
        .collect();
    let cited = look.paint(Ink::Faint, &cited.join("    "));
    writeln!(out, "{}{cited}", " ".repeat(INDENT))
}

/// Returns where two passages differ, the rest of them shortened; `None` where they do not.
fn difference(row: &ComparedPassages, look: &Look) -> Option<String> {
    let (old, new) = (row.old.as_ref()?, row.new.as_ref()?);
    let shown = (0..usize::MAX, AROUND);
    (!row.changes.is_empty()).then(|| marked(&old.text, &new.text, &row.changes, shown, look))
}

fn fate(fate: Fate, language: Language) -> &'static str {
    let en = match fate {
        Fate::Kept => "kept",
        Fate::Reworded => "reworded",
        Fate::New => "new",
        Fate::Dropped => "dropped",
    };
    language.pick(fate.as_str(), en)
}

fn notes(response: &CompareResponse) -> Vec<Note> {
    let (old, new) = (&response.old, &response.new);
    let titles = |side: &ComparedSide| {
        let named: Vec<&str> = side
            .reports
            .iter()
            .take(NAMED)
            .map(String::as_str)
            .collect();
        let more = match side.reports.len() > NAMED {
            true => "…",
            false => "",
        };
        format!("{}{more}", named.join("、"))
    };
    let counts =
        |side: &ComparedSide| [side.passages, side.kept, side.reworded, side.alone].map(grouped);
    let ([old_all, old_kept, old_reworded, dropped], [new_all, new_kept, new_reworded, added]) =
        (counts(old), counts(new));
    let (old_titles, new_titles) = (titles(old), titles(new));
    let mut notes = vec![
        Note::new(
            format!(
                "旧：{old_titles}，{old_all} 段：保留 {old_kept}，改写 {old_reworded}，删去 {dropped}"
            ),
            format!(
                "old: {old_titles}, passages {old_all}: kept {old_kept}, reworded {old_reworded}, dropped {dropped}"
            ),
        ),
        Note::new(
            format!(
                "新：{new_titles}，{new_all} 段：保留 {new_kept}，改写 {new_reworded}，新增 {added}"
            ),
            format!(
                "new: {new_titles}, passages {new_all}: kept {new_kept}, reworded {new_reworded}, new {added}"
            ),
        ),
    ];
    notes.extend(response.notes.iter().cloned());
    notes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Change;
    use crate::present::samples;

    #[test]
    fn four_fates() {
        let passage = |id: &str, text: &str| {
            let mut passage = samples::passage();
            passage.id = id.to_owned();
            passage.text = text.to_owned();
            Some(passage)
        };
        let row = |fate, old, new| ComparedPassages {
            fate,
            overlap: None,
            old,
            new,
            changes: Vec::new(),
        };
        let reworded = ComparedPassages {
            overlap: Some(0.759),
            changes: vec![Change {
                here: [4, 6],
                there: [4, 6],
            }],
            ..row(
                Fate::Reworded,
                passage("00000000000000a1", "粮食总产稳定增长，农民增收。"),
                passage("00000000000000b1", "粮食总产持续增长，农民增收。"),
            )
        };
        let side = ComparedSide {
            reports: vec!["2023年报告".to_owned()],
            passages: 3,
            kept: 1,
            reworded: 1,
            alone: 1,
        };
        let response = CompareResponse {
            stamp: samples::stamp(),
            notes: Vec::new(),
            old: side.clone(),
            new: side,
            rows: vec![
                row(
                    Fate::Kept,
                    passage("00000000000000a0", "各位代表："),
                    passage("00000000000000b0", "各位代表："),
                ),
                reworded,
                row(Fate::Dropped, passage("00000000000000a2", "旧的。"), None),
                row(Fate::New, None, passage("00000000000000b2", "新的。")),
            ],
        };
        let mut out = Vec::new();
        answer(&mut out, &response, &Look::default()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let (_, shown) = text.split_once("选项：").unwrap();
        insta::assert_snapshot!(shown, @r"
        by=year
        说明：旧：2023年报告，3 段：保留 1，改写 1，删去 1
        说明：新：2023年报告，3 段：保留 1，改写 1，新增 1

        【保留】  工作总结 › 党建引领
            各位代表：
            旧 samples/seed.txt:27  00000000000000a0    新 samples/seed.txt:27  00000000000000b0

        【改写】  重合 0.75  工作总结 › 党建引领
            粮食总产⟦稳定→持续⟧增长，农民增收。
            旧 samples/seed.txt:27  00000000000000a1    新 samples/seed.txt:27  00000000000000b1

        【删去】  工作总结 › 党建引领
            旧的。
            旧 samples/seed.txt:27  00000000000000a2

        【新增】  工作总结 › 党建引领
            新的。
            新 samples/seed.txt:27  00000000000000b2
        ");
        let table = table(&response, Language::Zh);
        assert!(
            table
                .rows
                .iter()
                .all(|row| row.len() == table.columns.len())
        );
    }
}
