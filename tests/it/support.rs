//! What the test modules share: the binary in a clean environment, golden files.

use assert_cmd::Command;

/// Returns the binary as a reader without any setting of their own meets it.
pub(crate) fn zhengsou() -> Command {
    let mut command = Command::cargo_bin("zhengsou").expect("the binary is built with the tests");
    for name in [
        "ZHENGSOU_INDEX",
        "ZHENGSOU_LANG",
        "LC_ALL",
        "LC_MESSAGES",
        "LANG",
        "NO_COLOR",
        "COLUMNS",
    ] {
        command.env_remove(name);
    }
    command
}

/// What a run of the binary came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the binary.
pub(crate) fn run<'a>(args: impl IntoIterator<Item = &'a str>) -> Ran {
    finish(zhengsou().args(args))
}

/// Runs a prepared command.
pub(crate) fn finish(command: &mut Command) -> Ran {
    let output = command.output().expect("the binary runs");
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    Ran {
        status: output.status.code().expect("no signal ended it"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// Compares a text with `tests/golden/NAME.snap`.
pub(crate) fn golden(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
