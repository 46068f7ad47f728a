//! Bytes of a zip container → its parts and how they refer to each other.
//!
//! Invariant: all parts together unpack to no more than the source's bound.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::xml::{self, Xml};
use crate::error::{Error, ErrorKind, Result};
use crate::read::Limits;

/// The parts of a document.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Index of each part by its path, lower case and with `/` between folders, as readers of
    /// packages compare them.
    index: HashMap<String, usize>,
    limits: Limits,
    /// Bytes that have been unpacked.
    unpacked: u64,
    /// Places that could not be decoded.
    pub(super) undecodable: usize,
}

/// What a part refers to.
#[derive(Debug)]
pub(super) struct Relation {
    /// Name by which the part's text refers to it.
    pub(super) id: String,
    /// Last word of its type: `styles`, `footnotes`.
    pub(super) kind: String,
    /// Path of the part.
    pub(super) target: String,
}

impl<'b> Package<'b> {
    /// Opens a container.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] if it is damaged.
    pub(super) fn open(bytes: &'b [u8], limits: Limits) -> Result<Self> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        let mut index = HashMap::with_capacity(archive.len());
        for (number, name) in archive.file_names_raw().enumerate() {
            index.insert(key(&String::from_utf8_lossy(name)), number);
        }
        Ok(Package {
            archive,
            index,
            limits,
            unpacked: 0,
            undecodable: 0,
        })
    }

    /// Returns the path of the main part: as the container states it, or else by its usual name.
    pub(super) fn main_part(&mut self) -> Option<String> {
        let stated = self
            .relations("")
            .into_iter()
            .find(|relation| relation.kind == "officeDocument")
            .map(|relation| relation.target)
            .filter(|target| self.index.contains_key(&key(target)));
        let is_usual = |path: &&String| path.starts_with("word/document") && path.ends_with(".xml");
        stated.or_else(|| self.index.keys().filter(is_usual).min().cloned())
    }

    /// Returns what a part refers to; nothing if that cannot be read. The container itself is the
    /// part without a path.
    pub(super) fn relations(&mut self, part: &str) -> Vec<Relation> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let path = format!("{folder}/_rels/{name}.rels");
        match self.text(&path) {
            Ok(Some(text)) => relations(&text, folder, self.limits).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// Returns the text of a part, `None` if there is no such part.
    ///
    /// # Errors
    /// [`ErrorKind::Input`] if it is damaged, [`ErrorKind::Unsupported`] if it is locked or packed
    /// in a way that is not read, [`ErrorKind::Limit`] if it is over a bound.
    pub(super) fn text(&mut self, path: &str) -> Result<Option<String>> {
        let Some(number) = self.index.get(&key(path)) else {
            return Ok(None);
        };
        let part = self.archive.by_index(*number).map_err(damaged)?;
        let promised = part.size();
        self.limits
            .check_size(self.unpacked.saturating_add(promised))?;
        let left = self.limits.bytes().saturating_sub(self.unpacked);
        let bytes = self
            .limits
            .read_all(part.take(left.saturating_add(1)), promised)?;
        self.unpacked += bytes.len() as u64;
        self.limits.check_size(self.unpacked)?;
        let (text, undecodable) = xml::decode(bytes);
        self.undecodable += undecodable;
        Ok(Some(text))
    }
}

fn relations(text: &str, folder: &str, limits: Limits) -> Result<Vec<Relation>> {
    let mut relations = Vec::new();
    let mut xml = Xml::new(text, limits);
    if xml.child()?.is_none() {
        return Ok(relations);
    }
    while let Some(element) = xml.child()? {
        let attribute = |name| element.attribute(name).unwrap_or_default();
        if element.name() == "Relationship" && attribute("TargetMode") != "External" {
            relations.push(Relation {
                id: attribute("Id").into_owned(),
                kind: attribute("Type")
                    .rsplit('/')
                    .next()
                    .unwrap_or("")
                    .to_owned(),
                target: resolve(folder, &attribute("Target")),
            });
        }
        xml.skip()?;
    }
    Ok(relations)
}

/// Returns the path that a reference means, from the folder of the part that makes it.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut parts: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn key(path: &str) -> String {
    let path = path.replace('\\', "/").to_lowercase();
    path.trim_start_matches('/').to_owned()
}

fn damaged(error: ZipError) -> Error {
    match error {
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => Error::new(
            ErrorKind::Unsupported,
            "文档已加密，或其压缩方法暂不支持",
            "the document is encrypted, or packed in a way that is not read",
        )
        .with_hint("在 Word 中另存后再索引", "save it anew in Word first"),
        error => Error::new(
            ErrorKind::Input,
            "文档已损坏（zip 结构不完整）",
            "the document is damaged (its zip structure is incomplete)",
        )
        .with_hint(
            "在 Word 中打开并修复，或重新下载",
            "open and repair it in Word, or download it again",
        )
        .with_cause(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved() {
        assert_eq!(resolve("word", "styles.xml"), "word/styles.xml");
        assert_eq!(resolve("word", "/word/styles.xml"), "word/styles.xml");
        assert_eq!(resolve("word", "../a/b.xml"), "a/b.xml");
        assert_eq!(
            resolve("", "..\\..\\word\\document.xml"),
            "word/document.xml"
        );
    }
}
