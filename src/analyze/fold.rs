//! Text as written → folded characters, each with its place in the text as written.
//!
//! Folding is NFKC, lower case, traditional → simplified, one form of each mark that is written in
//! several (〔〕【】 as [ ], dashes as -), restored redactions, and no white space but one blank between
//! two Latin or digit runs. Index and query fold alike, so that matching is
//! a comparison of characters.
//!
//! Invariant: the spans of the folded characters are sorted by start, lie on the source's
//! characters, and cover all of them but white space and invisible characters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

use crate::model::CharSpan;
use crate::schema::{Redactions, Schema, Variants};

/// A character that the fast path cannot fold by itself.
const SPECIAL: u32 = u32::MAX;
/// A combining mark: folded together with the character before it.
const COMBINING: u32 = u32::MAX - 1;
/// White space or an invisible character.
const BLANK: u32 = u32::MAX - 2;

/// Folds texts and queries.
pub struct Folder {
    /// Folded form of each character of the Basic Multilingual Plane, or one of the marks above.
    table: Box<[u32]>,
    variants: Variants,
    redactions: Redactions,
    /// First characters of redacted forms.
    triggers: Vec<char>,
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
    pub fn without_blanks(&self) -> Folded {
        let kept = |index: &usize| self.chars[*index] != ' ';
        let indexes: Vec<usize> = (0..self.chars.len()).filter(kept).collect();
        Folded {
            chars: indexes.iter().map(|&index| self.chars[index]).collect(),
            spans: indexes.iter().map(|&index| self.spans[index]).collect(),
        }
    }

    fn push(&mut self, character: char, span: CharSpan) {
        self.chars.push(character);
        self.spans.push(span);
    }
}

impl std::fmt::Debug for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Folder").finish_non_exhaustive()
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
        let table = (0..0x1_0000)
            .map(|code| table_entry(code, &schema.variants))
            .collect();
        let mut triggers: Vec<char> = schema
            .redactions
            .rules()
            .iter()
            .filter_map(|rule| rule.written.first().copied())
            .collect();
        triggers.sort_unstable();
        triggers.dedup();
        Folder {
            table,
            variants: schema.variants.clone(),
            redactions: schema.redactions.clone(),
            triggers,
        }
    }

    /// Folds a text, without places.
    pub fn fold(&self, text: &str) -> String {
        let mut folded = String::with_capacity(text.len());
        if self.may_be_redacted(text) {
            self.restored(text, |character, _| folded.push(character));
        } else {
            self.plain(text, |character, _| folded.push(character));
        }
        folded
    }

    /// Folds a text and keeps the place of each character.
    pub fn fold_mapped(&self, text: &str) -> Folded {
        let mut folded = Folded::default();
        if self.may_be_redacted(text) {
            self.restored(text, |character, span| folded.push(character, span));
        } else {
            self.plain(text, |character, span| folded.push(character, span));
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
        text.bytes()
            .any(|byte| byte.is_ascii_uppercase() && self.triggers.contains(&(byte as char)))
            || text.contains('\u{ff24}')
    }

    /// Folds a text that holds no redacted form, in one pass.
    fn plain(&self, text: &str, mut emit: impl FnMut(char, CharSpan)) {
        let mut chars = text.chars().peekable();
        let mut index = 0;
        let mut blank: Option<CharSpan> = None;
        let mut last = '\0';
        while let Some(character) = chars.next() {
            let start = index;
            index += 1;
            let entry = self.entry(character);
            if entry == BLANK {
                let from = blank.map_or(start, |span| span.start);
                blank = Some(CharSpan::new(from, index));
                continue;
            }
            let combined = chars
                .peek()
                .is_some_and(|&next| self.entry(next) == COMBINING);
            let mut put = |folded: char, end: usize| {
                if let Some(span) = blank.take()
                    && last.is_ascii_alphanumeric()
                    && folded.is_ascii_alphanumeric()
                {
                    emit(' ', span);
                }
                last = folded;
                emit(folded, CharSpan::new(start, end));
            };
            if entry < BLANK && !combined {
                if let Some(folded) = char::from_u32(entry) {
                    put(folded, index);
                }
                continue;
            }
            let mut cluster = String::from(character);
            while let Some(&next) = chars.peek().filter(|&&next| self.entry(next) == COMBINING) {
                cluster.push(next);
                index += 1;
                chars.next();
            }
            let end = index;
            for composed in cluster.nfkc() {
                self.lower(composed, |folded| put(folded, end));
            }
        }
    }

    /// Folds a text that may hold redacted forms.
    fn restored(&self, text: &str, mut emit: impl FnMut(char, CharSpan)) {
        let units = self.units(text);
        let chars: Vec<char> = units.iter().map(|unit| unit.character).collect();
        let mut last = '\0';
        let mut at = 0;
        while at < units.len() {
            let start = units[at].span.start;
            let mut blank = units[at].blank_before.then(|| {
                CharSpan::new(
                    at.checked_sub(1).map_or(0, |before| units[before].span.end),
                    start,
                )
            });
            let mut put = |folded: char, span: CharSpan| {
                if let Some(blank) = blank.take()
                    && last.is_ascii_alphanumeric()
                    && folded.is_ascii_alphanumeric()
                {
                    emit(' ', blank);
                }
                last = folded;
                emit(folded, span);
            };
            match self.redactions.at(&chars, at) {
                Some(rule) => {
                    let end = at + rule.written.len();
                    let span = CharSpan::new(start, units[end - 1].span.end);
                    for &character in &rule.restored {
                        self.lower(character, |folded| put(folded, span));
                    }
                    at = end;
                }
                None => {
                    self.lower(units[at].character, |folded| put(folded, units[at].span));
                    at += 1;
                }
            }
        }
    }

    /// Returns the characters after NFKC, in their case, without blanks.
    fn units(&self, text: &str) -> Vec<Unit> {
        let mut units: Vec<Unit> = Vec::with_capacity(text.len() / 2);
        let mut chars = text.chars().peekable();
        let mut index = 0;
        let mut blank_before = false;
        while let Some(character) = chars.next() {
            let start = index;
            index += 1;
            if self.entry(character) == BLANK {
                blank_before = true;
                continue;
            }
            let mut cluster = String::from(character);
            while let Some(&next) = chars.peek().filter(|&&next| self.entry(next) == COMBINING) {
                cluster.push(next);
                index += 1;
                chars.next();
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

    fn entry(&self, character: char) -> u32 {
        match self.table.get(character as usize) {
            Some(&entry) => entry,
            None if canonical_combining_class(character) != 0 => COMBINING,
            None => SPECIAL,
        }
    }

    /// Folds the case and the variant of a character that is in NFKC.
    fn lower(&self, character: char, mut emit: impl FnMut(char)) {
        for lower in character.to_lowercase() {
            emit(same_mark(self.variants.simplify(lower)));
        }
    }
}

fn table_entry(code: u32, variants: &Variants) -> u32 {
    let Some(character) = char::from_u32(code) else {
        return SPECIAL;
    };
    if is_blank(character) {
        return BLANK;
    }
    if canonical_combining_class(character) != 0 {
        return COMBINING;
    }
    let mut folded = character
        .nfkc()
        .flat_map(char::to_lowercase)
        .map(|c| same_mark(variants.simplify(c)));
    match (folded.next(), folded.next()) {
        (Some(single), None) if !is_blank(single) => single as u32,
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
