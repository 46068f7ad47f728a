//! Two slices → words that are commoner in the one than in the other.

use super::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Filter, KeyWord, KeynessMeasure, KeynessRequest, KeynessResponse, Note, Slice};
use crate::search::corpus::{self, frequencies, says_something};
use crate::search::slices::Slices;
use crate::statistics::Frequencies;

impl Engine {
    /// Finds the key words of a slice: those that are surely commoner (or rarer) in it than in
    /// another one. Frequencies are those of the index's postings: no text is read.
    ///
    /// # Errors
    /// If a filter names an unknown value, a slice holds no words, or the index cannot be read.
    pub fn keyness(&self, request: &KeynessRequest) -> Result<KeynessResponse> {
        let index = self.index();
        let here = Slices::new(&[], &request.filters, request.copies, &index)?;
        let there = match request.against.as_slice() {
            [] => Slices::rest(&request.filters, request.copies, &index)?,
            against => Slices::new(&[], against, request.copies, &index)?,
        };
        check_sizes(&here.whole, &there.whole)?;
        let slices = [&here, &there];
        let counted = |[in_here, in_there]: [u64; 2]| Frequencies {
            here: in_here,
            size: here.whole.words,
            there: in_there,
            other_size: there.whole.words,
        };
        let is_sought = |word: &str, counted: &Frequencies| {
            let (is_over, commoner) = match request.under {
                true => (counted.mirrored().is_over(), counted.there),
                false => (counted.is_over(), counted.here),
            };
            is_over
                && commoner >= request.least
                && counted.log_likelihood() >= request.cutoff
                && (request.all_words || says_something(word, &index))
        };
        let mut words: Vec<(String, Frequencies)> = frequencies(slices, &index)?
            .words
            .into_iter()
            .map(|(word, found)| (word, counted(found)))
            .filter(|(word, counted)| is_sought(word, counted))
            .collect();
        let rank = |counted: &Frequencies| match request.measure {
            KeynessMeasure::LogLikelihood => counted.log_likelihood(),
            KeynessMeasure::LogRatio => counted.log_ratio().abs(),
        };
        words.sort_by(|(one, first), (two, second)| {
            let order = rank(second).total_cmp(&rank(first));
            order.then_with(|| one.cmp(two))
        });
        let side = usize::from(request.under);
        let least_reports = request.least_reports.min(slices[side].whole.reports);
        let (mut found, mut key_words) = (0, Vec::new());
        for (word, counted) in words {
            let reports = corpus::reports(&word, slices, &index)?;
            if reports[side] < least_reports {
                continue;
            }
            found += 1;
            if key_words.len() < request.limit {
                key_words.push(key_word(word, &counted, reports));
            }
        }
        Ok(KeynessResponse {
            stamp: self.stamped(
                "keyness",
                Vec::new(),
                &request.filters,
                request.copies,
                request.date.as_deref(),
                options(request),
            )?,
            notes: self.keyness_notes(request),
            here: here.whole,
            there: there.whole,
            found,
            words: key_words,
        })
    }

    fn keyness_notes(&self, request: &KeynessRequest) -> Vec<Note> {
        let mut notes: Vec<Note> = self.stale_copies(request.copies).into_iter().collect();
        if request.against.is_empty() && request.filters.iter().all(|filter| filter.negated) {
            notes.push(Note::new(
                "只有排除式筛选，对比的正是被排除的部分",
                "the filters only leave out: the slice is held against what they leave out",
            ));
        }
        notes
    }
}

fn key_word(word: String, counted: &Frequencies, [here, there]: [u64; 2]) -> KeyWord {
    let per_10k = |count: u64, size: u64| count as f64 * 1e4 / size as f64;
    KeyWord {
        word,
        here: counted.here,
        there: counted.there,
        here_per_10k: per_10k(counted.here, counted.size),
        there_per_10k: per_10k(counted.there, counted.other_size),
        here_reports: here,
        there_reports: there,
        log_likelihood: counted.log_likelihood(),
        log_ratio: counted.log_ratio(),
        percent_difference: counted.percent_difference(),
    }
}

fn options(request: &KeynessRequest) -> Vec<(&'static str, String)> {
    let measure = match request.measure {
        KeynessMeasure::LogLikelihood => "log-likelihood",
        KeynessMeasure::LogRatio => "log-ratio",
    };
    let mut options = vec![
        ("against", against(&request.against)),
        ("measure", measure.to_owned()),
        ("least", request.least.to_string()),
        ("least-reports", request.least_reports.to_string()),
        ("cutoff", request.cutoff.to_string()),
    ];
    options.extend(request.under.then(|| ("under", "true".to_owned())));
    options.extend(request.all_words.then(|| ("all-words", "true".to_owned())));
    options
}

/// Writes filters as they are typed: `year=2013,region=!江苏省`.
fn against(filters: &[Filter]) -> String {
    if filters.is_empty() {
        return "rest".to_owned();
    }
    let written = filters.iter().map(|filter| {
        let sign = if filter.negated { "!" } else { "" };
        format!("{}={sign}{}", filter.field, filter.value)
    });
    written.collect::<Vec<_>>().join(",")
}

fn check_sizes(here: &Slice, there: &Slice) -> Result<()> {
    if here.words == 0 {
        return Err(super::empty_slice());
    }
    if there.words == 0 {
        return Err(Error::new(
            ErrorKind::NotFound,
            "没有可以对比的段落",
            "there is nothing to hold the slice against",
        )
        .with_hint(
            "用筛选取出一部分，其余作对比；或用 --against 指定对比的部分",
            "keep a part with filters and the rest is left to compare with; or name it with --against",
        ));
    }
    Ok(())
}
