//! Passages of one report → text for reading: one among its neighbours, an outline, the whole.

use std::io::{Result, Write};

use super::layout::{block, clean, padding, width};
use super::search::{place, tags};
use super::{Ink, Look, grouped};
use crate::model::{Heading, PassageRecord};
use crate::say;

/// A heading with what hangs under it, for an outline.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct OutlineEntry {
    /// The heading.
    #[serde(flatten)]
    pub heading: Heading,
    /// What the section is about.
    pub section_kind: String,
    /// The year that the section speaks of.
    pub year: Option<i32>,
    /// Passages under the heading, those of deeper headings included.
    pub passages: usize,
    /// Id of the first passage under it.
    pub first: String,
}

/// Returns the headings of a report in reading order.
///
/// Each heading opens exactly one passage; headings after the last passage are not stored.
pub fn outline(passages: &[PassageRecord]) -> Vec<OutlineEntry> {
    let mut entries: Vec<OutlineEntry> = Vec::new();
    // Indexes of the headings that the current passage hangs under, outermost first.
    let mut above: Vec<usize> = Vec::new();
    for passage in passages {
        for heading in passage.opens.iter().filter(|heading| heading.level > 0) {
            above.retain(|&index| entries[index].heading.depth < heading.depth);
            above.push(entries.len());
            entries.push(OutlineEntry {
                heading: heading.clone(),
                section_kind: passage.section_kind.clone(),
                year: passage.year,
                passages: 0,
                first: passage.id.clone(),
            });
        }
        for &index in &above {
            entries[index].passages += 1;
        }
    }
    entries
}

/// Writes title, tags, source and size of the report that the passages belong to.
fn header(out: &mut dyn Write, passages: &[PassageRecord], look: &Look) -> Result<()> {
    let Some(first) = passages.first() else {
        return Ok(());
    };
    let language = look.language;
    let title = match first.report_title.as_str() {
        "" => language.pick("（无题）", "(untitled)").to_owned(),
        title => clean(title),
    };
    writeln!(out, "{}", look.paint(Ink::Strong, &title))?;
    let year = first.report_year.map(|year| year.to_string());
    let known = [
        Some(first.report_kind.clone()),
        first.agency.clone(),
        first.level.clone(),
        first.region.clone(),
        year,
        first.date.clone(),
    ];
    let known = known.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    writeln!(out, "{}", clean(&known))?;
    let (source, id) = (place(first), &first.report_id);
    let count = grouped(passages.len() as u64);
    let line = say!(
        language,
        "{source}  报告 {id}  {count} 段",
        "{source}  report {id}  passages: {count}"
    );
    writeln!(out, "{}", look.paint(Ink::Faint, &line))
}

/// Writes the outline of the report that the passages make up.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_outline(out: &mut dyn Write, passages: &[PassageRecord], look: &Look) -> Result<()> {
    header(out, passages, look)?;
    writeln!(out)?;
    let rows: Vec<(String, String)> = outline(passages)
        .iter()
        .map(|entry| {
            let indent = "  ".repeat(usize::from(entry.heading.depth.saturating_sub(1)));
            let name = clean(&format!("{}{}", entry.heading.number, entry.heading.text));
            let year = entry
                .year
                .map_or_else(String::new, |year| format!(" {year}"));
            let (kind, count, line) = (&entry.section_kind, entry.passages, entry.heading.line);
            let about = say!(
                look.language,
                "{kind}{year} · {count} 段 · 第 {line} 行 · {}",
                "{kind}{year} · passages: {count} · line {line} · {}",
                entry.first
            );
            (format!("{indent}{name}"), about)
        })
        .collect();
    // One very long heading must not push every other row's details off the screen.
    let column = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let column = column.min(48);
    for (name, about) in rows {
        let blanks = padding(&name, column);
        writeln!(out, "{name}{blanks}  {}", look.paint(Ink::Faint, &about))?;
    }
    Ok(())
}

/// Writes the whole report: title, headings and passages in reading order.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_report(out: &mut dyn Write, passages: &[PassageRecord], look: &Look) -> Result<()> {
    header(out, passages, look)?;
    for passage in passages {
        headings(out, passage, look)?;
        writeln!(out)?;
        out.write_all(block(&passage.text, &[], 0, look).as_bytes())?;
    }
    Ok(())
}

/// Writes the passage at `position` of the list, with its place, among its neighbours.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_passage(
    out: &mut dyn Write,
    passages: &[PassageRecord],
    position: usize,
    look: &Look,
) -> Result<()> {
    let Some(passage) = passages.get(position) else {
        return Ok(());
    };
    let language = look.language;
    let (id, report) = (&passage.id, &passage.report_id);
    writeln!(
        out,
        "{}",
        look.paint(Ink::Strong, &clean(&passage.report_title))
    )?;
    writeln!(out, "{}", tags(passage))?;
    let (source, [start, end]) = (place(passage), passage.chars);
    let line = say!(
        language,
        "{source}  字符 {start}–{end}  段落 {id}  报告 {report}",
        "{source}  characters {start}–{end}  passage {id}  report {report}"
    );
    writeln!(out, "{}", look.paint(Ink::Faint, &line))?;
    for (index, neighbour) in passages.iter().enumerate() {
        headings(out, neighbour, look)?;
        writeln!(out)?;
        // The passage asked for is marked in the margin where it has neighbours.
        let text = block(&neighbour.text, &[], 2, look);
        let text = if index == position && passages.len() > 1 {
            text.replacen("  ", "> ", 1)
        } else {
            text
        };
        out.write_all(text.as_bytes())?;
    }
    Ok(())
}

fn headings(out: &mut dyn Write, passage: &PassageRecord, look: &Look) -> Result<()> {
    // The title stands above the report already.
    for heading in passage.opens.iter().filter(|heading| heading.level > 0) {
        let text = clean(&format!("{}{}", heading.number, heading.text));
        writeln!(out, "\n{}", look.paint(Ink::Strong, &text))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::samples;

    /// Three passages under 一、（一）, 一、（二）and 二、.
    fn report() -> Vec<PassageRecord> {
        let first = samples::passage();
        let mut second = samples::passage();
        second.id = "00000000000000a2".to_owned();
        second.line = 29;
        second.opens = vec![samples::heading(2, "（二）", "公共卫生", 28)];
        let mut third = samples::passage();
        third.id = "00000000000000a3".to_owned();
        third.line = 31;
        third.section_kind = "工作计划".to_owned();
        third.year = Some(2024);
        third.opens = vec![samples::heading(1, "二、", "工作计划", 30)];
        vec![first, second, third]
    }

    fn shown(write: impl FnOnce(&mut dyn Write) -> Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn outline_counts_what_hangs_under_each_heading() {
        let entries = outline(&report());
        let counts: Vec<_> = entries
            .iter()
            .map(|entry| (entry.heading.number.as_str(), entry.passages))
            .collect();
        assert_eq!(
            counts,
            [("一、", 2), ("（一）", 1), ("（二）", 1), ("二、", 1)]
        );
    }

    #[test]
    fn outline_text() {
        let text = shown(|out| write_outline(out, &report(), &Look::default()));
        insta::assert_snapshot!(text, @r"
        县卫健委2023年度工作总结和2024年工作计划
        工作总结和计划 · 卫生健康委员会 · 县 · 江苏省/南京市 · 2023
        samples/seed.txt:27  报告 00000000000000ff  3 段

        一、工作总结      工作总结 2023 · 2 段 · 第 25 行 · 00000000000000a1
          （一）党建引领  工作总结 2023 · 1 段 · 第 26 行 · 00000000000000a1
          （二）公共卫生  工作总结 2023 · 1 段 · 第 28 行 · 00000000000000a2
        二、工作计划      工作计划 2024 · 1 段 · 第 30 行 · 00000000000000a3
        ");
    }

    #[test]
    fn whole_report() {
        let text = shown(|out| write_report(out, &report(), &Look::default()));
        insta::assert_snapshot!(text, @r"
        县卫健委2023年度工作总结和2024年工作计划
        工作总结和计划 · 卫生健康委员会 · 县 · 江苏省/南京市 · 2023
        samples/seed.txt:27  报告 00000000000000ff  3 段

        一、工作总结

        （一）党建引领

        巩固拓展脱贫攻坚成果同乡村振兴有效衔接。

        （二）公共卫生

        巩固拓展脱贫攻坚成果同乡村振兴有效衔接。

        二、工作计划

        巩固拓展脱贫攻坚成果同乡村振兴有效衔接。
        ");
    }

    #[test]
    fn passage_among_neighbours() {
        let text = shown(|out| write_passage(out, &report()[..2], 1, &Look::default()));
        insta::assert_snapshot!(text, @r"
        县卫健委2023年度工作总结和2024年工作计划
        卫生健康委员会 · 江苏省/南京市 · 2023 · 工作总结 › 党建引领
        samples/seed.txt:29  字符 100–112  段落 00000000000000a2  报告 00000000000000ff

        一、工作总结

        （一）党建引领

          巩固拓展脱贫攻坚成果同乡村振兴有效衔接。

        （二）公共卫生

        > 巩固拓展脱贫攻坚成果同乡村振兴有效衔接。
        ");
    }
}
