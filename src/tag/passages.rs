//! Blocks of a split report → passages with ids, places and headings.

use std::collections::HashSet;

use crate::model::{
    ByteSpan, CharSpan, Heading, Passage, PassageId, ReportId, Role, SectionKind, SourceText,
    Warning,
};
use crate::split::{Block, BlockKind};

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
    taken: HashSet<(&'static str, u64)>,
    /// What is hashed, kept for its memory.
    hashed: Vec<u8>,
}

impl<'a> Ids<'a> {
    /// Starts with no id handed out.
    pub(super) fn new(source: &'a SourceText) -> Self {
        Ids {
            source,
            taken: HashSet::new(),
            hashed: Vec::new(),
        }
    }

    /// Makes the id of a report from its source, place and title.
    pub(super) fn report(
        &mut self,
        start: usize,
        title: &str,
        warnings: &mut Vec<Warning>,
    ) -> ReportId {
        ReportId(format!(
            "{:016x}",
            self.unique("report", start, title, warnings)
        ))
    }

    /// Makes the id of a passage from its source, place and text.
    pub(super) fn passage(
        &mut self,
        start: usize,
        text: &str,
        warnings: &mut Vec<Warning>,
    ) -> PassageId {
        PassageId(self.unique("passage", start, text, warnings))
    }

    /// Hashes kind, path, record, place and text.
    ///
    /// A record of a JSONL file has its own text: line and id tell it from the others.
    fn unique(
        &mut self,
        kind: &'static str,
        start: usize,
        text: &str,
        warnings: &mut Vec<Warning>,
    ) -> u64 {
        let line = self.source.fixed_line.unwrap_or(0);
        for attempt in 0_u32.. {
            let hashed = &mut self.hashed;
            hashed.clear();
            let record = self.source.given.record_id.as_deref().unwrap_or("");
            for part in [kind, &self.source.source, record, text] {
                hashed.extend((part.len() as u64).to_le_bytes());
                hashed.extend(part.as_bytes());
            }
            hashed.extend(line.to_le_bytes());
            hashed.extend((start as u64).to_le_bytes());
            if attempt > 0 {
                hashed.extend(attempt.to_le_bytes());
            }
            let hash = blake3::hash(hashed);
            let Some(first) = hash.as_bytes().first_chunk() else {
                break;
            };
            let id = u64::from_be_bytes(*first);
            if self.taken.insert((kind, id)) {
                return id;
            }
            warnings.push(Warning::new(
                line,
                format!("两处文字的编号相同（{id:016x}），已为后一处另编"),
                format!(
                    "two pieces of text share the id {id:016x}; the later one was given another"
                ),
            ));
        }
        0
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

/// Makes the passages of a report from its blocks; `section` gives kind and year of a section from a passage's role,
/// the kind that splitting found, and the indexes of the headings above it.
pub(super) fn assemble(
    blocks: Vec<Block>,
    chars: &mut CharCounter<'_>,
    ids: &mut Ids<'_>,
    warnings: &mut Vec<Warning>,
    section: impl Fn(Role, SectionKind, &[usize]) -> (SectionKind, Option<i32>),
) -> Assembled {
    // By index of the block, ascending.
    let mut headings: Vec<(usize, Heading)> = Vec::new();
    let mut open = Vec::new();
    let mut passages = Vec::new();
    for (index, block) in blocks.into_iter().enumerate() {
        let heading = |level, depth, number, text, chars| Heading {
            level,
            depth,
            number,
            text,
            line: block.line,
            chars,
        };
        let place = chars.span(block.bytes);
        match block.kind {
            BlockKind::Title => open.push(heading(0, 0, String::new(), block.text, place)),
            BlockKind::Heading {
                level,
                depth,
                number,
                ..
            } => {
                let heading = heading(level, depth, number, block.text, place);
                open.push(heading.clone());
                headings.push((index, heading));
            }
            BlockKind::Passage { role, kind, path } => {
                let (section_kind, year) = section(role, kind, &path);
                let above = path.iter().filter_map(|above| {
                    let found = headings.binary_search_by_key(above, |(index, _)| *index);
                    Some(headings.get(found.ok()?)?.1.clone())
                });
                passages.push(Passage {
                    id: ids.passage(block.bytes.start, &block.text, warnings),
                    role,
                    line: block.line,
                    bytes: block.bytes,
                    chars: place,
                    path: above.collect(),
                    opens: std::mem::take(&mut open),
                    section_kind,
                    year,
                    text: block.text,
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
