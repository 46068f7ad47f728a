#!/usr/bin/env python3
"""Writes ../dictionary.tsv from the dictionary of the crate jieba-rs, which `cargo fetch` brings.
Run by hand, never at build; the result is checked in, and a test compares its words with the crate's.

    python dictionary.py ~/.cargo/registry/src/*/jieba-rs-0.11.0/src/data/dict.txt
"""
import pathlib, sys

HEAD = (
    "# word\tfrequency. From jieba (dict.txt as in the crate jieba-rs 0.11.0, "
    "https://github.com/messense/jieba-rs), MIT, Copyright (c) 2013 Sun Junyi, "
    "(c) 2018 messense; without the parts of speech, sorted by code point.\n"
)
words = {}
for line in pathlib.Path(sys.argv[1]).read_text("utf-8").splitlines():
    word, frequency, _ = line.split(" ")
    words[word] = int(frequency)
body = "".join(f"{word}\t{frequency}\n" for word, frequency in sorted(words.items()))
target = pathlib.Path(__file__).parent.parent / "dictionary.tsv"
target.write_text(HEAD + body, "utf-8", newline="\n")
