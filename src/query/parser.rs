//! Tokens → a syntax tree, by recursive descent.

use super::lexer::{Token, TokenKind, lex};
use super::{Expr, MAX_CHARS, MAX_DEPTH, Text, WILDCARDS, Within};
use crate::error::{Error, ErrorKind, Result};
use crate::model::CharSpan;

/// Most texts of one condition of closeness.
const MAX_PARTS: usize = 8;

struct Parser<'a> {
    input: &'a str,
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
}

pub(super) fn parse(input: &str) -> Result<Expr> {
    let length = input.chars().count();
    if length > MAX_CHARS {
        return Err(Error::new(
            ErrorKind::Query,
            format!("查询有 {length} 字，超过 {MAX_CHARS} 字"),
            format!("the query has {length} characters, more than {MAX_CHARS}"),
        )
        .with_hint("截取其中有代表性的一句", "take a telling sentence of it"));
    }
    let mut parser = Parser {
        input,
        tokens: lex(input)?,
        next: 0,
        depth: 0,
    };
    if parser.tokens.is_empty() {
        return Ok(Expr::All);
    }
    let tree = parser.or()?;
    match parser.tokens.get(parser.next) {
        None => Ok(tree),
        Some(token) => Err(parser
            .error(
                token.span,
                "多出一个右括号",
                "a closing bracket without an opening one",
            )
            .with_hint(
                "删去它，或用引号把整句括起来",
                "take it out, or put the sentence in quotes",
            )),
    }
}

impl Parser<'_> {
    fn or(&mut self) -> Result<Expr> {
        let mut parts = vec![self.and()?];
        while self.eat(&TokenKind::Or) {
            parts.push(self.and()?);
        }
        Ok(joined(parts, Expr::Or))
    }

    fn and(&mut self) -> Result<Expr> {
        let mut parts = vec![self.not()?];
        loop {
            let explicit = self.eat(&TokenKind::And);
            match self.peek() {
                None | Some(TokenKind::Close | TokenKind::Or) if !explicit => break,
                _ => parts.push(self.not()?),
            }
        }
        Ok(joined(parts, Expr::And))
    }

    fn not(&mut self) -> Result<Expr> {
        if self.eat(&TokenKind::Not) {
            return self.deeper(|parser| Ok(Expr::Not(Box::new(parser.not()?))));
        }
        while self.eat(&TokenKind::Plus) {}
        self.near()
    }

    /// Reads texts joined by signs of closeness, all of one kind.
    fn near(&mut self) -> Result<Expr> {
        let first = self.atom()?;
        let Some(&TokenKind::Near(within)) = self.peek() else {
            return Ok(first);
        };
        let mut parts = vec![first];
        while let Some(&TokenKind::Near(next)) = self.peek() {
            let span = self.tokens[self.next].span;
            if next != within {
                return Err(self
                    .error(
                        span,
                        "一处只能用同一种邻近条件",
                        "signs of closeness of two kinds side by side",
                    )
                    .with_hint(
                        "分成两个条件，用 AND 连接",
                        "make two conditions of it, joined by AND",
                    ));
            }
            if parts.len() == MAX_PARTS {
                return Err(self
                    .error(span, "邻近条件里的词太多", "too many terms close together")
                    .with_hint(
                        format!("最多 {MAX_PARTS} 个"),
                        format!("at most {MAX_PARTS}"),
                    ));
            }
            self.next += 1;
            parts.push(self.atom()?);
            let whole = CharSpan::new(span.start, span.end);
            if !parts.iter().all(is_text) {
                return Err(self
                    .error(
                        whole,
                        "邻近条件两边只能是词句",
                        "only texts can stand close together",
                    )
                    .with_hint(
                        "例如 甲 NEAR/10 乙，或 (甲 OR 乙) NEAR/S 丙",
                        "for example A NEAR/10 B, or (A OR B) NEAR/S C",
                    ));
            }
        }
        Ok(Expr::Near { parts, within })
    }

    fn atom(&mut self) -> Result<Expr> {
        let Some(token) = self.tokens.get(self.next).cloned() else {
            let end = self.input.chars().count();
            return Err(self
                .error(
                    CharSpan::new(end, end + 1),
                    "查询到此中断",
                    "the query breaks off here",
                )
                .with_hint(
                    "在运算符后面补上要找的词",
                    "add what to find after the operator",
                ));
        };
        self.next += 1;
        match token.kind {
            TokenKind::Open => {
                let inner = self.deeper(Parser::or)?;
                if !self.eat(&TokenKind::Close) {
                    return Err(self
                        .error(token.span, "括号没有闭合", "a bracket is not closed")
                        .with_hint(
                            "补上右括号，或用引号把整句括起来",
                            "add the closing bracket, or put the sentence in quotes",
                        ));
                }
                Ok(inner)
            }
            TokenKind::Field(field) => {
                let inner = Box::new(self.deeper(Parser::atom)?);
                Ok(Expr::Field { field, inner })
            }
            TokenKind::Equals => match self.atom()? {
                Expr::Text(text) => Ok(Expr::Text(Text {
                    plain: true,
                    ..text
                })),
                other => Ok(other),
            },
            TokenKind::Text(text) => {
                let text = text.replace('＊', "*");
                let text = text.trim_matches('*');
                if text.is_empty() {
                    return Err(self
                        .error(
                            token.span,
                            "星号前面没有字",
                            "a star without characters before it",
                        )
                        .with_hint("例如 乡村*", "for example 乡村*"));
                }
                Ok(Expr::Text(Text {
                    text: text.to_owned(),
                    quoted: false,
                    plain: false,
                    wildcards: has_wildcards(text),
                }))
            }
            TokenKind::Quoted(text) => {
                if text.chars().all(crate::analyze::fold::is_blank) {
                    return Err(self
                        .error(token.span, "引号里没有字", "nothing between the quotes")
                        .with_hint("写上要逐字查找的词句", "write what to find verbatim"));
                }
                match self.peek() {
                    Some(&TokenKind::Slop(slop)) => {
                        self.next += 1;
                        self.close_together(&text, slop, token.span)
                    }
                    _ => Ok(quoted(&text)),
                }
            }
            TokenKind::Close => Err(self
                .error(
                    token.span,
                    "括号里没有内容",
                    "nothing before the closing bracket",
                )
                .with_hint(
                    "删去这对括号，或用引号把整句括起来",
                    "take the brackets out, or put the sentence in quotes",
                )),
            TokenKind::And
            | TokenKind::Or
            | TokenKind::Not
            | TokenKind::Plus
            | TokenKind::Near(_)
            | TokenKind::Slop(_) => Err(self
                .error(
                    token.span,
                    "运算符前后缺少要找的词",
                    "an operator without something to find",
                )
                .with_hint(
                    "两边都写上词；要找这个字本身，请加引号",
                    "write a term on both sides; to find the sign itself, quote it",
                )),
        }
    }

    /// Reads `"甲 乙"~10`: the chunks between the quotes stand close together.
    fn close_together(&self, text: &str, slop: u32, span: CharSpan) -> Result<Expr> {
        let mut parts: Vec<Expr> = text
            .split(crate::analyze::fold::is_blank)
            .filter(|chunk| !chunk.is_empty())
            .map(quoted)
            .collect();
        if parts.len() > MAX_PARTS {
            return Err(self
                .error(span, "邻近条件里的词太多", "too many terms close together")
                .with_hint(
                    format!("最多 {MAX_PARTS} 个"),
                    format!("at most {MAX_PARTS}"),
                ));
        }
        Ok(match parts.len() {
            1 => parts.remove(0),
            _ => Expr::Near {
                parts,
                within: Within::Characters(slop),
            },
        })
    }

    fn deeper(&mut self, inner: impl FnOnce(&mut Self) -> Result<Expr>) -> Result<Expr> {
        if self.depth == MAX_DEPTH {
            let span = self
                .tokens
                .get(self.next)
                .map_or(CharSpan::new(0, 1), |token| token.span);
            return Err(self
                .error(span, "括号嵌套太深", "brackets are nested too deeply")
                .with_hint(
                    format!("最多 {MAX_DEPTH} 层"),
                    format!("at most {MAX_DEPTH} levels"),
                ));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn peek(&self) -> Option<&TokenKind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    fn eat(&mut self, kind: &TokenKind) -> bool {
        let found = self.peek() == Some(kind);
        self.next += usize::from(found);
        found
    }

    fn error(&self, span: CharSpan, zh: &str, en: &str) -> Error {
        Error::new(ErrorKind::Query, zh, en).with_place(self.input, span)
    }
}

fn quoted(text: &str) -> Expr {
    Expr::Text(Text {
        text: text.to_owned(),
        quoted: true,
        plain: false,
        wildcards: false,
    })
}

/// Returns whether an expression is a text, or several to choose from.
fn is_text(expr: &Expr) -> bool {
    match expr {
        Expr::Text(_) => true,
        Expr::Or(parts) => parts.iter().all(is_text),
        _ => false,
    }
}

/// Returns whether `*` or `?` stands between two letters; a question mark at the end is none.
fn has_wildcards(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let letter = |at: usize| chars.get(at).copied().is_some_and(char::is_alphanumeric);
    let mut at = 0;
    while at < chars.len() {
        let signs = chars[at..]
            .iter()
            .take_while(|sign| WILDCARDS.contains(sign))
            .count();
        if signs > 0 && at > 0 && letter(at - 1) && letter(at + signs) {
            return true;
        }
        at += signs.max(1);
    }
    false
}

fn joined(mut parts: Vec<Expr>, join: impl FnOnce(Vec<Expr>) -> Expr) -> Expr {
    if parts.len() == 1 {
        parts.remove(0)
    } else {
        join(parts)
    }
}
