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
    "headings.toml",
    "noise.toml",
    "regions.csv",
    "sections.toml",
    "tags.toml",
];

/// The raw files of a schema.
#[derive(Debug, Clone)]
pub struct Files {
    content: BTreeMap<&'static str, Cow<'static, str>>,
}

impl Files {
    /// Returns whether none of the embedded files was replaced; these are proved by the tests.
    pub(super) fn are_embedded(&self) -> bool {
        self.content
            .values()
            .all(|text| matches!(text, Cow::Borrowed(_)))
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

    /// Returns the content of a file of `index_schema/`; empty if there is no such file.
    pub fn get(&self, name: &str) -> &str {
        self.content.get(name).map_or("", |text| text.as_ref())
    }

    /// Returns the hash of all files but the README, 16 hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for (name, text) in self
            .content
            .iter()
            .filter(|(name, _)| **name != "README.md")
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
