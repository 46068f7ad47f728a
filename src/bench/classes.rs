//! The classes of queries, and their queries drawn from the index.

use std::collections::BTreeMap;

use super::draw::{Draw, is_han, piece};
use super::scan::Expected;
use super::{BenchOptions, too_little};
use crate::analyze::strip_blanks;
use crate::engine::Engine;
use crate::error::Result;
use crate::model::{
    FacetField, Filter, Matching, PassageId, PassageRecord, RelatedRequest, SearchRequest,
    SimilarRequest,
};

/// What a query asks the engine to do.
#[derive(Debug, Clone)]
pub(super) enum Work {
    Search(SearchRequest),
    Stream(SearchRequest),
    Similar(SimilarRequest),
    Related(RelatedRequest),
    Show(String),
}

/// A query of a class.
#[derive(Debug, Clone)]
pub(super) struct Task {
    /// As a reader would type it.
    pub(super) typed: String,
    pub(super) work: Work,
    pub(super) expected: Expected,
}

/// A class with its queries.
#[derive(Debug, Clone)]
pub(super) struct Class {
    pub(super) name: String,
    pub(super) tasks: Vec<Task>,
    /// Whether the queries are to be parted into common and rare ones.
    parted: bool,
}

/// Texts that queries are drawn from.
const SAMPLE: usize = 4_000;

/// Han characters of a passage worth drawing from.
const ENOUGH: usize = 40;

/// Passages before page fifty.
const DEEP: usize = 490;

/// Draws the queries of every class.
///
/// # Errors
/// If the index cannot be read or holds too little.
pub(super) fn drawn(engine: &Engine, options: &BenchOptions) -> Result<Vec<Class>> {
    let mut sampler = Sampler {
        texts: sample(engine, options.seed)?,
        draw: Draw::new(options.seed),
        count: options.queries.max(1),
    };
    let verbatim = |query: String| SearchRequest {
        query,
        mode: Matching::Verbatim,
        fold: false,
        ..SearchRequest::default()
    };
    let quoted = |piece: &str| format!("\"{piece}\"");
    let phrase = |piece: &str| Expected::total(&[piece]);
    let mut classes: Vec<Class> = Vec::new();
    let mut class = |name: &str, parted: bool, tasks: Vec<Task>| {
        classes.push(Class {
            name: name.to_owned(),
            tasks,
            parted,
        });
    };
    let search = |request: SearchRequest, expected: Expected| Task {
        typed: request.query.clone(),
        work: Work::Search(request),
        expected,
    };

    let words = sampler.pieces(2, true)?;
    let plain = words.iter().map(|(word, _)| {
        let request = SearchRequest {
            query: word.clone(),
            ..SearchRequest::default()
        };
        search(request, Expected::at_least(&[word]))
    });
    class("word", true, plain.collect());
    for (name, parts, operator) in [
        ("and-2", 2, " AND "),
        ("and-3", 3, " AND "),
        ("or-2", 2, " OR "),
        ("or-3", 3, " OR "),
    ] {
        let mut columns = Vec::new();
        for _ in 0..parts {
            columns.push(sampler.pieces(2, false)?);
        }
        let tasks = (0..sampler.count).map(|at| {
            let pieces: Vec<&str> = columns.iter().map(|column| column[at].0.as_str()).collect();
            let typed: Vec<String> = pieces.iter().map(|piece| quoted(piece)).collect();
            let expected = match operator {
                " AND " => Expected::total(&pieces),
                _ => Expected::any(&pieces),
            };
            search(verbatim(typed.join(operator)), expected)
        });
        class(name, false, tasks.collect());
    }
    for length in [1, 2, 4, 8, 16] {
        let count = if length == 1 { 1 } else { 2 };
        let mut tasks = Vec::new();
        for _ in 0..count {
            let pieces = sampler.pieces(length, false)?;
            tasks.extend(
                pieces
                    .iter()
                    .map(|(piece, _)| search(verbatim(quoted(piece)), phrase(piece))),
            );
        }
        match length {
            1 => class("char-1", false, tasks),
            _ => class(&format!("phrase-{length}"), true, tasks),
        }
    }
    let pieces = sampler.pieces(4, false)?;
    let filtered = pieces.iter().map(|(piece, passage)| {
        let mut request = verbatim(quoted(piece));
        request.filters = filters(passage);
        let expected = Expected::filtered(piece, &request.filters);
        let mut task = search(request, expected);
        if let Work::Search(request) = &task.work {
            for filter in &request.filters {
                task.typed
                    .push_str(&format!(" {}:{}", filter.field, filter.value));
            }
        }
        task
    });
    class("filtered", false, filtered.collect());
    let (one, two) = (sampler.pieces(2, false)?, sampler.pieces(2, false)?);
    let both = || one.iter().zip(&two).map(|((one, _), (two, _))| (one, two));
    let without = both().map(|(one, two)| {
        let query = format!("{} NOT {}", quoted(one), quoted(two));
        search(verbatim(query), Expected::without(one, two))
    });
    class("not", false, without.collect());
    let prefix = one
        .iter()
        .map(|(piece, _)| search(verbatim(format!("{piece}*")), phrase(piece)));
    class("prefix", false, prefix.collect());
    let near = both().map(|(one, two)| {
        let query = format!("\"{one} {two}\"~10");
        search(verbatim(query), Expected::at_most(&[one, two]))
    });
    class("near", false, near.collect());
    let pieces = sampler.pieces(12, false)?;
    let questions = pieces.iter().map(|(piece, _)| {
        let request = SearchRequest {
            query: format!("如何{piece}？"),
            ..SearchRequest::default()
        };
        search(request, Expected::at_least(&[piece]))
    });
    class("question", false, questions.collect());
    let (one, two) = (sampler.pieces(5, false)?, sampler.pieces(5, false)?);
    let nothing = one.iter().zip(&two).map(|((one, _), (two, _))| {
        let piece = format!("{two}{one}");
        search(verbatim(quoted(&piece)), phrase(&piece))
    });
    class("nothing", false, nothing.collect());
    let common = sampler.pieces(2, true)?;
    let deep = common.iter().map(|(piece, _)| {
        let request = SearchRequest {
            offset: DEEP,
            ..verbatim(quoted(piece))
        };
        search(request, phrase(piece))
    });
    class("deep", false, deep.collect());
    let fours = sampler.pieces(4, false)?;
    let streams = fours.iter().map(|(piece, _)| Task {
        typed: quoted(piece),
        work: Work::Stream(verbatim(quoted(piece))),
        expected: phrase(piece),
    });
    class("stream", false, streams.collect());
    let five = [
        FacetField::Region,
        FacetField::ReportYear,
        FacetField::Agency,
        FacetField::Section,
        FacetField::Level,
    ];
    for (name, facets, limit) in [
        ("facets-0", &five[..0], 0),
        ("facets-2", &five[..2], 0),
        ("facets-5", &five[..], 0),
        ("by-year", &five[1..2], 0),
        ("hits-10", &five[..0], 10),
    ] {
        let tasks = fours.iter().map(|(piece, _)| {
            let request = SearchRequest {
                facets: facets.to_vec(),
                facet_limit: if name == "by-year" { 0 } else { 20 },
                limit,
                ..verbatim(quoted(piece))
            };
            let expected = match name {
                "by-year" => Expected::by_year(piece),
                _ => phrase(piece),
            };
            search(request, expected)
        });
        class(name, false, tasks.collect());
    }
    let similar = fours.iter().map(|(_, passage)| Task {
        typed: passage.text.chars().take(20).collect::<String>() + "…",
        work: Work::Similar(SimilarRequest {
            text: longest_sentence(&passage.text).to_owned(),
            ..SimilarRequest::default()
        }),
        expected: Expected::some(),
    });
    class("similar", false, similar.collect());
    let related = common.iter().map(|(piece, _)| Task {
        typed: piece.clone(),
        work: Work::Related(RelatedRequest {
            query: quoted(piece),
            ..RelatedRequest::default()
        }),
        expected: Expected::nothing_known(),
    });
    class("related", false, related.collect());
    let shown = fours.iter().map(|(_, passage)| Task {
        typed: passage.id.clone(),
        work: Work::Show(passage.id.clone()),
        expected: Expected::some(),
    });
    class("show", false, shown.collect());
    Ok(classes)
}

/// Makes classes of queries that were typed.
pub(super) fn typed(queries: &[(String, String)]) -> Vec<Class> {
    let mut classes: Vec<Class> = Vec::new();
    for (name, query) in queries {
        let request = SearchRequest {
            query: query.clone(),
            ..SearchRequest::default()
        };
        let task = Task {
            typed: query.clone(),
            work: Work::Search(request),
            expected: Expected::nothing_known(),
        };
        match classes.iter_mut().find(|class| class.name == *name) {
            Some(class) => class.tasks.push(task),
            None => classes.push(Class {
                name: name.clone(),
                tasks: vec![task],
                parted: false,
            }),
        }
    }
    classes
}

/// Parts classes into the half of the queries that find more and the half that find less.
pub(super) fn split_by_frequency(classes: &mut Vec<Class>) {
    let parted = |class: Class| {
        if !class.parted || class.tasks.len() < 2 {
            return vec![class];
        }
        let mut common = class.tasks;
        common.sort_by_key(|task| std::cmp::Reverse(task.expected.passages()));
        let rare = common.split_off(common.len() / 2);
        let half = |name: &str, tasks| Class {
            name: format!("{}-{name}", class.name),
            tasks,
            parted: false,
        };
        vec![half("common", common), half("rare", rare)]
    };
    *classes = std::mem::take(classes)
        .into_iter()
        .flat_map(parted)
        .collect();
}

/// Returns filters that keep a passage: its report's years and its agency or region.
fn filters(passage: &PassageRecord) -> Vec<Filter> {
    let filter = |field, value: String| Filter {
        field,
        value,
        negated: false,
    };
    let years = passage.report_year.map(|year| {
        let years = format!("{}..{}", year - 2, year + 2);
        filter(FacetField::ReportYear, years)
    });
    let agency = passage.agency.clone();
    let agency = agency.map(|agency| filter(FacetField::Agency, agency));
    years.into_iter().chain(agency).collect()
}

fn longest_sentence(text: &str) -> &str {
    let sentences = text.split_inclusive(['。', '；']);
    sentences
        .max_by_key(|sentence| sentence.chars().count())
        .unwrap_or(text)
}

/// Takes an even sample of the passages that have enough text: those whose ids hash lowest, whatever
/// the order in which they come (bottom-k sampling: Cohen and Kaplan, 2007).
fn sample(engine: &Engine, seed: u64) -> Result<Vec<PassageRecord>> {
    let mut kept: BTreeMap<u64, PassageRecord> = BTreeMap::new();
    engine.export(&[], &mut |passage| {
        if passage.text.chars().filter(|c| is_han(*c)).count() < ENOUGH {
            return true;
        }
        let id = PassageId::parse(&passage.id).map_or(0, |id| id.0);
        let key = Draw::new(id ^ seed).next();
        let last = kept.last_key_value().map_or(u64::MAX, |(last, _)| *last);
        if kept.len() < SAMPLE || key < last {
            kept.insert(key, passage);
        }
        if kept.len() > SAMPLE {
            kept.pop_last();
        }
        true
    })?;
    if kept.is_empty() {
        return Err(too_little());
    }
    Ok(kept.into_values().collect())
}

struct Sampler {
    texts: Vec<PassageRecord>,
    draw: Draw,
    count: usize,
}

impl Sampler {
    /// Draws as many pieces of the given length as a class has queries, each with its passage; where
    /// `plain`, without characters that join, ask or negate.
    fn pieces(&mut self, length: usize, plain: bool) -> Result<Vec<(String, PassageRecord)>> {
        let mut pieces = Vec::with_capacity(self.count);
        // Texts of figures and Latin letters give nothing, long pieces are rare.
        for _ in 0..self.count * 2_000 {
            let passage = &self.texts[self.draw.below(self.texts.len())];
            let Some(piece) = piece(&strip_blanks(&passage.text), length, &mut self.draw) else {
                continue;
            };
            if plain && piece.chars().any(|c| "与或非和及的了在是不".contains(c)) {
                continue;
            }
            pieces.push((piece, passage.clone()));
            if pieces.len() == self.count {
                return Ok(pieces);
            }
        }
        Err(too_little())
    }
}
