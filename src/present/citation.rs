//! A passage → the line or the cells by which it is cited; cells are named as in JSONL.

use super::layout::clean;
use super::search::place;
use crate::model::{Cell, Column, ColumnKind, PassageRecord};

/// Joins the headings of a section path in one cell.
const PATH_SEPARATOR: &str = " › ";

/// Returns the columns of [`cells`]: id, source, report, tags and place; not the text.
pub fn columns() -> Vec<Column> {
    let text = |name, zh, en| Column::new(name, zh, en, ColumnKind::Text);
    vec![
        text("id", "段落编号", "passage"),
        text("source", "文件", "source"),
        Column::new("line", "行", "line", ColumnKind::Integer),
        text("report_id", "报告编号", "report id"),
        text("report_title", "报告", "report"),
        text("report_kind", "文种", "kind"),
        text("agency", "部门", "agency"),
        text("agency_raw", "部门原文", "agency as written"),
        text("system", "系统", "system"),
        text("level", "层级", "level"),
        text("region", "地区", "region"),
        Column::new("report_year", "报告年度", "report year", ColumnKind::Year),
        text("date", "日期", "date"),
        text("section_path", "章节", "section"),
        text("section_kind", "部分", "section kind"),
        Column::new("year", "年份", "year", ColumnKind::Year),
    ]
}

/// Returns the column of the text of a passage.
pub fn text_column() -> Column {
    Column::new("text", "正文", "text", ColumnKind::Text)
}

/// Returns the cells of [`columns`].
pub fn cells(passage: &PassageRecord) -> Vec<Cell> {
    let word = |value: &Option<String>| Cell::of(value.as_deref());
    vec![
        Cell::from(&passage.id),
        Cell::from(&passage.source),
        Cell::from(u64::from(passage.line)),
        Cell::from(&passage.report_id),
        Cell::from(&passage.report_title),
        Cell::from(&passage.report_kind),
        word(&passage.agency),
        word(&passage.agency_raw),
        word(&passage.system),
        word(&passage.level),
        word(&passage.region),
        Cell::of(passage.report_year),
        word(&passage.date),
        Cell::from(passage.section_path.join(PATH_SEPARATOR)),
        Cell::from(&passage.section_kind),
        Cell::of(passage.year),
    ]
}

/// Returns a passage's citation in one line:
/// `《政府工作报告》，江苏省人民政府，2023年，工作总结 › 乡村振兴，reports/js.txt:27`.
pub fn line(passage: &PassageRecord) -> String {
    let title = format!("《{}》", passage.report_title);
    let year = passage.report_year.map(|year| format!("{year}年"));
    let agency = passage.agency_raw.clone().or(passage.agency.clone());
    let path = passage.section_path.join(PATH_SEPARATOR);
    let parts = [
        (!passage.report_title.is_empty()).then_some(title),
        agency,
        passage.region.clone(),
        year,
        (!path.is_empty()).then_some(path),
        Some(place(passage)),
    ];
    clean(&parts.into_iter().flatten().collect::<Vec<_>>().join("，"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::samples;

    #[test]
    fn a_citation_in_one_line() {
        let mut passage = samples::passage();
        assert_eq!(
            line(&passage),
            "《县卫健委2023年度工作总结和2024年工作计划》，县卫健委，江苏省/南京市，2023年，\
             工作总结 › 党建引领，samples/seed.txt:27"
        );
        passage.report_title.clear();
        passage.agency_raw = None;
        passage.agency = None;
        passage.section_path.clear();
        passage.line = 0;
        assert_eq!(line(&passage), "江苏省/南京市，2023年，samples/seed.txt");
    }
}
