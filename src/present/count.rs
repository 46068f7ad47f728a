//! A [`CountResponse`] → a table: long, wide or crossed.

use super::grouped;
use crate::model::{
    Axis, Cell, Column, ColumnKind, Count, CountResponse, DataTable, FacetField, Note, Slice,
};

/// How counts are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// A row for each concept and slice, with every measure.
    #[default]
    Long,
    /// A row for each slice, a column for each concept: a panel.
    Wide,
    /// A row for each concept and value of the first axis, a column for each value of the second.
    Cross,
}

/// What stands in the cells of a wide or crossed table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Measure {
    /// Occurrences.
    #[default]
    Occurrences,
    /// Passages that hold one.
    Passages,
    /// Reports that hold one.
    Reports,
    /// Occurrences for each 10,000 characters.
    Per10kCharacters,
    /// Occurrences for each 10,000 words.
    Per10kWords,
    /// Occurrences for each report.
    PerReport,
}

impl Measure {
    /// Every measure, in the order of the columns.
    pub const ALL: [Measure; 6] = [
        Measure::Occurrences,
        Measure::Passages,
        Measure::Reports,
        Measure::Per10kCharacters,
        Measure::Per10kWords,
        Measure::PerReport,
    ];

    /// Returns the name in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Measure::Occurrences => "occurrences",
            Measure::Passages => "passages",
            Measure::Reports => "reports",
            Measure::Per10kCharacters => "per_10k_characters",
            Measure::Per10kWords => "per_10k_words",
            Measure::PerReport => "per_report",
        }
    }

    fn kind(self) -> ColumnKind {
        match self {
            Measure::Occurrences | Measure::Passages | Measure::Reports => ColumnKind::Integer,
            _ => ColumnKind::Number(3),
        }
    }

    fn column(self) -> Column {
        let (zh, en) = match self {
            Measure::Occurrences => ("次数", "occurrences"),
            Measure::Passages => ("段", "passages"),
            Measure::Reports => ("报告", "reports"),
            Measure::Per10kCharacters => ("每万字", "per 10k characters"),
            Measure::Per10kWords => ("每万词", "per 10k words"),
            Measure::PerReport => ("每份报告", "per report"),
        };
        Column::new(self.name(), zh, en, self.kind())
    }

    fn cell(self, count: Option<&Count>) -> Cell {
        let Some(count) = count else {
            return Cell::Missing;
        };
        match self {
            Measure::Occurrences => Cell::from(count.occurrences),
            Measure::Passages => Cell::from(count.passages),
            Measure::Reports => Cell::from(count.reports),
            Measure::Per10kCharacters => Cell::of(count.per_10k_characters),
            Measure::Per10kWords => Cell::of(count.per_10k_words),
            Measure::PerReport => Cell::of(count.per_report),
        }
    }
}

/// Makes a table of counts. A cell is missing where its slice has no text, and 0 where there is text
/// without an occurrence. A crossed table needs two axes and is long without them; `measure` does not
/// matter to a long one, which has all of them.
pub fn table(response: &CountResponse, layout: Layout, measure: Measure) -> DataTable {
    let layout = match (layout, response.by.len()) {
        (Layout::Cross, 0 | 1) => Layout::Long,
        (layout, _) => layout,
    };
    let (columns, rows) = match layout {
        Layout::Long => long(response),
        Layout::Wide => wide(response, measure),
        Layout::Cross => cross(response, measure),
    };
    let mut stamp = response.stamp.clone();
    let named = match layout {
        Layout::Long => "long",
        Layout::Wide => "wide",
        Layout::Cross => "cross",
    };
    stamp.options.insert("layout".to_owned(), named.to_owned());
    if layout != Layout::Long {
        let measure = measure.name().to_owned();
        stamp.options.insert("measure".to_owned(), measure);
    }
    let mut notes = vec![denominators(&response.whole)];
    notes.extend(response.notes.iter().cloned());
    DataTable {
        stamp,
        notes,
        columns,
        rows,
    }
}

/// Says what counts are held against.
pub fn denominators(whole: &Slice) -> Note {
    let [passages, reports, characters, words] =
        [whole.passages, whole.reports, whole.characters, whole.words].map(grouped);
    Note::new(
        format!(
            "分母合计 {reports} 份报告、{passages} 段、{characters} 字（不计标点）、{words} 词（按上述分词）"
        ),
        format!(
            "denominators: {reports} reports, {passages} passages, {characters} characters without punctuation, {words} words as cut above"
        ),
    )
}

fn term_column() -> Column {
    Column::new("term", "词语", "term", ColumnKind::Text)
}

fn axis_column(axis: Axis) -> Column {
    let kind = match axis.field {
        FacetField::Year | FacetField::ReportYear => ColumnKind::Year,
        _ => ColumnKind::Text,
    };
    Column::new(axis.name(), axis.label(), axis.name(), kind)
}

/// Returns the columns of [`slice_cells`].
fn slice_columns() -> [Column; 4] {
    let column = |name, zh, en| Column::new(name, zh, en, ColumnKind::Integer);
    [
        column("slice_passages", "全部段", "all passages"),
        column("slice_reports", "全部报告", "all reports"),
        column("slice_characters", "全部字", "all characters"),
        column("slice_words", "全部词", "all words"),
    ]
}

/// Returns the denominators of a slice; missing where it has no text.
fn slice_cells(slice: &Slice) -> [Cell; 4] {
    let numbers = [slice.passages, slice.reports, slice.characters, slice.words];
    numbers.map(|number| match slice.passages {
        0 => Cell::Missing,
        _ => Cell::from(number),
    })
}

fn value(axis: Axis, value: Option<&String>) -> Cell {
    match (value, axis.field) {
        (None, _) => Cell::Missing,
        (Some(year), FacetField::Year | FacetField::ReportYear) => {
            year.parse::<i64>().map_or(Cell::from(year), Cell::from)
        }
        (Some(value), _) => Cell::from(value),
    }
}

fn values(response: &CountResponse, slice: &Slice) -> Vec<Cell> {
    let values = response.by.iter().zip(&slice.values);
    values
        .map(|(axis, found)| value(*axis, found.as_ref()))
        .collect()
}

type Content = (Vec<Column>, Vec<Vec<Cell>>);

fn long(response: &CountResponse) -> Content {
    let mut columns = vec![term_column()];
    columns.extend(response.by.iter().map(|axis| axis_column(*axis)));
    columns.extend(Measure::ALL.map(Measure::column));
    columns.extend(slice_columns().map(Column::files_only));
    let mut rows = Vec::new();
    for counted in &response.terms {
        let mut row = |slice: &Slice, count: Option<&Count>| {
            let mut cells = vec![Cell::from(&counted.term.name)];
            cells.extend(values(response, slice));
            cells.extend(Measure::ALL.map(|measure| measure.cell(count)));
            cells.extend(slice_cells(slice));
            rows.push(cells);
        };
        match response.by.is_empty() {
            true => row(&response.whole, Some(&counted.total)),
            false => {
                for (slice, count) in response.slices.iter().zip(&counted.counts) {
                    row(slice, count.as_ref());
                }
            }
        }
    }
    (columns, rows)
}

fn wide(response: &CountResponse, measure: Measure) -> Content {
    let mut columns: Vec<Column> = response.by.iter().map(|axis| axis_column(*axis)).collect();
    let fixed: Vec<Column> = columns.iter().cloned().chain(slice_columns()).collect();
    columns.extend(response.terms.iter().map(|counted| {
        let name = &counted.term.name;
        // Two columns of one name would be one field of JSON.
        let name = match fixed.iter().any(|column| column.name == *name) {
            true => format!("term:{name}"),
            false => name.clone(),
        };
        Column::new(name.clone(), name.clone(), name, measure.kind())
    }));
    columns.extend(slice_columns());
    let row = |slice: &Slice, counts: Vec<Option<&Count>>| {
        let mut cells = values(response, slice);
        cells.extend(counts.into_iter().map(|count| measure.cell(count)));
        cells.extend(slice_cells(slice));
        cells
    };
    let terms = &response.terms;
    let rows = match response.by.is_empty() {
        true => {
            let totals = terms.iter().map(|counted| Some(&counted.total));
            vec![row(&response.whole, totals.collect())]
        }
        false => (0..response.slices.len())
            .map(|at| {
                let counts = terms.iter().map(|counted| counted.counts[at].as_ref());
                row(&response.slices[at], counts.collect())
            })
            .collect(),
    };
    (columns, rows)
}

fn cross(response: &CountResponse, measure: Measure) -> Content {
    let [down, across] = [response.by[0], response.by[1]];
    // Slices come with all values of the second axis for each of the first.
    let first = response
        .slices
        .first()
        .and_then(|slice| slice.values.first());
    let width = response
        .slices
        .iter()
        .take_while(|slice| slice.values.first() == first)
        .count()
        .max(1);
    let mut columns = vec![term_column(), axis_column(down)];
    columns.extend(response.slices.iter().take(width).map(|slice| {
        let value = slice.values.get(1).cloned().flatten();
        let name = value.unwrap_or_else(|| format!("no_{}", across.name()));
        let title = match slice.values.get(1) {
            Some(Some(value)) => Note::new(value, value),
            _ => Note::new(
                format!("无{}", across.label()),
                format!("no {}", across.name()),
            ),
        };
        Column::new(name, title.zh, title.en, measure.kind())
    }));
    let mut rows = Vec::new();
    for counted in &response.terms {
        let lines = response
            .slices
            .chunks(width)
            .zip(counted.counts.chunks(width));
        for (slices, counts) in lines {
            let mut cells = vec![
                Cell::from(&counted.term.name),
                value(down, slices[0].values.first().and_then(Option::as_ref)),
            ];
            cells.extend(counts.iter().map(|count| measure.cell(count.as_ref())));
            rows.push(cells);
        }
    }
    (columns, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Concept, Language, TermCounts};
    use crate::present::{Look, data, samples};

    fn response() -> CountResponse {
        let slice = |region: Option<&str>, year: &str, passages| Slice {
            values: vec![region.map(str::to_owned), Some(year.to_owned())],
            passages,
            reports: passages.min(1),
            characters: passages * 1_000,
            words: passages * 500,
        };
        let count = |occurrences: u64| Count {
            occurrences,
            passages: occurrences.min(1),
            reports: occurrences.min(1),
            per_10k_characters: Some(occurrences as f64 * 10.0),
            per_10k_words: Some(occurrences as f64 * 20.0),
            per_report: Some(occurrences as f64),
        };
        CountResponse {
            stamp: samples::stamp(),
            notes: Vec::new(),
            by: [Axis::parse("province"), Axis::parse("year")]
                .into_iter()
                .flatten()
                .collect(),
            whole: Slice {
                values: Vec::new(),
                passages: 3,
                reports: 2,
                characters: 3_000,
                words: 1_500,
            },
            slices: vec![
                slice(Some("江苏省"), "2023", 1),
                slice(Some("江苏省"), "2024", 0),
                slice(None, "2023", 1),
                slice(None, "2024", 1),
            ],
            terms: vec![TermCounts {
                term: Concept::word("year"),
                total: count(3),
                counts: vec![Some(count(3)), None, Some(count(0)), Some(count(0))],
            }],
        }
    }

    fn written(layout: Layout) -> String {
        let mut out = Vec::new();
        let table = table(&response(), layout, Measure::Occurrences);
        data::csv(&mut out, &table, false, Language::En).unwrap();
        let text = String::from_utf8(out).unwrap();
        let rows = text.lines().filter(|line| !line.starts_with('#'));
        rows.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn missing_is_not_none() {
        insta::assert_snapshot!(written(Layout::Long), @r"
        term,province,year,occurrences,passages,reports,per_10k_characters,per_10k_words,per_report,slice_passages,slice_reports,slice_characters,slice_words
        year,江苏省,2023,3,1,1,30,60,3,1,1,1000,500
        year,江苏省,2024,,,,,,,,,,
        year,,2023,0,0,0,0,0,0,1,1,1000,500
        year,,2024,0,0,0,0,0,0,1,1,1000,500
        ");
        insta::assert_snapshot!(written(Layout::Wide), @r"
        province,year,term:year,slice_passages,slice_reports,slice_characters,slice_words
        江苏省,2023,3,1,1,1000,500
        江苏省,2024,,,,,
        ,2023,0,1,1,1000,500
        ,2024,0,1,1,1000,500
        ");
        insta::assert_snapshot!(written(Layout::Cross), @r"
        term,province,2023,2024
        year,江苏省,3,
        year,,0,0
        ");
    }

    #[test]
    fn what_stands_above() {
        let table = table(&response(), Layout::Cross, Measure::PerReport);
        let mut out = Vec::new();
        data::text(&mut out, &table, &Look::default()).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.contains("选项：by=year layout=cross measure=per_report"),
            "{text}"
        );
        assert!(text.contains("2 份报告、3 段、3,000 字"), "{text}");
    }
}
