"""The word index of each database: FTS5 in SQLite, a tsvector with GIN in PostgreSQL.

Both are kept by the database itself from ``search_entry.words``. SQLite forgets triggers when a
migration rebuilds the table: such a migration calls ``install`` again.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from vang.search.tokens import Term

_SQLITE = (
    """CREATE VIRTUAL TABLE search_words USING fts5(
        words, content='search_entry', content_rowid='id',
        tokenize="unicode61 remove_diacritics 0")""",
    """CREATE TRIGGER search_words_insert AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_words(rowid, words) VALUES (NEW.id, NEW.words);
    END""",
    """CREATE TRIGGER search_words_delete AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', OLD.id, OLD.words);
    END""",
    """CREATE TRIGGER search_words_update AFTER UPDATE OF words ON search_entry BEGIN
        INSERT INTO search_words(search_words, rowid, words) VALUES ('delete', OLD.id, OLD.words);
        INSERT INTO search_words(rowid, words) VALUES (NEW.id, NEW.words);
    END""",
)
_SQLITE_AWAY = (
    "DROP TRIGGER IF EXISTS search_words_update",
    "DROP TRIGGER IF EXISTS search_words_delete",
    "DROP TRIGGER IF EXISTS search_words_insert",
    "DROP TABLE IF EXISTS search_words",
)
# Where many entries hit, enough of the newest do, and they are soon read; where few do, the word
# index gives them all. The planner cannot know which is the case (a unit's mark is rarer than its
# statistics tell) and would read the whole table for a rare word: the function forbids that.
_HITS = """CREATE OR REPLACE FUNCTION search_hits(of_kind varchar, wanted tsquery, most integer)
    RETURNS SETOF bigint LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
    DECLARE found bigint[];
    BEGIN
        found := ARRAY(SELECT id FROM (
            SELECT id, word_list FROM search_entry WHERE kind = of_kind
            ORDER BY id DESC LIMIT greatest(300, 20 * most)) AS newest
            WHERE word_list @@ wanted ORDER BY id DESC LIMIT most);
        IF cardinality(found) < most THEN
            found := ARRAY(SELECT id FROM (
                SELECT id FROM search_entry WHERE word_list @@ wanted OFFSET 0) AS every
                ORDER BY id DESC LIMIT most);
        END IF;
        RETURN QUERY SELECT unnest(found);
    END $$"""
_POSTGRESQL = (
    """ALTER TABLE search_entry ADD COLUMN word_list tsvector
        GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED""",
    "CREATE INDEX search_entry_words ON search_entry USING gin (word_list)",
    _HITS,
)
_POSTGRESQL_AWAY = (
    "DROP FUNCTION IF EXISTS search_hits",
    "ALTER TABLE search_entry DROP COLUMN IF EXISTS word_list",
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the index in place, anew if it was there."""
    remove(connection)
    _execute(connection, _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL)
    if connection.vendor == "sqlite":
        _execute(connection, ["INSERT INTO search_words(search_words) VALUES ('rebuild')"])


def install_hits(connection: BaseDatabaseWrapper) -> None:
    """The function that asks PostgreSQL's index, where the index itself stands already."""
    if connection.vendor == "postgresql":
        _execute(connection, [_HITS])


def remove(connection: BaseDatabaseWrapper) -> None:
    _execute(connection, _SQLITE_AWAY if connection.vendor == "sqlite" else _POSTGRESQL_AWAY)


def _execute(connection: BaseDatabaseWrapper, statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@dataclass(frozen=True)
class Ask:
    """One question to the index: of one kind, in one of some places, with all of the terms."""

    label: str
    kind: str
    places: frozenset[str]
    terms: tuple[Term, ...]
    limit: int


def asked(connection: BaseDatabaseWrapper, asks: Sequence[Ask]) -> list[tuple[str, int]]:
    """(label, id of the entry) of every question, newest first. One query."""
    if not asks:
        return []
    sqlite = connection.vendor == "sqlite"
    one, grammar = (_ONE_SQLITE, _FTS5) if sqlite else (_ONE_POSTGRESQL, _TSQUERY)
    statements: list[str] = []
    parameters: dict[str, Any] = {}
    for number, ask in enumerate(asks):
        told = asdict(ask) | {"words": _expression(ask, grammar)}
        names = {name: f"{name}{number}" for name in ("label", "kind", "words", "limit")}
        statements.append(one % {name: f"%({mine})s" for name, mine in names.items()})
        parameters |= {mine: told[name] for name, mine in names.items()}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), parameters)
        return [(label, key) for label, key in cursor.fetchall()]


_ONE_SQLITE = """SELECT * FROM (SELECT %(label)s AS label, rowid AS id FROM search_words
    WHERE search_words MATCH %(words)s ORDER BY rowid DESC LIMIT %(limit)s)"""

_ONE_POSTGRESQL = """SELECT %(label)s::text AS label, id
    FROM search_hits(%(kind)s, to_tsquery('simple', %(words)s), %(limit)s) AS id"""


@dataclass(frozen=True)
class _Grammar:
    """How a query is written. Words are letters and digits only: nothing needs to be escaped."""

    word: str
    both: str
    either: str


_FTS5 = _Grammar('"{}"', " AND ", " OR ")
_TSQUERY = _Grammar("'{}'", " & ", " | ")


def _expression(ask: Ask, grammar: _Grammar) -> str:
    terms = [_any(term.forms or (term.word,), grammar) for term in ask.terms]
    kind = grammar.word.format(f"kind{ask.kind}")
    return grammar.both.join([kind, _any(sorted(ask.places), grammar), *terms])


def _any(words: Sequence[str], grammar: _Grammar) -> str:
    return f"({grammar.either.join(grammar.word.format(word) for word in words)})"


MOST_FORMS = 48


def beginnings(connection: BaseDatabaseWrapper, words: Collection[str]) -> dict[str, list[str]]:
    """For each unfinished word those that begin so, the shortest first. One query.

    A word index can look for beginnings by itself, but reads every text that has one: with
    "th" nearly all there are. A list of words is answered from the newest text on.
    """
    if not words:
        return {}
    one = _BEGIN_SQLITE if connection.vendor == "sqlite" else _BEGIN_POSTGRESQL
    parameters = [value for word in words for value in (word, word, f"{word}\uffff", MOST_FORMS)]
    if connection.vendor != "sqlite":
        parameters = [value for word in words for value in (word, f"{word}%", MOST_FORMS)]
    found: dict[str, list[str]] = {word: [] for word in words}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(words)), parameters)
        for begun, form in cursor.fetchall():
            found[begun].append(form)
    return {begun: forms or [begun] for begun, forms in found.items()}


_BEGIN_SQLITE = """SELECT * FROM (SELECT %s AS begun, word FROM search_word
    WHERE word >= %s AND word < %s ORDER BY length(word), word LIMIT %s)"""
_BEGIN_POSTGRESQL = """(SELECT %s::text AS begun, word FROM search_word
    WHERE word LIKE %s ORDER BY length(word), word LIMIT %s)"""
