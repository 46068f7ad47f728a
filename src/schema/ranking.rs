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
    /// Words of the query.
    pub words: f32,
    /// Character pairs of the query.
    pub bigrams: f32,
    /// The leaf as typed, side by side.
    pub exact: f32,
    /// Other names of the leaf, as a share of `exact`.
    pub alias: f32,
    /// The leaf in a heading above the passage.
    pub heading: f32,
    /// The leaf in the report's title.
    pub title: f32,
}

impl Ranking {
    /// Reads and checks the weights.
    ///
    /// # Errors
    /// If one is missing, negative or no number.
    pub(crate) fn load(files: &Files) -> Result<Self> {
        let ranking: Ranking =
            toml::from_str(files.get(FILE)).map_err(|error| broken(FILE, &error.to_string()))?;
        let Ranking {
            k1,
            b,
            words,
            bigrams,
            exact,
            alias,
            heading,
            title,
        } = ranking;
        for weight in [k1, b, words, bigrams, exact, alias, heading, title] {
            if !weight.is_finite() || weight < 0.0 {
                return Err(broken(FILE, "weights are numbers from 0"));
            }
        }
        Ok(ranking)
    }
}
