//! Blocks of a split report → passages with ids, places and headings.

use std::collections::{HashMap, HashSet};

use crate::model::{
    ByteSpan, CharSpan, Heading, Passage, PassageId, ReportId, Role, SectionKind, SourceText,
    Warning,
};
use crate::split::{BlockKind, ReportDraft};

/// Counts characters up to byte offsets that mostly grow.
#[derive(Debug)]
pub(super) struct CharCounter<'a> {
    text: &'a str,
    byte: usize,
    char: usize,
}

impl<'a> CharCounter<'a> {
    /// Starts at the beginning of a text.
    pub(super) fn new(text: &'a str) -> Self {
        CharCounter {
            text,
            byte: 0,
            char: 0,
        }
    }

    /// Converts a span of bytes on character borders.
    pub(super) fn span(&mut self, bytes: ByteSpan) -> CharSpan {
        CharSpan::new(self.at(bytes.start), self.at(bytes.end))
    }

    fn at(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.char) = (0, 0);
        }
        if let Some(between) = self.text.get(self.byte..byte) {
            self.char += between.chars().count();
            self.byte = byte;
        }
        self.char
    }
}

/// Hands out ids within one source and sees to it that none is handed out twice.
#[derive(Debug)]
pub(super) struct Ids<'a> {
    source: &'a SourceText,
    taken: HashSet<String>,
}

impl<'a> Ids<'a> {
    /// Starts with no id handed out.
    pub(super) fn new(source: &'a SourceText) -> Self {
        Ids {
            source,
            taken: HashSet::new(),
        }
    }

    /// Makes the id of a report from its source, place and title.
    pub(super) fn report(
        &mut self,
        start: usize,
        title: &str,
        warnings: &mut Vec<Warning>,
    ) -> ReportId {
        ReportId(self.unique("report", start, title, warnings))
    }

    /// Makes the id of a passage from its source, place and text.
    pub(super) fn passage(
        &mut self,
        start: usize,
        text: &str,
        warnings: &mut Vec<Warning>,
    ) -> PassageId {
        PassageId::parse(&self.unique("passage", start, text, warnings)).unwrap_or_default()
    }

    /// Hashes kind, path, record, place and text to 16 hexadecimal digits.
    ///
    /// A record of a JSONL file has its own text: line and id tell it from the others.
    fn unique(
        &mut self,
        kind: &str,
        start: usize,
        text: &str,
        warnings: &mut Vec<Warning>,
    ) -> String {
        for attempt in 0_u32.. {
            let mut hasher = blake3::Hasher::new();
            let record = self.source.given.record_id.as_deref().unwrap_or("");
            for part in [kind, &self.source.source, record, text] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
            let line = self.source.fixed_line.unwrap_or(0);
            hasher.update(&line.to_le_bytes());
            hasher.update(&(start as u64).to_le_bytes());
            if attempt > 0 {
                hasher.update(&attempt.to_le_bytes());
            }
            let id = hasher.finalize().to_hex()[..16].to_owned();
            if self.taken.insert(format!("{kind} {id}")) {
                return id;
            }
            warnings.push(Warning::new(
                line,
                format!("两处文字的编号相同（{id}），已为后一处另编"),
                format!("two pieces of text share the id {id}; the later one was given another"),
            ));
        }
        String::new()
    }
}

/// The passages of a report, with the headings that open none of them.
#[derive(Debug, Default)]
pub(super) struct Assembled {
    /// Passages in reading order.
    pub(super) passages: Vec<Passage>,
    /// Headings after the last passage.
    pub(super) trailing: Vec<Heading>,
}

/// Makes the passages of a report; `section` gives kind and year of a section from a passage's role,
/// the kind that splitting found, and the indexes of the headings above it.
pub(super) fn assemble(
    draft: &ReportDraft,
    chars: &mut CharCounter<'_>,
    ids: &mut Ids<'_>,
    warnings: &mut Vec<Warning>,
    section: impl Fn(Role, SectionKind, &[usize]) -> (SectionKind, Option<i32>),
) -> Assembled {
    let mut headings: HashMap<usize, Heading> = HashMap::new();
    let mut open = Vec::new();
    let mut passages = Vec::new();
    for (index, block) in draft.blocks.iter().enumerate() {
        match &block.kind {
            BlockKind::Title => open.push(Heading {
                level: 0,
                depth: 0,
                number: String::new(),
                text: block.text.clone(),
                line: block.line,
                chars: chars.span(block.bytes),
            }),
            BlockKind::Heading {
                level,
                depth,
                number,
                ..
            } => {
                let heading = Heading {
                    level: *level,
                    depth: *depth,
                    number: number.clone(),
                    text: block.text.clone(),
                    line: block.line,
                    chars: chars.span(block.bytes),
                };
                open.push(heading.clone());
                headings.insert(index, heading);
            }
            BlockKind::Passage { role, kind, path } => {
                let (section_kind, year) = section(*role, *kind, path);
                passages.push(Passage {
                    id: ids.passage(block.bytes.start, &block.text, warnings),
                    role: *role,
                    text: block.text.clone(),
                    line: block.line,
                    bytes: block.bytes,
                    chars: chars.span(block.bytes),
                    path: path
                        .iter()
                        .filter_map(|index| headings.get(index).cloned())
                        .collect(),
                    opens: std::mem::take(&mut open),
                    section_kind,
                    year,
                });
            }
        }
    }
    Assembled {
        passages,
        trailing: open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Format, Given};

    fn source(text: &str) -> SourceText {
        SourceText {
            source: "a.txt".to_owned(),
            format: Format::Text,
            encoding: "UTF-8".to_owned(),
            undecodable: 0,
            text: text.to_owned(),
            fixed_line: None,
            marks: Vec::new(),
            styles: Vec::new(),
            pages: Vec::new(),
            given: Given::default(),
            warnings: Vec::new(),
        }
    }

    #[test]
    fn characters_are_counted_in_any_order() {
        let mut chars = CharCounter::new("a县b卫健委");
        let mut check = |bytes: (usize, usize), wanted: (usize, usize)| {
            let span = chars.span(ByteSpan::new(bytes.0, bytes.1));
            assert_eq!((span.start, span.end), wanted);
        };
        check((1, 4), (1, 2));
        check((5, 14), (3, 6));
        check((0, 1), (0, 1));
    }

    #[test]
    fn equal_pieces_get_different_ids_and_a_warning() {
        let source = source("");
        let mut ids = Ids::new(&source);
        let mut warnings = Vec::new();
        let first = ids.passage(0, "同一段", &mut warnings);
        assert!(warnings.is_empty());
        let second = ids.passage(0, "同一段", &mut warnings);
        assert_ne!(first, second);
        assert_eq!(warnings.len(), 1);
        let mut again = Ids::new(&source);
        assert_eq!(again.passage(0, "同一段", &mut warnings), first);
        assert_ne!(again.passage(9, "同一段", &mut warnings), first);
    }
}
