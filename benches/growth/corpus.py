"""Checks generated reports against real ones: a table of the statistics that an index feels; see README.md.

    python3 -m benches.growth.corpus GENERATED REAL [--zhengsou target/release/zhengsou] [--out benches/results]

Both are indexed; passages and words are those of `zhengsou export --words`.
"""

import argparse
import datetime
import json
import re
import statistics
import subprocess
import tempfile
import zlib
from collections import Counter
from pathlib import Path

from ..machine import folder_bytes, quantile, run
from .plot import slope

HAN = re.compile("[\u4e00-\u9fff]+")
# Words after which the vocabulary is counted.
STEPS = [10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000]
# Characters of the windows by which copying is told.
WINDOW = 16


def export(zhengsou, index):
    command = [zhengsou, "export", "--words", "--index", index, "-q"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            yield json.loads(line)


def curve(tokens):
    """Returns how many kinds there are after each of the steps and at the end."""
    seen, points, steps = set(), [], iter(STEPS)
    step, count = next(steps), 0
    for count, token in enumerate(tokens, 1):
        seen.add(token)
        if count == step:
            points.append((count, len(seen)))
            step = next(steps, None)
    return [*points, (count, len(seen))]


def heaps(points):
    """Returns the exponent of Heaps's law over the points from 30,000 tokens on."""
    return slope([point for point in points if point[0] >= 30_000])


def zipf(counts, first, last):
    """Returns the exponent of Zipf's law between two ranks, over ranks that are evenly far in logarithms."""
    ordered = sorted(counts.values(), reverse=True)
    ranks, rank = [], float(first)
    while rank <= min(last, len(ordered)):
        ranks.append(int(rank))
        rank *= 1.1
    return -slope([(rank, ordered[rank - 1]) for rank in ranks]) if len(ranks) > 1 else float("nan")


def pairs(text):
    return (part[at : at + 2] for part in HAN.findall(text) for at in range(len(part) - 1))


def repeated(texts):
    """Returns the share of the texts that stood before."""
    seen, count = set(), 0
    for text in texts:
        count += text in seen
        seen.add(text)
    return count / len(texts)


def windows(texts):
    """Returns the share of windows of Han characters, one in eight, that stand in another passage too."""
    places = {}
    for number, text in enumerate(texts):
        for part in HAN.findall(text):
            for at in range(len(part) - WINDOW + 1):
                key = hash(part[at : at + WINDOW])
                if key % 8 == 0:
                    places.setdefault(key, [set(), 0])
                    places[key][0].add(number)
                    places[key][1] += 1
    total = sum(count for _, count in places.values())
    return sum(count for where, count in places.values() if len(where) > 1) / max(total, 1)


def statistics_of(zhengsou, corpus):
    """Returns rows (title, value) of a folder of reports."""
    with tempfile.TemporaryDirectory(prefix="zhengsou-corpus-") as scratch:
        index = Path(scratch, "index")
        run(zhengsou, "index", corpus, "--index", index, "--rebuild", "-q")
        run(zhengsou, "optimize", "--index", index, "-q")
        records = list(export(zhengsou, index))
        index_bytes = folder_bytes(index)
        command = ["bench", "--index", index, "--warm", "--rounds", 1, "--class", "phrase-4", "--class", "phrase-2"]
        classes = json.loads(run(zhengsou, *command, "--draw", 200, "--format", "json"))["classes"]
    texts = [re.sub(r"\s+", "", record["text"]) for record in records]
    # Words and pairs are met in an even mix of the reports, not one region after the other.
    mixed = sorted(range(len(records)), key=lambda at: zlib.crc32(records[at]["report_id"].encode()))
    words = [word for at in mixed for word in records[at]["words"]]
    grams = [pair for at in mixed for pair in pairs(texts[at])]
    word_counts, gram_counts = Counter(words), Counter(grams)
    word_curve, gram_curve = curve(words), curve(grams)
    lengths = [len(text) for text in texts]
    sizes = [len(record["words"]) for record in records]
    long = [text for text in texts if len(text) >= 30]
    text_bytes = sum(len(record["text"].encode()) for record in records)
    packed = sum(len(zlib.compress("\n".join(texts[at : at + 50]).encode(), 6)) for at in range(0, len(texts), 50))
    reports = Counter(record["report_id"] for record in records)
    of_reports = list(reports.values())
    runs = [len(part) for text in texts for part in HAN.findall(text)]

    def spread(values):
        return " / ".join(f"{quantile(values, share):,}" for share in (0.1, 0.5, 0.9, 0.99))

    rows = [
        ("text, MB", f"{text_bytes / 1e6:.1f}"),
        ("reports", f"{len(reports):,}"),
        ("passages", f"{len(records):,}"),
        ("passages a report, p10 / p50 / p90 / p99", spread(of_reports)),
        ("characters a passage, p10 / p50 / p90 / p99", spread(lengths)),
        ("characters a passage, mean", f"{statistics.mean(lengths):.0f}"),
        ("Han characters between marks and figures, p10 / p50 / p90 / p99", spread(runs)),
        ("words a passage, p10 / p50 / p90 / p99", spread(sizes)),
        ("different words a passage, mean", f"{statistics.mean(len(set(record['words'])) for record in records):.1f}"),
        ("characters a word, mean", f"{sum(map(len, words)) / len(words):.2f}"),
        ("words, of them different", f"{len(words):,}, {len(word_counts):,}"),
        *[(f"different words after {count:,}", f"{kinds:,}") for count, kinds in word_curve[:-1]],
        ("Heaps's exponent of words, from 30,000 on", f"{heaps(word_curve):.3f}"),
        ("Zipf's exponent of words, ranks 10 to 1,000", f"{zipf(word_counts, 10, 1_000):.3f}"),
        ("Zipf's exponent of words, ranks 1,000 to 20,000", f"{zipf(word_counts, 1_000, 20_000):.3f}"),
        (
            "words met once, of the different ones",
            f"{sum(n == 1 for n in word_counts.values()) / len(word_counts):.1%}",
        ),
        ("share of the ten commonest words", f"{sum(n for _, n in word_counts.most_common(10)) / len(words):.1%}"),
        ("pairs of Han characters, of them different", f"{len(grams):,}, {len(gram_counts):,}"),
        ("Heaps's exponent of pairs", f"{heaps(gram_curve):.3f}"),
        ("Zipf's exponent of pairs, ranks 10 to 1,000", f"{zipf(gram_counts, 10, 1_000):.3f}"),
        ("Zipf's exponent of pairs, ranks 1,000 to 100,000", f"{zipf(gram_counts, 1_000, 100_000):.3f}"),
        ("passages of 30 characters and more that stood before", f"{repeated(long):.2%}"),
        ("the same, digits apart", f"{repeated([re.sub('[0-9]', '0', text) for text in long]):.2%}"),
        (f"windows of {WINDOW} Han characters that stand in another passage too", f"{windows(texts):.1%}"),
        ("zlib, bytes by text (50 passages together)", f"{packed / text_bytes:.3f}"),
        ("index, bytes by text", f"{index_bytes / text_bytes:.2f}"),
    ]
    for length in (2, 4):
        found = [each for kind in classes if kind["name"].startswith(f"phrase-{length}") for each in kind["found"]]
        shares = " / ".join(f"{quantile(found, share) / len(records):.3%}" for share in (0.1, 0.5, 0.9, 0.99))
        rows.append((f"passages that a drawn phrase of {length} is in, p10 / p50 / p90 / p99", shares))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("generated", type=Path)
    parser.add_argument("real", type=Path)
    parser.add_argument("--zhengsou", type=Path, default="target/release/zhengsou")
    parser.add_argument("--out", type=Path, help="folder for the table")
    wanted = parser.parse_args()
    zhengsou = wanted.zhengsou.resolve()
    ours, real = (dict(statistics_of(zhengsou, folder)) for folder in (wanted.generated, wanted.real))
    titles = [*real, *(title for title in ours if title not in real)]
    today = datetime.date.today().isoformat()
    lines = [f"# Generated and real text, {today}", "", f"{run(zhengsou, '--version').strip()}.", ""]
    lines += [f"| | {wanted.generated.name} | {wanted.real.name} |", "|---|---:|---:|"]
    lines += [f"| {title} | {ours.get(title, '–')} | {real.get(title, '–')} |" for title in titles]
    table = "\n".join(lines) + "\n"
    print(table)
    if wanted.out:
        wanted.out.mkdir(parents=True, exist_ok=True)
        Path(wanted.out, f"corpus-{today}.md").write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
