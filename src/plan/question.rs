//! A syntax tree → whether it is meant as a question, of which most of the words are enough.

use crate::analyze::Analyzer;
use crate::model::CharSpan;
use crate::query::{Expr, Text};
use crate::schema::Schema;

/// Returns whether a query is plain words, so that most of them may be enough. Quotes inside of
/// running text, without blanks around them, are its punctuation.
pub fn is_plain(query: &Expr) -> bool {
    fn places(query: &Expr, found: &mut Vec<(bool, CharSpan)>) -> bool {
        match query {
            Expr::Text(text) if !text.wildcards => {
                found.push((text.quoted, text.origin.0));
                true
            }
            Expr::And(parts) => parts.iter().all(|part| places(part, found)),
            _ => false,
        }
    }
    let mut texts = Vec::new();
    if !places(query, &mut texts) {
        return false;
    }
    let touches = |at: usize| {
        let span = texts[at].1;
        at > 0 && texts[at - 1].1.end == span.start
            || texts
                .get(at + 1)
                .is_some_and(|(_, next)| next.start == span.end)
    };
    texts.iter().any(|(quoted, _)| !quoted)
        && (0..texts.len()).all(|at| !texts[at].0 || touches(at))
}

/// Returns a query with its quotes taken out.
#[must_use]
pub fn unquoted(query: &Expr) -> Expr {
    match query {
        Expr::Text(text) => Expr::Text(Text {
            quoted: false,
            ..text.clone()
        }),
        Expr::And(parts) => Expr::And(parts.iter().map(unquoted).collect()),
        other => other.clone(),
    }
}

/// Gathers what is joined by AND: plain texts, and all others.
pub(super) fn gather<'a>(query: &'a Expr, plain: &mut Vec<&'a Text>, others: &mut Vec<&'a Expr>) {
    match query {
        Expr::Text(text) if !text.quoted && !text.wildcards => plain.push(text),
        Expr::And(parts) => parts.iter().for_each(|part| gather(part, plain, others)),
        other => others.push(other),
    }
}

/// Returns whether a query is one chunk of plain text with several words that say something.
pub fn is_sentence(query: &Expr, analyzer: &Analyzer, schema: &Schema) -> bool {
    let Expr::Text(text) = query else {
        return false;
    };
    let mut words = analyzer.words(&text.text);
    words.retain(|word| !schema.function_words.contains(word));
    !text.quoted && !text.wildcards && words.len() >= SENTENCE
}

/// Words from which a text is a sentence.
const SENTENCE: usize = 3;

/// Returns whether a query is a question: plain words of which one asks, or a question mark at the
/// end.
pub fn asks(query: &Expr, analyzer: &Analyzer, schema: &Schema) -> bool {
    match query {
        Expr::Text(text) if !text.quoted && !text.wildcards => {
            text.text.ends_with(['?', '？'])
                || analyzer
                    .words(&text.text)
                    .iter()
                    .any(|word| schema.function_words.asks(word))
        }
        Expr::And(parts) => parts.iter().any(|part| asks(part, analyzer, schema)),
        _ => false,
    }
}
