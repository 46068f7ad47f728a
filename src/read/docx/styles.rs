//! The part of styles → what each style says of heading level, numbering, bold and hidden text.

use std::collections::HashMap;

use super::format::{Letters, ListPlace, ParagraphFormat, RunFormat};
use super::xml::Xml;
use crate::error::Result;
use crate::read::Limits;

/// A style is based on others so far up.
const MAX_BASES: usize = 32;

/// A level of the outline that is body text.
const BODY_LEVEL: u8 = 9;

/// A style as it is defined.
#[derive(Debug, Default)]
struct Definition {
    name: String,
    base: Option<String>,
    place: ListPlace,
    outline: Option<u8>,
    letters: Letters,
}

/// What a style says, with what it takes from those it is based on.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    /// Level of a title (1) or heading (from 2 on); 0 for body text.
    pub(super) level: u8,
    /// Whether it is that of a table of contents.
    pub(super) contents: bool,
    /// The list; 0 for none.
    pub(super) list: Option<u32>,
    /// Bold and hidden.
    pub(super) letters: Letters,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    definitions: HashMap<String, Definition>,
    /// Style of paragraphs that name none.
    default: Option<String>,
    /// What holds where no style says otherwise.
    pub(super) letters: Letters,
}

impl Styles {
    /// Reads the part.
    ///
    /// # Errors
    /// If it is damaged.
    pub(super) fn read(text: &str, limits: Limits) -> Result<Self> {
        let mut styles = Styles::default();
        let mut xml = Xml::new(text, limits);
        if xml.child()?.is_none() {
            return Ok(styles);
        }
        while let Some(element) = xml.child()? {
            match element.word() {
                "docDefaults" => styles.letters = defaults(&mut xml)?,
                "style" => {
                    let attribute = |name| element.attribute(name).unwrap_or_default();
                    let id = attribute("styleId").into_owned();
                    let paragraph = attribute("type") == "paragraph";
                    if paragraph && matches!(&*attribute("default"), "1" | "true" | "on") {
                        styles.default = Some(id.clone());
                    }
                    let definition = definition(&mut xml)?;
                    styles.definitions.insert(id, definition);
                }
                _ => xml.skip()?,
            }
        }
        Ok(styles)
    }

    /// Returns what a paragraph's style says; of the default style if it names none.
    pub(super) fn paragraph(&self, id: Option<&str>) -> Style {
        let Some(id) = id.or(self.default.as_deref()) else {
            return Style::default();
        };
        let mut style = Style::default();
        let mut level = None;
        for (_, definition) in self.chain(id) {
            let name = definition.name.trim().to_lowercase();
            style.contents |= name.starts_with("toc ");
            level = level.or_else(|| match definition.outline {
                // Titles have a level of the outline as well, that of the first headings.
                Some(outline) if !is_title(&name) => Some(level_of(outline)),
                _ => level_by_name(&name),
            });
            style.list = style.list.or(definition.place.list);
            style.letters = style.letters.or(definition.letters);
        }
        // Where the part of styles is lost, ids are all there is.
        if !self.definitions.contains_key(id) {
            level = level_by_name(&id.to_lowercase());
        }
        style.level = level.unwrap_or(0);
        style
    }

    /// Returns the level in a list of paragraphs of a style: the one that `linked` says the list has
    /// for it, or the one that it states; or else as the style that it is based on.
    pub(super) fn list_level(
        &self,
        id: Option<&str>,
        linked: impl Fn(&str) -> Option<u8>,
    ) -> Option<u8> {
        let id = id.or(self.default.as_deref())?;
        self.chain(id)
            .find_map(|(id, definition)| linked(id).or(definition.place.level))
    }

    /// Returns what a character style says.
    pub(super) fn letters(&self, id: &str) -> Letters {
        self.chain(id)
            .fold(Letters::default(), |letters, (_, definition)| {
                letters.or(definition.letters)
            })
    }

    /// Returns the list that a numbering style stands for.
    pub(super) fn list(&self, id: &str) -> Option<u32> {
        self.chain(id)
            .find_map(|(_, definition)| definition.place.list)
    }

    /// Returns a style and those that it is based on, nearest first.
    fn chain<'s>(&'s self, id: &'s str) -> impl Iterator<Item = (&'s str, &'s Definition)> {
        let mut next = Some(id);
        std::iter::from_fn(move || {
            let id = next?;
            let definition = self.definitions.get(id)?;
            next = definition.base.as_deref();
            Some((id, definition))
        })
        // Styles may be based on each other.
        .take(MAX_BASES)
    }
}

/// Returns the level of an outline level, 0-based: one below titles.
pub(super) fn level_of(outline: u8) -> u8 {
    match outline {
        BODY_LEVEL.. => 0,
        outline => outline + 2,
    }
}

fn is_title(name: &str) -> bool {
    matches!(name, "title" | "标题" | "subtitle" | "副标题")
}

/// Returns the level that a style's name states.
fn level_by_name(name: &str) -> Option<u8> {
    if is_title(name) {
        return Some(1);
    }
    let number = name
        .strip_prefix("heading")
        .or_else(|| name.strip_prefix("标题"))?;
    let number: u8 = number.trim().parse().ok()?;
    Some(level_of(number.checked_sub(1)?))
}

fn defaults(xml: &mut Xml<'_>) -> Result<Letters> {
    let mut letters = Letters::default();
    while let Some(element) = xml.child()? {
        if element.word() != "rPrDefault" {
            xml.skip()?;
            continue;
        }
        while let Some(element) = xml.child()? {
            match element.word() {
                "rPr" => letters = RunFormat::read(xml)?.letters,
                _ => xml.skip()?,
            }
        }
    }
    Ok(letters)
}

fn definition(xml: &mut Xml<'_>) -> Result<Definition> {
    let mut definition = Definition::default();
    while let Some(element) = xml.child()? {
        match element.word() {
            "pPr" => {
                let format = ParagraphFormat::read(xml)?;
                definition.place = format.place;
                definition.outline = format.outline;
                continue;
            }
            "rPr" => {
                definition.letters = RunFormat::read(xml)?.letters;
                continue;
            }
            "name" => definition.name = element.value().unwrap_or_default().into_owned(),
            "basedOn" => definition.base = element.value().map(Into::into),
            _ => {}
        }
        xml.skip()?;
    }
    Ok(definition)
}
