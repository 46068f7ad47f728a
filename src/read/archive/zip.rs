//! Zip.

use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::names::Names;
use super::{Content, Walk, damaged};
use crate::error::{Error, ErrorKind, Result};

pub(super) fn members(content: Content, mut walk: Walk<'_>) -> Result<()> {
    let mut archive = ZipArchive::new(content).map_err(damaged)?;
    let mut names = Names::default();
    // By the directory alone; nothing is unpacked yet.
    for index in 0..archive.len() {
        if let Ok(member) = archive.by_index_raw(index) {
            names.learn(member.name_raw());
        }
    }
    for index in 0..archive.len() {
        let (name, encrypted, method) = {
            // A member whose own header is broken has no name to be reported by.
            let member = archive.by_index_raw(index).map_err(damaged)?;
            if member.is_dir() || member.is_symlink() {
                continue;
            }
            let name = names.decode(member.name_raw());
            (name, member.encrypted(), member.compression())
        };
        if encrypted {
            walk.hand_out(name, Err(locked()))?;
            continue;
        }
        match archive.by_index(index) {
            Ok(member) => {
                let promised = member.size();
                walk.member(name, member, promised)?;
            }
            Err(error) => walk.hand_out(name, Err(unreadable(error, method)))?,
        }
    }
    Ok(())
}

fn locked() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "压缩包里的文件已加密",
        "the archived file is encrypted",
    )
    .with_hint("解密后再索引", "index it decrypted")
}

fn unreadable(error: ZipError, method: CompressionMethod) -> Error {
    match error {
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => Error::new(
            ErrorKind::Unsupported,
            format!("压缩方法 {method} 暂不支持"),
            format!("the compression method {method} is not read"),
        )
        .with_hint(
            "用普通 zip 方式重新压缩",
            "pack it again with the usual method of zip",
        ),
        error => damaged(error),
    }
}
