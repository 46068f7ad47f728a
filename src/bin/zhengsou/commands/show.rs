//! `show`: a passage among its neighbours, a report's outline, or a whole report.

use std::io::{IsTerminal, Write};

use serde_json::json;
use zhengsou::model::{NearCopies, PassageRecord};
use zhengsou::present::{copies, json, report};
use zhengsou::{Engine, Error, ErrorKind, Result};

use super::{ExitStatus, Outcome};
use crate::args::{ShowArgs, ViewFormat};
use crate::output;
use crate::settings::Settings;

/// Most near copies of a passage that are listed as text, and as JSON.
const LISTED: (usize, usize) = (20, 1000);

/// What an id turned out to name, in the form asked for.
enum View {
    /// A passage at a position among its neighbours, with its near copies.
    Passage(Vec<PassageRecord>, usize, NearCopies),
    /// The headings of a report.
    Outline(Vec<PassageRecord>),
    /// A whole report.
    Report(Vec<PassageRecord>),
}

/// Shows what the id names.
pub(super) fn run(args: &ShowArgs, settings: &Settings) -> Outcome {
    let view = find(&settings.engine()?, args)?;
    let mut out = output::stdout();
    match args.format {
        ViewFormat::Text => {
            let look = settings.look();
            match &view {
                View::Passage(passages, position, near) => {
                    report::write_passage(&mut out, passages, *position, &look)?;
                    let text = passages.get(*position).map_or("", |passage| &passage.text);
                    copies::write_copies(&mut out, text, near, &look)?;
                }
                View::Outline(passages) => report::write_outline(&mut out, passages, &look)?,
                View::Report(passages) => report::write_report(&mut out, passages, &look)?,
            }
        }
        ViewFormat::Json => {
            let value = match &view {
                View::Passage(passages, position, near) => {
                    json!({ "position": position, "passages": passages, "copies": near })
                }
                View::Outline(passages) => json!({ "outline": report::outline(passages) }),
                View::Report(passages) => json!({ "passages": passages }),
            };
            json::document(&mut out, &value, std::io::stdout().is_terminal())?;
        }
    }
    out.flush()?;
    Ok(ExitStatus::Done)
}

/// Looks the id up as a passage, then as a report: both have the same form.
fn find(engine: &Engine, args: &ShowArgs) -> Result<View> {
    let id = args.id.trim().to_ascii_lowercase();
    let wants_report = args.outline || args.full;
    let report_id = match engine.passage(&id, args.around)? {
        Some((passages, position)) if !wants_report => {
            let limit = match args.format {
                ViewFormat::Text => LISTED.0,
                ViewFormat::Json => LISTED.1,
            };
            let copies = engine.copies(&id, limit)?;
            return Ok(View::Passage(passages, position, copies));
        }
        Some((passages, position)) => passages
            .get(position)
            .map_or(id, |passage| passage.report_id.clone()),
        None => id,
    };
    let passages = engine.report(&report_id)?;
    if passages.is_empty() {
        return Err(unknown(&args.id));
    }
    Ok(if args.full {
        View::Report(passages)
    } else {
        View::Outline(passages)
    })
}

fn unknown(id: &str) -> Error {
    Error::new(
        ErrorKind::NotFound,
        format!("索引里没有编号为 '{id}' 的段落或报告"),
        format!("the index holds no passage or report with the id '{id}'"),
    )
    .with_hint(
        "编号是 16 位十六进制数，search 的每条结果都写着",
        "ids have 16 hexadecimal digits; each hit of a search shows its own",
    )
}
