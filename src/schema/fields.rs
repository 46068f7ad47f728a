//! `fields.toml`: the fields of the index.

use serde::Deserialize;

use super::Files;
use super::files::broken;
use crate::error::Result;

const FILE: &str = "fields.toml";

/// The declared fields, sorted by name.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    declarations: Vec<FieldDeclaration>,
}

/// One field of the index.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldDeclaration {
    /// Name.
    pub name: String,
    /// Type of its values.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// How text becomes tokens.
    #[serde(default)]
    pub face: Option<Face>,
    /// Whether values can be read by document.
    #[serde(default)]
    pub fast: bool,
    /// Whether values can be looked up.
    #[serde(default)]
    pub indexed: bool,
    /// What it holds.
    pub meaning: String,
}

/// Type of a field's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// A whole value.
    Keyword,
    /// Text cut into tokens.
    Text,
    /// A number of 64 bits.
    Unsigned,
    /// A signed number of 64 bits.
    Integer,
    /// Kept, not looked up.
    Stored,
}

/// How text becomes tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Face {
    /// Overlapping pairs of characters, with their places.
    Bigrams,
    /// Words of the segmenter.
    Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    field: Vec<FieldDeclaration>,
}

impl Fields {
    /// Reads and checks the declarations.
    ///
    /// # Errors
    /// If the file is not TOML of the expected shape, names are unsorted or repeated, or a text
    /// field lacks its face.
    pub(crate) fn load(files: &Files) -> Result<Self> {
        let raw: RawFile =
            toml::from_str(files.get(FILE)).map_err(|error| broken(FILE, &error.to_string()))?;
        for pair in raw.field.windows(2) {
            if pair[0].name >= pair[1].name {
                return Err(broken(
                    FILE,
                    &format!("{}: not sorted or repeated", pair[1].name),
                ));
            }
        }
        for field in &raw.field {
            if (field.kind == FieldType::Text) != field.face.is_some() {
                return Err(broken(
                    FILE,
                    &format!("{}: text fields have a face", field.name),
                ));
            }
        }
        Ok(Fields {
            declarations: raw.field,
        })
    }

    /// Returns the declarations, sorted by name.
    pub fn declarations(&self) -> &[FieldDeclaration] {
        &self.declarations
    }
}
