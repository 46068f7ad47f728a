"""Lucene, by a program of ours (`../lucene`) that Maven compiles."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from ...machine import run
from .common import Missing, Peer

SOURCE = Path(__file__).resolve().parent.parent / "lucene"
WARM = 100
OPTIONS = ["-XX:+UseSerialGC", "-Xmx2g", "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"]


class Lucene(Peer):
    # Where the program was compiled, once for both kinds.
    classpath = ""

    def __init__(self, scratch):
        super().__init__(scratch)
        self.scratch, self.server = Path(scratch), None
        home = os.environ.get("JAVA_HOME")
        self.java = str(Path(home, "bin", "java")) if home else shutil.which("java")

    def prepare(self):
        if not (self.java and os.path.exists(self.java)):
            raise Missing("no java (set JAVA_HOME to a JDK of 21 or later)")
        if not shutil.which("mvn"):
            raise Missing("no mvn")
        if Lucene.classpath:
            return
        target = self.scratch / "lucene-program"
        shutil.copytree(SOURCE, target, ignore=shutil.ignore_patterns("target"))
        maven = ["mvn", "-q", "-B", "-f", target / "pom.xml"]
        try:
            run(*maven, "compile", "dependency:build-classpath", f"-Dmdep.outputFile={target}/classpath")
        except RuntimeError as error:
            raise Missing(str(error)) from error
        Lucene.classpath = f"{target}/target/classes:{(target / 'classpath').read_text().strip()}"

    def version(self):
        lucene = re.search(r"lucene-core-([\d.]+)\.jar", self.classpath).group(1)
        java = subprocess.run([self.java, "-version"], capture_output=True, text=True, check=True)
        return f"Lucene {lucene} on {java.stderr.splitlines()[0]}"

    def command(self, *arguments):
        return [self.java, *OPTIONS, "-cp", self.classpath, "Peer", *map(str, arguments)]

    def build(self, source):
        run(*self.command("index", source, self.folder, self.field))

    def open(self, queries):
        listed = self.scratch / f"{self.folder.name}.tsv"
        with open(listed, "w", encoding="utf-8") as out:
            for query in queries:
                years = query.years or ("", "")
                head = [query.kind, query.operator, query.limit, query.offset, query.facets, *years, query.agency]
                pieces = [part for piece, words in zip(query.pieces, query.words) for part in (piece, " ".join(words))]
                out.write("\t".join(map(str, [*head, *pieces])) + "\n")
        command = self.command("query", self.folder, listed, self.field, WARM)
        errors = open(self.scratch / f"{self.folder.name}.log", "w", encoding="utf-8")
        self.server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True)
        self.line("ready")

    def line(self, wanted=None):
        line = self.server.stdout.readline().rstrip("\n")
        if not line or (wanted and line != wanted):
            log = (self.scratch / f"{self.folder.name}.log").read_text(encoding="utf-8")
            raise RuntimeError(f"Lucene stopped: {log[-2000:]}")
        return line

    def ask(self, queries, rounds):
        print(rounds, file=self.server.stdin, flush=True)
        answers = []
        for _ in queries:
            found, micros = self.line().split("\t")
            answers.append((int(found), float(micros)) if int(found) >= 0 else None)
        return answers

    def close(self):
        if self.server:
            self.server.stdin.close()
            self.server.wait()


class LuceneBigrams(Lucene):
    name = "Lucene, two fields"
    field = "bigrams"
    note = (
        "the bigrams of all characters with positions, the same words with frequencies, the text stored, five facets, "
        f"built by two threads, merged into one segment; {WARM} rounds to warm up. Phrases of bigrams; "
        "a question is the union of its words and bigrams; one character is a prefix"
    )


class LuceneWords(Lucene):
    name = "Lucene, words"
    field = "words"
    note = "the same words with positions, the text stored; phrases of words miss what is cut otherwise in the text"
