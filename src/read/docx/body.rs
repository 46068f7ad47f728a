//! Elements of a story (the body, a note, a header) → its paragraphs in reading order.
//!
//! Invariant: what a reader of the printed final document sees, once: insertions without
//! deletions, results of fields without their instructions, one branch of alternatives, nothing
//! hidden.

use std::collections::HashMap;

use super::fields::Fields;
use super::format::{Letters, ParagraphFormat, RunFormat, Section};
use super::numbering::{Counters, Numbering};
use super::styles::{Style, Styles, level_of};
use super::symbols;
use crate::error::Result;
use crate::read::draft::Draft;
use crate::read::grid::{Cell, push_row};
use crate::read::transcript::Paragraph;
use crate::read::xml::{Element, Vocabulary, Xml};

/// The sort and the id of a note.
pub(super) type NoteId = (&'static str, String);

/// Reads the stories of a document.
pub(super) struct Stories<'d> {
    styles: &'d Styles,
    numbering: &'d Numbering,
    counters: Counters,
    fields: Fields,
    /// Notes that have not been told yet.
    pub(super) notes: HashMap<NoteId, Vec<Paragraph>>,
    /// The first section.
    pub(super) section: Option<Section>,
    /// Whether a file in another format stands in the document.
    pub(super) has_import: bool,
    /// Characters that have been kept, which tells whether a branch holds any.
    kept: usize,
}

/// A story that is being read.
#[derive(Debug, Default)]
struct Story {
    paragraphs: Vec<Paragraph>,
    /// A paragraph whose mark does not count: the next goes on with it.
    open: Option<Line>,
    /// Whether it stands in a cell, where a number may stand alone.
    in_cell: bool,
    /// Whether it holds a table.
    has_table: bool,
    /// Whether it is the rest of a cell that began in another row or column.
    merged: bool,
}

/// A paragraph that is being read.
#[derive(Debug, Default)]
struct Line {
    draft: Draft,
    /// What it says of itself.
    format: ParagraphFormat,
    /// What its style says.
    style: Style,
    /// Whether it opens with a heading that is a paragraph of its own, whose mark is hidden.
    runs_on: bool,
}

/// How a run looks.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    bold: bool,
    hidden: bool,
}

impl<'d> Stories<'d> {
    /// Begins a document.
    pub(super) fn new(styles: &'d Styles, numbering: &'d Numbering) -> Self {
        Stories {
            styles,
            numbering,
            counters: Counters::default(),
            fields: Fields::default(),
            notes: HashMap::new(),
            section: None,
            has_import: false,
            kept: 0,
        }
    }

    /// Reads the open element as a story; blank paragraphs stay.
    ///
    /// # Errors
    /// If the part is damaged or over a bound.
    pub(super) fn read(&mut self, xml: &mut Xml<'_>) -> Result<Vec<Paragraph>> {
        Ok(self.story(xml, false)?.paragraphs)
    }

    fn story(&mut self, xml: &mut Xml<'_>, in_cell: bool) -> Result<Story> {
        let mut story = Story {
            in_cell,
            ..Story::default()
        };
        self.blocks(xml, &mut story)?;
        if let Some(line) = story.open.take() {
            self.close(line, &mut story);
        }
        Ok(story)
    }

    /// Reads the children of the open element: paragraphs, tables, and what holds them.
    fn blocks(&mut self, xml: &mut Xml<'_>, story: &mut Story) -> Result<()> {
        while let Some(element) = xml.child()? {
            match (element.vocabulary, element.name()) {
                (Vocabulary::Word, "p") => self.paragraph(xml, story)?,
                (Vocabulary::Word, "tbl") => self.table(xml, story)?,
                (Vocabulary::Word, "sdt") => {
                    self.control(xml, &mut |stories, xml| stories.blocks(xml, story))?;
                }
                (Vocabulary::Compatibility, "AlternateContent") => {
                    self.alternatives(xml, &mut |stories, xml| stories.blocks(xml, story))?;
                }
                (Vocabulary::Word, "sectPr") => {
                    let section = Section::read(xml)?;
                    self.section.get_or_insert(section);
                }
                (Vocabulary::Word, "tcPr") => story.merged = is_merged(xml)?,
                (Vocabulary::Word, "altChunk") => {
                    self.has_import = true;
                    xml.skip()?;
                }
                (Vocabulary::Word, "del" | "moveFrom") => xml.skip()?,
                _ => self.blocks(xml, story)?,
            }
        }
        Ok(())
    }

    fn paragraph(&mut self, xml: &mut Xml<'_>, story: &mut Story) -> Result<()> {
        let mut line = Line {
            style: self.styles.paragraph(None),
            format: ParagraphFormat::default(),
            ..story.open.take().unwrap_or_default()
        };
        let look = self.look(&RunFormat::default(), line.style.letters);
        self.inline(xml, &mut line, look)?;
        if let Some(section) = line.format.section.take() {
            self.section.get_or_insert(section);
        }
        let mark = &line.format.mark;
        let is_hidden = self.look(mark, line.style.letters).hidden;
        if mark.deleted {
            story.open = Some(line);
        } else if is_hidden && line.draft.is_blank() {
            line.draft.finish_asides(&mut story.paragraphs);
        } else if is_hidden {
            line.draft.number = self.number(&line);
            line.draft.run_into_next();
            line.runs_on = true;
            story.open = Some(line);
        } else {
            self.close(line, story);
        }
        Ok(())
    }

    /// Ends a paragraph.
    fn close(&mut self, mut line: Line, story: &mut Story) {
        let (contents, page) = self.fields.end_paragraph();
        // Headings again, with or without a page: they are read where they stand.
        if contents && (line.style.contents || page || ends_in_page(line.draft.text())) {
            line.draft.finish_asides(&mut story.paragraphs);
            return;
        }
        line.draft.number = self.number(&line);
        line.draft.level = match line.format.outline {
            _ if line.runs_on => 0,
            Some(outline) => level_of(outline),
            None => line.style.level,
        };
        line.draft.in_cell = story.in_cell;
        line.draft.finish(&mut story.paragraphs);
    }

    /// Counts a paragraph and returns its number; nothing if it has none.
    fn number(&mut self, line: &Line) -> String {
        let place = line.format.place;
        let list = place.list.or(line.style.list).filter(|list| *list > 0);
        let Some(list) = list else {
            return String::new();
        };
        let by_style = || {
            let style = line.format.style.as_deref();
            let linked = |style: &str| self.numbering.level_of(list, style);
            self.styles.list_level(style, linked)
        };
        let level = place.level.or_else(by_style).unwrap_or(0);
        let number = self.counters.next(self.numbering, list, level);
        match line.runs_on {
            true => String::new(),
            false => number,
        }
    }

    /// Reads the children of the open element: runs, and what holds them.
    fn inline(&mut self, xml: &mut Xml<'_>, line: &mut Line, look: Look) -> Result<()> {
        let mut look = look;
        while let Some(element) = xml.child()? {
            match (element.vocabulary, element.name()) {
                (Vocabulary::Word, "pPr") => {
                    line.format = ParagraphFormat::read(xml)?;
                    line.style = self.styles.paragraph(line.format.style.as_deref());
                    look = self.look(&RunFormat::default(), line.style.letters);
                }
                (Vocabulary::Word, "rPr") => {
                    look = self.look(&RunFormat::read(xml)?, line.style.letters);
                }
                (Vocabulary::Word, "sdt") => {
                    self.control(xml, &mut |stories, xml| stories.inline(xml, line, look))?;
                }
                (Vocabulary::Compatibility, "AlternateContent") => {
                    self.alternatives(xml, &mut |stories, xml| stories.inline(xml, line, look))?;
                }
                (Vocabulary::Word, "txbxContent") if look.hidden => xml.skip()?,
                (Vocabulary::Word, "txbxContent") => {
                    let story = self.story(xml, false)?;
                    line.draft.push_box(story.paragraphs);
                }
                (Vocabulary::Word, "fldSimple") => {
                    self.fields.begin();
                    let instruction = element.attribute("instr").unwrap_or_default();
                    self.fields.instruct(&instruction);
                    self.fields.separate();
                    self.inline(xml, line, look)?;
                    self.fields.end();
                }
                (Vocabulary::Word, "instrText") => {
                    let instruction = xml.text()?;
                    self.fields.instruct(&instruction);
                }
                (Vocabulary::Word, "del" | "moveFrom" | "rt" | "delText" | "delInstrText") => {
                    xml.skip()?;
                }
                (Vocabulary::Word | Vocabulary::Math, "t") => {
                    let text = text(xml, &element)?;
                    self.push(&text, line, look);
                }
                (Vocabulary::Math, "den") => {
                    self.push("/", line, look);
                    self.inline(xml, line, look)?;
                }
                _ => {
                    self.mark(&element, line, look);
                    self.inline(xml, line, look)?;
                }
            }
        }
        Ok(())
    }

    /// Adds what an element stands for that holds no text itself.
    fn mark(&mut self, element: &Element<'_>, line: &mut Line, look: Look) {
        match element.word() {
            "tab" | "ptab" => self.push("\t", line, look),
            "br" | "cr" => self.push("\n", line, look),
            "noBreakHyphen" => self.push("-", line, look),
            "sym" => {
                let font = element.attribute("font").unwrap_or_default();
                let code = element.attribute("char").unwrap_or_default();
                if let Ok(code) = u32::from_str_radix(code.trim(), 16) {
                    let symbol = symbols::character(&font, code);
                    self.push(symbol.encode_utf8(&mut [0; 4]), line, look);
                }
            }
            "fldChar" => match element.attribute("fldCharType").as_deref() {
                Some("begin") => self.fields.begin(),
                Some("separate") => self.fields.separate(),
                Some("end") => self.fields.end(),
                _ => {}
            },
            "footnoteReference" => self.note("footnote", element, line, look),
            "endnoteReference" => self.note("endnote", element, line, look),
            "" if element.name() == "textpath" => {
                // Letters drawn along a line: old titles.
                let text = element.attribute("string").unwrap_or_default();
                if !look.hidden && !text.trim().is_empty() {
                    self.kept += text.len();
                    line.draft.push_box(vec![Paragraph::plain(text.trim())]);
                }
            }
            _ => {}
        }
    }

    fn note(&mut self, kind: &'static str, reference: &Element<'_>, line: &mut Line, look: Look) {
        let id = reference.attribute("id").unwrap_or_default().into_owned();
        if !look.hidden
            && let Some(note) = self.notes.remove(&(kind, id))
        {
            line.draft.push_note(note);
        }
    }

    fn push(&mut self, text: &str, line: &mut Line, look: Look) {
        if !look.hidden && !self.fields.hide() {
            self.kept += text.trim().len();
            line.draft.push(text, look.bold);
        }
    }

    /// Reads a content control: its text, but not the one that asks for text.
    fn control(
        &mut self,
        xml: &mut Xml<'_>,
        read: &mut dyn FnMut(&mut Self, &mut Xml<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut asks = false;
        while let Some(element) = xml.child()? {
            match element.word() {
                "sdtPr" => {
                    while let Some(property) = xml.child()? {
                        asks |= property.word() == "showingPlcHdr" && property.is_on();
                        xml.skip()?;
                    }
                }
                "sdtContent" if !asks => read(self, xml)?,
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    /// Reads the first branch that holds text: programs write the same for newer and older ones.
    fn alternatives(
        &mut self,
        xml: &mut Xml<'_>,
        read: &mut dyn FnMut(&mut Self, &mut Xml<'_>) -> Result<()>,
    ) -> Result<()> {
        let before = self.kept;
        while xml.child()?.is_some() {
            match self.kept == before {
                true => read(self, xml)?,
                false => xml.skip()?,
            }
        }
        Ok(())
    }

    fn table(&mut self, xml: &mut Xml<'_>, story: &mut Story) -> Result<()> {
        story.has_table = true;
        while let Some(element) = xml.child()? {
            match element.word() {
                "tr" => self.row(xml, story)?,
                "tblPr" | "tblGrid" | "del" => xml.skip()?,
                // Rows may stand in controls and marks of changes.
                _ => self.table(xml, story)?,
            }
        }
        Ok(())
    }

    fn row(&mut self, xml: &mut Xml<'_>, story: &mut Story) -> Result<()> {
        let mut cells = Vec::new();
        let kept = self.cells(xml, &mut cells)?;
        if kept {
            push_row(cells, &mut story.paragraphs);
        }
        Ok(())
    }

    /// Reads the cells of the open row and returns whether it was not deleted.
    fn cells(&mut self, xml: &mut Xml<'_>, cells: &mut Vec<Cell>) -> Result<bool> {
        let mut kept = true;
        while let Some(element) = xml.child()? {
            match element.word() {
                "tc" => {
                    let story = self.story(xml, true)?;
                    if !story.merged {
                        cells.push(Cell {
                            paragraphs: story.paragraphs,
                            nests: story.has_table,
                        });
                    }
                }
                "trPr" => {
                    while let Some(property) = xml.child()? {
                        kept &= property.word() != "del";
                        xml.skip()?;
                    }
                }
                "tblPrEx" | "sdtPr" => xml.skip()?,
                _ => kept &= self.cells(xml, cells)?,
            }
        }
        Ok(kept)
    }

    /// Returns how a run looks: as it says itself; else its styles decide, each of which may turn
    /// what the other says.
    fn look(&self, run: &RunFormat, paragraph: Letters) -> Look {
        let character = run.style.as_deref().map(|style| self.styles.letters(style));
        let character = character.unwrap_or_default();
        let paragraph = paragraph.or(self.styles.letters);
        let resolve = |own: Option<bool>, character: Option<bool>, paragraph: Option<bool>| {
            own.unwrap_or(character.unwrap_or(false) ^ paragraph.unwrap_or(false))
        };
        Look {
            bold: resolve(run.letters.bold, character.bold, paragraph.bold),
            hidden: resolve(run.letters.hidden, character.hidden, paragraph.hidden),
        }
    }
}

/// Returns the text of the open `t`. White space at its ends counts only where that is said.
fn text(xml: &mut Xml<'_>, element: &Element<'_>) -> Result<String> {
    let text = xml.text()?.replace(['\n', '\r', '\t'], " ");
    Ok(match element.attribute("space").as_deref() {
        Some("preserve") => text,
        _ => text.trim_matches(' ').to_owned(),
    })
}

/// Returns whether a line ends in a tab and a page number.
fn ends_in_page(text: &str) -> bool {
    let page = text.rsplit_once('\t').map(|(_, page)| page.trim());
    page.is_some_and(|page| !page.is_empty() && page.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns whether the cell with the open `tcPr` is the rest of another.
fn is_merged(xml: &mut Xml<'_>) -> Result<bool> {
    let mut merged = false;
    while let Some(property) = xml.child()? {
        if matches!(property.word(), "vMerge" | "hMerge") {
            merged |= property.value().as_deref() != Some("restart");
        }
        xml.skip()?;
    }
    Ok(merged)
}
