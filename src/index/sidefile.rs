//! What our plugins of the library share: fields by the name of their type, the file of a segment,
//! documents as they come, and the order of documents, which has to stay.

use tantivy::TantivyDocument;
use tantivy::TantivyError;
use tantivy::index::SegmentComponent;
use tantivy::indexer::doc_id_mapping::{DocIdMapping, MappingType};
use tantivy::plugin::PluginMergeContext;
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, FieldType, Schema};

/// Returns the fields of a schema whose type has a name of ours.
pub(super) fn fields<'a>(schema: &'a Schema, name: &'a str) -> impl Iterator<Item = Field> + 'a {
    let fields = schema.fields().filter(move |(_, entry)| {
        matches!(entry.field_type(), FieldType::Custom(options) if options.type_name() == name)
    });
    fields.map(|(field, _)| field)
}

/// Returns the file of a segment with an extension of ours.
pub(super) fn component(extension: &str) -> SegmentComponent {
    SegmentComponent::Custom(extension.to_owned())
}

/// Returns a document that is added.
///
/// # Errors
/// If it is none of the library's own.
pub(super) fn document(document: &dyn ErasedDocument) -> tantivy::Result<&TantivyDocument> {
    let document = document.as_any().downcast_ref::<TantivyDocument>();
    document.ok_or_else(|| {
        TantivyError::InvalidArgument("documents are those of the library".to_owned())
    })
}

/// Checks that the documents of a segment that ends stay in their order.
///
/// # Errors
/// If they do not.
pub(super) fn check_order(order: Option<&DocIdMapping>) -> tantivy::Result<()> {
    match order {
        Some(_) => Err(reordered()),
        None => Ok(()),
    }
}

/// Checks that the documents of segments that are merged stand one segment behind the other.
///
/// # Errors
/// If they do not.
pub(super) fn check_stacked(context: &PluginMergeContext<'_>) -> tantivy::Result<()> {
    match context.doc_id_mapping.mapping_type() {
        MappingType::Stacked | MappingType::StackedWithDeletes => Ok(()),
        _ => Err(reordered()),
    }
}

fn reordered() -> TantivyError {
    TantivyError::InvalidArgument("documents keep their order".to_owned())
}
