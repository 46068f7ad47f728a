//! Documents as Word, WPS and LibreOffice write them, small enough to be read here.

use std::path::Path;
use std::time::{Duration, Instant};

use encoding_rs::{BIG5, Encoding, GB18030, SHIFT_JIS};

use super::*;
use crate::error::ErrorKind;
use crate::model::{Format, SourceText};
use crate::read::Limits;

fn read_bytes(bytes: &[u8]) -> SourceText {
    let origin = Origin::new("a.rtf", Path::new("a.rtf"));
    let transcript = read(bytes, &origin).expect("no bound is reached");
    transcript.finish("a.rtf", Format::Rtf)
}

/// Reads a body behind the head that Word writes in China.
fn body(text: &str) -> SourceText {
    read_bytes(format!("{WORD}{text}}}").as_bytes())
}

fn text(body_text: &str) -> String {
    body(body_text).text
}

const WORD: &str = r"{\rtf1\adeflang1025\ansi\ansicpg936\uc2\adeff0\deff0\deflang1033\deflangfe2052
{\fonttbl{\f0\fbidi \froman\fcharset0\fprq2{\*\panose 02020603050405020304}Times New Roman;}
{\f3\fbidi \froman\fcharset2\fprq2 Symbol;}
{\f13\fbidi \fnil\fcharset134\fprq2{\*\panose 02010600030101010101}\'cb\'ce\'cc\'e5{\*\falt SimSun};}
{\f14\fnil\fcharset136 PMingLiU;}{\f15\fnil\fcharset128 MS Mincho;}{\f16\fnil\fcharset204 Arial Cyr;}}
{\stylesheet{\ql \snext0 Normal;}{\s1\ql\outlinelevel0\b heading 1;}
{\s2\ql \sbasedon0 \'b1\'ea\'cc\'e2 2;}{\*\cs10 Default Paragraph Font;}}
{\info{\title no text}{\author nobody}}
\pard\plain ";

/// Escapes a text byte by byte.
fn escaped(text: &str, encoding: &'static Encoding) -> String {
    let escape = |byte: &u8| format!("\\'{byte:02x}");
    encoding.encode(text).0.iter().map(escape).collect()
}

fn gbk(text: &str) -> String {
    escaped(text, GB18030)
}

#[test]
fn double_bytes_are_put_together() {
    let report = gbk("工作报告");
    // 镕 is E9 46, 丂 is 81 40, 淺 is 9C 5C, 箋 is B9 7B: their trail bytes are ASCII.
    let cases = [
        (format!(r"\f13 {report}\par"), "工作报告\n"),
        (
            r"\f13 \'e9F\'81@\'9c\\\'b9\{x\par".to_owned(),
            "镕丂淺箋x\n",
        ),
        (r"\f13 \'b9\'a4{\'d7}{\'f7}\par".to_owned(), "工作\n"),
        ("\\f13 \\'b9\r\n\\'a4\\'d7\n\\'f7\\par".to_owned(), "工作\n"),
        // Bold type begins between the halves.
        (r"\f13 \'b9\b\'a4\b0\'d7\'f7\par".to_owned(), "工作\n"),
        // The font of the run's own script counts.
        (
            format!(r"\rtlch\fcs1 \af0 \ltrch\fcs0 \loch\af0\hich\af0\dbch\f13 {report}\par"),
            "工作报告\n",
        ),
        (
            format!(r"\rtlch\fcs1 \af0 \ltrch\fcs0 \hich\af13\dbch\af13\loch\f13 {report}\par"),
            "工作报告\n",
        ),
        (
            format!(r"\loch\f0\hich\f0\dbch\af13 {{\dbch {report}}}{{\loch\f0 ab}}\par"),
            "工作报告ab\n",
        ),
        // Chinese in a font that is declared as western, next to western quotation marks.
        (format!(r"\f0 2023{report}\par"), "2023工作报告\n"),
        (r"\f0 \'93x\'94 \'a9\par".to_owned(), "“x” ©\n"),
        // Other scripts.
        (
            format!(
                r"\f14 {}\f15 {}\par",
                escaped("報告", BIG5),
                escaped("報告ア", SHIFT_JIS)
            ),
            "報告報告ア\n",
        ),
        (r"\f16 \'cf\par".to_owned(), "П\n"),
        // A font that the table does not have.
        (format!(r"\f99 {report}\par"), "工作报告\n"),
    ];
    for (rtf, expected) in cases {
        let read = body(&rtf);
        assert_eq!(read.text, expected, "{rtf}");
        assert_eq!(read.undecodable, 0, "{rtf}");
    }
    assert_eq!(body(&format!(r"\f13 {report}")).encoding, "GB18030");
}

#[test]
fn raw_bytes_are_read() {
    let raw = |text: &[u8]| {
        let head: &[u8] = br"{\rtf1\ansi\deff0{\fonttbl{\f0\fcharset134 x;}}\f0 ";
        read_bytes(&[head, text, b"\\par}"].concat()).text
    };
    assert_eq!(raw(&GB18030.encode("工作报告").0), "工作报告\n");
    assert_eq!(raw("工作报告".as_bytes()), "工作报告\n");
}

#[test]
fn unicode_takes_the_place_of_its_substitute() {
    let cases = [
        (r"\u24037\'b9\'a4\u20316\'d7\'f7x", "工作x"),
        (r"\uc1\u24037?\u20316 ?x", "工作x"),
        (r"\uc0\u24037\u20316 x", "工作x"),
        (r"{\uc1\u-26426?}\u25919\'d5\'fe", "飆政"),
        (r"\uc1\u-10179?\u-8704?x", "\u{1f600}x"),
        (r"\uc1\u128512?x", "\u{1f600}x"),
        // A group ends the substitute early.
        (r"{\uc5\u24037 ?}abc", "工abc"),
        (r"\uc1\u24037\tab x", "工x"),
        (r"\uc1\u-10179?x", "x"),
    ];
    for (rtf, expected) in cases {
        assert_eq!(text(rtf), format!("{expected}\n"), "{rtf}");
    }
    assert_eq!(body(r"\uc1\u-8704?x").undecodable, 1);
}

#[test]
fn what_is_not_printed_is_left_out() {
    let cases = [
        (
            r"a{\v hidden\par}b{\deleted gone\par }c{\revised new}\par",
            "abcnew\n",
        ),
        (
            r"a{\*\unknown{x}\'b9\bin3 }}}y}b{\*\bkmkstart n}{\bkmkend n}\par",
            "ab\n",
        ),
        (r"a{\pict\wmetafile8 0102{\*\blipuid 03}04}b\par", "ab\n"),
        (
            r"a{\object\objemb{\*\objdata 0102}{\result b}}c\par",
            "abc\n",
        ),
        (
            r#"a{\field{\*\fldinst {HYPERLINK "http://x" {\field{\*\fldinst y}}}}{\fldrslt {b}}}c\par"#,
            "abc\n",
        ),
        (r"a{\upr{b}{\*\ud{\uc1\u24037?}}}c\par", "a工c\n"),
        (r"{\header head\par}{\footerr foot\par}a\par", "a\n"),
        (
            r"a{\xe {\v index}}{\tc {\v x}}\chftn\sectd\sbkpage b\par",
            "ab\n",
        ),
        (
            r"{\*\annotation note}{\*\atnid x}a{\annotation b}\par",
            "a\n",
        ),
    ];
    for (rtf, expected) in cases {
        assert_eq!(text(rtf), expected, "{rtf}");
    }
    assert_eq!(
        text(r"{\header head\par}{\footer foot}\par"),
        "head\nfoot\n"
    );
}

#[test]
fn characters_that_have_words() {
    assert_eq!(
        text(
            r"a\tab b\~c\_d\-e\{f\}\\\lquote g\rquote\ldblquote h\rdblquote\emdash\endash\bullet\par"
        ),
        "a\tb\u{a0}c-de{f}\\‘g’“h”—–•\n"
    );
    assert_eq!(text("a\\line b\\\nc\\par"), "a\nb\nc\n");
    assert_eq!(text(r"\page a\page b\sect c\par"), "a\nb\nc\n");
}

#[test]
fn styles_tell_headings_and_bold_type() {
    let read = body(concat!(
        r"\s1\b\ls0 {\f13 \'d2\'bb\'a1\'a2}a\b0\par",
        r"\pard\plain\s2 b\par",
        r"\pard\plain\outlinelevel2 c\par",
        r"\pard\plain\s1\outlinelevel9 d\par",
        r"\pard\plain {\b e.} f{\b g}\par",
        // LibreOffice tells bold Han apart from bold Latin.
        r"\pard\plain {\dbch\ab\dbch h}{\loch i}\par",
        r"\pard\plain \rtlch\ab\ltrch\loch j\par",
    ));
    assert_eq!(read.text, "一、a\nb\nc\nd\ne. fg\nhi\nj\n");
    let styles: Vec<_> = read
        .styles
        .iter()
        .map(|style| (style.start, style.level, style.bold))
        .collect();
    assert_eq!(
        styles,
        [(0, 1, 7), (8, 2, 0), (10, 3, 0), (14, 0, 2), (20, 0, 1)]
    );
}

#[test]
fn notes_and_boxes_stand_behind_their_paragraph() {
    let read = body(concat!(
        r"a{\super\chftn{\footnote\pard\plain\s1\chftn  note\par second\par}}b",
        r"{\shp{\*\shpinst\shpleft0{\sp{\sn pib}{\sv x}}{\shptxt\pard box\par}}",
        r"{\shprslt{\*\do{\dptxbxtext again\par}}}}c\par",
        r"{\*\do\dobxcolumn{\dptxbxtext\pard drawn\par}}d\par",
        r"{\super\chftn{\*\footnote\ftnalt end}}e\par",
    ));
    assert_eq!(read.text, "abc\n note\nsecond\nbox\ndrawn\nd\ne\nend\n");
    let notes: Vec<_> = read
        .styles
        .iter()
        .filter(|style| style.note && style.level == 0)
        .map(|style| style.start)
        .collect();
    assert_eq!(notes, [4, 10, 31]);
}

#[test]
fn tables_are_rows() {
    let cases = [
        (
            r"x\par\trowd\cellx1\cellx2\pard\intbl a\cell b\cell\row\pard\intbl c\cell\cell\row\pard y\par",
            "x\na | b\nc\ny\n",
        ),
        // Several paragraphs in a cell, one cell alone.
        (
            r"\trowd\pard\intbl a\par b\cell c\cell\row\pard\intbl d\cell\row\pard",
            "a b | c\nd\n",
        ),
        // A table in a cell; readers that know none get `\nonesttables`.
        (
            r"\trowd\pard\intbl a\par\pard\intbl\itap2 b\nestcell c\nestcell{\*\nesttableprops\trowd\nestrow}{\nonesttables\par}\pard\intbl\itap1 d\cell e\cell\row\pard f\par",
            "a\nb | c\nd\ne\nf\n",
        ),
        // Cells that are the rest of others.
        (
            r"\trowd\clmgf\cellx1\clmrg\cellx2\clvmrg\cellx3\cellx4\pard\intbl a\cell\cell\cell b\cell\row\pard",
            "a | b\n",
        ),
        // No row, no cell mark at the end.
        (r"\pard\intbl a\cell b\pard c\par", "a\nbc\n"),
    ];
    for (rtf, expected) in cases {
        assert_eq!(text(rtf), expected, "{rtf}");
    }
    let read = body(r"\trowd\pard\intbl a{\footnote n}\cell b\cell\row\pard");
    assert_eq!(read.text, "a | b\nn\n");
    assert!(read.styles[0].row && read.styles[1].note);
}

const LISTS: &str = concat!(
    r"{\*\listtable{\list\listtemplateid1",
    r"{\listlevel\levelnfc39\levelnfcn39\levelfollow2\levelstartat1{\leveltext\leveltemplateid1\'02\'00\u12289 \'a1\'a2;}{\levelnumbers\'01;}}",
    r"{\listlevel\levelnfc39\levelnfcn39\levelfollow0\levelstartat1{\leveltext\'03\'a3\'a8\'01\'a3\'a9;}{\levelnumbers\'02;}}",
    r"{\listlevel\levelnfc0\levelnfcn0\levelfollow0\levelstartat1\levellegal1{\leveltext\'04\'00.\'02.;}{\levelnumbers\'01\'03;}}",
    r"{\listname ;}\listid7}",
    r"{\list{\listlevel\levelnfc23\levelfollow0{\leveltext\'01\u-3913 ?;}{\levelnumbers;}}\listid8}}",
    r"{\*\listoverridetable{\listoverride\listid7\listoverridecount0\ls1}",
    r"{\listoverride\listid7\listoverridecount1{\lfolevel\listoverridestartat\levelstartat5}\ls2}",
    r"{\listoverride\listid8\listoverridecount0\ls3}}",
);

#[test]
fn numbers_are_counted_where_the_file_has_none() {
    let item = |list: u32, level: u32| format!(r"\pard\ls{list}\ilvl{level} x\par");
    let rtf: String = [
        LISTS.to_owned(),
        item(1, 0),
        item(1, 1),
        item(1, 1),
        item(1, 2),
        item(1, 0),
        item(1, 1),
        item(2, 0),
        item(2, 0),
        item(3, 0),
        item(9, 0),
        item(1, 30),
    ]
    .concat();
    assert_eq!(
        text(&rtf),
        "一、x\n（一）x\n（二）x\n1.1.x\n二、x\n（一）x\n五、x\n六、x\n• x\nx\nx\n"
    );
}

#[test]
fn printed_numbers_go_before_counted_ones() {
    let rtf = [
        LISTS,
        r"\pard{\listtext\pard\plain\f13 \'d2\'bb\'a1\'a2\tab}\ls1 a\par",
        r"\pard\ls1 b\par",
        r"\pard{\pntext\f0 3.\tab}{\*\pn\pnlvlbody\pndec\pnstart3{\pntxta.}}c\par",
        r"\pard{\listtext\f3\'b7\tab}\ls3 d\par",
        r"\pard{\listtext\f0 (a)}e\par",
        r"\pard{\listtext\f0 4.\tab}\ls1\par f\par",
    ]
    .concat();
    assert_eq!(text(&rtf), "一、a\n二、b\n3.c\n• d\n(a)e\n\n四、f\n");
}

#[test]
fn broken_files_are_read_as_far_as_they_go() {
    let read = read_bytes(br"{\rtf1 a\par {\b b");
    assert_eq!(read.text, "a\nb\n");
    assert_eq!(read.warnings.len(), 1);
    assert_eq!(read_bytes(br"{\rtf1 a}}}} b").text, "a\n");
    assert_eq!(read_bytes(b"{\\rtf1 a\\par}\n{\\rtf1 b}").text, "a\nb\n");
    assert!(read_bytes(b"{\\rtf1}").text.trim().is_empty());
    assert_eq!(read_bytes(br"{\rtf1\ansicpg936\'b9").undecodable, 1);
}

#[test]
fn nesting_and_size_are_bounded() {
    let deep = format!(
        "{{\\rtf1 {}x{}y}}",
        "{".repeat(1 << 20),
        "}".repeat(1 << 20)
    );
    assert_eq!(read_bytes(deep.as_bytes()).text, "xy\n");
    let notes = format!("{{\\rtf1 {}x", r"{\footnote a\par".repeat(100_000));
    assert!(read_bytes(notes.as_bytes()).text.starts_with("a\na\n"));
    let skipped = format!("{{\\rtf1 {}", r"{\*\x ".repeat(1 << 18));
    assert!(read_bytes(skipped.as_bytes()).text.trim().is_empty());
    let tables = format!(
        "{{\\rtf1 {}",
        r"\pard\intbl\itap255 x\nestcell".repeat(10_000)
    );
    assert!(read_bytes(tables.as_bytes()).text.contains('x'));
    let limits = |bytes| {
        let mut origin = Origin::new("a.rtf", Path::new("a.rtf"));
        origin.limits = Limits::start(bytes, Duration::ZERO);
        origin
    };
    let list = LISTS.replace(r"\levelnfc0", r"\levelnfc2");
    let numbers = [WORD, &list, &r"\pard\ls1\ilvl2 x\par".repeat(2000)].concat();
    let error = read(numbers.as_bytes(), &limits(4000)).expect_err("more than the bound");
    assert_eq!(error.kind(), ErrorKind::Limit);
}

/// A document with all that is read, to be damaged.
fn sample() -> Vec<u8> {
    let table = r"\trowd\pard\intbl a\cell\itap2 b\nestcell{\*\nesttableprops\trowd\nestrow}\itap1\cell\row\pard";
    let parts = [
        LISTS,
        r"\pard{\listtext\pard\f13 \'d2\'bb\'a1\'a2\tab}\s1\ls1\ilvl0\b \f13\'b9\'a4\'d7\'f7\par\pard\plain\ls1\ilvl2 ",
        &gbk("全面推进乡村振兴。"),
        r"{\chftn{\footnote\chftn note}}\uc1\u24037?\u-10179?\u-8704?{\v x}{\deleted y}\par",
        r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt box\par}}{\shprslt{\pict 00}}}",
        r"{\field{\*\fldinst PAGE}{\fldrslt 1}}{\upr{a}{\*\ud b}}{\header h\par}\bin4 ab}}",
        table,
    ];
    [WORD, &parts.concat(), "}"].concat().into_bytes()
}

#[test]
fn damage_never_panics() {
    let sample = sample();
    let origin = Origin::new("a.rtf", Path::new("a.rtf"));
    let started = Instant::now();
    for end in 0..sample.len() {
        let _ = read(&sample[..end], &origin);
    }
    let pieces: &[&[u8]] = &[
        b"{",
        b"}",
        b"\\",
        b"\\'",
        b"\\u",
        b"\\u-1 ",
        b"\\bin9999999999 ",
        b"\\cell",
        b"\\row ",
        b"\\nestrow ",
        b"\\itap9 ",
        b"\\footnote ",
        b"\\shptxt ",
        b"\\listtext ",
        b"\\upr",
        b"\\*",
        b"\\fonttbl ",
        b"\\stylesheet ",
        b"\\listtable ",
        b"\\listlevel ",
        b"\\leveltext ",
        b"\\listoverridetable ",
        b"\\lfolevel ",
        b"\\ls-1 ",
        b"\\ilvl200 ",
        b"\\uc65535 ",
        b"\xff",
        b"\\f13 \\'b9",
        b"\\dbch",
        b"\0",
        b"\\par ",
        b"\\v ",
        b"\\page ",
    ];
    let mut random = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = |bound: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % bound as u64) as usize
    };
    for _ in 0..6000 {
        let mut damaged = sample.clone();
        for _ in 0..=next(8) {
            let at = next(damaged.len());
            match next(4) {
                0 => damaged[at] = next(256) as u8,
                1 => {
                    let end = (at + next(60)).min(damaged.len());
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
                damaged.push(b'{');
            }
        }
        let _ = read(&damaged, &origin);
    }
    assert!(started.elapsed() < Duration::from_secs(60));
}
