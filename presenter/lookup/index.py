"""The index of the archive: which page of which file has which words. One SQLite file, sealed page by page.

It is read by the desk and written by the indexer, also by two desks of one person at a time. Whoever opens it
makes it where it is not there. It can be lost without harm: it is read anew from the archive.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, Self

import apsw

from presenter.lookup.folding import folded

FORMAT = 1
BUSY_MS = 3_000
SHORTEST = 3
"""Signs that the index knows at once; shorter words are found by the threes that begin with them."""
PADDING = "  "
"""Behind each text, so that its last signs begin a three as well; folded text has no spaces."""
BEGINNINGS = 400
"""Of a single sign, which may begin thousands of threes: those that stand on the most pages."""
LAST_SIGN = "\U0010ffff"
WORDS = 8
TABLES = """
CREATE TABLE file (
    id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL, mtime_ns INTEGER NOT NULL, size INTEGER NOT NULL,
    state INTEGER NOT NULL, pages INTEGER NOT NULL
);
CREATE TABLE page (id INTEGER PRIMARY KEY, file INTEGER NOT NULL, number INTEGER NOT NULL);
CREATE TABLE said (page INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE INDEX page_of ON page (file);
CREATE VIRTUAL TABLE words USING fts5 (
    folded, content='', contentless_delete=1, tokenize='trigram case_sensitive 1'
);
CREATE VIRTUAL TABLE three USING fts5vocab (words, row);
"""
# Rows of `page` are small: thousands may have to be put in order. The last column is how many there are.
FOUND = """
SELECT page.id, path, mtime_ns, state, number, pages, count(*) OVER ()
FROM words JOIN page ON page.id = words.rowid JOIN file ON file.id = page.file
WHERE words MATCH ? ORDER BY number > 0, mtime_ns DESC, path, number LIMIT ?
"""


class Damaged(Exception):
    """The file is no index of ours, or was changed: it is to be made anew."""


class Unreadable(Exception):
    """The index cannot be had now: the disk is full, or another holds it."""


class State(IntEnum):
    """What came of reading a file."""

    READ = 0
    LOCKED = 1
    """It has a password: it is found by its name only."""
    DAMAGED = 2
    TOO_LARGE = 3
    BY_NAME = 4
    """A kind of file whose words are not read."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """By which a file is known to be the same: time of its last change, length."""

    mtime_ns: int
    size: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A page (from 1) that has all the words; 0: the file by its name. ``text``: the page's words."""

    path: str
    mtime_ns: int
    state: State
    number: int
    pages: int
    text: str


@dataclass(frozen=True, slots=True)
class Hits:
    """The first of them, names before pages, newer files before older; how many there are."""

    first: tuple[Hit, ...] = ()
    count: int = 0


class Index:
    """An open index. Belongs to one thread, but for ``interrupt``."""

    def __init__(self, file: Path, key: bytes) -> None:
        """``key``: 32 bytes. Damaged, or Unreadable."""
        with _told():
            if not file.exists():
                file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
            self._db = apsw.Connection(str(file))
            try:
                self._prepare(key)
            except BaseException:
                self._db.close()
                raise

    def _prepare(self, key: bytes) -> None:
        db = self._db
        db.set_busy_timeout(BUSY_MS)
        db.execute(f'PRAGMA key = "raw:{key.hex()}"')
        db.execute("PRAGMA temp_store = MEMORY; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        if self._format() == 0:
            self._make()
        if self._format() != FORMAT:
            raise Damaged

    def _make(self) -> None:
        """The tables, unless another has just made them."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            if self._format() == 0:
                self._db.execute(TABLES)
                self._db.execute(f"PRAGMA user_version = {FORMAT}")
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def _format(self) -> int:
        return self._number("PRAGMA user_version")

    def _number(self, query: str) -> int:
        ((found,),) = self._db.execute(query).fetchall()
        assert isinstance(found, int)
        return found

    def check(self) -> None:
        """Reads all of it; Damaged."""
        with _told():
            if self._db.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                raise Damaged

    def close(self) -> None:
        """Lets go of the file."""
        self._db.close()

    def interrupt(self) -> None:
        """Ends what is being looked for, which is then Unreadable; from any thread."""
        self._db.interrupt()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- writing ------------------------------------------------------------------------------------------

    def known(self) -> dict[str, Stamp]:
        """Every file, as it was when it was read."""
        with _told():
            rows = self._db.execute("SELECT path, mtime_ns, size FROM file")
            return {path: Stamp(mtime_ns, size) for path, mtime_ns, size in rows}

    def has(self, path: str, stamp: Stamp) -> bool:
        """Whether this file is known as it is now."""
        with _told():
            rows = self._db.execute("SELECT mtime_ns, size FROM file WHERE path = ?", (path,)).fetchall()
            return rows == [(stamp.mtime_ns, stamp.size)]

    def put(self, path: str, name: str, stamp: Stamp, state: State, pages: Sequence[str]) -> None:
        """A file as it is now, in place of what was known of it. ``name``: by which it is found."""
        texts = [" ".join(text.split()) for text in pages]
        with _told(), self._db:
            self._forget(path)
            self._db.execute(
                "INSERT INTO file (path, mtime_ns, size, state, pages) VALUES (?, ?, ?, ?, ?)",
                (path, stamp.mtime_ns, stamp.size, state, len(texts)),
            )
            file = self._db.last_insert_rowid()
            for number, text in enumerate([name, *texts]):
                if text or not number:
                    self._put_page(file, number, text)

    def _put_page(self, file: int, number: int, text: str) -> None:
        self._db.execute("INSERT INTO page (file, number) VALUES (?, ?)", (file, number))
        page = self._db.last_insert_rowid()
        self._db.execute("INSERT INTO said (page, text) VALUES (?, ?)", (page, text))
        words = folded(text)[0] + PADDING
        self._db.execute("INSERT INTO words (rowid, folded) VALUES (?, ?)", (page, words))

    def drop(self, paths: Iterable[str]) -> None:
        """These files are there no more."""
        for path in paths:
            with _told(), self._db:
                self._forget(path)

    def _forget(self, path: str) -> None:
        of_file = "(SELECT id FROM page WHERE file = (SELECT id FROM file WHERE path = ?))"
        self._db.execute(f"DELETE FROM words WHERE rowid IN {of_file}", (path,))
        self._db.execute(f"DELETE FROM said WHERE page IN {of_file}", (path,))
        self._db.execute(f"DELETE FROM page WHERE id IN {of_file}", (path,))
        self._db.execute("DELETE FROM file WHERE path = ?", (path,))

    # --- looking ------------------------------------------------------------------------------------------

    def find(self, words: Sequence[str], limit: int) -> Hits:
        """Pages on which all of these folded words stand, at most ``limit`` of them with their text."""
        with _told():
            match = self._match(words[:WORDS])
            if not match:
                return Hits()
            rows: list[Any] = self._db.execute(FOUND, (match, limit)).fetchall()
            hits = tuple(
                Hit(path, mtime_ns, State(state), number, pages, self._text(page))
                for page, path, mtime_ns, state, number, pages, _ in rows
            )
            return Hits(hits, rows[0][-1] if rows else 0)

    def _text(self, page: int) -> str:
        ((text,),) = self._db.execute("SELECT text FROM said WHERE page = ?", (page,)).fetchall()
        assert isinstance(text, str)
        return text

    def _match(self, words: Sequence[str]) -> str:
        """What is asked of the index; "" when one of the words stands nowhere."""
        parts = []
        for word in words:
            threes = [word] if len(word) >= SHORTEST else self._beginning_with(word)
            if not threes:
                return ""
            parts.append("(" + " OR ".join('"' + three.replace('"', '""') + '"' for three in threes) + ")")
        return " AND ".join(parts)

    def _beginning_with(self, word: str) -> list[str]:
        rows = self._db.execute(
            "SELECT term FROM three WHERE term >= ? AND term < ? ORDER BY doc DESC LIMIT ?",
            (word, word + LAST_SIGN, BEGINNINGS),
        )
        return [term for (term,) in rows]


def remove(file: Path) -> None:
    """Takes the index away; OSError when another holds it."""
    for ending in ("-wal", "-shm", ""):
        file.with_name(file.name + ending).unlink(missing_ok=True)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (apsw.NotADBError, apsw.CorruptError, apsw.FormatError, UnicodeDecodeError) as error:
        raise Damaged from error
    except apsw.SQLError as error:  # a table that is not there: another index, or half of one
        raise Damaged from error
    except (apsw.Error, OSError) as error:
        raise Unreadable(str(error)) from error
