//! A source's content → split and tagged reports, in a thread that can be left behind.
//!
//! Readers are made of other people's code, which may hang or fall over on what it was not made
//! for. So each worker has a reader in a thread of its own and listens to it. When nothing is heard
//! for too long, the source is given up and the next one gets a fresh thread; the stuck one owns
//! what it works on, touches nothing else, and ends when it comes back or with the program.
//!
//! Invariant: no thread of the build ever waits for another program's code without a bound, unless
//! it was asked to (`file_timeout` of zero).

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

use super::walk::modified;
use super::{BuildOptions, parse};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Dropped, Format, Report, SourceText, Warning};
use crate::read::{self, Kind, Limits, Origin, ReadSummary, archive};
use crate::schema::Schema;

/// Stack of a thread that runs readers: system memory is taken only where it is used, and documents
/// nest deeper than the default allows for.
const STACK: usize = 32 << 20;

/// Silence beyond the time of a source after which it is given up: readers that watch the clock
/// themselves need a moment to say so.
const GRACE: Duration = Duration::from_secs(10);

/// Files of records from this size on are read one record at a time.
const STREAMED: u64 = 8 << 20;

/// Bytes between two signs of life while a file is hashed.
const SIGN: usize = 32 << 20;

/// A source to read.
#[derive(Debug)]
pub(super) struct Job {
    /// Path as cited.
    pub(super) source: String,
    /// Path of the file.
    pub(super) path: PathBuf,
    /// Its content, unless it is that of the file.
    pub(super) content: Option<Vec<u8>>,
    /// Hash under which it needs no reading.
    pub(super) known: Option<String>,
}

/// What is heard of a source.
#[derive(Debug)]
pub(super) enum Said {
    /// It goes on; so many more bytes are done.
    Alive(u64),
    /// Its content was found.
    Found(Content),
    /// A text of it was parsed.
    Text(Box<Split>),
    /// It is an archive.
    Archive(Format, archive::Content),
    /// The file was changed while it was read.
    Changed,
    /// That was all.
    Done(Result<ReadSummary>),
}

/// Identity of a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) hash: String,
    pub(super) bytes: u64,
    /// Time of the last change, in nanoseconds since 1970; 0 if unknown.
    pub(super) modified: i64,
    /// Whether it is the known one, so that nothing more is said.
    pub(super) is_known: bool,
}

/// What a text came to, without the text.
#[derive(Debug)]
pub(super) struct Split {
    pub(super) format: Format,
    pub(super) reports: Vec<Report>,
    pub(super) dropped: Vec<Dropped>,
    pub(super) warnings: Vec<Warning>,
}

/// What readers work under.
#[derive(Debug)]
pub(super) struct Terms {
    pub(super) schema: Arc<Schema>,
    pub(super) options: BuildOptions,
}

/// Reads sources, one after another.
#[derive(Debug)]
pub(super) struct Reader {
    terms: Arc<Terms>,
    thread: Option<Sender<(Job, Mouth)>>,
}

impl Reader {
    pub(super) fn new(terms: Arc<Terms>) -> Self {
        Reader {
            terms,
            thread: None,
        }
    }

    /// Reads a source and hands what is said of it to `hear`, which returns whether to go on.
    ///
    /// # Errors
    /// If it cannot be read, or nothing was heard of it for too long; `Ok(None)` if `hear` ended it
    /// or its content is the known one, or it is an archive.
    pub(super) fn read(
        &mut self,
        job: Job,
        hear: &mut dyn FnMut(Said) -> bool,
    ) -> Result<Option<ReadSummary>> {
        let (mouth, ear) = connect(self.terms.options.file_timeout);
        let path = job.path.clone();
        let thread = match &self.thread {
            Some(thread) => thread,
            None => self.thread.insert(start(Arc::clone(&self.terms))?),
        };
        if thread.send((job, mouth)).is_err() {
            self.thread = None;
            return Err(fallen(&path));
        }
        loop {
            let said = match ear.next(&path) {
                Ok(said) => said,
                Err(error) => {
                    self.thread = None;
                    return Err(error);
                }
            };
            let is_last = matches!(&said, Said::Found(content) if content.is_known)
                || matches!(said, Said::Archive(..));
            if let Said::Done(done) = said {
                return done.map(Some);
            }
            if !hear(said) {
                // It may take long to notice.
                self.thread = None;
                return Ok(None);
            }
            if is_last {
                return Ok(None);
            }
        }
    }
}

/// Where a thread that may get stuck speaks to.
#[derive(Debug)]
pub(super) struct Mouth<T = Said> {
    said: SyncSender<T>,
    is_heard: Arc<AtomicBool>,
}

/// Where it is listened to.
#[derive(Debug)]
pub(super) struct Ear<T = Said> {
    said: Receiver<T>,
    is_heard: Arc<AtomicBool>,
    patience: Duration,
    timeout: Duration,
}

/// Connects a thread that may get stuck to the one that listens to it.
pub(super) fn connect<T>(timeout: Duration) -> (Mouth<T>, Ear<T>) {
    let (mouth, ear) = sync_channel(0);
    let is_heard = Arc::new(AtomicBool::new(true));
    let mouth = Mouth {
        said: mouth,
        is_heard: Arc::clone(&is_heard),
    };
    let ear = Ear {
        said: ear,
        is_heard,
        patience: timeout.saturating_add(GRACE),
        timeout,
    };
    (mouth, ear)
}

impl<T> Mouth<T> {
    /// Says something; returns whether anybody listens.
    pub(super) fn say(&self, said: T) -> bool {
        self.said.send(said).is_ok()
    }
}

impl<T> Ear<T> {
    /// Waits for what is said next.
    ///
    /// # Errors
    /// If nothing is heard for too long, or the thread is gone.
    pub(super) fn next(&self, path: &Path) -> Result<T> {
        if self.timeout.is_zero() {
            return self.said.recv().map_err(|_| fallen(path));
        }
        self.said
            .recv_timeout(self.patience)
            .map_err(|error| match error {
                RecvTimeoutError::Timeout => stuck(path, self.timeout),
                RecvTimeoutError::Disconnected => fallen(path),
            })
    }
}

impl<T> Drop for Ear<T> {
    fn drop(&mut self) {
        self.is_heard.store(false, Ordering::Relaxed);
    }
}

/// Starts a thread with a stack for readers, detached.
pub(super) fn spawn(work: impl FnOnce() + Send + 'static) -> Result<()> {
    let thread = std::thread::Builder::new().stack_size(STACK);
    thread.spawn(work).map(drop).map_err(|cause| {
        Error::new(
            ErrorKind::Internal,
            "无法启动线程",
            "threads cannot be started",
        )
        .with_cause(cause)
    })
}

fn start(terms: Arc<Terms>) -> Result<Sender<(Job, Mouth)>> {
    let (sender, jobs) = channel::<(Job, Mouth)>();
    spawn(move || {
        for (job, mouth) in jobs {
            let read = catch_unwind(AssertUnwindSafe(|| work(job, &terms, &mouth)));
            let done = match read {
                Ok(Ok(None)) => continue,
                Ok(Ok(Some(summary))) => Ok(summary),
                Ok(Err(error)) => Err(error),
                Err(_) => Err(own_fault()),
            };
            mouth.say(Said::Done(done));
        }
    })?;
    Ok(sender)
}

/// Reads a source; `None` if the last word is said.
fn work(job: Job, terms: &Terms, mouth: &Mouth) -> Result<Option<ReadSummary>> {
    let limits = terms.options.limits();
    let origin = Origin {
        limits,
        columns: terms.options.columns.as_ref(),
        ..Origin::new(&job.source, &job.path)
    };
    let mut each = |text: SourceText| {
        if !mouth.is_heard.load(Ordering::Relaxed) {
            return;
        }
        let parsed = parse(text, &terms.schema);
        mouth.say(Said::Text(Box::new(Split {
            format: parsed.text.format,
            reports: parsed.reports,
            dropped: parsed.dropped,
            warnings: parsed.warnings,
        })));
    };
    let known = job.known.as_deref();
    let Some(bytes) = job.content else {
        return work_on_file(&origin, known, mouth, &mut each);
    };
    let fault = |error| Error::io(origin.path, error);
    let named = Path::new(origin.source);
    let kind = read::detect(&mut io::Cursor::new(bytes.as_slice()), named).map_err(fault)?;
    if !found(hash(&bytes), bytes.len() as u64, 0, known, mouth) {
        return Ok(None);
    }
    if let Kind::Archive(format) = kind {
        let content = archive::Content::Bytes(io::Cursor::new(bytes));
        mouth.say(Said::Archive(format, content));
        return Ok(None);
    }
    // A member's own name tells what it is, not its archive's.
    let origin = Origin {
        path: named,
        ..origin
    };
    read::read(&origin, bytes, &mut each).map(Some)
}

fn work_on_file(
    origin: &Origin<'_>,
    known: Option<&str>,
    mouth: &Mouth,
    each: &mut dyn FnMut(SourceText),
) -> Result<Option<ReadSummary>> {
    let fault = |error| Error::io(origin.path, error);
    let mut file = File::open(origin.path).map_err(fault)?;
    let metadata = file.metadata().map_err(fault)?;
    let (length, time) = (metadata.len(), modified(&metadata));
    let kind = read::detect(&mut file, origin.path).map_err(fault)?;
    let is_archive = matches!(kind, Kind::Archive(_));
    let is_streamed = !is_archive
        && length >= STREAMED
        && read::holds_records(&mut file, origin.path).map_err(fault)?;
    if is_archive || is_streamed {
        file.seek(SeekFrom::Start(0)).map_err(fault)?;
        let hash = hash_file((&mut file).take(length), mouth).map_err(fault)?;
        if !found(hash, length, time, known, mouth) {
            return Ok(None);
        }
        file.seek(SeekFrom::Start(0)).map_err(fault)?;
    }
    if let Kind::Archive(format) = kind {
        mouth.say(Said::Archive(format, archive::Content::File(file)));
        return Ok(None);
    }
    let summary = if is_streamed {
        // What is written to it from now on is left to the next run: it might never end.
        let input = Listened { file, mouth }.take(length);
        read::read_records(origin, BufReader::with_capacity(1 << 20, input), each)?
    } else if let Kind::Other(name) = kind {
        // Films and disk images are not read to be left out.
        return Err(read::not_read(origin.path, name));
    } else {
        origin.limits.check_size(length)?;
        file.seek(SeekFrom::Start(0)).map_err(fault)?;
        let bytes = read_file(file, length, &origin.limits).map_err(fault)??;
        let length = bytes.len() as u64;
        if !found(hash(&bytes), length, time, known, mouth) {
            return Ok(None);
        }
        read::read(origin, bytes, each)?
    };
    let is_as_before = std::fs::metadata(origin.path)
        .is_ok_and(|now| now.len() == length && modified(&now) == time);
    if !is_as_before {
        mouth.say(Said::Changed);
    }
    Ok(Some(summary))
}

/// Reads a file that is `length` bytes long, or was a moment ago.
fn read_file(file: File, length: u64, limits: &Limits) -> io::Result<Result<Vec<u8>>> {
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    let bound = limits.bytes().saturating_add(1);
    file.take(bound).read_to_end(&mut bytes)?;
    Ok(limits.check_size(bytes.len() as u64).map(|()| bytes))
}

/// Says what was found; returns whether more is asked for.
fn found(hash: String, bytes: u64, modified: i64, known: Option<&str>, mouth: &Mouth) -> bool {
    let is_known = known == Some(hash.as_str());
    let content = Content {
        hash,
        bytes,
        modified,
        is_known,
    };
    mouth.say(Said::Found(content)) && !is_known
}

fn hash(bytes: &[u8]) -> String {
    short(blake3::hash(bytes))
}

fn hash_file(mut file: impl Read, mouth: &Mouth) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 20];
    let mut unsaid = 0;
    loop {
        let count = file.read(&mut buffer)?;
        hasher.update(&buffer[..count]);
        unsaid += count;
        if unsaid >= SIGN {
            unsaid = 0;
            if !mouth.say(Said::Alive(0)) {
                break;
            }
        }
        if count == 0 {
            break;
        }
    }
    Ok(short(hasher.finalize()))
}

fn short(hash: blake3::Hash) -> String {
    hash.to_hex()[..32].to_owned()
}

/// A file that ends when nobody listens any more, and tells how far it was read.
struct Listened<'a> {
    file: File,
    mouth: &'a Mouth,
}

impl Read for Listened<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.mouth.is_heard.load(Ordering::Relaxed) {
            return Ok(0);
        }
        let count = self.file.read(buffer)?;
        self.mouth.say(Said::Alive(count as u64));
        Ok(count)
    }
}

fn stuck(path: &Path, timeout: Duration) -> Error {
    let seconds = timeout.as_secs();
    Error::new(
        ErrorKind::Limit,
        format!("读取超过 {seconds} 秒没有结果，已放弃"),
        format!("reading came to nothing for more than {seconds} s and was given up"),
    )
    .with_path(path)
    .with_hint(
        "用 --file-timeout 放宽时限",
        "allow more time with --file-timeout",
    )
}

fn fallen(path: &Path) -> Error {
    own_fault().with_path(path)
}

/// Makes the error of a source over which the program fell.
pub(super) fn own_fault() -> Error {
    Error::new(
        ErrorKind::Internal,
        "程序内部出错，请把此文件报告给开发者",
        "a fault of the program itself; please report this file",
    )
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn reader() -> Reader {
        let schema = Arc::new(Schema::embedded().unwrap());
        let options = BuildOptions::default();
        Reader::new(Arc::new(Terms { schema, options }))
    }

    fn job(name: &str, content: &[u8], known: Option<&str>) -> Job {
        Job {
            source: name.to_owned(),
            path: name.into(),
            content: Some(content.to_vec()),
            known: known.map(str::to_owned),
        }
    }

    fn check(job: Job) -> (Vec<String>, Option<bool>) {
        let mut heard = Vec::new();
        let done = reader().read(job, &mut |said| {
            heard.push(match said {
                Said::Found(content) => format!("{} bytes", content.bytes),
                Said::Text(parsed) => format!("{} reports", parsed.reports.len()),
                Said::Archive(format, _) => format.as_str().to_owned(),
                other => format!("{other:?}"),
            });
            true
        });
        (heard, done.ok().map(|summary| summary.is_some()))
    }

    #[test]
    fn what_is_said_of_a_source() {
        let text = "甲县教育局2023年工作总结\n\n一、主要工作\n新建学校三所。\n".as_bytes();
        let found = format!("{} bytes", text.len());
        let all = (vec![found.clone(), "1 reports".to_owned()], Some(true));
        assert_eq!(check(job("a.txt", text, None)), all);
        assert_eq!(check(job("a.txt", text, Some("other"))), all);
        let known = hash(text);
        assert_eq!(
            check(job("a.txt", text, Some(&known))),
            (vec![found], Some(false))
        );
        let zip = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
        let archive = vec!["22 bytes".to_owned(), "zip".to_owned()];
        assert_eq!(check(job("a.zip", zip, None)), (archive, Some(false)));
        assert_eq!(check(job("a.rar", b"Rar!", None)).1, None);
    }

    #[test]
    fn a_stuck_thread_is_left_behind() {
        let (mouth, mut ear) = connect::<u32>(Duration::from_millis(1));
        ear.patience = Duration::from_millis(50);
        let (release, held) = channel::<()>();
        let (gone, was_heard) = channel();
        spawn(move || {
            mouth.say(1);
            let _ = held.recv();
            gone.send(mouth.say(2)).unwrap();
        })
        .unwrap();
        let started = Instant::now();
        assert_eq!(ear.next(Path::new("a")).unwrap(), 1);
        let error = ear.next(Path::new("a")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit);
        assert!(started.elapsed() < Duration::from_secs(5));
        drop(ear);
        release.send(()).unwrap();
        assert!(
            !was_heard.recv().unwrap(),
            "nobody hears it when it comes back"
        );
    }

    #[test]
    fn a_thread_that_falls_is_a_fault_of_its_source_alone() {
        let (mouth, ear) = connect::<u32>(Duration::from_secs(1));
        spawn(move || drop(mouth)).unwrap();
        let error = ear.next(Path::new("a")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal);
    }
}
