//! Elements of a story (the body, a note, a header) → its paragraphs in reading order.
//!
//! Invariant: what a reader of the printed final document sees, once: insertions without
//! deletions, results of fields without their instructions, one branch of alternatives, nothing
//! hidden.

use std::collections::HashMap;

use super::draft::Draft;
use super::fields::Fields;
use super::format::{Letters, ParagraphFormat, RunFormat, Section};
use super::numbering::{Counters, Label, Numbering};
use super::styles::Styles;
use super::symbols;
use super::table::{self, Cell};
use super::xml::{Element, Vocabulary, Xml};
use crate::error::Result;
use crate::read::transcript::Paragraph;

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
    open: Option<Draft>,
    /// Whether it stands in a cell, where a number may stand alone.
    in_cell: bool,
    /// Whether it holds a table.
    has_table: bool,
    /// Whether it is the rest of a cell that began in another row or column.
    merged: bool,
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
        if let Some(draft) = story.open.take() {
            self.close(draft, &mut story);
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
                (Vocabulary::Word, "tcPr") => story.merged = table::is_merged(xml)?,
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
        let mut draft = story.open.take().unwrap_or_default();
        draft.begin(self.styles.paragraph(None));
        let look = self.look(&RunFormat::default(), draft.style.letters);
        self.inline(xml, &mut draft, look)?;
        if let Some(section) = draft.format.section.take() {
            self.section.get_or_insert(section);
        }
        if draft.format.mark.deleted {
            story.open = Some(draft);
        } else if self.look(&draft.format.mark, draft.style.letters).hidden {
            if !draft.is_blank() {
                let label = self.label(&draft);
                draft.run_into_next(label.as_ref());
                story.open = Some(draft);
            } else {
                draft.finish_asides(&mut story.paragraphs);
            }
        } else {
            self.close(draft, story);
        }
        Ok(())
    }

    /// Ends a paragraph.
    fn close(&mut self, draft: Draft, story: &mut Story) {
        let (contents, page) = self.fields.end_paragraph();
        // Headings again, with or without a page: they are read where they stand.
        if contents && (draft.style.contents || page || ends_in_page(draft.text())) {
            draft.finish_asides(&mut story.paragraphs);
            return;
        }
        let label = self.label(&draft);
        // The number of an empty paragraph counts, but there is nothing that it numbers.
        let label = label.filter(|_| story.in_cell || !draft.is_blank());
        draft.finish(label.as_ref(), &mut story.paragraphs);
    }

    /// Counts a paragraph and returns its number, if it has one.
    fn label(&mut self, draft: &Draft) -> Option<Label> {
        let own = draft.format.place;
        let list = own.list.or(draft.style.list).filter(|list| *list > 0)?;
        let by_style = || {
            let style = draft.format.style.as_deref();
            let linked = |style: &str| self.numbering.level_of(list, style);
            self.styles.list_level(style, linked)
        };
        let level = own.level.or_else(by_style).unwrap_or(0);
        let label = self.counters.next(self.numbering, list, level);
        label.filter(|_| !draft.runs_on())
    }

    /// Reads the children of the open element: runs, and what holds them.
    fn inline(&mut self, xml: &mut Xml<'_>, draft: &mut Draft, look: Look) -> Result<()> {
        let mut look = look;
        while let Some(element) = xml.child()? {
            match (element.vocabulary, element.name()) {
                (Vocabulary::Word, "pPr") => {
                    draft.format = ParagraphFormat::read(xml)?;
                    draft.style = self.styles.paragraph(draft.format.style.as_deref());
                    look = self.look(&RunFormat::default(), draft.style.letters);
                }
                (Vocabulary::Word, "rPr") => {
                    look = self.look(&RunFormat::read(xml)?, draft.style.letters);
                }
                (Vocabulary::Word, "sdt") => {
                    self.control(xml, &mut |stories, xml| stories.inline(xml, draft, look))?;
                }
                (Vocabulary::Compatibility, "AlternateContent") => {
                    self.alternatives(xml, &mut |stories, xml| stories.inline(xml, draft, look))?;
                }
                (Vocabulary::Word, "txbxContent") if look.hidden => xml.skip()?,
                (Vocabulary::Word, "txbxContent") => {
                    let story = self.story(xml, false)?;
                    draft.push_box(with_text(story.paragraphs));
                }
                (Vocabulary::Word, "fldSimple") => {
                    self.fields.begin();
                    let instruction = element.attribute("instr").unwrap_or_default();
                    self.fields.instruct(&instruction);
                    self.fields.separate();
                    self.inline(xml, draft, look)?;
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
                    self.push(&text, draft, look);
                }
                (Vocabulary::Math, "den") => {
                    self.push("/", draft, look);
                    self.inline(xml, draft, look)?;
                }
                _ => {
                    self.mark(&element, draft, look);
                    self.inline(xml, draft, look)?;
                }
            }
        }
        Ok(())
    }

    /// Adds what an element stands for that holds no text itself.
    fn mark(&mut self, element: &Element<'_>, draft: &mut Draft, look: Look) {
        match element.word() {
            "tab" | "ptab" => self.push("\t", draft, look),
            "br" | "cr" => self.push("\n", draft, look),
            "noBreakHyphen" => self.push("-", draft, look),
            "sym" => {
                let font = element.attribute("font").unwrap_or_default();
                let code = element.attribute("char").unwrap_or_default();
                if let Ok(code) = u32::from_str_radix(code.trim(), 16) {
                    let symbol = symbols::character(&font, code);
                    self.push(symbol.encode_utf8(&mut [0; 4]), draft, look);
                }
            }
            "fldChar" => match element.attribute("fldCharType").as_deref() {
                Some("begin") => self.fields.begin(),
                Some("separate") => self.fields.separate(),
                Some("end") => self.fields.end(),
                _ => {}
            },
            "footnoteReference" => self.note("footnote", element, draft, look),
            "endnoteReference" => self.note("endnote", element, draft, look),
            "" if element.name() == "textpath" => {
                // Letters drawn along a line: old titles.
                let text = element.attribute("string").unwrap_or_default();
                if !look.hidden && !text.trim().is_empty() {
                    self.kept += text.len();
                    draft.push_box(vec![Paragraph::plain(text.trim())]);
                }
            }
            _ => {}
        }
    }

    fn note(&mut self, kind: &'static str, reference: &Element<'_>, draft: &mut Draft, look: Look) {
        let id = reference.attribute("id").unwrap_or_default().into_owned();
        if !look.hidden
            && let Some(note) = self.notes.remove(&(kind, id))
        {
            draft.push_note(note);
        }
    }

    fn push(&mut self, text: &str, draft: &mut Draft, look: Look) {
        if !look.hidden && !self.fields.hide() {
            self.kept += text.trim().len();
            draft.push(text, look.bold);
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
            table::finish(cells, &mut story.paragraphs);
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
                    cells.push(Cell {
                        paragraphs: story.paragraphs,
                        nests: story.has_table,
                        merged: story.merged,
                    });
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

fn with_text(mut paragraphs: Vec<Paragraph>) -> Vec<Paragraph> {
    paragraphs.retain(|paragraph| !paragraph.text.trim().is_empty());
    paragraphs
}
