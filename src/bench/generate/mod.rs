//! A seed → reports in any amount, to measure how figures grow with size.
//!
//! Sentences come from a grammar of their own (`grammar.rs`) over the dictionary, the lexicon, the
//! regions and the agencies. Words repeat as in real text: the next content word is a new one with a chance that
//! falls with what was written, else one of those before (the two-parameter Chinese restaurant
//! process: Pitman and Yor, 1997), which gives Zipf's frequencies and Heaps's growth of vocabulary.
//! Paragraphs of last year's report and of other regions come back, word by word or with other
//! figures; so do pairs of words and whole sentences. `benches/growth/corpus.py` checks the outcome
//! against real reports.
//!
//! Invariant: the same seed, amount and schema give the same files, byte for byte.

mod grammar;
mod words;

use std::io::Write;
use std::path::{Path, PathBuf};

use super::draw::Draw;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Level;
use crate::schema::{Region, Schema};

use self::grammar::Grammar;

/// Reports of these years.
const YEARS: std::ops::RangeInclusive<i32> = 2003..=2026;

/// Chance that a paragraph is one of the same region's report of the year before, figures renewed.
const FROM_LAST_YEAR: f64 = 0.003;

/// Chance that it is one that another region published lately.
const FROM_OTHERS: f64 = 0.01;

/// Paragraphs of other regions that may come back.
const REMEMBERED: usize = 2_000;

/// What is made.
#[derive(Debug, Clone)]
pub struct GenerateOptions {
    /// Folder to write to; must be empty or new.
    pub folder: PathBuf,
    /// Bytes of text (UTF-8) after which no further report is begun.
    pub bytes: u64,
    /// What everything is drawn by.
    pub seed: u64,
}

/// What was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Generated {
    /// Files, one report each.
    pub files: u64,
    /// Bytes of text.
    pub bytes: u64,
    /// Paragraphs of body text.
    pub paragraphs: u64,
    /// Those of them that were copied.
    pub copied: u64,
}

/// Writes reports of provinces, then of prefectures, then of counties, until there is enough; calls
/// `progress` with the bytes so far after each.
///
/// # Errors
/// If the folder holds something or cannot be written to, or the embedded dictionary is broken.
pub fn generate(
    options: &GenerateOptions,
    schema: &Schema,
    progress: &mut dyn FnMut(u64),
) -> Result<Generated> {
    prepare(&options.folder)?;
    let mut writer = Writer {
        draw: Draw::new(options.seed),
        grammar: Grammar::new(schema)?,
        others: Vec::new(),
        made: Generated::default(),
    };
    let today = |level| {
        let regions = schema.regions.iter();
        regions.filter(move |region| region.level == level && region.until.is_none())
    };
    let levels = [Level::Province, Level::City, Level::County];
    for region in levels.into_iter().flat_map(today) {
        let mut last_year: Vec<String> = Vec::new();
        for year in YEARS {
            if writer.made.bytes >= options.bytes {
                return Ok(writer.made);
            }
            let text = writer.report(region, year, &mut last_year);
            write(&options.folder, region, year, &text)?;
            writer.made.files += 1;
            writer.made.bytes += text.len() as u64;
            progress(writer.made.bytes);
        }
    }
    Ok(writer.made)
}

fn prepare(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|cause| Error::io(folder, cause))?;
    let mut entries = std::fs::read_dir(folder).map_err(|cause| Error::io(folder, cause))?;
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(Error::new(
            ErrorKind::Usage,
            "文件夹不是空的",
            "the folder is not empty",
        )
        .with_path(folder)
        .with_hint("换一个新的或空的文件夹", "name a new or empty folder")),
    }
}

fn write(folder: &Path, region: &Region, year: i32, text: &str) -> Result<()> {
    let province = region.path.split('/').next().unwrap_or(&region.name);
    let folder = folder.join(province);
    std::fs::create_dir_all(&folder).map_err(|cause| Error::io(&folder, cause))?;
    let name = region.path.replace('/', "");
    let path = folder.join(format!("{name}{year}年政府工作报告.txt"));
    std::fs::write(&path, text).map_err(|cause| Error::io(&path, cause))
}

struct Writer {
    draw: Draw,
    grammar: Grammar,
    /// Paragraphs of reports before.
    others: Vec<String>,
    made: Generated,
}

impl Writer {
    /// Writes one report; takes the paragraphs of the year before and leaves its own.
    fn report(&mut self, region: &Region, year: i32, last_year: &mut Vec<String>) -> String {
        let mut text = Vec::new();
        let mut paragraphs = Vec::new();
        let name = region.path.replace('/', "");
        let mut line = |line: String| {
            // Writing to memory cannot fail.
            let _ = writeln!(text, "{line}");
        };
        line(format!("{year}年{name}人民政府工作报告"));
        line(String::new());
        line("各位代表：".to_owned());
        let sections = [
            (format!("一、{}年工作回顾", year - 1), 30),
            ("二、总体要求和主要目标".to_owned(), 6),
            (format!("三、{year}年重点工作"), 34),
            ("四、加强政府自身建设".to_owned(), 5),
        ];
        let share = match region.level {
            Level::County => 0.6,
            _ => 1.0,
        };
        for (heading, size) in sections {
            line(heading);
            let count = (f64::from(size) * share * (0.6 + 0.8 * self.draw.share())).ceil() as usize;
            for number in 0..count {
                if size >= 30 && number % 6 == 0 {
                    let heading = self.grammar.heading(&mut self.draw);
                    line(format!("（{}）{heading}。", han(number / 6 + 1)));
                }
                let paragraph = self.paragraph(&name, last_year);
                line(paragraph.clone());
                paragraphs.push(paragraph);
            }
        }
        self.made.paragraphs += paragraphs.len() as u64;
        *last_year = paragraphs;
        String::from_utf8(text).unwrap_or_default()
    }

    fn paragraph(&mut self, region: &str, last_year: &[String]) -> String {
        if !last_year.is_empty() && self.draw.happens(FROM_LAST_YEAR) {
            self.made.copied += 1;
            let before = self.draw.one(last_year);
            return renew(before, &mut self.draw);
        }
        if !self.others.is_empty() && self.draw.happens(FROM_OTHERS) {
            self.made.copied += 1;
            return self.draw.one(&self.others).clone();
        }
        let paragraph = self.grammar.paragraph(region, &mut self.draw);
        if self.others.len() < REMEMBERED {
            self.others.push(paragraph.clone());
        } else if self.draw.happens(0.1) {
            let at = self.draw.below(REMEMBERED);
            self.others[at].clone_from(&paragraph);
        }
        paragraph
    }
}

/// Draws other digits in place of each.
fn renew(paragraph: &str, draw: &mut Draw) -> String {
    let digit = |character: char| match character.is_ascii_digit() {
        true => char::from(b'1' + draw.below(9) as u8),
        false => character,
    };
    paragraph.chars().map(digit).collect()
}

/// Writes a number up to 10 in Han digits.
fn han(number: usize) -> char {
    let digits = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
    digits[(number.max(1) - 1).min(9)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_files() {
        let schema = Schema::embedded().unwrap();
        let made = |seed| {
            let folder = tempfile::tempdir().unwrap();
            let options = GenerateOptions {
                folder: folder.path().to_path_buf(),
                bytes: 200_000,
                seed,
            };
            let made = generate(&options, &schema, &mut |_| ()).unwrap();
            assert!(made.bytes >= options.bytes && made.bytes < 2 * options.bytes);
            let again = generate(&options, &schema, &mut |_| ()).unwrap_err();
            assert_eq!(again.kind(), ErrorKind::Usage);
            let mut texts = Vec::new();
            for entry in walkdir::WalkDir::new(folder.path()).sort_by_file_name() {
                let entry = entry.unwrap();
                if entry.file_type().is_file() {
                    texts.push(std::fs::read_to_string(entry.path()).unwrap());
                }
            }
            assert_eq!(texts.len() as u64, made.files);
            texts
        };
        let texts = made(1);
        assert_eq!(texts, made(1));
        assert_ne!(texts, made(2));
        let paragraphs = texts
            .iter()
            .flat_map(|text| text.lines())
            .filter(|line| line.ends_with('。'));
        for paragraph in paragraphs {
            assert!(paragraph.chars().count() <= 1_000, "{paragraph}");
        }
    }
}
