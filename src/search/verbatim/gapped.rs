//! Runs of characters with gaps between them → the passages that hold all in order.

use tantivy::{DocId, TERMINATED};

use super::{Occurrences, align};
use crate::plan::Gap;

/// Runs with gaps between them, in order.
pub(super) struct Gapped {
    /// Each with its length in characters; there are two at least.
    pub(super) runs: Vec<(Occurrences, u32)>,
    gaps: Vec<Gap>,
    pub(super) doc: DocId,
    /// Start of the first run and end of the last, for each start that leads to an end.
    pub(super) ends: Vec<(u32, u32)>,
}

impl Gapped {
    pub(super) fn new(runs: Vec<(Occurrences, u32)>, gaps: Vec<Gap>) -> Self {
        let mut gapped = Gapped {
            runs,
            gaps,
            doc: 0,
            ends: Vec::new(),
        };
        gapped.settle();
        gapped
    }

    pub(super) fn advance(&mut self) {
        self.runs[0].0.advance();
        self.settle();
    }

    pub(super) fn seek(&mut self, target: DocId) {
        self.runs[0].0.seek(target);
        self.settle();
    }

    /// Moves on from the first run's place to the next passage that holds all in order.
    fn settle(&mut self) {
        loop {
            self.doc = align(&mut self.runs);
            if self.doc == TERMINATED || self.meet() {
                return;
            }
            self.runs[0].0.advance();
        }
    }

    /// Joins the runs' places from the last to the first: each start keeps its nearest end.
    fn meet(&mut self) -> bool {
        self.ends.clear();
        for at in (0..self.runs.len()).rev() {
            let (run, length) = &self.runs[at];
            let length = *length;
            self.ends = match self.gaps.get(at) {
                None => run.starts().map(|start| (start, start + length)).collect(),
                Some(gap) => {
                    let next = &self.ends;
                    let joined = run.starts().filter_map(|start| {
                        let end = start + length;
                        let behind = next.partition_point(|(next, _)| *next < end + gap.least);
                        let (found, last) = next.get(behind)?;
                        (*found <= end + gap.most).then_some((start, *last))
                    });
                    joined.collect()
                }
            };
            if self.ends.is_empty() {
                return false;
            }
        }
        true
    }
}
