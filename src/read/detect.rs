//! First bytes, directory and name of a file → what it is.
//!
//! Invariant: content decides; a name decides only between kinds of text, which all look alike.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::model::Format;

/// What a file was recognised as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text of some sort in some encoding, or a document.
    Document(Format),
    /// Holds other files.
    Archive(Format),
    /// An OLE container: Word, Excel or PowerPoint of 97 to 2003, WPS, or an encrypted document.
    Container,
    /// Nothing that is read; the name of what it is, empty if unknown.
    Other(&'static str),
}

/// How many bytes tell what a file is.
const HEAD: u64 = 4096;

/// First bytes of what is not read, or only as a whole.
const SIGNATURES: &[(&[u8], Kind)] = &[
    (b"{\\rtf", Kind::Document(Format::Rtf)),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind::Container),
    (b"\x1f\x8b\x08", Kind::Archive(Format::Gzip)),
    (b"\x89PNG", Kind::Other("PNG")),
    (b"\xff\xd8\xff", Kind::Other("JPEG")),
    (b"GIF8", Kind::Other("GIF")),
    (b"BM", Kind::Other("")),
    (b"II*\0", Kind::Other("TIFF")),
    (b"MM\0*", Kind::Other("TIFF")),
    (b"Rar!", Kind::Other("RAR")),
    (b"7z\xbc\xaf\x27\x1c", Kind::Other("7Z")),
    (b"BZh", Kind::Other("BZIP2")),
    (b"\xfd7zXZ\0", Kind::Other("XZ")),
    (b"\x28\xb5\x2f\xfd", Kind::Other("ZSTD")),
    (b"\x7fELF", Kind::Other("ELF")),
    (b"MZ\x90", Kind::Other("EXE")),
];

/// Extensions of text and documents, lower case, with what text under that name is.
const EXTENSIONS: &[(&str, Format)] = &[
    ("txt", Format::Text),
    ("text", Format::Text),
    ("md", Format::Markdown),
    ("markdown", Format::Markdown),
    ("mkd", Format::Markdown),
    ("jsonl", Format::JsonLines),
    ("ndjson", Format::JsonLines),
    ("csv", Format::Csv),
    ("tsv", Format::Csv),
    ("html", Format::Html),
    ("htm", Format::Html),
    ("xhtml", Format::Html),
    ("shtml", Format::Html),
    ("mht", Format::Mhtml),
    ("mhtml", Format::Mhtml),
    // Programs export text and web pages under the names of documents.
    ("doc", Format::Text),
    ("docx", Format::Text),
    ("wps", Format::Text),
    ("rtf", Format::Text),
    ("odt", Format::Text),
];

/// Members of zip containers that tell documents from plain archives.
const PARTS: &[(&str, Kind)] = &[
    // An archive may hold a folder `word` as well.
    ("word/document", Kind::Document(Format::Docx)),
    ("xl/", Kind::Document(Format::Xlsx)),
    ("ppt/", Kind::Other("PPTX")),
    ("OFD.xml", Kind::Other("OFD")),
    ("META-INF/container.xml", Kind::Other("EPUB")),
    ("styles.xml", Kind::Document(Format::Odt)),
];

/// Tells what a file is. `path` may be a member's name; only its extension counts.
///
/// # Errors
/// If the content cannot be read.
pub fn detect(content: &mut (impl Read + Seek), path: &Path) -> io::Result<Kind> {
    content.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    content.by_ref().take(HEAD).read_to_end(&mut head)?;
    let kind = match SIGNATURES
        .iter()
        .find(|(signature, _)| head.starts_with(signature))
    {
        // Two letters are not enough to tell a picture from a text.
        Some((b"BM", _)) if !head.contains(&0) => text(&head, path),
        Some((_, kind)) => *kind,
        None if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") => {
            zip(content).unwrap_or(Kind::Archive(Format::Zip))
        }
        None if find(&head[..head.len().min(1024)], b"%PDF-") => Kind::Document(Format::Pdf),
        None if head.get(257..262) == Some(b"ustar") => Kind::Archive(Format::Tar),
        None => text(&head, path),
    };
    content.seek(SeekFrom::Start(0))?;
    Ok(kind)
}

/// Returns what a text is called by its extension; text for none at all.
pub(super) fn format_of(path: &Path) -> Option<Format> {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let extension = extension.to_ascii_lowercase();
    // `关于2023.5月` has none.
    if !extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
        || !extension.bytes().any(|byte| byte.is_ascii_alphabetic())
    {
        return Some(Format::Text);
    }
    EXTENSIONS
        .iter()
        .find(|(name, _)| *name == extension)
        .map(|(_, format)| *format)
}

fn text(head: &[u8], path: &Path) -> Kind {
    if looks_like_html(head) {
        return Kind::Document(Format::Html);
    }
    if looks_like_mail(head) {
        return Kind::Document(Format::Mhtml);
    }
    if looks_like_flat_odf(head) {
        return Kind::Document(Format::Odt);
    }
    match format_of(path) {
        Some(format) => Kind::Document(format),
        None => Kind::Other(""),
    }
}

fn looks_like_html(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let start = head.trim_ascii_start();
    let mut start = start[..start.len().min(1024)].to_ascii_lowercase();
    if start.starts_with(b"<?xml") {
        return find(&start, b"<html");
    }
    start.truncate(15);
    ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|tag| start.starts_with(tag.as_bytes()))
}

/// Returns whether the bytes open like a web page saved as a mail with parts.
fn looks_like_mail(head: &[u8]) -> bool {
    let head = head[..head.len().min(2048)].to_ascii_lowercase();
    (head.starts_with(b"mime-version:") || head.starts_with(b"from:"))
        && find(&head, b"content-type:")
}

/// Returns whether the bytes open like OpenDocument in a single XML file.
fn looks_like_flat_odf(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    head.trim_ascii_start().starts_with(b"<?xml") && find(head, b"<office:document ")
}

/// Tells a zip container by the names in its directory; `None` if there is no directory.
fn zip(content: &mut (impl Read + Seek)) -> Option<Kind> {
    /// The end record and the longest comment behind it.
    const TAIL: u64 = 22 + 65_535;
    /// Directories are looked at so far; a document's tell-tale parts come early.
    const DIRECTORY: u64 = 1 << 20;
    let length = content.seek(SeekFrom::End(0)).ok()?;
    let tail_start = length.saturating_sub(TAIL);
    content.seek(SeekFrom::Start(tail_start)).ok()?;
    let mut tail = Vec::new();
    content.by_ref().take(TAIL).read_to_end(&mut tail).ok()?;
    let end = memchr::memmem::rfind(&tail, b"PK\x05\x06")?;
    let start = u32_at(&tail, end + 16)?;
    content.seek(SeekFrom::Start(u64::from(start))).ok()?;
    let mut directory = Vec::new();
    let read = content.by_ref().take(DIRECTORY).read_to_end(&mut directory);
    read.ok()?;
    let mut found = Kind::Archive(Format::Zip);
    let mut rest = directory.as_slice();
    while rest.starts_with(b"PK\x01\x02") {
        let lengths = [28, 30, 32].map(|at| usize::from(u16_at(rest, at).unwrap_or(0)));
        let Some(name) = rest.get(46..46 + lengths[0]) else {
            break;
        };
        let part = PARTS.iter().find(|(part, _)| match part.ends_with(".xml") {
            true => name == part.as_bytes(),
            false => name.starts_with(part.as_bytes()),
        });
        if let Some((_, kind)) = part {
            found = *kind;
            break;
        }
        rest = rest.get(46 + lengths.iter().sum::<usize>()..)?;
    }
    Some(found)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at + 2)?;
    Some(u16::from_le_bytes([bytes[0], bytes[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

fn find(bytes: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(bytes, needle).is_some()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn check(bytes: &[u8], name: &str) -> Kind {
        detect(&mut Cursor::new(bytes), Path::new(name)).expect("memory can be read")
    }

    #[test]
    fn content_decides_and_names_tell_texts_apart() {
        assert_eq!(check(b"%PDF-1.7\n", "a.txt"), Kind::Document(Format::Pdf));
        assert_eq!(
            check(b"\n<!DOCTYPE HTML>", "a.doc"),
            Kind::Document(Format::Html)
        );
        let text = "政府工作报告".as_bytes();
        assert_eq!(check(text, "a.docx"), Kind::Document(Format::Text));
        assert_eq!(check(text, "a.MD"), Kind::Document(Format::Markdown));
        assert_eq!(check(text, "a"), Kind::Document(Format::Text));
        let flat = b"<?xml version=\"1.0\"?>\n<office:document xmlns:office=\"x\">";
        assert_eq!(check(flat, "a.fodt"), Kind::Document(Format::Odt));
        assert_eq!(check(text, "2023.5月"), Kind::Document(Format::Text));
        assert_eq!(check(text, "a.py"), Kind::Other(""));
        assert_eq!(
            check(b"BM \xe5\x93\x81", "a.txt"),
            Kind::Document(Format::Text)
        );
        assert_eq!(check(b"PK\x03\x04", "a.docx"), Kind::Archive(Format::Zip));
    }
}
