//! List definitions → the number in front of each paragraph ([MS-DOC] 2.4.6.3, "PlfLst",
//! "PlfLfo").

use std::collections::{HashMap, HashSet};

use crate::read::counting::Counting;
use crate::read::lists::bullet;

use super::bytes::{from, u8_at, u16_at, u32_at};

/// Levels of a list.
const LEVELS: usize = 9;
/// Characters of a number's text; more are not printed.
const MOST_TEXT: usize = 63;

/// One level of a list.
#[derive(Debug, Clone, Default)]
struct Level {
    start: u32,
    /// How it counts; `None` for a bullet.
    counting: Option<Counting>,
    /// Whether there is a number at all, or just the text.
    is_counted: bool,
    /// All numbers are printed as digits.
    is_legal: bool,
    /// It starts again behind a paragraph of a level less than this.
    restart_below: usize,
    /// The text, in which code units below 9 stand for the number of that level.
    text: Vec<u16>,
    /// Whether text follows without a blank.
    is_tight: bool,
}

/// A list with its levels.
#[derive(Debug, Default)]
struct Definition {
    levels: Vec<Level>,
    /// The style that each level is linked to.
    styles: Vec<u16>,
}

/// A use of a list that starts anew or looks different.
#[derive(Debug)]
struct Override {
    list: u32,
    levels: Vec<(usize, LevelOverride)>,
}

#[derive(Debug)]
enum LevelOverride {
    Start(u32),
    /// Another look; and whether it starts anew.
    Look(Level, bool),
}

/// The lists of a document.
#[derive(Debug, Default)]
pub(super) struct Lists {
    definitions: HashMap<u32, Definition>,
    overrides: Vec<Override>,
}

impl Lists {
    /// Reads the definitions, which go on behind their part of the table, and the overrides, which
    /// do so too.
    pub(super) fn read(definitions: &[u8], overrides: &[u8]) -> Self {
        Lists {
            definitions: read_definitions(definitions),
            overrides: read_overrides(overrides),
        }
    }

    /// Returns the level of a list that a style is linked to.
    pub(super) fn level_of(&self, number: u16, style: u16) -> Option<u8> {
        let (_, definition) = self.find(number)?;
        let level = definition.styles.iter().position(|linked| *linked == style);
        level.map(|level| level as u8)
    }

    fn find(&self, number: u16) -> Option<(&Override, &Definition)> {
        let list = self.overrides.get(usize::from(number).checked_sub(1)?)?;
        Some((list, self.definitions.get(&list.list)?))
    }
}

fn read_definitions(bytes: &[u8]) -> HashMap<u32, Definition> {
    const HEADER: usize = 28;
    let count = usize::from(u16_at(bytes, 0).unwrap_or(0));
    let mut definitions = HashMap::new();
    let mut at = 2 + count * HEADER;
    for index in 0..count {
        let header = from(bytes, 2 + index * HEADER);
        let (Some(list), Some(flags)) = (u32_at(header, 0), u8_at(header, 26)) else {
            break;
        };
        let mut definition = Definition {
            levels: Vec::new(),
            styles: (0..LEVELS)
                .filter_map(|level| u16_at(header, 8 + level * 2))
                .collect(),
        };
        let count = if flags & 1 != 0 { 1 } else { LEVELS };
        for number in 0..count {
            let Some((level, length)) = read_level(from(bytes, at), number) else {
                break;
            };
            definition.levels.push(level);
            at += length;
        }
        definitions.insert(list, definition);
    }
    definitions
}

/// Reads a level, and returns its length with it.
fn read_level(bytes: &[u8], number: usize) -> Option<(Level, usize)> {
    let code = u8_at(bytes, 4)?;
    let flags = u8_at(bytes, 5)?;
    let modifiers = usize::from(u8_at(bytes, 24)?) + usize::from(u8_at(bytes, 25)?);
    let restart_limit = usize::from(u8_at(bytes, 26)?);
    let text_at = 28 + modifiers;
    let length = usize::from(u16_at(bytes, text_at)?);
    let text = bytes.get(text_at + 2..text_at + 2 + length * 2)?;
    let level = Level {
        start: u32_at(bytes, 0)?,
        counting: Counting::from_msonfc(code.into()),
        is_counted: code != 0xff,
        is_legal: flags & 0x04 != 0,
        restart_below: match flags & 0x08 {
            0 => number,
            _ => restart_limit.min(number),
        },
        text: text
            .as_chunks()
            .0
            .iter()
            .map(|unit| u16::from_le_bytes(*unit))
            .take(MOST_TEXT)
            .collect(),
        is_tight: u8_at(bytes, 15)? == 2,
    };
    Some((level, text_at + 2 + length * 2))
}

fn read_overrides(bytes: &[u8]) -> Vec<Override> {
    const HEADER: usize = 16;
    let count = u32_at(bytes, 0).unwrap_or(0) as usize;
    let mut overrides = Vec::new();
    let mut at = count.saturating_mul(HEADER).saturating_add(4);
    for index in 0..count {
        let header = from(bytes, 4 + index * HEADER);
        let (Some(list), Some(count)) = (u32_at(header, 0), u8_at(header, 12)) else {
            break;
        };
        let mut levels = Vec::new();
        at = at.saturating_add(4);
        for _ in 0..count {
            let entry = from(bytes, at);
            let (Some(start), Some(flags)) = (u32_at(entry, 0), u32_at(entry, 4)) else {
                break;
            };
            at += 8;
            let level = (flags & 0x0f) as usize;
            let starts = flags & 0x10 != 0;
            if flags & 0x20 != 0 {
                let Some((look, length)) = read_level(from(bytes, at), level) else {
                    break;
                };
                levels.push((level, LevelOverride::Look(look, starts)));
                at += length;
            } else if starts {
                levels.push((level, LevelOverride::Start(start)));
            }
        }
        overrides.push(Override { list, levels });
    }
    overrides
}

impl Override {
    fn level(&self, number: usize) -> Option<&LevelOverride> {
        let mut levels = self.levels.iter();
        let (_, level) = levels.find(|(level, _)| *level == number)?;
        Some(level)
    }

    /// Returns how a level looks.
    fn look<'a>(&'a self, definition: &'a Definition, number: usize) -> Option<&'a Level> {
        match self.level(number) {
            Some(LevelOverride::Look(look, _)) => Some(look),
            _ => definition.levels.get(number),
        }
    }

    /// Returns the number that a level starts at, if it does so because of the override.
    fn start(&self, number: usize) -> Option<u32> {
        match self.level(number)? {
            LevelOverride::Start(start) => Some(*start),
            LevelOverride::Look(look, true) => Some(look.start),
            LevelOverride::Look(_, false) => None,
        }
    }
}

/// Numbers given so far in one text.
#[derive(Debug)]
pub(super) struct Counters<'a> {
    lists: &'a Lists,
    /// The last number of each level, by list.
    last: HashMap<u32, [Option<u32>; LEVELS]>,
    /// Override and level that have started anew.
    started: HashSet<(u16, usize)>,
}

impl<'a> Counters<'a> {
    /// Begins to count.
    pub(super) fn new(lists: &'a Lists) -> Self {
        Counters {
            lists,
            last: HashMap::new(),
            started: HashSet::new(),
        }
    }

    /// Counts a paragraph and returns what is printed in front of it, with the tab behind it if
    /// there is one.
    pub(super) fn next(&mut self, number: u16, level: u8) -> String {
        let Some((list, definition)) = self.lists.find(number) else {
            return String::new();
        };
        let level = usize::from(level);
        let Some(look) = list.look(definition, level) else {
            return String::new();
        };
        let last = self.last.entry(list.list).or_default();
        let start = match list.start(level) {
            Some(start) if self.started.insert((number, level)) => Some(start),
            _ => None,
        };
        let value = start.unwrap_or_else(|| match last[level] {
            Some(value) => value.saturating_add(1),
            None => look.start,
        });
        last[level] = Some(value);
        for (below, value) in last.iter_mut().enumerate().skip(level + 1) {
            let restart_below = list
                .look(definition, below)
                .map_or(below, |look| look.restart_below);
            if level < restart_below {
                *value = None;
            }
        }
        if look.is_counted && look.counting.is_none() {
            return format!("{}\t", bullet(&String::from_utf16_lossy(&look.text)));
        }
        let mut text = String::new();
        let mut literal = Vec::new();
        for unit in &look.text {
            if usize::from(*unit) >= LEVELS {
                literal.push(*unit);
                continue;
            }
            text.push_str(&String::from_utf16_lossy(&literal));
            literal.clear();
            let above = usize::from(*unit);
            let Some(shown) = list.look(definition, above) else {
                continue;
            };
            let value = last[above].unwrap_or(shown.start);
            let counting = match look.is_legal {
                true => Some(Counting::Decimal),
                false => shown.counting,
            };
            if let Some(counting) = counting {
                text.push_str(&counting.print(value));
            }
        }
        text.push_str(&String::from_utf16_lossy(&literal));
        if !look.is_tight && !text.is_empty() {
            text.push('\t');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINESE: u8 = 0x27;
    const LETTERS: u8 = 0x04;

    /// Makes a level; `flags` as written, `limit` of its restart.
    fn level(counting: u8, flags: u8, limit: u8, text: &str) -> Vec<u8> {
        let mut bytes = vec![0; 28];
        bytes[0] = 1;
        bytes[4] = counting;
        bytes[5] = flags;
        bytes[15] = 2;
        bytes[26] = limit;
        bytes.extend((text.encode_utf16().count() as u16).to_le_bytes());
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        bytes
    }

    /// Makes list 7, whose levels are these and six like the last.
    fn definitions(levels: [Vec<u8>; 4]) -> Vec<u8> {
        let mut bytes = vec![1, 0, 7, 0, 0, 0];
        bytes.resize(2 + 28, 0);
        // The second level is linked to style 5.
        bytes[2 + 8 + 2] = 5;
        let last = levels[3].clone();
        bytes.extend(levels.concat());
        bytes.extend(last.repeat(5));
        bytes
    }

    /// Makes overrides of list 7: each with its levels as written.
    fn overrides(all: &[&[&[u8]]]) -> Vec<u8> {
        let mut bytes = (all.len() as u32).to_le_bytes().to_vec();
        for levels in all {
            let mut header = [0; 16];
            header[0] = 7;
            header[12] = levels.len() as u8;
            bytes.extend(header);
        }
        for levels in all {
            bytes.extend([0xff; 4]);
            bytes.extend(levels.concat());
        }
        bytes
    }

    #[test]
    fn paragraphs_are_numbered_as_word_does() {
        let levels = [
            level(CHINESE, 0, 0, "\0、"),
            level(0, 0, 0, "\0.\u{1}"),
            // Digits only; starts again behind the first level alone.
            level(LETTERS, 0x04 | 0x08, 1, "\0-\u{2}"),
            // Never starts again.
            level(LETTERS, 0x08, 0, "\u{3})"),
        ];
        let start: &[u8] = &[5, 0, 0, 0, 0x10, 0, 0, 0];
        let look = [&[0, 0, 0, 0, 0x20, 0, 0, 0], &*level(0x12, 0, 0, "\0")].concat();
        let overrides = overrides(&[&[], &[start], &[&look]]);
        let lists = Lists::read(&definitions(levels), &overrides);
        let mut counters = Counters::new(&lists);
        let mut next = |list: u16, level: u8| counters.next(list, level);
        let printed = [
            // A level that was passed over stands at its first number.
            next(1, 1),
            next(1, 0),
            next(1, 1),
            next(1, 2),
            next(1, 3),
            next(1, 1),
            next(1, 2),
            next(1, 0),
            next(1, 2),
            next(1, 3),
            // The same list, once started anew.
            next(2, 0),
            next(2, 0),
            next(1, 0),
            // The same list in another look.
            next(3, 0),
            // There are no such things.
            next(4, 0),
            next(1, 9),
        ];
        assert_eq!(
            printed,
            [
                "一.1", "一、", "一.1", "1-1", "a)", "一.2", "1-2", "二、", "2-1", "b)", "五、",
                "六、", "七、", "⑧", "", ""
            ]
        );
        assert_eq!(lists.level_of(1, 5), Some(1));
        assert_eq!(lists.level_of(1, 6), None);
    }

    #[test]
    fn lists_that_lie_are_read_as_far_as_they_go() {
        let levels = [(); 4].map(|()| level(0, 0, 0, "\0."));
        let definitions = definitions(levels);
        for length in 0..definitions.len() {
            let lists = Lists::read(&definitions[..length], &overrides(&[&[]]));
            Counters::new(&lists).next(1, 8);
        }
        let mut lying = overrides(&[&[]]);
        lying[..4].copy_from_slice(&[0xff; 4]);
        assert!(Lists::read(&definitions, &lying).overrides.len() < 100);
    }
}
