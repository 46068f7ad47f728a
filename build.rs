//! `index_schema/dictionary.tsv` and `lexicon.tsv` → the segmenter's automaton, embedded in the
//! library.

#[path = "src/schema/automaton.rs"]
#[allow(dead_code, reason = "reading it is the library's part")]
mod automaton;

use std::path::{Path, PathBuf};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let dictionary = read("dictionary.tsv")?;
    let lexicon = read("lexicon.tsv")?;
    let entries = entries(&dictionary)?.into_iter().chain(entries(&lexicon)?);
    let automaton = automaton::Automaton::build(entries)?;
    std::fs::write(out.join("codes.bin"), &automaton.codes)?;
    std::fs::write(out.join("nodes.bin"), &automaton.nodes)?;
    std::fs::write(out.join("frequencies.bin"), &automaton.frequencies)?;
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/schema/automaton.rs");
    Ok(())
}

fn read(name: &str) -> Result<String> {
    let path = Path::new("index_schema").join(name);
    println!("cargo::rerun-if-changed={}", path.display());
    Ok(std::fs::read_to_string(path)?)
}

/// Returns words with their frequencies; the library's own check, with its messages, is a test.
fn entries(text: &str) -> Result<Vec<(&str, u64)>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (word, frequency) = line.split_once('\t').ok_or("want a word and a frequency")?;
            Ok((word, frequency.parse()?))
        })
        .collect()
}
