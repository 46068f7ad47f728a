//! JSONL: one record a line → one text each.
//!
//! Invariant: at most one record is held at a time, so a file may be larger than memory, and a
//! broken line stops nothing.

use std::borrow::Cow;
use std::io::{BufRead, Read};

use serde_json::Value;

use super::{Origin, ReadSummary, mark, markdown};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Format, Given, SourceText, Warning};

/// Fields that hold a record's text, best first.
pub(super) const TEXT_FIELDS: &[&str] = &["text", "content", "body", "正文", "内容"];

/// At most so many broken lines are named one by one.
const NAMED_LINES: usize = 100;

/// Returns whether the first line that holds anything is a JSON object with a text.
pub(super) fn looks_like_records(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = bytes.trim_ascii_start();
    if start.first() != Some(&b'{') {
        return false;
    }
    let end = memchr::memchr(b'\n', start).unwrap_or(start.len());
    matches!(serde_json::from_slice(&start[..end]), Ok(Value::Object(fields))
        if TEXT_FIELDS.iter().any(|name| fields.get(*name).is_some_and(Value::is_string)))
}

/// Reads records and hands their texts to `each`. A record may take the time of a whole source; so
/// many of them may take any time.
///
/// # Errors
/// If not one line is a record, or the input cannot be read.
pub(super) fn read(
    origin: &Origin<'_>,
    mut input: impl BufRead,
    encoding: &str,
    each: &mut dyn FnMut(SourceText),
) -> Result<ReadSummary> {
    let mut records = Records {
        source: origin.source,
        encoding,
        summary: ReadSummary {
            format: Some(Format::JsonLines),
            encoding: encoding.to_owned(),
            ..ReadSummary::default()
        },
        broken: 0,
    };
    let mut number = 0;
    let mut chunk = Vec::new();
    let mut is_first = true;
    loop {
        let whole = next_line(&mut input, origin.limits.bytes(), &mut chunk)
            .map_err(|cause| Error::io(origin.path, cause))?;
        let Some(whole) = whole else {
            break;
        };
        let mut rest = chunk.as_slice();
        if std::mem::take(&mut is_first) {
            rest = rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest);
        }
        if !whole {
            number += 1;
            let megabytes = origin.limits.bytes() >> 20;
            records.reject(
                number,
                format!("这一行超过 {megabytes} MB，已跳过"),
                format!("this line is more than {megabytes} MB and was skipped"),
            );
            continue;
        }
        // A lone carriage return ends a line, too; JSON escapes it within strings.
        for line in rest.split(|byte| *byte == b'\r') {
            number += 1;
            records.line(number, line, each);
        }
    }
    records.finish()
}

/// Reads a line without its end (`\n` or `\r\n`) into `line`; returns whether it was whole, which a
/// line of more than `most` bytes is not, and `None` at the end of the input.
fn next_line(
    input: &mut impl BufRead,
    most: u64,
    line: &mut Vec<u8>,
) -> std::io::Result<Option<bool>> {
    line.clear();
    let bound = most.saturating_add(2);
    if input.by_ref().take(bound).read_until(b'\n', line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        line.pop_if(|byte| *byte == b'\r');
    } else if line.len() as u64 == bound {
        line.clear();
        line.shrink_to_fit();
        input.skip_until(b'\n')?;
        return Ok(Some(false));
    }
    Ok(Some(true))
}

/// Records on their way.
struct Records<'a> {
    source: &'a str,
    encoding: &'a str,
    summary: ReadSummary,
    broken: usize,
}

impl Records<'_> {
    fn line(&mut self, number: u32, line: &[u8], each: &mut dyn FnMut(SourceText)) {
        if line.trim_ascii().is_empty() {
            return;
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
        self.summary.undecodable += undecodable;
        match read {
            Ok((text, given)) => {
                self.summary.texts += 1;
                each(source_text(
                    self.source,
                    Format::JsonLines,
                    self.encoding,
                    number,
                    text,
                    given,
                    undecodable,
                ));
            }
            Err((zh, en)) => self.reject(number, zh, en),
        }
    }

    fn reject(&mut self, number: u32, zh: String, en: String) {
        self.broken += 1;
        if self.broken <= NAMED_LINES {
            self.summary.warnings.push(Warning::new(number, zh, en));
        }
    }

    fn finish(mut self) -> Result<ReadSummary> {
        let broken = self.broken;
        if broken > NAMED_LINES {
            self.summary.warnings.push(Warning::new(
                0,
                format!("共有 {broken} 行不是可用的记录"),
                format!("{broken} lines are no usable record"),
            ));
        }
        if self.summary.texts == 0 {
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
        Ok(self.summary)
    }
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
        let origin = Origin::new("a.jsonl", "a.jsonl".as_ref());
        check_as(&origin, bytes)
    }

    fn check_as(origin: &Origin<'_>, bytes: &str) -> (Vec<SourceText>, Result<ReadSummary>) {
        let mut texts = Vec::new();
        let summary = read(origin, bytes.as_bytes(), "UTF-8", &mut |text| {
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
    fn lines_end_in_every_way_and_may_be_too_long() {
        let record = r#"{"text":"甲"}"#;
        let (texts, _) = check(&format!("\u{feff}{record}\r{record}\r\n\n{record}"));
        let lines: Vec<_> = texts.iter().map(|text| text.fixed_line).collect();
        assert_eq!(lines, [Some(1), Some(2), Some(4)]);

        let limits = crate::read::Limits::start(20, std::time::Duration::ZERO);
        let origin = Origin {
            limits,
            ..Origin::new("a.jsonl", "a.jsonl".as_ref())
        };
        let long = format!(r#"{{"text":"{}"}}"#, "乙".repeat(10));
        let (texts, summary) = check_as(&origin, &format!("{record}\n{long}\n{record}\n{long}"));
        assert_eq!(texts.len(), 2);
        let lines: Vec<u32> = summary.unwrap().warnings.iter().map(|w| w.line).collect();
        assert_eq!(lines, [2, 4]);
    }

    #[test]
    fn a_file_without_records_is_an_error() {
        assert!(check("{oops\n[]\n").1.is_err());
    }
}
