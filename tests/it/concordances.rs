//! `kwic`, and workbooks:
//!
//! 1. a concordance lists what is counted, and a sample is a part of it;
//! 2. workbooks hold what CSV holds.

use calamine::{Data, Reader};
use zhengsou::analyze::strip_blanks;
use zhengsou::model::{Concept, CountRequest, KwicRequest, KwicSort};
use zhengsou::query::concept;

use crate::panels::{indexed, over, root};
use crate::properties::fixture;

#[test]
fn a_concordance_lists_what_is_counted() {
    let corpus = fixture();
    let request = KwicRequest {
        terms: vec![
            Concept::word("党建"),
            concept::one("发展: 发展|高质量发展|-发展改革").unwrap(),
        ],
        limit: usize::MAX,
        ..KwicRequest::default()
    };
    let all = corpus.engine.kwic(&request).unwrap();
    let counted = corpus
        .engine
        .count(&CountRequest {
            terms: request.terms.clone(),
            ..CountRequest::default()
        })
        .unwrap();
    let counted: u64 = counted
        .terms
        .iter()
        .map(|term| term.total.occurrences)
        .sum();
    assert_eq!(
        (all.occurrences, all.lines.len() as u64),
        (counted, counted)
    );
    for line in &all.lines {
        let text: String = line.passage.text.chars().collect();
        assert!(text.contains(&format!("{}{}{}", line.left, line.keyword, line.right)));
        let keyword = strip_blanks(&corpus.analyzer.fold(&line.keyword));
        let concept = request
            .terms
            .iter()
            .find(|term| term.name == line.term)
            .unwrap();
        // A redaction is restored by what stands around it.
        let restored = line.keyword.contains(['D', 'Ｄ']) && keyword.len() < 7;
        assert!(restored || concept.words.contains(&keyword), "{line:?}");
    }
    let sample = |seed| {
        let request = KwicRequest {
            sample: Some(25),
            seed,
            ..request.clone()
        };
        corpus.engine.kwic(&request).unwrap()
    };
    let (one, again, other) = (sample(1), sample(1), sample(2));
    assert_eq!(one, again);
    assert_ne!(one.lines, other.lines);
    assert_eq!((one.sampled, one.lines.len()), (25, 25));
    assert!(one.lines.iter().all(|line| all.lines.contains(line)));

    let sorted = |sort| {
        let request = KwicRequest {
            sort,
            ..request.clone()
        };
        corpus.engine.kwic(&request).unwrap().lines
    };
    let years: Vec<i32> = sorted(KwicSort::Year)
        .iter()
        .map(|line| line.passage.year.unwrap_or(i32::MAX))
        .collect();
    assert!(years.is_sorted());
    let letters = |text: &str| -> String {
        let folded = corpus.analyzer.fold(text);
        folded
            .chars()
            .filter(|letter| letter.is_alphanumeric())
            .take(6)
            .collect()
    };
    let right: Vec<String> = sorted(KwicSort::Right)
        .iter()
        .map(|line| letters(&line.right))
        .collect();
    assert!(right.is_sorted());
    let left: Vec<String> = sorted(KwicSort::Left)
        .iter()
        .map(|line| letters(&line.left.chars().rev().collect::<String>()))
        .collect();
    assert!(left.is_sorted());
    // A page is a part of the whole.
    let page = KwicRequest {
        sort: KwicSort::Year,
        offset: 7,
        limit: 5,
        ..request.clone()
    };
    let page = corpus.engine.kwic(&page).unwrap().lines;
    assert_eq!(page, sorted(KwicSort::Year)[7..12]);
}

#[test]
fn workbooks_hold_what_csv_holds() {
    let index = indexed(&[root().join("data_samples")], "2");
    let folder = tempfile::tempdir().unwrap();
    let commands: [&[&str]; 4] = [
        &["count", "乡村振兴", "--by", "province,year"],
        &["kwic", "乡村振兴", "-n", "5"],
        &["search", "乡村振兴", "-n", "5"],
        &["export", "--year", "2023", "-q"],
    ];
    for args in commands {
        let path = folder.path().join("book.xlsx");
        let output = ["--format", "xlsx", "-o", path.to_str().unwrap()];
        over(index.path(), &[args, &output].concat());
        let csv = over(index.path(), &[args, &["--format", "csv"]].concat());
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .has_headers(false)
            .from_reader(csv.stdout.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
        let mut book = calamine::open_workbook_auto(&path).unwrap();
        let sheet = book.worksheet_range("数据").unwrap();
        assert_eq!(sheet.height(), rows.len(), "{args:?}");
        for (cells, row) in sheet.rows().zip(&rows).skip(1) {
            for (cell, text) in cells.iter().zip(row) {
                let same = match cell {
                    Data::Empty => text.is_empty(),
                    Data::Float(number) => text.parse::<f64>().is_ok_and(|text| text == *number),
                    Data::String(cell) => cell == text,
                    other => panic!("{other:?}"),
                };
                assert!(same, "{args:?}: {cell:?} {text}");
            }
        }
        let has_stamp = book.sheet_names().contains(&"出处".to_owned());
        assert_eq!(has_stamp, matches!(args[0], "count" | "kwic"));
    }
}
