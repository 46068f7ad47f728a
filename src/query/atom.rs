//! Tokens → the leaves of a syntax tree: texts with their signs, what is sought in a field, brackets.

use super::lexer::{TokenKind, needs_quotes};
use super::parser::{MAX_PARTS, Parser};
use super::{Expr, Origin, TEXT_FIELDS, Text, WILDCARDS, Within};
use crate::error::{Error, Result};
use crate::model::CharSpan;

impl Parser<'_> {
    pub(super) fn atom(&mut self) -> Result<Expr> {
        let Some(token) = self.tokens.get(self.next).cloned() else {
            let end = self.end();
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
            TokenKind::Field(field) => self.field(field, token.span),
            TokenKind::Equals => {
                let mut inner = self.deeper(Parser::atom)?;
                make_plain(&mut inner);
                Ok(inner)
            }
            TokenKind::Text(text) => {
                let text = text.replace('＊', "*");
                let text = text.trim_start_matches('*');
                if text.is_empty() {
                    return Err(self
                        .error(
                            token.span,
                            "星号前面没有字",
                            "a star without characters before it",
                        )
                        .with_hint("例如 乡村*", "for example 乡村*"));
                }
                // One star at the end says as much as several, and behind a mark none.
                let stem = text.trim_end_matches('*');
                let open = usize::from(stem.ends_with(char::is_alphanumeric));
                let text = &text[..text.len().min(stem.len() + open)];
                // What only the stars kept from being an operator is meant as it stands.
                let quoted = needs_quotes(text);
                Ok(Expr::Text(Text {
                    text: text.to_owned(),
                    quoted,
                    plain: false,
                    wildcards: !quoted && has_wildcards(text),
                    origin: Origin(token.span),
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
                    _ => Ok(quoted(&text, token.span)),
                }
            }
            TokenKind::Close if self.stands_behind_an_operator() => {
                Err(self.lonely_operator(self.tokens[self.next - 2].span))
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
            | TokenKind::Slop(_) => Err(self.lonely_operator(token.span)),
        }
    }

    fn lonely_operator(&self, span: CharSpan) -> Error {
        self.error(
            span,
            "运算符前后缺少要找的词",
            "an operator without something to find",
        )
        .with_hint(
            "两边都写上词；要找这个字本身，请加引号",
            "write a term on both sides; to find the sign itself, quote it",
        )
    }

    /// Returns whether the token before the last one read is an operator.
    fn stands_behind_an_operator(&self) -> bool {
        let before = self.next.checked_sub(2).and_then(|at| self.tokens.get(at));
        before.is_some_and(|token| {
            !matches!(
                token.kind,
                TokenKind::Open | TokenKind::Close | TokenKind::Text(_) | TokenKind::Quoted(_)
            )
        })
    }

    /// Reads what is sought in a field.
    fn field(&mut self, field: &'static str, span: CharSpan) -> Result<Expr> {
        if !matches!(
            self.peek(),
            Some(
                TokenKind::Open
                    | TokenKind::Field(_)
                    | TokenKind::Equals
                    | TokenKind::Text(_)
                    | TokenKind::Quoted(_)
            )
        ) {
            return Err(self
                .error(span, "字段后面没有值", "a field without a value")
                .with_hint(
                    "例如 部门:卫健委 年份:2019..2023；要找这几个字本身，请加引号",
                    "for example agency:卫健委 year:2019..2023; to find the words themselves, quote them",
                ));
        }
        let first = self.next;
        let inner = Box::new(self.deeper(Parser::atom)?);
        if !TEXT_FIELDS.contains(&field) && !is_value(&inner) {
            let span = CharSpan::new(
                self.tokens[first].span.start,
                self.tokens[self.next - 1].span.end,
            );
            return Err(self
                .error(
                    span,
                    "这个字段只能接值，或用 AND OR NOT 连接的值",
                    "this field takes values only, and values joined by AND, OR, NOT",
                )
                .with_hint(
                    "例如 部门:(卫健委 OR 教育局)",
                    "for example agency:(卫健委 OR 教育局)",
                ));
        }
        Ok(Expr::Field { field, inner })
    }

    /// Reads `"甲 乙"~10`: the chunks between the quotes stand close together.
    fn close_together(&self, text: &str, slop: u32, span: CharSpan) -> Result<Expr> {
        let mut parts: Vec<Expr> = text
            .split(crate::analyze::fold::is_blank)
            .filter(|chunk| !chunk.is_empty())
            .map(|chunk| quoted(chunk, span))
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
}

fn quoted(text: &str, span: CharSpan) -> Expr {
    Expr::Text(Text {
        text: text.to_owned(),
        quoted: true,
        plain: false,
        wildcards: false,
        origin: Origin(span),
    })
}

/// Takes all texts without their other names.
fn make_plain(expr: &mut Expr) {
    match expr {
        Expr::All => {}
        Expr::Text(text) => text.plain = true,
        Expr::Field { inner, .. } | Expr::Not(inner) => make_plain(inner),
        Expr::And(parts) | Expr::Or(parts) | Expr::Near { parts, .. } => {
            parts.iter_mut().for_each(make_plain);
        }
    }
}

/// Returns whether an expression is a value, or several that are combined.
fn is_value(expr: &Expr) -> bool {
    match expr {
        Expr::Text(_) => true,
        Expr::Not(inner) => is_value(inner),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().all(is_value),
        Expr::All | Expr::Field { .. } | Expr::Near { .. } => false,
    }
}

/// Returns whether `*` stands at the end, or `*` or `?` between two letters; a question mark at the
/// end is none.
fn has_wildcards(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    if chars.last() == Some(&'*') {
        return true;
    }
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
