//! Archives → their members, one at a time.
//!
//! Invariant: one member is held in memory at a time, and nothing is ever written to disk, so a
//! member's name is only a name, whatever `..` it holds.

mod gzip;
mod names;
mod tar;
mod zip;

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Limits;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Format;

/// Archives stand in archives so deep; deeper ones are left out.
pub const MAX_DEPTH: usize = 3;

/// An archive may unpack to so many times its own length, with all archives in it.
///
/// Office documents in an archive shrink to a half, text to a fifth; a file of zeros to a
/// thousandth.
const MAX_RATIO: u64 = 200;

/// An archive may always unpack to so many times what one source may hold.
const MIN_SOURCES: u64 = 4;

/// The content of an archive: a file, or a member of another archive.
#[derive(Debug)]
pub enum Content {
    /// A file on disk; only what is needed of it is read.
    File(File),
    /// Bytes in memory.
    Bytes(Cursor<Vec<u8>>),
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Content::File(file) => file.read(buffer),
            Content::Bytes(bytes) => bytes.read(buffer),
        }
    }
}

impl Seek for Content {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        match self {
            Content::File(file) => file.seek(place),
            Content::Bytes(bytes) => bytes.seek(place),
        }
    }
}

/// A file inside an archive.
#[derive(Debug)]
pub struct Member {
    /// Path inside the archive, `/` between parts, decoded from UTF-8, GB18030 or Big5; equal names
    /// are told apart, and no part of it is empty, `.` or `..`.
    pub name: String,
    /// Its content, or why it cannot be had: encrypted, damaged, over a bound.
    pub bytes: Result<Vec<u8>>,
}

/// What an archive and the archives in it may still unpack to: a bomb ends here.
#[derive(Debug)]
pub struct Allowance {
    left: AtomicU64,
}

impl Allowance {
    /// Makes the allowance of an archive of so many bytes, to be shared with all archives in it.
    pub fn of(archive: u64, limits: &Limits) -> Self {
        let left = archive
            .saturating_mul(MAX_RATIO)
            .max(limits.bytes().saturating_mul(MIN_SOURCES));
        Allowance {
            left: AtomicU64::new(left),
        }
    }

    /// Takes what was unpacked; whoever asks for more than is left leaves nothing.
    fn take(&self, bytes: u64) -> Result<()> {
        let taken = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(bytes)
            });
        taken.map(drop).map_err(|_| {
            self.left.store(0, Ordering::Relaxed);
            bomb()
        })
    }

    /// Reads a member within its own bounds and this allowance.
    fn read(&self, input: impl Read, promised: u64, limits: &Limits) -> Result<Vec<u8>> {
        let bytes = limits.restarted().read_all(input, promised);
        // What was given up had been unpacked all the same.
        let held = bytes
            .as_ref()
            .map_or(limits.bytes(), |bytes| bytes.len() as u64);
        match (self.take(held), &bytes) {
            (Err(bomb), Ok(_)) => Err(bomb),
            _ => bytes,
        }
    }

    fn is_used_up(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }
}

/// Hands the files of an archive to `each`, in the order of the archive; folders and links are
/// none. `path` is the archive's own, by which the one member of a gzip file is named.
///
/// # Errors
/// If the archive itself cannot be read; a member that cannot is handed out with its error.
/// An error of `each` ends the walk and is passed on.
pub fn members(
    format: Format,
    content: Content,
    path: &Path,
    limits: &Limits,
    allowance: &Allowance,
    each: &mut dyn FnMut(Member) -> Result<()>,
) -> Result<()> {
    let walk = Walk {
        limits,
        allowance,
        each,
    };
    match format {
        Format::Gzip => gzip::members(content, path, walk),
        Format::Tar => self::tar::members(content, walk),
        _ => self::zip::members(content, walk),
    }
    .map_err(|error| match error.path() {
        Some(_) => error,
        None => error.with_path(path),
    })
}

/// A walk through an archive.
struct Walk<'a> {
    limits: &'a Limits,
    allowance: &'a Allowance,
    each: &'a mut dyn FnMut(Member) -> Result<()>,
}

impl Walk<'_> {
    /// Reads a member and hands it out.
    ///
    /// # Errors
    /// That of `each`, or that the allowance is used up.
    fn member(&mut self, name: String, input: impl Read, promised: u64) -> Result<()> {
        let bytes = self.allowance.read(input, promised, self.limits);
        self.hand_out(name, bytes)
    }

    fn hand_out(&mut self, name: String, bytes: Result<Vec<u8>>) -> Result<()> {
        (self.each)(Member { name, bytes })?;
        match self.allowance.is_used_up() {
            true => Err(bomb()),
            false => Ok(()),
        }
    }
}

fn bomb() -> Error {
    Error::new(
        ErrorKind::Limit,
        format!("解压后超过压缩包的 {MAX_RATIO} 倍，疑似压缩炸弹，其余未读"),
        format!(
            "unpacks to more than {MAX_RATIO} times its size, like a bomb; the rest was not read"
        ),
    )
}

fn damaged(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(
        ErrorKind::Input,
        "压缩包已损坏或不完整",
        "the archive is damaged or incomplete",
    )
    .with_cause(cause)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::time::Duration;

    use ::zip::write::{SimpleFileOptions, ZipWriter};
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    /// Names and contents of an archive's members, then how the walk ended.
    fn walk(format: Format, bytes: Vec<u8>, limits: Limits) -> (Vec<String>, Result<()>) {
        let mut found = Vec::new();
        let allowance = Allowance::of(bytes.len() as u64, &limits);
        let content = Content::Bytes(Cursor::new(bytes));
        let path = Path::new("报告.txt.gz");
        let ended = members(format, content, path, &limits, &allowance, &mut |member| {
            found.push(match member.bytes {
                Ok(bytes) => format!("{}: {} bytes", member.name, bytes.len()),
                Err(error) => format!("{}: {:?}", member.name, error.kind()),
            });
            Ok(())
        });
        (found, ended)
    }

    fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in members {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .expect("a member");
            writer.write_all(content).expect("memory");
        }
        writer.finish().expect("memory").into_inner()
    }

    fn gzipped(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).expect("memory");
        encoder.finish().expect("memory")
    }

    fn tarred(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = ::tar::Builder::new(Vec::new());
        for (name, content) in members {
            let mut header = ::tar::Header::new_ustar();
            header.set_size(content.len() as u64);
            builder
                .append_data(&mut header, name, *content)
                .expect("memory");
        }
        builder.into_inner().expect("memory")
    }

    #[test]
    fn members_are_handed_out() {
        let files: &[(&str, &[u8])] = &[("甲/乙.txt", b"text"), ("empty.txt", b"")];
        let expected = ["甲/乙.txt: 4 bytes", "empty.txt: 0 bytes"];
        let tar = tarred(files);
        for (format, bytes) in [
            (Format::Zip, zipped(files)),
            (Format::Gzip, gzipped(&tar)),
            (Format::Tar, tar),
        ] {
            let (found, ended) = walk(format, bytes, Limits::default());
            assert!(ended.is_ok(), "{format}: {ended:?}");
            assert_eq!(found, expected, "{format}");
        }
        let (found, _) = walk(Format::Gzip, gzipped(b"text"), Limits::default());
        assert_eq!(found, ["报告.txt: 4 bytes"]);
    }

    #[test]
    fn bombs_end_as_errors() {
        let zeros = vec![0; 3 << 20];
        let limits = Limits::start(1 << 20, Duration::from_secs(60));
        let big: &[(&str, &[u8])] = &[("a", &zeros), ("b", b"text")];
        let expected = ["a: Limit", "b: 4 bytes"];
        assert_eq!(walk(Format::Zip, zipped(big), limits).0, expected);
        assert_eq!(walk(Format::Tar, tarred(big), limits).0, expected);
        // Each fits; all together are more than two hundred times the archive.
        let fitting = vec![0; 1 << 20];
        let names: Vec<String> = (0..9).map(|number| number.to_string()).collect();
        let many: Vec<(&str, &[u8])> = names.iter().map(|name| (&**name, &*fitting)).collect();
        for (format, bytes) in [
            (Format::Zip, zipped(&many)),
            (Format::Gzip, gzipped(&tarred(&many))),
        ] {
            let (found, ended) = walk(format, bytes, limits);
            assert!(found.len() < 9, "{format}: {found:?}");
            assert_eq!(ended.map_err(|error| error.kind()), Err(ErrorKind::Limit));
        }
    }

    #[test]
    fn damage_never_panics() {
        let files: &[(&str, &[u8])] = &[("a.txt", b"text of a"), ("b.txt", b"text of b")];
        for (format, bytes) in [
            (Format::Zip, zipped(files)),
            (Format::Gzip, gzipped(&tarred(files))),
            (Format::Tar, tarred(files)),
        ] {
            for place in 0..bytes.len() {
                let _ = walk(format, bytes[..place].to_vec(), Limits::default());
                for flip in [0x01, 0x80, 0xff] {
                    let mut harmed = bytes.clone();
                    harmed[place] ^= flip;
                    let _ = walk(format, harmed, Limits::default());
                }
            }
        }
    }
}
