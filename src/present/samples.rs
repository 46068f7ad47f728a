//! A passage, a hit and an answer for the tests of this module.

use std::collections::BTreeMap;

use crate::model::{
    Cell, CharSpan, Column, ColumnKind, Concept, Count, DataTable, Differs, FacetCount, FacetField,
    Filter, Heading, HighlightKind, Hit, IndexStamp, Note, PassageRecord, Rate, SearchResponse,
    Slice, Stamp, Totals, TrendPoint, TrendResponse, TrendSeries, TrendYear,
};

/// Makes a heading.
pub(super) fn heading(depth: u8, number: &str, text: &str, line: u32) -> Heading {
    Heading {
        level: depth,
        depth,
        number: number.to_owned(),
        text: text.to_owned(),
        line,
        chars: CharSpan::default(),
    }
}

/// Makes the first passage of a report.
pub(super) fn passage() -> PassageRecord {
    PassageRecord {
        id: "00000000000000a1".to_owned(),
        source: "samples/seed.txt".to_owned(),
        line: 27,
        chars: [100, 112],
        bytes: [300, 336],
        sequence: 0,
        report_id: "00000000000000ff".to_owned(),
        report_title: "县卫健委2023年度工作总结和2024年工作计划".to_owned(),
        report_kind: "工作总结和计划".to_owned(),
        record_id: None,
        agency: Some("卫生健康委员会".to_owned()),
        agency_raw: Some("县卫健委".to_owned()),
        system: Some("卫生健康".to_owned()),
        level: Some("县".to_owned()),
        region: Some("江苏省/南京市".to_owned()),
        report_year: Some(2023),
        date: None,
        section_path: vec!["工作总结".to_owned(), "党建引领".to_owned()],
        section_kind: "工作总结".to_owned(),
        year: Some(2023),
        role: "正文".to_owned(),
        opens: vec![
            heading(1, "一、", "工作总结", 25),
            heading(2, "（一）", "党建引领", 26),
        ],
        text: "巩固拓展脱贫攻坚成果同乡村振兴有效衔接。".to_owned(),
    }
}

/// Makes a hit on 乡村振兴.
pub(super) fn hit() -> Hit {
    Hit {
        passage: passage(),
        score: 12.5,
        snippet: "…脱贫攻坚成果同乡村振兴有效衔接。".to_owned(),
        snippet_highlights: vec![[8, 12]],
        highlights: vec![[11, 15]],
        highlight_kinds: vec![HighlightKind::Phrase],
        dup_count: 2,
        dup_ids: vec!["00000000000000a2".to_owned(), "00000000000000a3".to_owned()],
        differs: Differs {
            figures: 1,
            wording: 0,
        },
        explanation: Vec::new(),
    }
}

/// Makes an answer with one hit.
pub(super) fn answer() -> SearchResponse {
    let count = |value: &str, count| FacetCount {
        value: value.to_owned(),
        count,
        reports: u64::min(count, 46),
    };
    SearchResponse {
        query: "乡村振兴".to_owned(),
        understood: "乡村振兴".to_owned(),
        notes: vec![Note {
            zh: "也检索了：农村振兴".to_owned(),
            en: "also searched: 农村振兴".to_owned(),
        }],
        total: Totals {
            passages: 1027,
            folded: 998,
            reports: 46,
        },
        hits: vec![hit()],
        facets: BTreeMap::from([
            (
                FacetField::Year,
                vec![count("2024", 12), count("2023", 1015)],
            ),
            (FacetField::Agency, vec![count("卫生健康委员会", 1027)]),
        ]),
        facet_values: BTreeMap::from([(FacetField::Year, 2), (FacetField::Agency, 9)]),
        took_ms: 3.21,
        index: IndexStamp::default(),
    }
}

/// Makes a stamp.
pub(super) fn stamp() -> Stamp {
    Stamp {
        command: "count".to_owned(),
        program: "zhengsou 0.1.0".to_owned(),
        date: "2026-11-27".to_owned(),
        index: IndexStamp {
            fingerprint: "0123456789abcdef".to_owned(),
            passages: 58_205,
        },
        content: "fedcba9876543210".to_owned(),
        segmenter: "jieba without its model, dictionary 0011223344556677".to_owned(),
        terms: vec!["环保: 环保|环境保护".to_owned()],
        filters: vec![Filter {
            field: FacetField::Region,
            value: "江苏省".to_owned(),
            negated: true,
        }],
        options: BTreeMap::from([("by".to_owned(), "year".to_owned())]),
        ..Stamp::default()
    }
}

/// Makes a table of two rows, the second without numbers.
pub(super) fn table() -> DataTable {
    DataTable {
        stamp: stamp(),
        notes: Vec::new(),
        columns: vec![
            Column::new("term", "词语", "term", ColumnKind::Text),
            Column::new("year", "年份", "year", ColumnKind::Year),
            Column::new("occurrences", "次数", "occurrences", ColumnKind::Integer),
            Column::new(
                "per_10k_characters",
                "每万字",
                "per 10k",
                ColumnKind::Number(3),
            ),
            Column::new("report_id", "报告编号", "report id", ColumnKind::Text).files_only(),
        ],
        rows: vec![
            vec![
                Cell::from("环保, \"一\""),
                Cell::from(2023),
                Cell::from(1234_u64),
                Cell::from(2.5),
                Cell::from("=1+1"),
            ],
            vec![
                Cell::from("环保"),
                Cell::from(2024),
                Cell::Missing,
                Cell::Missing,
                Cell::Missing,
            ],
        ],
    }
}

/// Makes a trend of one concept over four years, one of them without text.
pub(super) fn trend() -> TrendResponse {
    let counted = [
        (2016, Some(0)),
        (2017, Some(5)),
        (2018, None),
        (2019, Some(40)),
    ];
    let year = |(year, occurrences): (i32, Option<u64>)| TrendYear {
        year,
        slice: Slice {
            values: Vec::new(),
            passages: occurrences.map_or(0, |_| 50),
            reports: occurrences.map_or(0, |_| 10),
            characters: occurrences.map_or(0, |_| 10_000),
            words: occurrences.map_or(0, |_| 6_000),
        },
    };
    let point = |(_, occurrences): (i32, Option<u64>)| {
        let occurrences = occurrences?;
        Some(TrendPoint {
            count: Count {
                occurrences,
                passages: occurrences,
                reports: occurrences.min(10),
                per_10k_characters: Some(occurrences as f64),
                ..Count::default()
            },
            rate: Some(occurrences as f64),
            smoothed: None,
            band: None,
        })
    };
    TrendResponse {
        stamp: Stamp {
            command: "trend".to_owned(),
            ..stamp()
        },
        notes: Vec::new(),
        by: FacetField::Year,
        rate: Rate::Per10kCharacters,
        smooth: 0,
        years: counted.map(year).to_vec(),
        series: vec![TrendSeries {
            term: Concept::word("乡村振兴"),
            total: Count {
                occurrences: 45,
                ..Count::default()
            },
            first: Some(2017),
            peak: Some(2019),
            points: counted.map(point).to_vec(),
        }],
    }
}
