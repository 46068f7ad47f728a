//! Ctrl-C during a build: the first one asks it to stop, the second one ends the program.

use std::sync::atomic::{AtomicBool, Ordering};

use zhengsou::model::Language;

use crate::output::message;

/// What shells report for a program that Ctrl-C ended: 128 and the number of the signal.
const ENDED: i32 = 130;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Starts to watch; without it Ctrl-C ends the program at once.
pub(crate) fn watch(language: Language) {
    // Where no handler can be set, Ctrl-C goes on as it always does.
    let _ = ctrlc::set_handler(move || {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(ENDED);
        }
        message(language.pick(
            "正在停止：手头的文件读完后写入索引；再按一次 Ctrl-C 立即退出",
            "stopping: the files at hand are finished and committed; Ctrl-C again ends it at once",
        ));
    });
}

/// Returns whether Ctrl-C asked to stop.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
