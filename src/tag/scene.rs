//! A split report as tagging looks at it: its lines by role, folded for matching.

use std::cell::OnceCell;

use unicode_normalization::UnicodeNormalization;

use crate::model::{Role, SectionKind, SourceText};
use crate::split::{BlockKind, ReportDraft};

/// A line of the report, without white space and in the form NFKC.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// The folded text.
    pub(super) text: String,
    /// Line in the source.
    pub(super) number: u32,
}

/// A heading.
#[derive(Debug, Clone)]
pub(super) struct HeadingLine {
    /// The folded text.
    pub(super) line: Line,
    /// Depth in the tree, 1-based.
    pub(super) depth: u8,
    /// The kind that the heading names outright.
    pub(super) kind: Option<SectionKind>,
}

/// What tagging looks at, in one report.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    /// Path of the source.
    pub(super) source: &'a str,
    /// The title as the text has it; white space is kept, it parts the title's pieces.
    pub(super) title: Line,
    /// The title that the source states apart from its text; may be empty.
    pub(super) given_title: String,
    /// What stands between title and body: session, speaker, date; short first lines as well.
    pub(super) bylines: Vec<Line>,
    /// Addressees.
    pub(super) salutations: Vec<Line>,
    /// The first paragraphs that cannot be bylines.
    pub(super) opening: Vec<Line>,
    /// Headings in reading order.
    pub(super) headings: Vec<HeadingLine>,
    /// Author's name and date at the end.
    pub(super) closing: Vec<Line>,
    /// Label of the record, where the source has one.
    pub(super) label: Option<&'a str>,
    draft: &'a ReportDraft,
    body: OnceCell<Vec<Line>>,
}

/// The first paragraphs may be bylines that were not seen as such, if they are no longer than this,
/// in characters, and have no full stop.
const BYLINE_CHARS: usize = 80;
/// So many passages at the start may be bylines.
const BYLINES: usize = 5;
/// So many paragraphs are looked at for what a report says of itself.
const OPENING: usize = 4;

impl<'a> Scene<'a> {
    /// Sets out the lines of a report; `alone` says that the source holds no other, so that the
    /// title stated by the source is this report's.
    pub(super) fn new(text: &'a SourceText, draft: &'a ReportDraft, alone: bool) -> Self {
        let mut scene = Scene {
            source: &text.source,
            title: Line {
                text: width(&draft.title),
                number: draft.line,
            },
            given_title: text
                .given
                .title
                .as_deref()
                .filter(|_| alone)
                .map(width)
                .unwrap_or_default(),
            bylines: Vec::new(),
            salutations: Vec::new(),
            opening: Vec::new(),
            headings: Vec::new(),
            closing: Vec::new(),
            label: draft.label.as_deref(),
            draft,
            body: OnceCell::new(),
        };
        let mut passages = 0;
        for block in &draft.blocks {
            let line = || Line {
                text: fold(&block.text),
                number: block.line,
            };
            match &block.kind {
                BlockKind::Title => {}
                BlockKind::Heading { depth, kind, .. } => scene.headings.push(HeadingLine {
                    line: line(),
                    depth: *depth,
                    kind: *kind,
                }),
                BlockKind::Passage { role, .. } => {
                    passages += 1;
                    match role {
                        Role::Byline => scene.bylines.push(line()),
                        Role::Salutation => scene.salutations.push(line()),
                        Role::Signature => scene.closing.push(line()),
                        Role::Date if scene.opening.is_empty() => scene.bylines.push(line()),
                        Role::Date => scene.closing.push(line()),
                        Role::Note => {}
                        Role::Body if scene.opening.len() == OPENING => {}
                        Role::Body => {
                            let line = line();
                            let short = line.text.chars().count() <= BYLINE_CHARS;
                            let leading = scene.opening.is_empty() && scene.headings.is_empty();
                            if leading && passages <= BYLINES && short && !line.text.contains('。')
                            {
                                scene.bylines.push(line);
                            } else {
                                scene.opening.push(line);
                            }
                        }
                    }
                }
            }
        }
        scene
    }

    /// Returns all paragraphs of body text; folded when they are first asked for, since most reports
    /// say enough without.
    pub(super) fn body(&self) -> &[Line] {
        self.body.get_or_init(|| {
            let blocks = self.draft.blocks.iter();
            let body = blocks.filter(|block| {
                matches!(
                    block.kind,
                    BlockKind::Passage {
                        role: Role::Body,
                        ..
                    }
                )
            });
            body.map(|block| Line {
                text: fold(&block.text),
                number: block.line,
            })
            .collect()
        })
    }

    /// Returns the title of the text, or else the one that the source states.
    pub(super) fn any_title(&self) -> &str {
        match self.title.text.trim() {
            "" => self.given_title.trim(),
            title => title,
        }
    }
}

/// Folds a text for matching: NFKC, without white space.
pub(super) fn fold(text: &str) -> String {
    nfkc(text, |character| !character.is_whitespace())
}

/// Folds a text for matching, but keeps its white space.
fn width(text: &str) -> String {
    nfkc(text, |_| true)
}

/// Returns what is kept of a text in NFKC; all of [`lone_form`] is.
fn nfkc(text: &str, keep: impl Fn(char) -> bool + Copy) -> String {
    let mut folded = String::with_capacity(text.len());
    // Where the characters begin that need the tables.
    let mut others = 0;
    for (place, character) in text.char_indices() {
        if let Some(form) = lone_form(character) {
            if others < place {
                folded.extend(text[others..place].nfkc().filter(|&c| keep(c)));
            }
            folded.push(form);
            others = place + character.len_utf8();
        }
    }
    folded.extend(text[others..].nfkc().filter(|&c| keep(c)));
    folded
}

/// Returns the form in NFKC of a character of Chinese text that combines with no neighbour; `None`
/// for all others.
fn lone_form(character: char) -> Option<char> {
    match character {
        '\u{4e00}'..='\u{9fff}' | '0'..='9' => Some(character),
        '、' | '。' | '《' | '》' | '“' | '”' | '—' => Some(character),
        '，' => Some(','),
        '：' => Some(':'),
        '；' => Some(';'),
        '（' => Some('('),
        '）' => Some(')'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn width_is_nfkc(text in "[一-丁0-9。，：（“a-cＡ　ﬁ①각\\u{300}-\\u{303}\\u{3099}\\u{1161}]{0,20}") {
            prop_assert_eq!(width(&text), text.nfkc().collect::<String>());
        }
    }
}
