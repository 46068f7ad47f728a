//! What matched in a passage → spans of its characters as written.

use std::collections::HashSet;
use std::ops::Range;

use super::near;
use super::verbatim::Place;
use crate::analyze::{Analyzer, Folded, sentence_ends};
use crate::model::{CharSpan, HighlightKind};
use crate::plan::{Alias, Form, Gap, Leaf, Node, Plan, Target};

/// A stretch that matched, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marked {
    /// Place in the text as written, in characters.
    pub span: CharSpan,
    /// Why it is marked.
    pub kind: HighlightKind,
}

/// Finds what matched in a text: verbatim forms where they stand, words where they do not.
///
/// Spans are in characters of `text`, sorted, without overlap; each cut out of `text` and folded
/// gives what was asked for. `year` is the report's, on which dated names depend.
pub fn highlights(text: &str, year: Option<i32>, plan: &Plan, analyzer: &Analyzer) -> Vec<Marked> {
    let mapped = analyzer.fold_mapped(text);
    let dense = mapped.without_blanks();
    let source = Source {
        dense: &dense,
        text,
    };
    let mut found: Vec<Marked> = Vec::new();
    let mut words: Vec<(&str, HighlightKind)> = Vec::new();
    let mut close: HashSet<usize> = HashSet::new();
    source.mark_close(&plan.tree, plan, &mut close, &mut found);
    for (number, leaf) in plan.leaves.iter().enumerate() {
        if close.contains(&number) || !leaf.ranked || leaf.target != Target::Passage {
            continue;
        }
        let holds = |alias: &&Alias| match (alias.until, year) {
            (Some(until), Some(year)) => year <= until,
            (Some(_), None) => false,
            (None, _) => true,
        };
        let aliases = leaf.aliases.iter().filter(holds);
        let names = aliases.clone().filter(|alias| !alias.as_word);
        let own = leaf.forms.iter().filter(|_| leaf.verbatim);
        let places = source.places(own, names.map(|alias| &alias.form));
        if places.is_empty() {
            let figures = source.places(std::iter::empty(), leaf.figures.iter().flatten());
            let as_word = |(place, _)| source.marked(place, HighlightKind::Word);
            found.extend(figures.into_iter().map(as_word));
            let own = leaf.words.iter();
            words.extend(own.map(|word| (word.as_str(), HighlightKind::Word)));
        }
        found.extend(
            places
                .into_iter()
                .map(|(place, kind)| source.marked(place, kind)),
        );
        let as_words = aliases.filter(|alias| alias.as_word);
        words.extend(as_words.map(|alias| (alias.form.head.as_str(), HighlightKind::Alias)));
    }
    if !words.is_empty() {
        let folded = mapped.text();
        let mut at_char = 0;
        let mut at_byte = 0;
        for range in analyzer.word_ranges(&folded) {
            at_char += folded[at_byte..range.start].chars().count();
            at_byte = range.start;
            let word = &folded[range];
            if let Some((_, kind)) = words.iter().find(|(wanted, _)| *wanted == word) {
                let last = at_char + word.chars().count() - 1;
                found.push(Marked {
                    span: CharSpan::new(mapped.spans[at_char].start, mapped.spans[last].end),
                    kind: *kind,
                });
            }
        }
    }
    merged(found)
}

/// A text with its folded characters without blanks.
struct Source<'a> {
    dense: &'a Folded,
    text: &'a str,
}

impl Source<'_> {
    /// Returns where forms of a leaf and its other names stand, sorted by place.
    fn places<'f>(
        &self,
        own: impl Iterator<Item = &'f Form>,
        names: impl Iterator<Item = &'f Form>,
    ) -> Vec<(Place, HighlightKind)> {
        let own = own.map(|form| (form, HighlightKind::Phrase));
        let names = names.map(|form| (form, HighlightKind::Alias));
        let mut places = Vec::new();
        for (form, kind) in own.chain(names) {
            occurrences(&self.dense.chars, form, |start, end| {
                let (start, end) = (start as u32, end as u32);
                places.push((Place { start, end }, kind));
            });
        }
        places.sort_unstable();
        places
    }

    fn marked(&self, place: Place, kind: HighlightKind) -> Marked {
        let range = place.start as usize..place.end as usize;
        let spans = &self.dense.spans[range.clone()];
        let span = CharSpan::new(spans[0].start, spans[spans.len() - 1].end);
        let kind = match kind {
            HighlightKind::Phrase if is_restored(self.dense, range, self.text) => {
                HighlightKind::Restored
            }
            kind => kind,
        };
        Marked { span, kind }
    }

    /// Marks what stands close together as the tree asks for, and nothing of it that stands apart;
    /// notes in `close` which leaves are done with.
    fn mark_close(
        &self,
        node: &Node,
        plan: &Plan,
        close: &mut HashSet<usize>,
        found: &mut Vec<Marked>,
    ) {
        match node {
            Node::And(parts) | Node::Or(parts) => parts
                .iter()
                .for_each(|part| self.mark_close(part, plan, close, found)),
            Node::Near { parts, within } => {
                let place = |part: &Vec<usize>| {
                    let leaves = part.iter().map(|&leaf| &plan.leaves[leaf]);
                    let leaves: Vec<&Leaf> = leaves
                        .filter(|leaf| leaf.target == Target::Passage)
                        .collect();
                    let own = leaves.iter().flat_map(|leaf| &leaf.forms);
                    let names = leaves.iter().flat_map(|leaf| leaf.standing_names());
                    self.places(own, names)
                };
                let kinds: Vec<Vec<(Place, HighlightKind)>> = parts.iter().map(place).collect();
                let bare = |part: &Vec<(Place, HighlightKind)>| {
                    part.iter().map(|(place, _)| *place).collect()
                };
                let places: Vec<Vec<Place>> = kinds.iter().map(bare).collect();
                let folded: String = self.dense.chars.iter().collect();
                let kept = near::close(&places, *within, &sentence_ends(&folded));
                for (kinds, kept) in kinds.iter().zip(kept) {
                    let kept = kinds.iter().zip(kept).filter(|(_, kept)| *kept);
                    found.extend(kept.map(|((place, kind), _)| self.marked(*place, *kind)));
                }
                close.extend(parts.iter().flatten());
            }
            Node::All | Node::Nothing | Node::Leaf(_) => {}
            Node::Facet(_) | Node::Report(_) | Node::Not(_) => {}
        }
    }
}

/// Calls `each` with every occurrence of `form`, overlapping ones included; of those that begin at
/// one place, the shortest.
fn occurrences(chars: &[char], form: &Form, mut each: impl FnMut(usize, usize)) {
    let runs: Vec<(Gap, Vec<char>)> = std::iter::once((Gap { least: 0, most: 0 }, &form.head))
        .chain(form.tail.iter().map(|(gap, run)| (*gap, run)))
        .map(|(gap, run)| (gap, run.chars().collect()))
        .collect();
    let [(_, head), tail @ ..] = runs.as_slice() else {
        return;
    };
    if head.is_empty() || head.len() > chars.len() {
        return;
    }
    for start in 0..=chars.len() - head.len() {
        if chars[start] != head[0] || chars[start..start + head.len()] != head[..] {
            continue;
        }
        if let Some(end) = tail_end(chars, start + head.len(), tail) {
            each(start, end);
        }
    }
}

/// Returns where the nearest way through the gaps and runs behind `at` ends.
fn tail_end(chars: &[char], at: usize, tail: &[(Gap, Vec<char>)]) -> Option<usize> {
    // Where the runs so far may end: few, since a gap is narrow.
    let mut ends = vec![at];
    for (gap, run) in tail {
        let mut next: Vec<usize> = Vec::new();
        for end in ends {
            for start in end + gap.least as usize..=end + gap.most as usize {
                if chars.get(start..start + run.len()) == Some(run) {
                    next.push(start + run.len());
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        ends = next;
    }
    ends.first().copied()
}

/// Returns whether the text as written says it otherwise: a redaction that folding restored.
fn is_restored(dense: &Folded, range: Range<usize>, text: &str) -> bool {
    let (first, last) = (
        dense.spans[range.start].start,
        dense.spans[range.end - 1].end,
    );
    let folded = &dense.chars[range];
    // A redaction is written in Latin letters and folds to Han.
    let latin = |character: char| character.is_ascii_alphabetic();
    let written = text.chars().skip(first).take(last - first);
    let written = written.filter(|character| latin(*character) || is_wide_latin(*character));
    written.count() > folded.iter().filter(|character| latin(**character)).count()
}

fn is_wide_latin(character: char) -> bool {
    matches!(character, 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
}

/// Sorts marks and joins those that overlap; a phrase tells more than a word in it.
fn merged(mut marks: Vec<Marked>) -> Vec<Marked> {
    marks.sort_unstable();
    let mut merged: Vec<Marked> = Vec::with_capacity(marks.len());
    for mark in marks {
        match merged.last_mut() {
            Some(last) if mark.span.start < last.span.end => {
                last.span.end = last.span.end.max(mark.span.end);
                last.kind = last.kind.min(mark.kind);
            }
            _ => merged.push(mark),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Matching;
    use crate::schema::Schema;

    fn check(query: &str, text: &str, marked: &str) {
        let schema = Schema::embedded().unwrap();
        let analyzer = Analyzer::new(&schema);
        let tree = crate::query::parse(query).unwrap();
        let plan = crate::plan::plan(&tree, Matching::Auto, false, &analyzer, &schema).unwrap();
        let marks = highlights(text, Some(2018), &plan, &analyzer);
        let spans: Vec<CharSpan> = marks.iter().map(|mark| mark.span).collect();
        let mut shown = String::new();
        for (index, character) in text.chars().enumerate() {
            if spans.iter().any(|span| span.start == index) {
                shown.push('[');
            }
            shown.push(character);
            if spans.iter().any(|span| span.end == index + 1) {
                shown.push(']');
            }
        }
        assert_eq!(shown, marked, "{query}");
    }

    #[test]
    fn marks_the_characters_as_written() {
        check("党建", "坚持D建引领。", "坚持[D建]引领。");
        check("2023", "２０２３年", "[２０２３]年");
        check(
            "政府工作",
            "政 府工\u{3000}作报告",
            "[政 府工\u{3000}作]报告",
        );
        check(
            "全面推进乡村振兴",
            "推进、全面，乡村振兴",
            "[推进]、[全面]，[乡村振兴]",
        );
        check("教育 -疫情", "教育和疫情", "[教育]和疫情");
        check("哈哈", "哈哈哈", "[哈哈哈]");
        check("乡村*振兴", "乡村全面振兴，乡村", "[乡村全面振兴]，乡村");
        check("乡村?振兴", "乡村全面振兴", "乡村全面振兴");
        check("卫健委", "市卫计委", "市[卫计委]");
        check("教育 NEAR/2 质量", "教育的质量", "[教育]的[质量]");
        check(
            "教育 NEAR/3 质量",
            "教育。发展教育，提高质量；质量",
            "教育。发展[教育]，提高[质量]；质量",
        );
        check(
            "教育 NEAR/S 质量",
            "教育。发展教育，提高质量。质量",
            "教育。发展[教育]，提高[质量]。质量",
        );
        check(
            "增长6.5%",
            "增长了6.5%，不是5.6%",
            "[增长]了[6.5%]，不是5.6%",
        );
    }
}
