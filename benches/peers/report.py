"""Answers and costs → figures, a table of them in Markdown, JSON."""

import json
import statistics
from pathlib import Path

from ..machine import described, quantile

OURS = "zhengsou"


def built(costs, peer):
    """Returns the figures of a peer's builds."""
    return {
        "seconds": [round(cost.seconds, 2) for cost in costs],
        "median": round(statistics.median(cost.seconds for cost in costs), 2),
        "cpu": round(statistics.median(cost.cpu for cost in costs), 2) if peer.telling else None,
        "peak": max(cost.peak for cost in costs) if peer.telling else None,
        "bytes": peer.size(),
    }


def classes(names, queries, answers):
    """Returns the figures of each class.

    The time of a query is the median over the runs. A ratio is ours by theirs, over the queries that
    both answer; its range is that of the runs.
    """
    result = []
    for kind in dict.fromkeys(query.kind for query in queries):
        places = [at for at, query in enumerate(queries) if query.kind == kind]
        figures = {}
        for name in names:
            asked = [at for at in places if answers[name][0][at] is not None]
            if asked:
                figures[name] = figure(asked, answers[OURS], answers[name], name)
        found = [answers[OURS][0][at][0] for at in places]
        result.append(
            {"name": kind, "queries": len(places), "found": round(statistics.mean(found), 1), "peers": figures}
        )
    return result


def figure(asked, ours, theirs, name):
    def times(runs, at):
        return statistics.median(run[at][1] for run in runs)

    micros = [times(theirs, at) for at in asked]
    own = [times(ours, at) for at in asked]
    wanted = [ours[0][at][0] for at in asked]
    found = [theirs[0][at][0] for at in asked]
    result = {
        "asked": len(asked),
        "p50": round(quantile(micros, 0.5), 1),
        "p99": round(quantile(micros, 0.99), 1),
    }
    if name == OURS:
        return result
    for key, share in (("p50", 0.5), ("p99", 0.99)):
        ratios = [
            quantile([mine[at][1] for at in asked], share) / quantile([its[at][1] for at in asked], share)
            for mine, its in zip(ours, theirs)
        ]
        result[f"ratio_{key}"] = round(quantile(own, share) / quantile(micros, share), 3)
        result[f"range_{key}"] = [round(min(ratios), 3), round(max(ratios), 3)]
    result["same"] = sum(one == two for one, two in zip(wanted, found))
    result["share"] = round(sum(found) / sum(wanted), 4) if sum(wanted) else None
    return result


def grid(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def each(result, cell):
    """Returns a grid of the classes by the peers; `cell` writes a figure."""
    names = list(result["peers"])
    rows = []
    for kind in result["classes"]:
        figures = [kind["peers"].get(name) for name in names]
        rows.append([kind["name"], *(cell(figure) if figure else "–" for figure in figures)])
    return names, rows


def times(figure):
    return f"{figure['p50']:,.0f} / {figure['p99']:,.0f}"


def ratios(figure):
    return f"{figure['ratio_p50']:.2f} / {figure['ratio_p99']:.2f}" if "share" in figure else "1"


def same(figure):
    if "share" not in figure:
        return f"{figure['asked']}"
    text = f"{figure['same']} of {figure['asked']}"
    if figure["same"] < figure["asked"] and figure["share"] is not None:
        text += f", {figure['share']:.1%}"
    return text


def nearest(result):
    """Returns for each class the fastest peer that gives the same answers, at p50 and at p99.

    No peer answers a word or a question as we do; there all are taken.
    """
    rows = []
    for kind in result["classes"]:
        loose = kind["name"].startswith(("word", "question"))
        peers = {
            name: figure
            for name, figure in kind["peers"].items()
            if name != OURS and (loose or figure["same"] == figure["asked"] == kind["queries"])
        }
        row = [kind["name"]]
        for key in ("p50", "p99") if peers else ():
            name = min(peers, key=lambda name: peers[name][key])
            least, most = peers[name][f"range_{key}"]
            row += [name, f"{peers[name][f'ratio_{key}']:.2f} ({least:.2f}–{most:.2f})"]
        rows.append(row if peers else [*row, "none", "–", "none", "–"])
    return rows


def markdown(result):
    corpus, asked, host = result["corpus"], result["asked"], result["machine"]
    names, timed = each(result, times)
    text_bytes = corpus["text_bytes"]
    builds = []
    for name, own in result["builds"].items():
        builds.append(
            [
                name,
                f"{own['median']:.1f} ({', '.join(f'{seconds:.1f}' for seconds in own['seconds'])})",
                "–" if own["cpu"] is None else f"{own['cpu']:.1f}",
                "–" if own["peak"] is None else f"{own['peak'] / 1e6:.0f}",
                f"{own['bytes'] / 1e6:.1f}",
                f"{own['bytes'] / text_bytes:.2f}",
            ]
        )
    parts = [
        f"# Peers, {corpus['name']}, {result['date'].replace('T', ' ')}",
        f"{corpus['passages']:,} passages, {text_bytes / 1e6:.1f} MB of text. {described(host, result['load'])}",
        f"{asked['draw']} draws a class (seed {asked['seed']}), each query {asked['rounds']} times in each of "
        f"{asked['runs']} alternating runs after one that is not counted; a query's time is the median over the runs. "
        "One thread a query.",
        "## Times, µs, p50 / p99 over the queries",
        grid(["class", *names], timed),
        "## zhengsou's time by the peer's, p50 / p99",
        "Over the queries that both answer; below 1 zhengsou is faster.",
        grid(["class", *names[1:]], [[row[0], *row[2:]] for row in each(result, ratios)[1]]),
        "## Answers",
        "Queries for which as many passages are found; where not all, passages found by those that zhengsou finds "
        "(checked by its own scan; for words, questions and closeness the peer's query is not the same).",
        grid(["class", *names], each(result, same)[1]),
        "## The fastest peer",
        "Of those that find the same number for every query (for words and questions, which none answers as zhengsou "
        "does, of all): zhengsou's time by its time, in brackets least and most of the runs.",
        grid(["class", "at p50", "ratio", "at p99", "ratio"], nearest(result)),
        "## Build",
        "Median of the builds (each), seconds; processor seconds; peak resident MB; MB on disk; by bytes of text.",
        grid(["", "s", "CPU s", "peak MB", "MB", "by text"], builds),
        "## How each is asked",
        "\n".join(f"- {name} ({own['version']}): {own['note']}." for name, own in result["peers"].items()),
    ]
    if result["missing"]:
        parts.append("Left out:\n" + "\n".join(f"- {why}" for why in result["missing"]))
    return "\n\n".join(parts) + "\n"


def write(folder, name, table, result):
    folder.mkdir(parents=True, exist_ok=True)
    Path(folder, f"{name}.md").write_text(table, encoding="utf-8")
    text = json.dumps(result, ensure_ascii=False, indent=1)
    Path(folder, f"{name}.json").write_text(text + "\n", encoding="utf-8")
