//! A build's progress on stderr: a bar on a terminal, a line now and then elsewhere.

use std::collections::{BTreeMap, HashMap};
use std::io::{IsTerminal, stderr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use zhengsou::index::Outdated;
use zhengsou::model::{Language, Note, SourceStatus};
use zhengsou::pipeline::{Observer, SourceReport};
use zhengsou::present::{byte_size, grouped, layout};
use zhengsou::say;

use crate::interrupt;
use crate::output::message;
use crate::settings::Settings;

/// Time between two lines where there is no terminal to draw a bar on.
const PAUSE: Duration = Duration::from_secs(5);

/// Time between two looks at where things stand.
const TICK: Duration = Duration::from_millis(200);

/// A file that takes longer than this is named.
const SLOW: Duration = Duration::from_secs(2);

/// A file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Failure {
    /// Path as cited.
    pub(crate) source: String,
    /// Why.
    pub(crate) reason: Note,
}

/// What a build leaves to say at its end.
#[derive(Debug, Default)]
pub(crate) struct Leftovers {
    /// The files that failed, sorted by path.
    pub(crate) failures: Vec<Failure>,
    /// Why files were skipped, with their number.
    pub(crate) skipped: BTreeMap<Note, u64>,
}

/// What to do with the report of each source, such as writing it to a file.
type Each<'a> = Box<dyn FnMut(&SourceReport) + Send + 'a>;

/// Draws progress, remembers failures and hands on each source's report.
pub(crate) struct Progress<'a> {
    language: Language,
    verbose: bool,
    display: Display,
    board: Arc<Mutex<Board>>,
    ticker: Option<Ticker>,
    state: Mutex<State<'a>>,
}

#[derive(Clone)]
enum Display {
    Nothing,
    Lines,
    Bar(ProgressBar),
}

struct State<'a> {
    leftovers: Leftovers,
    each: Each<'a>,
}

/// Where things stand.
struct Board {
    language: Language,
    files: u64,
    bytes: u64,
    files_done: u64,
    bytes_done: u64,
    begun: Option<Instant>,
    /// Sources under way: since when, and how many bytes of each are counted as done.
    under_way: HashMap<String, (Instant, u64)>,
    is_committing: bool,
}

/// The thread that shows the board now and then, however long a file takes.
struct Ticker {
    thread: JoinHandle<()>,
    is_over: Arc<Mutex<bool>>,
}

impl<'a> Progress<'a> {
    /// Makes an observer that hands the report of each source to `each`, in the order in which
    /// they are done.
    pub(crate) fn new(settings: &Settings, each: impl FnMut(&SourceReport) + Send + 'a) -> Self {
        let display = match (settings.quiet, stderr().is_terminal()) {
            (true, _) => Display::Nothing,
            (false, true) => Display::Bar(bar()),
            (false, false) => Display::Lines,
        };
        let board = Arc::new(Mutex::new(Board {
            language: settings.language,
            files: 0,
            bytes: 0,
            files_done: 0,
            bytes_done: 0,
            begun: None,
            under_way: HashMap::new(),
            is_committing: false,
        }));
        Progress {
            language: settings.language,
            verbose: settings.verbose,
            ticker: tick(&display, &board),
            display,
            board,
            state: Mutex::new(State {
                leftovers: Leftovers::default(),
                each: Box::new(each),
            }),
        }
    }

    /// Takes the bar away and returns what is left to say.
    pub(crate) fn finish(self) -> Leftovers {
        if let Some(Ticker { thread, is_over }) = self.ticker {
            *held(&is_over) = true;
            thread.thread().unpark();
            let _ = thread.join();
        }
        if let Display::Bar(bar) = &self.display {
            bar.finish_and_clear();
        }
        let state = self.state.into_inner();
        let mut leftovers = state.unwrap_or_else(PoisonError::into_inner).leftovers;
        leftovers.failures.sort();
        leftovers
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        held(&self.board)
    }

    fn say(&self, text: &str) {
        match &self.display {
            Display::Bar(bar) => bar.suspend(|| message(text)),
            Display::Lines => message(text),
            Display::Nothing => {}
        }
    }

    /// Says what a careful reader wants to know about one source.
    fn say_details(&self, report: &SourceReport) {
        let source = layout::clean(&report.record.source);
        if let (SourceStatus::Skipped, Some(reason)) = (report.record.status, &report.record.reason)
        {
            let reason = layout::clean(self.language.pick(&reason.zh, &reason.en));
            self.say(&say!(
                self.language,
                "跳过 {source}：{reason}",
                "skipped {source}: {reason}"
            ));
        }
        if report.record.status == SourceStatus::Removed {
            self.say(&say!(self.language, "移除 {source}", "removed {source}"));
        }
        if let Some(before) = &report.moved_from {
            let before = layout::clean(before);
            self.say(&say!(
                self.language,
                "移动 {before} → {source}",
                "moved {before} → {source}"
            ));
        }
        for warning in &report.warnings {
            let line = warning.line;
            let text = layout::clean(self.language.pick(&warning.zh, &warning.en));
            self.say(&say!(
                self.language,
                "注意 {source} 第 {line} 行：{text}",
                "note {source}:{line}: {text}"
            ));
        }
    }
}

impl Observer for Progress<'_> {
    fn renewing(&self, old: &Outdated) {
        let version = &old.version;
        self.say(&match &old.sources {
            Some(sources) => {
                let count = grouped(sources.len() as u64);
                say!(
                    self.language,
                    "词典或规则已变（原索引由 zhengsou {version} 建立）：重新索引其中全部 {count} 个文件，完成之前旧索引不动",
                    "dictionary or schema have changed (the index was made by zhengsou {version}): indexing all of its {count} files again; the old index stands until that is done"
                )
            }
            None => say!(
                self.language,
                "词典或规则已变，而原索引（zhengsou {version}）读不出收过哪些文件：只索引所给的路径",
                "dictionary or schema have changed, and the old index (zhengsou {version}) cannot say what it holds: indexing the given paths only"
            ),
        });
    }

    fn planned(&self, files: u64, bytes: u64) {
        let mut board = self.board();
        (board.files, board.bytes) = (files, bytes);
        board.begun = Some(Instant::now());
    }

    fn grown(&self, files: u64, bytes: u64) {
        let mut board = self.board();
        board.files += files;
        board.bytes += bytes;
    }

    fn started(&self, source: &str) {
        let mut board = self.board();
        board.is_committing = false;
        let begun = (Instant::now(), 0);
        board.under_way.insert(source.to_owned(), begun);
    }

    fn advanced(&self, source: &str, bytes: u64) {
        let mut board = self.board();
        if let Some((_, counted)) = board.under_way.get_mut(source) {
            *counted += bytes;
            board.bytes_done += bytes;
        }
    }

    fn finished(&self, report: &SourceReport) {
        let mut board = self.board();
        let under_way = board.under_way.remove(&report.record.source);
        let counted = under_way.map_or(0, |(_, counted)| counted);
        board.files_done += 1;
        board.bytes_done += report.record.bytes.saturating_sub(counted);
        drop(board);
        self.settled(report);
    }

    fn settled(&self, report: &SourceReport) {
        if self.verbose {
            self.say_details(report);
        }
        let mut state = held(&self.state);
        (state.each)(report);
        let reason = report.record.reason.clone();
        let reason = reason.unwrap_or_else(|| Note::new("", ""));
        match report.record.status {
            SourceStatus::Failed => {
                let source = report.record.source.clone();
                state.leftovers.failures.push(Failure { source, reason });
            }
            SourceStatus::Skipped => *state.leftovers.skipped.entry(reason).or_default() += 1,
            SourceStatus::Indexed | SourceStatus::Unchanged | SourceStatus::Removed => {}
        }
    }

    fn cancelled(&self) -> bool {
        interrupt::asked()
    }

    fn committing(&self) {
        self.board().is_committing = true;
    }
}

impl Board {
    /// Says where things stand: files, bytes, rate, time left, the slowest file under way.
    fn text(&self) -> String {
        let language = self.language;
        let (files_done, files) = (grouped(self.files_done), grouped(self.files));
        let (done, all) = (byte_size(self.bytes_done), byte_size(self.bytes));
        let mut text = say!(
            language,
            "已处理 {files_done}/{files} 个文件，{done}/{all}",
            "{files_done} of {files} files done, {done} of {all}"
        );
        let seconds = self
            .begun
            .map_or(0.0, |begun| begun.elapsed().as_secs_f64());
        if seconds > 1.0 && self.bytes_done > 0 {
            let rate = self.bytes_done as f64 / seconds;
            let left = self.bytes.saturating_sub(self.bytes_done) as f64 / rate;
            let (rate, left) = (byte_size(rate as u64), duration(left as u64));
            text += &say!(
                language,
                "，{rate}/s，约剩 {left}",
                ", {rate}/s, about {left} left"
            );
        }
        if self.is_committing {
            text += language.pick("；正在写入索引…", "; writing the index …");
            return text;
        }
        let slowest = self.under_way.iter().min_by_key(|(_, (begun, _))| *begun);
        if let Some((source, (begun, _))) = slowest
            && begun.elapsed() >= SLOW
        {
            let source = layout::clean(source);
            let time = duration(begun.elapsed().as_secs());
            text += &say!(
                language,
                "；最慢：{source}（{time}）",
                "; slowest: {source} ({time})"
            );
        }
        text
    }
}

/// Writes seconds as a clock does: `0:07`, `12:30`, `1:05:00`.
fn duration(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// A panic elsewhere must not silence the counting: the state is whole after every update.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tick(display: &Display, board: &Arc<Mutex<Board>>) -> Option<Ticker> {
    if matches!(display, Display::Nothing) {
        return None;
    }
    let is_over = Arc::new(Mutex::new(false));
    let (display, board, over) = (display.clone(), Arc::clone(board), Arc::clone(&is_over));
    let work = move || {
        let mut spoken = Instant::now();
        while !*held(&over) {
            std::thread::park_timeout(TICK);
            let board = held(&board);
            match &display {
                Display::Bar(bar) => {
                    bar.set_length(board.bytes);
                    bar.set_position(board.bytes_done.min(board.bytes));
                    bar.set_message(board.text());
                }
                Display::Lines if spoken.elapsed() >= PAUSE => {
                    spoken = Instant::now();
                    message(&board.text());
                }
                _ => {}
            }
        }
    };
    // Without a thread there is no progress to see, but all else is the same.
    let thread = std::thread::Builder::new().spawn(work).ok()?;
    Some(Ticker { thread, is_over })
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    // The template is fixed text; should it ever be wrong, the default bar will do.
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {wide_msg}") {
        bar.set_style(style);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_board_says_where_things_stand() {
        let ago = |seconds| Instant::now().checked_sub(Duration::from_secs(seconds));
        let mut board = Board {
            language: Language::En,
            files: 1200,
            bytes: 30_000_000,
            files_done: 400,
            bytes_done: 10_000_000,
            begun: ago(10),
            under_way: HashMap::new(),
            is_committing: false,
        };
        let begun = "400 of 1,200 files done, 10.0 MB of 30.0 MB";
        let rest = board.text().strip_prefix(begun).map(str::to_owned);
        let rest = rest.unwrap();
        // A slow machine may be a moment late.
        assert!(
            rest.starts_with(", 1.0 MB/s, about 0:2") || rest.starts_with(", 9"),
            "{rest}"
        );
        for (source, seconds) in [("a.txt", 3), ("b.txt", 70), ("c.txt", 0)] {
            board
                .under_way
                .insert(source.to_owned(), (ago(seconds).unwrap(), 0));
        }
        assert!(
            board.text().contains("; slowest: b.txt (1:1"),
            "{}",
            board.text()
        );
        board.begun = None;
        board.is_committing = true;
        assert_eq!(board.text(), format!("{begun}; writing the index …"));
    }

    #[test]
    fn durations() {
        for (seconds, expected) in [(7, "0:07"), (750, "12:30"), (3900, "1:05:00")] {
            assert_eq!(duration(seconds), expected);
        }
    }
}
