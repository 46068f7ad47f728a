//! Web pages, plain or saved as mail with parts → the article's paragraphs.

mod article;
mod blocks;
mod mail;
mod style;
mod table;
mod title;
mod tree;

use super::encoding::{self, Decoded};
use super::transcript::{Paragraph, Transcript};
use super::{Origin, not_read, undecodable_warnings};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Warning;
use blocks::{Block, Shown};
use tree::{NodeId, Tree};

/// The name of an encoding is sought in so many first bytes.
const HEAD: usize = 4096;

/// Titles are no longer than this, in characters.
const MAX_TITLE: usize = 70;

/// Reads a web page.
pub(super) fn read(bytes: Vec<u8>, origin: &Origin<'_>) -> Result<Transcript> {
    let name = named_encoding(&bytes);
    page(bytes, name.as_deref(), origin)
}

/// Reads a web page that was saved with its parts.
pub(super) fn read_mail(bytes: Vec<u8>, origin: &Origin<'_>) -> Result<Transcript> {
    let part = mail::page(&bytes, &origin.limits)?;
    drop(bytes);
    // Browsers write the page in the encoding that the part's own head names.
    let name = part.charset.or_else(|| named_encoding(&part.content));
    page(part.content, name.as_deref(), origin)
}

fn page(bytes: Vec<u8>, encoding: Option<&str>, origin: &Origin<'_>) -> Result<Transcript> {
    let decoded = match encoding {
        Some(name) => encoding::decode_named(bytes, name),
        None => encoding::decode(bytes),
    };
    let Decoded {
        text,
        encoding,
        undecodable,
    } = decoded.ok_or_else(|| not_read(origin.path, ""))?;
    let tree = Tree::parse(&text, &origin.limits)?;
    drop(text);
    origin.limits.check()?;
    let mut transcript = Transcript::default();
    encoding.clone_into(&mut transcript.encoding);
    transcript.undecodable = undecodable;
    let blocks = shown(&tree, &mut transcript);
    let head = title::head(&tree);
    if !blocks.is_empty() {
        let article = article::find(&tree, &blocks, &head).ok_or_else(no_article)?;
        origin.limits.check()?;
        for block in &blocks[article.title.clone()] {
            transcript.push(&Paragraph {
                level: block.level.max(1),
                ..paragraph(block)
            });
        }
        let lines = || article.lines.iter().filter_map(|index| blocks.get(*index));
        for block in lines() {
            transcript.push(&paragraph(block));
        }
        if article.title.is_empty() && !lines().next().is_some_and(is_titular) {
            transcript.given.title = head.title;
        }
    }
    // Places are counted in the article: what else the page holds is not shown.
    if undecodable > 0 {
        let broken = undecodable_warnings(transcript.text(), undecodable);
        transcript.warnings.extend(broken);
    }
    Ok(transcript)
}

/// Returns what the page shows, or all that it holds if it hides most of it.
fn shown(tree: &Tree, transcript: &mut Transcript) -> Vec<Block> {
    let Shown { blocks, hidden } = blocks::blocks(tree, NodeId::ROOT, false);
    let chars: usize = blocks.iter().map(|block| block.chars).sum();
    if hidden <= chars.saturating_mul(2) {
        return blocks;
    }
    transcript.warnings.push(Warning::new(
        0,
        "网页的大部分文字要由脚本显示，已一并读入",
        "most of the page is hidden until a script shows it, and was read as well",
    ));
    blocks::blocks(tree, NodeId::ROOT, true).blocks
}

fn paragraph(block: &Block) -> Paragraph {
    Paragraph {
        text: block.text.clone(),
        level: block.level,
        bold: block.bold,
        note: block.note,
    }
}

/// Returns whether the first line of an article may be its title.
fn is_titular(block: &Block) -> bool {
    let text = block.text.trim();
    block.chars <= MAX_TITLE
        && !text.ends_with(['。', '：', ':', '；', '，', '！'])
        && !text.starts_with(['（', '(', '—'])
        && !text.contains('、')
}

fn no_article() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "网页里没有文章，只有链接",
        "the page holds no article, only links",
    )
}

/// Returns the encoding that a page's own head names: `<meta charset>`, `content="…; charset="` or
/// an XML declaration.
fn named_encoding(bytes: &[u8]) -> Option<String> {
    let head = bytes[..bytes.len().min(HEAD)].to_ascii_lowercase();
    let declared = [&b"charset"[..], b"encoding"].iter().find_map(|word| {
        memchr::memmem::find_iter(&head, word).find_map(|at| value_of(&head[at + word.len()..]))
    });
    declared.map(|name| String::from_utf8_lossy(name).into_owned())
}

/// Returns the value behind `=`, with or without quotes.
fn value_of(rest: &[u8]) -> Option<&[u8]> {
    let rest = rest.trim_ascii_start().strip_prefix(b"=")?;
    let rest = rest.trim_ascii_start();
    let rest = rest
        .strip_prefix(b"\"")
        .or(rest.strip_prefix(b"'"))
        .unwrap_or(rest);
    let end = rest
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || b"-_:".contains(byte)));
    let name = &rest[..end?];
    (!name.is_empty()).then_some(name)
}
