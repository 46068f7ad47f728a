//! Every dependency may be passed on under the licences that we accept.

use std::process::Command;

/// Licences that ask for no more than notices (MPL-2.0: source of changed files).
const ACCEPTED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Exceptions after `WITH` that only widen what a licence allows.
const EXCEPTIONS: &[&str] = &["LLVM-exception"];

#[test]
fn every_dependency_has_an_accepted_licence() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 10, "cargo listed no dependencies");
    let refused: Vec<String> = packages
        .iter()
        .filter_map(|package| {
            let (name, version) = (&package["name"], &package["version"]);
            let licence = package["license"].as_str().unwrap_or("");
            (accepts(licence) != Ok(true)).then(|| format!("{name} {version}: '{licence}'"))
        })
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

/// Returns what cargo knows of all packages, without going online: of every platform if their
/// sources are at hand, else of this one.
fn metadata() -> serde_json::Value {
    let compiler = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = Command::new(compiler).arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));

    let mut last = String::new();
    for platform in [None, host] {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let mut command = Command::new(cargo);
        command.current_dir(env!("CARGO_MANIFEST_DIR")).args([
            "metadata",
            "--format-version",
            "1",
            "--offline",
        ]);
        if let Some(platform) = platform {
            command.args(["--filter-platform", platform]);
        }
        let output = command.output().unwrap();
        if output.status.success() {
            return serde_json::from_slice(&output.stdout).unwrap();
        }
        last = String::from_utf8_lossy(&output.stderr).into_owned();
    }
    panic!("cargo metadata failed: {last}");
}

/// Returns whether a licence expression can be met with accepted licences alone.
fn accepts(expression: &str) -> Result<bool, String> {
    // Old packages write `MIT/Apache-2.0` for a choice.
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = Parser { tokens: &tokens };
    let accepted = parser.any()?;
    match parser.tokens {
        [] => Ok(accepted),
        [rest, ..] => Err(format!("unexpected '{rest}'")),
    }
}

/// Reads `OR` below `AND` below `WITH`, as SPDX ranks them.
struct Parser<'a> {
    tokens: &'a [&'a str],
}

impl Parser<'_> {
    fn any(&mut self) -> Result<bool, String> {
        let mut accepted = self.all()?;
        while self.skip("OR") {
            accepted |= self.all()?;
        }
        Ok(accepted)
    }

    fn all(&mut self) -> Result<bool, String> {
        let mut accepted = self.one()?;
        while self.skip("AND") {
            accepted &= self.one()?;
        }
        Ok(accepted)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.skip("(") {
            let accepted = self.any()?;
            return if self.skip(")") {
                Ok(accepted)
            } else {
                Err("unbalanced '('".to_owned())
            };
        }
        let licence = self.name()?;
        let mut accepted = ACCEPTED.contains(&licence.as_str());
        if self.skip("WITH") {
            accepted &= EXCEPTIONS.contains(&self.name()?.as_str());
        }
        Ok(accepted)
    }

    fn skip(&mut self, token: &str) -> bool {
        let found = self.tokens.first() == Some(&token);
        if found {
            self.tokens = &self.tokens[1..];
        }
        found
    }

    fn name(&mut self) -> Result<String, String> {
        match self.tokens {
            [] => Err("a licence is missing".to_owned()),
            ["AND" | "OR" | "WITH" | "(" | ")", ..] => {
                Err(format!("unexpected '{}'", self.tokens[0]))
            }
            [name, rest @ ..] => {
                self.tokens = rest;
                Ok((*name).to_owned())
            }
        }
    }
}

#[test]
fn expressions() {
    let cases = [
        ("MIT", Ok(true)),
        ("GPL-3.0-only", Ok(false)),
        ("GPL-3.0-only OR MIT", Ok(true)),
        ("GPL-3.0-only AND MIT", Ok(false)),
        ("MIT OR GPL-3.0-only AND AGPL-3.0-only", Ok(true)),
        ("(MIT OR GPL-3.0-only) AND AGPL-3.0-only", Ok(false)),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", Ok(true)),
        ("Apache-2.0 WITH LLVM-exception", Ok(true)),
        ("Apache-2.0 WITH Commons-Clause", Ok(false)),
        ("Apache-2.0/MIT", Ok(true)),
        ("", Err(())),
        ("MIT OR", Err(())),
        ("(MIT", Err(())),
        ("MIT Apache-2.0", Err(())),
    ];
    for (expression, expected) in cases {
        assert_eq!(
            accepts(expression).map_err(|_| ()),
            expected,
            "{expression}"
        );
    }
}
