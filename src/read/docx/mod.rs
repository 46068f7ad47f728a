//! Word document (OOXML) → paragraphs.
//!
//! Invariant: no part of the container but those the text needs is unpacked, and nothing outside
//! it is read. A damaged main part is an error; a damaged part of styles, numbering or notes costs
//! what it holds and leaves a warning.

mod body;
mod draft;
mod fields;
mod format;
mod heads;
mod numbering;
mod package;
mod styles;
mod symbols;
mod table;
#[cfg(test)]
mod tests;
mod xml;

use std::collections::HashMap;

use super::transcript::{Paragraph, Transcript};
use super::{Limits, Origin};
use crate::error::{Error, ErrorKind, Result};
use crate::model::Warning;
use body::{NoteId, Stories};
use numbering::Numbering;
use package::{Package, Relation};
use styles::Styles;
use xml::Xml;

/// Reads a document.
///
/// # Errors
/// [`ErrorKind::Input`] if the container or its main part is damaged; [`ErrorKind::Unsupported`]
/// if it is locked; [`ErrorKind::Limit`] if it is over a bound.
pub(super) fn read(bytes: &[u8], origin: &Origin<'_>) -> Result<Transcript> {
    let limits = origin.limits;
    let mut document = Document::open(bytes, limits)?;
    let mut styles = Styles::default();
    document.part("styles", &mut |text| {
        styles = Styles::read(text, limits)?;
        Ok(())
    })?;
    let mut numbering = Numbering::default();
    document.part("numbering", &mut |text| {
        numbering = Numbering::read(text, &styles, limits)?;
        Ok(())
    })?;
    let mut stories = Stories::new(&styles, &numbering);
    for (part, kind) in [("footnotes", "footnote"), ("endnotes", "endnote")] {
        let mut reader = Stories::new(&styles, &numbering);
        document.part(part, &mut |text| {
            notes(text, kind, &mut reader, &mut stories.notes, limits)
        })?;
    }
    let mut paragraphs = document.body(&mut stories)?;
    if stories.has_import {
        document.warnings.push(Warning::new(
            0,
            "文档中嵌入了其他格式的内容，未读取",
            "content of another format is embedded in the document and was not read",
        ));
    }
    let section = stories.section.take().unwrap_or_default();
    let mut reader = Stories::new(&styles, &numbering);
    if paragraphs.iter().all(|line| line.text.trim().is_empty()) {
        let mut parts = Vec::new();
        for path in document.relations_of(&["header", "footer"]) {
            parts.push(document.header(&path, &mut reader)?);
        }
        paragraphs.extend(heads::lines(parts));
    } else if let Some(path) =
        heads::first_page(&section, &document.relations).map(|relation| relation.target.clone())
    {
        let header = document.header(&path, &mut reader)?;
        if let Some(title) = heads::title(&header, &paragraphs) {
            paragraphs.insert(0, title);
        }
    }
    Ok(document.finish(paragraphs))
}

/// A document whose parts are read.
struct Document<'b> {
    package: Package<'b>,
    limits: Limits,
    /// Path of the main part.
    main: String,
    /// What the main part refers to.
    relations: Vec<Relation>,
    warnings: Vec<Warning>,
}

impl<'b> Document<'b> {
    fn open(bytes: &'b [u8], limits: Limits) -> Result<Self> {
        let mut package = Package::open(bytes, limits)?;
        let main = package.main_part().ok_or_else(|| {
            Error::new(
                ErrorKind::Input,
                "文档已损坏：缺少正文部分",
                "the document is damaged: it has no main part",
            )
        })?;
        let relations = package.relations(&main);
        Ok(Document {
            package,
            limits,
            main,
            relations,
            warnings: Vec::new(),
        })
    }

    /// Hands the text of a secondary part to `read`; what goes wrong there is a warning.
    fn part(&mut self, kind: &str, read: &mut dyn FnMut(&str) -> Result<()>) -> Result<()> {
        let folder = self.main.rsplit_once('/').map_or("", |(folder, _)| folder);
        let stated = self.relations.iter().find(|relation| relation.kind == kind);
        let (path, is_stated) = match stated {
            Some(relation) => (relation.target.clone(), true),
            None => (format!("{folder}/{kind}.xml"), false),
        };
        let is_lost = match self.package.text(&path) {
            Ok(Some(text)) => lost(read(&text))?,
            Ok(None) => is_stated,
            Err(error) => lost(Err(error))?,
        };
        if is_lost {
            self.warnings.push(warning(kind));
        }
        Ok(())
    }

    fn body(&mut self, stories: &mut Stories<'_>) -> Result<Vec<Paragraph>> {
        let text = self.package.text(&self.main)?.unwrap_or_default();
        let mut xml = Xml::new(&text, self.limits);
        let mut paragraphs = Vec::new();
        if xml.child()?.is_some() {
            while let Some(element) = xml.child()? {
                match element.word() {
                    "body" => paragraphs.extend(stories.read(&mut xml)?),
                    _ => xml.skip()?,
                }
            }
        }
        Ok(paragraphs)
    }

    fn relations_of(&self, kinds: &[&str]) -> Vec<String> {
        self.relations
            .iter()
            .filter(|relation| kinds.contains(&relation.kind.as_str()))
            .map(|relation| relation.target.clone())
            .collect()
    }

    /// Returns the lines of a header or footer; none if it is damaged.
    fn header(&mut self, path: &str, reader: &mut Stories<'_>) -> Result<Vec<Paragraph>> {
        let mut read = || -> Result<Vec<Paragraph>> {
            let text = self.package.text(path)?.unwrap_or_default();
            let mut xml = Xml::new(&text, self.limits);
            match xml.child()? {
                Some(_) => reader.read(&mut xml),
                None => Ok(Vec::new()),
            }
        };
        let mut lines = Vec::new();
        lost(read().map(|read| lines = read))?;
        Ok(lines)
    }

    fn finish(self, paragraphs: Vec<Paragraph>) -> Transcript {
        let mut transcript = Transcript::default();
        transcript.undecodable = self.package.undecodable;
        transcript.warnings = self.warnings;
        for paragraph in paragraphs {
            transcript.push(&paragraph);
        }
        transcript
    }
}

/// Reads the notes of a part.
fn notes(
    text: &str,
    kind: &'static str,
    reader: &mut Stories<'_>,
    notes: &mut HashMap<NoteId, Vec<Paragraph>>,
    limits: Limits,
) -> Result<()> {
    let mut xml = Xml::new(text, limits);
    if xml.child()?.is_none() {
        return Ok(());
    }
    while let Some(element) = xml.child()? {
        let is_note = element.word() == kind;
        // The rule above the notes is kept as one of them.
        let is_rule = element
            .attribute("type")
            .is_some_and(|kind| kind != "normal");
        if !is_note || is_rule {
            xml.skip()?;
            continue;
        }
        let id = element.attribute("id").unwrap_or_default().into_owned();
        let mut paragraphs = reader.read(&mut xml)?;
        paragraphs.retain(|paragraph| !paragraph.text.trim().is_empty());
        for paragraph in &mut paragraphs {
            *paragraph = Paragraph {
                note: true,
                ..Paragraph::plain(paragraph.text.trim())
            };
        }
        notes.insert((kind, id), paragraphs);
    }
    Ok(())
}

/// Returns whether a secondary part could not be read. What is over a bound is so for all of the
/// source.
fn lost(result: Result<()>) -> Result<bool> {
    match result {
        Err(error) if error.kind() == ErrorKind::Limit => Err(error),
        result => Ok(result.is_err()),
    }
}

fn warning(kind: &str) -> Warning {
    let (zh, en) = match kind {
        "styles" => (
            "样式部分已损坏，标题级别可能缺失",
            "styles are damaged; heading levels may be missing",
        ),
        "numbering" => (
            "编号部分已损坏，自动编号缺失",
            "numbering is damaged; automatic numbers are missing",
        ),
        "footnotes" => (
            "脚注部分已损坏，脚注缺失",
            "footnotes are damaged and missing",
        ),
        _ => (
            "尾注部分已损坏，尾注缺失",
            "endnotes are damaged and missing",
        ),
    };
    Warning::new(0, zh, en)
}
