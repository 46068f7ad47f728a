//! The file of `--report`: one JSON object a source.
//!
//! Lines are written as sources are done, so that a run that is killed leaves what it knows. At the
//! end they are sorted by source, which needs their places in memory only; what goes into a pipe
//! cannot be sorted afterwards and stays in the order in which it was done.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write, copy};
use std::path::{Path, PathBuf};

use zhengsou::pipeline::SourceReport;
use zhengsou::{Error, Result};

/// A report file under way.
pub(crate) struct Details {
    path: PathBuf,
    file: BufWriter<File>,
    /// Whether it is a plain file.
    is_sortable: bool,
    /// Source, place and length of each line.
    lines: Vec<(String, u64, u64)>,
    length: u64,
    broken: Option<std::io::Error>,
}

impl Details {
    /// Makes the file.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let fault = |error| Error::io(path, error);
        let file = File::create(path).map_err(fault)?;
        let is_sortable = file.metadata().map_err(fault)?.is_file();
        Ok(Details {
            // What a link points to is replaced, not the link.
            path: path.canonicalize().unwrap_or_else(|_| path.to_path_buf()),
            file: BufWriter::new(file),
            is_sortable,
            lines: Vec::new(),
            length: 0,
            broken: None,
        })
    }

    /// Adds a source; the first failure is kept for [`Details::finish`], since a full disk here
    /// must not stop the build.
    pub(crate) fn add(&mut self, report: &SourceReport) {
        if self.broken.is_none() {
            self.broken = self.write(report).err();
        }
    }

    fn write(&mut self, report: &SourceReport) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(report)?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        let length = line.len() as u64;
        if self.is_sortable {
            let source = report.record.source.clone();
            self.lines.push((source, self.length, length));
        }
        self.length += length;
        Ok(())
    }

    /// Sorts the lines by source.
    pub(crate) fn finish(mut self) -> Result<()> {
        let path = self.path.clone();
        let fault = |error| Error::io(&path, error);
        if let Some(error) = self.broken {
            return Err(fault(error));
        }
        self.file.flush().map_err(fault)?;
        if !self.is_sortable || self.lines.is_sorted() {
            return Ok(());
        }
        self.lines.sort();
        sort(&path, &self.lines).map_err(fault)
    }
}

fn sort(path: &Path, lines: &[(String, u64, u64)]) -> std::io::Result<()> {
    let sorted = path.with_added_extension("sorted");
    let write = || -> std::io::Result<()> {
        let mut from = BufReader::new(File::open(path)?);
        let mut to = BufWriter::new(File::create(&sorted)?);
        for (_, place, length) in lines {
            from.seek(SeekFrom::Start(*place))?;
            copy(&mut from.by_ref().take(*length), &mut to)?;
        }
        to.into_inner()?.sync_all()?;
        std::fs::rename(&sorted, path)
    };
    write().inspect_err(|_| {
        let _ = std::fs::remove_file(&sorted);
    })
}
