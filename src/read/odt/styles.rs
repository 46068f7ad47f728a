//! Styles → which text is bold or hidden, which list a paragraph belongs to, what lists print.

use std::collections::HashMap;

use super::lists;
use crate::error::Result;
use crate::read::lists::ListLevel;
use crate::read::xml::{Element, Vocabulary, Xml};

/// Styles are based on others through so many steps.
const MAX_PARENTS: usize = 16;

/// How letters look, as far as a style says it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Letters {
    pub(super) bold: Option<bool>,
    pub(super) hidden: Option<bool>,
}

#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    /// The list; an empty name for none.
    list: Option<String>,
    letters: Letters,
    /// Whether a section of this style is hidden.
    hides: bool,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    /// By family and name.
    styles: HashMap<(String, String), Style>,
    lists: HashMap<String, Vec<ListLevel>>,
    /// How headings are numbered.
    pub(super) outline: Vec<ListLevel>,
    /// The name by which lists refer to that.
    pub(super) outline_name: String,
}

impl Styles {
    /// Reads the open collection of styles.
    ///
    /// # Errors
    /// If the part is damaged.
    pub(super) fn read(&mut self, xml: &mut Xml<'_>) -> Result<()> {
        while let Some(element) = xml.child()? {
            match (element.vocabulary, element.name()) {
                (Vocabulary::Style, "style") => self.read_style(&element, xml)?,
                (Vocabulary::Text, "list-style") => {
                    let levels = lists::read_levels(xml)?;
                    self.lists.insert(text(&element, "name"), levels);
                }
                (Vocabulary::Text, "outline-style") => {
                    self.outline_name = text(&element, "name");
                    self.outline = lists::read_levels(xml)?;
                }
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    fn read_style(&mut self, element: &Element<'_>, xml: &mut Xml<'_>) -> Result<()> {
        let attribute = |name| element.attribute(name).map(|value| value.into_owned());
        let mut style = Style {
            parent: attribute("parent-style-name"),
            list: attribute("list-style-name"),
            ..Style::default()
        };
        while let Some(properties) = xml.child()? {
            match properties.name() {
                "text-properties" => {
                    let weight = |name| properties.attribute(name).map(|weight| is_bold(&weight));
                    // Han has a weight of its own.
                    style.letters.bold = weight("font-weight-asian").or(weight("font-weight"));
                    let display = properties.attribute("display");
                    style.letters.hidden = display.map(|display| display == "none");
                }
                "section-properties" => {
                    style.hides = properties.attribute("display").as_deref() == Some("none");
                }
                _ => {}
            }
            xml.skip()?;
        }
        let key = (text(element, "family"), text(element, "name"));
        self.styles.insert(key, style);
        Ok(())
    }

    /// Returns the styles that a style is based on, itself first.
    fn chain<'s>(&'s self, family: &'s str, name: &str) -> impl Iterator<Item = &'s Style> {
        let get = move |name: &str| self.styles.get(&(family.to_owned(), name.to_owned()));
        std::iter::successors(get(name), move |style| get(style.parent.as_deref()?))
            .take(MAX_PARENTS)
    }

    /// Returns how letters of a style look.
    pub(super) fn letters(&self, family: &str, name: &str) -> Letters {
        let mut letters = Letters::default();
        for style in self.chain(family, name) {
            letters.bold = letters.bold.or(style.letters.bold);
            letters.hidden = letters.hidden.or(style.letters.hidden);
        }
        letters
    }

    /// Returns whether sections of a style are hidden.
    pub(super) fn hides(&self, section: &str) -> bool {
        self.chain("section", section).any(|style| style.hides)
    }

    /// Returns the list that paragraphs of a style belong to: an empty name for none at all,
    /// `None` where styles say nothing.
    pub(super) fn list_of(&self, paragraph: &str) -> Option<&str> {
        self.chain("paragraph", paragraph)
            .find_map(|style| style.list.as_deref())
    }

    /// Returns the levels of a list style.
    pub(super) fn list(&self, name: &str) -> Option<&[ListLevel]> {
        if !self.outline_name.is_empty() && name == self.outline_name {
            return Some(&self.outline);
        }
        self.lists.get(name).map(Vec::as_slice)
    }
}

fn text(element: &Element<'_>, name: &str) -> String {
    element.attribute(name).unwrap_or_default().into_owned()
}

fn is_bold(weight: &str) -> bool {
    match weight {
        "bold" => true,
        weight => weight.parse().is_ok_and(|weight: u32| weight >= 600),
    }
}
