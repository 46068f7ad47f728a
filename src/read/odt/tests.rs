//! Documents as LibreOffice, Word and WPS write them, small enough to be read here.

use std::io::{Cursor, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;
use crate::model::{Format, SourceText};

const NAMESPACES: &str = concat!(
    r#" xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0""#,
    r#" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0""#,
    r#" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0""#,
    r#" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0""#,
    r#" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0""#,
    r#" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0""#,
    r#" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0""#,
    r#" xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0""#,
    r#" xmlns:dc="http://purl.org/dc/elements/1.1/""#,
);

/// Makes a flat document of styles and a body.
fn flat(styles: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document{NAMESPACES}>\
         <office:styles>{styles}</office:styles>\
         <office:body><office:text>{body}</office:text></office:body></office:document>"
    )
}

/// Packs parts into a container.
fn pack(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in parts {
        zip.start_file(*path, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn try_read(bytes: &[u8]) -> Result<Transcript> {
    read(bytes, &Origin::new("a.odt", Path::new("a.odt")))
}

fn read_bytes(bytes: &[u8]) -> SourceText {
    let transcript = try_read(bytes).expect("the document is whole");
    transcript.finish("a.odt", Format::Odt)
}

fn lines(styles: &str, body: &str) -> Vec<String> {
    let text = read_bytes(flat(styles, body).as_bytes()).text;
    text.lines().map(str::to_owned).collect()
}

fn text(body: &str) -> String {
    read_bytes(flat("", body).as_bytes()).text
}

/// Styles of headings and lists as Word's are converted.
const STYLES: &str = r#"
<style:style style:name="Standard" style:family="paragraph"/>
<style:style style:name="Heading_20_1" style:family="paragraph" style:parent-style-name="Standard">
 <style:text-properties fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>
<style:style style:name="Free" style:family="paragraph" style:parent-style-name="Heading_20_1" style:list-style-name=""/>
<style:style style:name="Item" style:family="paragraph" style:list-style-name="L2"/>
<style:style style:name="Chapter" style:family="paragraph" style:list-style-name="L3"/>
<style:style style:name="Thin" style:family="text"><style:text-properties fo:font-weight="normal"/></style:style>
<style:style style:name="Latin" style:family="text"><style:text-properties fo:font-weight="bold" style:font-weight-asian="normal"/></style:style>
<style:style style:name="Heavy" style:family="text"><style:text-properties fo:font-weight="700"/></style:style>
<style:style style:name="Gone" style:family="text"><style:text-properties text:display="none"/></style:style>
<text:outline-style style:name="Outline">
 <text:outline-level-style text:level="1" style:num-suffix="、" style:num-format="一, 二, 三, ..."/>
 <text:outline-level-style text:level="2" loext:num-list-format="（%2%）" style:num-prefix="(" style:num-suffix=")" style:num-format="一, 二, 三, ..."/>
 <text:outline-level-style text:level="3" style:num-format="1" text:display-levels="2" style:num-suffix="."/>
 <text:outline-level-style text:level="4" style:num-format=""/>
</text:outline-style>
<text:list-style style:name="L1">
 <text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
 <text:list-level-style-number text:level="2" style:num-format="①, ②, ③, ..." text:start-value="3">
  <style:list-level-properties><style:list-level-label-alignment text:label-followed-by="nothing"/></style:list-level-properties>
 </text:list-level-style-number>
 <text:list-level-style-bullet text:level="3" text:bullet-char="◆"/>
</text:list-style>
<text:list-style style:name="L2"><text:list-level-style-number text:level="1" style:num-format="甲, 乙, 丙, ..." style:num-suffix="、"/></text:list-style>
<text:list-style style:name="L3"><text:list-level-style-number text:level="1" style:num-format="壹, 贰, 叁, ..." style:num-prefix="第" style:num-suffix="章"/></text:list-style>
"#;

fn heading(level: u32, text: &str) -> String {
    format!(
        r#"<text:h text:style-name="Heading_20_1" text:outline-level="{level}">{text}</text:h>"#
    )
}

#[test]
fn headings_are_numbered() {
    let body = [
        heading(1, "甲"),
        heading(2, "乙"),
        heading(2, "丙"),
        heading(3, "丁"),
        heading(4, "戊"),
        r#"<text:h text:style-name="Free" text:outline-level="1">己</text:h>"#.to_owned(),
        r#"<text:h text:outline-level="1" text:is-list-header="true">庚</text:h>"#.to_owned(),
        heading(1, ""),
        heading(1, "辛"),
        heading(2, "壬"),
        r#"<text:h text:outline-level="1" text:restart-numbering="true" text:start-value="9">癸</text:h>"#.to_owned(),
        r#"<text:h text:style-name="Chapter" text:outline-level="1">子</text:h>"#.to_owned(),
    ];
    assert_eq!(
        lines(STYLES, &body.concat()),
        [
            "一、甲",
            "（一）乙",
            "（二）丙",
            "二.1.丁",
            "戊",
            "己",
            "庚",
            "",
            "三、辛",
            "（一）壬",
            "九、癸",
            "第壹章 子"
        ]
    );
    let read = read_bytes(flat(STYLES, &body.concat()).as_bytes());
    let first = read.styles[0];
    assert_eq!((first.level, first.bold), (1, "一、甲".len()));
    assert_eq!(read.styles[3].level, 3);
}

#[test]
fn lists_are_numbered() {
    let list =
        |attributes: &str, items: &str| format!("<text:list{attributes}>{items}</text:list>");
    let item = |inside: &str| format!("<text:list-item>{inside}</text:list-item>");
    let p = |text: &str| format!("<text:p>{text}</text:p>");
    let l1 = r#" text:style-name="L1""#;
    let nested = |texts: &[&str]| {
        let items: String = texts.iter().map(|text| item(&p(text))).collect();
        list("", &items)
    };
    let body = [
        // A second paragraph of an item, a list in a list, an item that is only that.
        list(
            &format!(r#"{l1} xml:id="a""#),
            &[
                item(&(p("a") + &p("more") + &nested(&["b", "c"]))),
                item(&nested(&["d"])),
                item(&(p("e") + &nested(&["f"]))),
                item(&list("", &item(&nested(&["g"])))),
                format!("<text:list-header>{}</text:list-header>", p("head")),
                format!(
                    r#"<text:list-item text:start-value="7">{}</text:list-item>"#,
                    p("h")
                ),
            ]
            .concat(),
        ),
        p("between"),
        list(&format!(r#"{l1} text:continue-numbering="true""#), &item(&p("i"))),
        list(&format!(r#"{l1} xml:id="b""#), &item(&p("j"))),
        list(&format!(r#"{l1} text:continue-list="a""#), &item(&p("k"))),
        list(&format!(r#"{l1} text:continue-list="b""#), &item(&p("2023年"))),
        // The list of the paragraph's own style, the outline as a list.
        list("", &item(r#"<text:p text:style-name="Item">l</text:p>"#)),
        list(
            r#" text:style-name="Outline""#,
            &item(r#"<text:h text:outline-level="1">m</text:h>"#),
        ),
        heading(1, "n"),
        r#"<text:numbered-paragraph text:list-id="n" text:style-name="L2" text:level="1"><text:p>o</text:p></text:numbered-paragraph>"#.to_owned(),
        r#"<text:numbered-paragraph text:list-id="n" text:style-name="L2"><text:number>乙.</text:number><text:p>p</text:p></text:numbered-paragraph>"#.to_owned(),
        list(r#" text:style-name="none""#, &item(&p("q"))),
    ];
    assert_eq!(
        lines(STYLES, &body.concat()),
        [
            "1.a",
            "more",
            "③b",
            "④c",
            "⑤d",
            "2.e",
            "③f",
            "◆ g",
            "head",
            "7.h",
            "between",
            "8.i",
            "1.j",
            "9.k",
            "2. 2023年",
            "甲、l",
            "一、m",
            "二、n",
            "甲、o",
            "乙.p",
            "q"
        ]
    );
}

#[test]
fn white_space_is_what_elements_say() {
    assert_eq!(
        text(
            "<text:p>\n  a \n b<text:s text:c=\"3\"/>c<text:tab/>d<text:line-break/>\n e</text:p>"
        ),
        "a b   c\td\ne\n"
    );
    let bomb = text(r#"<text:p>a<text:s text:c="4000000000"/>b</text:p>"#);
    assert!(bomb.len() < 1000);
    assert_eq!(
        text("<text:p>a<text:soft-page-break/>&lt;&#25919;&amp;<![CDATA[<x>]]></text:p>"),
        "a<政&<x>\n"
    );
}

#[test]
fn bold_type_is_told() {
    let bold = |body: &str| {
        let read = read_bytes(flat(STYLES, body).as_bytes());
        read.styles.first().map_or(0, |style| style.bold)
    };
    let span = |style: &str| {
        bold(&format!(
            r#"<text:p><text:span text:style-name="{style}">ab</text:span>c</text:p>"#
        ))
    };
    assert_eq!((span("Heavy"), span("Latin"), span("Thin")), (2, 0, 0));
    let inherits = r#"<text:p text:style-name="Free">a<text:span text:style-name="Thin">b</text:span></text:p>"#;
    assert_eq!(bold(inherits), 1);
}

#[test]
fn what_is_not_printed_is_left_out() {
    let cases = [
        (
            r#"<text:p>a<text:span text:style-name="Gone">b<text:s/></text:span>c</text:p>"#,
            "ac\n",
        ),
        (
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes><text:p>a<text:change text:change-id=\"1\"/>b</text:p>",
            "ab\n",
        ),
        (
            "<text:p>a<office:annotation><dc:creator>x</dc:creator><text:p>note</text:p></office:annotation>b<office:annotation-end/></text:p>",
            "ab\n",
        ),
        (
            r#"<text:p>a<text:hidden-text text:is-hidden="true">b</text:hidden-text><text:hidden-text>c</text:hidden-text></text:p><text:p>x<text:hidden-paragraph text:is-hidden="true"/></text:p>"#,
            "ac\n",
        ),
        (
            r#"<text:section text:display="none"><text:p>a</text:p></text:section><text:section><text:p>b</text:p></text:section>"#,
            "b\n",
        ),
        (
            "<text:p><text:ruby><text:ruby-base>政</text:ruby-base><text:ruby-text>zheng</text:ruby-text></text:ruby>府</text:p>",
            "政府\n",
        ),
        (
            "<text:table-of-content><text:table-of-content-source/><text:index-body><text:p>a<text:tab/>1</text:p></text:index-body></text:table-of-content><text:p>b</text:p>",
            "b\n",
        ),
        (
            r#"<text:p><text:variable-set text:display="none">1</text:variable-set><text:a><text:span>link</text:span></text:a> <text:page-number>3</text:page-number></text:p>"#,
            "link 3\n",
        ),
    ];
    for (body, expected) in cases {
        let read = read_bytes(flat(STYLES, body).as_bytes());
        assert_eq!(read.text, expected, "{body}");
    }
}

#[test]
fn notes_and_boxes_stand_by_their_paragraph() {
    let read = read_bytes(
        flat(
            STYLES,
            concat!(
                r#"<text:p><draw:frame><draw:text-box><text:p>red head</text:p></draw:text-box><svg:desc>no</svg:desc></draw:frame>a"#,
                r#"<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>note</text:p></text:note-body></text:note>b"#,
                r#"<draw:g><draw:custom-shape><text:p>shape</text:p><draw:enhanced-geometry/></draw:custom-shape></draw:g>"#,
                r#"<draw:frame><draw:image><text:p>no</text:p></draw:image></draw:frame></text:p>"#,
                r#"<draw:frame><draw:text-box><text:p>page</text:p></draw:text-box></draw:frame>"#,
            ),
        )
        .as_bytes(),
    );
    assert_eq!(read.text, "red head\nab\nnote\nshape\npage\n");
    assert_eq!(read.styles.len(), 1);
    assert!(read.styles[0].note);
}

#[test]
fn tables_are_rows() {
    let cell = |text: &str| format!("<table:table-cell>{text}</table:table-cell>");
    let row = |cells: &[&str]| {
        let cells: String = cells.iter().map(|text| cell(text)).collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let table = |rows: &str| format!("<table:table><table:table-column/>{rows}</table:table>");
    let number =
        r#"<text:list text:style-name="L1"><text:list-item><text:p/></text:list-item></text:list>"#;
    let next = number.replace("L1\"", "L1\" text:continue-numbering=\"true\"");
    let inner = table(&row(&["<text:p>x</text:p>", "<text:p>y</text:p>"]));
    let rows = [
        format!(
            "<table:table-header-rows>{}</table:table-header-rows>",
            row(&["<text:p>序号</text:p>", "<text:p>任务</text:p>"])
        ),
        row(&[number, "<text:p>甲</text:p>"]),
        row(&[&next, "<text:p>乙</text:p><text:p>丙</text:p>"]),
        format!(
            "<table:table-row>{}<table:covered-table-cell/>{}</table:table-row>",
            cell("<text:p>a</text:p>"),
            cell("<text:p>b</text:p>")
        ),
        row(&["<text:p>c</text:p>", &format!("<text:p>d</text:p>{inner}")]),
    ];
    assert_eq!(
        lines(STYLES, &table(&rows.concat())),
        [
            "序号 | 任务",
            "1. | 甲",
            "2. | 乙 丙",
            "a | b",
            "c",
            "d",
            "x | y"
        ]
    );
}

#[test]
fn packed_documents_are_read() {
    let part = |inside: &str| {
        format!("<office:document-content{NAMESPACES}>{inside}</office:document-content>")
    };
    let styles = part(&format!(
        r#"<office:styles>{STYLES}</office:styles><office:automatic-styles><style:style style:name="P1" style:family="paragraph"><style:text-properties fo:font-weight="bold"/></style:style></office:automatic-styles><office:master-styles><style:master-page><style:header><text:p>head</text:p></style:header></style:master-page></office:master-styles>"#
    ));
    let body = |text: &str| {
        part(&format!(
            r#"<office:automatic-styles/><office:body><office:text><text:p text:style-name="P1">{text}</text:p>{}</office:text></office:body>"#,
            if text.is_empty() {
                String::new()
            } else {
                heading(1, text)
            }
        ))
    };
    let read = read_bytes(&pack(&[
        ("styles.xml", &styles),
        ("content.xml", &body("甲")),
    ]));
    assert_eq!(read.text, "甲\n一、甲\n");
    // Automatic styles of one file are not those of the other.
    assert_eq!(read.styles.len(), 1);
    let read = read_bytes(&pack(&[
        ("styles.xml", &styles),
        ("content.xml", &body("")),
    ]));
    assert_eq!(read.text, "\nhead\n");
}

#[test]
fn what_cannot_be_read_is_named() {
    let kind = |bytes: &[u8]| try_read(bytes).expect_err("not readable").kind();
    let encrypted = r#"<manifest><file-entry><encryption-data/></file-entry></manifest>"#;
    let locked = pack(&[
        ("META-INF/manifest.xml", encrypted),
        ("content.xml", "\u{1}"),
    ]);
    assert_eq!(kind(&locked), ErrorKind::Unsupported);
    let sheet = flat("", "").replace("office:text", "office:spreadsheet");
    assert_eq!(
        kind(&pack(&[("content.xml", &sheet)])),
        ErrorKind::Unsupported
    );
    assert_eq!(kind(&pack(&[("styles.xml", "<a/>")])), ErrorKind::Input);
    assert_eq!(kind(&pack(&[("content.xml", "<a><b>")])), ErrorKind::Input);
    assert_eq!(kind(b"PK\x03\x04no zip"), ErrorKind::Input);
}

#[test]
fn nothing_expands_without_bound() {
    let kind = |text: &str, bytes: u64| {
        let mut origin = Origin::new("a.odt", Path::new("a.odt"));
        origin.limits = Limits::start(bytes, Duration::from_secs(20));
        read(text.as_bytes(), &origin).map_err(|error| error.kind())
    };
    let deep = flat("", &"<text:section>".repeat(100_000));
    assert_eq!(kind(&deep, 0).unwrap_err(), ErrorKind::Limit);
    let items = "<text:list-item><text:p>x</text:p></text:list-item>".repeat(2000);
    let list = flat(
        &STYLES.replace(
            "style:num-suffix=\".\"/>",
            &format!("style:num-suffix=\"{}\"/>", "长".repeat(900)),
        ),
        &format!(r#"<text:list text:style-name="L1">{items}</text:list>"#),
    );
    assert_eq!(kind(&list, 100_000).unwrap_err(), ErrorKind::Limit);
    let entities = flat("", "<text:p>a&b;c&#xffffffff;</text:p>").replace(
        "<office:document ",
        "<!DOCTYPE d [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><office:document ",
    );
    assert_eq!(read_bytes(entities.as_bytes()).text, "ac\u{fffd}\n");
    // A part that says it is small.
    let bomb = pack(&[(
        "content.xml",
        &flat("", &format!("<text:p>{}</text:p>", "长".repeat(1 << 20))),
    )]);
    let mut origin = Origin::new("a.odt", Path::new("a.odt"));
    origin.limits = Limits::start(1 << 20, Duration::from_secs(20));
    let error = read(&bomb, &origin).expect_err("more than the bound");
    assert_eq!(error.kind(), ErrorKind::Limit);
}

#[test]
fn damage_never_panics() {
    let body = [
        heading(1, "甲<text:s text:c=\"2\"/>"),
        format!(
            r#"<text:list text:style-name="L1" xml:id="a"><text:list-item><text:p>一<text:note><text:note-body><text:p>n</text:p></text:note-body></text:note></text:p><text:list><text:list-item text:start-value="4"><text:p>x</text:p></text:list-item></text:list></text:list-item></text:list>{}"#,
            r#"<table:table><table:table-row><table:table-cell><text:p>a&amp;</text:p></table:table-cell><table:covered-table-cell/><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"#
        ),
        r#"<text:p text:style-name="Item"><draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame><text:span text:style-name="Heavy">b</text:span></text:p>"#.to_owned(),
    ]
    .concat();
    let flat = flat(STYLES, &body);
    let packed = pack(&[("content.xml", &flat)]);
    let started = Instant::now();
    for end in (0..flat.len()).step_by(3) {
        let _ = try_read(&flat.as_bytes()[..end]);
    }
    for end in (0..packed.len()).step_by(3) {
        let _ = try_read(&packed[..end]);
    }
    let pieces: &[&[u8]] = &[
        b"<",
        b">",
        b"/>",
        b"&",
        b"\"",
        b"<text:p>",
        b"</text:p>",
        b"<text:list>",
        b"<text:h>",
        b"<table:table>",
        b"<draw:g>",
        b"<text:note>",
        b"text:level=\"99\"",
        b"%",
        b"\xff",
        b"<![CDATA[",
        b"<!--",
        b"text:start-value=\"4294967295\"",
        b"<text:s text:c=\"-1\"/>",
    ];
    let mut random = 0x2545_f491_4f6c_dd1du64;
    let mut next = |bound: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % bound as u64) as usize
    };
    for round in 0..4000 {
        let mut damaged = match round % 4 {
            0 => packed.clone(),
            _ => flat.clone().into_bytes(),
        };
        for _ in 0..=next(5) {
            let at = next(damaged.len());
            match next(4) {
                0 => damaged[at] = next(256) as u8,
                1 => {
                    let end = (at + next(40)).min(damaged.len());
                    damaged.drain(at..end);
                }
                2 => {
                    let piece = pieces[next(pieces.len())];
                    damaged.splice(at..at, piece.iter().copied());
                }
                _ => {
                    let end = (at + next(200)).min(damaged.len());
                    let copy = damaged[at..end].to_vec();
                    let to = next(damaged.len());
                    damaged.splice(to..to, copy);
                }
            }
            if damaged.is_empty() {
                damaged.push(b'<');
            }
        }
        let _ = try_read(&damaged);
    }
    assert!(started.elapsed() < Duration::from_secs(60));
}
