//! clap's usage errors → our errors, in the reader's language.

use clap::error::{ContextKind, ContextValue, ErrorKind as Fault};
use zhengsou::model::Language;
use zhengsou::present::{Look, fault};
use zhengsou::{Error, ErrorKind};

use crate::commands::ExitStatus;
use crate::output::message;

/// Reports a usage error on stderr; a command without any argument gets its help instead.
pub(crate) fn report(error: &clap::Error, language: Language) -> ExitStatus {
    if error.kind() == Fault::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
        return ExitStatus::Nothing;
    }
    let look = Look {
        language,
        ..Look::default()
    };
    message(fault::lines(&explain(error), &[], &look).trim_end());
    ExitStatus::Nothing
}

/// Says what clap found, in our words.
fn explain(error: &clap::Error) -> Error {
    let named = |kind| error.get(kind).map(text).unwrap_or_default();
    let arg = named(ContextKind::InvalidArg);
    let value = named(ContextKind::InvalidValue);
    let choices = named(ContextKind::ValidValue);
    let nearest = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ]
    .into_iter()
    // Of several, clap names the likest last.
    .filter_map(|kind| match error.get(kind) {
        Some(ContextValue::Strings(names)) => names.last().cloned(),
        found => found.map(text),
    })
    .find(|text| !text.is_empty());

    let usage = |zh: String, en: String| Error::new(ErrorKind::Usage, zh, en);
    let fault = match error.kind() {
        Fault::UnknownArgument => usage(
            format!("没有 '{arg}' 这个选项"),
            format!("there is no option '{arg}'"),
        ),
        Fault::InvalidSubcommand => {
            let name = named(ContextKind::InvalidSubcommand);
            usage(
                format!("没有 '{name}' 这个命令"),
                format!("there is no command '{name}'"),
            )
        }
        Fault::MissingSubcommand => usage("缺少命令".to_owned(), "a command is missing".to_owned()),
        Fault::MissingRequiredArgument => usage(format!("缺少 {arg}"), format!("{arg} is missing")),
        Fault::InvalidValue if value.is_empty() => {
            usage(format!("{arg} 没有给出值"), format!("{arg} needs a value"))
        }
        Fault::InvalidValue | Fault::ValueValidation => usage(
            format!("'{value}' 不能作 {arg} 的值"),
            format!("'{value}' is no value for {arg}"),
        ),
        Fault::ArgumentConflict => {
            let prior = named(ContextKind::PriorArg);
            if prior.is_empty() || prior == arg {
                usage(
                    format!("{arg} 只能给一次"),
                    format!("{arg} can be given once only"),
                )
            } else {
                usage(
                    format!("{arg} 不能与 {prior} 同用"),
                    format!("{arg} cannot be used with {prior}"),
                )
            }
        }
        Fault::InvalidUtf8 => usage(
            "参数不是有效的 UTF-8".to_owned(),
            "an argument is not valid UTF-8".to_owned(),
        ),
        _ => usage(
            "命令行写法有误".to_owned(),
            "the command line cannot be read".to_owned(),
        ),
    };
    match (error.kind(), nearest) {
        (_, Some(nearest)) => fault.with_hint(
            format!("是不是想写 {nearest}？"),
            format!("did you mean {nearest}?"),
        ),
        (Fault::InvalidValue, _) if !choices.is_empty() => {
            fault.with_hint(format!("可用：{choices}"), format!("use one of {choices}"))
        }
        (Fault::ValueValidation, _) if arg.contains("<SIZE>") => {
            fault.with_hint("写法如 512M、2G", "write it as in 512M or 2G")
        }
        // Every other checked value without a list of choices is a count.
        (Fault::ValueValidation, _) => fault.with_hint(
            "请给出一个不小于 0 的整数",
            "give a whole number, 0 or more",
        ),
        (Fault::UnknownArgument, _) => fault.with_hint(
            "用 --help 查看全部选项；查询以 - 开头时，先写 --",
            "--help lists the options; write -- before a query that begins with -",
        ),
        _ => fault.with_hint("用 --help 查看用法", "--help shows how to use it"),
    }
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(list) => list.join(", "),
        ContextValue::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
