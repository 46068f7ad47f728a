//! Web pages in the shapes that government sites have: the article comes whole, the site does not.

use std::path::Path;
use std::time::{Duration, Instant};

use encoding_rs::GB18030;
use zhengsou::model::SourceText;
use zhengsou::read::{Limits, Origin, read};
use zhengsou::{ErrorKind, Result};

const TITLE: &str = "青禾县水利局2023年工作总结和2024年工作计划";

const ARTICLE: &[&str] = &[
    "2023年，青禾县水利局围绕防汛抗旱、农村供水和河湖管护三件大事，一项一项抓落实，全年工作平稳有序。",
    "一、2023年工作回顾",
    "（一）防汛抗旱守住底线。汛前检修闸门46座，储备编织袋12万条，汛期转移群众318人，没有发生人员伤亡。",
    "（二）农村供水提质增效。新建联村水厂2座，更换老旧管网63公里，4.7万人喝上了稳定的自来水。",
    "二、存在的问题",
    "部分山塘淤积较重，基层管护人手不足，个别项目进度偏慢。",
    "三、2024年工作计划",
    "一是完成青禾河南段综合治理；二是再建联村水厂1座；三是把巡河责任落实到每个村组。",
    "青禾县水利局",
    "2024年1月12日",
];

/// Puts the title and the article into a page: `{{article:BEFORE|BEHIND}}` names what stands around
/// each paragraph.
fn page(template: &str) -> String {
    let page = template.replace("{{title}}", TITLE);
    let Some((before, rest)) = page.split_once("{{article:") else {
        return page;
    };
    let (around, after) = rest.split_once("}}").unwrap();
    let (open, close) = around.split_once('|').unwrap();
    let article: Vec<String> = ARTICLE
        .iter()
        .map(|paragraph| format!("{open}{paragraph}{close}"))
        .collect();
    format!("{before}{}{after}", article.join("\n"))
}

fn text_of(name: &str, bytes: Vec<u8>) -> Result<Option<SourceText>> {
    let mut texts = Vec::new();
    let origin = Origin::new(name, Path::new(name));
    read(&origin, bytes, &mut |text| texts.push(text))?;
    assert!(texts.len() < 2, "{name}");
    Ok(texts.pop())
}

/// Returns the lines of a page, trimmed.
fn lines(text: &SourceText) -> Vec<&str> {
    text.text.lines().map(str::trim).collect()
}

/// Checks that a page reads as its title, these lines, the article, and those lines.
#[track_caller]
fn check(name: &str, bytes: Vec<u8>, encoding: &str, before: &[&str], behind: &[&str]) {
    let text = text_of(name, bytes).unwrap().unwrap();
    assert_eq!((text.encoding.as_str(), text.undecodable), (encoding, 0));
    let expected = [&[TITLE], before, ARTICLE, behind].concat();
    assert_eq!(lines(&text), expected, "{name}");
    assert_eq!(text.given.title, None, "{name}");
}

#[test]
fn an_old_page_laid_out_with_tables_in_gbk() {
    let page = page(include_str!("../pages/table_layout.html"));
    let bytes = GB18030.encode(&page).0.into_owned();
    check("a.htm", bytes, "GB18030", &[], &[]);
    // A browser stored it as UTF-8 and left the head as it was.
    check("a.htm", page.into_bytes(), "UTF-8", &[], &[]);
}

#[test]
fn a_page_of_trs() {
    let page = page(include_str!("../pages/trs.html"));
    let behind = ["附件：2023年重点项目进度表"];
    check("a.html", page.into_bytes(), "UTF-8", &[], &behind);
}

#[test]
fn a_page_of_ucap() {
    let page = page(include_str!("../pages/ucap.html"));
    check("a.html", page.into_bytes(), "UTF-8", &[], &[]);
}

#[test]
fn a_page_of_a_portal_with_share_bars_and_related_links() {
    let page = page(include_str!("../pages/portal.html"));
    let text = text_of("a.html", page.clone().into_bytes())
        .unwrap()
        .unwrap();
    let heading = text.text.find("青禾县水利局\n").unwrap();
    assert_eq!(text.styles[0].level, 1, "the title");
    assert_eq!((text.styles[1].start, text.styles[1].level), (heading, 3));
    // Furniture within the article's box is left to the rules of splitting.
    let behind = ["责任编辑：某某"];
    check(
        "a.html",
        page.into_bytes(),
        "UTF-8",
        &["青禾县水利局"],
        &behind,
    );
}

#[test]
fn a_page_whose_boxes_have_unknown_names() {
    let page = page(include_str!("../pages/unknown.html"));
    check("a.html", page.into_bytes(), "UTF-8", &[], &[]);
}

#[test]
fn a_page_that_word_exported_reads_like_its_document() {
    let page = page(include_str!("../pages/word.html"));
    let bytes = GB18030.encode(&page).0.into_owned();
    let text = text_of("a.htm", bytes).unwrap().unwrap();
    let expected = [
        TITLE,
        ARTICLE[0],
        ARTICLE[1],
        ARTICLE[2],
        ARTICLE[3],
        "项目 | 进度",
        "南河水厂 | 完成85%",
        ARTICLE[4],
        "部分山塘淤积较重，基层管护人手不足[1]，个别项目进度偏慢。",
        "[1]指乡镇水利站在编人员。",
    ];
    assert_eq!(lines(&text), expected);
    assert_eq!(text.given.title, None);
    let bold: Vec<&str> = text
        .styles
        .iter()
        .filter(|style| style.bold > 0)
        .map(|style| &text.text[style.start..style.start + style.bold])
        .collect();
    assert_eq!(
        bold,
        [TITLE, "（一）防汛抗旱守住底线。"],
        "numbers are not bold"
    );
    let note = text.styles.iter().find(|style| style.note).unwrap();
    assert!(text.text[note.start..].starts_with("[1]指"));
}

#[test]
fn a_page_saved_with_its_parts() {
    let bytes = include_bytes!("../pages/browser.mhtml").to_vec();
    check("a.mhtml", bytes, "UTF-8", &[], &[]);
}

#[test]
fn a_page_of_nothing_but_paragraphs_keeps_all() {
    let page = format!("<p>{}</p>", ARTICLE.join("</p>\n<p>"));
    let text = text_of("a.html", page.into_bytes()).unwrap().unwrap();
    assert_eq!(lines(&text), ARTICLE);
    // One paragraph, and headings in boxes of their own.
    let page = format!(
        "<body><div><h2>{}</h2></div><div>{}</div><div>{}</div></body>",
        ARTICLE[4], ARTICLE[5], ARTICLE[8]
    );
    let text = text_of("a.html", page.into_bytes()).unwrap().unwrap();
    assert_eq!(lines(&text), [ARTICLE[4], ARTICLE[5], ARTICLE[8]]);
}

#[test]
fn an_article_in_several_boxes_is_whole() {
    let parts: Vec<String> = ARTICLE
        .iter()
        .map(|paragraph| format!("<div class=TRS_Editor><p>{paragraph}</p></div>"))
        .collect();
    let page = format!(
        "<title>{TITLE}</title><div class=nav><a href=/>首页</a></div><h1>{TITLE}</h1><div>{}</div>\
         <div class=TRS_Editor></div>",
        parts.join("")
    );
    check("a.html", page.into_bytes(), "UTF-8", &[], &[]);
    // A box of a known name that holds a fifth of it is not taken for all of it.
    let page = format!(
        "<h1>{TITLE}</h1><div><div id=zoom><p>{}</p></div><p>{}</p></div>",
        ARTICLE[0],
        ARTICLE[1..].join("</p><p>")
    );
    check("a.html", page.into_bytes(), "UTF-8", &[], &[]);
}

#[test]
fn what_a_script_would_show_is_read() {
    let page = format!(
        "<p>正在加载</p><div style='display:none'><p>{}</p></div>",
        ARTICLE.join("</p><p>")
    );
    let text = text_of("a.html", page.into_bytes()).unwrap().unwrap();
    assert_eq!(lines(&text)[1..], *ARTICLE);
    assert_eq!(text.warnings.len(), 1);
}

#[test]
fn the_head_gives_the_title_that_the_article_lacks() {
    let page = format!(
        "<title>{TITLE}_青禾县人民政府</title><p>{}</p><p>{}</p>",
        ARTICLE[0], ARTICLE[2]
    );
    let text = text_of("a.html", page.into_bytes()).unwrap().unwrap();
    assert_eq!(text.given.title.as_deref(), Some(TITLE));
    assert_eq!(lines(&text), [ARTICLE[0], ARTICLE[2]]);
}

#[test]
fn a_list_of_links_is_skipped_with_the_reason() {
    let bytes = include_bytes!("../pages/links.html").to_vec();
    let error = text_of("a.html", bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(
        error
            .message(zhengsou::model::Language::Zh)
            .contains("只有链接")
    );
    // A page without text is empty, not broken.
    assert!(
        text_of("a.html", b"<html><body></body></html>".to_vec())
            .unwrap()
            .is_none()
    );
}

#[test]
fn a_hundred_thousand_nested_elements() {
    for tag in [
        "div",
        "table><tr><td",
        "font color=red",
        "b",
        "ul><li",
        "section class=nav",
    ] {
        let page = format!(
            "<title>{TITLE}</title><body>{}<p>{}</p>",
            format!("<{tag}>").repeat(100_000),
            ARTICLE.join("<p>")
        );
        let started = Instant::now();
        let text = text_of("a.html", page.into_bytes()).unwrap().unwrap();
        let squeezed: String = text.text.split_whitespace().collect();
        assert_eq!(squeezed, ARTICLE.concat(), "{tag}");
        assert!(started.elapsed() < Duration::from_secs(60), "{tag}");
    }
}

#[test]
fn too_many_elements_end_in_an_error() {
    let page = "<b>".to_owned() + &"<p>x".repeat(3_000_000);
    let error = text_of("a.html", page.into_bytes()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
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
fn damaged_pages_do_no_harm() {
    let pages = [
        page(include_str!("../pages/table_layout.html")).into_bytes(),
        GB18030
            .encode(&page(include_str!("../pages/word.html")))
            .0
            .into_owned(),
        page(include_str!("../pages/ucap.html")).into_bytes(),
        include_bytes!("../pages/browser.mhtml").to_vec(),
    ];
    let pieces: [&[u8]; 10] = [
        b"<table>",
        b"</table>",
        b"<td",
        b"<!--",
        b"</p>",
        b"<svg><p>",
        b"<ol start=-1><li>",
        b"<template>",
        b"\0",
        b"&#x10ffff;",
    ];
    let mut dice = Dice(0x5eed);
    let limits = Duration::from_secs(20);
    for round in 0..2000 {
        let (name, page) = match round % 4 {
            3 => ("a.mhtml", &pages[3]),
            which => ("a.html", &pages[which]),
        };
        let mut bytes = page.clone();
        for _ in 0..1 + dice.below(6) {
            let at = dice.below(bytes.len());
            match dice.below(5) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, dice.below(256) as u8),
                2 => {
                    let end = (at + dice.below(200)).min(bytes.len());
                    bytes.drain(at..end);
                }
                3 => {
                    let end = (at + dice.below(200)).min(bytes.len());
                    let copy = bytes[at..end].to_vec();
                    let to = dice.below(bytes.len());
                    bytes.splice(to..to, copy);
                }
                _ => {
                    let piece = pieces[dice.below(pieces.len())];
                    bytes.splice(at..at, piece.iter().copied());
                }
            }
            if bytes.is_empty() {
                bytes.push(b'<');
            }
        }
        let started = Instant::now();
        let mut origin = Origin::new(name, Path::new(name));
        origin.limits = Limits::start(0, limits);
        // An error is as good as a text; a panic or a hang is not.
        let _ = read(&origin, bytes, &mut |text| {
            for style in &text.styles {
                assert!(text.text.is_char_boundary(style.start + style.bold));
            }
        });
        assert!(started.elapsed() < limits, "round {round}");
    }
}
