//! A build's progress on stderr: a bar on a terminal, a line now and then elsewhere.

use std::collections::BTreeMap;
use std::io::{IsTerminal, stderr};
use std::sync::{Mutex, MutexGuard, PoisonError};
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
    state: Mutex<State<'a>>,
}

enum Display {
    Nothing,
    Lines,
    Bar(ProgressBar),
}

struct State<'a> {
    files: u64,
    bytes: u64,
    files_done: u64,
    bytes_done: u64,
    spoken: Instant,
    leftovers: Leftovers,
    each: Each<'a>,
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
        Progress {
            language: settings.language,
            verbose: settings.verbose,
            display,
            state: Mutex::new(State {
                files: 0,
                bytes: 0,
                files_done: 0,
                bytes_done: 0,
                spoken: Instant::now(),
                leftovers: Leftovers::default(),
                each: Box::new(each),
            }),
        }
    }

    /// Takes the bar away and returns what is left to say.
    pub(crate) fn finish(self) -> Leftovers {
        if let Display::Bar(bar) = &self.display {
            bar.finish_and_clear();
        }
        let state = self.state.into_inner();
        let mut leftovers = state.unwrap_or_else(PoisonError::into_inner).leftovers;
        leftovers.failures.sort();
        leftovers
    }

    /// A panic elsewhere must not silence the counting: the state is whole after every update.
    fn state(&self) -> MutexGuard<'_, State<'a>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
        let mut state = self.state();
        (state.files, state.bytes) = (files, bytes);
        if let Display::Bar(bar) = &self.display {
            bar.set_length(bytes);
        }
    }

    fn started(&self, source: &str) {
        if let Display::Bar(bar) = &self.display {
            bar.set_message(source.to_owned());
        }
    }

    fn finished(&self, report: &SourceReport) {
        if self.verbose {
            self.say_details(report);
        }
        let mut state = self.state();
        (state.each)(report);
        let reason = report.record.reason.clone();
        let reason = reason.unwrap_or_else(|| Note::new("", ""));
        match report.record.status {
            SourceStatus::Failed => {
                let source = report.record.source.clone();
                state.leftovers.failures.push(Failure { source, reason });
            }
            SourceStatus::Skipped => *state.leftovers.skipped.entry(reason).or_default() += 1,
            SourceStatus::Indexed | SourceStatus::Unchanged => {}
        }
        state.files_done += 1;
        state.bytes_done += report.record.bytes;
        let (files_done, files) = (grouped(state.files_done), grouped(state.files));
        match &self.display {
            Display::Nothing => {}
            Display::Bar(bar) => {
                bar.set_position(state.bytes_done);
                bar.set_prefix(format!("{files_done}/{files}"));
            }
            Display::Lines if state.spoken.elapsed() >= PAUSE => {
                state.spoken = Instant::now();
                let (done, all) = (byte_size(state.bytes_done), byte_size(state.bytes));
                message(&say!(
                    self.language,
                    "已处理 {files_done}/{files} 个文件，{done}/{all}",
                    "{files_done} of {files} files done, {done} of {all}"
                ));
            }
            Display::Lines => {}
        }
    }

    fn cancelled(&self) -> bool {
        interrupt::asked()
    }

    fn committing(&self) {
        let text = self.language.pick("正在写入索引…", "writing the index …");
        match &self.display {
            Display::Bar(bar) => bar.set_message(text),
            _ => self.say(text),
        }
    }
}

fn bar() -> ProgressBar {
    let template = "{bar:24} {prefix}  {decimal_bytes}/{decimal_total_bytes}  {decimal_bytes_per_sec}  {eta}  {wide_msg}";
    let bar = ProgressBar::new(0);
    // The template is fixed text; should it ever be wrong, the default bar will do.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
