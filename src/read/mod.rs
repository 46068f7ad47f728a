//! Bytes → decoded text with its markup marked.
//!
//! Invariant: reading removes nothing. Front matter, bold markers, comments and footnote marks
//! stay in `text` and are listed in `marks`, so that spans always refer to the decoded source.
//! Office documents have no text of their own: theirs is a transcript, a paragraph a line.

pub mod archive;
mod counting;
mod detect;
mod doc;
mod docx;
mod draft;
mod encoding;
mod front_matter;
mod grid;
mod html;
mod limits;
mod lists;
mod markdown;
mod odt;
mod package;
mod pdf;
mod records;
mod rtf;
mod table;
mod transcript;
mod xml;

use std::io::{self, BufRead, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Format, Warning};
pub use crate::model::{Given, Mark, Markup, SourceText};
pub use detect::{Kind, detect};
pub use limits::Limits;
pub use table::Columns;
use transcript::Transcript;

/// At most so many undecodable places are named one by one.
const NAMED_PLACES: usize = 10;

/// A source to read.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// Path as cited.
    pub source: &'a str,
    /// Path or member's name; only its extension is looked at.
    pub path: &'a Path,
    /// What reading may cost.
    pub limits: Limits,
    /// What the columns of tables hold, where their headers do not say it.
    pub columns: Option<&'a Columns>,
}

impl<'a> Origin<'a> {
    /// Makes the origin of a source that is read under the usual limits, from now on.
    pub fn new(source: &'a str, path: &'a Path) -> Self {
        Origin {
            source,
            path,
            limits: Limits::default(),
            columns: None,
        }
    }
}

/// What reading a source came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReadSummary {
    /// Format that the content was read as; `None` for an empty file.
    pub format: Option<Format>,
    /// Name of the encoding; empty for an empty file, and where a format has but one.
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

/// Reads a source and hands its texts to `each`: one for a document, one for each record of a
/// JSONL file or row of a table.
///
/// # Errors
/// [`ErrorKind::Unsupported`] if it is of a kind that is not read, with what it is;
/// [`ErrorKind::Input`] if its content is broken; [`ErrorKind::Limit`] if it is over a bound.
pub fn read(
    origin: &Origin<'_>,
    bytes: Vec<u8>,
    each: &mut dyn FnMut(SourceText),
) -> Result<ReadSummary> {
    read_detected(origin, bytes, each).map_err(|error| error.with_path(origin.path))
}

/// Decodes a plain text in any of the encodings that sources may have; `None` if it is no text.
pub fn text(bytes: Vec<u8>) -> Option<String> {
    encoding::decode(bytes).map(|decoded| decoded.text)
}

/// Returns whether a text holds records that can be read one by one ([`read_records`]), so that it
/// may be larger than memory. The place in it is lost.
///
/// # Errors
/// If it cannot be read.
pub fn holds_records(input: &mut (impl Read + Seek), path: &Path) -> io::Result<bool> {
    /// The first record is looked at so far where the name does not tell.
    const FIRST: u64 = 1 << 20;
    let format = detect::format_of(path);
    if !matches!(format, Some(Format::Text | Format::JsonLines)) {
        return Ok(false);
    }
    input.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    input.by_ref().take(FIRST).read_to_end(&mut head)?;
    let named = format == Some(Format::JsonLines);
    Ok(encoding::begins_as_utf8(&head) && (named || records::looks_like_records(&head)))
}

/// Reads a text for which [`holds_records`] is true, from its start, one record in memory at a time.
///
/// # Errors
/// [`ErrorKind::Input`] if not one line is a record; [`ErrorKind::Io`] if it cannot be read.
pub fn read_records(
    origin: &Origin<'_>,
    input: impl BufRead,
    each: &mut dyn FnMut(SourceText),
) -> Result<ReadSummary> {
    records::read(origin, input, "UTF-8", each).map_err(|error| error.with_path(origin.path))
}

fn read_detected(
    origin: &Origin<'_>,
    bytes: Vec<u8>,
    each: &mut dyn FnMut(SourceText),
) -> Result<ReadSummary> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(ReadSummary::default());
    }
    let kind = detect(&mut Cursor::new(bytes.as_slice()), origin.path)
        .map_err(|error| Error::io(origin.path, error))?;
    let format = match kind {
        Kind::Document(format) => format,
        // Its directory tells what it holds.
        Kind::Container => return doc::read_container(origin, bytes, each),
        Kind::Archive(_) => {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "这是压缩包，里面的文件各自成篇",
                "this is an archive; its members are sources of their own",
            ));
        }
        Kind::Other(name) => return Err(not_read(origin.path, name)),
    };
    let transcript = match format {
        Format::Docx => docx::read(&bytes, origin)?,
        Format::Rtf => rtf::read(&bytes, origin)?,
        Format::Odt => odt::read(&bytes, origin)?,
        Format::Html => html::read(bytes, origin)?,
        Format::Mhtml => html::read_mail(bytes, origin)?,
        Format::Pdf => pdf::read(bytes, origin)?,
        Format::Csv => return table::read_csv(origin, bytes, each),
        Format::Xlsx => return table::read_workbook(origin, format, bytes, each),
        _ => return read_text(origin, format, bytes, each),
    };
    Ok(finish(transcript, format, origin, each))
}

/// Hands out the text of a document.
fn finish(
    transcript: Transcript,
    format: Format,
    origin: &Origin<'_>,
    each: &mut dyn FnMut(SourceText),
) -> ReadSummary {
    if transcript.is_blank() {
        return ReadSummary::default();
    }
    let text = transcript.finish(origin.source, format);
    let summary = ReadSummary {
        format: Some(format),
        encoding: text.encoding.clone(),
        undecodable: text.undecodable,
        texts: 1,
        warnings: Vec::new(),
    };
    each(text);
    summary
}

/// Reads text in any encoding: plain, Markdown, or records.
fn read_text(
    origin: &Origin<'_>,
    mut format: Format,
    bytes: Vec<u8>,
    each: &mut dyn FnMut(SourceText),
) -> Result<ReadSummary> {
    let Origin { source, path, .. } = *origin;
    if format == Format::Text && records::looks_like_records(&bytes) {
        format = Format::JsonLines;
    }
    // Records in UTF-8 are decoded one by one, so that a large file is not held twice.
    if format == Format::JsonLines && encoding::begins_as_utf8(&bytes) {
        return records::read(origin, bytes.as_slice(), "UTF-8", each);
    }
    let decoded = encoding::decode(bytes).ok_or_else(|| not_read(path, ""))?;
    if decoded.text.trim().is_empty() {
        return Ok(ReadSummary::default());
    }
    if format == Format::JsonLines {
        return records::read(origin, decoded.text.as_bytes(), decoded.encoding, each);
    }
    let mut text = SourceText {
        source: source.to_owned(),
        format,
        encoding: decoded.encoding.to_owned(),
        undecodable: decoded.undecodable,
        text: decoded.text,
        fixed_line: None,
        marks: Vec::new(),
        styles: Vec::new(),
        pages: Vec::new(),
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

/// Makes the error of a file that is none of what is read: its name if it has one.
pub(crate) fn not_read(path: &Path, name: &str) -> Error {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let (zh, en) = match name {
        "" if detect::format_of(path).is_some() => (
            "内容不是文本（可能是二进制文件）".to_owned(),
            "the content is no text (perhaps a binary file)".to_owned(),
        ),
        "" => (
            format!("不支持 .{extension} 文件"),
            format!(".{extension} files are not read"),
        ),
        name => (
            format!("内容是 {name}，暂不支持"),
            format!("the content is {name}, which is not read"),
        ),
    };
    Error::new(ErrorKind::Unsupported, zh, en)
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
