//! A [`KwicResponse`] → text with the keywords below each other, or a table with citations.

use std::io::{Result, Write};

use super::layout::{clean, padding, shorten, width};
use super::{Ink, Look, citation, data, grouped};
use crate::model::{Cell, Column, ColumnKind, DataTable, KwicLine, KwicResponse, Note};

/// Makes a table: context and keyword, then where they stand.
pub fn table(response: &KwicResponse) -> DataTable {
    let mut columns = vec![
        Column::new("term", "词语", "term", ColumnKind::Text),
        Column::new("left", "左", "left", ColumnKind::TextToTheRight),
        Column::new("keyword", "词", "keyword", ColumnKind::Text),
        Column::new("right", "右", "right", ColumnKind::Text),
        Column::new("start", "起字", "start", ColumnKind::Integer),
        Column::new("end", "止字", "end", ColumnKind::Integer),
    ];
    columns.extend(citation::columns());
    let rows = response.lines.iter().map(|line| {
        let mut cells = vec![
            Cell::from(&line.term),
            Cell::from(&line.left),
            Cell::from(&line.keyword),
            Cell::from(&line.right),
            Cell::from(line.place[0] as u64),
            Cell::from(line.place[1] as u64),
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

/// Writes the lines for reading: contexts cut to the screen, keywords in one column of it.
///
/// # Errors
/// If `out` cannot be written.
pub fn answer(out: &mut dyn Write, response: &KwicResponse, look: &Look) -> Result<()> {
    data::head(out, &response.stamp, &notes(response), look)?;
    writeln!(out)?;
    let cited: Vec<String> = response
        .lines
        .iter()
        .map(|line| cited(line, look))
        .collect();
    let of_lines = |part: fn(&KwicLine) -> &String| {
        let widths = response.lines.iter().map(|line| width(&clean(part(line))));
        widths.max().unwrap_or(0)
    };
    let (mut left, middle, mut right) = (
        of_lines(|line| &line.left),
        of_lines(|line| &line.keyword),
        of_lines(|line| &line.right),
    );
    if let Some(screen) = look.width {
        let place = cited.iter().map(|cited| width(cited)).max().unwrap_or(0);
        let room = screen.saturating_sub(middle + place + 4) / 2;
        (left, right) = (left.min(room.max(8)), right.min(room.max(8)));
    }
    for (line, cited) in response.lines.iter().zip(&cited) {
        let before = end_of(&clean(&line.left), left);
        let keyword = clean(&line.keyword);
        let after = shorten(&clean(&line.right), right);
        writeln!(
            out,
            "{}{before} {} {after}{}  {}",
            padding(&before, left),
            look.paint(Ink::Match, &keyword),
            // Short keywords leave their room to the context, so that what follows them lines up too.
            padding(&format!("{keyword}{after}"), middle + right),
            look.paint(Ink::Faint, cited)
        )?;
    }
    Ok(())
}

fn notes(response: &KwicResponse) -> Vec<Note> {
    let (occurrences, lines) = (
        grouped(response.occurrences),
        grouped(response.lines.len() as u64),
    );
    let said = match response.sampled == response.occurrences {
        true => Note::new(
            format!("共 {occurrences} 处，列出 {lines} 处"),
            format!("{occurrences} occurrences, {lines} shown"),
        ),
        false => {
            let sampled = grouped(response.sampled);
            Note::new(
                format!("共 {occurrences} 处，抽取 {sampled} 处，列出 {lines} 处"),
                format!("{occurrences} occurrences, {sampled} drawn, {lines} shown"),
            )
        }
    };
    let mut notes = vec![said];
    notes.extend(response.notes.iter().cloned());
    notes
}

/// Returns where a line stands: year, whose report, id.
fn cited(line: &KwicLine, look: &Look) -> String {
    let passage = &line.passage;
    let year = match passage.year {
        Some(year) => year.to_string(),
        None => look.language.pick("无年", "year?").to_owned(),
    };
    let who = passage.agency.as_ref().or(passage.region.as_ref());
    let who = who.unwrap_or(&passage.report_title);
    format!("{year} {} {}", shorten(&clean(who), 20), passage.id)
}

/// Returns the end of a text of at most so many columns, with `…` where something was left out.
fn end_of(text: &str, columns: usize) -> String {
    let turned: String = text.chars().rev().collect();
    shorten(&turned, columns).chars().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::samples;

    #[test]
    fn keywords_line_up() {
        let line = |left: &str, keyword: &str, right: &str| KwicLine {
            term: "党建".to_owned(),
            left: left.to_owned(),
            keyword: keyword.to_owned(),
            right: right.to_owned(),
            place: [0, 2],
            passage: samples::passage(),
        };
        let response = KwicResponse {
            stamp: samples::stamp(),
            notes: Vec::new(),
            occurrences: 1_200,
            sampled: 10,
            lines: vec![
                line("坚持以", "D建", "引领GDP"),
                line("", "党 建", "工作\n总结"),
                line("全面加强机关", "党建", ""),
            ],
        };
        let shown = |width| {
            let mut out = Vec::new();
            let look = Look {
                width,
                ..Look::default()
            };
            answer(&mut out, &response, &look).unwrap();
            let text = String::from_utf8(out).unwrap();
            let (_, lines) = text.split_once("\n\n").unwrap();
            lines.to_owned()
        };
        insta::assert_snapshot!(shown(None), @r"
              坚持以 D建 引领GDP      2023 卫生健康委员会 00000000000000a1
                     党 建 工作 总结  2023 卫生健康委员会 00000000000000a1
        全面加强机关 党建             2023 卫生健康委员会 00000000000000a1
        ");
        insta::assert_snapshot!(shown(Some(70)), @r"
              坚持以 D建 引领GDP      2023 卫生健康委员会 00000000000000a1
                     党 建 工作 总结  2023 卫生健康委员会 00000000000000a1
        全面加强机关 党建             2023 卫生健康委员会 00000000000000a1
        ");
        let table = table(&response);
        assert!(
            table
                .rows
                .iter()
                .all(|row| row.len() == table.columns.len())
        );
    }
}
