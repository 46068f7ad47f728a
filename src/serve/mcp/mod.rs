//! Tools for assistants over the Model Context Protocol → answers of the engine, each with its citation.
//!
//! Few tools with flat arguments; an argument that does not fit is answered with what to send instead.
//!
//! Invariant: every passage in an answer stands there with the place by which it is cited.

mod arguments;
mod quote;
mod tools;

use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ErrorData,
    Implementation, ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig,
    Tool, ToolAnnotations,
};
use rmcp::service::RequestContext;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::tower::{
    StreamableHttpServerConfig, StreamableHttpService,
};
use rmcp::{RoleServer, ServerHandler, ServiceExt};

use self::tools::TOOLS;
use super::{App, Options, options, runtime};
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Language;

/// What assistants are told of the whole.
const INSTRUCTIONS: &str = "Full-text search over Chinese government work reports \
    (政府工作报告、工作总结、工作计划). Search with Chinese words as they stand in reports; read the \
    passage before quoting it; cite the `citation` of each passage; check a quotation with \
    check_quote before giving it as one.";

/// The tools over one index.
#[derive(Clone)]
pub(super) struct Assistant {
    app: App,
    language: Language,
}

impl Assistant {
    pub(super) fn new(app: App, language: Language) -> Self {
        Assistant { app, language }
    }
}

impl ServerHandler for Assistant {
    fn get_info(&self) -> ServerConfig {
        let tools = ServerCapabilities::builder().enable_tools().build();
        ServerConfig::new(tools)
            .with_server_info(Implementation::new("zhengsou", env!("CARGO_PKG_VERSION")))
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _page: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> std::result::Result<ListToolsResult, ErrorData> {
        let tools = TOOLS.iter().map(|tool| {
            let annotations = ToolAnnotations::with_title(tool.title)
                .read_only(true)
                .open_world(false);
            Tool::new(tool.name, tool.description, (tool.schema)()).with_annotations(annotations)
        });
        Ok(ListToolsResult::with_all_items(tools.collect()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> std::result::Result<CallToolResponse, ErrorData> {
        let Some(tool) = TOOLS.iter().find(|tool| tool.name == request.name) else {
            let names: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
            let names = names.join(", ");
            let name = request.name;
            return Err(ErrorData::invalid_params(
                format!("there is no tool '{name}'; use one of {names}"),
                None,
            ));
        };
        let arguments = request.arguments.unwrap_or_default();
        let call = tool.call;
        let called = self.app.run(move |engine| call(engine, arguments)).await;
        let result = match called {
            Ok(answer) => {
                let mut result = CallToolResult::success(vec![ContentBlock::text(answer.text)]);
                result.structured_content = Some(answer.data);
                result
            }
            Err(fault) => {
                let text = said(&fault.error, self.language);
                CallToolResult::error(vec![ContentBlock::text(text)])
            }
        };
        Ok(result.into())
    }
}

/// Returns an error as one text: what is wrong, and what to send instead.
fn said(error: &Error, language: Language) -> String {
    let mut text = error.message(language).to_owned();
    if let Some((input, span)) = error.place() {
        let broken: String = input.chars().skip(span.start).take(span.len()).collect();
        text += &format!(" [{}..{}) {broken}", span.start, span.end);
    }
    if let Some(hint) = error.hint(language) {
        text += "\n";
        text += hint;
    }
    text
}

/// The tools over HTTP, without sessions: each request stands for itself.
pub(super) fn service(app: &App) -> StreamableHttpService<Assistant, NeverSessionManager> {
    let origins = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned);
    let names = origins.iter().chain(&app.0.options.hosts);
    let origins = names.flat_map(|name| [format!("http://{name}:*"), format!("https://{name}:*")]);
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        // The guard before it knows the hosts.
        .disable_allowed_hosts()
        .with_allowed_origins(origins.collect::<Vec<_>>())
        .with_max_request_body_bytes(options::MAX_BODY);
    let assistant = Assistant::new(app.clone(), Language::Zh);
    let sessions = Arc::new(NeverSessionManager::default());
    StreamableHttpService::new(move || Ok(assistant.clone()), sessions, config)
}

/// Serves the tools over stdin and stdout until stdin ends.
///
/// # Errors
/// If the client does not speak the protocol.
pub fn run(engine: Engine, language: Language) -> Result<()> {
    runtime()?.block_on(async {
        let app = App::new(Options::default(), engine)?;
        let watched = app.clone();
        let watch = tokio::spawn(async move { watched.watch().await });
        let served = Assistant::new(app, language).serve(rmcp::transport::stdio());
        let served = match served.await {
            Ok(running) => running.waiting().await.map(drop).map_err(broken),
            Err(error) => Err(broken(error)),
        };
        watch.abort();
        served
    })
}

fn broken(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(
        ErrorKind::Input,
        "对方没有按 MCP 协议通信",
        "the client does not speak the Model Context Protocol",
    )
    .with_hint(
        "zhengsou mcp 由助手程序启动，不在终端里使用",
        "zhengsou mcp is started by an assistant, not used in a terminal",
    )
    .with_cause(cause)
}
