//! `healthz`, `readyz` and `stats`: whether it lives, whether it answers, from what.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::Stats;
use crate::model::IndexStamp;
use crate::serve::App;
use crate::serve::asked::{Asked, Nothing};
use crate::serve::fault::{Fault, Faults};

/// Whether the server lives.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `ok`.
    status: &'static str,
    /// Version of the program.
    version: &'static str,
}

/// Whether the server answers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Readiness {
    /// Which index answers.
    index: IndexStamp,
    /// Changes with every commit to the index.
    revision: String,
    /// Whether it is the last commit; soon after one it is not yet.
    current: bool,
}

/// Whether the server lives
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "operations",
    security(()),
    responses((status = 200, description = "It lives", body = Health), Faults)
)]
pub(super) async fn health() -> axum::Json<Health> {
    axum::Json(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// Whether the server answers, from which index
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operations",
    security(()),
    responses((status = 200, description = "It answers", body = Readiness), Faults)
)]
pub(super) async fn readiness(State(app): State<App>) -> Result<Response, Fault> {
    let answer = app.json(|engine| {
        Ok(Readiness {
            index: engine.stamp(),
            revision: engine.revision(),
            current: engine.is_current(),
        })
    });
    answer.await
}

/// Numbers about the index
#[utoipa::path(
    get,
    path = "/api/v1/stats",
    tag = "operations",
    responses((status = 200, description = "The numbers", body = Stats), Faults)
)]
pub(super) async fn stats(
    State(app): State<App>,
    _asked: Asked<Nothing>,
) -> Result<Response, Fault> {
    app.json(|engine| engine.stats()).await
}
