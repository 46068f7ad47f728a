//! Fonts of a document → the characters and widths of the codes in its strings.
//!
//! Invariant: a code is looked up in the font's own map first, then by what its encoding says; where
//! nothing says it, it is U+FFFD.

use std::collections::HashMap;
use std::ops::Deref;
use std::rc::Rc;

use encoding_rs::Encoding as Charset;
use hayro_cmap::{BfString, CMap, CMapName, CidFamily, WritingMode, load_embedded};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as Bytes};

use super::names::{self, Table};
use super::unpack::Budget;
use crate::error::Result;

/// Units of a glyph's width in an em, but for fonts that bring their own.
const UNITS: f32 = 1000.0;

/// Width where a font tells none, in thousandths of an em: that of Latin letters.
const UNKNOWN_WIDTH: f32 = 500.0;

/// A code of a string, as it is shown.
#[derive(Debug)]
pub(super) struct Shown {
    /// Its characters.
    pub(super) text: String,
    /// How far it moves on, in ems: to the right, or downwards if the font writes vertically.
    pub(super) advance: f32,
    /// Whether it is the one byte 32, which word spacing widens.
    pub(super) is_space: bool,
}

/// A font.
#[derive(Debug)]
pub(super) struct Font {
    codes: Codes,
    to_unicode: Option<CMap>,
    /// Whether it looks bold.
    pub(super) bold: bool,
    /// Whether its lines run from top to bottom.
    pub(super) vertical: bool,
}

#[derive(Debug)]
enum Codes {
    /// One byte each.
    Simple {
        characters: Box<[Option<char>; 256]>,
        first: usize,
        widths: Vec<f32>,
        missing: f32,
        /// Ems in a unit of width.
        scale: f32,
    },
    /// One to four bytes each, that stand for numbers in a character collection.
    Composite {
        encoding: Box<CMap>,
        /// From the collection's numbers to characters.
        collection: Option<Rc<CMap>>,
        /// The character encoding that the codes are of, where they are of one.
        charset: Option<&'static Charset>,
        /// First number, last number, width.
        widths: Vec<(u32, u32, f32)>,
        default: f32,
    },
}

impl Font {
    /// Hands each code of a string to `each`.
    pub(super) fn decode(&self, bytes: &[u8], mut each: impl FnMut(Shown)) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (code, length) = self.code(rest);
            let (found, advance) = match &self.codes {
                Codes::Simple {
                    characters,
                    first,
                    widths,
                    missing,
                    scale,
                } => {
                    let index = (code as usize).checked_sub(*first);
                    let width = index.and_then(|index| widths.get(index));
                    let found = characters.get(code as usize).copied().flatten();
                    (
                        found.map(String::from),
                        width.unwrap_or(missing).abs() * scale,
                    )
                }
                Codes::Composite {
                    encoding,
                    collection,
                    charset,
                    widths,
                    default,
                } => {
                    let number = encoding.lookup_cid_code(code, length as u8).unwrap_or(0);
                    // What a collection lacks is a blank in it, but the code says it.
                    let found = charset
                        .and_then(|charset| decoded(charset, &rest[..length]))
                        .or_else(|| text_of(collection.as_ref()?, number));
                    let at = widths.partition_point(|(first, ..)| *first <= number);
                    let width = at.checked_sub(1).and_then(|at| widths.get(at));
                    let width = width.filter(|(_, last, _)| number <= *last);
                    let width = width.map_or(*default, |(.., width)| *width);
                    let advance = if self.vertical { UNITS } else { width };
                    (found, advance.abs() / UNITS)
                }
            };
            let own = self.to_unicode.as_ref().and_then(|map| text_of(map, code));
            each(Shown {
                text: own.or(found).unwrap_or_else(|| "\u{fffd}".to_owned()),
                advance,
                is_space: length == 1 && code == 32,
            });
            rest = &rest[length..];
        }
    }

    /// Returns the code that bytes begin with, and its length in bytes.
    fn code(&self, bytes: &[u8]) -> (u32, usize) {
        let Codes::Composite { encoding, .. } = &self.codes else {
            return (bytes.first().copied().unwrap_or(0).into(), 1);
        };
        let mut code = 0;
        for (index, byte) in bytes.iter().take(4).enumerate() {
            code = code << 8 | u32::from(*byte);
            if encoding.lookup_cid_code(code, index as u8 + 1).is_some() {
                return (code, index + 1);
            }
        }
        // Most codes of those encodings have two bytes.
        (code, bytes.len().min(2))
    }
}

/// Returns the character encoding that a predefined map is made for.
fn charset(name: &[u8]) -> Option<&'static Charset> {
    let begins = |prefixes: &[&[u8]]| prefixes.iter().any(|prefix| name.starts_with(prefix));
    match name {
        _ if begins(&[b"Uni"]) => Some(encoding_rs::UTF_16BE),
        _ if begins(&[b"GB"]) => Some(encoding_rs::GB18030),
        _ if begins(&[b"B5", b"ETen", b"HKscs"]) => Some(encoding_rs::BIG5),
        _ => None,
    }
}

fn decoded(charset: &'static Charset, code: &[u8]) -> Option<String> {
    let text = charset.decode_without_bom_handling_and_without_replacement(code)?;
    (!text.chars().any(char::is_control)).then(|| text.into_owned())
}

/// Returns the characters that a map gives a code, if they are any.
fn text_of(map: &CMap, code: u32) -> Option<String> {
    /// No letter or ligature is longer, in characters.
    const MAX_TEXT: usize = 32;
    let text = match map.lookup_bf_string(code)? {
        BfString::Char(c) => String::from(c),
        BfString::String(text) => text,
    };
    // Some programs map what they do not know to nothing.
    let is_text =
        |c: char| !matches!(c, '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{fffd}' | '\u{ffff}');
    let is_short = !text.is_empty() && text.chars().nth(MAX_TEXT).is_none();
    (is_short && text.chars().all(is_text)).then_some(text)
}

/// The fonts that were met, each read once.
#[derive(Debug, Default)]
pub(super) struct Fonts {
    /// By the place of the dictionary's bytes, which stay where they are.
    read: HashMap<(usize, usize), Option<Rc<Font>>>,
    collections: HashMap<Vec<u8>, Option<Rc<CMap>>>,
}

impl Fonts {
    /// Returns the font that a dictionary describes, `None` if it describes none.
    ///
    /// # Errors
    /// If the budget is over.
    pub(super) fn get(&mut self, dict: &Dict<'_>, budget: &mut Budget) -> Result<Option<Rc<Font>>> {
        let key = (dict.data().as_ptr() as usize, dict.data().len());
        if let Some(font) = self.read.get(&key) {
            return Ok(font.clone());
        }
        let font = self.read(dict, budget)?.map(Rc::new);
        self.read.insert(key, font.clone());
        Ok(font)
    }

    fn read(&mut self, dict: &Dict<'_>, budget: &mut Budget) -> Result<Option<Font>> {
        let to_unicode = match dict.get::<Stream<'_>>("ToUnicode") {
            Some(stream) => map(&stream, budget)?,
            None => None,
        };
        let is_composite = dict.get::<Name<'_>>("Subtype").as_deref() == Some(b"Type0");
        if !is_composite {
            let descriptor = dict.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
            return Ok(Some(Font {
                codes: simple(dict, &descriptor),
                to_unicode,
                bold: is_bold(dict, &descriptor),
                vertical: false,
            }));
        }
        let (encoding, charset) = match dict.get::<Object<'_>>("Encoding") {
            Some(Object::Name(name)) => (predefined(&name), charset(&name)),
            Some(Object::Stream(stream)) => (map(&stream, budget)?, None),
            _ => (None, None),
        };
        let encoding = encoding.unwrap_or_else(CMap::identity_h);
        let descendant = dict
            .get::<Array<'_>>("DescendantFonts")
            .and_then(|fonts| fonts.iter::<Dict<'_>>().next())
            .unwrap_or_default();
        let descriptor = descendant.get::<Dict<'_>>("FontDescriptor");
        let family = encoding
            .metadata()
            .character_collection
            .as_ref()
            .map(|collection| collection.family.clone())
            .filter(|family| family.ucs2_cmap().is_some())
            .or_else(|| family(&descendant));
        let vertical = encoding.metadata().writing_mode == Some(WritingMode::Vertical);
        Ok(Some(Font {
            codes: Codes::Composite {
                collection: family.and_then(|family| self.collection(&family)),
                charset,
                widths: descendant
                    .get::<Array<'_>>("W")
                    .map(|widths| composite_widths(&widths))
                    .unwrap_or_default(),
                default: descendant.get::<f32>("DW").unwrap_or(UNITS),
                encoding: Box::new(encoding),
            },
            to_unicode,
            bold: is_bold(dict, &descriptor.unwrap_or_default()),
            vertical,
        }))
    }

    fn collection(&mut self, family: &CidFamily) -> Option<Rc<CMap>> {
        let name = family.ucs2_cmap()?;
        let key = name.to_bytes().to_vec();
        let read = || predefined(name.to_bytes()).map(Rc::new);
        self.collections.entry(key).or_insert_with(read).clone()
    }
}

/// Returns the map of a name that all readers of PDF know.
fn predefined(name: &[u8]) -> Option<CMap> {
    match CMapName::from_bytes(name) {
        CMapName::IdentityH => Some(CMap::identity_h()),
        CMapName::IdentityV => Some(CMap::identity_v()),
        name => CMap::parse(load_embedded(name)?, load_embedded),
    }
}

fn map(stream: &Stream<'_>, budget: &mut Budget) -> Result<Option<CMap>> {
    let bytes = budget.unpack(stream)?;
    Ok(bytes.and_then(|bytes| CMap::parse(&bytes, load_embedded)))
}

fn family(descendant: &Dict<'_>) -> Option<CidFamily> {
    let info = descendant.get::<Dict<'_>>("CIDSystemInfo")?;
    let text = |key: &str| info.get::<Bytes<'_>>(key);
    Some(CidFamily::from_registry_ordering(
        text("Registry")?.as_bytes(),
        text("Ordering")?.as_bytes(),
    ))
}

fn simple(dict: &Dict<'_>, descriptor: &Dict<'_>) -> Codes {
    let encoding = dict.get::<Object<'_>>("Encoding");
    let (table, differences) = match &encoding {
        Some(Object::Name(name)) => (Table::named(name), None),
        Some(Object::Dict(encoding)) => (
            encoding
                .get::<Name<'_>>("BaseEncoding")
                .and_then(|name| Table::named(&name)),
            encoding.get::<Array<'_>>("Differences"),
        ),
        _ => (None, None),
    };
    let subtype = dict.get::<Name<'_>>("Subtype");
    let is_outlined = subtype.as_deref() != Some(b"Type3");
    // A font with glyphs of its own may use codes in any way.
    let table = table.or(is_outlined.then_some(match subtype.as_deref() {
        Some(b"TrueType") => Table::Windows,
        _ => Table::Standard,
    }));
    let mut characters = Box::new([None; 256]);
    for (code, character) in (0..=u8::MAX).zip(characters.iter_mut()) {
        *character = table.and_then(|table| table.character(code));
    }
    let mut code = 0usize;
    for item in differences
        .iter()
        .flat_map(|array| array.iter::<Object<'_>>())
    {
        match item {
            Object::Number(number) => code = number.as_i64().max(0) as usize,
            Object::Name(name) => {
                if let Some(place) = characters.get_mut(code) {
                    let name = std::str::from_utf8(name.deref()).unwrap_or_default();
                    *place = names::character(name);
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    let widths = dict.get::<Array<'_>>("Widths");
    let matrix = dict.get::<[f32; 6]>("FontMatrix").filter(|_| !is_outlined);
    Codes::Simple {
        characters,
        first: dict.get::<u32>("FirstChar").unwrap_or(0) as usize,
        widths: widths
            .iter()
            .flat_map(|widths| widths.iter::<f32>())
            .take(256)
            .collect(),
        missing: descriptor
            .get::<f32>("MissingWidth")
            .filter(|_| widths.is_some())
            .unwrap_or(UNKNOWN_WIDTH),
        scale: matrix.map_or(1.0 / UNITS, |[scale, ..]| scale.abs()),
    }
}

/// Reads `first [width …]` and `first last width`, in any mixture.
fn composite_widths(array: &Array<'_>) -> Vec<(u32, u32, f32)> {
    let mut widths = Vec::new();
    let mut numbers: Vec<f32> = Vec::new();
    for item in array.iter::<Object<'_>>() {
        match item {
            Object::Number(number) => numbers.push(number.as_f32()),
            Object::Array(each) => {
                let first = numbers.last().copied().unwrap_or(0.0) as u32;
                for (offset, width) in (0u32..=u32::from(u16::MAX)).zip(each.iter::<f32>()) {
                    let number = first.saturating_add(offset);
                    widths.push((number, number, width));
                }
                numbers.clear();
            }
            _ => {}
        }
        if let [first, last, width] = numbers[..] {
            widths.push((first as u32, last as u32, width));
            numbers.clear();
        }
    }
    widths.sort_by_key(|(first, ..)| *first);
    widths
}

/// Returns whether a font is called bold, or says that it is.
fn is_bold(dict: &Dict<'_>, descriptor: &Dict<'_>) -> bool {
    /// 黑体 in GB18030, as programs write it.
    const HEITI: &[u8] = b"\xba\xda\xcc\xe5";
    /// Flag of a descriptor.
    const FORCE_BOLD: u32 = 1 << 18;
    let name = dict.get::<Name<'_>>("BaseFont");
    let name = name.as_deref().unwrap_or_default();
    let has = |part: &[u8]| memchr::memmem::find(name, part).is_some();
    let called = [
        "Bold", "Heavy", "Black", "SimHei", "STHeiti", "FZHei", "黑体",
    ];
    called.iter().any(|part| has(part.as_bytes()))
        || has(HEITI)
        || descriptor
            .get::<f32>("FontWeight")
            .is_some_and(|weight| weight >= 600.0)
        || descriptor
            .get::<u32>("Flags")
            .is_some_and(|flags| flags & FORCE_BOLD != 0)
}
