//! `openapi.json`: the API as an OpenAPI 3.1 document, made from the handlers and the contract's types.

use std::sync::LazyLock;

use axum::response::Response;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{count, export, facets, json, passages, search, state, suggest, wording};
use crate::serve::fault::Problem;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "zhengsou",
        description = "Full-text search for Chinese government work reports: passages with their \
            report, section, agency, region and year. Errors are problem details (RFC 9457) in \
            Chinese, or in English where `Accept-Language` prefers it."
    ),
    paths(
        search::search,
        facets::facet,
        suggest::suggest,
        wording::related,
        wording::similar,
        wording::similar_text,
        count::count,
        count::count_terms,
        count::trend,
        count::trend_terms,
        count::kwic,
        count::kwic_terms,
        passages::passage,
        passages::outline,
        passages::report,
        export::export,
        state::stats,
        state::health,
        state::readiness,
    ),
    components(schemas(Problem)),
    tags(
        (name = "search", description = "Find passages"),
        (name = "read", description = "Read and export them"),
        (name = "count", description = "Count what they say"),
        (name = "operations", description = "Watch the server")
    ),
    servers((url = "/", description = "This server")),
    security((), ("key" = []), ("password" = [])),
    modifiers(&Secrets)
)]
struct Document;

/// Says how a server that asks for a key or password is asked.
struct Secrets;

impl Modify for Secrets {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        for (name, scheme) in [
            ("key", HttpAuthScheme::Bearer),
            ("password", HttpAuthScheme::Basic),
        ] {
            let scheme = SecurityScheme::Http(Http::new(scheme));
            components.add_security_scheme(name, scheme);
        }
    }
}

/// Answers with the document.
pub(super) async fn document() -> Response {
    static TEXT: LazyLock<Vec<u8>> = LazyLock::new(|| {
        // Plain data: writing it does not fail.
        serde_json::to_vec(&Document::openapi()).unwrap_or_default()
    });
    json(TEXT.clone())
}
