//! Text as written → folded characters, each with its place in the text as written.
//!
//! Folding is NFKC, lower case, traditional → simplified, one form of each mark that is written in
//! several (〔〕【】 as [ ], dashes as -), restored redactions, and no white space but one blank between
//! two Latin or digit runs. Index and query fold alike, so that matching is
//! a comparison of characters.
//!
//! Invariant: the spans of the folded characters are sorted by start, lie on the source's
//! characters, and cover all of them but white space and invisible characters.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use crate::model::CharSpan;
use crate::schema::{Redactions, Schema, Variants};

// What stands in the table where a character has no single folded form. These are surrogates, which
// are no characters.

/// The fast path cannot fold it by itself.
const SPECIAL: u16 = 0xd800;
/// A combining mark: folded together with the character before it.
const COMBINING: u16 = 0xd801;
/// White space or an invisible character.
const BLANK: u16 = 0xd802;
/// A redacted form may begin with it.
const REDACTED: u16 = 0xd803;

/// Folds texts and queries.
pub struct Folder {
    /// Folded form of each character of the Basic Multilingual Plane, or one of the marks above.
    table: Box<[u16]>,
    variants: Variants,
    redactions: Redactions,
}

/// Folded characters with their places in the source.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Folded {
    /// The folded characters; a blank stands only between two Latin or digit runs.
    pub chars: Vec<char>,
    /// For each folded character, the characters of the source (0-based) that it stands for.
    pub spans: Vec<CharSpan>,
}

impl Folded {
    /// Returns the folded text.
    pub fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// Returns the folded characters without blanks, as the verbatim face compares them.
    pub fn without_blanks(&self) -> Cow<'_, Folded> {
        if !self.chars.contains(&' ') {
            return Cow::Borrowed(self);
        }
        let pairs = self.chars.iter().zip(&self.spans);
        let (chars, spans) = pairs.filter(|(character, _)| **character != ' ').unzip();
        Cow::Owned(Folded { chars, spans })
    }
}

impl std::fmt::Debug for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Folder").finish_non_exhaustive()
    }
}

/// What takes folded characters.
trait Sink {
    /// Takes a folded character that stands for a span of the source.
    fn push(&mut self, character: char, span: CharSpan);

    /// Takes characters that fold to themselves, from the character `start` of the source on.
    fn push_run(&mut self, run: &str, start: usize);
}

impl Sink for String {
    fn push(&mut self, character: char, _: CharSpan) {
        self.push(character);
    }

    fn push_run(&mut self, run: &str, _: usize) {
        self.push_str(run);
    }
}

impl Sink for Folded {
    fn push(&mut self, character: char, span: CharSpan) {
        self.chars.push(character);
        self.spans.push(span);
    }

    fn push_run(&mut self, run: &str, start: usize) {
        for (index, character) in (start..).zip(run.chars()) {
            self.push(character, CharSpan::new(index, index + 1));
        }
    }
}

/// Leaves blanks out, but one between two Latin or digit runs.
struct Joiner<'s, S> {
    to: &'s mut S,
    /// The blanks behind the last character.
    blank: Option<CharSpan>,
    /// Whether that character is Latin or a digit.
    after_latin: bool,
}

impl<'s, S: Sink> Joiner<'s, S> {
    fn new(to: &'s mut S) -> Self {
        Joiner {
            to,
            blank: None,
            after_latin: false,
        }
    }

    fn push(&mut self, character: char, span: CharSpan) {
        self.join(character.is_ascii_alphanumeric());
        self.to.push(character, span);
        self.after_latin = character.is_ascii_alphanumeric();
    }

    fn push_run(&mut self, run: &str, start: usize) {
        let mut bytes = run.bytes();
        if let Some(first) = bytes.next() {
            self.join(first.is_ascii_alphanumeric());
            self.to.push_run(run, start);
            let last = bytes.next_back().unwrap_or(first);
            self.after_latin = last.is_ascii_alphanumeric();
        }
    }

    fn join(&mut self, before_latin: bool) {
        if let Some(span) = self.blank.take()
            && self.after_latin
            && before_latin
        {
            self.to.push(' ', span);
        }
    }
}

/// A character after NFKC, in its case, with its place.
struct Unit {
    character: char,
    span: CharSpan,
    blank_before: bool,
}

impl Folder {
    /// Makes a folder for the schema's variants and redactions.
    pub fn new(schema: &Schema) -> Self {
        let mut table: Box<[u16]> = (0..=u16::MAX)
            .map(|code| table_entry(code, &schema.variants))
            .collect();
        let firsts = schema.redactions.rules().iter();
        let firsts = firsts.filter_map(|rule| rule.written.first().copied());
        for first in firsts.filter(char::is_ascii_uppercase).chain(['Ｄ']) {
            table[first as usize] = REDACTED;
        }
        Folder {
            table,
            variants: schema.variants.clone(),
            redactions: schema.redactions.clone(),
        }
    }

    /// Folds a text, without places.
    pub fn fold(&self, text: &str) -> String {
        let mut folded = String::with_capacity(text.len());
        if !self.plain(text, &mut folded) {
            folded.clear();
            self.restored(text, &mut folded);
        }
        folded
    }

    /// Folds a text and keeps the place of each character.
    pub fn fold_mapped(&self, text: &str) -> Folded {
        // Most characters have three bytes.
        let most = text.len() / 3 + 16;
        let mut folded = Folded {
            chars: Vec::with_capacity(most),
            spans: Vec::with_capacity(most),
        };
        if !self.plain(text, &mut folded) {
            folded = Folded::default();
            self.restored(text, &mut folded);
        }
        folded
    }

    /// Returns the folded forms under which a query text may stand in the index: its own, and,
    /// where a redaction may have been cut off from the neighbours that decide about it, the
    /// restored one (`持D` out of `坚持D建引领`).
    pub fn query_forms(&self, text: &str) -> Vec<String> {
        let mut forms = vec![strip_blanks(&self.fold(text))];
        if self.may_be_redacted(text) {
            let chars: Vec<char> = self.units(text).iter().map(|unit| unit.character).collect();
            let restored = self.restored_where_possible(&chars);
            if !forms.contains(&restored) {
                forms.push(restored);
            }
        }
        forms
    }

    /// Restores every redaction that a longer text around this one might call for.
    fn restored_where_possible(&self, chars: &[char]) -> String {
        let mut form = String::new();
        let mut at = 0;
        while at < chars.len() {
            match self.redactions.may_be_at(chars, at) {
                Some(rule) => {
                    self.push_lower(&rule.restored, &mut form);
                    at += rule.written.len();
                }
                None => {
                    self.push_lower(&chars[at..=at], &mut form);
                    at += 1;
                }
            }
        }
        form
    }

    fn push_lower(&self, chars: &[char], to: &mut String) {
        chars
            .iter()
            .for_each(|&character| self.lower(character, |folded| to.push(folded)));
    }

    fn may_be_redacted(&self, text: &str) -> bool {
        text.chars()
            .any(|character| self.entry(character) == REDACTED)
    }

    /// Folds a text that holds no redacted form, in one pass; returns false and ends where one may
    /// begin.
    fn plain(&self, text: &str, to: &mut impl Sink) -> bool {
        let mut to = Joiner::new(to);
        let (mut rest, mut index) = (text, 0);
        loop {
            let (run, count) = self.unchanged(rest);
            to.push_run(run, index);
            index += count;
            let mut chars = rest[run.len()..].chars();
            let Some(character) = chars.next() else {
                return true;
            };
            rest = chars.as_str();
            let start = index;
            index += 1;
            let entry = self.entry(character);
            match (entry, char::from_u32(u32::from(entry))) {
                (REDACTED, _) => return false,
                (BLANK, _) => {
                    let from = to.blank.map_or(start, |span| span.start);
                    to.blank = Some(CharSpan::new(from, index));
                }
                (_, Some(folded)) if !self.combines(rest) => {
                    to.push(folded, CharSpan::new(start, index));
                }
                _ => {
                    let mut cluster = String::from(character);
                    while self.combines(rest) {
                        cluster.extend(chars.next());
                        index += 1;
                        rest = chars.as_str();
                    }
                    for composed in cluster.nfkc() {
                        let span = CharSpan::new(start, index);
                        self.lower(composed, |folded| to.push(folded, span));
                    }
                }
            }
        }
    }

    /// Returns the longest beginning of a text that folds to itself, and its number of characters.
    fn unchanged<'t>(&self, text: &'t str) -> (&'t str, usize) {
        let (mut last, mut count) = (0, 0);
        for (place, character) in text.char_indices() {
            let entry = self.entry(character);
            if u32::from(entry) != u32::from(character) {
                return match entry {
                    // What it is combined with is folded with it.
                    COMBINING if count > 0 => (&text[..last], count - 1),
                    _ => (&text[..place], count),
                };
            }
            last = place;
            count += 1;
        }
        (text, count)
    }

    /// Returns whether a text begins with a combining mark.
    fn combines(&self, text: &str) -> bool {
        let first = text.chars().next();
        first.is_some_and(|first| self.entry(first) == COMBINING)
    }

    /// Folds a text that may hold redacted forms.
    fn restored(&self, text: &str, to: &mut impl Sink) {
        let mut to = Joiner::new(to);
        let units = self.units(text);
        let chars: Vec<char> = units.iter().map(|unit| unit.character).collect();
        let mut at = 0;
        while at < units.len() {
            let start = units[at].span.start;
            if units[at].blank_before {
                let end = |before: usize| units[before].span.end;
                to.blank = Some(CharSpan::new(at.checked_sub(1).map_or(0, end), start));
            }
            match self.redactions.at(&chars, at) {
                Some(rule) => {
                    let end = at + rule.written.len();
                    let span = CharSpan::new(start, units[end - 1].span.end);
                    for &character in &rule.restored {
                        self.lower(character, |folded| to.push(folded, span));
                    }
                    at = end;
                }
                None => {
                    self.lower(chars[at], |folded| to.push(folded, units[at].span));
                    at += 1;
                }
            }
        }
    }

    /// Returns the characters after NFKC, in their case, without blanks.
    fn units(&self, text: &str) -> Vec<Unit> {
        let mut units: Vec<Unit> = Vec::with_capacity(text.len() / 2);
        let mut chars = text.chars();
        let mut index = 0;
        let mut blank_before = false;
        while let Some(character) = chars.next() {
            let start = index;
            index += 1;
            let entry = self.entry(character);
            if entry == BLANK {
                blank_before = true;
                continue;
            }
            // What folds to itself is its own form in NFKC.
            let is_own = character.is_ascii() || u32::from(entry) == u32::from(character);
            if is_own && !self.combines(chars.as_str()) {
                units.push(Unit {
                    character,
                    span: CharSpan::new(start, index),
                    blank_before,
                });
                blank_before = false;
                continue;
            }
            let mut cluster = String::from(character);
            while self.combines(chars.as_str()) {
                cluster.extend(chars.next());
                index += 1;
            }
            for composed in cluster.nfkc() {
                units.push(Unit {
                    character: composed,
                    span: CharSpan::new(start, index),
                    blank_before,
                });
                blank_before = false;
            }
        }
        units
    }

    #[inline]
    fn entry(&self, character: char) -> u16 {
        match self.table.get(character as usize) {
            Some(&entry) => entry,
            None if canonical_combining_class(character) != 0 => COMBINING,
            None => SPECIAL,
        }
    }

    /// Folds the case and the variant of a character that is in NFKC.
    fn lower(&self, character: char, emit: impl FnMut(char)) {
        match char::from_u32(u32::from(self.entry(character))) {
            Some(folded) => std::iter::once(folded).for_each(emit),
            None => lower(character, &self.variants).for_each(emit),
        }
    }
}

fn lower(character: char, variants: &Variants) -> impl Iterator<Item = char> {
    let lower = character.to_lowercase();
    lower.map(|lower| same_mark(variants.simplify(lower)))
}

fn table_entry(code: u16, variants: &Variants) -> u16 {
    let Some(character) = char::from_u32(u32::from(code)) else {
        return SPECIAL;
    };
    if is_blank(character) {
        return BLANK;
    }
    if canonical_combining_class(character) != 0 {
        return COMBINING;
    }
    let mut folded = character.nfkc().flat_map(|c| lower(c, variants));
    match (folded.next(), folded.next()) {
        (Some(single), None) if !is_blank(single) => {
            u16::try_from(u32::from(single)).unwrap_or(SPECIAL)
        }
        _ => SPECIAL,
    }
}

/// Returns the one form of a mark that is written in several: of 发〔2022〕20号, 发［2022］20号 and
/// 发【2022】20号 readers mean the same.
fn same_mark(character: char) -> char {
    match character {
        '〔' | '【' | '〖' => '[',
        '〕' | '】' | '〗' => ']',
        '「' | '『' | '〝' => '“',
        '」' | '』' | '〞' => '”',
        '‐'..='―' | '−' => '-',
        '•' | '‧' | '∙' | '・' => '·',
        other => other,
    }
}

/// Returns whether matching passes over a character: white space, controls, zero-width characters.
pub(crate) fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// Returns a folded text without its blanks, as the verbatim face compares it.
pub fn strip_blanks(folded: &str) -> String {
    folded
        .chars()
        .filter(|&character| character != ' ')
        .collect()
}
