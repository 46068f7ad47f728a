//! Declared fields ↔ tantivy's handles.

use serde_json::Value;
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, Schema as TantivySchema, TextFieldIndexing,
    TextOptions,
};

use super::{bigrams, records, words};
use crate::error::{Error, ErrorKind, Result};
use crate::model::FacetField;
use crate::schema::{Face, FieldDeclaration, FieldType, Fields};

/// Value of [`Handles::kind`] for a passage.
pub const PASSAGE: &str = "passage";
/// Value of [`Handles::kind`] for a source of the ledger.
pub const SOURCE: &str = "source";

macro_rules! handles {
    ($($name:ident),+ $(,)?) => {
        /// tantivy's handles of the declared fields; `fields.toml` says what each holds.
        #[derive(Debug, Clone, Copy)]
        #[expect(missing_docs, reason = "documented in index_schema/fields.toml")]
        pub struct Handles { $(pub $name: Field),+ }

        impl Handles {
            /// Looks the fields up in a tantivy schema.
            ///
            /// # Errors
            /// If one is missing.
            pub fn find(schema: &TantivySchema) -> Result<Self> {
                Ok(Handles { $($name: find(schema, stringify!($name))?),+ })
            }
        }
    };
}

handles! {
    agency, chars, fold, heading, id, kind, length, level, mask, opening, opening_words, record, region, report,
    report_kind, report_year, section_kind, sentence_ends, sequence, signature, source, start, system, title,
    words, year,
}

fn find(schema: &TantivySchema, name: &str) -> Result<Field> {
    schema.get_field(name).map_err(|cause| {
        Error::new(
            ErrorKind::Schema,
            format!("index_schema/fields.toml 缺少字段 {name}"),
            format!("index_schema/fields.toml lacks the field {name}"),
        )
        .with_cause(cause)
    })
}

impl Handles {
    /// Returns the field that holds a facet's values.
    pub fn facet(&self, facet: FacetField) -> Field {
        match facet {
            FacetField::Agency => self.agency,
            FacetField::System => self.system,
            FacetField::Level => self.level,
            FacetField::Region => self.region,
            FacetField::Year => self.year,
            FacetField::ReportYear => self.report_year,
            FacetField::Section => self.section_kind,
            FacetField::ReportKind => self.report_kind,
            FacetField::Source => self.source,
        }
    }
}

/// Makes the tantivy schema of the declared fields.
pub fn tantivy_schema(fields: &Fields) -> TantivySchema {
    let mut builder = TantivySchema::builder();
    for field in fields.declarations() {
        match field.kind {
            FieldType::Keyword => builder.add_text_field(&field.name, keyword(field)),
            FieldType::Text => {
                let kind = match field.face {
                    Some(Face::Words) => words::TYPE,
                    Some(Face::Bigrams) | None => bigrams::TYPE,
                };
                builder.add_custom_field(&field.name, kind, Value::Null)
            }
            FieldType::Unsigned => builder.add_u64_field(&field.name, numeric(field)),
            FieldType::Integer => builder.add_i64_field(&field.name, numeric(field)),
            FieldType::Stored => builder.add_custom_field(&field.name, records::TYPE, Value::Null),
        };
    }
    builder.build()
}

fn keyword(field: &FieldDeclaration) -> TextOptions {
    let mut options = TextOptions::default();
    if field.indexed {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic);
        options = options.set_indexing_options(indexing);
    }
    if field.fast {
        options.set_fast("raw")
    } else {
        options
    }
}

fn numeric(field: &FieldDeclaration) -> NumericOptions {
    let mut options = NumericOptions::default();
    if field.indexed {
        options = options.set_indexed();
    }
    if field.fast {
        options.set_fast()
    } else {
        options
    }
}
