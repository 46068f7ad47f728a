//! Members' names: bytes in some encoding → paths that can be cited.

use std::collections::HashSet;

use crate::read::encoding;

/// The names of one archive.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Those that are no UTF-8, a line each: one alone is too short to tell GBK from Big5.
    legacy: Vec<u8>,
    given: HashSet<String>,
}

impl Names {
    /// Makes itself acquainted with a name that will be asked for later.
    ///
    /// Programs on Chinese Windows write GBK and say nothing.
    pub(super) fn learn(&mut self, name: &[u8]) {
        if std::str::from_utf8(name).is_err() {
            self.legacy.extend_from_slice(name);
            self.legacy.push(b'\n');
        }
    }

    /// Returns a name as a path that no other member has.
    pub(super) fn decode(&mut self, name: &[u8]) -> String {
        let text = match std::str::from_utf8(name) {
            Ok(text) => clean(text),
            Err(_) => clean(&encoding::double_byte(&self.legacy).decode(name).0),
        };
        let path = unlike(text, &self.given);
        self.given.insert(path.clone());
        path
    }
}

/// Leaves of a path what names a place inside the archive.
fn clean(name: &str) -> String {
    let parts = name.split(['/', '\\']);
    let mut parts: Vec<&str> = parts
        .filter(|part| !matches!(*part, "" | "." | ".."))
        .collect();
    // The drive of an absolute Windows path.
    if parts
        .first()
        .is_some_and(|part| part.len() == 2 && part.ends_with(':'))
    {
        parts.remove(0);
    }
    match parts.is_empty() {
        true => "无名".to_owned(),
        false => parts.join("/").replace(char::is_control, "\u{fffd}"),
    }
}

/// Numbers a path that is taken: `a.txt`, `a (2).txt`.
fn unlike(path: String, taken: &HashSet<String>) -> String {
    if !taken.contains(&path) {
        return path;
    }
    let (stem, extension) = match path.rfind('.') {
        Some(dot) if !path[dot..].contains('/') => path.split_at(dot),
        _ => (path.as_str(), ""),
    };
    let mut numbered = (2..).map(|number: u64| format!("{stem} ({number}){extension}"));
    numbered
        .find(|candidate| !taken.contains(candidate))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&[u8]]) -> Vec<String> {
        let mut all = Names::default();
        names.iter().for_each(|name| all.learn(name));
        names.iter().map(|name| all.decode(name)).collect()
    }

    #[test]
    fn names_are_decoded_cleaned_and_told_apart() {
        let gbk = encoding_rs::GB18030.encode("报告/县水务局.txt").0;
        assert_eq!(
            check(&[
                &gbk,
                "报告/县水务局.txt".as_bytes(),
                &gbk,
                b"a/b",
                b"a//./b"
            ]),
            [
                "报告/县水务局.txt",
                "报告/县水务局 (2).txt",
                "报告/县水务局 (3).txt",
                "a/b",
                "a/b (2)"
            ]
        );
        assert_eq!(
            check(&[b"../../etc/passwd", b"C:\\x\\..\\y.txt", b"/", b"a\nb"]),
            ["etc/passwd", "x/y.txt", "无名", "a\u{fffd}b"]
        );
    }
}
