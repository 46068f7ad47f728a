//! Tar.

use std::io::Read;

use tar::Archive;

use super::names::Names;
use super::{Walk, damaged};
use crate::error::Result;

pub(super) fn members(content: impl Read, mut walk: Walk<'_>) -> Result<()> {
    let mut archive = Archive::new(content);
    let mut names = Names::default();
    for member in archive.entries().map_err(damaged)? {
        let member = member.map_err(damaged)?;
        if !member.header().entry_type().is_file() {
            continue;
        }
        let name = {
            let path = member.path_bytes();
            names.learn(&path);
            names.decode(&path)
        };
        let promised = member.size();
        walk.member(name, member, promised)?;
    }
    Ok(())
}
