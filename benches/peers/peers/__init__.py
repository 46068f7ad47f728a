"""What zhengsou is measured beside, one file each."""

from .groonga import Groonga
from .lucene import LuceneBigrams, LuceneWords
from .postgres import PostgresTrigrams, PostgresWords
from .ripgrep import Ripgrep
from .sqlite import SqliteTrigrams, SqliteWords
from .tantivy import TantivyBigrams, TantivyWords
from .xapian import Xapian

PEERS = [
    LuceneBigrams,
    LuceneWords,
    TantivyBigrams,
    TantivyWords,
    Groonga,
    Xapian,
    SqliteTrigrams,
    SqliteWords,
    PostgresTrigrams,
    PostgresWords,
    Ripgrep,
]
