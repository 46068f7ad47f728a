//! Tables → one text a row, its tags from the columns.

use super::{Origin, ReadSummary, not_read};
use crate::error::Result;
use crate::model::{Format, SourceText};

/// What the columns of a table hold, where their headers do not say it in words that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns;

/// Reads comma- or tab-separated values in any encoding.
pub(super) fn read_csv(
    origin: &Origin<'_>,
    _bytes: Vec<u8>,
    _each: &mut dyn FnMut(SourceText),
) -> Result<ReadSummary> {
    Err(not_read(origin.path, "CSV"))
}

/// Reads a workbook, XLSX or XLS.
pub(super) fn read_workbook(
    origin: &Origin<'_>,
    _format: Format,
    _bytes: Vec<u8>,
    _each: &mut dyn FnMut(SourceText),
) -> Result<ReadSummary> {
    Err(not_read(origin.path, "XLSX"))
}
