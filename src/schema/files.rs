//! The raw files of `index_schema/`: embedded ones, or those of a folder in their stead.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Error, Result};

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        /// Every file of `index_schema/` that the engine reads, with its embedded content.
        const EMBEDDED: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../index_schema/", $name)))),*];
    };
}

// Sorted by name, one a line.
embedded![
    "README.md",
    "agencies.toml",
    "dictionary.tsv",
    "fields.toml",
    "function_words.tsv",
    "headings.toml",
    "lexicon.tsv",
    "noise.toml",
    "ranking.toml",
    "redactions.toml",
    "regions.csv",
    "sections.toml",
    "synonyms.tsv",
    "tags.toml",
    "variants.tsv",
];

/// Files that decide about no index: those that count only when a query is answered, and the prose.
const ONLY_READ_LATER: &[&str] = &[
    "README.md",
    "function_words.tsv",
    "ranking.toml",
    "synonyms.tsv",
];

/// The raw files of a schema.
#[derive(Debug, Clone)]
pub struct Files {
    content: BTreeMap<&'static str, Cow<'static, str>>,
}

impl Files {
    /// Returns whether none of the embedded files was replaced; these are proved by the tests.
    pub(super) fn are_embedded(&self) -> bool {
        self.names().all(|name| self.is_embedded(name))
    }

    /// Returns whether a file was not replaced.
    pub(super) fn is_embedded(&self, name: &str) -> bool {
        matches!(self.content.get(name), Some(Cow::Borrowed(_)))
    }
}

impl Files {
    /// Returns the files embedded in the binary.
    pub fn embedded() -> Self {
        Files {
            content: EMBEDDED
                .iter()
                .map(|(name, text)| (*name, Cow::Borrowed(*text)))
                .collect(),
        }
    }

    /// Returns the embedded files with those of `folder` in their stead, where it has them.
    ///
    /// # Errors
    /// If the folder or one of its files cannot be read, or it holds none of them.
    pub fn from_folder(folder: &Path) -> Result<Self> {
        let mut files = Self::embedded();
        let mut found = 0;
        for (name, text) in &mut files.content {
            let path = folder.join(name);
            match std::fs::read_to_string(&path) {
                Ok(content) => {
                    *text = Cow::Owned(content.replace("\r\n", "\n"));
                    found += 1;
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound && folder.is_dir() => {}
                Err(error) => return Err(Error::io(&path, error)),
            }
        }
        if found == 0 {
            return Err(Error::new(
                crate::ErrorKind::Schema,
                "文件夹里没有任何 index_schema 文件",
                "the folder holds no file of index_schema",
            )
            .with_path(folder));
        }
        Ok(files)
    }

    /// Returns the names of all files, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.content.keys().copied()
    }

    /// Returns the content of a file of `index_schema/`; empty if there is no such file.
    pub fn get(&self, name: &str) -> &str {
        self.content.get(name).map_or("", |text| text.as_ref())
    }

    /// Returns the hash of all files that decide about an index's content, 16 hexadecimal digits:
    /// all but the README, and the function words, weights and synonyms that count only when a query
    /// is answered.
    pub fn fingerprint(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for (name, text) in self
            .content
            .iter()
            .filter(|(name, _)| !ONLY_READ_LATER.contains(*name))
        {
            hasher
                .update(name.as_bytes())
                .update(&[0])
                .update(text.as_bytes())
                .update(&[0]);
        }
        hasher.finalize().to_hex()[..16].to_owned()
    }
}

/// Makes the error of a schema file that breaks its rules.
pub(crate) fn broken(file: &str, what: &str) -> Error {
    Error::new(
        crate::ErrorKind::Schema,
        format!("index_schema/{file} 不合规则：{what}"),
        format!("index_schema/{file} breaks its rules: {what}"),
    )
}

/// Returns the lines of a tab-separated file with their numbers (1-based), without comments and
/// blank lines, split into columns.
pub(crate) fn tab_separated(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(index, line)| (index + 1, line.split('\t').collect()))
}
