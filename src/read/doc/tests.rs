//! Tests of the reader: a document as an office program writes it, documents put together here for
//! what that program does not write, and thousands of damaged ones.

use std::io::{Cursor, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::*;
use crate::read::Limits;

/// Own sentences: lists in several countings, styles, tables, notes, a text box, a field, hidden
/// and deleted text.
const SAMPLE: &[u8] = include_bytes!("../../../tests/golden/formats/numbered.doc");

fn read_as(path: &str, bytes: Vec<u8>, limits: Limits) -> Result<(ReadSummary, Vec<SourceText>)> {
    let mut texts = Vec::new();
    let origin = Origin {
        limits,
        ..Origin::new(path, Path::new(path))
    };
    let summary = read_container(&origin, bytes, &mut |text| texts.push(text))?;
    Ok((summary, texts))
}

fn read(bytes: Vec<u8>) -> Result<SourceText> {
    let (_, mut texts) = read_as("a.doc", bytes, Limits::default())?;
    Ok(texts.remove(0))
}

fn text(bytes: Vec<u8>) -> String {
    read(bytes).expect("the document is read").text
}

fn error(bytes: Vec<u8>) -> (ErrorKind, String) {
    let error = read(bytes).expect_err("nothing is read");
    let message = error.message(crate::model::Language::Zh);
    (error.kind(), message.to_owned())
}

/// Makes a container with these streams.
fn container(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("memory");
    for (name, bytes) in streams {
        let mut stream = file.create_stream(name).expect("memory");
        stream.write_all(bytes).expect("memory");
    }
    file.flush().expect("memory");
    file.into_inner().into_inner()
}

/// A piece of text: its bytes, whether a character is two of them, what was changed on it.
type Piece<'a> = (&'a [u8], bool, u16);

/// Makes a document of pieces without any formatting; `flags` are those of its FIB, `changes` the
/// lists of modifiers that pieces refer to.
fn document(pieces: &[Piece<'_>], flags: u16, changes: &[&[u8]]) -> Vec<u8> {
    const TEXT: usize = 1024;
    let mut main = vec![0; TEXT];
    let mut table = Vec::new();
    for change in changes {
        table.push(1);
        table.extend((change.len() as u16).to_le_bytes());
        table.extend(*change);
    }
    let (mut positions, mut entries) = (vec![0u32], Vec::new());
    for (bytes, is_wide, change) in pieces {
        let offset = main.len() as u32;
        let (place, count) = match is_wide {
            true => (offset, bytes.len() / 2),
            false => ((offset * 2) | 0x4000_0000, bytes.len()),
        };
        positions.push(positions[positions.len() - 1] + count as u32);
        entries.extend([0, 0]);
        entries.extend(place.to_le_bytes());
        entries.extend(change.to_le_bytes());
        main.extend(*bytes);
    }
    table.push(2);
    table.extend((positions.len() as u32 * 4 + entries.len() as u32).to_le_bytes());
    table.extend(positions.iter().flat_map(|position| position.to_le_bytes()));
    table.extend(entries);
    let mut put = |at: usize, bytes: &[u8]| main[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &[0xec, 0xa5, 0xc1, 0]);
    put(10, &flags.to_le_bytes());
    put(32, &14u16.to_le_bytes());
    put(62, &22u16.to_le_bytes());
    put(76, &positions[positions.len() - 1].to_le_bytes());
    put(152, &93u16.to_le_bytes());
    put(154 + 33 * 8 + 4, &(table.len() as u32).to_le_bytes());
    container(&[("WordDocument", &main), ("0Table", &table)])
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn numbers_notes_tables_and_boxes_become_text() {
    let source = read(SAMPLE.to_vec()).expect("the sample is read");
    assert_eq!(source.format, Format::Doc);
    assert!(source.warnings.is_empty());
    let mut shown = String::new();
    let mut styles = source.styles.iter().peekable();
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        if let Some(style) = styles.next_if(|style| style.start == start) {
            let bold = &line[..style.bold];
            shown += &match (style.note, style.row) {
                (true, _) => "[note] ".to_owned(),
                (_, true) => "[row] ".to_owned(),
                _ => format!("[{} {bold}] ", style.level),
            };
        }
        shown += line;
        start += line.len();
    }
    let expected = "\
[0 柳河县水务局2023年工作总结和2024年工作计划] 柳河县水务局2023年工作总结和2024年工作计划
2023年，全县水务工作稳中有进，各项任务如期完成。
[note] 脚注：数据来自年报。
一、二〇二三年工作总结
（一）供水保障
1.改造老旧管网12公里，漏损率降到9%。
2.新建水厂1座，日供水2万吨。
（二）防汛抗旱
1.加固堤防8处。
[row] 序号 | 项目 | 投资（万元）
[row] 1 | 城北水厂 | 3200
[row] 2 | 河道清淤 | 450
以上项目均已完工，详见续建工程。
[row] 区域 | 任务 | 时限
[row] 东片 | 清淤 | 6月
[row] 护坡 | 9月
二、二〇二四年工作计划
文本框里的一句话：节水优先。
继续推进城乡供水一体化。
[note] 尾注：规划另行印发。
（一）续建工程
[0 一是抓进度。] 一是抓进度。倒排工期，挂图作战。
I.罗马数字
I.1 第二级
I.2 第二级之二
II.又一个
II.1 第二级重来
①圈码
②圈码二
第壹条 大写
甲、天干
• 项目符号
[1 第1章 第一个标题样式] 第1章 第一个标题样式
正文在标题之下。
[2 ] 1.1 二级标题样式
[2 ] 1.2 三级套用
[row] 布局表左上一段 布局表左上二段 | 布局表右
只有一格的表
[row] 内一 | 内二
[row] 内三 | 内四
外层其余
外右
分页前
换行后
分页后
带-连字符\t制表符“引号”—100%Ａ𠮷字
";
    assert_eq!(shown, expected);
}

#[test]
fn a_name_tells_wps_from_word() {
    for (path, format) in [
        ("a.WPS", Format::Wps),
        ("a.wpt", Format::Wps),
        ("a.dot", Format::Doc),
    ] {
        let (summary, _) = read_as(path, SAMPLE.to_vec(), Limits::default()).expect("read");
        assert_eq!(summary.format, Some(format), "{path}");
    }
}

#[test]
fn pieces_of_a_quick_save_come_in_order_with_their_changes() {
    let deleted = 0x41 << 1 | 1 << 8;
    let hidden = |index: u16| index << 1 | 1;
    let pieces: &[Piece<'_>] = &[
        (&wide("各位代表：\r现在"), true, 0),
        (b"deleted", false, deleted),
        (b"\x93OK\x94\x85", false, 0),
        (b"hidden\r", false, hidden(1)),
        (&wide("报告工作。\r"), true, 0),
        (&wide("分栏\u{e}乙\u{1f}丙\u{1e}丁\u{1}\u{8}\r"), true, 0),
    ];
    let changes: &[&[u8]] = &[&[0x35, 0x08, 1], &[0x3c, 0x08, 1]];
    assert_eq!(
        text(document(pieces, 0x04, changes)),
        "各位代表：\n现在“OK”…报告工作。\n分栏\n乙丙-丁\n"
    );
}

#[test]
fn what_is_encrypted_or_no_document_is_named() {
    let pieces: &[Piece<'_>] = &[(b"text\r", false, 0)];
    let encrypted = (ErrorKind::Unsupported, "文件已加密".to_owned());
    assert_eq!(error(document(pieces, 0x0100, &[])), encrypted);
    assert_eq!(error(container(&[("EncryptedPackage", b"")])), encrypted);
    for (stream, name) in [
        ("PowerPoint Document", "PPT"),
        ("MatOST", "Microsoft Works"),
        ("Contents", "OLE"),
    ] {
        let expected = format!("内容是 {name}，暂不支持");
        let expected = (ErrorKind::Unsupported, expected);
        assert_eq!(error(container(&[(stream, b"")])), expected);
    }
}

#[test]
fn word_95_is_read_in_its_code_page() {
    let (gbk, _, _) =
        encoding_rs::GBK.encode("工作总结\r镇\u{7}亩\u{7}\u{7}东镇\u{7}90\u{7}\u{7}完\r");
    let mut main = vec![0; 0x300];
    let end = 0x300 + gbk.len() as u32;
    for (at, number) in [
        (0, 0x0065_a5dc),
        (6, 0x0804),
        (0x18, 0x300),
        (0x1c, end),
        (0x34, gbk.len() as u32),
    ] {
        main[at..at + 4].copy_from_slice(&u32::to_le_bytes(number));
    }
    main.extend(&*gbk);
    let source = read(container(&[("WordDocument", &main)])).expect("read");
    assert_eq!(source.text, "工作总结\n镇 | 亩\n东镇 | 90\n完\n");
    assert_eq!(source.encoding, "GBK");
    main[10] = 0x04;
    let (kind, _) = error(container(&[("WordDocument", &main)]));
    assert_eq!(kind, ErrorKind::Unsupported);
}

#[test]
fn lies_end_as_errors_and_bounds_hold() {
    let pieces: &[Piece<'_>] = &[(b"text\r", false, 0)];
    let mut bytes = document(pieces, 0, &[]);
    // The piece's end, behind the type, the length and its start.
    let table = bytes
        .windows(9)
        .position(|at| at == [2, 16, 0, 0, 0, 0, 0, 0, 0]);
    let end = table.expect("a piece table") + 9;
    bytes[end..end + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f]);
    assert_eq!(error(bytes).0, ErrorKind::Input);
    assert_eq!(
        error(SAMPLE[..SAMPLE.len() / 2].to_vec()).0,
        ErrorKind::Input
    );

    for limits in [
        Limits::start(0, Duration::from_nanos(1)),
        Limits::start(1000, Duration::ZERO),
    ] {
        let error = read_as("a.doc", SAMPLE.to_vec(), limits).expect_err("over the bound");
        assert_eq!(error.kind(), ErrorKind::Limit);
    }
}

#[test]
fn a_lost_end_costs_no_more_than_it_held() {
    let whole = text(SAMPLE.to_vec());
    let source = read(SAMPLE[..SAMPLE.len() - 40].to_vec()).expect("read");
    assert_eq!(source.text, whole);
    assert_eq!(source.warnings.len(), 1);
}

/// Changes a document at random places: other bytes, large and small numbers, bytes from elsewhere,
/// a lost end. The same number gives the same changes.
fn damage(document: &[u8], number: u64) -> Vec<u8> {
    let mut state = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut below = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % bound as u64) as usize
    };
    let mut bytes = document.to_vec();
    if below(8) == 0 {
        bytes.truncate(below(bytes.len()).max(64));
    }
    for _ in 0..1 + below(12) {
        let at = below(bytes.len() - 4);
        match below(4) {
            0 => bytes[at] = below(256) as u8,
            1 => bytes[at] ^= 1 << below(8),
            2 => {
                let numbers = [u32::MAX, i32::MAX as u32, 1 << 31, 0x1_0000, 0xffff, 1, 0];
                let number = numbers[below(numbers.len())].to_le_bytes();
                bytes[at & !1..][..4].copy_from_slice(&number);
            }
            _ => {
                let length = below(64).min(bytes.len() - at);
                let from = below(bytes.len() - length);
                bytes.copy_within(from..from + length, at);
            }
        }
    }
    bytes
}

#[test]
fn damaged_documents_end_in_time_and_never_in_a_panic() {
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/formats/seed.doc");
    let seed = std::fs::read(seed).ok();
    let documents = [(SAMPLE, 4000), (seed.as_deref().unwrap_or_default(), 200)];
    for (document, count) in documents {
        if document.is_empty() {
            continue;
        }
        let mut read_at_all = 0;
        for number in 0..count {
            let bytes = damage(document, number);
            let most = bytes.len() * 20;
            let started = Instant::now();
            if let Ok((_, texts)) = read_as("a.doc", bytes, Limits::default()) {
                let length: usize = texts.iter().map(|text| text.text.len()).sum();
                assert!(length <= most, "{number}: {length} bytes of text");
                read_at_all += 1;
            }
            let took = started.elapsed();
            assert!(took < Duration::from_secs(20), "{number}: {took:?}");
        }
        // Else the reader was never reached.
        assert!(read_at_all > count / 4, "{read_at_all} of {count}");
    }
}
