//! What was typed → a syntax tree.
//!
//! ```text
//! query  = or
//! or     = and { ( "OR" | "|" | "或" ) and }
//! and    = not { [ "AND" | "&" | "与" ] not }          blanks alone mean AND
//! not    = { "NOT" | "-" | "!" | "非" } { "+" } near
//! near   = atom { ( "NEAR/" n | "NEAR/S" | "同句" | "NEAR/P" | "同段" ) atom }
//! atom   = "(" or ")" | field ":" atom | text
//! text   = '"' anything '"' [ "~" n ] | [ "=" ] characters     “ ” and 「 」 quote as well
//! ```
//!
//! Brackets, colons, signs and the letters of operators count in both widths; U+3000 is a blank.
//! Operators written as words stand between blanks. A sign works at the start of a chunk only, and
//! `-40.6%` is a number. A blank inside 《…》 ends no chunk.
//! `乡村*振兴` finds 乡村 with 振兴 not far behind it, `乡村?兴` with any one character between.
//! Matching is by characters, so `乡村*` finds what holds 乡村, whatever word it stands in: a prefix
//! needs no list of words and knows no bound but the passages. `"甲 乙"~10` is `"甲" NEAR/10 "乙"`.
//!
//! Invariant: never panics; the printed tree reads back to an equal one.

mod atom;
pub mod concept;
mod lexer;
mod parser;

use std::fmt;

use crate::error::Result;
use crate::model::CharSpan;

/// Longest query, in characters.
pub const MAX_CHARS: usize = 2_000;
/// Deepest nesting of brackets.
pub const MAX_DEPTH: usize = 32;
/// Most texts of a query, quoted or not.
pub const MAX_TEXTS: usize = 200;

/// A syntax tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// Every passage: nothing was typed.
    All,
    /// A chunk of text.
    Text(Text),
    /// Text, or a value, sought in a field.
    Field {
        /// The field's name as in [`FIELDS`].
        field: &'static str,
        /// What is sought: texts and their combinations.
        inner: Box<Expr>,
    },
    /// All of them.
    And(Vec<Expr>),
    /// One of them at least.
    Or(Vec<Expr>),
    /// What the inner one does not match.
    Not(Box<Expr>),
    /// Texts, or several to choose from, that stand close together.
    Near {
        /// Two or more of [`Expr::Text`], or [`Expr::Or`] of them.
        parts: Vec<Expr>,
        /// How close.
        within: Within,
    },
}

/// How close texts must stand, in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// At most so many characters from the end of the first to the start of the last, blanks not
    /// counted.
    Characters(u32),
    /// In the same sentence.
    Sentence,
    /// In the same passage.
    Passage,
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Within::Characters(count) => write!(f, "NEAR/{count}"),
            Within::Sentence => f.write_str("NEAR/S"),
            Within::Passage => f.write_str("NEAR/P"),
        }
    }
}

/// A leaf of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The characters as typed, without quotes and signs.
    pub text: String,
    /// Whether it was quoted: verbatim only.
    pub quoted: bool,
    /// Whether `=` asked for these very words, without synonyms.
    pub plain: bool,
    /// Whether `*` and `?` in the text stand for characters that are left open.
    pub wildcards: bool,
    /// Where it was typed.
    pub origin: Origin,
}

/// Where a text was typed, in characters of the query, its quotes and signs included.
///
/// Any two are equal: trees are compared by what they ask for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Origin(pub CharSpan);

impl PartialEq for Origin {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Origin {}

/// Signs that stand for any characters, and for any one.
pub const WILDCARDS: [char; 2] = ['*', '?'];

/// Most characters that a `*` inside a text stands for.
pub const MAX_STAR: u32 = 20;

/// Most characters that may stand between the parts of `NEAR/n`.
pub const MAX_NEAR: u32 = 1_000;

/// Fields that a query may name, with the names under which it may do so.
pub const FIELDS: &[(&str, &[&str])] = &[
    ("title", &["title", "标题", "题名"]),
    ("heading", &["heading", "小标题", "章节"]),
    ("agency", &["agency", "部门", "单位"]),
    ("system", &["system", "系统"]),
    ("region", &["region", "地区", "地域"]),
    ("level", &["level", "层级"]),
    ("year", &["year", "年份"]),
    ("report_year", &["report_year", "report-year", "报告年度"]),
    ("section", &["section", "section_kind", "部分"]),
    ("report_kind", &["report_kind", "report-kind", "文种"]),
    ("source", &["source", "文件"]),
    ("report", &["report", "报告"]),
];

/// Fields whose contents are texts, so that anything can be sought in them; the others hold values.
pub const TEXT_FIELDS: &[&str] = &["title", "heading"];

/// Reads a query.
///
/// ```
/// use zhengsou::query::parse;
/// let tree = parse("乡村振兴　（教育 或 “职业教育”） -疫情")?;
/// assert_eq!(tree.to_string(), "乡村振兴 AND (教育 OR \"职业教育\") AND NOT 疫情");
/// assert!(parse("(乡村振兴").is_err());
/// # Ok::<(), zhengsou::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Query`](crate::ErrorKind::Query) with the place and a hint.
pub fn parse(input: &str) -> Result<Expr> {
    parser::parse(input)
}

impl Expr {
    /// Calls `each` with every value that is sought in a field, in reading order; those of title
    /// and heading are texts and left out.
    pub fn for_each_value<'a>(&'a self, each: &mut dyn FnMut(&'static str, &'a Text)) {
        match self {
            Expr::All | Expr::Text(_) => {}
            Expr::Field { field, inner } => {
                if !TEXT_FIELDS.contains(field) {
                    inner.for_each_text(&mut |text| each(field, text));
                }
            }
            Expr::Not(inner) => inner.for_each_value(each),
            Expr::And(parts) | Expr::Or(parts) | Expr::Near { parts, .. } => {
                parts.iter().for_each(|part| part.for_each_value(each));
            }
        }
    }

    /// Calls `each` with every text of the tree, in reading order.
    pub fn for_each_text<'a>(&'a self, each: &mut dyn FnMut(&'a Text)) {
        match self {
            Expr::All => {}
            Expr::Text(text) => each(text),
            Expr::Field { inner, .. } | Expr::Not(inner) => inner.for_each_text(each),
            Expr::And(parts) | Expr::Or(parts) | Expr::Near { parts, .. } => {
                parts.iter().for_each(|part| part.for_each_text(each));
            }
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::All => Ok(()),
            Expr::Text(text) => text.fmt(f),
            Expr::Field { field, inner } => {
                write!(f, "{field}:")?;
                inner.fmt_inside(f, true)
            }
            Expr::And(parts) => fmt_joined(f, parts, " AND ", |part| {
                matches!(part, Expr::Or(_) | Expr::And(_))
            }),
            Expr::Or(parts) => fmt_joined(f, parts, " OR ", |part| matches!(part, Expr::Or(_))),
            Expr::Not(inner) => {
                f.write_str("NOT ")?;
                inner.fmt_inside(f, matches!(**inner, Expr::And(_) | Expr::Or(_)))
            }
            Expr::Near { parts, within } => fmt_joined(f, parts, &format!(" {within} "), |_| true),
        }
    }
}

fn fmt_joined(
    f: &mut fmt::Formatter<'_>,
    parts: &[Expr],
    joint: &str,
    bracketed: impl Fn(&Expr) -> bool,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(joint)?;
        }
        part.fmt_inside(f, bracketed(part))?;
    }
    Ok(())
}

impl Expr {
    fn fmt_inside(&self, f: &mut fmt::Formatter<'_>, bracketed: bool) -> fmt::Result {
        let needs = bracketed && !matches!(self, Expr::Text(_));
        if needs {
            write!(f, "({self})")
        } else {
            write!(f, "{self}")
        }
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.plain {
            f.write_str("=")?;
        }
        if self.quoted || lexer::needs_quotes(&self.text) {
            let (open, close) = lexer::quotes_for(&self.text);
            write!(f, "{open}{}{close}", self.text)
        } else {
            f.write_str(&self.text)
        }
    }
}

#[cfg(test)]
mod tests;
