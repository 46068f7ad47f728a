//! The reader's language: how it is chosen, and help texts in it.
//!
//! clap's help is static text, so each text in [`args`](crate::args) holds both languages,
//! `中文 ‖ English`, and [`command`] keeps one of them before anything is parsed.

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command, CommandFactory};
use zhengsou::model::Language;

use crate::args::Args;

/// Stands between the Chinese and the English form of a help text.
const BETWEEN: &str = "‖";

/// Chooses the language: `--lang`, then `ZHENGSOU_LANG`, then the locale; Chinese unless the locale
/// names another language.
pub(crate) fn choose(
    args: impl IntoIterator<Item = OsString>,
    variable: impl Fn(&str) -> Option<String>,
) -> Language {
    let mut args = args
        .into_iter()
        .map(|arg| arg.to_string_lossy().into_owned());
    let mut typed = None;
    while let Some(arg) = args.next() {
        if arg == "--" {
            break;
        } else if arg == "--lang" {
            typed = args.next();
        } else if let Some(value) = arg.strip_prefix("--lang=") {
            typed = Some(value.to_owned());
        }
    }
    let named = |name: &str| variable(name).filter(|value| !value.is_empty());
    if let Some(language) = typed.or_else(|| named("ZHENGSOU_LANG")) {
        return match language.as_str() {
            "en" => Language::En,
            _ => Language::Zh,
        };
    }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(named);
    match locale
        .as_deref()
        .map(|locale| locale.split(['.', '_', '@']).next().unwrap_or(""))
    {
        None | Some("zh" | "C" | "POSIX") => Language::Zh,
        Some(_) => Language::En,
    }
}

/// Returns the command line's definition with its help in one language.
pub(crate) fn command(language: Language) -> Command {
    let words = Words::of(language);
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .global(true)
        .action(ArgAction::Help)
        .help_heading("global")
        .help("显示帮助 ‖ Print help");
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help_heading("global")
        .help("显示版本 ‖ Print version");
    let command = Args::command()
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .arg(help)
        .arg(version);
    localize(command, language, &words)
}

/// The headings of help pages.
struct Words {
    template: &'static str,
    commands: &'static str,
    command: &'static str,
    arguments: &'static str,
    options: &'static str,
    filters: &'static str,
    global: &'static str,
}

impl Words {
    fn of(language: Language) -> Self {
        match language {
            Language::Zh => Words {
                template: "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}",
                commands: "命令",
                command: "命令",
                arguments: "参数",
                options: "选项",
                filters: "筛选（可重复；值前加 ! 为排除）",
                global: "通用选项",
            },
            Language::En => Words {
                template: "{about-with-newline}\nUsage: {usage}\n\n{all-args}{after-help}",
                commands: "Commands",
                command: "COMMAND",
                arguments: "Arguments",
                options: "Options",
                filters: "Filters (repeatable; a leading ! leaves the value out)",
                global: "Global options",
            },
        }
    }
}

fn localize(command: Command, language: Language, words: &Words) -> Command {
    let text = |text: &clap::builder::StyledStr| side(&text.to_string(), language);
    let about = command.get_about().map(text);
    let after = command.get_after_help().map(text);
    let mut command = command
        .help_template(words.template)
        .subcommand_help_heading(words.commands)
        .subcommand_value_name(words.command);
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(after) = after {
        command = command.after_help(after);
    }
    command
        .mut_args(|arg| {
            let heading = match arg.get_help_heading() {
                Some("global") => words.global,
                Some("filters") => words.filters,
                _ if arg.is_positional() => words.arguments,
                _ => words.options,
            };
            let help = arg.get_help().map(text);
            let arg = arg.help_heading(heading);
            let arg = if arg.get_action().takes_values() {
                // clap would add defaults and choices in English; the help texts name them.
                arg.hide_default_value(true)
                    .hide_possible_values(true)
                    .hide_env(true)
            } else {
                arg
            };
            match help {
                Some(help) => arg.help(help),
                None => arg,
            }
        })
        .mut_subcommands(|command| localize(command, language, words))
}

fn side(text: &str, language: Language) -> String {
    let (zh, en) = text.split_once(BETWEEN).unwrap_or((text, text));
    language.pick(zh, en).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language() {
        use Language::{En, Zh};
        type Variables = &'static [(&'static str, &'static str)];
        let cases: &[(&str, Variables, Language)] = &[
            ("zhengsou", &[], Zh),
            ("zhengsou", &[("LANG", "C.UTF-8")], Zh),
            ("zhengsou", &[("LANG", "zh_CN.UTF-8")], Zh),
            ("zhengsou", &[("LANG", "en_US.UTF-8")], En),
            ("zhengsou", &[("LANG", "en_US"), ("LC_ALL", "zh_CN")], Zh),
            (
                "zhengsou",
                &[("LANG", "en_US"), ("ZHENGSOU_LANG", "zh")],
                Zh,
            ),
            ("zhengsou", &[("ZHENGSOU_LANG", "")], Zh),
            ("zhengsou --lang en stats", &[("ZHENGSOU_LANG", "zh")], En),
            ("zhengsou stats --lang=en", &[], En),
            ("zhengsou search -- --lang en", &[], Zh),
            ("zhengsou --lang", &[], Zh),
        ];
        for (typed, variables, expected) in cases {
            let args = typed.split(' ').map(OsString::from);
            let found = choose(args, |name| {
                let set = variables.iter().find(|(variable, _)| *variable == name);
                set.map(|(_, value)| (*value).to_owned())
            });
            assert_eq!(found, *expected, "{typed} {variables:?}");
        }
    }

    fn check_texts(command: &Command, language: Language) {
        let texts = command
            .get_arguments()
            .map(|arg| (arg.get_id().to_string(), arg.get_help()))
            .chain([(command.get_name().to_owned(), command.get_about())]);
        for (name, help) in texts {
            let help = help.map(ToString::to_string).unwrap_or_default();
            assert!(
                !help.is_empty() && !help.contains(BETWEEN),
                "{name}: {help}"
            );
            // English may cite Chinese values, and Chinese may begin with an English name.
            let fits = match language {
                Language::Zh => !help.is_ascii(),
                Language::En => help.starts_with(|first: char| first.is_ascii_alphabetic()),
            };
            assert!(fits, "{name}: {help}");
        }
        command
            .get_subcommands()
            .for_each(|command| check_texts(command, language));
    }

    #[test]
    fn every_help_text_has_both_languages() {
        for language in [Language::Zh, Language::En] {
            let mut command = command(language);
            command.build();
            check_texts(&command, language);
        }
    }
}
