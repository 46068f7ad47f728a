//! Style sheet → what each style sets, with what it takes from the styles it is based on ([MS-DOC]
//! 2.9.271, "STSH").

use super::bytes::{from, u16_at};
use super::modifiers::{self, CharacterProperties, ParagraphProperties};

/// What a style sets.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Style {
    /// On paragraphs.
    pub(super) paragraph: ParagraphProperties,
    /// Bold type.
    pub(super) is_bold: bool,
    /// Hidden text.
    pub(super) is_hidden: bool,
}

/// A style as it is written: only what it changes.
#[derive(Debug, Clone, Copy)]
struct Written {
    base: u16,
    paragraph: ParagraphProperties,
    characters: CharacterProperties,
}

/// Base of a style that has none.
const NONE: u16 = 0x0fff;
/// No style stands on more styles than this.
const MOST_BASES: usize = 32;

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles(Vec<Style>);

impl Styles {
    /// Reads the style sheet.
    pub(super) fn read(sheet: &[u8]) -> Self {
        let header = usize::from(u16_at(sheet, 0).unwrap_or(0));
        let count = usize::from(u16_at(sheet, 2).unwrap_or(0));
        let base_length = usize::from(u16_at(sheet, 4).unwrap_or(0));
        let mut written = Vec::new();
        let mut at = 2 + header;
        while written.len() < count {
            let Some(length) = u16_at(sheet, at).map(usize::from) else {
                break;
            };
            let entry = from(sheet, at + 2);
            written.push(style(&entry[..length.min(entry.len())], base_length));
            at += 2 + length.next_multiple_of(2);
        }
        Styles(
            (0..written.len())
                .map(|index| resolve(&written, index))
                .collect(),
        )
    }

    /// Returns a style by its index.
    pub(super) fn get(&self, index: u16) -> Style {
        self.0.get(usize::from(index)).copied().unwrap_or_default()
    }
}

fn style(entry: &[u8], base_length: usize) -> Option<Written> {
    let built_in = u16_at(entry, 0)? & 0x0fff;
    let kind = u16_at(entry, 2)? & 0x000f;
    let mut written = Written {
        base: u16_at(entry, 2)? >> 4,
        paragraph: ParagraphProperties::default(),
        characters: CharacterProperties::default(),
    };
    // Headings 1 to 9.
    if let 1..=9 = built_in {
        written.paragraph.outline = Some(built_in as u8 - 1);
    }
    let name_length = usize::from(u16_at(entry, base_length)?);
    let mut at = base_length + 2 + (name_length + 1) * 2;
    // Paragraph styles, character styles, table styles, list styles.
    let parts: &[Part] = match kind {
        1 => &[Part::Paragraph, Part::Characters],
        2 => &[Part::Characters],
        4 => &[Part::Paragraph],
        _ => &[],
    };
    for part in parts {
        let Some(length) = u16_at(entry, at).map(usize::from) else {
            break;
        };
        let list = from(entry, at + 2);
        let list = &list[..length.min(list.len())];
        match part {
            // Its own index comes first.
            Part::Paragraph => modifiers::read(from(list, 2))
                .for_each(|modifier| written.paragraph.apply(modifier)),
            Part::Characters => {
                modifiers::read(list).for_each(|modifier| written.characters.apply(modifier));
            }
        }
        at += 2 + length.next_multiple_of(2);
    }
    Some(written)
}

enum Part {
    Paragraph,
    Characters,
}

/// Puts a style on top of its bases.
fn resolve(written: &[Option<Written>], index: usize) -> Style {
    let mut chain = Vec::new();
    let mut next = index;
    while let Some(Some(style)) = written.get(next)
        && chain.len() < MOST_BASES
    {
        chain.push(style);
        if style.base == NONE {
            break;
        }
        next = style.base.into();
    }
    let mut resolved = Style::default();
    for style in chain.into_iter().rev() {
        let paragraph = &mut resolved.paragraph;
        paragraph.level = style.paragraph.level.or(paragraph.level);
        paragraph.list = style.paragraph.list.or(paragraph.list);
        paragraph.outline = style.paragraph.outline.or(paragraph.outline);
        resolved.is_bold = style.characters.bold.over(resolved.is_bold);
        resolved.is_hidden = style.characters.hidden.over(resolved.is_hidden);
    }
    resolved
}
