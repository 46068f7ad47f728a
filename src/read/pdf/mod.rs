//! PDF with a text layer → paragraphs, page by page.
//!
//! Invariant: what is drawn as text is kept, in the order of reading, but for running heads, page
//! numbers and what stands askew; lines are joined to the paragraphs that they were broken from.

mod columns;
mod content;
mod font;
mod furniture;
mod glyphs;
mod lines;
mod matrix;
mod names;
mod paragraphs;
mod paths;
mod runs;
mod script;
mod tables;
mod unpack;
mod usual;

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::Origin;
use super::transcript::{Paragraph, Transcript};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Warning;
use font::Fonts;
use unpack::Budget;

/// So many characters of what was left out are shown.
const SHOWN_CHARS: usize = 40;

/// Reads a document.
///
/// # Errors
/// [`ErrorKind::Unsupported`] if it is encrypted with a password, or has no text layer;
/// [`ErrorKind::Input`] if it is damaged; [`ErrorKind::Limit`] if it is over a bound.
pub(super) fn read(bytes: Vec<u8>, origin: &Origin<'_>) -> Result<Transcript> {
    let limits = origin.limits;
    unpack::check_structure(&bytes, limits)?;
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm) => encrypted(
            "加密方法暂不支持",
            "it is encrypted in a way that is not read",
        ),
        LoadPdfError::Decryption(_) => encrypted("打开需要密码", "it opens with a password only"),
        LoadPdfError::Invalid => damaged(),
    })?;
    limits.check()?;
    let mut budget = Budget::new(limits);
    let mut fonts = Fonts::default();
    let mut pages = Vec::new();
    let mut gutter = None;
    let (mut characters, mut unknown, mut pictures) = (0, 0, 0);
    for page in pdf.pages().iter() {
        let shown = content::read(page, &mut fonts, &mut budget)?;
        budget.spend(shown.glyphs.len())?;
        characters += shown
            .glyphs
            .iter()
            .filter(|glyph| !glyph.is_blank())
            .count();
        let is_unknown = |glyph: &&glyphs::Glyph| glyph.character == '\u{fffd}';
        unknown += shown.glyphs.iter().filter(is_unknown).count();
        pictures += usize::from(shown.has_picture);
        pages.push(lines::blocks(shown, &mut gutter));
    }
    if characters == 0 {
        return Err(no_text(pages.len(), pictures));
    }
    if unknown * 2 > characters {
        return Err(unreadable());
    }
    let furniture = furniture::take(&mut pages);
    let mut transcript = Transcript::default();
    paragraphs::write(&pages, limits, &mut transcript)?;
    match transcript.is_blank() {
        // Heads count where there is nothing else.
        true => furniture
            .into_iter()
            .for_each(|line| transcript.push(&Paragraph::plain(line))),
        false => transcript.warnings.extend(left_out(&furniture)),
    }
    if unknown > 0 {
        transcript.undecodable = unknown;
        transcript.warnings.push(Warning::new(
            0,
            format!("有 {unknown} 个字的字体没有对照表，以 � 代替"),
            format!("{unknown} characters have no map in their fonts and stand as U+FFFD"),
        ));
    }
    Ok(transcript)
}

fn left_out(furniture: &[String]) -> Option<Warning> {
    let count = furniture.len();
    let first: String = furniture
        .first()?
        .trim()
        .chars()
        .take(SHOWN_CHARS)
        .collect();
    Some(Warning::new(
        0,
        format!("{count} 行页眉、页码未计入正文，如“{first}”"),
        format!("{count} lines of running heads and page numbers were left out, such as '{first}'"),
    ))
}

fn encrypted(zh: &str, en: &str) -> Error {
    Error::new(
        ErrorKind::Unsupported,
        format!("文档已加密（{zh}）"),
        format!("the document is encrypted ({en})"),
    )
    .with_hint(
        "用密码打开后另存为不加密的文件",
        "open it with its password and save it without one",
    )
}

fn damaged() -> Error {
    Error::new(
        ErrorKind::Input,
        "PDF 已损坏，找不到其中的页面",
        "the PDF is damaged: its pages cannot be found",
    )
    .with_hint(
        "打开并修复后另存，或重新下载",
        "open and repair it, or download it again",
    )
}

fn no_text(pages: usize, pictures: usize) -> Error {
    let (zh, en) = match pictures {
        0 => (
            format!("PDF 没有文字层（共 {pages} 页）"),
            format!("the PDF has no text layer ({pages} pages)"),
        ),
        _ => (
            format!("PDF 没有文字层，只有图像（共 {pages} 页，可能是扫描件）"),
            format!("the PDF has no text layer, only pictures ({pages} pages, perhaps scanned)"),
        ),
    };
    Error::new(ErrorKind::Unsupported, zh, en).with_hint(
        "先做文字识别（OCR），存为双层 PDF 或文本",
        "recognise its text (OCR) first and save it with a text layer",
    )
}

fn unreadable() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "PDF 的字体没有字符对照表，读不出文字",
        "the PDF's fonts do not say which characters they show",
    )
    .with_hint(
        "先做文字识别（OCR），或用源文件另存为 PDF",
        "recognise its text (OCR), or save the original as PDF anew",
    )
}
