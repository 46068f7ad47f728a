//! `verify`: whether the index is sound.

use std::io::{IsTerminal, Write};

use zhengsou::index::{Finding, Verification, verify};
use zhengsou::present::table::{Align, Table};
use zhengsou::present::{Ink, Look, byte_size, grouped, json, layout};
use zhengsou::say;

use super::{ExitStatus, Outcome};
use crate::args::{VerifyArgs, ViewFormat};
use crate::output;
use crate::settings::Settings;

/// Findings shown as text; the JSON form has them all.
const SHOWN: usize = 20;

/// Checks, and writes what was found.
pub(super) fn run(args: &VerifyArgs, settings: &Settings) -> Outcome {
    let found = verify(&settings.index, &settings.schema()?, args.deep)?;
    let mut out = output::stdout();
    match args.format {
        ViewFormat::Text => text(&mut out, &found, &settings.look())?,
        ViewFormat::Json => json::document(&mut out, &found, std::io::stdout().is_terminal())?,
    }
    out.flush()?;
    Ok(match found.sound {
        true => ExitStatus::Done,
        false => ExitStatus::Nothing,
    })
}

fn text(out: &mut dyn Write, found: &Verification, look: &Look) -> std::io::Result<()> {
    let language = look.language;
    let verdict = match found.sound {
        true => language.pick("索引完好", "the index is sound"),
        false => language.pick("索引已损坏", "the index is damaged"),
    };
    let ink = if found.sound { Ink::Strong } else { Ink::Alarm };
    writeln!(out, "{}", look.paint(ink, verdict))?;
    let mut table = Table::new(&[Align::Left, Align::Right]);
    let mut row = |zh: &str, en: &str, value: String| {
        table.row([language.pick(zh, en), &value]);
    };
    row("查过的文件", "files checked", grouped(found.files));
    row("查过的字节", "bytes checked", byte_size(found.bytes));
    if found.sound {
        row("原文件", "sources", grouped(found.sources));
        row("段落", "passages", grouped(found.passages));
    }
    let seconds = format!("{:.1}", found.took_ms / 1000.0);
    let time = say!(language, "{seconds} 秒", "{seconds} s");
    row("用时", "time", time);
    table.write(out, look)?;
    findings(out, &found.faults, language.pick("损坏", "damage"), look)?;
    findings(out, &found.notes, language.pick("说明", "notes"), look)?;
    if let Some(advice) = &found.advice {
        let label = look.paint(Ink::Advice, language.pick("提示：", "hint: "));
        let advice = language.pick(&advice.zh, &advice.en);
        writeln!(out, "\n{label}{advice}")?;
    }
    Ok(())
}

fn findings(
    out: &mut dyn Write,
    findings: &[Finding],
    title: &str,
    look: &Look,
) -> std::io::Result<()> {
    let language = look.language;
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", look.paint(Ink::Strong, title))?;
    for finding in findings.iter().take(SHOWN) {
        let about = layout::clean(&finding.about);
        let note = layout::clean(language.pick(&finding.note.zh, &finding.note.en));
        writeln!(
            out,
            "{}",
            say!(language, "  {about}：{note}", "  {about}: {note}")
        )?;
    }
    if let Some(more) = findings.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        let more = say!(language, "  另有 {more} 处", "  {more} more");
        writeln!(out, "{}", look.paint(Ink::Faint, &more))?;
    }
    Ok(())
}
