//! Characters → tokens with their places.

use super::{MAX_NEAR, Within};
use crate::error::{Error, ErrorKind, Result};
use crate::model::CharSpan;

/// A token with its place, in characters of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: CharSpan,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    Open,
    Close,
    And,
    Or,
    Not,
    Plus,
    /// A known field's name with its colon.
    Field(&'static str),
    /// `NEAR/10`, `NEAR/S`, 同句.
    Near(Within),
    /// `~10` behind a quoted text.
    Slop(u32),
    /// `=` before a text.
    Equals,
    Text(String),
    Quoted(String),
}

/// The quotes that open, each with the one that closes it; the commonest first.
const QUOTES: &[(char, char)] = &[
    ('"', '"'),
    ('“', '”'),
    ('「', '」'),
    ('『', '』'),
    ('〝', '〞'),
    ('＂', '＂'),
    ('”', '”'),
];

pub(super) fn lex(input: &str) -> Result<Vec<Token>> {
    let chars: Vec<char> = input.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        let character = chars[at];
        let mut push = |kind, end| {
            tokens.push(Token {
                kind,
                span: CharSpan::new(start, end),
            })
        };
        if is_blank(character) {
            at += 1;
        } else if let Some(&(_, close)) = QUOTES.iter().find(|(open, _)| *open == character) {
            let Some(length) = closing(&chars[at + 1..], character, close) else {
                return Err(
                    Error::new(ErrorKind::Query, "引号没有闭合", "a quote is not closed")
                        .with_place(input, CharSpan::new(start, chars.len()))
                        .with_hint(
                            format!("在末尾补上 {close}，或删去 {character}"),
                            format!("add {close} at the end, or take {character} out"),
                        ),
                );
            };
            at += length + 2;
            push(
                TokenKind::Quoted(chars[start + 1..at - 1].iter().collect()),
                at,
            );
            if let Some((slop, length)) = slop(&chars[at..]) {
                tokens.push(Token {
                    kind: TokenKind::Slop(slop),
                    span: CharSpan::new(at, at + length),
                });
                at += length;
            }
        } else if let Some(kind) = bracket(character) {
            // `||` and `&&` are one operator.
            let twice = matches!(kind, TokenKind::Or | TokenKind::And)
                && chars.get(at + 1).copied().and_then(bracket).as_ref() == Some(&kind);
            at += 1 + usize::from(twice);
            push(kind, at);
        } else if let Some((kind, length)) = sign(&chars, at) {
            at += length;
            push(kind, at);
        } else if let Some((field, length)) = field(&chars[at..]) {
            at += length;
            push(TokenKind::Field(field), at);
        } else {
            at = chunk_end(&chars, at);
            let text: String = chars[start..at].iter().collect();
            push(word(text), at);
        }
    }
    Ok(tokens)
}

/// How many characters may stand between where no number is given.
const NEAR: u32 = 10;

/// Reads `~10`, or `~` alone, behind a quoted text.
fn slop(rest: &[char]) -> Option<(u32, usize)> {
    if !matches!(rest.first()?, '~' | '～') {
        return None;
    }
    let digits = rest[1..]
        .iter()
        .map_while(|&digit| narrow(digit).to_digit(10));
    let (mut count, mut length) = (0u32, 1);
    for digit in digits {
        count = count.saturating_mul(10).saturating_add(digit);
        length += 1;
    }
    match length {
        1 => Some((NEAR, 1)),
        _ => Some((count.min(MAX_NEAR), length)),
    }
}

/// Reads `NEAR/10`, `NEAR/S`, `NEAR/P` or `NEAR` alone.
fn near(text: &str) -> Option<Within> {
    let rest = text.strip_prefix("NEAR")?;
    if rest.is_empty() {
        return Some(Within::Characters(NEAR));
    }
    match rest.strip_prefix('/')? {
        "S" => Some(Within::Sentence),
        "P" => Some(Within::Passage),
        count if count.len() < 8 => {
            Some(Within::Characters(count.parse::<u32>().ok()?.min(MAX_NEAR)))
        }
        _ => None,
    }
}

/// Returns the half-width form of a full-width letter, digit or mark.
fn narrow(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        other => other,
    }
}

/// Returns the quotes in which a text reads back as it is, the commonest that do.
pub(super) fn quotes_for(text: &str) -> (char, char) {
    let reads_back = |(open, close): &&(char, char)| {
        let chars: Vec<char> = text.chars().chain([*close]).collect();
        closing(&chars, *open, *close) == Some(chars.len() - 1)
    };
    *QUOTES.iter().find(reads_back).unwrap_or(&QUOTES[0])
}

/// Returns whether a text must be quoted to be read back as one text.
pub(super) fn needs_quotes(text: &str) -> bool {
    match lex(text).as_deref() {
        Ok(
            [
                Token {
                    kind: TokenKind::Text(read),
                    ..
                },
            ],
        ) => read != text,
        _ => true,
    }
}

/// Returns the number of characters before the closing quote; nested Chinese quotes are passed over.
fn closing(rest: &[char], open: char, close: char) -> Option<usize> {
    let mut depth = 0;
    for (index, &character) in rest.iter().enumerate() {
        if character == close {
            if depth == 0 {
                return Some(index);
            }
            depth -= 1;
        } else if character == open && open != close {
            depth += 1;
        }
    }
    None
}

fn bracket(character: char) -> Option<TokenKind> {
    match character {
        '(' | '（' => Some(TokenKind::Open),
        ')' | '）' => Some(TokenKind::Close),
        '|' | '｜' => Some(TokenKind::Or),
        '&' | '＆' => Some(TokenKind::And),
        _ => None,
    }
}

/// Reads a sign at the start of a chunk; a sign that stands alone or before a digit is text.
fn sign(chars: &[char], at: usize) -> Option<(TokenKind, usize)> {
    let starts = at == 0
        || is_blank(chars[at - 1])
        || "(（)）|｜&＆:：-+!！－＋\"”」』".contains(chars[at - 1]);
    let next = *chars.get(at + 1)?;
    if !starts || is_blank(next) {
        return None;
    }
    match chars[at] {
        '-' | '－' if !next.is_numeric() => Some((TokenKind::Not, 1)),
        '!' | '！' => Some((TokenKind::Not, 1)),
        '+' | '＋' if !next.is_numeric() => Some((TokenKind::Plus, 1)),
        '=' | '＝' => Some((TokenKind::Equals, 1)),
        _ => None,
    }
}

/// Reads the name of a known field with its colon; blanks may follow, nothing more may not.
fn field(rest: &[char]) -> Option<(&'static str, usize)> {
    let colon = rest
        .iter()
        .take(16)
        .position(|character| matches!(character, ':' | '：'))?;
    let name = rest[..colon].iter().map(|&character| narrow(character));
    let name = name.collect::<String>().to_lowercase();
    let (field, names) = super::FIELDS
        .iter()
        .find(|(_, names)| names.contains(&name.as_str()))?;
    // 报告：… begins many a pasted line; only an id makes a field of it.
    let names_a_report = *field != "report" || name == names[0] || {
        let value = rest[colon + 1..].iter().skip_while(|at| is_blank(**at));
        let digits = value.take_while(|character| narrow(**character).is_ascii_hexdigit());
        digits.count() == 16
    };
    names_a_report.then_some((field, colon + 1))
}

/// Returns where a chunk ends: at a blank, a bracket or an opening quote; what stands in 《…》
/// belongs together.
fn chunk_end(chars: &[char], start: usize) -> usize {
    let mut at = start;
    while at < chars.len() {
        let character = chars[at];
        let ends = is_blank(character)
            || bracket(character).is_some()
            || QUOTES.iter().any(|(open, _)| *open == character);
        if ends && at > start {
            return at;
        }
        let title = match character {
            '《' => chars[at..].iter().position(|&close| close == '》'),
            _ => None,
        };
        at += title.unwrap_or(0) + 1;
    }
    chars.len()
}

fn word(text: String) -> TokenKind {
    let narrowed: String = text.chars().map(narrow).collect();
    match narrowed.as_str() {
        "AND" | "与" => TokenKind::And,
        "OR" | "或" => TokenKind::Or,
        "NOT" | "非" => TokenKind::Not,
        "同句" => TokenKind::Near(Within::Sentence),
        "同段" => TokenKind::Near(Within::Passage),
        _ => match near(&narrowed) {
            Some(within) => TokenKind::Near(within),
            None => TokenKind::Text(text),
        },
    }
}

fn is_blank(character: char) -> bool {
    crate::analyze::fold::is_blank(character)
}
