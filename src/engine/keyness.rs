//! Two slices → words that are commoner in the one than in the other.

use super::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{KeyWord, KeynessMeasure, KeynessRequest, KeynessResponse, Note, SliceSize};
use crate::search::slice::{self, Slice};
use crate::statistics::Frequencies;

/// A word of both slices with its frequencies.
type Counted = (String, Frequencies);

impl Engine {
    /// Finds the key words of a slice: those that are surely commoner (or rarer) in it than in
    /// another slice. Frequencies are those of the index's postings: no text is read.
    ///
    /// # Errors
    /// If a filter names an unknown value, a slice holds nothing, or the index cannot be read.
    pub fn keyness(&self, request: &KeynessRequest) -> Result<KeynessResponse> {
        let index = self.index();
        let here = Slice::of(&request.filters, request.fold, &index)?;
        let there = match request.against.as_slice() {
            [] => Slice::rest(&request.filters, request.fold, &index)?,
            against => Slice::of(against, request.fold, &index)?,
        };
        let slices = [&here, &there];
        let counts = slice::words(slices, &index)?;
        let [here_size, there_size] = [0, 1].map(|at| SliceSize {
            words: counts.all[at],
            ..slices[at].size
        });
        check_sizes(here_size, there_size)?;
        let mut words: Vec<Counted> = counts
            .words
            .into_iter()
            .map(|(word, [in_here, in_there])| {
                let frequencies = Frequencies {
                    here: in_here,
                    size: here_size.words,
                    there: in_there,
                    other_size: there_size.words,
                };
                (word, frequencies)
            })
            .filter(|(word, counted)| {
                let commoner = if request.under {
                    counted.there
                } else {
                    counted.here
                };
                is_sought(counted, request.under)
                    && commoner >= request.least
                    && counted.log_likelihood() >= request.cutoff
                    && (request.all_words || slice::says_something(word, &index))
            })
            .collect();
        let rank = |counted: &Frequencies| match request.measure {
            KeynessMeasure::LogLikelihood => counted.log_likelihood(),
            KeynessMeasure::LogRatio => counted.log_ratio().abs(),
        };
        words.sort_by(|(one, first), (two, second)| {
            rank(second)
                .total_cmp(&rank(first))
                .then_with(|| one.cmp(two))
        });
        let mut key_words = Vec::new();
        let mut found = 0;
        for (word, counted) in words {
            let [here_reports, there_reports] = slice::reports(&word, slices, &index)?;
            let reports = if request.under {
                there_reports
            } else {
                here_reports
            };
            if reports < request.least_reports {
                continue;
            }
            found += 1;
            if key_words.len() < request.limit {
                key_words.push(KeyWord {
                    word,
                    here: counted.here,
                    there: counted.there,
                    here_per_10k: counted.here as f64 * 1e4 / counted.size as f64,
                    there_per_10k: counted.there as f64 * 1e4 / counted.other_size as f64,
                    here_reports,
                    there_reports,
                    log_likelihood: counted.log_likelihood(),
                    log_ratio: counted.log_ratio(),
                    percent_difference: counted.percent_difference(),
                });
            }
        }
        Ok(KeynessResponse {
            notes: self.slice_notes(request.fold),
            here: here_size,
            there: there_size,
            found,
            words: key_words,
            index: self.stamp(),
        })
    }

    /// Says where near copies may count more than once.
    pub(super) fn slice_notes(&self, fold: bool) -> Vec<Note> {
        let stale = fold && self.groups.is_stale;
        stale.then(super::stale_groups).into_iter().collect()
    }
}

fn is_sought(counted: &Frequencies, under: bool) -> bool {
    let mirrored = Frequencies {
        here: counted.there,
        size: counted.other_size,
        there: counted.here,
        other_size: counted.size,
    };
    if under {
        mirrored.is_over()
    } else {
        counted.is_over()
    }
}

fn check_sizes(here: SliceSize, there: SliceSize) -> Result<()> {
    if here.words == 0 {
        return Err(Error::new(
            ErrorKind::NotFound,
            "符合筛选的段落里没有词语",
            "the passages that the filters keep hold no word",
        )
        .with_hint("放宽筛选", "use fewer filters"));
    }
    if there.words == 0 {
        return Err(Error::new(
            ErrorKind::NotFound,
            "没有可以对比的段落",
            "there is nothing to hold the slice against",
        )
        .with_hint(
            "写上筛选，让一部分段落留作对比；或用 --against 指定对比的部分",
            "add a filter, so that some passages are left to compare with; or name them with --against",
        ));
    }
    Ok(())
}
