//! Bytes → decoded text with its markup marked.
//!
//! Invariant: reading removes nothing. Front matter, bold markers, comments and footnote marks
//! stay in `text` and are listed in `marks`, so that spans always refer to the decoded source.

mod encoding;
mod front_matter;
mod magic;
mod markdown;
mod records;

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Format, Warning};
pub use crate::model::{Given, Mark, Markup, SourceText};

/// At most so many undecodable places are named one by one.
const NAMED_PLACES: usize = 10;

/// What reading a source came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadSummary {
    /// Format that the content was read as; `None` for an empty file.
    pub format: Option<Format>,
    /// Name of the encoding; empty for an empty file.
    pub encoding: String,
    /// Number of byte sequences that could not be decoded.
    pub undecodable: usize,
    /// Number of texts handed out.
    pub texts: usize,
    /// What the reader should know that belongs to no text, such as a broken JSONL line;
    /// a text's own warnings stand in [`SourceText::warnings`].
    pub warnings: Vec<Warning>,
}

impl ReadSummary {
    /// Returns whether the source held nothing but white space.
    pub fn is_empty(&self) -> bool {
        self.format.is_none()
    }
}

/// Returns the format that a file's extension stands for; `None` for one that is not read.
///
/// A file without extension is taken as text.
pub fn format_of(path: &Path) -> Option<Format> {
    let Some(extension) = path.extension() else {
        return Some(Format::Text);
    };
    match extension.to_string_lossy().to_ascii_lowercase().as_str() {
        "txt" | "text" => Some(Format::Text),
        "md" | "markdown" | "mkd" => Some(Format::Markdown),
        "jsonl" | "ndjson" => Some(Format::JsonLines),
        _ => None,
    }
}

/// Reads a source and hands its texts to `each`: one for a text or Markdown file, one for each
/// record of a JSONL file. `source` is the path as cited, `path` only tells the extension.
///
/// # Errors
/// If the content is no text, or a JSONL file holds not one record.
pub fn read(
    source: &str,
    path: &Path,
    bytes: Vec<u8>,
    each: &mut dyn FnMut(SourceText),
) -> Result<ReadSummary> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(ReadSummary::default());
    }
    if let Some(name) = magic::signature(&bytes) {
        return Err(not_text(path, name));
    }
    let mut format = format_of(path).unwrap_or(Format::Text);
    if format == Format::Text && records::looks_like_records(&bytes) {
        format = Format::JsonLines;
    }
    // Records in UTF-8 are decoded one by one, so that a large file is not held twice.
    if format == Format::JsonLines && encoding::begins_as_utf8(&bytes) {
        return records::read(source, &bytes, "UTF-8", each).map_err(|error| error.with_path(path));
    }
    let decoded = encoding::decode(bytes).ok_or_else(|| not_text(path, ""))?;
    if decoded.text.trim().is_empty() {
        return Ok(ReadSummary::default());
    }
    if format == Format::JsonLines {
        return records::read(source, decoded.text.as_bytes(), decoded.encoding, each)
            .map_err(|error| error.with_path(path));
    }
    let mut text = SourceText {
        source: source.to_owned(),
        format,
        encoding: decoded.encoding.to_owned(),
        undecodable: decoded.undecodable,
        text: decoded.text,
        fixed_line: None,
        marks: Vec::new(),
        given: Given::default(),
        warnings: Vec::new(),
    };
    let mut summary = ReadSummary {
        format: Some(format),
        encoding: text.encoding.clone(),
        undecodable: text.undecodable,
        texts: 1,
        warnings: Vec::new(),
    };
    if text.undecodable > 0 {
        text.warnings = undecodable_warnings(&text.text, text.undecodable);
    }
    text.warnings.extend(nul_warning(&text.text));
    if format == Format::Markdown || markdown::looks_like_markdown(&text.text) {
        mark(&mut text);
    }
    summary.format = Some(text.format);
    each(text);
    Ok(summary)
}

/// Adds the marks of a Markdown text and what its front matter states.
fn mark(text: &mut SourceText) {
    let front_matter = front_matter::find(&text.text);
    if let Some(range) = &front_matter {
        text.given = front_matter::read(&text.text[range.clone()]);
    }
    text.marks = markdown::marks(&text.text, front_matter, &mut text.warnings);
}

fn not_text(path: &Path, format: &str) -> Error {
    let (zh, en) = match format {
        "" => (
            "内容不是文本（可能是二进制文件）".to_owned(),
            "the content is no text (perhaps a binary file)".to_owned(),
        ),
        format => (
            format!("内容是 {format}，不是文本"),
            format!("the content is {format}, not text"),
        ),
    };
    Error::new(ErrorKind::Input, zh, en)
        .with_hint(
            "请转成 UTF-8 文本、Markdown 或 JSONL 再索引",
            "convert it to UTF-8 text, Markdown or JSONL first",
        )
        .with_path(path)
}

fn nul_warning(text: &str) -> Option<Warning> {
    let first = memchr::memchr(0, text.as_bytes())?;
    let count = memchr::memchr_iter(0, text.as_bytes()).count();
    Some(Warning::new(
        count_line_ends(&text[..first]) as u32 + 1,
        format!("从此处起有 {count} 个空字符（NUL），原样保留"),
        format!("{count} NUL characters from here on, kept as they are"),
    ))
}

fn undecodable_warnings(text: &str, total: usize) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let (mut line, mut last) = (1, 0);
    for (place, _) in text.match_indices('\u{fffd}').take(NAMED_PLACES) {
        line += count_line_ends(&text[last..place]) as u32;
        last = place;
        warnings.push(Warning::new(
            line,
            "此处有无法解码的字节，以 � 代替",
            "bytes here could not be decoded and stand as U+FFFD",
        ));
    }
    if total > NAMED_PLACES {
        warnings.push(Warning::new(
            0,
            format!("共有 {total} 处字节无法解码"),
            format!("{total} byte sequences could not be decoded"),
        ));
    }
    warnings
}

/// Returns how many lines end in `text`: at `\n`, `\r\n`, `\r`, U+0085, U+2028 and U+2029.
fn count_line_ends(text: &str) -> usize {
    let bytes = text.as_bytes();
    bytes
        .iter()
        .enumerate()
        .filter(|(place, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(place + 1) != Some(&b'\n'),
            0x85 => *place > 0 && bytes[place - 1] == 0xc2,
            0xa8 | 0xa9 => *place > 1 && bytes[place - 2..*place] == [0xe2, 0x80],
            _ => false,
        })
        .count()
}
