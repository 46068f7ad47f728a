//! The stages of a query: tokens, syntax tree, plan.

use std::io::{Result, Write};

use serde::Serialize;
use zhengsou::analyze::Analyzer;
use zhengsou::model::{Matching, Note};
use zhengsou::present::layout::clean;
use zhengsou::present::{Ink, Look};
use zhengsou::query::Expr;
use zhengsou::schema::Schema;

use super::View;

/// How a text is folded and cut.
#[derive(Debug, Serialize)]
pub(super) struct Tokens {
    folded: String,
    words: Vec<String>,
    verbatim: Vec<String>,
}

/// Cuts a text as index and query do.
pub(super) fn tokens(text: &str, schema: &Schema) -> Tokens {
    let analyzer = Analyzer::new(schema);
    Tokens {
        folded: analyzer.fold(text),
        words: analyzer.words(text),
        verbatim: analyzer.query_forms(text),
    }
}

impl View for Tokens {
    fn write_text(&self, out: &mut dyn Write, look: &Look) -> Result<()> {
        let rows = [
            ("归一", "folded  ", self.folded.clone()),
            ("按词", "words   ", self.words.join(" / ")),
            ("逐字", "verbatim", self.verbatim.join(" | ")),
        ];
        for (zh, en, value) in rows {
            let label = look.paint(Ink::Faint, look.language.pick(zh, en));
            writeln!(out, "{label}  {}", clean(&value))?;
        }
        Ok(())
    }
}

/// How a query is read.
#[derive(Debug, Serialize)]
pub(super) struct Query {
    query: String,
    understood: String,
    tree: Vec<String>,
}

/// Reads a query.
pub(super) fn query(text: &str) -> zhengsou::Result<Query> {
    let parsed = zhengsou::query::parse(text)?;
    let mut tree = Vec::new();
    branch(&parsed, 0, &mut tree);
    Ok(Query {
        query: text.to_owned(),
        understood: parsed.to_string(),
        tree,
    })
}

/// Lists a tree's nodes, each deeper than what holds it.
fn branch(node: &Expr, depth: usize, lines: &mut Vec<String>) {
    let (name, below) = match node {
        Expr::All => ("ALL".to_owned(), &[] as &[Expr]),
        Expr::Text(text) => (text.to_string(), &[] as &[Expr]),
        Expr::Field { field, inner } => (format!("{field}:"), std::slice::from_ref(&**inner)),
        Expr::And(parts) => ("AND".to_owned(), parts.as_slice()),
        Expr::Or(parts) => ("OR".to_owned(), parts.as_slice()),
        Expr::Not(inner) => ("NOT".to_owned(), std::slice::from_ref(&**inner)),
        Expr::Near { parts, within } => (within.to_string(), parts.as_slice()),
    };
    lines.push(format!("{}{name}", "  ".repeat(depth)));
    for part in below {
        branch(part, depth + 1, lines);
    }
}

impl View for Query {
    fn write_text(&self, out: &mut dyn Write, look: &Look) -> Result<()> {
        writeln!(
            out,
            "{}\n",
            look.paint(Ink::Strong, &clean(&self.understood))
        )?;
        for line in &self.tree {
            writeln!(out, "{}", clean(line))?;
        }
        Ok(())
    }
}

/// What a query matches.
#[derive(Debug, Serialize)]
pub(super) struct Plan {
    query: String,
    understood: String,
    plan: Vec<String>,
    notes: Vec<Note>,
}

/// Plans a query.
pub(super) fn plan(
    text: &str,
    mode: Matching,
    any: bool,
    schema: &Schema,
) -> zhengsou::Result<Plan> {
    let parsed = zhengsou::query::parse(text)?;
    let analyzer = Analyzer::new(schema);
    let planned = zhengsou::plan::plan(&parsed, mode, any, &analyzer, schema)?;
    Ok(Plan {
        query: text.to_owned(),
        understood: parsed.to_string(),
        plan: planned.to_string().lines().map(str::to_owned).collect(),
        notes: planned.notes,
    })
}

impl View for Plan {
    fn write_text(&self, out: &mut dyn Write, look: &Look) -> Result<()> {
        writeln!(
            out,
            "{}\n",
            look.paint(Ink::Strong, &clean(&self.understood))
        )?;
        for line in &self.plan {
            writeln!(out, "{}", clean(line))?;
        }
        for note in &self.notes {
            let label = look.language.pick("说明：", "note: ");
            let text = look.language.pick(&note.zh, &note.en);
            writeln!(out, "{}{}", look.paint(Ink::Faint, label), clean(text))?;
        }
        Ok(())
    }
}
