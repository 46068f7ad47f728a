//! What the stages say about their own work: evidence, warnings, dropped text.

use serde::{Deserialize, Serialize};

use super::{ByteSpan, CharSpan};

/// What a tag was read from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Name of the tag: `agency`, `region`, `report_year` …
    pub tag: String,
    /// The value that this piece of evidence speaks for.
    pub value: String,
    /// Where it was read: `title`, `session line`, `signature`, `body`, `path` …
    pub from: String,
    /// The characters that said so.
    pub quote: String,
    /// Line in the source (1-based, 0 for none).
    pub line: u32,
    /// Weight of this piece of evidence.
    pub weight: f32,
    /// Whether the report carries this value.
    pub chosen: bool,
}

/// Something a reader should know, that stopped nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Line in the source (1-based, 0 for the whole source).
    pub line: u32,
    /// What was noticed, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Warning {
    /// Makes a warning for a line (1-based, 0 for the whole source).
    pub fn new(line: u32, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Warning {
            line,
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// Text that belongs to no report, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Line in the source (1-based, 0 where a format has none).
    pub line: u32,
    /// Place in the decoded source, in bytes.
    pub bytes: ByteSpan,
    /// Place in the decoded source, in characters.
    pub chars: CharSpan,
    /// The characters themselves (at most 200 of them).
    pub text: String,
    /// Name of the rule in `index_schema/noise.toml` or of the markup: `contents`, `advertisement`,
    /// `pay_mark`, `page_number`, `share_button`, `breadcrumb`, `front_matter`, `bold`, `comment` …
    pub reason: String,
}
