//! The part of numbering → the number in front of each paragraph, as it is printed.

use std::collections::{HashMap, HashSet};

use super::styles::Styles;
use super::symbols;
use super::xml::{Vocabulary, Xml};
use crate::error::Result;
use crate::read::Limits;
use crate::read::counting::Counting;

/// Levels of a list.
const LEVELS: usize = 9;

/// A printed number is cut behind so many characters.
const MAX_CHARS: usize = 80;

/// A list takes its levels from another through so many steps.
const MAX_LINKS: usize = 8;

/// How a level counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Counted(Counting),
    Bullet,
    None,
}

/// A level of a list.
#[derive(Debug, Clone)]
struct Level {
    start: u32,
    format: Format,
    /// What is printed; `%1` stands for the number of the first level.
    text: String,
    /// The level (1-based) from which on upwards a number makes this one begin anew; 0 for never.
    restart: Option<u8>,
    /// Whether all numbers are printed in digits.
    legal: bool,
    /// Whether nothing stands between number and text.
    tight: bool,
    hidden: bool,
    /// The style that is linked to it.
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Level {
            start: 0,
            format: Format::Counted(Counting::Decimal),
            text: String::new(),
            restart: None,
            legal: false,
            tight: false,
            hidden: false,
            style: None,
        }
    }
}

type Levels = [Level; LEVELS];

/// What lists look like.
#[derive(Debug, Default)]
struct Abstract {
    levels: Levels,
    /// The numbering style that defines the levels in its place.
    link: Option<String>,
}

/// A use of an abstract list.
#[derive(Debug, Default)]
struct List {
    definition: u32,
    /// Levels that begin at another number.
    starts: [Option<u32>; LEVELS],
    /// Levels that look otherwise.
    levels: Vec<(usize, Level)>,
}

/// The lists of a document.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    abstracts: HashMap<u32, Abstract>,
    lists: HashMap<u32, List>,
}

/// A number as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    /// The number with its marks.
    pub(super) text: String,
    /// Whether nothing stands between it and the text.
    pub(super) tight: bool,
}

impl Numbering {
    /// Reads the part.
    ///
    /// # Errors
    /// If it is damaged.
    pub(super) fn read(text: &str, styles: &Styles, limits: Limits) -> Result<Self> {
        let mut numbering = Numbering::default();
        let mut xml = Xml::new(text, limits);
        if xml.child()?.is_none() {
            return Ok(numbering);
        }
        while let Some(element) = xml.child()? {
            let id = |name| {
                let id = element.attribute(name)?;
                id.trim().parse().ok()
            };
            match (element.word(), id("abstractNumId"), id("numId")) {
                ("abstractNum", Some(id), _) => {
                    let definition = read_abstract(&mut xml)?;
                    numbering.abstracts.insert(id, definition);
                }
                ("num", _, Some(id)) => {
                    let list = read_list(&mut xml)?;
                    numbering.lists.insert(id, list);
                }
                _ => xml.skip()?,
            }
        }
        numbering.resolve(styles);
        Ok(numbering)
    }

    /// Points lists whose definition is a numbering style's at the definition of that style.
    fn resolve(&mut self, styles: &Styles) {
        let target = |mut definition: u32| {
            for _ in 0..MAX_LINKS {
                let linked = self
                    .abstracts
                    .get(&definition)
                    .and_then(|definition| styles.list(definition.link.as_deref()?))
                    .and_then(|list| self.lists.get(&list))
                    .map(|list| list.definition);
                match linked {
                    Some(linked) if linked != definition => definition = linked,
                    _ => break,
                }
            }
            definition
        };
        let resolved: Vec<(u32, u32)> = self
            .lists
            .iter()
            .map(|(id, list)| (*id, target(list.definition)))
            .collect();
        for (id, definition) in resolved {
            if let Some(list) = self.lists.get_mut(&id) {
                list.definition = definition;
            }
        }
    }

    /// Returns the level of a list that is linked to a style.
    pub(super) fn level_of(&self, list: u32, style: &str) -> Option<u8> {
        let definition = self.abstracts.get(&self.lists.get(&list)?.definition)?;
        let level = definition
            .levels
            .iter()
            .position(|level| level.style.as_deref() == Some(style))?;
        u8::try_from(level).ok()
    }
}

impl List {
    fn level<'n>(&'n self, definition: &'n Abstract, index: usize) -> Option<&'n Level> {
        let own = self.levels.iter().rfind(|(level, _)| *level == index);
        own.map(|(_, level)| level)
            .or_else(|| definition.levels.get(index))
    }

    fn start(&self, definition: &Abstract, index: usize) -> u32 {
        let stated = self.starts.get(index).copied().flatten();
        stated.unwrap_or_else(|| self.level(definition, index).map_or(1, |level| level.start))
    }
}

/// The numbers that each list of a document has come to.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// By definition: lists that share one go on counting.
    values: HashMap<u32, [Option<u32>; LEVELS]>,
    /// Lists that have begun anew, with the level.
    begun: HashSet<(u32, usize)>,
}

impl Counters {
    /// Counts a paragraph of a list and returns what is printed in front of it.
    pub(super) fn next(&mut self, numbering: &Numbering, list: u32, level: u8) -> Option<Label> {
        let index = usize::from(level).min(LEVELS - 1);
        let id = list;
        let list = numbering.lists.get(&id)?;
        let definition = numbering.abstracts.get(&list.definition)?;
        let own = list.level(definition, index)?;
        let values = self.values.entry(list.definition).or_default();
        let begins = list.starts[index].is_some() && self.begun.insert((id, index));
        values[index] = Some(match values[index] {
            Some(value) if !begins => value.saturating_add(1),
            _ => list.start(definition, index),
        });
        for deeper in index + 1..LEVELS {
            let restart = list
                .level(definition, deeper)
                .and_then(|level| level.restart);
            if restart.is_none_or(|restart| index < usize::from(restart)) {
                values[deeper] = None;
            }
        }
        if own.hidden {
            return None;
        }
        let text = match own.format {
            Format::Bullet => symbols::bullet(&own.text).to_owned(),
            _ => print(list, definition, own, index, values),
        };
        Some(Label {
            text,
            tight: own.tight,
        })
    }
}

fn print(
    list: &List,
    definition: &Abstract,
    own: &Level,
    index: usize,
    values: &[Option<u32>; LEVELS],
) -> String {
    let mut printed = String::new();
    let mut rest = own.text.as_str();
    while let Some(place) = rest.find('%') {
        printed.push_str(&rest[..place]);
        rest = &rest[place + 1..];
        let Some(digit) = rest.chars().next().and_then(|digit| digit.to_digit(10)) else {
            printed.push('%');
            continue;
        };
        rest = &rest[1..];
        let Some(other) = (digit as usize)
            .checked_sub(1)
            .filter(|other| *other <= index)
        else {
            continue;
        };
        let format = list.level(definition, other).map(|level| level.format);
        if let Some(Format::Counted(counting)) = format {
            let counting = match own.legal {
                true => Counting::Decimal,
                false => counting,
            };
            // A level that was passed over stands at its first number.
            let value = values[other].unwrap_or_else(|| list.start(definition, other));
            printed.push_str(&counting.print(value));
        }
    }
    printed.push_str(rest);
    printed.chars().take(MAX_CHARS).collect()
}

fn read_abstract(xml: &mut Xml<'_>) -> Result<Abstract> {
    let mut definition = Abstract::default();
    while let Some(element) = xml.child()? {
        match element.word() {
            "lvl" => {
                let index = index_of(element.attribute("ilvl").as_deref());
                let level = read_level(xml)?;
                if let Some(place) = index.and_then(|index| definition.levels.get_mut(index)) {
                    *place = level;
                }
                continue;
            }
            "numStyleLink" => definition.link = element.value().map(Into::into),
            _ => {}
        }
        xml.skip()?;
    }
    Ok(definition)
}

fn index_of(level: Option<&str>) -> Option<usize> {
    level?.trim().parse().ok().filter(|level| *level < LEVELS)
}

fn read_level(xml: &mut Xml<'_>) -> Result<Level> {
    let mut level = Level::default();
    while let Some(element) = xml.child()? {
        match (element.vocabulary, element.name()) {
            // Kinds of counting that came later stand beside one that all programs know.
            (Vocabulary::Compatibility, "AlternateContent") => {
                while let Some(branch) = xml.child()? {
                    if branch.name() != "Fallback" {
                        xml.skip()?;
                        continue;
                    }
                    while let Some(element) = xml.child()? {
                        if element.word() == "numFmt" {
                            level.format = format(&element.value().unwrap_or_default());
                        }
                        xml.skip()?;
                    }
                }
                continue;
            }
            (Vocabulary::Word, "rPr") => {
                while let Some(element) = xml.child()? {
                    if element.word() == "vanish" {
                        level.hidden = element.is_on();
                    }
                    xml.skip()?;
                }
                continue;
            }
            (Vocabulary::Word, "start") => level.start = element.number().unwrap_or(0),
            (Vocabulary::Word, "numFmt") => {
                level.format = format(&element.value().unwrap_or_default());
            }
            (Vocabulary::Word, "lvlText") => {
                let text = element.value().unwrap_or_default();
                level.text = text.chars().take(MAX_CHARS).collect();
            }
            (Vocabulary::Word, "lvlRestart") => level.restart = element.number(),
            (Vocabulary::Word, "isLgl") => level.legal = element.is_on(),
            (Vocabulary::Word, "suff") => {
                level.tight = element.value().as_deref() == Some("nothing");
            }
            (Vocabulary::Word, "pStyle") => level.style = element.value().map(Into::into),
            _ => {}
        }
        xml.skip()?;
    }
    Ok(level)
}

fn read_list(xml: &mut Xml<'_>) -> Result<List> {
    let mut list = List::default();
    while let Some(element) = xml.child()? {
        match element.word() {
            "abstractNumId" => list.definition = element.number().unwrap_or(u32::MAX),
            "lvlOverride" => {
                let index = index_of(element.attribute("ilvl").as_deref());
                read_override(xml, index, &mut list)?;
                continue;
            }
            _ => {}
        }
        xml.skip()?;
    }
    Ok(list)
}

fn read_override(xml: &mut Xml<'_>, index: Option<usize>, list: &mut List) -> Result<()> {
    while let Some(element) = xml.child()? {
        match (element.word(), index) {
            ("startOverride", Some(index)) => list.starts[index] = element.number(),
            ("lvl", Some(index)) => {
                let level = read_level(xml)?;
                list.levels.retain(|(other, _)| *other != index);
                list.levels.push((index, level));
                continue;
            }
            _ => {}
        }
        xml.skip()?;
    }
    Ok(())
}

/// Returns how a level counts by the standard's name; kinds of other scripts print digits.
fn format(name: &str) -> Format {
    Format::Counted(match name {
        "bullet" => return Format::Bullet,
        "none" => return Format::None,
        "decimalZero" => Counting::DecimalZero,
        "decimalFullWidth" | "decimalFullWidth2" => Counting::FullWidth,
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand" => Counting::Chinese,
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => {
            Counting::ChineseDigits
        }
        "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal" => {
            Counting::ChineseLegal
        }
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => Counting::Circled,
        "decimalEnclosedParen" => Counting::Parenthesized,
        "decimalEnclosedFullstop" => Counting::FullStop,
        "ideographEnclosedCircle" => Counting::ParenthesizedChinese,
        "ideographTraditional" => Counting::HeavenlyStems,
        "ideographZodiac" => Counting::EarthlyBranches,
        "ideographZodiacTraditional" => Counting::StemsAndBranches,
        "lowerLetter" => Counting::LowerLetter,
        "upperLetter" => Counting::UpperLetter,
        "lowerRoman" => Counting::LowerRoman,
        "upperRoman" => Counting::UpperRoman,
        _ => Counting::Decimal,
    })
}
