//! Rich Text Format → paragraphs.
//!
//! Invariant: groups are kept on a stack of bounded height, never on the call stack; what the
//! reader of the printed page does not see (hidden and deleted text, instructions of fields,
//! unknown destinations) is left out.
//!
//! The printed number of a list item stands in the file as text; lists are counted only where a
//! program left it out.

mod charset;
mod flow;
mod header;
mod token;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use charset::{Decoding, Page};
use flow::Flow;
use header::{Header, Words, glyph, outline_level};
use token::{Token, Tokens};

use super::Origin;
use super::lists::{self, Counters};
use super::transcript::{Paragraph, Transcript};
use crate::error::Result;
use crate::model::Warning;

/// Groups deeper than this share the state of the last one.
const MAX_DEPTH: usize = 4096;

/// Texts within texts beyond so many (a footnote in a box in a footnote …) are left out.
const MAX_FLOWS: usize = 16;

/// A printed number ends behind so many bytes.
const MAX_NUMBER: usize = 240;

/// Cells of a row beyond so many are never merged.
const MAX_CELLS: usize = 256;

/// The clock is looked at every so many tokens.
const TOKENS_A_CHECK: usize = 1 << 14;

/// Counters of lists beyond so many are not kept.
const MAX_COUNTED: usize = 1 << 12;

/// Returns whether a destination's text is no part of the page, besides those marked `\*`.
fn is_skipped(name: &[u8]) -> bool {
    matches!(
        name,
        b"aftncn"
            | b"aftnsep"
            | b"aftnsepc"
            | b"annotation"
            | b"atnauthor"
            | b"atndate"
            | b"atnicn"
            | b"atnid"
            | b"atnparent"
            | b"atnref"
            | b"atntime"
            | b"atrfend"
            | b"atrfstart"
            | b"background"
            | b"bkmkend"
            | b"bkmkstart"
            | b"colorschememapping"
            | b"colortbl"
            | b"datafield"
            | b"datastore"
            | b"docvar"
            | b"filetbl"
            | b"fldtype"
            | b"formfield"
            | b"ftncn"
            | b"ftnsep"
            | b"ftnsepc"
            | b"generator"
            | b"info"
            | b"keycode"
            | b"latentstyles"
            | b"mmathPict"
            | b"mmathPr"
            | b"nonesttables"
            | b"nonshppict"
            | b"objalias"
            | b"objclass"
            | b"objdata"
            | b"objname"
            | b"objsect"
            | b"objtime"
            | b"pgptbl"
            | b"pict"
            | b"pn"
            | b"private"
            | b"revtbl"
            | b"rsidtbl"
            | b"rxe"
            | b"shprslt"
            | b"sp"
            | b"stylerestrictions"
            | b"tc"
            | b"tcn"
            | b"template"
            | b"themedata"
            | b"txe"
            | b"userprops"
            | b"wgrffmtfilter"
            | b"xe"
            | b"xmlnstbl"
    )
}

/// Returns whether a destination is read although it is marked `\*`.
fn is_read(name: &[u8]) -> bool {
    matches!(
        name,
        b"do"
            | b"fldinst"
            | b"footnote"
            | b"listoverridetable"
            | b"listtable"
            | b"listtext"
            | b"nesttableprops"
            | b"pntext"
            | b"shpinst"
            | b"shptxt"
            | b"ud"
    )
}

/// Reads a document.
///
/// # Errors
/// [`ErrorKind::Limit`](crate::error::ErrorKind::Limit) when the text or the time goes over a
/// bound. A file that is cut off is read as far as it goes, with a warning.
pub(super) fn read(bytes: &[u8], origin: &Origin<'_>) -> Result<Transcript> {
    let mut reader = Reader::new(bytes, origin);
    reader.run()?;
    reader.finish()
}

/// Where text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// To the paragraph.
    Text,
    /// To its number.
    Number,
    /// Nowhere: between the parts of a shape.
    Nowhere,
}

/// A text of its own that a group opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Apart {
    Note,
    Box,
    Header,
}

/// Which of a run's fonts the bytes are set in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Whatever `\f` says.
    Any,
    /// `\loch`, `\hich`
    Western,
    /// `\dbch`
    DoubleByte,
}

/// What braces save and restore.
#[derive(Debug, Clone, Copy)]
struct State {
    target: Target,
    opened: Option<Apart>,
    /// Characters that stand for a `\u` where it is not understood.
    substitutes: u16,
    font: i32,
    /// The font of `\dbch`.
    double_font: Option<i32>,
    script: Script,
    bold: bool,
    /// Whether double-byte text is bold, where it is said apart.
    double_bold: Option<bool>,
    hidden: bool,
    deleted: bool,
    style: i32,
    /// Level by `\outlinelevel`.
    outline: Option<u8>,
    list: i32,
    list_level: u8,
    /// Number of tables around the paragraph.
    tables: u8,
    /// Whether this is the result of a field that makes a table of contents.
    contents: bool,
}

struct Reader<'a, 'o> {
    tokens: Tokens<'a>,
    origin: &'o Origin<'o>,
    header: Header,
    state: State,
    stack: Vec<State>,
    /// Open groups that are not on the stack.
    overflow: usize,
    /// The innermost is last.
    flows: Vec<Flow>,
    /// Headers and footers.
    margins: Vec<Paragraph>,
    decoding: Decoding,
    /// Whether bytes that are not escaped are UTF-8.
    raw_utf8: bool,
    /// Characters still to pass over behind `\u`.
    skip: u16,
    /// First half of a character beyond the basic plane.
    surrogate: Option<u16>,
    /// Whether the next word is marked `\*`.
    starred: bool,
    counters: HashMap<i32, Counters>,
    /// Lists in use: their starts have been set.
    started: HashSet<(i32, u8)>,
    /// Bytes of text so far.
    size: u64,
    /// Which cells of the row are the rest of cells in other rows or columns.
    merged: Vec<bool>,
    /// Whether the cell that is being stated is.
    merges: bool,
    closed: bool,
}

impl<'a, 'o> Reader<'a, 'o> {
    fn new(bytes: &'a [u8], origin: &'o Origin<'o>) -> Self {
        Reader {
            tokens: Tokens::new(bytes),
            origin,
            header: Header::new(),
            state: State {
                target: Target::Text,
                opened: None,
                substitutes: 1,
                font: 0,
                double_font: None,
                script: Script::Any,
                bold: false,
                double_bold: None,
                hidden: false,
                deleted: false,
                style: 0,
                outline: None,
                list: 0,
                list_level: 0,
                tables: 0,
                contents: false,
            },
            stack: Vec::new(),
            overflow: 0,
            flows: vec![Flow::default()],
            margins: Vec::new(),
            decoding: Decoding::new(),
            raw_utf8: !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok(),
            skip: 0,
            surrogate: None,
            starred: false,
            counters: HashMap::new(),
            started: HashSet::new(),
            size: 0,
            merged: Vec::new(),
            merges: false,
            closed: false,
        }
    }

    fn run(&mut self) -> Result<()> {
        for count in 0usize.. {
            if count % TOKENS_A_CHECK == 0 {
                self.origin.limits.check()?;
            }
            let Some(token) = self.tokens.next() else {
                break;
            };
            if self.skip > 0 && !matches!(token, Token::Open | Token::Close) {
                self.skip -= 1;
                continue;
            }
            match token {
                Token::Byte(byte) => self.byte(byte, true),
                Token::Hex(byte) => self.byte(byte, false),
                Token::Open => self.open(),
                Token::Close => {
                    self.close()?;
                    if self.closed && !self.reopens() {
                        break;
                    }
                }
                Token::Symbol(symbol) => self.symbol(symbol),
                Token::Word(name, value) => self.word(name, value)?,
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Transcript> {
        let whole = self.closed;
        while !self.stack.is_empty() {
            self.overflow = 0;
            self.close()?;
        }
        let mut transcript = Transcript::default();
        let body = self.flows.pop().map(Flow::finish).unwrap_or_default();
        let is_blank = |paragraph: &Paragraph| paragraph.text.trim().is_empty();
        let paragraphs = match body.iter().all(is_blank) {
            true => self.margins,
            false => body,
        };
        for paragraph in &paragraphs {
            transcript.push(paragraph);
        }
        transcript.encoding = self.decoding.encoding.to_owned();
        transcript.undecodable = self.decoding.undecodable;
        if !whole {
            transcript.warnings.push(Warning::new(
                transcript.next_line(),
                "文件不完整，到此处为止",
                "the file is cut off here",
            ));
        }
        if transcript.undecodable > 0 {
            let count = transcript.undecodable;
            transcript.warnings.push(Warning::new(
                0,
                format!("共有 {count} 处字节无法解码，以 � 代替"),
                format!("{count} byte sequences could not be decoded and stand as U+FFFD"),
            ));
        }
        Ok(transcript)
    }

    /// Returns whether another document is joined on behind the end of this one.
    fn reopens(&mut self) -> bool {
        let rest = self.tokens.rest();
        let gap = rest
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace() || **byte == 0)
            .count();
        let reopens = rest[gap..].starts_with(b"{\\rtf");
        if reopens {
            self.closed = false;
        }
        reopens
    }

    fn open(&mut self) {
        self.flush();
        self.skip = 0;
        self.starred = false;
        if self.stack.len() >= MAX_DEPTH {
            self.overflow += 1;
            return;
        }
        self.stack.push(self.state);
        self.state.opened = None;
    }

    fn close(&mut self) -> Result<()> {
        self.flush();
        self.skip = 0;
        self.starred = false;
        if self.overflow > 0 {
            self.overflow -= 1;
            return Ok(());
        }
        if self.stack.len() == 1 {
            self.end_last_paragraph()?;
        }
        if let Some(apart) = self.state.opened {
            self.end_last_paragraph()?;
            let paragraphs = self.flows.pop().map(Flow::finish).unwrap_or_default();
            match apart {
                Apart::Header => self.margins.extend(paragraphs),
                Apart::Box => self.flow().draft.push_box(paragraphs),
                Apart::Note => self.flow().draft.push_note(paragraphs),
            }
        }
        if let Some(state) = self.stack.pop() {
            self.state = state;
        }
        self.closed = self.stack.is_empty();
        Ok(())
    }

    fn flow(&mut self) -> &mut Flow {
        if self.flows.is_empty() {
            self.flows.push(Flow::default());
        }
        let last = self.flows.len() - 1;
        &mut self.flows[last]
    }

    fn byte(&mut self, byte: u8, raw: bool) {
        if self.state.hidden || self.state.deleted || self.state.target == Target::Nowhere {
            return;
        }
        self.surrogate = None;
        let page = match raw && self.raw_utf8 && !byte.is_ascii() {
            true => Page::Sure(encoding_rs::UTF_8),
            false => self.page(),
        };
        // A glyph of a symbol font is a bullet, whatever letter it stands in for.
        if self.state.target == Target::Number && page == Page::Symbol {
            self.put(lists::BULLET);
            return;
        }
        if !self.decoding.continues(page) {
            self.finish_bytes();
        }
        self.decoding.push(byte, page);
    }

    /// Returns what bytes mean in the current font.
    fn page(&self) -> Page {
        let state = &self.state;
        match (state.script, state.double_font) {
            (Script::DoubleByte, Some(font)) => match self.header.page(font) {
                Page::Western => self.header.double_byte().map_or(Page::Western, Page::Sure),
                page => page,
            },
            _ => self.header.page(state.font),
        }
    }

    /// Adds the bytes so far to the text; a half character stays for the bytes to come.
    fn flush(&mut self) {
        let mut text = String::new();
        self.decoding.flush(self.header.double_byte(), &mut text);
        self.add(&text);
    }

    fn finish_bytes(&mut self) {
        let mut text = String::new();
        self.decoding.finish(self.header.double_byte(), &mut text);
        self.add(&text);
    }

    /// Adds text where the state says.
    fn add(&mut self, text: &str) {
        let State {
            bold,
            hidden,
            deleted,
            target,
            contents,
            script,
            double_bold,
            ..
        } = self.state;
        let bold = match script {
            Script::DoubleByte => double_bold.unwrap_or(bold),
            Script::Any | Script::Western => bold,
        };
        if hidden || deleted || text.is_empty() {
            return;
        }
        let flow = self.flow();
        match target {
            Target::Text => {
                flow.draft.push(text, bold);
                flow.contents |= contents;
                self.size += text.len() as u64;
            }
            Target::Number if flow.draft.number.len() < MAX_NUMBER => {
                flow.draft.number.extend(text.chars().map(glyph));
            }
            Target::Number | Target::Nowhere => {}
        }
    }

    /// Adds text that is not decoded from bytes.
    fn put(&mut self, text: &str) {
        self.finish_bytes();
        self.surrogate = None;
        self.add(text);
    }

    fn unicode(&mut self, value: i32) {
        self.finish_bytes();
        self.skip = self.state.substitutes;
        // Signed 16 bits by the book; some programs write the code point itself.
        let unit = match value {
            i32::MIN..=0xffff => u32::from(value as u16),
            value => value as u32,
        };
        let high = self.surrogate.take();
        let c = match (high, unit) {
            (_, 0xd800..=0xdbff) => {
                self.surrogate = Some(unit as u16);
                return;
            }
            (Some(high), 0xdc00..=0xdfff) => {
                char::from_u32(0x10000 + ((u32::from(high) - 0xd800) << 10) + (unit - 0xdc00))
            }
            (_, 0) => return,
            (_, unit) => char::from_u32(unit),
        };
        let mut buffer = [0; 4];
        match c {
            Some(c) => self.add(c.encode_utf8(&mut buffer)),
            None => {
                self.decoding.undecodable += 1;
                self.add("\u{fffd}");
            }
        }
    }

    fn symbol(&mut self, symbol: u8) {
        match symbol {
            b'*' => self.starred = true,
            // They may be the second half of a character.
            b'\\' | b'{' | b'}' => self.byte(symbol, false),
            b'~' => self.put("\u{a0}"),
            b'_' => self.put("-"),
            _ => {}
        }
    }

    fn word(&mut self, name: &[u8], value: Option<i32>) -> Result<()> {
        let starred = std::mem::take(&mut self.starred);
        if starred && !is_read(name) || is_skipped(name) {
            self.flush();
            self.tokens.skip_group();
            return Ok(());
        }
        if name == b"u" {
            self.unicode(value.unwrap_or(0));
            return Ok(());
        }
        self.flush();
        let number = value.unwrap_or(0);
        let on = value != Some(0);
        let state = &mut self.state;
        match name {
            // Type.
            b"b" => state.bold = on,
            b"v" => state.hidden = on,
            b"deleted" => state.deleted = on,
            b"plain" => {
                (state.bold, state.hidden, state.deleted) = (false, false, false);
                (state.script, state.double_font) = (Script::Any, None);
                state.double_bold = None;
                state.font = self.header.default_font;
            }
            b"f" => {
                state.font = number;
                if state.script == Script::DoubleByte {
                    state.double_font = Some(number);
                }
            }
            b"ab" if state.script == Script::DoubleByte => state.double_bold = Some(on),
            b"af" if state.script == Script::DoubleByte => state.double_font = Some(number),
            b"loch" | b"hich" => state.script = Script::Western,
            b"dbch" => state.script = Script::DoubleByte,
            b"ltrch" | b"rtlch" => state.script = Script::Any,
            b"uc" => {
                state.substitutes = u16::try_from(number).unwrap_or(1);
                // The tables ahead of the text stand under the document's.
                self.header.substitutes = state.substitutes;
            }
            // Paragraphs.
            b"pard" => {
                (state.style, state.outline) = (0, None);
                (state.list, state.list_level, state.tables) = (0, 0, 0);
            }
            b"s" => state.style = number,
            b"outlinelevel" => state.outline = Some(outline_level(number).unwrap_or(0)),
            b"ls" => state.list = number,
            b"ilvl" => state.list_level = u8::try_from(number).unwrap_or(0),
            b"intbl" => state.tables = state.tables.max(1),
            b"itap" => state.tables = u8::try_from(number).unwrap_or(0),
            b"par" | b"sect" => self.end_paragraph()?,
            // Cells as \cellx ends them; stated before the row, behind it, or both.
            b"trowd" => {
                self.merged.clear();
                self.merges = false;
            }
            b"clmrg" | b"clvmrg" => self.merges = true,
            b"cellx" if self.merged.len() < MAX_CELLS => {
                self.merged.push(std::mem::take(&mut self.merges));
            }
            b"cell" => self.end_cell(1)?,
            b"nestcell" => self.end_cell(self.state.tables.max(2).into())?,
            b"row" => self.end_row(1)?,
            b"nestrow" => self.end_row(self.state.tables.max(2).into())?,
            // Characters.
            b"line" | b"lbr" => self.put("\n"),
            b"page" => self.break_page(),
            b"tab" => self.put("\t"),
            b"emdash" => self.put("—"),
            b"endash" => self.put("–"),
            b"lquote" => self.put("‘"),
            b"rquote" => self.put("’"),
            b"ldblquote" => self.put("“"),
            b"rdblquote" => self.put("”"),
            b"bullet" => self.put("•"),
            b"emspace" | b"qmspace" => self.put("\u{2003}"),
            b"enspace" => self.put("\u{2002}"),
            // Destinations.
            b"fldinst" => self.instruct(),
            b"listtext" | b"pntext" => state.target = Target::Number,
            b"shp" | b"shpinst" | b"shpgrp" | b"do" => state.target = Target::Nowhere,
            b"shptxt" | b"dptxbxtext" => self.open_flow(Apart::Box),
            b"footnote" => self.open_flow(Apart::Note),
            b"header" | b"headerl" | b"headerr" | b"headerf" | b"footer" | b"footerl"
            | b"footerr" | b"footerf" => self.open_flow(Apart::Header),
            b"upr" => self.skip_ansi(),
            b"fonttbl" => self.header.read_fonts(&mut self.tokens),
            b"stylesheet" => self.header.read_styles(&mut self.tokens),
            b"listtable" => self.header.read_lists(&mut self.tokens),
            b"listoverridetable" => self.header.read_overrides(&mut self.tokens),
            _ => self.header.note(name, number),
        }
        Ok(())
    }

    /// A page that ends within a paragraph breaks its line.
    fn break_page(&mut self) {
        if !self.flow().draft.is_blank() {
            self.put("\n");
        }
    }

    /// Reads the instruction of a field. Two sorts count: what makes a table of contents, and what
    /// sets a text under or into another, which has no result but is printed.
    fn instruct(&mut self) {
        self.header.substitutes = self.state.substitutes;
        let (mut depth, mut words) = (0, Words::default());
        while let Some(token) = self.tokens.next_inside(&mut depth) {
            words.push(token, &self.header);
        }
        let instruction = words.finish(&self.header);
        let mut parts = instruction.split_ascii_whitespace();
        let field = parts.next().unwrap_or_default();
        if field.eq_ignore_ascii_case("TOC")
            && let Some(state) = self.stack.last_mut()
        {
            state.contents = true;
        } else if field.eq_ignore_ascii_case("EQ")
            && instruction.contains("\\o")
            && let Some((_, base)) = instruction.rsplit_once(',')
        {
            self.put(base.trim_end().trim_end_matches(')'));
        }
    }

    /// Passes over the first group behind `\upr`: the same text as that in `\ud`, without Unicode.
    fn skip_ansi(&mut self) {
        if self.tokens.rest().trim_ascii_start().starts_with(b"{") {
            self.tokens.next();
            self.tokens.skip_group();
            self.tokens.next();
        }
    }

    fn open_flow(&mut self, apart: Apart) {
        self.finish_bytes();
        if self.flows.len() >= MAX_FLOWS || self.overflow > 0 || self.state.opened.is_some() {
            self.tokens.skip_group();
            return;
        }
        self.flows.push(Flow::default());
        let state = &mut self.state;
        (state.opened, state.target) = (Some(apart), Target::Text);
        (state.style, state.outline, state.tables) = (0, None, 0);
        (state.list, state.list_level) = (0, 0);
    }

    /// Ends the current paragraph, unless its mark is deleted or hidden: then the next joins on.
    fn end_paragraph(&mut self) -> Result<()> {
        self.finish_bytes();
        match self.state.hidden || self.state.deleted || self.state.target != Target::Text {
            true => Ok(()),
            false => self.end_at(self.state.tables.into()),
        }
    }

    /// Ends a paragraph that stands in so many tables.
    fn end_at(&mut self, tables: usize) -> Result<()> {
        let State {
            style,
            outline,
            list,
            list_level,
            ..
        } = self.state;
        let level = outline.unwrap_or_else(|| self.header.level(style));
        let counted = self.count(list, list_level);
        let is_entry = self.header.is_contents(style);
        let flow = self.flow();
        // Headings again: they are read where they stand.
        if flow.contents && (is_entry || ends_in_page(flow.draft.text())) {
            flow.drop_paragraph(tables);
            return Ok(());
        }
        let draft = &mut flow.draft;
        draft.level = level;
        let given = draft.number.trim_end();
        if given.is_empty() || counted.starts_with(lists::BULLET) {
            draft.number = counted;
        } else if !counted.is_empty() && !counted.ends_with('\t') {
            // Some programs print a tab behind every number.
            draft.number.truncate(given.len());
        }
        let number = draft.number.len() as u64;
        flow.end_paragraph(tables);
        self.size += number;
        self.origin.limits.check_size(self.size)
    }

    /// Ends the last paragraph of a text, which needs no mark.
    fn end_last_paragraph(&mut self) -> Result<()> {
        self.finish_bytes();
        match self.flow().draft.text().is_empty() {
            true => Ok(()),
            false => self.end_at(self.state.tables.into()),
        }
    }

    fn end_cell(&mut self, depth: usize) -> Result<()> {
        self.finish_bytes();
        if self.state.target == Target::Text {
            self.end_at(depth)?;
            self.flow().end_cell(depth);
        }
        Ok(())
    }

    fn end_row(&mut self, depth: usize) -> Result<()> {
        self.finish_bytes();
        if self.state.target == Target::Text {
            if !self.flow().draft.text().is_empty() {
                self.end_at(depth)?;
            }
            let merged = std::mem::take(&mut self.merged);
            self.flow().end_row(depth, &merged);
            self.merged = merged;
        }
        Ok(())
    }

    /// Counts a paragraph of a list and returns its number.
    fn count(&mut self, list: i32, level: u8) -> String {
        let Some((used, levels)) = self.header.list(list) else {
            return String::new();
        };
        if self.counters.len() >= MAX_COUNTED && !self.counters.contains_key(&used.list) {
            return String::new();
        }
        let index = usize::from(level);
        // An override sets its number once, at its first paragraph of that level.
        let start = used.starts.get(index).copied().flatten();
        let start = start.filter(|_| self.started.insert((list, level)));
        let counters = self.counters.entry(used.list).or_default();
        counters.step(levels, index, start);
        counters.print(levels, index)
    }
}

/// Returns whether a line ends in a tab and a page number.
fn ends_in_page(text: &str) -> bool {
    let page = text.rsplit_once('\t').map(|(_, page)| page.trim());
    page.is_some_and(|page| !page.is_empty() && page.bytes().all(|byte| byte.is_ascii_digit()))
}
