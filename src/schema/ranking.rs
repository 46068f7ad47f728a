//! `ranking.toml`: the weights of a score's parts.

use serde::Deserialize;

use super::Files;
use super::files::broken;
use crate::error::Result;

const FILE: &str = "ranking.toml";

/// Weights of a score's parts; the file says what each rewards.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranking {
    /// Saturation of BM25.
    pub k1: f32,
    /// Length normalisation of BM25.
    pub b: f32,
    /// Saturation of pairs in questions.
    pub k1_bigrams: f32,
    /// Words of the query.
    pub words: f32,
    /// Character pairs of the query.
    pub bigrams: f32,
    /// Single letters of the query.
    pub letters: f32,
    /// The leaf as typed, side by side.
    pub exact: f32,
    /// Other names of the leaf, as a share of `exact`.
    pub alias: f32,
    /// The leaf in a heading above the passage.
    pub heading: f32,
    /// The leaf in the report's title.
    pub title: f32,
    /// Share of the words' weight that is enough where most of them are.
    pub most: f32,
    /// How much a function word counts.
    pub function_word: f32,
    /// What the passages before hold and this one lacks, as a share.
    pub context: f32,
    /// How many passages before are looked at.
    pub reach: u32,
    /// The sums over the whole report, where reports are ranked.
    pub report: f32,
    /// Share of the passages above which a word or pair tells nothing.
    pub common: f32,
    /// Share of the passages above which a letter tells nothing.
    pub common_letters: f32,
}

impl Ranking {
    /// Reads and checks the weights.
    ///
    /// # Errors
    /// If one is missing, negative or no number, or a share is above 1.
    pub(crate) fn load(files: &Files) -> Result<Self> {
        let ranking: Ranking =
            toml::from_str(files.get(FILE)).map_err(|error| broken(FILE, &error.to_string()))?;
        let Ranking {
            k1,
            b,
            k1_bigrams,
            words,
            bigrams,
            letters,
            exact,
            alias,
            heading,
            title,
            most,
            function_word,
            context,
            reach,
            report,
            common,
            common_letters,
        } = ranking;
        let weights = [
            k1, b, k1_bigrams, words, bigrams, letters, exact, alias, heading, title, report,
        ];
        let shares = [most, function_word, context, common, common_letters];
        for weight in weights.into_iter().chain(shares) {
            if !weight.is_finite() || weight < 0.0 {
                return Err(broken(FILE, "weights are numbers from 0"));
            }
        }
        if b > 1.0 || shares.iter().any(|share| *share > 1.0) {
            return Err(broken(FILE, "shares are numbers from 0 to 1"));
        }
        if reach > MOST_REACH {
            return Err(broken(FILE, &format!("reach is at most {MOST_REACH}")));
        }
        Ok(ranking)
    }
}

/// Most passages before a passage that may count for it.
const MOST_REACH: u32 = 16;
