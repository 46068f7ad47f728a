//! `demo`: indexes the samples and shows a few searches over them.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Parser;
use zhengsou::pipeline::BuildOptions;
use zhengsou::present::{Ink, search as text};
use zhengsou::{Engine, Error, ErrorKind, Result};

use super::{Outcome, index};
use crate::args::{Args, Command, DemoArgs};
use crate::output;
use crate::settings::{self, Settings};

/// Searches to show, as one would type them.
const SEARCHES: &[&[&str]] = &[
    &["乡村振兴", "--facets", "year,agency", "--limit", "3"],
    &[
        "乡村振兴",
        "--section",
        "工作计划",
        "--sort",
        "-year",
        "--limit",
        "2",
    ],
    &["“乡村振兴” 产业", "--group", "report", "--limit", "3"],
];

/// Indexes, searches, and says how to go on.
pub(super) fn run(args: &DemoArgs, settings: &Settings) -> Outcome {
    let samples = samples()?;
    let default_folder = std::env::temp_dir().join("zhengsou-demo");
    let index = args.folder.as_ref().unwrap_or(&default_folder);
    let options = BuildOptions {
        paths: vec![samples],
        index: index.clone(),
        // The folder under the temporary ones is ours; one that was named may hold other things.
        rebuild: args.folder.is_none(),
        ..BuildOptions::default()
    };
    let status = index::build(&options, None, settings)?;

    let engine = Engine::open(index, settings.schema()?)?;
    let mut out = output::stdout();
    for words in SEARCHES {
        show(&mut out, &engine, words, settings)?;
    }
    let language = settings.language;
    let place = quoted(&index.display().to_string());
    let more = language.pick("接着可以试：", "To go on:");
    writeln!(
        out,
        "\n{more}\n\n  export ZHENGSOU_INDEX={place}\n  \
           zhengsou search '医疗保障' --year 2023 --facets region,agency\n  \
           zhengsou show ID --around 2\n  \
           zhengsou stats\n  \
           zhengsou --help"
    )?;
    writeln!(
        out,
        "\n{}\n\n  zhengsou serve",
        language.pick(
            "或用浏览器检索和阅读（http://127.0.0.1:7373/）：",
            "Or search and read in a browser (http://127.0.0.1:7373/):"
        )
    )?;
    out.flush()?;
    Ok(status)
}

/// Prints a search as a command, and its answer.
fn show(
    out: &mut dyn Write,
    engine: &Engine,
    words: &[&str],
    settings: &Settings,
) -> anyhow::Result<()> {
    let typed = ["zhengsou", "search"].iter().chain(words);
    // The searches above are fixed and a test reads them all.
    let Ok(args) = Args::try_parse_from(typed.clone()) else {
        return Ok(());
    };
    let Command::Search(args) = args.command else {
        return Ok(());
    };
    let request = settings::request(&args)?;
    let line: Vec<String> = typed.map(|word| quoted(word)).collect();
    let look = settings.look();
    let line = format!("$ {}", line.join(" "));
    writeln!(out, "\n{}", look.paint(Ink::Strong, &line))?;
    text::answer(out, &request, &engine.search(&request)?, &look)?;
    Ok(())
}

/// Finds the samples: those of the working folder, or those that the program was built from.
fn samples() -> Result<PathBuf> {
    let built_from = Path::new(env!("CARGO_MANIFEST_DIR")).join("data_samples");
    let places = [PathBuf::from("data_samples"), built_from];
    places
        .into_iter()
        .find(|place| place.is_dir())
        .ok_or_else(|| {
            Error::new(
                ErrorKind::Io,
                "找不到样例文件夹 data_samples",
                "the folder of samples, data_samples, is not there",
            )
            .with_hint(
                "在项目文件夹里运行，或直接索引自己的报告：zhengsou index 文件夹",
                "run it in the project's folder, or index your own reports: zhengsou index FOLDER",
            )
        })
}

/// Quotes a word for the shell where it needs it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./,=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_searches_can_be_read() {
        for words in SEARCHES {
            let typed = ["zhengsou", "search"].iter().chain(*words);
            let args = Args::try_parse_from(typed).unwrap();
            let Command::Search(search) = args.command else {
                panic!("not a search: {words:?}");
            };
            settings::request(&search).unwrap();
        }
    }

    #[test]
    fn quoting() {
        let cases = [
            ("乡村振兴", "乡村振兴"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
            ("!教育局", "'!教育局'"),
        ];
        for (word, expected) in cases {
            assert_eq!(quoted(word), expected);
        }
    }
}
