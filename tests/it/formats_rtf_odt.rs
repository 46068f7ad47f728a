//! RTF and OpenDocument from outside: automatic numbers against typed ones, the seed beside the
//! project in both formats, and damage.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use zhengsou::model::SourceText;
use zhengsou::read::{Limits, Origin, read};
use zhengsou::schema::Schema;
use zhengsou::split::{BlockKind, split};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// How the numbers of a report are written into a document.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Numbers {
    /// As text.
    Typed,
    /// By a list, with what it prints beside it (RTF) or around each paragraph (OpenDocument).
    Lists,
    /// By a list alone (RTF) or by the outline of headings (OpenDocument).
    Counted,
}

/// A report: level of the heading (0 for body text, 9 for the title), its number, its text.
const REPORT: &[(usize, &str, &str)] = &[
    (9, "", "XX县2022年工作总结和2023年工作计划"),
    (
        0,
        "",
        "过去的一年，全县干部群众齐心协力，各项事业都向前走了一步，现将主要情况和下一年的安排报告如下。",
    ),
    (1, "一、", "2022年工作总结"),
    (2, "（一）", "田间地头变了样"),
    (
        0,
        "",
        "新修机耕路六十公里，清淤沟渠一百二十条，秋粮每亩多收四十多斤，合作社添了三十台农机。",
    ),
    (2, "（二）", "老旧小区换了颜"),
    (3, "1.", "水电气改造"),
    (
        0,
        "",
        "十二个小区的水管和电线全部换新，天然气通到每一户，居民做饭再不用扛煤气罐。",
    ),
    (3, "2.", "2022年新装电梯"),
    (
        0,
        "",
        "加装电梯四十五部，楼上的老人下得来，楼下的邻居也没有意见，纠纷一件没有出。",
    ),
    (1, "二、", "存在的问题"),
    (
        0,
        "",
        "园区的厂房还有三成空着，乡镇卫生院留不住年轻医生，这些都要下力气解决。",
    ),
    (1, "三、", "2023年工作计划"),
    (2, "（一）", "把空厂房用起来"),
    (
        0,
        "",
        "组建三支招商队伍常年在外，年内引进二十家企业，让空置率降到一成以下。",
    ),
    (2, "（二）", "把年轻医生留下来"),
    (3, "1.", "提高待遇"),
    (
        0,
        "",
        "乡镇医生的补贴每月提高八百元，周转房再建六十套，孩子上学由县里安排。",
    ),
];

const TYPES: [(&str, &str, &str); 3] = [
    // Word's code, OpenDocument's sample; what stands around the number.
    ("39", "一, 二, 三, ...", "%、"),
    ("39", "一, 二, 三, ...", "（%）"),
    ("0", "1", "%."),
];

/// Writes a text as Word does in China.
fn escaped(text: &str) -> String {
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    bytes.iter().map(|byte| format!("\\'{byte:02x}")).collect()
}

fn rtf(numbers: Numbers) -> Vec<u8> {
    let mut levels = String::new();
    for (index, (code, _, around)) in TYPES.iter().enumerate() {
        let length = around.chars().count();
        let text: String = around
            .chars()
            .map(|c| match c {
                '%' => format!("\\'{index:02x}"),
                c => format!("\\u{} {}", c as u32, escaped(&c.to_string())),
            })
            .collect();
        levels += &format!(
            "{{\\listlevel\\levelnfc{code}\\levelnfcn{code}\\levelfollow0\\levelstartat1\
             {{\\leveltext\\'{length:02x}{text};}}{{\\levelnumbers\\'01;}}}}"
        );
    }
    let mut body = String::new();
    for (level, number, text) in REPORT {
        body += "\\pard\\plain ";
        let list = match level {
            1..=3 => format!(
                "\\s{level}\\ls1\\ilvl{}\\outlinelevel{} ",
                level - 1,
                level - 1
            ),
            _ => String::new(),
        };
        match numbers {
            Numbers::Lists if !number.is_empty() => {
                let printed = escaped(number);
                body += &format!("{{\\listtext\\pard\\plain\\f1 {printed}\\tab}}{list}");
            }
            Numbers::Counted => body += &list,
            _ => body += &format!("\\f1 {}", escaped(number)),
        }
        body += &format!(
            "{{\\loch\\f0\\hich\\f0\\dbch\\f1 {}}}\\par\n",
            escaped(text)
        );
    }
    format!(
        "{{\\rtf1\\ansi\\ansicpg936\\uc2\\deff0{{\\fonttbl{{\\f0\\fcharset0 Times;}}\
         {{\\f1\\fcharset134 \\'cb\\'ce\\'cc\\'e5;}}}}{{\\stylesheet{{\\s1 heading 1;}}\
         {{\\s2 heading 2;}}{{\\s3 heading 3;}}}}{{\\*\\listtable{{\\list{levels}\\listid5}}}}\
         {{\\*\\listoverridetable{{\\listoverride\\listid5\\listoverridecount0\\ls1}}}}\n{body}}}"
    )
    .into_bytes()
}

fn odt(numbers: Numbers) -> Vec<u8> {
    let name =
        |name: &str| format!("xmlns:{name}=\"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0\" ");
    let names: String = ["office", "style", "text"].into_iter().map(name).collect();
    let levels = |element: &str| -> String {
        let level = |(index, (_, format, around)): (usize, &(&str, &str, &str))| {
            let (prefix, suffix) = around.split_once('%').unwrap();
            format!(
                "<text:{element} text:level=\"{}\" style:num-format=\"{format}\" \
                 style:num-prefix=\"{prefix}\" style:num-suffix=\"{suffix}\"/>",
                index + 1
            )
        };
        TYPES.iter().enumerate().map(level).collect()
    };
    let mut body = String::new();
    let mut first = true;
    for (level, number, text) in REPORT {
        let heading = format!("<text:h text:outline-level=\"{level}\">{text}</text:h>");
        body += &match (numbers, level) {
            (Numbers::Lists, 1..=3) => {
                let goes_on = !std::mem::take(&mut first);
                let open = "<text:list><text:list-item>".repeat(*level);
                let style = format!(
                    "<text:list text:style-name=\"L\" text:continue-numbering=\"{goes_on}\">"
                );
                open.replacen("<text:list>", &style, 1)
                    + &heading.replace("text:h", "text:p")
                    + &"</text:list-item></text:list>".repeat(*level)
            }
            (Numbers::Counted, 1..=3) => heading,
            _ => format!("<text:p>{number}{text}</text:p>"),
        };
    }
    let styles = format!(
        "<office:document-styles {names}><office:styles><text:outline-style style:name=\"Outline\">\
         {}</text:outline-style><text:list-style style:name=\"L\">{}</text:list-style>\
         </office:styles></office:document-styles>",
        levels("outline-level-style"),
        levels("list-level-style-number")
    );
    let content = format!(
        "<office:document-content {names}><office:body><office:text>{body}</office:text>\
         </office:body></office:document-content>"
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in [("styles.xml", styles), ("content.xml", content)] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(part.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn text(name: &str, bytes: Vec<u8>) -> SourceText {
    let mut texts = Vec::new();
    let origin = Origin::new(name, Path::new(name));
    read(&origin, bytes, &mut |text| texts.push(text)).unwrap();
    assert_eq!(texts.len(), 1, "{name}");
    texts.remove(0)
}

/// Returns the blocks of all reports, without their places and without blanks.
fn blocks(text: &SourceText) -> Vec<(BlockKind, String)> {
    let schema = Schema::embedded().unwrap();
    let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect();
    split(text, &schema)
        .reports
        .into_iter()
        .flat_map(|report| report.blocks)
        .map(|block| (block.kind, squeeze(&block.text)))
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
    for numbers in [Numbers::Typed, Numbers::Lists, Numbers::Counted] {
        assert_eq!(
            blocks(&text("a.rtf", rtf(numbers))),
            expected,
            "RTF, {numbers:?}"
        );
        assert_eq!(
            blocks(&text("a.odt", odt(numbers))),
            expected,
            "ODT, {numbers:?}"
        );
    }
}

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(path);
    path.exists().then_some(path)
}

#[test]
fn the_seed_reads_as_its_text_does() {
    let Some(plain) = shared("seed/compilation-2023-2024.txt") else {
        return;
    };
    let plain = blocks(&text("seed.txt", std::fs::read(plain).unwrap()));
    for name in ["seed.rtf", "seed.odt"] {
        let Some(path) = shared(&format!("formats/{name}")) else {
            continue;
        };
        let found = blocks(&text(name, std::fs::read(path).unwrap()));
        assert_eq!(found, plain, "{name}");
    }
}

#[test]
fn damage_is_survived() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let samples = [
        ("a.rtf", rtf(Numbers::Lists)),
        ("a.rtf", rtf(Numbers::Counted)),
        ("a.odt", odt(Numbers::Lists)),
        ("a.odt", odt(Numbers::Counted)),
    ];
    let limit = Duration::from_secs(10);
    for round in 0..4000 {
        let (name, whole) = &samples[round % samples.len()];
        let mut bytes = whole.clone();
        match next(3) {
            0 => bytes.truncate(next(whole.len())),
            1 => {
                let start = next(whole.len());
                let end = (start + next(400)).min(whole.len());
                bytes.drain(start..end);
            }
            _ => {}
        }
        for _ in 0..next(12) {
            if !bytes.is_empty() {
                let place = next(bytes.len());
                bytes[place] = next(256) as u8;
            }
        }
        let mut origin = Origin::new(name, Path::new(name));
        origin.limits = Limits::start(8 << 20, limit);
        let started = Instant::now();
        // Any answer is right that comes in time.
        let _ = read(&origin, bytes, &mut |_| {});
        assert!(started.elapsed() < limit, "{name}, round {round}");
    }
}
