//! What a measurement of an index tells: classes of queries and their times.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::IndexStamp;

/// A class and what it asks.
#[derive(Debug, Clone, Copy)]
pub struct ClassName {
    /// Its name on the command line and in JSON.
    pub name: &'static str,
    /// What it asks, in Chinese.
    pub zh: &'static str,
    /// What it asks, in English.
    pub en: &'static str,
}

impl ClassName {
    /// Returns whether a name asks for this class; a name without `-common` or `-rare` asks for
    /// both.
    pub fn answers_to(&self, name: &str) -> bool {
        let part = |suffix| self.name.strip_suffix(suffix) == Some(name);
        self.name == name || part("-common") || part("-rare")
    }
}

macro_rules! classes {
    ($($name:literal, $zh:literal, $en:literal;)+) => {
        /// Every class, in the order measured. Those whose names end in `-common` and `-rare` are the
        /// halves of one draw.
        pub const CLASSES: &[ClassName] = &[$(ClassName { name: $name, zh: $zh, en: $en }),+];
    };
}

classes! {
    "word-common", "常用词", "a common word";
    "word-rare", "少用词", "a rare word";
    "and-2", "两词都有", "two phrases, both";
    "and-3", "三词都有", "three phrases, all";
    "or-2", "两词任一", "two phrases, either";
    "or-3", "三词任一", "three phrases, any";
    "char-1", "单字", "a single character";
    "phrase-2-common", "逐字 2 字（多）", "verbatim, 2 characters, common";
    "phrase-2-rare", "逐字 2 字（少）", "verbatim, 2 characters, rare";
    "phrase-4-common", "逐字 4 字（多）", "verbatim, 4 characters, common";
    "phrase-4-rare", "逐字 4 字（少）", "verbatim, 4 characters, rare";
    "phrase-8-common", "逐字 8 字（多）", "verbatim, 8 characters, common";
    "phrase-8-rare", "逐字 8 字（少）", "verbatim, 8 characters, rare";
    "phrase-16-common", "逐字 16 字（多）", "verbatim, 16 characters, common";
    "phrase-16-rare", "逐字 16 字（少）", "verbatim, 16 characters, rare";
    "filtered", "逐字加年份、单位", "verbatim with years and an agency";
    "not", "排除", "one phrase without another";
    "prefix", "前缀", "a prefix";
    "near", "十字以内", "two phrases within ten characters";
    "question", "问句", "a natural question";
    "nothing", "查无结果", "nothing found";
    "deep", "翻到第五十页", "page fifty";
    "stream", "全部结果", "every hit";
    "facets-0", "只要总数", "totals alone";
    "facets-2", "两种分面", "two facets";
    "facets-5", "五种分面", "five facets";
    "by-year", "逐年计数", "counts by year";
    "hits-10", "十条带摘要", "ten hits with snippets";
    "similar", "相近表述", "near wordings";
    "related", "相关词", "related terms";
    "show", "一段及前后", "a passage with its neighbours";
}

/// What was measured.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BenchReport {
    /// Version of the program.
    pub version: String,
    /// Which index.
    pub index: IndexStamp,
    /// System and processor, such as `linux x86_64`.
    pub machine: String,
    /// Processors that the program may use.
    pub processors: usize,
    /// What the queries were drawn by.
    pub seed: u64,
    /// Times that each query was asked.
    pub rounds: usize,
    /// Opening the index, in microseconds.
    pub open: Latency,
    /// Whether the system's cache of the index's files was dropped before each cold search.
    pub cache_dropped: bool,
    /// The classes, in the order measured.
    pub classes: Vec<ClassReport>,
    /// Largest resident size of the process so far, in bytes, where the system tells.
    pub peak_memory: Option<u64>,
    /// Bytes on disk, by kind of file.
    pub disk: BTreeMap<String, u64>,
    /// Bytes of the passages' texts (UTF-8).
    pub text_bytes: u64,
}

/// What was measured of one class of queries.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClassReport {
    /// Its name.
    pub name: String,
    /// The queries as typed.
    pub queries: Vec<String>,
    /// What each query finds, in their order: passages, for near wordings hits.
    pub found: Vec<u64>,
    /// Median of each query, in microseconds, in their order.
    pub medians: Vec<f64>,
    /// Of the queries' medians.
    pub warm: Latency,
    /// Of first searches after the index was opened.
    pub cold: Option<Latency>,
    /// Queries a second with one thread and with two.
    pub per_second: [f64; 2],
}

/// Times of several queries, in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Half of them take no longer.
    pub p50: f64,
    /// 95 of 100 take no longer.
    pub p95: f64,
    /// 99 of 100 take no longer.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

impl Latency {
    /// Returns the quantiles of some times, by nearest rank; of none, zeros.
    pub fn of(times: &[f64]) -> Self {
        let mut sorted = times.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let rank = (share * sorted.len() as f64).ceil() as usize;
            sorted.get(rank.max(1) - 1).copied().unwrap_or(0.0)
        };
        Latency {
            p50: at(0.5),
            p95: at(0.95),
            p99: at(0.99),
            max: at(1.0),
        }
    }
}

/// How one class moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Name of the class.
    pub class: String,
    /// Median time before, in microseconds.
    pub before: f64,
    /// Median time now, in microseconds.
    pub now: f64,
    /// Now through before: the median over the queries where both asked the same, else the ratio of
    /// the medians.
    pub ratio: f64,
    /// The ratio lies between these in 95 of 100 samples drawn again from the queries (percentile
    /// bootstrap: Efron and Tibshirani, 1993).
    pub interval: [f64; 2],
    /// Whether both asked the same queries.
    pub paired: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_by_nearest_rank() {
        let times: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        let found = Latency::of(&times);
        assert_eq!(
            (found.p50, found.p95, found.p99, found.max),
            (50.0, 95.0, 99.0, 100.0)
        );
        assert_eq!(Latency::of(&[7.0]).p50, 7.0);
        assert_eq!(Latency::of(&[]), Latency::default());
    }
}
