//! XLS.
use super::damaged;
use super::sheet::Sheets;
use crate::error::Result;
use crate::model::SourceText;

pub(super) fn read(
    _bytes: Vec<u8>,
    _sheets: &mut Sheets<'_>,
    _each: &mut dyn FnMut(SourceText),
) -> Result<()> {
    Err(damaged())
}
