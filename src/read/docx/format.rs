//! Properties of runs and paragraphs → what they mean for the text.

use super::xml::{Element, Xml};
use crate::error::Result;

/// What a run or a style says of its letters; what it leaves open comes from elsewhere.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Letters {
    /// Whether they are set in bold.
    pub(super) bold: Option<bool>,
    /// Whether they are hidden.
    pub(super) hidden: Option<bool>,
}

impl Letters {
    /// Takes what is left open here from another.
    pub(super) fn or(self, other: Letters) -> Letters {
        Letters {
            bold: self.bold.or(other.bold),
            hidden: self.hidden.or(other.hidden),
        }
    }

    /// Takes in a property if it is one of these.
    fn set(&mut self, element: &Element<'_>) {
        match element.word() {
            "b" => self.bold = Some(element.is_on()),
            "vanish" => self.hidden = Some(element.is_on()),
            _ => {}
        }
    }
}

/// Properties of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct RunFormat {
    /// Its character style.
    pub(super) style: Option<String>,
    /// What it says itself.
    pub(super) letters: Letters,
    /// Whether the paragraph mark that has these properties was deleted, its paragraph joined with
    /// the next.
    pub(super) deleted: bool,
}

impl RunFormat {
    /// Reads the open `rPr`.
    pub(super) fn read(xml: &mut Xml<'_>) -> Result<Self> {
        let mut format = RunFormat::default();
        while let Some(element) = xml.child()? {
            match element.word() {
                "rStyle" => format.style = element.value().map(Into::into),
                "del" | "moveFrom" => format.deleted = true,
                _ => format.letters.set(&element),
            }
            // What it was before a change stands below `rPrChange`.
            xml.skip()?;
        }
        Ok(format)
    }
}

/// What a paragraph or a style says of its number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ListPlace {
    /// The list; 0 for none.
    pub(super) list: Option<u32>,
    /// The level in it, 0-based.
    pub(super) level: Option<u8>,
}

/// Properties of a paragraph.
#[derive(Debug, Clone, Default)]
pub(super) struct ParagraphFormat {
    /// Its style.
    pub(super) style: Option<String>,
    /// Its place in a list.
    pub(super) place: ListPlace,
    /// Its level in the outline, 0-based; 9 for body text.
    pub(super) outline: Option<u8>,
    /// Properties of its mark.
    pub(super) mark: RunFormat,
    /// The section that it ends.
    pub(super) section: Option<Section>,
}

impl ParagraphFormat {
    /// Reads the open `pPr`.
    pub(super) fn read(xml: &mut Xml<'_>) -> Result<Self> {
        let mut format = ParagraphFormat::default();
        while let Some(element) = xml.child()? {
            match element.word() {
                "pStyle" => format.style = element.value().map(Into::into),
                "outlineLvl" => format.outline = element.number(),
                "numPr" => {
                    format.place = list_place(xml)?;
                    continue;
                }
                "rPr" => {
                    format.mark = RunFormat::read(xml)?;
                    continue;
                }
                "sectPr" => {
                    format.section = Some(Section::read(xml)?);
                    continue;
                }
                _ => {}
            }
            xml.skip()?;
        }
        Ok(format)
    }
}

fn list_place(xml: &mut Xml<'_>) -> Result<ListPlace> {
    let mut place = ListPlace::default();
    while let Some(element) = xml.child()? {
        match element.word() {
            // Some programs write -1 for none.
            "numId" => place.list = Some(element.number().unwrap_or(0)),
            "ilvl" => place.level = element.number(),
            _ => {}
        }
        xml.skip()?;
    }
    Ok(place)
}

/// Which headers and footers a section has.
#[derive(Debug, Clone, Default)]
pub(super) struct Section {
    /// Name by which the main part refers to each header, and the pages it is for.
    pub(super) headers: Vec<(String, String)>,
    /// Whether the first page has its own.
    pub(super) title_page: bool,
}

impl Section {
    /// Reads the open `sectPr`.
    pub(super) fn read(xml: &mut Xml<'_>) -> Result<Self> {
        let mut section = Section::default();
        while let Some(element) = xml.child()? {
            let attribute = |name| element.attribute(name).unwrap_or_default().into_owned();
            match element.word() {
                "headerReference" => section.headers.push((attribute("id"), attribute("type"))),
                "titlePg" => section.title_page = element.is_on(),
                _ => {}
            }
            xml.skip()?;
        }
        Ok(section)
    }
}
