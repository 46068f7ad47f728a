//! The binary from outside: help, errors, exit status, output, both languages.

use crate::support::{Ran, finish, golden, run, zhengsou};

/// Runs one line of words, quotes not understood.
fn line(typed: &str) -> Ran {
    run(typed.split_whitespace())
}

#[test]
fn help_in_both_languages() {
    for language in ["zh", "en"] {
        let mut pages = String::new();
        for command in [
            "",
            "index",
            "search",
            "count",
            "trend",
            "kwic",
            "collocates",
            "keyness",
            "formulas",
            "first-use",
            "compare",
            "follow-up",
            "show",
            "export",
            "inspect",
            "inspect text",
            "stats",
            "verify",
            "optimize",
            "eval",
            "bench",
            "bench generate",
            "serve",
            "mcp",
            "demo",
        ] {
            let ran = line(&format!("{command} --help --lang {language}"));
            assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{command}");
            pages += &format!("$ zhengsou {command} --help\n{}\n", ran.stdout);
        }
        golden(&format!("help.{language}"), &pages);
    }
}

#[test]
fn usage_errors_end_with_2_and_say_what_to_do() {
    let cases = [
        (
            "searh",
            "没有 'searh' 这个命令",
            "there is no command 'searh'",
        ),
        (
            "search --limt 3",
            "没有 '--limt' 这个选项",
            "there is no option '--limt'",
        ),
        (
            "search --limit abc",
            "'abc' 不能作 --limit <N> 的值",
            "'abc' is no value for --limit <N>",
        ),
        (
            "search --format xml",
            "'xml' 不能作 --format <FORMAT> 的值",
            "'xml' is no value for --format <FORMAT>",
        ),
        (
            "search --format",
            "--format <FORMAT> 没有给出值",
            "--format <FORMAT> needs a value",
        ),
        (
            "search --all --limit 3",
            "--all 不能与 --limit <N> 同用",
            "--all cannot be used with --limit <N>",
        ),
        (
            "search --all --format json",
            "--all 不能与 --format json 同用",
            "--all cannot be used with --format json",
        ),
        (
            "search --any --any",
            "--any 只能给一次",
            "--any can be given once only",
        ),
        (
            "search --facets colour",
            "没有叫“colour”的计数方面",
            "there is no facet 'colour'",
        ),
        (
            "export --year !",
            "筛选“年份”没有给出值",
            "the filter on year has no value",
        ),
        ("index", "缺少 <PATH>...", "<PATH>... is missing"),
        ("show", "缺少 <ID>", "<ID> is missing"),
        (
            "stats -q -v",
            "--quiet 不能与 --verbose 同用",
            "--quiet cannot be used with --verbose",
        ),
    ];
    for (typed, zh, en) in cases {
        for (language, label, message) in [("zh", "错误：", zh), ("en", "error: ", en)] {
            let words = typed.split(' ').chain(["--lang", language]);
            // `--format` without a value would take the next word for it.
            let ran = match typed {
                "search --format" => finish(
                    zhengsou()
                        .args(typed.split(' '))
                        .env("ZHENGSOU_LANG", language),
                ),
                _ => run(words),
            };
            assert_eq!(ran.status, 2, "{typed}: {ran:?}");
            assert_eq!(ran.stdout, "", "{typed}");
            let first = ran.stderr.lines().next().unwrap_or_default();
            assert_eq!(first, format!("{label}{message}"), "{typed}");
        }
    }
}

#[test]
fn hints_name_what_was_meant() {
    let cases = [
        ("searh", "提示：是不是想写 search？"),
        ("search --limt 3", "提示：是不是想写 --limit？"),
        (
            "search --limit -1",
            "提示：用 --help 查看全部选项；查询以 - 开头时，先写 --",
        ),
        ("search --mode vague", "提示：可用：auto, verbatim, words"),
        ("search --limit abc", "提示：请给出一个不小于 0 的整数"),
        ("search --all --format json", "提示：改用 --format jsonl"),
    ];
    for (typed, hint) in cases {
        let ran = line(typed);
        assert_eq!(ran.stderr.lines().nth(1), Some(hint), "{typed}");
    }
}

#[test]
fn the_locale_chooses_the_language() {
    let cases = [
        ("zh_CN.UTF-8", "错误："),
        ("C", "错误："),
        ("en_GB.UTF-8", "error: "),
    ];
    for (locale, label) in cases {
        let ran = finish(zhengsou().arg("searh").env("LANG", locale));
        assert!(ran.stderr.starts_with(label), "{locale}: {}", ran.stderr);
    }
}

#[test]
fn without_a_command_the_help_goes_to_stderr() {
    let ran = line("");
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("用法：zhengsou"), "{}", ran.stderr);
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = line(&format!("completions {shell}"));
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{shell}");
        assert!(ran.stdout.contains("zhengsou"), "{shell}");
    }
}

#[test]
fn the_readmes_name_commands_and_options_that_exist() {
    for (name, text) in [
        ("README.md", include_str!("../../README.md")),
        ("README.zh.md", include_str!("../../README.zh.md")),
    ] {
        let examples: Vec<_> = text
            .lines()
            .filter(|line| line.starts_with("zhengsou "))
            .collect();
        assert!(examples.len() > 5, "{name} shows no examples");
        for example in examples {
            let words: Vec<_> = example.split_whitespace().collect();
            let help = line(&format!("{} --help", words[1]));
            assert_eq!(help.status, 0, "{name}: {example}");
            for option in words.iter().filter(|word| word.starts_with("--")) {
                let known = help.stdout.contains(&format!("{option} "));
                assert!(known, "{name}: {example}: no {option}");
            }
        }
    }
}
