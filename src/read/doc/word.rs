//! Streams of a Word document → its paragraphs in reading order.
//!
//! Invariant: a footnote, an endnote or a text box is told once, behind the paragraph that refers
//! to it, or at the end if none does; what was deleted or hidden is not told.

use std::collections::HashMap;
use std::ops::Range;

use crate::error::Result;
use crate::read::Limits;
use crate::read::transcript::Paragraph;

use super::bytes::{Stretches, u16_at, u32_at};
use super::fib::{Fib, Part, Story};
use super::lists::{Counters, Lists};
use super::modifiers::{CharacterProperties, ParagraphProperties};
use super::pieces::Pieces;
use super::runs::Runs;
use super::story::{Anchored, Walk};
use super::styles::Styles;

/// A document: its characters and what is set on them.
#[derive(Debug)]
pub(super) struct Document<'a> {
    pub(super) pieces: Pieces<'a>,
    pub(super) paragraphs: Runs<ParagraphProperties>,
    pub(super) characters: Runs<CharacterProperties>,
    pub(super) styles: Styles,
    lists: Lists,
    /// Positions behind the marks that end sections, ascending.
    pub(super) sections: Vec<u32>,
}

impl<'a> Document<'a> {
    /// Reads a document from its streams: text and formatting, tables, long lists of modifiers.
    pub(super) fn read(
        fib: &Fib<'_>,
        [main, table, data]: [&'a [u8]; 3],
        limits: &Limits,
    ) -> Result<Self> {
        let part = |part| fib.part(table, part);
        let sections = Stretches::new(part(Part::Sections), 12);
        Ok(Document {
            pieces: Pieces::read(main, part(Part::PieceTable), limits)?,
            paragraphs: Runs::of_paragraphs(
                main,
                data,
                Stretches::new(part(Part::ParagraphPages), 4),
                limits,
            )?,
            characters: Runs::of_characters(
                main,
                Stretches::new(part(Part::CharacterPages), 4),
                limits,
            )?,
            styles: Styles::read(part(Part::StyleSheet)),
            lists: Lists::read(
                fib.part_and_on(table, Part::Lists),
                fib.part_and_on(table, Part::ListOverrides),
            ),
            sections: (1..=sections.len())
                .map(|index| sections.position(index))
                .collect(),
        })
    }

    /// Makes the document of a text without any formatting.
    pub(super) fn plain(text: &str) -> Self {
        Document {
            pieces: Pieces::plain(text),
            paragraphs: Runs::default(),
            characters: Runs::default(),
            styles: Styles::default(),
            lists: Lists::default(),
            sections: Vec::new(),
        }
    }

    /// Returns the list level that a style is linked to.
    pub(super) fn linked_level(&self, list: u16, style: u16) -> Option<u8> {
        self.lists.level_of(list, style)
    }

    /// Returns the paragraphs of a stretch of characters.
    pub(super) fn text(
        &self,
        positions: Range<u32>,
        anchored: Vec<Anchored>,
        limits: &Limits,
    ) -> Result<Vec<Paragraph>> {
        let mut counters = Counters::new(&self.lists);
        Walk::new(self, &mut counters, anchored, limits).paragraphs(positions)
    }

    /// Returns the body with notes and text boxes; where there is none, headers and footers.
    pub(super) fn body(
        &self,
        fib: &Fib<'_>,
        table: &[u8],
        limits: &Limits,
    ) -> Result<Vec<Paragraph>> {
        let mut anchored = Vec::new();
        for (story, references, texts) in [
            (
                Story::Footnotes,
                Part::FootnoteReferences,
                Part::FootnoteTexts,
            ),
            (Story::Endnotes, Part::EndnoteReferences, Part::EndnoteTexts),
        ] {
            let references = Stretches::new(fib.part(table, references), 2);
            let texts = Stretches::new(fib.part(table, texts), 0);
            let places = (0..references.len()).map(|index| references.position(index));
            let mut notes = self.parts(fib.story(story), texts, places, limits)?;
            for note in &mut notes {
                note.is_note = true;
                // The blank between the note's mark and its text.
                for paragraph in &mut note.paragraphs {
                    let text = paragraph.text.trim_start();
                    let indent = paragraph.text.len() - text.len();
                    paragraph.bold = paragraph.bold.saturating_sub(indent);
                    paragraph.text.drain(..indent);
                }
            }
            anchored.extend(notes);
        }
        let texts = Stretches::new(fib.part(table, Part::TextBoxTexts), 22);
        let shapes = Stretches::new(fib.part(table, Part::ShapeAnchors), 26);
        let shapes: HashMap<u32, u32> = (0..shapes.len())
            .filter_map(|index| Some((u32_at(shapes.entry(index), 0)?, shapes.position(index))))
            .collect();
        let places = (0..texts.len()).map(|index| {
            let entry = texts.entry(index);
            let is_used = u16_at(entry, 8) == Some(0);
            let shape = u32_at(entry, 14).filter(|_| is_used);
            let place = shape.and_then(|shape| shapes.get(&shape));
            place.copied().unwrap_or(NOWHERE)
        });
        anchored.extend(self.parts(fib.story(Story::TextBoxes), texts, places, limits)?);
        anchored.sort_by_key(|anchored| anchored.position);

        let body = self.text(fib.story(Story::Main), anchored, limits)?;
        if body.iter().any(|paragraph| !is_blank(paragraph)) {
            return Ok(body);
        }
        let mut headers = self.text(fib.story(Story::Headers), Vec::new(), limits)?;
        headers.extend(self.text(fib.story(Story::HeaderTextBoxes), Vec::new(), limits)?);
        headers.retain(|paragraph| !is_blank(paragraph));
        Ok(headers)
    }

    /// Returns the parts of a story that `texts` tells apart, each with its place in the body.
    fn parts(
        &self,
        story: Range<u32>,
        texts: Stretches<'_>,
        mut places: impl Iterator<Item = u32>,
        limits: &Limits,
    ) -> Result<Vec<Anchored>> {
        let mut parts = Vec::new();
        let mut counters = Counters::new(&self.lists);
        let mut start = story.start;
        // What no part covers is kept as well, as the last one.
        for index in 0..=texts.len() {
            let end = match index < texts.len() {
                true => story.start.saturating_add(texts.position(index + 1)),
                false => story.end,
            };
            let end = end.clamp(start, story.end);
            let position = match index < texts.len() {
                true => places.next().unwrap_or(NOWHERE),
                false => NOWHERE,
            };
            let mut paragraphs =
                Walk::new(self, &mut counters, Vec::new(), limits).paragraphs(start..end)?;
            paragraphs.retain(|paragraph| !is_blank(paragraph));
            if !paragraphs.is_empty() {
                parts.push(Anchored {
                    position,
                    is_note: false,
                    paragraphs,
                });
            }
            start = end;
        }
        Ok(parts)
    }
}

/// Position of what the body does not refer to.
const NOWHERE: u32 = u32::MAX;

pub(super) fn is_blank(paragraph: &Paragraph) -> bool {
    paragraph.text.trim().is_empty()
}
