//! Word documents from outside: automatic numbers against typed ones, the formats beside the
//! project, and damage of every kind.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use zhengsou::model::{Format, SourceText};
use zhengsou::read::{Kind, Limits, Origin, detect, read};
use zhengsou::schema::Schema;
use zhengsou::split::{Block, BlockKind, split};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const WORD: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

/// How the paragraphs of a report are written into a document.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Numbers {
    /// As text.
    Typed,
    /// As lists, set in each paragraph.
    Lists,
    /// As lists that heading styles bring with them.
    Styles,
}

/// A report: level of the heading (0 for body text, 9 for the title), its number, its text.
const REPORT: &[(u8, &str, &str)] = &[
    (9, "", "XX县2023年工作总结和2024年工作计划"),
    (
        0,
        "",
        "今年以来，全县上下一心，各项工作都有新的进展，群众得到更多实惠，现将有关情况汇总如下。",
    ),
    (1, "一、", "2023年工作回顾"),
    (
        0,
        "",
        "一年来，我们把发展放在第一位，把民生放在心上，做了以下几个方面的事情，取得了一定成效。",
    ),
    (2, "（一）", "产业发展有了新起色"),
    (3, "1.", "农业稳中有进"),
    (
        0,
        "",
        "全年新建高标准农田三万亩，修好水渠二十条，粮食再获丰收，农民腰包更鼓。",
    ),
    (3, "2.", "2023年项目全部开工"),
    (
        0,
        "",
        "全年开工项目四十个，完成投资十二亿元，其中工业项目二十一个，园区面貌一新。",
    ),
    (2, "（二）", "民生福祉得到新提升"),
    (
        0,
        "",
        "新建学校三所，改造老旧小区八个，办好十件实事，群众看病上学更加方便。",
    ),
    (3, "1.", "教育更加均衡"),
    (
        0,
        "",
        "乡镇学校都配上了新的教室和操场，教师轮岗交流一百多人次，家长放心。",
    ),
    (1, "二、", "存在的问题"),
    (
        0,
        "",
        "工作中也有不少困难和短板，主要是产业底子还薄，财力不足，人才难留。",
    ),
    (1, "三、", "2024年工作计划"),
    (2, "（一）", "继续抓好项目建设"),
    (
        0,
        "",
        "全年计划开工项目五十个，力争完成投资十五亿元，一个一个盯着办好。",
    ),
    (2, "（二）", "继续改善群众生活"),
    (
        0,
        "",
        "再建学校两所、养老中心五个，把好事办好，把实事办实，让大家满意。",
    ),
];

/// Writes the report. `bold` are the levels whose headings are set in bold.
fn document(numbers: Numbers, bold: &[u8]) -> Vec<u8> {
    let mut body = String::new();
    for (level, number, text) in REPORT {
        let mut format = String::new();
        let mut shown = String::new();
        match (numbers, level) {
            (_, 0) => {}
            (Numbers::Styles, _) => format = format!("<w:pStyle w:val=\"h{level}\"/>"),
            (Numbers::Lists, 1..=3) => {
                format = format!(
                    "<w:numPr><w:ilvl w:val=\"{}\"/><w:numId w:val=\"1\"/></w:numPr>",
                    level - 1
                );
            }
            _ => shown = (*number).to_owned(),
        }
        let run = match bold.contains(level) {
            true => "<w:rPr><w:b/></w:rPr>",
            false => "",
        };
        body +=
            &format!("<w:p><w:pPr>{format}</w:pPr><w:r>{run}<w:t>{shown}{text}</w:t></w:r></w:p>");
    }
    let mut levels = String::new();
    let mut styles = String::from(
        "<w:style w:type=\"paragraph\" w:styleId=\"h9\"><w:name w:val=\"Title\"/></w:style>",
    );
    let formats = [
        ("chineseCounting", "%1、"),
        ("chineseCounting", "（%2）"),
        ("decimal", "%3."),
    ];
    for (index, (format, text)) in formats.iter().enumerate() {
        let id = index + 1;
        levels += &format!(
            "<w:lvl w:ilvl=\"{index}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/>\
             <w:pStyle w:val=\"h{id}\"/><w:lvlText w:val=\"{text}\"/></w:lvl>"
        );
        styles += &format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"h{id}\"><w:name w:val=\"heading {id}\"/>\
             <w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr><w:outlineLvl w:val=\"{index}\"/>\
             </w:pPr></w:style>"
        );
    }
    pack(&[
        (
            "word/document.xml",
            format!("<w:document {WORD}><w:body>{body}</w:body></w:document>"),
        ),
        (
            "word/styles.xml",
            format!("<w:styles {WORD}>{styles}</w:styles>"),
        ),
        (
            "word/numbering.xml",
            format!(
                "<w:numbering {WORD}><w:abstractNum w:abstractNumId=\"0\">{levels}</w:abstractNum>\
                 <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>"
            ),
        ),
    ])
}

fn pack(parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn text(name: &str, bytes: Vec<u8>) -> SourceText {
    let mut texts = Vec::new();
    let origin = Origin::new(name, Path::new(name));
    read(&origin, bytes, &mut |text| texts.push(text)).unwrap();
    texts.remove(0)
}

/// Returns the blocks of all reports, without their places.
fn blocks(text: &SourceText) -> Vec<(BlockKind, String)> {
    let schema = Schema::embedded().unwrap();
    let reports = split(text, &schema).reports;
    let block = |block: Block| (block.kind, block.text);
    reports
        .into_iter()
        .flat_map(|report| report.blocks.into_iter().map(block))
        .collect()
}

#[test]
fn automatic_numbers_give_the_outline_of_typed_ones() {
    let typed: String = REPORT
        .iter()
        .map(|(_, number, text)| format!("{number}{text}\n"))
        .collect();
    let expected = blocks(&text("a.txt", typed.into_bytes()));
    let headings = |(kind, _): &&(BlockKind, String)| matches!(kind, BlockKind::Heading { .. });
    assert_eq!(expected.iter().filter(headings).count(), 10);
    for numbers in [Numbers::Typed, Numbers::Lists, Numbers::Styles] {
        // 一、 stands in black type and （一） in bold, or the other way round, or all, or none.
        for bold in [&[][..], &[1, 2, 3, 9], &[2], &[1, 3], &[2, 3]] {
            let found = blocks(&text("a.docx", document(numbers, bold)));
            assert_eq!(found, expected, "{numbers:?}, bold {bold:?}");
        }
    }
}

#[test]
fn heading_styles_alone_make_an_outline() {
    let styled = |style: &str, text: &str| {
        format!(
            "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let long = "全年新建高标准农田三万亩，修好水渠二十条，粮食再获丰收，农民腰包更鼓。";
    let body = [
        styled("Title", "关于全县农业情况的说明"),
        styled("Heading1", "主要做法"),
        styled("Heading2", "抓农田"),
        styled("", long),
        styled("Heading2", "这一段误设为标题样式。"),
        styled("Heading1", "下步打算"),
        styled("", long),
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:rPr><w:b/></w:rPr><w:t>1.项目</w:t></w:r></w:p></w:tc>\
         <w:tc><w:p><w:r><w:rPr><w:b/></w:rPr><w:t>2024年政府工作报告</w:t></w:r></w:p></w:tc>\
         </w:tr></w:tbl>"
            .to_owned(),
    ]
    .concat();
    let document = format!("<w:document {WORD}><w:body>{body}</w:body></w:document>");
    let found = blocks(&text("a.docx", pack(&[("word/document.xml", document)])));
    let shown: Vec<String> = found
        .iter()
        .map(|(kind, text)| match kind {
            BlockKind::Title => format!("# {text}"),
            BlockKind::Heading { depth, .. } => format!("{depth} {text}"),
            BlockKind::Passage { path, .. } => format!("{} {text}", "-".repeat(path.len())),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "# 关于全县农业情况的说明",
            "1 主要做法",
            "2 抓农田",
            &format!("-- {long}"),
            "-- 这一段误设为标题样式。",
            "1 下步打算",
            &format!("- {long}"),
            "- 1.项目 | 2024年政府工作报告",
        ]
    );
}

#[test]
fn an_archive_with_a_folder_word_is_no_document() {
    let kind = |bytes: Vec<u8>| detect(&mut Cursor::new(bytes), Path::new("a.zip")).unwrap();
    let archive = pack(&[("word/报告.txt", "政府工作报告".to_owned())]);
    assert_eq!(kind(archive), Kind::Archive(Format::Zip));
    let document = document(Numbers::Typed, &[]);
    assert_eq!(kind(document), Kind::Document(Format::Docx));
}

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(path);
    path.exists().then_some(path)
}

#[test]
fn the_seed_reads_as_its_text_does() {
    let (Some(document), Some(plain)) = (
        shared("formats/seed.docx"),
        shared("seed/compilation-2023-2024.txt"),
    ) else {
        return;
    };
    let document = blocks(&text("seed.docx", std::fs::read(document).unwrap()));
    let plain = blocks(&text("seed.txt", std::fs::read(plain).unwrap()));
    let squeeze = |blocks: Vec<(BlockKind, String)>| -> Vec<(BlockKind, String)> {
        let squeeze = |text: String| text.chars().filter(|c| !c.is_whitespace()).collect();
        let squeezed = blocks.into_iter().map(|(kind, text)| (kind, squeeze(text)));
        squeezed.collect()
    };
    assert_eq!(squeeze(document), squeeze(plain));
}

#[test]
fn documents_keep_the_text_of_the_same_reports() {
    let (Some(documents), Some(reports)) = (
        shared("corpora/prov2025-docx"),
        shared("corpora/gov-reports/省自治区"),
    ) else {
        return;
    };
    // Another edition of the text, and notes that only the web page has.
    let other_editions = ["河南省", "海南省"];
    let mut compared = 0;
    for province in std::fs::read_dir(reports).unwrap() {
        let province = province.unwrap();
        let name = province.file_name().into_string().unwrap();
        let short: String = name.chars().take(2).collect();
        let same = |path: &PathBuf| path.to_string_lossy().contains(&format!("2025年{short}"));
        let paths = std::fs::read_dir(&documents).unwrap();
        let document = paths.map(|path| path.unwrap().path()).find(same);
        let report = province.path().join("2025.md");
        let (Some(document), true) = (document, report.exists()) else {
            continue;
        };
        let words = |path: &Path| -> String {
            let bytes = std::fs::read(path).unwrap();
            let found = blocks(&text(path.to_str().unwrap(), bytes));
            let bare = |c: &char| c.is_alphanumeric();
            found
                .iter()
                .flat_map(|(_, text)| text.chars().filter(bare))
                .collect()
        };
        let (document, report) = (words(&document), words(&report));
        let report: Vec<char> = report.chars().collect();
        let pieces = report
            .windows(20)
            .map(|piece| piece.iter().collect::<String>());
        let found = pieces.filter(|piece| document.contains(piece)).count();
        let share = found as f64 / (report.len() - 19) as f64;
        let expected = match other_editions.contains(&name.as_str()) {
            true => 0.85,
            false => 0.99,
        };
        assert!(share >= expected, "{name}: {share:.4}");
        compared += 1;
    }
    assert_eq!(compared, 27);
}

/// Reads damaged bytes: any answer is right that comes in time.
fn survive(bytes: Vec<u8>) {
    let limit = Duration::from_secs(10);
    let mut origin = Origin::new("a.docx", Path::new("a.docx"));
    origin.limits = Limits::start(8 << 20, limit);
    let started = Instant::now();
    let _ = read(&origin, bytes, &mut |_| {});
    assert!(
        started.elapsed() < 2 * limit,
        "took {:?}",
        started.elapsed()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Bytes of the container are changed, cut off or left out.
    #[test]
    fn damaged_containers_are_survived(
        cut in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        truncate in any::<bool>(),
    ) {
        let mut bytes = document(Numbers::Styles, &[2]);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if truncate {
            bytes.truncate(cut.index(bytes.len()));
        }
        survive(bytes);
    }

    /// The XML inside is changed, in a container that is whole.
    #[test]
    fn damaged_parts_are_survived(
        changes in prop::collection::vec(
            (0..4usize, any::<prop::sample::Index>(), 0..64usize, "[<>/&;\"=a-z0-9:w]{0,12}"),
            1..6,
        ),
    ) {
        let whole = document(Numbers::Styles, &[2]);
        let mut archive = zip::ZipArchive::new(Cursor::new(whole)).unwrap();
        let mut parts: Vec<(String, String)> = (0..archive.len())
            .map(|index| {
                let mut part = archive.by_index(index).unwrap();
                let mut text = String::new();
                std::io::Read::read_to_string(&mut part, &mut text).unwrap();
                (part.name().unwrap().into_owned(), text)
            })
            .collect();
        for (part, place, length, new) in changes {
            let index = part % parts.len();
            let text = &mut parts[index].1;
            let mut start = place.index(text.len().max(1)).min(text.len());
            while !text.is_char_boundary(start) {
                start -= 1;
            }
            let mut end = (start + length).min(text.len());
            while !text.is_char_boundary(end) {
                end += 1;
            }
            text.replace_range(start..end, &new);
        }
        let parts: Vec<(&str, String)> = parts
            .iter()
            .map(|(name, text)| (name.as_str(), text.clone()))
            .collect();
        survive(pack(&parts));
    }
}

#[test]
fn damage_to_the_seed_is_survived() {
    let Some(path) = shared("formats/seed.docx") else {
        return;
    };
    let whole = std::fs::read(path).unwrap();
    // A fixed sequence, so that what fails fails again.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for round in 0..2000 {
        let mut bytes = whole.clone();
        match round % 3 {
            0 => bytes.truncate(next(whole.len())),
            1 => {
                let start = next(whole.len());
                let end = (start + next(4096)).min(whole.len());
                bytes.drain(start..end);
            }
            _ => {}
        }
        for _ in 0..next(16) {
            if !bytes.is_empty() {
                let place = next(bytes.len());
                bytes[place] = next(256) as u8;
            }
        }
        survive(bytes);
    }
}
