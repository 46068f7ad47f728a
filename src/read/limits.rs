//! What reading one source may cost.
//!
//! Invariant: what a reader unpacks goes through [`Limits::bounded`], and its loops over content
//! call [`Limits::check`]; so a bomb ends as an error, not as a dead machine.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Result};

/// Bounds on one source, started anew for each.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    bytes: u64,
    time: Duration,
    started: Instant,
}

impl Limits {
    /// Most bytes that a source may hold or unpack to, unless told otherwise.
    pub const BYTES: u64 = 256 << 20;
    /// Most time that reading a source may take, unless told otherwise.
    pub const TIME: Duration = Duration::from_secs(120);

    /// Starts the clock of one source. A bound of 0 is none.
    pub fn start(bytes: u64, time: Duration) -> Self {
        Limits {
            bytes: if bytes == 0 { u64::MAX } else { bytes },
            time,
            started: Instant::now(),
        }
    }

    /// Returns the same bounds for another source, whose time begins now.
    #[must_use]
    pub fn restarted(self) -> Self {
        Limits {
            started: Instant::now(),
            ..self
        }
    }

    /// Returns the most bytes that may be unpacked.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Checks the clock.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] when the time is over.
    pub fn check(&self) -> Result<()> {
        if self.time.is_zero() || self.started.elapsed() < self.time {
            return Ok(());
        }
        let seconds = self.time.as_secs();
        Err(Error::new(
            ErrorKind::Limit,
            format!("读取超过 {seconds} 秒，已放弃"),
            format!("reading took more than {seconds} s and was given up"),
        )
        .with_hint(
            "用 --file-timeout 放宽时限",
            "allow more time with --file-timeout",
        ))
    }

    /// Checks a size that is known or promised before anything of it is held.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] when it is over the bound.
    pub fn check_size(&self, bytes: u64) -> Result<()> {
        if bytes <= self.bytes {
            return Ok(());
        }
        Err(self.too_big())
    }

    /// Reads all of `input`, which may hold `promised` bytes or lie about it.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] when there is more than the bound or the time is over;
    /// [`ErrorKind::Input`] when it cannot be read.
    pub fn read_all(&self, mut input: impl Read, promised: u64) -> Result<Vec<u8>> {
        // A header's promise is worth a megabyte, no more.
        let mut bytes = Vec::with_capacity(promised.min(1 << 20) as usize);
        let mut chunk = vec![0; 64 << 10];
        loop {
            self.check()?;
            let count = match input.read(&mut chunk) {
                Ok(0) => return Ok(bytes),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    return Err(Error::new(
                        ErrorKind::Input,
                        "压缩的内容已损坏",
                        "the compressed content is damaged",
                    )
                    .with_cause(error));
                }
            };
            self.check_size(bytes.len() as u64 + count as u64)?;
            bytes.extend_from_slice(&chunk[..count]);
        }
    }

    fn too_big(&self) -> Error {
        let megabytes = self.bytes >> 20;
        Error::new(
            ErrorKind::Limit,
            format!("内容超过 {megabytes} MB，已放弃"),
            format!("the content is more than {megabytes} MB and was given up"),
        )
        .with_hint(
            "用 --max-file-size 放宽上限",
            "allow more with --max-file-size",
        )
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits::start(Limits::BYTES, Limits::TIME)
    }
}
