//! The stage `text`: what a file is read as.

use std::io::{Result, Write};

use serde::Serialize;
use zhengsou::model::{ByteSpan, Format, Given, SourceText, Warning};
use zhengsou::present::layout::clean;
use zhengsou::present::{Ink, Look, grouped};
use zhengsou::say;

use super::View;
use crate::args::FileArgs;

/// The texts of a file, in reading order.
#[derive(Debug, Serialize)]
pub(super) struct Texts {
    texts: Vec<Decoded>,
}

/// One text with its markup.
#[derive(Debug, Serialize)]
struct Decoded {
    source: String,
    format: Format,
    encoding: String,
    undecodable: usize,
    given: Given,
    warnings: Vec<Warning>,
    marks: Vec<Marked>,
    text: String,
}

/// A piece of markup, in bytes of the text.
#[derive(Debug, Serialize)]
struct Marked {
    bytes: ByteSpan,
    markup: &'static str,
}

/// Reads a file.
pub(super) fn read(args: &FileArgs) -> zhengsou::Result<Texts> {
    let texts = super::texts(args)?;
    Ok(Texts {
        texts: texts.into_iter().map(Decoded::from).collect(),
    })
}

impl From<SourceText> for Decoded {
    fn from(text: SourceText) -> Self {
        let marks = text.marks.iter().map(|mark| Marked {
            bytes: mark.bytes,
            markup: mark.markup.reason(),
        });
        Decoded {
            marks: marks.collect(),
            source: text.source,
            format: text.format,
            encoding: text.encoding,
            undecodable: text.undecodable,
            given: text.given,
            warnings: text.warnings,
            text: text.text,
        }
    }
}

impl View for Texts {
    fn write_text(&self, out: &mut dyn Write, look: &Look) -> Result<()> {
        for text in &self.texts {
            text.write(out, look)?;
        }
        Ok(())
    }
}

impl Decoded {
    fn write(&self, out: &mut dyn Write, look: &Look) -> Result<()> {
        let (source, format, encoding) = (clean(&self.source), self.format, &self.encoding);
        let characters = grouped(self.text.chars().count() as u64);
        let (marks, undecodable) = (self.marks.len(), self.undecodable);
        let head = say!(
            look.language,
            "{source}  {format}  {encoding}  {characters} 字  标记 {marks} 处  无法解码 {undecodable} 处",
            "{source}  {format}  {encoding}  {characters} characters  {marks} marks  {undecodable} undecodable"
        );
        writeln!(out, "{}", look.paint(Ink::Strong, &head))?;
        for warning in &self.warnings {
            let text = clean(look.language.pick(&warning.zh, &warning.en));
            let line = warning.line;
            let text = say!(
                look.language,
                "注意 第 {line} 行：{text}",
                "note, line {line}: {text}"
            );
            writeln!(out, "{text}")?;
        }
        let mut start = 0;
        for (number, line) in (1..).zip(self.text.split_inclusive('\n')) {
            let number = look.paint(Ink::Faint, &format!("{number:>5}"));
            let text = self.line(start, line.trim_end_matches(['\n', '\r']), look);
            writeln!(out, "{number}  {text}")?;
            start += line.len();
        }
        writeln!(out)
    }

    /// Returns a line that starts at a byte of the text, its markup in faint ink.
    fn line(&self, start: usize, line: &str, look: &Look) -> String {
        let end = start + line.len();
        let mut painted = String::new();
        let mut at = start;
        for mark in &self.marks {
            let (from, to) = (mark.bytes.start.max(at), mark.bytes.end.min(end));
            if from < to {
                painted += &clean(&self.text[at..from]);
                painted += &look.paint(Ink::Faint, &clean(&self.text[from..to]));
                at = to;
            }
        }
        painted + &clean(&self.text[at..end])
    }
}
