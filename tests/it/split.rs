//! Reading and splitting: the traps of the seed, the shapes of other texts, and the tiling of all.
//!
//! Texts that are not part of the repository are looked for in `../shared`; where they are absent,
//! the tests that need them pass without them.

#![expect(clippy::expect_used, reason = "helpers of tests fail as tests do")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use zhengsou::model::{Role, SectionKind, SourceText};
use zhengsou::read::{Origin, read};
use zhengsou::schema::Schema;
use zhengsou::split::{Block, BlockKind, ReportDraft, Split, split};

fn schema() -> &'static Schema {
    static SCHEMA: std::sync::OnceLock<Schema> = std::sync::OnceLock::new();
    SCHEMA.get_or_init(|| Schema::embedded().expect("schema"))
}

fn texts(name: &str, bytes: &[u8]) -> Vec<SourceText> {
    let mut texts = Vec::new();
    read(
        &Origin::new(name, Path::new(name)),
        bytes.to_vec(),
        &mut |text| texts.push(text),
    )
    .expect("readable");
    texts
}

fn split_one(name: &str, text: &str) -> Split {
    let texts = texts(name, text.as_bytes());
    let found = split(&texts[0], schema());
    check_tiling(&texts[0], &found);
    found
}

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(path);
    path.exists().then_some(path)
}

fn seed() -> Option<Split> {
    let path = shared("seed/compilation-2023-2024.txt")?;
    let texts = texts("seed.txt", &std::fs::read(path).expect("seed"));
    let found = split(&texts[0], schema());
    check_tiling(&texts[0], &found);
    Some(found)
}

/// Every character that is not white space stands in exactly one block or dropped span, and a
/// block's text is its span without the dropped spans inside.
fn check_tiling(text: &SourceText, found: &Split) {
    let source = text.text.as_str();
    let mut dropped = vec![false; source.len()];
    for span in &found.dropped {
        assert_eq!(
            source[..span.bytes.start].chars().count(),
            span.chars.start,
            "{span:?}"
        );
        for place in span.bytes.range() {
            assert!(!dropped[place], "dropped twice: {span:?}");
            dropped[place] = true;
        }
    }
    let mut covered = dropped.clone();
    for block in found.reports.iter().flat_map(|report| &report.blocks) {
        let mut kept = String::new();
        for (offset, c) in source[block.bytes.range()].char_indices() {
            let place = block.bytes.start + offset;
            if dropped[place] {
                continue;
            }
            assert!(!covered[place], "covered twice: {block:?}");
            covered[place] = true;
            kept.push(c);
        }
        match block.kind {
            BlockKind::Heading { .. } => assert!(kept.contains(&block.text), "{block:?}"),
            // The lone blanks of a layout are left out of a paragraph.
            _ => assert_eq!(dense(&kept), dense(&block.text)),
        }
    }
    for (place, c) in source.char_indices() {
        assert!(
            c.is_whitespace() || covered[place],
            "lost {:?} in {source:?}",
            &source[place..].chars().take(20).collect::<String>()
        );
    }
}

fn dense(text: &str) -> String {
    text.split_whitespace().collect()
}

/// One line a block: `1/1 一、|回顾` for headings (level, depth), `正文 工作总结 …` for passages.
fn outline(report: &ReportDraft) -> Vec<String> {
    report.blocks.iter().map(show).collect()
}

fn show(block: &Block) -> String {
    let text: String = block.text.chars().take(16).collect();
    match &block.kind {
        BlockKind::Title => format!("题 {text}"),
        BlockKind::Heading {
            level,
            depth,
            number,
            ..
        } => format!("{level}/{depth} {number}|{text}"),
        BlockKind::Passage { role, kind, .. } => format!("{role} {kind} {text}"),
    }
}

fn check(text: &str, expected: &[&str]) {
    let found = split_one("a.txt", text);
    let all: Vec<String> = found.reports.iter().flat_map(outline).collect();
    assert_eq!(all, expected);
}

#[test]
fn the_seed_holds_fifteen_reports() {
    let Some(seed) = seed() else { return };
    let lines: Vec<u32> = seed.reports.iter().map(|report| report.line).collect();
    assert_eq!(
        lines,
        [
            26, 44, 63, 109, 162, 188, 207, 242, 277, 296, 336, 354, 373, 393, 436
        ]
    );
    let mut dropped: HashMap<&str, Vec<u32>> = HashMap::new();
    for span in &seed.dropped {
        dropped.entry(&span.reason).or_default().push(span.line);
    }
    assert_eq!(dropped["contents_entry"], (7..=23).collect::<Vec<_>>());
    assert_eq!(dropped["contents"], [4]);
    assert_eq!(dropped["compilation_title"], [2]);
    assert_eq!(dropped["advertisement"], (460..=463).collect::<Vec<_>>());
    assert_eq!(dropped["pay_mark"], [130, 466]);
}

#[test]
fn numbered_sentences_of_the_seed_are_items_where_nothing_follows() {
    let Some(seed) = seed() else { return };
    let blocks: Vec<&Block> = seed
        .reports
        .iter()
        .flat_map(|report| &report.blocks)
        .collect();
    let heading = |line: u32| {
        blocks
            .iter()
            .any(|block| block.line == line && matches!(block.kind, BlockKind::Heading { .. }))
    };
    for item in [57, 58, 142, 143, 144, 170, 171, 230, 231] {
        assert!(!heading(item), "{item} is an item");
    }
    for line in [
        30, 36, 68, 74, 81, 166, 169, 194, 214, 232, 304, 326, 398, 402, 413, 418,
    ] {
        assert!(heading(line), "{line} is a heading");
    }
    for line in [54, 118, 140, 167, 248, 250, 312, 320, 383, 456, 457] {
        assert!(!heading(line), "{line} is no heading");
    }
    let joined = blocks
        .iter()
        .find(|block| block.line == 130 && block.text.contains("后勤"));
    assert!(joined.is_some(), "the pay mark within 后勤 is cut out");
}

#[test]
fn kinds_and_roles_of_the_seed_are_those_of_their_sections() {
    let Some(seed) = seed() else { return };
    let mut kinds: HashMap<u32, (Role, SectionKind, usize)> = HashMap::new();
    for block in seed.reports.iter().flat_map(|report| &report.blocks) {
        if let BlockKind::Passage { role, kind, path } = &block.kind {
            kinds.insert(block.line, (*role, *kind, path.len()));
        }
    }
    use SectionKind::{Background, Highlight, Other, Plan, Problem, Proposal, Summary};
    for (line, kind, depth) in [
        (28, Background, 0),
        (29, Summary, 1),
        (37, Plan, 2),
        (142, Summary, 2),
        (198, Highlight, 2),
        (199, Summary, 2),
        (230, Problem, 2),
        (316, Summary, 3),
        (343, Summary, 2),
        (350, Plan, 2),
        (360, Highlight, 2),
        (368, Proposal, 2),
    ] {
        assert_eq!(kinds[&line], (Role::Body, kind, depth), "line {line}");
    }
    assert_eq!(kinds[&438], (Role::Salutation, Other, 0));
    assert_eq!(kinds[&456], (Role::Signature, Other, 0));
    assert_eq!(kinds[&457], (Role::Date, Other, 0));
}

#[test]
fn one_report_a_line_is_split_with_its_label() {
    let Some(path) = shared("corpora/socrates-onefile/data/gov_reports1954-2017.txt") else {
        return;
    };
    let texts = texts("gov.txt", &std::fs::read(path).expect("corpus"));
    let found = split(&texts[0], schema());
    check_tiling(&texts[0], &found);
    assert_eq!(found.reports.len(), 48);
    assert_eq!(found.reports[0].label.as_deref(), Some("1954"));
    assert_eq!(found.reports[0].title, "1954年政府工作报告");
}

#[test]
fn every_government_report_tiles_and_is_one_report() {
    let Some(root) = shared("corpora/gov-reports") else {
        return;
    };
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let texts = texts("a.md", &std::fs::read(&path).expect("report"));
            let found = split(&texts[0], schema());
            check_tiling(&texts[0], &found);
            assert_eq!(found.reports.len(), 1, "{}", path.display());
            // These texts are clean: what the rules of noise find here is body text lost.
            let lost = found.dropped.iter().find(|dropped| {
                ["advertisement", "breadcrumb", "page_number", "share_button"]
                    .contains(&dropped.reason.as_str())
            });
            assert_eq!(lost, None, "{}", path.display());
        }
    }
}

#[test]
fn run_in_headings_items_and_skipped_levels() {
    check(
        "XX局2023年工作总结\n一、基本情况。全局平稳。\n1.第一句话。\n2.第二句话。\n三、存在问题\n一是人手不足。",
        &[
            "题 XX局2023年工作总结",
            "1/1 一、|基本情况",
            "正文 基本情况 全局平稳。",
            "正文 基本情况 1.第一句话。",
            "正文 基本情况 2.第二句话。",
            "1/1 三、|存在问题",
            "正文 存在问题 一是人手不足。",
        ],
    );
}

#[test]
fn contents_without_page_numbers_circled_numbers_and_glossaries() {
    let found = split_one(
        "a.txt",
        "目  录\n一、2023年工作回顾……1\n二、2024年工作安排\n\n政府工作报告\n一、2023年工作回顾\n好。\n二、2024年工作安排\n①重点项目。开工。\n名词解释：\n1.双随机：随机抽取。\n（本文有删减）\n",
    );
    assert_eq!(found.dropped.len(), 3);
    assert_eq!(
        outline(&found.reports[0]),
        [
            "题 政府工作报告",
            "1/1 一、|2023年工作回顾",
            "正文 工作总结 好。",
            "1/1 二、|2024年工作安排",
            "5/2 ①|重点项目",
            "正文 工作计划 开工。",
            "1/1 |名词解释",
            "注释 其他 1.双随机：随机抽取。",
            "注释 其他 （本文有删减）",
        ]
    );
}

#[test]
fn lines_broken_at_one_width_are_paragraphs() {
    let paragraph = "全县上下坚持稳中求进工作总基调，完整准确全面贯彻新发展理念，经济运行总体平稳，社会大局和谐稳定。".repeat(6);
    let characters: Vec<char> = paragraph.chars().collect();
    let mut text = String::from("XX县2023年工作总结\n");
    for _ in 0..4 {
        for line in characters.chunks(32) {
            text.extend(line);
            text.push('\n');
        }
    }
    let found = split_one("a.txt", &text);
    let passages = found.reports[0].blocks.len() - 1;
    assert!((4..=16).contains(&passages), "{passages} passages");
}

#[test]
fn markdown_is_marked_not_lost() {
    let found = split_one(
        "a.md",
        "---\ntitle: 甲县2024年政府工作报告\n---\n**政府工作报告**\n\n——2024年1月5日在甲县第十八届人民代表大会第三次会议上\n\n县长 张三\n\n各位代表：\n\n## 一、2023年工作回顾\n\n**（一）抓项目。**投资[1]增长。\n\n## 二、2024年工作安排\n\n**（一）抓民生**\n\n好。\n",
    );
    let report = &found.reports[0];
    assert_eq!(report.title, "甲县2024年政府工作报告");
    assert_eq!(
        outline(report),
        [
            "题 政府工作报告",
            "题注 其他 ——2024年1月5日在甲县第十",
            "题注 其他 县长张三",
            "称呼 其他 各位代表：",
            "1/1 一、|2023年工作回顾",
            "2/2 （一）|抓项目",
            "正文 工作总结 投资增长。",
            "1/1 二、|2024年工作安排",
            "2/2 （一）|抓民生",
            "正文 工作计划 好。",
        ]
    );
}

#[test]
fn records_are_one_report_each() {
    let jsonl = "{\"id\":\"a\",\"title\":\"标题甲\",\"text\":\"第一段。\\n第二段。\"}\n坏\n{\"id\":\"b\",\"text\":\"街道2023年工作总结\\n好。\\n县局2023年工作总结\\n好。\"}\n";
    let texts = texts("a.jsonl", jsonl.as_bytes());
    let found: Vec<Split> = texts.iter().map(|text| split(text, schema())).collect();
    assert_eq!(found[0].reports[0].title, "标题甲");
    assert_eq!(found[0].reports[0].line, 1);
    assert_eq!(found[1].reports.len(), 1);
    assert!(
        found[1].reports[0]
            .blocks
            .iter()
            .all(|block| block.line == 3)
    );
}

/// Lines that have broken parsers, and pieces of them.
const TRAPS: &[&str] = &[
    "2023年工作总结及2024年工作计划汇编（15篇）",
    "目录",
    "县水务局2023年工作总结及2024年工作计划\t93",
    "县水务局2023年工作总结及2024年工作计划",
    "县卫健委2023年度工作总结和2024年工作计划",
    "政府工作报告",
    "——2023年1月15日在江苏省第十四届人民代表大会第一次会议上",
    "省长 许昆林",
    "各位代表：",
    "XX县人民政府：",
    "一、2023年工作总结",
    "（一）存在的问题",
    "(二)特色亮点工作。一是好。二是更好。",
    "1.开放办社力度需要进一步加大。",
    "2．加快发展。全力推进。",
    "3、招商引资方面",
    "（1）外贸进出口：2023年实现增长。",
    "① 抓好落实",
    "第一部分 工作回顾",
    "下一步工作打算",
    "一是持续推进。二是不断完善。",
    "增速排名全市第1.预计增长1.6万人次，安全第一、预防为主。",
    "后##paidbegin##勤保障。",
    "##paidend##",
    "- 3 -",
    "第 3 页 共 9 页",
    "12",
    "分享到：微信 微博",
    "当前位置：首页 > 政务公开",
    "【哒哒素材库】——每天更新材料1000多篇内部高质量素材，会员群同步更新，请联系",
    "**“十二五”时期国民经济和社会发展回顾**",
    "**（二）着力抓改革。**正文[1]。",
    "**——经济运行平稳。**生产总值增长。",
    "### （三）统筹发展",
    "<!-- 注释",
    "结束 -->",
    "[^1]: 脚注",
    "> 〔注〕引文<br>",
    "---",
    "title: 标题",
    "名词解释",
    "XX乡人民政府",
    "2023年12月8日",
    "1954\t1954年政府工作报告——1954年5月23日在第一次会议上\u{3000}\u{3000}国务院总理周恩来各位代表：\u{3000}\u{3000}正文。",
    "\u{feff}\u{200b}零宽\u{200b}字\u{ad}符\u{e004}",
    "Latin text, 1:1 and *stars* \\* `code` &nbsp;",
];

fn trap_line() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(TRAPS).prop_map(str::to_owned),
        1 => "[一二（）1.、。：*#\\[\\]<>!\\- 县局工作总结计划年\u{3000}\u{200b}\u{fe}]{0,40}",
        1 => "\\PC{0,30}",
        1 => "[。一是全县工作平稳]{600,4000}",
        1 => Just(String::new()),
    ]
}

fn trap_text() -> impl Strategy<Value = String> {
    let ends = prop::sample::select(&[
        "\n",
        "\r\n",
        "\r",
        "\u{2028}",
        "\u{85}",
        "\n\n",
        "",
        "\u{3000}\u{3000}",
    ]);
    prop::collection::vec((trap_line(), ends), 0..40).prop_map(|lines| {
        lines
            .into_iter()
            .flat_map(|(line, end)| [line, end.to_owned()])
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_mixture_of_traps_tiles(text in trap_text(), markdown: bool) {
        let name = if markdown { "a.md" } else { "a.txt" };
        let mut texts = Vec::new();
        read(&Origin::new(name, Path::new(name)), text.into_bytes(), &mut |text| texts.push(text)).ok();
        for text in texts {
            check_tiling(&text, &split(&text, schema()));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for name in ["a.txt", "a.md", "a.jsonl"] {
            let mut texts = Vec::new();
            read(&Origin::new(name, Path::new(name)), bytes.clone(), &mut |text| texts.push(text)).ok();
            for text in texts {
                check_tiling(&text, &split(&text, schema()));
            }
        }
    }
}
