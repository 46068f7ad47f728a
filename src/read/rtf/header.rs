//! The tables ahead of an RTF text → fonts with their code pages, heading styles, lists.

use std::collections::{HashMap, HashSet};

use encoding_rs::Encoding;

use super::charset::{Decoding, Page, is_double_byte, of_charset, of_code_page, of_language};
use super::token::{Token, Tokens};
use crate::read::counting::Counting;
use crate::read::lists::{self, LEVELS, ListLevel, Piece, bullet};

/// Entries of a table beyond so many are left out.
const MAX_ENTRIES: usize = 1 << 12;

/// What a level prints ends behind so many pieces …
const MAX_PIECES: usize = 24;

/// … of so many bytes each.
const MAX_PIECE: usize = 96;

/// The way of counting that is none.
const BULLET: i32 = 23;

/// What the header states.
#[derive(Debug, Default)]
pub(super) struct Header {
    fonts: HashMap<i32, Page>,
    /// The code page of the document.
    code_page: Option<&'static Encoding>,
    /// The double-byte page of the first font that has one.
    font_page: Option<&'static Encoding>,
    /// The double-byte page of the document's language.
    language_page: Option<&'static Encoding>,
    /// Heading levels of styles, 1-based.
    styles: HashMap<i32, u8>,
    /// Styles of entries of a table of contents.
    contents: HashSet<i32>,
    lists: HashMap<i32, Vec<ListLevel>>,
    overrides: HashMap<i32, Override>,
    /// The font of text that names none.
    pub(super) default_font: i32,
    /// Characters that stand for a `\u` where it is not understood.
    pub(super) substitutes: u16,
}

/// A use of a list.
#[derive(Debug, Default)]
pub(super) struct Override {
    /// The list.
    pub(super) list: i32,
    /// Its levels where they differ from the list's.
    levels: Option<Vec<ListLevel>>,
    /// Numbers that levels are set to at their first use.
    pub(super) starts: [Option<u32>; LEVELS],
}

impl Header {
    pub(super) fn new() -> Self {
        Header {
            substitutes: 1,
            ..Header::default()
        }
    }

    /// Takes a control word that states something of the document as a whole.
    pub(super) fn note(&mut self, name: &[u8], value: i32) {
        match name {
            b"ansicpg" => self.code_page = of_code_page(value),
            b"mac" => self.code_page = of_code_page(10000),
            b"deff" => self.default_font = value,
            b"deflang" | b"deflangfe" => {
                self.language_page = self.language_page.or(of_language(value));
            }
            _ => {}
        }
    }

    /// Returns the document's double-byte page: what bytes in a western font may be in truth.
    pub(super) fn double_byte(&self) -> Option<&'static Encoding> {
        self.code_page
            .filter(|page| is_double_byte(page))
            .or(self.font_page)
            .or(self.language_page)
    }

    /// Returns what the bytes of a font mean.
    pub(super) fn page(&self, font: i32) -> Page {
        match (self.fonts.get(&font), self.code_page) {
            (Some(page), _) => *page,
            (None, Some(page)) if page != encoding_rs::WINDOWS_1252 => Page::Sure(page),
            (None, _) => Page::Western,
        }
    }

    /// Returns the level of a heading style, 1-based; 0 for other styles.
    pub(super) fn level(&self, style: i32) -> u8 {
        self.styles.get(&style).copied().unwrap_or(0)
    }

    /// Returns whether a style is that of entries of a table of contents.
    pub(super) fn is_contents(&self, style: i32) -> bool {
        self.contents.contains(&style)
    }

    /// Returns a use of a list and its levels.
    pub(super) fn list(&self, number: i32) -> Option<(&Override, &[ListLevel])> {
        let used = self.overrides.get(&number)?;
        let levels = used.levels.as_ref().or_else(|| self.lists.get(&used.list));
        levels.map(|levels| (used, levels.as_slice()))
    }

    /// Reads `\fonttbl`.
    pub(super) fn read_fonts(&mut self, tokens: &mut Tokens<'_>) {
        let (mut depth, mut font) = (0, 0);
        while let Some(token) = tokens.next_inside(&mut depth) {
            let Token::Word(name, Some(value)) = token else {
                continue;
            };
            let page = match name {
                b"f" => {
                    font = value;
                    continue;
                }
                b"fcharset" => of_charset(value),
                b"cpg" => of_code_page(value).map(Page::Sure),
                _ => continue,
            };
            let Some(page) = page else { continue };
            if let Page::Sure(encoding) = page
                && is_double_byte(encoding)
            {
                self.font_page.get_or_insert(encoding);
            }
            if self.fonts.len() < MAX_ENTRIES {
                self.fonts.insert(font, page);
            }
        }
    }

    /// Reads `\stylesheet`.
    pub(super) fn read_styles(&mut self, tokens: &mut Tokens<'_>) {
        let (mut depth, mut style, mut outline) = (0, Some(0), None);
        let mut name = Words::default();
        loop {
            let token = tokens.next_inside(&mut depth);
            let ends = depth == 0 && matches!(token, None | Some(Token::Close));
            if ends && let Some(number) = style {
                let name = name.finish(self);
                if self.styles.len() + self.contents.len() < MAX_ENTRIES {
                    if let Some(level) = outline.or_else(|| heading_level(&name)) {
                        self.styles.insert(number, level);
                    }
                    if name.trim().to_ascii_lowercase().starts_with("toc ") {
                        self.contents.insert(number);
                    }
                }
            }
            match token {
                None => return,
                Some(Token::Open) if depth == 1 => {
                    (style, outline) = (Some(0), None);
                    name = Words::default();
                }
                // Character, table and section styles.
                Some(Token::Word(b"cs" | b"ts" | b"ds", _)) => style = None,
                Some(Token::Word(b"s", Some(value))) => style = Some(value),
                Some(Token::Word(b"outlinelevel", Some(value))) => outline = outline_level(value),
                Some(token) if depth <= 1 => name.push(token, self),
                Some(_) => {}
            }
        }
    }

    /// Reads `\listtable`.
    pub(super) fn read_lists(&mut self, tokens: &mut Tokens<'_>) {
        let mut depth = 0;
        let mut levels = Vec::new();
        while let Some(token) = tokens.next_inside(&mut depth) {
            match token {
                Token::Word(b"listlevel", _) => {
                    let level = self.read_level(tokens);
                    if levels.len() < LEVELS {
                        levels.push(level);
                    }
                }
                Token::Word(b"listid", Some(list)) if self.lists.len() < MAX_ENTRIES => {
                    self.lists.insert(list, std::mem::take(&mut levels));
                }
                Token::Close if depth == 0 => levels.clear(),
                _ => {}
            }
        }
    }

    /// Reads `\listoverridetable`.
    pub(super) fn read_overrides(&mut self, tokens: &mut Tokens<'_>) {
        let mut depth = 0;
        let mut used = Override::default();
        // The level that `\lfolevel` is about, and whether it sets the start.
        let (mut level, mut seen, mut starts) = (0, 0, false);
        while let Some(token) = tokens.next_inside(&mut depth) {
            match token {
                Token::Open if depth == 1 => (used, seen) = (Override::default(), 0),
                Token::Word(b"listid", Some(list)) => used.list = list,
                Token::Word(b"lfolevel", _) => {
                    (level, seen, starts) = (seen, seen + 1, false);
                }
                Token::Word(b"listoverridestartat", _) => starts = true,
                Token::Word(b"levelstartat", Some(value)) if starts => {
                    if let Some(start) = used.starts.get_mut(level) {
                        *start = u32::try_from(value).ok();
                    }
                }
                Token::Word(b"listlevel", _) => {
                    let changed = self.read_level(tokens);
                    let original = self.lists.get(&used.list).cloned().unwrap_or_default();
                    let levels = used.levels.get_or_insert(original);
                    if level < LEVELS {
                        levels.resize(levels.len().max(level + 1), ListLevel::default());
                        if starts {
                            used.starts[level] = Some(changed.start);
                        }
                        levels[level] = changed;
                    }
                }
                Token::Word(b"ls", Some(number)) if self.overrides.len() < MAX_ENTRIES => {
                    self.overrides.insert(number, std::mem::take(&mut used));
                }
                _ => {}
            }
        }
    }

    /// Reads the rest of a `\listlevel` group.
    fn read_level(&self, tokens: &mut Tokens<'_>) -> ListLevel {
        let mut level = ListLevel::default();
        let (mut depth, mut code) = (0, 0);
        while let Some(token) = tokens.next_inside(&mut depth) {
            match token {
                // The newer word says the same, or more.
                Token::Word(b"levelnfc" | b"levelnfcn", Some(value)) => code = value,
                Token::Word(b"levelstartat", Some(value)) => {
                    level.start = u32::try_from(value).unwrap_or(0);
                }
                Token::Word(b"levellegal", value) => level.legal = value != Some(0),
                Token::Word(b"levelfollow", Some(value)) => level.is_tight = value == 2,
                Token::Word(b"levelnorestart", value) => level.restarts = value == Some(0),
                Token::Word(b"leveltext", _) => level.pieces = self.read_pieces(tokens),
                _ => {}
            }
        }
        level.counting = u16::try_from(code).ok().and_then(Counting::from_msonfc);
        if code == BULLET {
            let text = match level.pieces.as_slice() {
                [Piece::Text(text)] => bullet(text),
                _ => lists::BULLET,
            };
            level.pieces = vec![Piece::Text(text.to_owned())];
        }
        level
    }

    /// Reads the rest of a `\leveltext` group: a length, then text with levels' indexes in it.
    fn read_pieces(&self, tokens: &mut Tokens<'_>) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let (mut depth, mut has_length) = (0, false);
        let mut text = Words::default();
        let close = |text: &mut Words, pieces: &mut Vec<Piece>| {
            let text = text.finish(self);
            if !text.is_empty() && text.len() < MAX_PIECE && pieces.len() < MAX_PIECES {
                pieces.push(Piece::Text(text));
            }
        };
        while let Some(token) = tokens.next_inside(&mut depth) {
            match token {
                Token::Hex(_) if !std::mem::replace(&mut has_length, true) => {}
                Token::Hex(index) if usize::from(index) < LEVELS && !text.skips() => {
                    close(&mut text, &mut pieces);
                    if pieces.len() < MAX_PIECES {
                        pieces.push(Piece::Number(index.into()));
                    }
                }
                token => text.push(token, self),
            }
        }
        close(&mut text, &mut pieces);
        // `;` closes the text.
        if let Some(Piece::Text(text)) = pieces.last_mut() {
            text.truncate(text.trim_end_matches(';').len());
        }
        pieces
    }
}

/// Returns the heading level that an `\outlinelevel` stands for; 9 is body text.
pub(super) fn outline_level(value: i32) -> Option<u8> {
    u8::try_from(value)
        .ok()
        .filter(|level| *level < 9)
        .map(|level| level + 1)
}

/// Returns the level that a style's name tells, 1-based.
fn heading_level(name: &str) -> Option<u8> {
    let name = name.trim().trim_end_matches(';').to_lowercase();
    let rest = name
        .strip_prefix("heading")
        .or_else(|| name.strip_prefix("标题"))
        .or_else(|| name.strip_prefix("標題"))?;
    let digit = rest.trim().parse().ok()?;
    (1..=9).contains(&digit).then_some(digit)
}

/// The text of a name, a number or an instruction: nothing but its characters counts.
#[derive(Default)]
pub(super) struct Words {
    text: String,
    bytes: Vec<u8>,
    /// Characters still to pass over behind `\u`.
    skip: u16,
}

impl Words {
    /// Texts end behind so many bytes.
    const MAX: usize = 1024;

    fn skips(&self) -> bool {
        self.skip > 0
    }

    pub(super) fn push(&mut self, token: Token<'_>, header: &Header) {
        match token {
            Token::Hex(byte) | Token::Byte(byte) | Token::Symbol(byte @ (b'\\' | b'{' | b'}')) => {
                match self.skip.checked_sub(1) {
                    Some(skip) => self.skip = skip,
                    None if self.bytes.len() < Self::MAX => self.bytes.push(byte),
                    None => {}
                }
            }
            Token::Word(b"u", Some(unit)) if self.text.len() < Self::MAX => {
                self.flush(header);
                self.text
                    .extend(char::from_u32(u32::from(unit as u16)).map(glyph));
                self.skip = header.substitutes;
            }
            _ => {}
        }
    }

    fn flush(&mut self, header: &Header) {
        let mut decoding = Decoding::new();
        let double = header.double_byte();
        let page = double.map_or(Page::Western, Page::Sure);
        self.bytes
            .drain(..)
            .for_each(|byte| decoding.push(byte, page));
        decoding.finish(double, &mut self.text);
    }

    pub(super) fn finish(&mut self, header: &Header) -> String {
        self.flush(header);
        std::mem::take(&mut self.text)
    }
}

/// Returns a character of a printed number: those of the private area are some font's bullets.
pub(super) fn glyph(c: char) -> char {
    match c {
        '\u{e000}'..='\u{f8ff}' => '•',
        c => c,
    }
}
