//! Headers of a table → what its columns hold.

use std::fmt;

use super::Row;
use crate::error::{Error, ErrorKind, Result};
use crate::model::GivenField;
use crate::read::records::TEXT_FIELDS;

/// A header stands among so many first rows; titles and notes stand above it.
const HEADER_REACH: usize = 20;

/// Names of columns of text besides those of records, best first.
const TEXT_NAMES: &[&str] = &[
    "全文",
    "文本",
    "报告正文",
    "报告内容",
    "正文内容",
    "文本内容",
    "段落",
    "段落内容",
    "passage",
    "paragraph",
];

/// Mean characters of a cell from which a column may be text though its header does not say so.
const LONG_TEXT: usize = 40;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The text of a report or passage.
    Text,
    /// A tag.
    Tag(GivenField),
    /// Nothing that is asked for.
    Ignored,
}

/// What the columns of a table hold, where their headers do not say it in words that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns(Vec<(String, Role)>);

impl Columns {
    /// Reads `列名=字段[,…]`: names as the table's header has them, and what they hold.
    ///
    /// ```
    /// use zhengsou::read::Columns;
    /// assert!(Columns::parse("主要内容=text,责任科室=agency").is_ok());
    /// assert!(Columns::parse("主要内容=words").is_err());
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] for what cannot be read or names no field.
    pub fn parse(text: &str) -> Result<Columns> {
        let mut columns = Vec::new();
        for pair in text
            .split([',', '，'])
            .filter(|pair| !pair.trim().is_empty())
        {
            let Some((name, field)) = pair.rsplit_once(['=', '＝']) else {
                return Err(unreadable(
                    format!("列的对应关系写作“列名=字段”，这里没有等号：{}", pair.trim()),
                    format!(
                        "a column is mapped as NAME=FIELD; no `=` in: {}",
                        pair.trim()
                    ),
                ));
            };
            let (name, field) = (simplified(name), field.trim());
            if name.is_empty() {
                return Err(unreadable(
                    format!("等号前缺少列名：{}", pair.trim()),
                    format!("no name of a column before `=`: {}", pair.trim()),
                ));
            }
            let role = role_named(&field.to_lowercase()).ok_or_else(|| {
                unreadable(
                    format!("没有名为“{field}”的字段"),
                    format!("there is no field called `{field}`"),
                )
            })?;
            columns.push((name, role));
        }
        Ok(Columns(columns))
    }

    /// Returns the role that was given to a column, by its simplified name.
    fn role(&self, header: &str) -> Option<Role> {
        let found = self.0.iter().find(|(name, _)| name == header);
        found.map(|(_, role)| *role)
    }

    /// Returns the names that no cell of a header has.
    fn missing(&self, header: &Row) -> Vec<String> {
        let names: Vec<String> = header
            .cells
            .iter()
            .map(|(_, text)| simplified(text))
            .collect();
        let missing = self.0.iter().filter(|(name, _)| !names.contains(name));
        missing.map(|(name, _)| name.clone()).collect()
    }
}

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, role)) in self.0.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let field = match role {
                Role::Text => "text",
                Role::Tag(field) => field.as_str(),
                Role::Ignored => "ignore",
            };
            write!(f, "{comma}{name}={field}")?;
        }
        Ok(())
    }
}

fn unreadable(zh: String, en: String) -> Error {
    let fields: Vec<&str> = GivenField::ALL.iter().map(|field| field.as_str()).collect();
    let fields = fields.join(" ");
    Error::new(ErrorKind::Usage, zh, en).with_hint(
        format!("字段有：text（正文） {fields} ignore（不用）；例如 主要内容=text,责任科室=agency"),
        format!("fields: text {fields} ignore; such as CONTENT=text,OFFICE=agency"),
    )
}

fn role_named(name: &str) -> Option<Role> {
    match name {
        "ignore" | "忽略" | "不用" => Some(Role::Ignored),
        name if text_rank(name).is_some() => Some(Role::Text),
        name => GivenField::named(name).map(Role::Tag),
    }
}

/// Returns how good a name for a column of text is; 0 is the best.
fn text_rank(name: &str) -> Option<usize> {
    TEXT_FIELDS
        .iter()
        .chain(TEXT_NAMES)
        .position(|known| *known == name)
}

/// Returns a header's cell without blanks, what stands in brackets behind it, and marks.
fn simplified(header: &str) -> String {
    let name: String = header
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '＊' | '\u{feff}'))
        .collect();
    let name = name.trim_end_matches(['：', ':']);
    let end = match name.ends_with(['）', ')']) {
        true => name.find(['（', '(']).filter(|end| *end > 0),
        false => None,
    };
    name[..end.unwrap_or(name.len())].to_lowercase()
}

/// What was found of a table's columns.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// Which of the first rows is the header.
    pub(super) header: Option<usize>,
    /// Columns of text; of each row the first that is not empty counts, unless all were asked for.
    pub(super) text: Vec<usize>,
    /// Whether the columns of text were named by the reader, so that all of them count.
    pub(super) all_text: bool,
    /// Tags with their columns, parts of a region outermost first.
    pub(super) tags: Vec<(GivenField, usize)>,
    /// Whether the column of text was told by its length alone.
    pub(super) is_guess: bool,
    /// Columns that the reader named and the header has not.
    pub(super) missing: Vec<String>,
}

/// Tells what the columns hold by the first rows of a table.
pub(super) fn layout(rows: &[Row], columns: Option<&Columns>) -> Layout {
    let role = |cell: &str| {
        let name = simplified(cell);
        columns
            .and_then(|columns| columns.role(&name))
            .or_else(|| role_named(&name))
    };
    let known = |row: &Row| {
        let roles = row.cells.iter().filter_map(|(_, cell)| role(cell));
        let (mut count, mut text) = (0, false);
        for role in roles {
            count += 1;
            text |= role == Role::Text;
        }
        (count, text)
    };
    let first_rows = || rows.iter().enumerate().take(HEADER_REACH);
    let header = first_rows()
        .find(|(_, row)| known(row).1)
        .or_else(|| first_rows().find(|(_, row)| known(row).0 > 1));
    let mut layout = Layout::default();
    if let Some((index, row)) = header {
        layout.header = Some(index);
        let mut text = Vec::new();
        for (column, cell) in &row.cells {
            let given = columns.and_then(|columns| columns.role(&simplified(cell)));
            match role(cell) {
                Some(Role::Text) => {
                    layout.all_text |= given.is_some();
                    let rank = text_rank(&simplified(cell)).unwrap_or(usize::MAX);
                    text.push((given.is_none(), rank, *column));
                }
                Some(Role::Tag(field)) => {
                    // The first of two columns of one name counts, a mapped one before it.
                    let place = layout.tags.iter().position(|(known, _)| *known == field);
                    match place {
                        Some(place) if given.is_some() => layout.tags[place].1 = *column,
                        Some(_) => {}
                        None => layout.tags.push((field, *column)),
                    }
                }
                Some(Role::Ignored) | None => {}
            }
        }
        text.sort_unstable();
        if layout.all_text {
            text.retain(|(unasked, ..)| !unasked);
            text.sort_unstable_by_key(|(_, _, column)| *column);
        }
        layout.text = text.into_iter().map(|(_, _, column)| column).collect();
        layout.tags.sort_unstable();
        layout.missing = columns.map_or_else(Vec::new, |columns| columns.missing(row));
    } else if let Some(columns) = columns {
        layout.missing = columns.0.iter().map(|(name, _)| name.clone()).collect();
    }
    if layout.text.is_empty()
        && let Some(column) = long_text(&rows[layout.header.map_or(0, |header| header + 1)..])
        && !layout.tags.iter().any(|(_, known)| *known == column)
    {
        layout.is_guess = true;
        layout.text.push(column);
        // Above a column of long texts a short one is its name.
        let is_name = |row: &Row| {
            row.cell(column)
                .is_some_and(|cell| cell.chars().count() <= LONG_TEXT / 2)
        };
        if layout.header.is_none() && rows.len() > 1 && rows.first().is_some_and(is_name) {
            layout.header = Some(0);
        }
    }
    layout
}

/// Returns the one column that clearly holds long texts: most of all characters, and in most rows.
fn long_text(rows: &[Row]) -> Option<usize> {
    let mut columns: Vec<(usize, usize, usize)> = Vec::new();
    let mut all = 0;
    for (column, cell) in rows.iter().flat_map(|row| &row.cells) {
        let count = cell.chars().count();
        all += count;
        match columns.binary_search_by_key(column, |(column, ..)| *column) {
            Ok(at) => {
                columns[at].1 += count;
                columns[at].2 += 1;
            }
            Err(at) => columns.insert(at, (*column, count, 1)),
        }
    }
    let (column, chars, cells) = columns.into_iter().max_by_key(|(_, chars, _)| *chars)?;
    (chars >= LONG_TEXT * cells && chars * 10 >= all * 6 && cells * 2 >= rows.len())
        .then_some(column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;

    fn rows(lines: &[&[&str]]) -> Vec<Row> {
        let row = |(line, cells): (usize, &&[&str])| Row {
            number: line as u32 + 1,
            cells: cells
                .iter()
                .enumerate()
                .filter(|(_, cell)| !cell.is_empty())
                .map(|(column, cell)| (column, (*cell).to_owned()))
                .collect(),
        };
        lines.iter().enumerate().map(row).collect()
    }

    #[test]
    fn headers_are_found_below_titles_and_in_both_languages() {
        let found = layout(
            &rows(&[
                &["2023年各单位工作总结"],
                &[
                    "序号",
                    "单 位",
                    "标题（必填）",
                    "正文：",
                    "年度",
                    "城市",
                    "省份",
                ],
                &[
                    "1",
                    "县水利局",
                    "总结",
                    "全年平稳。",
                    "2023",
                    "南京市",
                    "江苏省",
                ],
            ]),
            None,
        );
        assert_eq!((found.header, found.text), (Some(1), vec![3]));
        assert_eq!(
            found.tags,
            [
                (GivenField::Title, 2),
                (GivenField::Agency, 1),
                (GivenField::Province, 6),
                (GivenField::City, 5),
                (GivenField::Year, 4),
            ]
        );
        let found = layout(
            &rows(&[&["ID", "Content", "Text"], &["1", "甲", "乙"]]),
            None,
        );
        assert_eq!(found.text, [2, 1], "text before content");
    }

    #[test]
    fn a_mapping_overrides_the_header() {
        let columns =
            Columns::parse("主要内容=text, 单位=忽略，科室=agency,没有=title").expect("columns");
        let table = rows(&[
            &["单位", "主要内容", "科室", "内容"],
            &["亿元", "甲", "办公室", "乙"],
        ]);
        let found = layout(&table, Some(&columns));
        assert_eq!(found.text, [1]);
        assert_eq!(found.tags, [(GivenField::Agency, 2)]);
        assert_eq!(found.missing, ["没有"]);
    }

    #[test]
    fn an_unknown_field_is_refused_with_the_known_ones() {
        let error = Columns::parse("内容=正文,科室=处室").unwrap_err();
        assert!(error.message(Language::Zh).contains("处室"));
        let hint = error.hint(Language::En).unwrap_or_default();
        assert!(
            hint.contains("report_year") && hint.contains("text"),
            "{hint}"
        );
        assert!(Columns::parse("内容").is_err());
        assert!(Columns::parse("=text").is_err());
        assert_eq!(Columns::parse("").expect("none"), Columns::default());
        let columns = Columns::parse("甲=正文，乙 =agency,丙=忽略").expect("columns");
        assert_eq!(columns.to_string(), "甲=text,乙=agency,丙=ignore");
        assert_eq!(
            Columns::parse(&columns.to_string()).expect("columns"),
            columns
        );
    }

    #[test]
    fn one_long_column_is_text_and_figures_are_none() {
        let long = "全县上下齐心协力抓项目促改革惠民生，各项工作取得了新的进展和成效。".repeat(2);
        let found = layout(
            &rows(&[&["事项", "说明"], &["甲", &long], &["乙", &long]]),
            None,
        );
        assert_eq!((found.text, found.is_guess), (vec![1], true));
        assert_eq!(found.header, Some(0));
        let found = layout(&rows(&[&["地区", "年份"], &["甲县", "2023"]]), None);
        assert_eq!((found.header, found.text), (Some(0), vec![]));
        let found = layout(&rows(&[&["指标", "数值"], &["产值", "128.6"]]), None);
        assert_eq!((found.header, found.text), (None, vec![]));
    }
}
