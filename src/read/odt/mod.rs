//! OpenDocument text, packed or flat → paragraphs.
//!
//! Invariant: what a reader of the printed final document sees: insertions without deletions,
//! nothing hidden, no comments; numbers of lists and headings are written out.

mod body;
mod lists;
mod package;
mod styles;

#[cfg(test)]
mod tests;

use body::Body;
use package::Package;
use styles::Styles;

use super::transcript::{Paragraph, Transcript};
use super::xml::{self, Element, Vocabulary, Xml};
use super::{Limits, Origin, not_read};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Warning;

/// Reads a document.
///
/// # Errors
/// [`ErrorKind::Unsupported`] if it is encrypted, or no text but a table or slides;
/// [`ErrorKind::Input`] if it is damaged; [`ErrorKind::Limit`] if it is over a bound.
pub(super) fn read(bytes: &[u8], origin: &Origin<'_>) -> Result<Transcript> {
    let limits = origin.limits;
    let (styles, (content, undecodable)) = match bytes.starts_with(b"PK") {
        true => {
            let mut package = Package::open(bytes, limits)?;
            if package.is_encrypted()? {
                return Err(encrypted());
            }
            let styles = package.text("styles.xml")?.map(|(text, _)| text);
            let content = package.text("content.xml")?;
            (styles, content.ok_or_else(no_content)?)
        }
        false => (None, xml::decode(bytes.to_vec())),
    };
    let mut document = Document {
        styles: Styles::default(),
        limits,
        kind: None,
    };
    if let Some(styles) = &styles {
        document.read(styles, &[Part::Styles])?;
    }
    let content_parts = [Part::Styles, Part::Automatic, Part::Body];
    let mut paragraphs = document.read(&content, &content_parts)?;
    match document.kind.as_deref() {
        Some("text") => {}
        Some("spreadsheet") => return Err(not_read(origin.path, "ODS")),
        Some("presentation") => return Err(not_read(origin.path, "ODP")),
        Some("drawing") => return Err(not_read(origin.path, "ODG")),
        Some(_) => return Err(not_read(origin.path, "")),
        None => return Err(no_content()),
    }
    // Headers and footers count where there is nothing else.
    if paragraphs.iter().all(is_blank) {
        let margin_parts = [Part::Styles, Part::Automatic, Part::Margins];
        let margins = document.read(styles.as_ref().unwrap_or(&content), &margin_parts)?;
        paragraphs.extend(margins.into_iter().filter(|line| !is_blank(line)));
    }
    let mut transcript = Transcript::default();
    for paragraph in &paragraphs {
        transcript.push(paragraph);
    }
    if undecodable > 0 {
        transcript.undecodable = undecodable;
        transcript.warnings.push(Warning::new(
            0,
            format!("共有 {undecodable} 处字节无法解码，以 � 代替"),
            format!("{undecodable} byte sequences could not be decoded and stand as U+FFFD"),
        ));
    }
    Ok(transcript)
}

fn is_blank(paragraph: &Paragraph) -> bool {
    paragraph.text.trim().is_empty()
}

/// A part of a document, whichever file it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Styles with names.
    Styles,
    /// Styles of single paragraphs and runs; each file has its own.
    Automatic,
    /// Headers and footers.
    Margins,
    Body,
}

struct Document {
    styles: Styles,
    limits: Limits,
    /// What the body holds: `text`, `spreadsheet` …
    kind: Option<String>,
}

impl Document {
    /// Reads parts of a file and returns the paragraphs in them.
    fn read(&mut self, text: &str, parts: &[Part]) -> Result<Vec<Paragraph>> {
        let mut paragraphs = Vec::new();
        let mut xml = Xml::new(text, self.limits);
        if xml.child()?.is_none() {
            return Ok(paragraphs);
        }
        while let Some(element) = xml.child()? {
            let part = part_of(&element).filter(|part| parts.contains(part));
            match part {
                Some(Part::Styles | Part::Automatic) => self.styles.read(&mut xml)?,
                Some(Part::Margins) => {
                    let mut body = Body::new(&self.styles, self.limits);
                    paragraphs.append(&mut body.read_margins(&mut xml)?);
                }
                Some(Part::Body) => {
                    while let Some(kind) = xml.child()? {
                        self.kind = Some(kind.name().to_owned());
                        match kind.name() {
                            "text" => {
                                let mut body = Body::new(&self.styles, self.limits);
                                paragraphs.append(&mut body.read(&mut xml)?);
                            }
                            _ => xml.skip()?,
                        }
                    }
                }
                None => xml.skip()?,
            }
        }
        Ok(paragraphs)
    }
}

fn part_of(element: &Element<'_>) -> Option<Part> {
    match (element.vocabulary, element.name()) {
        (Vocabulary::Office, "styles") => Some(Part::Styles),
        (Vocabulary::Office, "automatic-styles") => Some(Part::Automatic),
        (Vocabulary::Office, "master-styles") => Some(Part::Margins),
        (Vocabulary::Office, "body") => Some(Part::Body),
        _ => None,
    }
}

fn encrypted() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "文档已加密",
        "the document is encrypted",
    )
    .with_hint(
        "用密码打开后另存为不加密的文件",
        "open it with its password and save it without one",
    )
}

fn no_content() -> Error {
    Error::new(
        ErrorKind::Input,
        "文档里没有正文（content.xml）",
        "the document has no body (content.xml)",
    )
}
