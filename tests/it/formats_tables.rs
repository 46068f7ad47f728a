//! CSV and workbooks: the same records as JSONL, sheets of figures, hostile ones.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use encoding_rs::GB18030;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zhengsou::model::SourceText;
use zhengsou::pipeline;
use zhengsou::read::{Columns, Limits, Origin, ReadSummary, read};
use zhengsou::schema::Schema;
use zhengsou::{ErrorKind, Result};

use crate::support::{finish, zhengsou};

/// Names of columns, and what JSONL calls them.
const NAMES: [(&str, &str); 9] = [
    ("编号", "id"),
    ("标题", "title"),
    ("单位", "agency"),
    ("地区", "region"),
    ("层级", "level"),
    ("年度", "year"),
    ("报告年度", "report_year"),
    ("栏目", "section_kind"),
    ("正文", "text"),
];

const RECORDS: [[&str; 9]; 3] = [
    [
        "A-1",
        "青禾县水利局2023年工作总结",
        "青禾县水利局",
        "江苏省/南京市",
        "县",
        "2023",
        "2023",
        "工作总结",
        "全年检修闸门46座，修复渠道12.5公里。\n新建联村水厂2座，“最后一公里”基本打通。",
    ],
    [
        "A-2",
        "南乡镇2024年工作计划",
        "南乡镇人民政府",
        "山东省",
        "乡",
        "2024",
        "2024",
        "工作计划",
        "实施产业、人才、文化、生态、组织五项行动；力争新增设施农业800亩。",
    ],
    [
        "A-3",
        "问题清单",
        "",
        "",
        "",
        "2023",
        "",
        "存在问题",
        "管护人手不足,个别项目进度偏慢。",
    ],
];

fn texts_of(origin: &Origin<'_>, bytes: Vec<u8>) -> Result<(Vec<SourceText>, ReadSummary)> {
    let mut texts = Vec::new();
    let summary = read(origin, bytes, &mut |text| texts.push(text))?;
    Ok((texts, summary))
}

fn read_as(name: &str, bytes: Vec<u8>) -> (Vec<SourceText>, ReadSummary) {
    texts_of(&Origin::new(name, Path::new(name)), bytes).unwrap()
}

/// Returns what the index would hold of each passage, its place and source left aside.
fn passages(name: &str, bytes: Vec<u8>) -> Vec<String> {
    let schema = Schema::embedded().unwrap();
    let mut shown = Vec::new();
    for text in read_as(name, bytes).0 {
        let record = text.given.record_id.clone();
        for report in pipeline::parse(text, &schema).reports {
            for passage in &report.passages {
                let tags = (
                    (
                        &report.title,
                        report.kind,
                        &report.agency,
                        report.level,
                        &report.region,
                    ),
                    (
                        report.report_year,
                        passage.section_kind,
                        passage.year,
                        passage.role,
                    ),
                );
                shown.push(format!("{record:?} {tags:?} {}", passage.text));
            }
        }
    }
    shown
}

fn jsonl() -> Vec<u8> {
    let mut lines = String::new();
    for record in RECORDS {
        let mut object = serde_json::Map::new();
        for ((_, name), value) in NAMES.iter().zip(record) {
            if !value.is_empty() {
                object.insert((*name).to_owned(), value.into());
            }
        }
        lines += &format!("{}\n", serde_json::Value::Object(object));
    }
    lines.into_bytes()
}

fn csv(separator: u8) -> String {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(separator)
        .from_writer(Vec::new());
    writer.write_record(NAMES.map(|(name, _)| name)).unwrap();
    for record in RECORDS {
        writer.write_record(record).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn xlsx() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let year = Format::new().set_num_format("0");
    for (column, (name, _)) in (0..).zip(NAMES) {
        sheet.write(0, column, name).unwrap();
    }
    for (row, record) in (1..).zip(RECORDS) {
        for (column, value) in (0..).zip(record) {
            match (value.parse::<f64>(), column) {
                (Ok(number), 5) => drop(sheet.write(row, column, number).unwrap()),
                (Ok(number), _) => {
                    let _ = sheet.write_with_format(row, column, number, &year).unwrap();
                }
                (Err(_), _) if !value.is_empty() => drop(sheet.write(row, column, value).unwrap()),
                _ => {}
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn the_same_records_in_every_kind_of_table() {
    let expected = passages("a.jsonl", jsonl());
    assert_eq!(expected.len(), 4);
    let tables = [
        ("a.csv", csv(b',').into_bytes()),
        ("a.csv", GB18030.encode(&csv(b',')).0.into_owned()),
        ("a.csv", format!("\u{feff}{}", csv(b';')).into_bytes()),
        ("a.tsv", csv(b'\t').into_bytes()),
        ("a.tsv", {
            let text = format!("\u{feff}{}", csv(b'\t').replace('\n', "\r\n"));
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        }),
        ("a.xlsx", xlsx()),
    ];
    for (index, (name, bytes)) in tables.into_iter().enumerate() {
        assert_eq!(passages(name, bytes), expected, "{index}: {name}");
    }
}

#[test]
fn rows_are_cited_by_their_numbers() {
    let (texts, _) = read_as("a.csv", csv(b',').into_bytes());
    // The first record's text has a line of its own.
    let lines: Vec<_> = texts.iter().map(|text| text.fixed_line).collect();
    assert_eq!(lines, [Some(2), Some(4), Some(5)]);
    let (texts, _) = read_as("a.xlsx", xlsx());
    let lines: Vec<_> = texts.iter().map(|text| text.fixed_line).collect();
    assert_eq!(lines, [Some(2), Some(3), Some(4)]);
}

#[test]
fn a_mapping_overrides_headers_and_reaches_the_index() {
    let table = "科室,说明,主要内容\n办公室,不是正文。,全年办理提案12件。\n";
    let columns = Columns::parse("主要内容=text,科室=agency").unwrap();
    let origin = Origin {
        columns: Some(&columns),
        ..Origin::new("a.csv", Path::new("a.csv"))
    };
    let (texts, summary) = texts_of(&origin, table.into()).unwrap();
    assert_eq!(texts[0].text, "全年办理提案12件。");
    assert_eq!(texts[0].given.agency.as_deref(), Some("办公室"));
    assert!(summary.warnings.is_empty());

    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), table).unwrap();
    let run = |args: &[&str]| finish(zhengsou().current_dir(folder.path()).args(args));
    let found = |agency: &str| {
        let ran = run(&["export", "-q", "--agency", agency]);
        ran.stdout.lines().count()
    };
    // Without it the table is figures; with another mapping it is read anew.
    assert_eq!(run(&["index", "a.csv", "-q"]).status, 0);
    assert_eq!(
        run(&[
            "index",
            "a.csv",
            "-q",
            "--map",
            "主要内容=text",
            "--map",
            "科室=agency"
        ])
        .status,
        0
    );
    assert_eq!(found("办公室"), 1);
    let again = run(&["index", "a.csv", "--map", "主要内容=text,科室=agency"]);
    assert!(
        again.stderr.contains("未变的文件") && again.stderr.contains(" 1\n"),
        "{again:?}"
    );
    let ran = run(&["inspect", "text", "a.csv", "--map", "说明=text"]);
    assert!(
        ran.stdout.contains("不是正文。") && !ran.stdout.contains("提案"),
        "{ran:?}"
    );
    let ran = run(&["index", "a.csv", "--map", "说明=words"]);
    assert_eq!(ran.status, 2);
    assert!(
        ran.stderr.contains("words") && ran.stderr.contains("report_year"),
        "{ran:?}"
    );
}

#[test]
fn what_the_header_does_not_say_is_told_by_length_and_said() {
    let long = "全县上下齐心协力抓项目促改革惠民生，各项工作取得了新的进展和成效。".repeat(2);
    let table = format!("事项,情况\n甲,{long}\n乙,\n丙,{long}\n");
    let (texts, summary) = read_as("a.csv", table.into_bytes());
    assert_eq!(texts.len(), 2);
    let warnings: Vec<(u32, &str)> = summary
        .warnings
        .iter()
        .map(|warning| (warning.line, warning.zh.as_str()))
        .collect();
    assert!(warnings[0].1.contains("“情况”"), "{warnings:?}");
    assert_eq!(warnings[1].0, 3, "{warnings:?}");
    assert!(warnings[1].1.contains("1 行没有正文"), "{warnings:?}");
    let error = texts_of(
        &Origin::new("a.csv", Path::new("a.csv")),
        "标题,正文\n甲,\n".into(),
    )
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Input);
}

#[test]
fn sheets_of_figures_are_lines_that_say_what_they_are() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("主要指标").unwrap();
    let share = Format::new().set_num_format("0.0%");
    let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    sheet.write(0, 0, "青禾县2023年主要指标").unwrap();
    for (column, name) in (0..).zip(["片区", "指标", "数值", "增长", "截至"]) {
        sheet.write(2, column, name).unwrap();
    }
    let moment = ExcelDateTime::from_ymd(2023, 12, 31).unwrap();
    for (row, (name, value, growth)) in (3..).zip([
        ("粮食产量（万吨）", 46.25, 0.031),
        ("灌溉面积（万亩）", 31.0, -0.002),
    ]) {
        sheet.write(row, 1, name).unwrap();
        sheet.write(row, 2, value).unwrap();
        sheet.write_with_format(row, 3, growth, &share).unwrap();
        sheet.write_with_format(row, 4, &moment, &day).unwrap();
    }
    sheet
        .merge_range(3, 0, 4, 0, "北片", &Format::new())
        .unwrap();
    let hidden = book.add_worksheet().set_name("草稿").unwrap();
    hidden.write(0, 0, "不看").unwrap();
    hidden.set_hidden(true);
    let sheet = book.add_worksheet().set_name("合计").unwrap();
    sheet.write(0, 0, "项目").unwrap();
    sheet.write(0, 1, "金额").unwrap();
    sheet.write(1, 0, "水费").unwrap();
    sheet
        .write_formula(1, 1, rust_xlsxwriter::Formula::new("=1+2").set_result("3"))
        .unwrap();
    let (texts, summary) = read_as("a.xlsx", book.save_to_buffer().unwrap());
    assert_eq!(
        texts[0].text,
        "青禾县2023年主要指标\n\n片区 | 指标 | 数值 | 增长 | 截至\n\
         北片 | 指标：粮食产量（万吨） | 数值：46.25 | 增长：3.1% | 截至：2023年12月31日\n\
         北片 | 指标：灌溉面积（万亩） | 数值：31 | 增长：-0.2% | 截至：2023年12月31日\n"
    );
    assert_eq!(texts[0].given.title, None);
    assert_eq!(texts[1].text, "项目 | 金额\n水费 | 金额：3\n");
    assert_eq!(texts[1].given.title.as_deref(), Some("合计"));
    assert_eq!((texts.len(), summary.texts), (2, 2));
    assert!(
        summary.warnings[0].zh.contains("草稿"),
        "{:?}",
        summary.warnings
    );
    // A CSV likewise.
    let (texts, _) = read_as("a.csv", "地区,年份,产值\n南乡,2023,12.6\n".into());
    assert_eq!(
        texts[0].text,
        "地区 | 年份 | 产值\n南乡 | 年份：2023 | 产值：12.6\n"
    );
}

/// Puts a sheet of this XML, and these shared strings, into a workbook.
fn handmade(sheet: &str, strings: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        (
            "_rels/.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"a\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"b\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"b\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"c\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>",
        ),
        ("xl/worksheets/sheet1.xml", sheet),
        ("xl/sharedStrings.xml", strings),
    ];
    for (name, content) in parts {
        archive
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn what_a_sheet_claims_of_its_size_costs_nothing() {
    let sheet = "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>正文</t></is></c></row>\
                 <row r=\"1048576\"><c r=\"A1048576\" t=\"inlineStr\"><is><t>末行。</t></is></c><c r=\"XFD1048576\"><v>1</v></c></row></sheetData></worksheet>";
    let started = Instant::now();
    let (texts, _) = read_as("a.xlsx", handmade(sheet, "<sst/>"));
    assert_eq!(
        (texts[0].text.as_str(), texts[0].fixed_line),
        ("末行。", Some(1_048_576))
    );
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn bombs_end_in_errors() {
    let refused = |bytes: Vec<u8>, most: u64| {
        let mut origin = Origin::new("a.xlsx", Path::new("a.xlsx"));
        origin.limits = Limits::start(most, Duration::from_secs(60));
        let mut count = 0;
        let error = read(&origin, bytes, &mut |_| count += 1).unwrap_err();
        (error.kind(), count)
    };
    // Unpacks to more than is allowed.
    let sheet = format!(
        "<worksheet><sheetData>{}</sheetData></worksheet>",
        " ".repeat(20 << 20)
    );
    assert_eq!(
        refused(handmade(&sheet, "<sst/>"), 10 << 20).0,
        ErrorKind::Limit
    );
    // Millions of strings.
    let strings = format!("<sst>{}</sst>", "<si/>".repeat(5_000_000));
    assert_eq!(
        refused(handmade("<worksheet/>", &strings), 0).0,
        ErrorKind::Limit
    );
    // One string in many cells: shown in each of them, it is more than is allowed.
    let strings = format!(
        "<sst><si><t>正文</t></si><si><t>{}</t></si></sst>",
        "水".repeat(300_000)
    );
    let rows: String = (2..2000)
        .map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>1</v></c></row>"))
        .collect();
    let sheet = format!(
        "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>{rows}</sheetData></worksheet>"
    );
    let (kind, count) = refused(handmade(&sheet, &strings), 50 << 20);
    assert_eq!(kind, ErrorKind::Limit);
    assert!((1..100).contains(&count), "{count}");
    // And in one row.
    let cells: String = "<c t=\"s\"><v>1</v></c>".repeat(1000);
    let sheet = format!("<worksheet><sheetData><row r=\"1\">{cells}</row></sheetData></worksheet>");
    assert_eq!(refused(handmade(&sheet, &strings), 0).0, ErrorKind::Input);
}

/// A generator of pseudo-random numbers that gives the same ones on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap()
    }
}

#[test]
fn damaged_tables_do_no_harm() {
    let sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\"><v>2023</v></c></row>\
                 <row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c><c r=\"B2\" s=\"0\"><f>1+1</f><v>2</v></c></row></sheetData>\
                 <mergeCells count=\"1\"><mergeCell ref=\"A1:A2\"/></mergeCells></worksheet>";
    let strings = "<sst><si><t>正文</t></si><si><r><t>全年</t></r><r><t>平稳。</t></r></si></sst>";
    let mut dice = Dice(0x7ab1e);
    let limit = Duration::from_secs(20);
    for round in 0..3000 {
        let damage = |dice: &mut Dice, bytes: &mut Vec<u8>| {
            for _ in 0..1 + dice.below(5) {
                let at = dice.below(bytes.len());
                match dice.below(4) {
                    0 => bytes.truncate(at),
                    1 => bytes.insert(at, dice.below(256) as u8),
                    2 => drop(bytes.drain(at..(at + dice.below(30)).min(bytes.len()))),
                    _ => {
                        if let Some(byte) = bytes.get_mut(at) {
                            *byte = b"09<>\"=,A-/\n"[dice.below(11)];
                        }
                    }
                }
            }
        };
        let (name, bytes) = match round % 3 {
            0 => {
                let mut bytes = csv(b',').into_bytes();
                damage(&mut dice, &mut bytes);
                ("a.csv", bytes)
            }
            // The parts of a whole archive, then the archive.
            1 => {
                let (mut sheet, mut strings) =
                    (sheet.as_bytes().to_vec(), strings.as_bytes().to_vec());
                let part = if dice.below(3) == 0 {
                    &mut strings
                } else {
                    &mut sheet
                };
                damage(&mut dice, part);
                let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
                ("a.xlsx", handmade(&text(sheet), &text(strings)))
            }
            _ => {
                let mut bytes = handmade(sheet, strings);
                damage(&mut dice, &mut bytes);
                ("a.xlsx", bytes)
            }
        };
        let started = Instant::now();
        let mut origin = Origin::new(name, Path::new(name));
        origin.limits = Limits::start(0, limit);
        let _ = read(&origin, bytes, &mut |_| ());
        assert!(started.elapsed() < limit, "round {round}");
    }
}
