//! A passage → the cells by which it is cited, named as in JSONL.

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
