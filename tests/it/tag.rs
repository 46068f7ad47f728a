//! Whole reports through reading, splitting and tagging.
//!
//! 1. What a report says of itself is read; what it only mentions is not.
//! 2. In a compilation every report has its own author, and none where none is named.
//! 3. On labelled reports, where there are any beside the project, region and report year are
//!    right: nearly always with their paths, and almost as often without.

use std::path::{Path, PathBuf};

use zhengsou::model::{Level, Report};
use zhengsou::read::{Origin, read};
use zhengsou::schema::Schema;
use zhengsou::split::split;
use zhengsou::tag::tag;

fn tagged(source: &str, text: &[u8], schema: &Schema) -> Vec<Report> {
    let mut reports = Vec::new();
    let summary = read(
        &Origin::new(source, Path::new(source)),
        text.to_vec(),
        &mut |text| {
            reports.extend(tag(&text, split(&text, schema), schema).reports);
        },
    );
    assert!(summary.is_ok(), "{source}: {summary:?}");
    reports
}

/// What is tagged: kind, agency, level, region, date, report year.
fn summary(report: &Report) -> String {
    let year = report.report_year.map(|year| year.to_string());
    [
        Some(report.kind.as_str()),
        report.agency.as_deref(),
        report.level.map(Level::as_str),
        report.region.as_deref(),
        report.date.as_deref(),
        year.as_deref(),
    ]
    .map(|tag| tag.unwrap_or("-"))
    .join(" ")
}

#[test]
fn a_report_says_who_wrote_it() {
    let schema = Schema::embedded().unwrap();
    let check = |text: &str, wanted: &str| {
        let reports = tagged("x.txt", text.as_bytes(), &schema);
        let found: Vec<_> = reports.iter().map(summary).collect();
        assert_eq!(found, [wanted], "{text}\n{:#?}", reports[0].evidence);
    };
    check(
        "政府工作报告\n——2023年1月5日在南京市第十七届人民代表大会第二次会议上\n南京市市长 夏某某\n\n\
         各位代表：\n现在，我代表市人民政府，向大会报告工作，请予审议。\n一、2022年工作回顾\n经济稳中有进。\n",
        "政府工作报告 南京市人民政府 市 江苏省/南京市 2023-01-05 2023",
    );
    check(
        "政府工作报告\n2022年12月28日在岳阳市云溪区\n第六届人民代表大会第二次会议上\n区长 张某\n\n\
         各位代表：\n现在，我代表区人民政府，向大会报告工作，请予审议。\n一、2022年工作回顾\n经济稳中有进。\n",
        "政府工作报告 云溪区人民政府 县 湖南省/岳阳市/云溪区 2022-12-28 2023",
    );
    check(
        "2024年北京市政府工作报告\n——2024年1月21日在北京市第十六届人民代表大会第二次会议上\n市长 殷某\n\n\
         各位代表：\n现在，我代表北京市人民政府，向大会报告政府工作。\n一、2023年工作回顾\n全市经济回升。\n",
        "政府工作报告 北京市人民政府 省 北京市 2024-01-21 2024",
    );
    check(
        "海淀区政府工作报告\n各位代表：\n我代表海淀区人民政府向大会报告工作。\n一、2019年工作回顾\n全区经济回升。\n\
         二、2020年重点工作\n抓好落实。\n",
        "政府工作报告 海淀区人民政府 县 北京市/海淀区 - 2020",
    );
    check(
        "2009年巢湖市政府工作报告\n——2009年1月8日在巢湖市第三届人民代表大会第一次会议上\n市长 某某\n\n\
         各位代表：\n现在，我代表市人民政府向大会报告工作，请予审议。\n一、2008年工作回顾\n全市经济回升。\n",
        "政府工作报告 巢湖市人民政府 市 安徽省/巢湖市 2009-01-08 2009",
    );
    check(
        "鼓楼区2020年政府工作报告\n各位代表：\n我代表区人民政府向大会报告工作。\n一、2019年工作回顾\n全区经济回升。\n\
         二、2020年重点工作\n抓好落实。\n",
        "政府工作报告 鼓楼区人民政府 县 鼓楼区 - 2020",
    );
    check(
        "鼓楼区2020年政府工作报告\n各位代表：\n我代表区人民政府向大会报告工作。\n一、2019年工作回顾\n南京市委、\
         南京市政府支持鼓楼，服务南京。\n二、2020年重点工作\n建设南京主城，融入南京。\n",
        "政府工作报告 鼓楼区人民政府 县 江苏省/南京市/鼓楼区 - 2020",
    );
    check(
        "义门镇2023年政府工作报告\n各位代表：\n现在，我代表义门镇人民政府，向大会报告工作，请予审议。\n\
         一、2022年工作回顾\n全镇经济回升。\n二、2023年工作安排\n抓好落实。\n",
        "政府工作报告 义门镇人民政府 乡 - - 2023",
    );
    check(
        "南京市玄武区卫健委2023年工作总结和2024年工作计划\n2023年，区卫健委在市卫健委的指导下做好工作。\n\
         一、2023年工作总结\n巢湖市卫健委来访，巢湖市卫健委调研，巢湖市卫健委交流，巢湖市卫健委座谈。\n\
         二、2024年工作计划\n抓好落实。\n南京市玄武区卫生健康委员会\n2024年1月9日\n",
        "工作总结和计划 卫生健康委员会 县 江苏省/南京市/玄武区 2024-01-09 2023",
    );
    check(
        "2023年工作总结及2024年工作计划\n在省教育厅的领导下，我们认真落实《安徽省教育厅关于减负的通知》。\n\
         一、2023年工作总结\n我局组织学习。\n二、2024年工作计划\n抓好落实。\n",
        "工作总结和计划 - - - - 2023",
    );
    check(
        "锡林郭勒盟2022年政府工作报告\n各位代表：\n一、2021年工作回顾\n全盟经济回升。\n",
        "政府工作报告 锡林郭勒盟行政公署 市 内蒙古自治区/锡林郭勒盟 - 2022",
    );
    check(
        "2024年工作计划\n为做好工作，制定本计划。\n一、总体要求\n抓好落实。\n",
        "工作总结和计划 - - - - 2024",
    );
}

#[test]
fn what_is_given_is_taken() {
    let schema = Schema::embedded().unwrap();
    let record = r#"{"id":"7","title":"江西省财政厅2020年工作总结","text":"2020年，省财政厅认真履职。","agency":"教育局","region":"南京市","level":"县","year":2019}"#;
    let reports = tagged("x.jsonl", record.as_bytes(), &schema);
    let [report] = &reports[..] else {
        panic!("{reports:#?}");
    };
    assert_eq!(report.agency.as_deref(), Some("教育局"));
    assert_eq!(report.region.as_deref(), Some("江苏省/南京市"));
    assert_eq!(report.level, Some(Level::County));
    assert_eq!(report.system.as_deref(), Some("教育"));
    assert_eq!(report.passages[0].year, Some(2019));
    assert!(
        report
            .evidence
            .iter()
            .any(|vote| vote.from == "given" && vote.chosen)
    );
}

proptest::proptest! {
    /// Any text is tagged without panic, its passages have ids of their own, and each heading opens
    /// one passage or trails.
    #[test]
    fn any_text_is_tagged(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40)) {
        let text = pieces.concat();
        proptest::prop_assume!(!text.trim().is_empty());
        static SCHEMA: std::sync::LazyLock<Schema> = std::sync::LazyLock::new(|| Schema::embedded().unwrap());
        for report in tagged(&format!("{}.txt", text.replace('\n', "")), text.as_bytes(), &SCHEMA) {
            let mut ids: Vec<_> = report.passages.iter().map(|passage| passage.id).collect();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), report.passages.len());
            let mut opened: Vec<_> = report.passages.iter().flat_map(|passage| &passage.opens).collect();
            opened.extend(&report.trailing);
            assert!(opened.windows(2).all(|pair| pair[0].chars.start < pair[1].chars.start));
        }
    }
}

/// What reports are made of, with what trips naive reading.
const PIECES: &[&str] = &[
    "\n",
    "\n",
    "。",
    "，",
    "：",
    "《",
    "》",
    " ",
    "—",
    "（",
    "）",
    "一、",
    "（一）",
    "1.",
    "XX",
    "X",
    "某",
    "县",
    "市",
    "区",
    "省",
    "自治区",
    "乡",
    "镇",
    "街道",
    "江苏省",
    "南京",
    "鼓楼区",
    "海南",
    "吉林",
    "巢湖市",
    "卫健委",
    "分局",
    "公安局",
    "交警大队",
    "团",
    "市委",
    "人民政府",
    "政府",
    "国务院",
    "中共",
    "2023年",
    "二〇二三年",
    "十二月",
    "12月3日",
    "十四五",
    "“十四五”",
    "工作总结",
    "工作计划",
    "回顾",
    "政府工作报告",
    "第十四届人民代表大会第一次会议上",
    "在",
    "向",
    "我代表",
    "现将",
    "各位代表：",
    "省长",
    "年",
    "届",
    "第",
    "9",
    "〇",
    "é",
    "😀",
    "\u{3000}",
    "⼯",
];

/// A folder with test material beside the project.
fn beside(path: &str) -> PathBuf {
    let project = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    project.join("../shared").join(path)
}

#[test]
fn every_report_of_a_compilation_has_its_author() {
    let schema = Schema::embedded().unwrap();
    let Ok(text) = std::fs::read(beside("seed/compilation-2023-2024.txt")) else {
        return;
    };
    let reports = tagged("compilation.txt", &text, &schema);
    let authors: Vec<_> = reports
        .iter()
        .map(|report| {
            let agency = report.agency.as_deref().unwrap_or("-");
            let raw = report.agency_raw.as_deref().unwrap_or("-");
            format!("{agency} {raw} {}", report.level.map_or("-", Level::as_str))
        })
        .collect();
    let wanted = [
        "卫生健康委员会 县卫健委 县",
        "- - -",
        "街道办事处 街道 乡",
        "卫生健康委员会 区卫健委 县",
        "医疗保障局 区医疗保障局 县",
        "应急管理局 区应急管理局 县",
        "供销合作社 市供销社 市",
        "交通运输局 市交通运输局 市",
        "林业局 县林业局 县",
        "商务局 县商务局 县",
        "生态环境局 县生态环境分局 县",
        "水务局 县水务局 县",
        "卫生健康委员会 县卫健委 县",
        "卫生健康委员会 县卫健委 县",
        "乡人民政府 乡 乡",
    ];
    assert_eq!(authors, wanted);
    // Their own places are hidden; those that are named are others'.
    assert!(reports.iter().all(|report| report.region.is_none()));
    assert!(
        reports
            .iter()
            .all(|report| report.report_year == Some(2023))
    );
}

/// A labelled report.
struct Labelled {
    path: String,
    region: String,
    year: i32,
    bytes: Vec<u8>,
}

/// Reads the labelled reports that lie beside the project; none if there are none.
fn labelled() -> Vec<Labelled> {
    let root = beside("corpora");
    let Ok(index) = std::fs::read_to_string(root.join("INDEX.tsv")) else {
        return Vec::new();
    };
    let rows = index.lines().skip(1).filter_map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [path, year, region, .., note] = fields[..] else {
            return None;
        };
        if !note.is_empty() || !path.ends_with(".txt") {
            return None;
        }
        Some(Labelled {
            path: path.to_owned(),
            region: region.to_owned(),
            year: year.parse().ok()?,
            bytes: std::fs::read(root.join(path)).ok()?,
        })
    });
    rows.collect()
}

#[test]
#[expect(
    clippy::print_stderr,
    reason = "what was misread is the point of a measurement"
)]
fn labelled_reports_are_placed_and_dated() {
    let schema = Schema::embedded().unwrap();
    let labelled = labelled();
    if labelled.is_empty() {
        return;
    }
    for (hidden, least) in [(false, 0.99), (true, 0.97)] {
        let (mut places, mut years) = (0, 0);
        for (number, row) in labelled.iter().enumerate() {
            let name = match hidden {
                true => format!("d{number:04}.md"),
                false => row.path.clone(),
            };
            let reports = tagged(&name, &row.bytes, &schema);
            let best = reports.iter().max_by_key(|report| report.passages.len());
            let region = best.and_then(|report| report.region.as_deref());
            let year = best.and_then(|report| report.report_year);
            let placed = region == Some(&row.region);
            let dated = year == Some(row.year);
            places += usize::from(placed);
            years += usize::from(dated);
            if !placed || !dated {
                eprintln!("{} ({name}): {region:?} {year:?}", row.path);
                for vote in best.iter().flat_map(|report| &report.evidence) {
                    eprintln!(
                        "    {} {} {} {} {}",
                        vote.tag, vote.value, vote.weight, vote.from, vote.quote
                    );
                }
            }
        }
        let share = |right: usize| right as f32 / labelled.len() as f32;
        eprintln!(
            "{} reports, paths hidden: {hidden}; region {:.4}, year {:.4}",
            labelled.len(),
            share(places),
            share(years)
        );
        assert!(share(places) >= least && share(years) >= least);
    }
}
