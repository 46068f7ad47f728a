//! JSONL: one record a line → one text each.
//!
//! Invariant: at most one record is decoded at a time, and a broken line stops nothing.

use std::borrow::Cow;

use serde_json::Value;

use super::{ReadSummary, mark, markdown};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Format, Given, SourceText, Warning};

/// Fields that hold a record's text, best first.
pub(super) const TEXT_FIELDS: &[&str] = &["text", "content", "body", "正文", "内容"];

/// At most so many broken lines are named one by one.
const NAMED_LINES: usize = 100;

/// Returns whether the first line that holds anything is a JSON object with a text.
pub(super) fn looks_like_records(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    if start.first() != Some(&b'{') {
        return false;
    }
    let end = memchr::memchr(b'\n', start).unwrap_or(start.len());
    matches!(serde_json::from_slice(&start[..end]), Ok(Value::Object(fields))
        if TEXT_FIELDS.iter().any(|name| fields.get(*name).is_some_and(Value::is_string)))
}

/// Reads records and hands their texts to `each`.
///
/// # Errors
/// If not one line is a record.
pub(super) fn read(
    source: &str,
    bytes: &[u8],
    encoding: &str,
    each: &mut dyn FnMut(SourceText),
) -> Result<ReadSummary> {
    let mut summary = ReadSummary {
        format: Some(Format::JsonLines),
        encoding: encoding.to_owned(),
        ..ReadSummary::default()
    };
    let mut broken = 0;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    for (line, number) in lines(bytes).zip(1u32..) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let decoded = String::from_utf8_lossy(line);
        let mut undecodable = match &decoded {
            Cow::Borrowed(_) => 0,
            Cow::Owned(_) => line
                .utf8_chunks()
                .filter(|chunk| !chunk.invalid().is_empty())
                .count(),
        };
        let read = record(&decoded).or_else(|broken| match mended(&decoded) {
            (_, 0) => Err(broken),
            (mended, lone) => {
                undecodable += lone;
                record(&mended)
            }
        });
        summary.undecodable += undecodable;
        match read {
            Ok((text, given)) => {
                summary.texts += 1;
                each(source_text(
                    source,
                    Format::JsonLines,
                    encoding,
                    number,
                    text,
                    given,
                    undecodable,
                ));
            }
            Err((zh, en)) => {
                broken += 1;
                if broken <= NAMED_LINES {
                    summary.warnings.push(Warning::new(number, zh, en));
                }
            }
        }
    }
    if broken > NAMED_LINES {
        summary.warnings.push(Warning::new(
            0,
            format!("共有 {broken} 行不是可用的记录"),
            format!("{broken} lines are no usable record"),
        ));
    }
    if summary.texts == 0 {
        return Err(Error::new(
            ErrorKind::Input,
            "没有一行是带 text 字段的 JSON 对象",
            "not one line is a JSON object with a text field",
        )
        .with_hint(
            "每行一个对象，例如 {\"id\": \"1\", \"title\": \"…\", \"text\": \"…\"}",
            "one object a line, such as {\"id\": \"1\", \"title\": \"…\", \"text\": \"…\"}",
        ));
    }
    Ok(summary)
}

/// Cuts at `\n`, `\r\n` and lone `\r`; JSON escapes all three within strings.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let current = rest?;
        let Some(end) = memchr::memchr2(b'\n', b'\r', current) else {
            rest = None;
            return Some(current);
        };
        let width = match current[end..].starts_with(b"\r\n") {
            true => 2,
            false => 1,
        };
        rest = Some(&current[end + width..]);
        Some(&current[..end])
    })
}

/// Returns the line with each escaped half of a surrogate pair that stands alone (`\ud83d` without
/// its other half) replaced by `\ufffd`, and their number: a text cut by UTF-16 units ends in one.
fn mended(line: &str) -> (String, usize) {
    let surrogate = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        let unit = u16::from_str_radix(digits, 16).ok()?;
        (0xd800..0xe000).contains(&unit).then_some(unit < 0xdc00)
    };
    let (mut mended, mut lone, mut rest) = (String::with_capacity(line.len()), 0, line);
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let length = match surrogate(escape) {
            Some(true) if escape.get(6..).and_then(surrogate) == Some(false) => 12,
            Some(_) => 6,
            // The backslash and what it escapes, which may be a backslash.
            None => 1 + escape[1..].chars().next().map_or(0, char::len_utf8),
        };
        if length == 6 {
            lone += 1;
            mended.push_str("\\ufffd");
        } else {
            mended.push_str(&escape[..length]);
        }
        rest = &escape[length..];
    }
    mended.push_str(rest);
    (mended, lone)
}

type Broken = (String, String);

fn record(line: &str) -> std::result::Result<(String, Given), Broken> {
    let value: Value = serde_json::from_str(line).map_err(|error| {
        (
            format!("这一行不是 JSON（第 {} 列起有误），已跳过", error.column()),
            format!(
                "this line is no JSON (wrong at column {}) and was skipped",
                error.column()
            ),
        )
    })?;
    let Value::Object(mut fields) = value else {
        return Err((
            "这一行不是 JSON 对象，已跳过".into(),
            "this line is no JSON object and was skipped".into(),
        ));
    };
    let text = TEXT_FIELDS
        .iter()
        .find_map(|name| match fields.get_mut(*name).map(Value::take) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        })
        .ok_or_else(|| {
            (
                "这一行没有 text 字段，已跳过".to_owned(),
                "this line has no text field and was skipped".to_owned(),
            )
        })?;
    let mut given = Given::default();
    for (key, value) in &fields {
        match value {
            Value::String(value) if !value.trim().is_empty() => given.set(key, value.trim()),
            Value::Number(value) => given.set(key, &value.to_string()),
            _ => {}
        }
    }
    Ok((text, given))
}

/// Makes the text of a record, or of a row of a table.
pub(super) fn source_text(
    source: &str,
    format: Format,
    encoding: &str,
    number: u32,
    text: String,
    given: Given,
    undecodable: usize,
) -> SourceText {
    let mut text = SourceText {
        source: source.to_owned(),
        format,
        encoding: encoding.to_owned(),
        undecodable,
        text,
        fixed_line: Some(number),
        marks: Vec::new(),
        styles: Vec::new(),
        pages: Vec::new(),
        given: Given::default(),
        warnings: Vec::new(),
    };
    if undecodable > 0 {
        text.warnings.push(Warning::new(
            number,
            format!("有 {undecodable} 处字节无法解码，以 � 代替"),
            format!("{undecodable} byte sequences could not be decoded and stand as U+FFFD"),
        ));
    }
    if markdown::looks_like_markdown(&text.text) {
        mark(&mut text);
    }
    text.given = given;
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &str) -> (Vec<SourceText>, Result<ReadSummary>) {
        let mut texts = Vec::new();
        let summary = read("a.jsonl", bytes.as_bytes(), "UTF-8", &mut |text| {
            texts.push(text)
        });
        (texts, summary)
    }

    #[test]
    fn a_broken_line_is_named_and_stops_nothing() {
        let (texts, summary) = check(
            "{\"id\":7,\"title\":\"甲\",\"text\":\"正文\",\"year\":2023}\n{oops\n\n{\"text\":\"乙\",\"agency\":\"县水务局\"}\r\n[1]",
        );
        let summary = summary.expect("records");
        assert_eq!(texts.len(), 2);
        assert_eq!(texts[0].given.record_id.as_deref(), Some("7"));
        assert_eq!(texts[0].given.year, Some(2023));
        assert_eq!(texts[1].given.agency.as_deref(), Some("县水务局"));
        assert_eq!(texts[1].fixed_line, Some(4));
        let lines: Vec<u32> = summary
            .warnings
            .iter()
            .map(|warning| warning.line)
            .collect();
        assert_eq!(lines, [2, 5]);
    }

    #[test]
    fn half_a_surrogate_pair_is_counted() {
        let (texts, summary) =
            check(r#"{"text":"甲\ud83d乙\ude00丙\ud83d\ude00丁\\ud83d","title":"\udc00"}"#);
        assert_eq!(texts[0].text, "甲\u{fffd}乙\u{fffd}丙😀丁\\ud83d");
        assert_eq!((texts[0].undecodable, texts[0].warnings.len()), (3, 1));
        assert_eq!(summary.expect("a record").undecodable, 3);
    }

    #[test]
    fn a_file_without_records_is_an_error() {
        assert!(check("{oops\n[]\n").1.is_err());
    }
}
