//! Tokens → a syntax tree, by recursive descent.

use super::lexer::{Token, TokenKind, lex};
use super::{Expr, MAX_CHARS, MAX_DEPTH, MAX_TEXTS};
use crate::error::{Error, ErrorKind, Result};
use crate::model::CharSpan;

/// Most texts of one condition of closeness.
pub(super) const MAX_PARTS: usize = 8;

pub(super) struct Parser<'a> {
    input: &'a str,
    pub(super) tokens: Vec<Token>,
    pub(super) next: usize,
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
    parser.check_size()?;
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
    /// Refuses what would keep an index busy for long.
    fn check_size(&self) -> Result<()> {
        let is_text =
            |token: &&Token| matches!(token.kind, TokenKind::Text(_) | TokenKind::Quoted(_));
        let texts: Vec<&Token> = self.tokens.iter().filter(is_text).collect();
        let Some(first) = texts.get(MAX_TEXTS) else {
            return Ok(());
        };
        let count = texts.len();
        Err(Error::new(
            ErrorKind::Query,
            format!("查询有 {count} 个词句，超过 {MAX_TEXTS} 个"),
            format!("the query has {count} terms, more than {MAX_TEXTS}"),
        )
        .with_place(self.input, first.span)
        .with_hint(
            "分几次查询；整段文字请去掉空格或加引号",
            "ask in several queries; take the blanks out of a pasted text, or quote it",
        ))
    }

    pub(super) fn or(&mut self) -> Result<Expr> {
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

    pub(super) fn deeper(&mut self, inner: impl FnOnce(&mut Self) -> Result<Expr>) -> Result<Expr> {
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

    /// Returns the number of characters of the query.
    pub(super) fn end(&self) -> usize {
        self.input.chars().count()
    }

    pub(super) fn peek(&self) -> Option<&TokenKind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    pub(super) fn eat(&mut self, kind: &TokenKind) -> bool {
        let found = self.peek() == Some(kind);
        self.next += usize::from(found);
        found
    }

    pub(super) fn error(&self, span: CharSpan, zh: &str, en: &str) -> Error {
        Error::new(ErrorKind::Query, zh, en).with_place(self.input, span)
    }
}

/// Returns whether an expression is a text, or several to choose from.
fn is_text(expr: &Expr) -> bool {
    match expr {
        Expr::Text(_) => true,
        Expr::Or(parts) => parts.iter().all(is_text),
        _ => false,
    }
}

fn joined(mut parts: Vec<Expr>, join: impl FnOnce(Vec<Expr>) -> Expr) -> Expr {
    if parts.len() == 1 {
        parts.remove(0)
    } else {
        join(parts)
    }
}
