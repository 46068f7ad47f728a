//! Answers that nobody wants any more: they end, and leave nothing behind.

use std::sync::Arc;

use zhengsou::model::{
    Axis, Concept, CountRequest, FacetField, KwicRequest, RelatedRequest, SimilarRequest,
    TrendRequest,
};
use zhengsou::pipeline::{self, BuildOptions, Observer};
use zhengsou::schema::Schema;
use zhengsou::{Cancellation, Engine, Error, ErrorKind, SearchRequest};

struct Silent;
impl Observer for Silent {}

/// Returns an engine over the samples; nothing was asked of it yet.
fn engine(folder: &tempfile::TempDir) -> Engine {
    let options = BuildOptions {
        paths: vec!["data_samples".into()],
        index: folder.path().join("index"),
        ..BuildOptions::default()
    };
    let schema = Arc::new(Schema::embedded().unwrap());
    if !options.index.exists() {
        pipeline::build(&options, &schema, &Silent).unwrap();
    }
    Engine::open(&options.index, Schema::embedded().unwrap()).unwrap()
}

fn search(query: &str) -> SearchRequest {
    SearchRequest {
        query: query.to_owned(),
        facets: FacetField::ALL.to_vec(),
        ..SearchRequest::default()
    }
}

/// Asks everything that looks through an index, each as JSON without its time.
fn ask_all(engine: &Engine) -> Vec<Result<String, Error>> {
    fn json<T: serde::Serialize>(answer: Result<T, Error>) -> Result<String, Error> {
        answer.map(|answer| {
            let mut value = serde_json::to_value(answer).unwrap();
            if let Some(object) = value.as_object_mut() {
                object.remove("took_ms");
            }
            value.to_string()
        })
    }
    let terms = || vec![Concept::word("乡村振兴")];
    vec![
        json(engine.search(&search("乡村振兴"))),
        json(engine.search(&search("乡村怎样才能振兴起来"))),
        json(engine.search(&search("乡村 NOT 产业"))),
        json(engine.stats()),
        json(engine.similar(&SimilarRequest {
            text: "全面推进乡村振兴，加快农业农村现代化".to_owned(),
            ..SimilarRequest::default()
        })),
        json(engine.related(&RelatedRequest {
            query: "乡村振兴".to_owned(),
            ..RelatedRequest::default()
        })),
        json(engine.count(&CountRequest {
            terms: terms(),
            by: vec![Axis::of(FacetField::Agency)],
            ..CountRequest::default()
        })),
        json(engine.trend(&TrendRequest {
            terms: terms(),
            ..TrendRequest::default()
        })),
        json(engine.kwic(&KwicRequest {
            terms: terms(),
            ..KwicRequest::default()
        })),
    ]
}

#[test]
fn what_was_cancelled_answers_nothing_and_spoils_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let fresh = engine(&folder);
    let cancellation = Cancellation::new();
    cancellation.cancel();
    for answer in ask_all(&fresh.cancelled_by(&cancellation)) {
        assert_eq!(answer.unwrap_err().kind(), ErrorKind::Cancelled);
    }
    // What is kept for later questions is whole.
    let answers = |engine| -> Vec<String> {
        let answers = ask_all(engine).into_iter();
        answers.map(Result::unwrap).collect()
    };
    assert_eq!(answers(&fresh), answers(&engine(&folder)));
}

#[test]
fn a_stream_ends_at_the_hit_at_which_it_is_cancelled() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(&folder);
    for fold in [false, true] {
        let cancellation = Cancellation::new();
        let request = SearchRequest {
            fold,
            ..search("工作")
        };
        let mut count = 0;
        let streamed = engine
            .cancelled_by(&cancellation)
            .stream(&request, &mut |_| {
                count += 1;
                if count == 3 {
                    cancellation.cancel();
                }
                true
            });
        assert_eq!(streamed.unwrap_err().kind(), ErrorKind::Cancelled);
        assert_eq!(count, 3);
    }
}
