//! Elements of a text (the body, a note, a header) → its paragraphs in reading order.

use std::collections::HashMap;

use super::styles::{Letters, Styles};
use crate::error::Result;
use crate::read::Limits;
use crate::read::draft::Draft;
use crate::read::grid::{Cell, push_row};
use crate::read::lists::Counters;
use crate::read::transcript::Paragraph;
use crate::read::xml::{Element, Node, Vocabulary, Xml};

/// Blanks that one element may stand for.
const MAX_BLANKS: usize = 256;

/// The counters of headings.
const OUTLINE: usize = 0;

/// Reads the texts of a document.
pub(super) struct Body<'s> {
    styles: &'s Styles,
    limits: Limits,
    /// The numbers that lists have come to; those of headings first.
    counters: Vec<Counters>,
    /// The counters of each list by its id …
    by_id: HashMap<String, usize>,
    /// … and of the last one of each style.
    by_style: HashMap<String, usize>,
    /// Bytes of text so far.
    size: u64,
}

/// A list around a paragraph.
#[derive(Debug, Clone)]
struct Place {
    /// Its style, if it has one.
    style: Option<String>,
    /// Its counters.
    counters: usize,
    /// 0 for the outermost.
    level: usize,
}

/// Where paragraphs stand.
#[derive(Debug, Default)]
struct Context<'p> {
    list: Option<&'p Place>,
    /// Whether the next paragraph is the one that bears the item's number.
    numbered: bool,
    /// The number that the item is set to.
    start: Option<u32>,
    /// The number as the file gives it.
    given: String,
    in_cell: bool,
    /// Whether a table was read.
    has_table: bool,
}

/// A paragraph that is being read.
#[derive(Debug, Default)]
struct Line {
    draft: Draft,
    /// Whether a blank that follows is one with what stands before it.
    after_blank: bool,
    /// Whether a mark in it hides all of it.
    hidden: bool,
}

/// How a run looks.
#[derive(Debug, Clone, Copy)]
struct Look {
    bold: bool,
    hidden: bool,
}

impl Look {
    fn with(self, letters: Letters) -> Self {
        Look {
            bold: letters.bold.unwrap_or(self.bold),
            hidden: letters.hidden.unwrap_or(self.hidden),
        }
    }
}

impl<'s> Body<'s> {
    pub(super) fn new(styles: &'s Styles, limits: Limits) -> Self {
        Body {
            styles,
            limits,
            counters: vec![Counters::default()],
            by_id: HashMap::new(),
            by_style: HashMap::new(),
            size: 0,
        }
    }

    /// Reads the open element as a text; blank paragraphs stay.
    ///
    /// # Errors
    /// If the part is damaged or over a bound.
    pub(super) fn read(&mut self, xml: &mut Xml<'_>) -> Result<Vec<Paragraph>> {
        let mut paragraphs = Vec::new();
        self.blocks(xml, &mut paragraphs, &mut Context::default())?;
        Ok(paragraphs)
    }

    /// Reads the headers and footers of the open master styles.
    ///
    /// # Errors
    /// As [`Body::read`].
    pub(super) fn read_margins(&mut self, xml: &mut Xml<'_>) -> Result<Vec<Paragraph>> {
        let mut paragraphs = Vec::new();
        while let Some(element) = xml.child()? {
            let found = match (element.vocabulary, element.name()) {
                (Vocabulary::Style, "master-page") => self.read_margins(xml)?,
                (Vocabulary::Style, name)
                    if name.starts_with("header") || name.starts_with("footer") =>
                {
                    self.read(xml)?
                }
                _ => {
                    xml.skip()?;
                    continue;
                }
            };
            paragraphs.extend(found);
        }
        Ok(paragraphs)
    }

    /// Reads the children of the open element: paragraphs, lists, tables, and what holds them.
    fn blocks(
        &mut self,
        xml: &mut Xml<'_>,
        paragraphs: &mut Vec<Paragraph>,
        context: &mut Context<'_>,
    ) -> Result<()> {
        while let Some(element) = xml.child()? {
            self.block(&element, xml, paragraphs, context)?;
        }
        Ok(())
    }

    fn block(
        &mut self,
        element: &Element<'_>,
        xml: &mut Xml<'_>,
        paragraphs: &mut Vec<Paragraph>,
        context: &mut Context<'_>,
    ) -> Result<()> {
        match (element.vocabulary, element.name()) {
            (Vocabulary::Text, "p" | "h") => self.paragraph(element, xml, paragraphs, context),
            (Vocabulary::Text, "list") => self.list(element, xml, paragraphs, context),
            (Vocabulary::Text, "numbered-paragraph") => {
                self.numbered_paragraph(element, xml, paragraphs)
            }
            (Vocabulary::Text, "number") => {
                context.given = text_of(xml)?;
                Ok(())
            }
            (Vocabulary::Text, "section") if self.is_hidden_section(element) => xml.skip(),
            // Headings again: they are read where they stand.
            (
                Vocabulary::Text,
                "table-of-content"
                | "illustration-index"
                | "table-index"
                | "object-index"
                | "user-index"
                | "alphabetical-index"
                | "bibliography-source"
                | "tracked-changes",
            ) => xml.skip(),
            (Vocabulary::Table, "table") => {
                context.has_table = true;
                self.table(xml, paragraphs)
            }
            (Vocabulary::Draw, _) => {
                let boxes = self.shape(xml)?;
                paragraphs.extend(boxes.into_iter().filter(has_text));
                Ok(())
            }
            (Vocabulary::Text, name) if name.ends_with("-decls") => xml.skip(),
            (Vocabulary::Text | Vocabulary::Other, _) => self.blocks(xml, paragraphs, context),
            // Comments, forms.
            _ => xml.skip(),
        }
    }

    fn is_hidden_section(&self, section: &Element<'_>) -> bool {
        let style = section.attribute("style-name").unwrap_or_default();
        match section.attribute("is-hidden") {
            Some(hidden) => hidden == "true",
            None => {
                section.attribute("display").as_deref() == Some("none") || self.styles.hides(&style)
            }
        }
    }

    fn paragraph(
        &mut self,
        element: &Element<'_>,
        xml: &mut Xml<'_>,
        paragraphs: &mut Vec<Paragraph>,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let style = element.attribute("style-name").unwrap_or_default();
        let plain = Look {
            bold: false,
            hidden: false,
        };
        let look = plain.with(self.styles.letters("paragraph", &style));
        let mut line = Line {
            after_blank: true,
            ..Line::default()
        };
        self.inline(xml, &mut line, look)?;
        let mut draft = line.draft;
        if line.hidden || look.hidden {
            return Ok(());
        }
        let given = match std::mem::take(&mut context.given) {
            given if given.is_empty() => std::mem::take(&mut draft.number),
            given => given,
        };
        draft.number = self.number(element, &style, given, context);
        draft.in_cell = context.in_cell;
        if element.name() == "h" {
            draft.level = element.number("outline-level").unwrap_or(1).clamp(1, 9);
        }
        self.size += (draft.text().len() + draft.number.len()) as u64;
        self.limits.check_size(self.size)?;
        draft.finish(paragraphs);
        Ok(())
    }

    /// Counts a paragraph and returns its number; `given` goes before what is counted.
    fn number(
        &mut self,
        element: &Element<'_>,
        style: &str,
        given: String,
        context: &mut Context<'_>,
    ) -> String {
        let own_list = self.styles.list_of(style);
        let (name, counters, level, start) = if let Some(place) = context.list {
            if !std::mem::take(&mut context.numbered) {
                return String::new();
            }
            let name = place.style.as_deref().or(own_list);
            (name, place.counters, place.level, context.start.take())
        } else if element.name() == "h" && !is_true(element, "is-list-header") {
            let level: usize = element.number("outline-level").unwrap_or(1);
            let restarts = is_true(element, "restart-numbering");
            let start = element.number("start-value").filter(|_| restarts);
            let counters = match own_list {
                Some("") => return String::new(),
                Some(name) if name != self.styles.outline_name => self.counters_of(name),
                _ => OUTLINE,
            };
            let name = own_list.filter(|_| counters != OUTLINE);
            (name, counters, level.max(1) - 1, start)
        } else {
            return String::new();
        };
        let levels = match name {
            Some(name) => self.styles.list(name).unwrap_or_default(),
            None if counters == OUTLINE => &self.styles.outline,
            None => return given,
        };
        let Some(counters) = self.counters.get_mut(counters) else {
            return given;
        };
        counters.step(levels, level, start);
        match given.trim().is_empty() {
            true => counters.print(levels, level),
            false => given,
        }
    }

    /// Returns the counters of the last list of a style.
    fn counters_of(&mut self, style: &str) -> usize {
        if let Some(counters) = self.by_style.get(style) {
            return *counters;
        }
        self.counters.push(Counters::default());
        let counters = self.counters.len() - 1;
        self.by_style.insert(style.to_owned(), counters);
        counters
    }

    fn list(
        &mut self,
        element: &Element<'_>,
        xml: &mut Xml<'_>,
        paragraphs: &mut Vec<Paragraph>,
        context: &Context<'_>,
    ) -> Result<()> {
        let (outer, in_cell) = (context.list, context.in_cell);
        let own_style = element
            .attribute("style-name")
            .map(|name| name.into_owned());
        let id = element.attribute("id");
        let inherited = outer.filter(|outer| own_style.is_none() || own_style == outer.style);
        let counters = match inherited {
            Some(outer) => outer.counters,
            None => self.begin_list(element, own_style.as_deref()),
        };
        let place = Place {
            counters,
            level: outer.map_or(0, |outer| outer.level + 1),
            style: own_style.or_else(|| outer.and_then(|outer| outer.style.clone())),
        };
        if let Some(id) = id {
            self.by_id.insert(id.into_owned(), counters);
        }
        if let Some(style) = &place.style {
            self.by_style.insert(style.clone(), counters);
        }
        while let Some(item) = xml.child()? {
            let mut context = Context {
                list: Some(&place),
                numbered: item.name() == "list-item",
                start: item.number("start-value"),
                in_cell,
                ..Context::default()
            };
            match item.name() {
                "list-item" | "list-header" => self.blocks(xml, paragraphs, &mut context)?,
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    /// Returns the counters of a list: new ones, unless it goes on with another.
    fn begin_list(&mut self, element: &Element<'_>, style: Option<&str>) -> usize {
        if style.is_some_and(|style| style == self.styles.outline_name) {
            return OUTLINE;
        }
        let continued = match element.attribute("continue-list") {
            Some(id) => self.by_id.get(&*id),
            None if is_true(element, "continue-numbering") => {
                style.and_then(|style| self.by_style.get(style))
            }
            None => None,
        };
        continued.copied().unwrap_or_else(|| {
            self.counters.push(Counters::default());
            self.counters.len() - 1
        })
    }

    /// Reads an item that stands without a list around it.
    fn numbered_paragraph(
        &mut self,
        element: &Element<'_>,
        xml: &mut Xml<'_>,
        paragraphs: &mut Vec<Paragraph>,
    ) -> Result<()> {
        let id = element.attribute("list-id").unwrap_or_default();
        let counters = match self.by_id.get(&*id) {
            Some(counters) => *counters,
            None => self.begin_list(element, element.attribute("style-name").as_deref()),
        };
        self.by_id.insert(id.into_owned(), counters);
        let place = Place {
            style: element
                .attribute("style-name")
                .map(|name| name.into_owned()),
            counters,
            level: element.number("level").unwrap_or(1usize).max(1) - 1,
        };
        let mut context = Context {
            list: Some(&place),
            numbered: true,
            start: element.number("start-value"),
            ..Context::default()
        };
        self.blocks(xml, paragraphs, &mut context)
    }

    /// Reads the children of the open element: text, runs, and what hangs on them.
    fn inline(&mut self, xml: &mut Xml<'_>, line: &mut Line, look: Look) -> Result<()> {
        while let Some(node) = xml.node()? {
            match node {
                Node::Text(text) if look.hidden => drop(text),
                Node::Text(text) => line.push(&text, look.bold),
                Node::Element(element) => self.piece(&element, xml, line, look)?,
            }
        }
        Ok(())
    }

    fn piece(
        &mut self,
        element: &Element<'_>,
        xml: &mut Xml<'_>,
        line: &mut Line,
        look: Look,
    ) -> Result<()> {
        match (element.vocabulary, element.name()) {
            (Vocabulary::Text, "span") => {
                let style = element.attribute("style-name").unwrap_or_default();
                let look = look.with(self.styles.letters("text", &style));
                self.inline(xml, line, look)
            }
            _ if look.hidden => xml.skip(),
            (Vocabulary::Text, "s") => {
                let count = element.number("c").unwrap_or(1usize).min(MAX_BLANKS);
                line.keep(&" ".repeat(count), look.bold);
                xml.skip()
            }
            (Vocabulary::Text, "tab") => {
                line.keep("\t", look.bold);
                xml.skip()
            }
            (Vocabulary::Text, "line-break") => {
                line.keep("\n", look.bold);
                line.after_blank = true;
                xml.skip()
            }
            (Vocabulary::Text, "number") => {
                line.draft.number = text_of(xml)?;
                Ok(())
            }
            (Vocabulary::Text, "note") => {
                while let Some(part) = xml.child()? {
                    match part.name() {
                        "note-body" => {
                            let note = self.read(xml)?;
                            line.draft.push_note(note);
                        }
                        _ => xml.skip()?,
                    }
                }
                Ok(())
            }
            (Vocabulary::Text, "hidden-paragraph") => {
                line.hidden |= is_true(element, "is-hidden");
                xml.skip()
            }
            (Vocabulary::Text, "hidden-text") if is_true(element, "is-hidden") => xml.skip(),
            (Vocabulary::Text, "ruby-text" | "script") => xml.skip(),
            // Fields that only set a value.
            (Vocabulary::Text, _) if element.attribute("display").as_deref() == Some("none") => {
                xml.skip()
            }
            (Vocabulary::Draw, _) => {
                let boxes = self.shape(xml)?;
                line.draft.push_box(boxes);
                Ok(())
            }
            (Vocabulary::Text | Vocabulary::Other, _) => self.inline(xml, line, look),
            // Comments, forms.
            _ => xml.skip(),
        }
    }

    /// Reads the texts of the open shape.
    fn shape(&mut self, xml: &mut Xml<'_>) -> Result<Vec<Paragraph>> {
        let mut paragraphs = Vec::new();
        let mut context = Context::default();
        while let Some(element) = xml.child()? {
            match (element.vocabulary, element.name()) {
                (Vocabulary::Draw, "image" | "object" | "object-ole" | "plugin" | "applet") => {
                    xml.skip()?;
                }
                (Vocabulary::Draw, _) => paragraphs.append(&mut self.shape(xml)?),
                (Vocabulary::Text | Vocabulary::Table, _) => {
                    self.block(&element, xml, &mut paragraphs, &mut context)?;
                }
                // What it shows to those who cannot see it.
                _ => xml.skip()?,
            }
        }
        Ok(paragraphs)
    }

    fn table(&mut self, xml: &mut Xml<'_>, paragraphs: &mut Vec<Paragraph>) -> Result<()> {
        while let Some(element) = xml.child()? {
            match (element.vocabulary, element.name()) {
                (Vocabulary::Table, "table-row") => {
                    let row = self.row(xml)?;
                    push_row(row, paragraphs);
                }
                (Vocabulary::Table, "table-header-rows" | "table-rows" | "table-row-group") => {
                    self.table(xml, paragraphs)?;
                }
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    fn row(&mut self, xml: &mut Xml<'_>) -> Result<Vec<Cell>> {
        let mut row = Vec::new();
        while let Some(element) = xml.child()? {
            if (element.vocabulary, element.name()) != (Vocabulary::Table, "table-cell") {
                // The rest of a cell that began in another row or column.
                xml.skip()?;
                continue;
            }
            let mut context = Context {
                in_cell: true,
                ..Context::default()
            };
            let mut paragraphs = Vec::new();
            self.blocks(xml, &mut paragraphs, &mut context)?;
            row.push(Cell {
                paragraphs,
                nests: context.has_table,
            });
        }
        Ok(row)
    }
}

impl Line {
    /// Adds text of the file, in which white space of any length is one blank.
    fn push(&mut self, text: &str, bold: bool) {
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
        let mut kept = String::with_capacity(text.len());
        for c in text.chars() {
            if !is_space(c) {
                kept.push(c);
            } else if !self.after_blank {
                kept.push(' ');
            }
            self.after_blank = is_space(c);
        }
        self.draft.push(&kept, bold);
    }

    /// Adds white space that an element stands for.
    fn keep(&mut self, text: &str, bold: bool) {
        self.draft.push(text, bold);
        self.after_blank = false;
    }
}

fn is_true(element: &Element<'_>, name: &str) -> bool {
    element.attribute(name).as_deref() == Some("true")
}

/// Returns all text of the open element.
fn text_of(xml: &mut Xml<'_>) -> Result<String> {
    let mut text = String::new();
    while let Some(node) = xml.node()? {
        match node {
            Node::Text(part) => text.push_str(&part),
            Node::Element(_) => text.push_str(&text_of(xml)?),
        }
    }
    Ok(text)
}

fn has_text(paragraph: &Paragraph) -> bool {
    !paragraph.text.trim().is_empty()
}
