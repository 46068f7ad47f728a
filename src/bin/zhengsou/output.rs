//! stdout or a file for data, stderr for messages.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::Path;

use zhengsou::model::{Column, DataTable};
use zhengsou::present::rows::Rows;
use zhengsou::present::{Look, data, json, workbook};
use zhengsou::{Error, ErrorKind};

use crate::args::{AnswerFormat, OutputArgs};
use crate::settings::Settings;

/// Returns stdout with a buffer; the caller flushes it, so that a late error is not lost.
pub(crate) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

/// Runs what writes data: to the file of `--output`, or else to stdout.
pub(crate) fn to<T>(
    path: Option<&Path>,
    settings: &Settings,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    if let Some(path) = path {
        let doing = settings.language.pick(
            "无法写入 --output 指定的文件",
            "cannot write the file of --output",
        );
        return to_file(path, doing, write);
    }
    let mut out = stdout();
    let written = write(&mut out)?;
    out.flush()?;
    Ok(written)
}

/// Runs what writes data to a file. An I/O error that it leaves bare is the file's, and told with
/// what was being done; all others stay as they are.
pub(crate) fn to_file<T>(
    path: &Path,
    doing: &'static str,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let failed = |error| anyhow::Error::from(Error::io(path, error)).context(doing);
    let mut out = BufWriter::new(File::create(path).map_err(failed)?);
    let written = match write(&mut out) {
        Ok(written) => written,
        Err(error) => return Err(error.downcast().map_or_else(|error| error, failed)),
    };
    out.flush().map_err(failed)?;
    Ok(written)
}

/// Refuses to write a workbook to a screen.
pub(crate) fn check(args: &OutputArgs) -> zhengsou::Result<()> {
    let is_binary = args.format == AnswerFormat::Xlsx;
    match is_binary && args.output.is_none() && io::stdout().is_terminal() {
        true => Err(no_workbook()),
        false => Ok(()),
    }
}

/// Makes the error of a workbook for a screen.
pub(crate) fn no_workbook() -> Error {
    Error::new(
        ErrorKind::Usage,
        "xlsx 不能写到屏幕上",
        "a workbook cannot be written to the screen",
    )
    .with_hint("加上 -o 文件.xlsx", "add -o FILE.xlsx")
}

/// Writes a table in the format asked for: as JSON the whole answer, as text what `text` writes.
pub(crate) fn answer(
    args: &OutputArgs,
    settings: &Settings,
    response: &impl serde::Serialize,
    table: &DataTable,
    text: impl FnOnce(&mut dyn Write, &Look) -> io::Result<()>,
) -> anyhow::Result<()> {
    check(args)?;
    let (language, to_file) = (settings.language, args.output.is_some());
    to(args.output.as_deref(), settings, |out| {
        Ok(match args.format {
            AnswerFormat::Text => text(out, &look(settings, to_file)),
            AnswerFormat::Json => json::document(out, response, is_pretty(to_file)),
            AnswerFormat::Jsonl => data::json_lines(out, table),
            AnswerFormat::Csv => data::csv(out, table, args.bom, language),
            AnswerFormat::Xlsx => workbook::write(out, table, language),
        }?)
    })
}

/// Writes, as [`answer`] does, what is a table in text as well.
pub(crate) fn table(
    args: &OutputArgs,
    settings: &Settings,
    response: &impl serde::Serialize,
    table: &DataTable,
) -> anyhow::Result<()> {
    answer(args, settings, response, table, |out, look| {
        data::text(out, table, look)
    })
}

/// Returns how text looks: plain in a file.
pub(crate) fn look(settings: &Settings, to_file: bool) -> Look {
    match to_file {
        true => Look {
            language: settings.language,
            ..Look::default()
        },
        false => settings.look(),
    }
}

/// Returns whether JSON is for a reader's eyes.
pub(crate) fn is_pretty(to_file: bool) -> bool {
    !to_file && io::stdout().is_terminal()
}

/// Begins rows with such columns, where the answer is written as rows: as JSONL, CSV or a workbook.
pub(crate) fn rows<'a>(
    out: &'a mut dyn Write,
    args: &OutputArgs,
    settings: &Settings,
    columns: Vec<Column>,
) -> io::Result<Rows<'a>> {
    match args.format {
        AnswerFormat::Csv => Rows::csv(out, &columns, args.bom),
        AnswerFormat::Xlsx => Rows::workbook(out, columns, settings.language),
        AnswerFormat::Jsonl | AnswerFormat::Text | AnswerFormat::Json => Ok(Rows::json_lines(out)),
    }
}

/// Writes a message to stderr; a closed stderr is nobody to complain to.
pub(crate) fn message(text: &str) {
    if !text.is_empty() {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}
