//! Tests of the reader over documents that they build.

use std::io::{Cursor, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;
use crate::model::{Format, SourceText};

const WORD: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
    xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:wps=\"urn:x\"";

/// Packs parts as they are.
fn pack(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Packs a document with its body and the content of other parts by their names.
fn docx(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document {WORD}><w:body>{body}</w:body></w:document>");
    let mut all = vec![("word/document.xml".to_owned(), document)];
    let mut relations = String::new();
    for (name, content) in parts {
        let kind = name.trim_end_matches(|c: char| c.is_ascii_digit());
        relations += &format!(
            "<Relationship Id=\"{name}\" Target=\"{name}.xml\" \
             Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\"/>"
        );
        all.push((
            format!("word/{name}.xml"),
            format!("<w:{name} {WORD}>{content}</w:{name}>"),
        ));
    }
    all.push((
        "word/_rels/document.xml.rels".to_owned(),
        format!("<Relationships>{relations}</Relationships>"),
    ));
    let parts: Vec<(&str, &[u8])> = all
        .iter()
        .map(|(name, content)| (name.as_str(), content.as_bytes()))
        .collect();
    pack(&parts)
}

fn source(bytes: &[u8]) -> SourceText {
    let origin = Origin::new("a.docx", Path::new("a.docx"));
    read(bytes, &origin).unwrap().finish("a.docx", Format::Docx)
}

/// Returns the lines of a document with this body.
fn lines(body: &str) -> Vec<String> {
    lines_with(body, &[])
}

fn lines_with(body: &str, parts: &[(&str, &str)]) -> Vec<String> {
    let text = source(&docx(body, parts));
    assert_eq!(text.warnings, []);
    text.text.lines().map(str::to_owned).collect()
}

fn p(text: &str) -> String {
    format!("<w:p>{}</w:p>", r(text))
}

fn r(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

/// Returns a paragraph of a style.
fn styled(style: &str, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{}</w:p>",
        r(text)
    )
}

/// Returns a paragraph of a list.
fn item(list: u32, level: u8, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr>\
         </w:pPr>{}</w:p>",
        r(text)
    )
}

fn level(index: u8, format: &str, text: &str, more: &str) -> String {
    format!(
        "<w:lvl w:ilvl=\"{index}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/>{more}\
         <w:lvlText w:val=\"{text}\"/></w:lvl>"
    )
}

fn list(id: u32, levels: &[String]) -> String {
    format!(
        "<w:abstractNum w:abstractNumId=\"{id}\">{}</w:abstractNum>\
         <w:num w:numId=\"{id}\"><w:abstractNumId w:val=\"{id}\"/></w:num>",
        levels.concat()
    )
}

#[test]
fn runs_tabs_breaks_and_marks() {
    assert_eq!(
        lines(
            "<w:p><w:r><w:t> 甲 </w:t><w:tab/><w:t xml:space=\"preserve\">乙 \n丙</w:t>\
             <w:noBreakHyphen/><w:softHyphen/><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/>\
             <w:br/><w:t>丁&amp;&#25919;</w:t><w:br w:type=\"page\"/></w:r></w:p><w:p/>"
        ),
        ["甲\t乙  丙-☑", "丁&政", ""]
    );
}

#[test]
fn wrappers_are_open_and_changes_are_made() {
    let body = format!(
        "<w:p><w:hyperlink>{}</w:hyperlink><w:smartTag><w:smartTagPr/>{}</w:smartTag>\
         <w:ins>{}</w:ins><w:del><w:r><w:delText>丁</w:delText></w:r></w:del>\
         <w:moveFrom>{}</w:moveFrom><w:moveTo>{}</w:moveTo>\
         <w:sdt><w:sdtPr><w:alias w:val=\"x\"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>\
         <w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt></w:p>",
        r("甲"),
        r("乙"),
        r("丙"),
        r("戊"),
        r("己"),
        r("庚"),
        r("单击此处输入文字")
    );
    assert_eq!(lines(&body), ["甲乙丙己庚"]);
}

#[test]
fn paragraphs_whose_mark_is_deleted_or_hidden_go_on() {
    let body = format!(
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{}</w:p>{}\
         <w:p><w:pPr><w:rPr><w:vanish/><w:specVanish/></w:rPr></w:pPr>{}</w:p>{}",
        r("甲"),
        p("乙"),
        r("（一）抓教学。"),
        p("全县教育稳步发展。")
    );
    let text = source(&docx(&body, &[]));
    assert_eq!(text.text, "甲乙\n（一）抓教学。全县教育稳步发展。\n");
    assert_eq!(text.styles[0].bold, "（一）抓教学。".len());
}

#[test]
fn fields_show_their_results() {
    let field = |instruction: &str, result: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>\
             <w:r><w:instrText>{instruction}</w:instrText></w:r>\
             <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{result}\
             <w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
        )
    };
    let nested = format!(
        "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>{}{}\
         <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{}\
         <w:r><w:fldChar w:fldCharType=\"end\"/></w:r>{}</w:p>",
        r("IF "),
        field("PAGE", &r("7")),
        r("甲"),
        r("乙")
    );
    assert_eq!(lines(&nested), ["甲乙"]);
    let simple = format!(
        "<w:p><w:fldSimple w:instr=\" DATE \">{}</w:fldSimple></w:p>",
        r("2024年1月2日")
    );
    assert_eq!(lines(&simple), ["2024年1月2日"]);
    // One that is never ended hides its own paragraph at most.
    let broken = format!(
        "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>{}</w:p>{}",
        r("甲"),
        p("乙")
    );
    assert_eq!(lines(&broken), ["", "乙"]);
}

#[test]
fn contents_are_left_out_and_text_among_them_is_kept() {
    let entry = |text: &str| format!("<w:p>{}<w:r><w:tab/><w:t>3</w:t></w:r></w:p>", r(text));
    let body = format!(
        "{}<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>\
         <w:r><w:instrText> TOC \\o \"1-3\" </w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{}<w:r><w:tab/><w:t>1</w:t></w:r></w:p>\
         {}{}{}<w:p><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>{}",
        p("目录"),
        r("一、回顾"),
        entry("（一）抓教学。"),
        styled("toc2", "（二）没有页码"),
        p("更新目录后的说明。"),
        p("一、回顾")
    );
    let styles =
        "<w:style w:type=\"paragraph\" w:styleId=\"toc2\"><w:name w:val=\"toc 2\"/></w:style>";
    assert_eq!(
        lines_with(&body, &[("styles", styles)]),
        ["目录", "更新目录后的说明。", "", "一、回顾"]
    );
}

#[test]
fn hidden_text_and_ruby_are_not_read() {
    let styles =
        "<w:style w:type=\"character\" w:styleId=\"h\"><w:rPr><w:vanish/></w:rPr></w:style>";
    let body = format!(
        "<w:p>{}<w:r><w:rPr><w:vanish/></w:rPr><w:t>乙</w:t></w:r>\
         <w:r><w:rPr><w:rStyle w:val=\"h\"/></w:rPr><w:t>丙</w:t></w:r>\
         <w:r><w:rPr><w:rStyle w:val=\"h\"/><w:vanish w:val=\"0\"/></w:rPr><w:t>丁</w:t></w:r>\
         <w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r></w:p>",
        r("甲"),
        r("wù"),
        r("戊")
    );
    assert_eq!(lines_with(&body, &[("styles", styles)]), ["甲丁戊"]);
}

#[test]
fn boxes_are_read_once() {
    let content = |text: &str| format!("<w:txbxContent>{}</w:txbxContent>", p(text));
    let both = format!(
        "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wps:txbx>{}</wps:txbx>\
         </w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{}</v:textbox></w:pict>\
         </mc:Fallback></mc:AlternateContent></w:r>",
        content("框"),
        content("框")
    );
    let body = format!("<w:p>{both}{}</w:p><w:p>{}{both}</w:p>", r("甲"), r("乙"));
    assert_eq!(lines(&body), ["框", "甲", "乙", "框"]);
    // A branch without text leaves it to the other.
    let body = "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing/></mc:Choice><mc:Fallback>\
        <w:pict><v:shape><v:textpath string=\"工作简报\"/></v:shape></w:pict></mc:Fallback>\
        </mc:AlternateContent></w:r></w:p>";
    assert_eq!(lines(body), ["工作简报", ""]);
}

#[test]
fn notes_stand_behind_their_paragraphs() {
    let notes = format!(
        "<w:footnote w:type=\"separator\" w:id=\"0\">{}</w:footnote>\
         <w:footnote w:id=\"2\"><w:p><w:r><w:footnoteRef/></w:r>{}</w:p>{}</w:footnote>",
        p("——"),
        r(" 两重、两新：国家重大战略实施。"),
        p("续。")
    );
    let ends = format!("<w:endnote w:id=\"2\">{}</w:endnote>", p("尾注。"));
    let body = format!(
        "<w:p>{}<w:r><w:footnoteReference w:id=\"2\"/></w:r>{}\
         <w:r><w:endnoteReference w:id=\"2\"/></w:r></w:p>{}",
        r("甲"),
        r("乙"),
        p("丙")
    );
    let text = source(&docx(&body, &[("footnotes", &notes), ("endnotes", &ends)]));
    let lines: Vec<&str> = text.text.lines().collect();
    let expected = [
        "甲乙",
        "两重、两新：国家重大战略实施。",
        "续。",
        "尾注。",
        "丙",
    ];
    assert_eq!(lines, expected);
    assert_eq!(text.styles.iter().filter(|style| style.note).count(), 3);
}

#[test]
fn numbers_are_written_out() {
    let numbering = list(
        1,
        &[
            level(0, "chineseCounting", "%1、", ""),
            level(1, "chineseCountingThousand", "（%2）", ""),
            level(2, "decimal", "%3.", ""),
            level(3, "decimal", "%1.%4", "<w:isLgl/>"),
        ],
    );
    let body = [
        item(1, 0, "基本情况"),
        item(1, 1, "抓教学"),
        item(1, 2, "2023年项目"),
        item(1, 2, ""),
        item(1, 2, "招商"),
        item(1, 1, "抓项目"),
        item(1, 2, "重新开始"),
        item(0, 0, "不编号"),
        item(1, 0, "工作计划"),
        item(1, 3, "全用数字"),
        item(9, 0, "没有此列表"),
    ]
    .concat();
    assert_eq!(
        lines_with(&body, &[("numbering", &numbering)]),
        [
            "一、基本情况",
            "（一）抓教学",
            "1. 2023年项目",
            "",
            "3.招商",
            "（二）抓项目",
            "1.重新开始",
            "不编号",
            "二、工作计划",
            "2.1 全用数字",
            "没有此列表",
        ]
    );
}

#[test]
fn all_kinds_of_counting_are_known() {
    let kinds = [
        ("decimalZero", "03"),
        ("decimalFullWidth", "３"),
        ("japaneseCounting", "三"),
        ("taiwaneseCountingThousand", "三"),
        ("ideographDigital", "三"),
        ("chineseLegalSimplified", "叁"),
        ("decimalEnclosedCircleChinese", "③"),
        ("decimalEnclosedParen", "⑶"),
        ("decimalEnclosedFullstop", "⒊"),
        ("ideographEnclosedCircle", "㈢"),
        ("ideographTraditional", "丙"),
        ("ideographZodiac", "寅"),
        ("ideographZodiacTraditional", "丙寅"),
        ("upperRoman", "III"),
        ("lowerLetter", "c"),
        ("none", ""),
        ("bullet", ""),
        ("thaiCounting", "3"),
    ];
    for (kind, printed) in kinds {
        let numbering = list(1, &[level(0, kind, "《%1》", "")]);
        let body = [item(1, 0, "甲"), item(1, 0, "乙"), item(1, 0, "丙")].concat();
        let lines = lines_with(&body, &[("numbering", &numbering)]);
        let expected = match kind {
            // Letters are what a font shows as a mark.
            "bullet" => "• 丙".to_owned(),
            _ => format!("《{printed}》 丙"),
        };
        assert_eq!(lines[2], expected, "{kind}");
    }
}

#[test]
fn lists_share_and_override_their_definition() {
    let numbering = format!(
        "{}<w:num w:numId=\"2\"><w:abstractNumId w:val=\"1\"/></w:num>\
         <w:num w:numId=\"3\"><w:abstractNumId w:val=\"1\"/><w:lvlOverride w:ilvl=\"0\">\
         <w:startOverride w:val=\"1\"/></w:lvlOverride></w:num>\
         <w:num w:numId=\"4\"><w:abstractNumId w:val=\"1\"/><w:lvlOverride w:ilvl=\"1\">{}\
         </w:lvlOverride></w:num>",
        list(
            1,
            &[
                level(0, "decimal", "%1、", ""),
                level(1, "decimal", "%1-%2、", "<w:lvlRestart w:val=\"0\"/>"),
            ]
        ),
        level(1, "upperLetter", "%2）", "")
    );
    let body = [
        item(1, 0, "甲"),
        item(2, 0, "接着数"),
        item(2, 1, "下一级"),
        item(3, 0, "重新数"),
        item(3, 0, "再数"),
        item(3, 1, "不重新数"),
        item(4, 1, "换样子"),
    ]
    .concat();
    assert_eq!(
        lines_with(&body, &[("numbering", &numbering)]),
        [
            "1、甲",
            "2、接着数",
            "2-1、下一级",
            "1、重新数",
            "2、再数",
            "2-2、不重新数",
            "C）换样子"
        ]
    );
}

#[test]
fn numbers_and_levels_come_from_styles() {
    let style = |id: &str, name: &str, base: &str, format: &str| {
        format!(
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/>\
             <w:basedOn w:val=\"{base}\"/><w:pPr>{format}</w:pPr></w:style>"
        )
    };
    let styles = [
        style("t", "Title", "a", "<w:outlineLvl w:val=\"0\"/>"),
        style(
            "1",
            "heading 1",
            "a",
            "<w:numPr><w:numId w:val=\"5\"/></w:numPr>",
        ),
        style(
            "2",
            "heading 2",
            "a",
            "<w:numPr><w:numId w:val=\"5\"/></w:numPr>",
        ),
        style("own", "我的标题", "2", ""),
        style(
            "3",
            "heading 3",
            "2",
            "<w:numPr><w:ilvl w:val=\"2\"/></w:numPr>",
        ),
        style(
            "plain",
            "正文样式",
            "1",
            "<w:numPr><w:numId w:val=\"0\"/></w:numPr><w:outlineLvl w:val=\"9\"/>",
        ),
        style("loop", "循环", "loop", ""),
        "<w:style w:type=\"numbering\" w:styleId=\"n\"><w:pPr><w:numPr><w:numId w:val=\"6\"/>\
         </w:numPr></w:pPr></w:style>"
            .to_owned(),
    ]
    .concat();
    // List 5 takes its levels from list 6 by a numbering style.
    let numbering = format!(
        "{}<w:abstractNum w:abstractNumId=\"5\"><w:numStyleLink w:val=\"n\"/></w:abstractNum>\
         <w:num w:numId=\"5\"><w:abstractNumId w:val=\"5\"/></w:num>",
        list(
            6,
            &[
                level(0, "chineseCounting", "第%1章", "<w:pStyle w:val=\"1\"/>"),
                level(
                    1,
                    "chineseCounting",
                    "第%2节",
                    "<w:pStyle w:val=\"2\"/><w:suff w:val=\"nothing\"/>"
                ),
                level(2, "decimal", "%3.", ""),
            ]
        )
    );
    let body = [
        styled("t", "工作总结"),
        styled("1", "总则"),
        styled("2", "目的"),
        styled("own", "依据"),
        styled("3", "第一条"),
        styled("plain", "正文"),
        styled("1", "分则"),
        styled("loop", "循环"),
        styled("Heading3", "样式丢失"),
    ]
    .concat();
    let text = source(&docx(
        &body,
        &[("styles", &styles), ("numbering", &numbering)],
    ));
    assert_eq!(
        text.text,
        "工作总结\n第一章 总则\n第一节目的\n第二节依据\n1.第一条\n正文\n第二章 分则\n循环\n样式丢失\n"
    );
    let levels: Vec<u8> = text.styles.iter().map(|style| style.level).collect();
    assert_eq!(levels, [1, 2, 3, 3, 4, 2, 4]);
}

#[test]
fn bold_counts_from_the_start() {
    let bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>抓教学。</w:t></w:r>";
    let numbering = list(1, &[level(0, "chineseCounting", "（%1）", "")]);
    let numbered = item(1, 0, "全县").replace("</w:pPr>", &format!("</w:pPr>{bold}"));
    let styles = "<w:style w:type=\"paragraph\" w:styleId=\"b\"><w:rPr><w:b/></w:rPr></w:style>";
    let body = format!(
        "<w:p>{bold}{}{bold}</w:p>{numbered}{}",
        r("全县"),
        styled("b", "全是")
    );
    let text = source(&docx(
        &body,
        &[("numbering", &numbering), ("styles", styles)],
    ));
    let bold: Vec<&str> = text
        .styles
        .iter()
        .map(|style| &text.text[style.start..][..style.bold])
        .collect();
    assert_eq!(bold, ["抓教学。", "（一）抓教学。", "全是"]);
}

fn table(rows: &[&[&str]]) -> String {
    let cell = |cell: &&str| match cell.strip_prefix('^') {
        Some(text) => format!("<w:tc><w:tcPr><w:vMerge/></w:tcPr>{}</w:tc>", p(text)),
        None if cell.starts_with('<') => format!("<w:tc>{cell}</w:tc>"),
        None => format!(
            "<w:tc>{}</w:tc>",
            cell.split('/').map(p).collect::<String>()
        ),
    };
    let row = |row: &&[&str]| {
        let cells: String = row.iter().map(cell).collect();
        format!("<w:tr>{cells}</w:tr>")
    };
    let rows: String = rows.iter().map(row).collect();
    format!("<w:tbl><w:tblPr/><w:tblGrid/>{rows}</w:tbl>")
}

#[test]
fn rows_are_lines_and_layout_is_none() {
    let rows: &[&[&str]] = &[
        &["", "指标", "2023年", "单位"],
        &["甲", "人均/收入", "3.2", "万元"],
        &["^甲", "粮食", "", "吨"],
        &["", "", "", ""],
        &["合计", ""],
    ];
    assert_eq!(
        lines(&table(rows)),
        [
            "指标 | 2023年 | 单位",
            "甲 | 人均 收入 | 3.2 | 万元",
            "粮食 |  | 吨",
            "合计",
        ]
    );
    let long = "全县经济平稳运行。".repeat(10);
    let layout = format!("一、回顾/{long}");
    assert_eq!(
        lines(&table(&[&["主要做法", &layout]])),
        ["主要做法", "一、回顾", &long]
    );
    let inner = table(&[&["甲", "乙"], &["丙", "丁"]]);
    assert_eq!(
        lines(&table(&[&["外", &inner]])),
        ["外", "甲 | 乙", "丙 | 丁"]
    );
    let deleted = "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl>";
    assert_eq!(lines(&format!("{deleted}{}", p("后"))), ["后"]);
}

#[test]
fn a_number_may_stand_alone_in_a_cell() {
    let numbering = list(1, &[level(0, "decimal", "%1", "")]);
    let (first, second) = (item(1, 0, ""), item(1, 0, ""));
    let body = table(&[&[&first, "甲"], &[&second, "乙"]]);
    assert_eq!(
        lines_with(&body, &[("numbering", &numbering)]),
        ["1 | 甲", "2 | 乙"]
    );
}

#[test]
fn headers_are_read_where_they_hold_the_text() {
    let section = "<w:sectPr><w:headerReference r:id=\"header1\" w:type=\"default\"/></w:sectPr>";
    let header = format!("{}{}", p("内部资料"), p("XX县政府工作报告"));
    let of = |body: &str| lines_with(&format!("{body}{section}"), &[("header1", &header)]);
    assert_eq!(of(&p("各位代表：")), ["XX县政府工作报告", "各位代表："]);
    let body = [p("2024年XX县政府工作报告"), p("各位代表：")].concat();
    assert_eq!(of(&body).len(), 2);
    assert_eq!(of(""), ["内部资料", "XX县政府工作报告"]);
}

#[test]
fn dialects_are_read() {
    // Strict names, another prefix, another place of the main part, UTF-16.
    let document = "<x:document xmlns:x=\"http://purl.oclc.org/ooxml/wordprocessingml/main\"><x:body>\
        <x:p><x:r><x:t>政府工作报告</x:t></x:r></x:p></x:body></x:document>";
    let relations = "<Relationships><Relationship Id=\"a\" Target=\"/Word/main.xml\" \
        Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument\"/></Relationships>";
    let utf16: Vec<u8> = document.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bytes = pack(&[
        ("_rels/.rels", relations.as_bytes()),
        ("word\\MAIN.xml", &utf16),
    ]);
    assert_eq!(source(&bytes).text, "政府工作报告\n");
}

#[test]
fn damage_is_an_error_in_the_main_part_and_a_warning_elsewhere() {
    let fail = |bytes: &[u8]| {
        let origin = Origin::new("a.docx", Path::new("a.docx"));
        read(bytes, &origin).unwrap_err().kind()
    };
    let whole = docx(&p("甲"), &[]);
    assert_eq!(fail(&whole[..whole.len() / 2]), ErrorKind::Input);
    assert_eq!(fail(&docx("<w:p>", &[])), ErrorKind::Input);
    assert_eq!(fail(&pack(&[("word/a.xml", b"<a/>")])), ErrorKind::Input);
    let deep = format!("{}{}", "<w:sdt>".repeat(300), "</w:sdt>".repeat(300));
    assert_eq!(fail(&docx(&deep, &[])), ErrorKind::Limit);
    let text = source(&docx(
        &p("甲"),
        &[("styles", "<w:style"), ("footnotes", "</x>")],
    ));
    assert_eq!(text.text, "甲\n");
    assert_eq!(text.warnings.len(), 2);
}

#[test]
fn what_is_unpacked_is_bounded() {
    let body = format!("{}{}", p("甲"), " ".repeat(100_000));
    let bytes = docx(&body, &[("styles", &" ".repeat(100_000))]);
    let mut origin = Origin::new("a.docx", Path::new("a.docx"));
    for (bound, expected) in [(0, None), (150_000, Some(ErrorKind::Limit))] {
        origin.limits = Limits::start(bound, std::time::Duration::ZERO);
        let error = read(&bytes, &origin).err();
        assert_eq!(error.map(|error| error.kind()), expected);
    }
}
