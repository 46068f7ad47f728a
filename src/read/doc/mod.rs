//! OLE containers: Word and WPS of 97 to 2003 → paragraphs; what else they hold → by its name.
//!
//! Invariant: every offset and count comes from the file and is checked where it is used; a part
//! that lies is read as far as it goes, or is as good as absent.

mod bytes;
mod container;
mod fib;
mod fields;
mod lists;
mod modifiers;
mod old;
mod pieces;
mod runs;
mod story;
mod styles;
#[cfg(test)]
mod tests;
mod word;

use super::transcript::Transcript;
use super::{Origin, ReadSummary, finish, not_read, table};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Format, SourceText, Warning};
use container::{Container, damaged};
use fib::Fib;
use word::Document;

/// Names at the top of a container that tell what it holds, with what is not read.
const OTHERS: &[(&str, &str)] = &[
    ("PowerPoint Document", "PPT"),
    ("VisioDocument", "VSD"),
    ("Quill", "Publisher"),
    ("BodyText", "HWP"),
    ("__properties_version1.0", "MSG"),
    ("StarWriterDocument", "StarWriter"),
    ("MatOST", "Microsoft Works"),
];

/// Reads an OLE container by what its directory holds.
pub(super) fn read_container(
    origin: &Origin<'_>,
    bytes: Vec<u8>,
    each: &mut dyn FnMut(SourceText),
) -> Result<ReadSummary> {
    let mut container = Container::open(&bytes, &origin.limits)?;
    let has = |name: &str| {
        container
            .names()
            .any(|other| other.eq_ignore_ascii_case(name))
    };
    if has("WordDocument") {
        let transcript = read_word(&mut container, origin)?;
        return Ok(finish(transcript, word_format(origin), origin, each));
    }
    if has("EncryptedPackage") {
        return Err(encrypted());
    }
    if has("Workbook") || has("Book") {
        drop(container);
        return table::read_workbook(origin, Format::Xls, bytes, each);
    }
    let other = OTHERS.iter().find(|(name, _)| has(name));
    Err(not_read(
        origin.path,
        other.map_or("OLE", |(_, program)| program),
    ))
}

/// Returns what a Word document is called; WPS writes the same under its own name.
fn word_format(origin: &Origin<'_>) -> Format {
    let extension = origin.path.extension().unwrap_or_default();
    match ["wps", "wpt"]
        .iter()
        .any(|name| extension.eq_ignore_ascii_case(name))
    {
        true => Format::Wps,
        false => Format::Doc,
    }
}

fn read_word(container: &mut Container<'_>, origin: &Origin<'_>) -> Result<Transcript> {
    let limits = &origin.limits;
    let main = container.stream("WordDocument", limits)?;
    let fib = Fib::read(&main).ok_or_else(damaged)?;
    if fib.is_encrypted() {
        return Err(encrypted());
    }
    let mut transcript = Transcript::default();
    let (paragraphs, is_damaged) = if fib.is_old() {
        if fib.is_complex() {
            return Err(quick_saved());
        }
        let (text, encoding) = old::decode(fib.old_text(), fib.language());
        transcript.encoding = encoding.to_owned();
        let document = Document::plain(&text);
        let all = 0..document.pieces.len();
        (document.text(all, Vec::new(), limits)?, false)
    } else {
        let table = container.stream(fib.table_stream(), limits)?;
        let data = container.stream("Data", limits)?;
        let document = Document::read(&fib, [&main, &table, &data], limits)?;
        let paragraphs = document.body(&fib, &table, limits)?;
        (paragraphs, document.pieces.is_damaged)
    };
    for paragraph in &paragraphs {
        let lost = paragraph.text.matches(char::REPLACEMENT_CHARACTER);
        transcript.undecodable += lost.count();
        transcript.push(paragraph);
    }
    if is_damaged || container.is_cut {
        if transcript.is_blank() {
            return Err(damaged());
        }
        transcript.warnings.push(Warning::new(
            0,
            "文件不完整或已损坏，只读出一部分",
            "the file is incomplete or damaged; only part of it was read",
        ));
    }
    Ok(transcript)
}

fn encrypted() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "文件已加密",
        "the file is encrypted",
    )
    .with_hint(
        "在 Word 或 WPS 中去掉密码，另存后再试",
        "take the password away in Word or WPS and save it again",
    )
}

fn quick_saved() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "内容是快速保存的 Word 6/95 文档，暂不支持",
        "the content is a Word 6/95 document of a quick save, which is not read",
    )
    .with_hint(
        "在 Word 或 WPS 中另存后再试",
        "save it again in Word or WPS",
    )
}
