"""What stands in the list: finds of this briefing, of the archive, ways outside; and what is prepared."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from presenter.lookup.all_words import AllWords
from presenter.lookup.archive import Answer, Archive, Asked
from presenter.lookup.cards import Cards
from presenter.lookup.finds import (
    Find,
    Heading,
    Note,
    Row,
    Words,
    card_find,
    here_finds,
    web_finds,
)
from presenter.lookup.folding import words_of
from presenter.settings import Settings
from protocol.model import Briefing
from protocol.values import PageId

READ_EACH_MS = 150
HERE_SHOWN = 30


class Searching(QObject):
    """``rows`` are made anew whenever ``changed`` is told."""

    changed = Signal()

    def __init__(
        self,
        words: AllWords,
        archive: Archive,
        briefing: Callable[[], Briefing],
        settings: Callable[[], Settings],
        may_look: Callable[[PageId], bool] = lambda _page_id: True,
        parent: QObject | None = None,
    ) -> None:
        """``may_look``: whether that page of the briefing may be seen here."""
        super().__init__(parent)
        self._words, self._archive, self._briefing, self._settings = words, archive, briefing, settings
        self._may_look = may_look
        self.unseen: Words = ("ここに加えたものは、「会議室に見せる」を押すまで映りません。", {})
        """Said while nothing is prepared."""
        self.passed: tuple[Row, ...] = ()
        """What passes from participants to the presenter; it stands first while nothing is searched for."""
        self.cards = Cards()
        self._typed = ""
        self._asked = Asked(0, ())
        self._answer: Answer | None = None
        self._searched = self._asks_again = False
        self._soon = QTimer(self, singleShot=True, interval=READ_EACH_MS)
        self._soon.timeout.connect(self._again)
        words.changed.connect(self._read_more)
        archive.progressed.connect(lambda _progress: self._read_more(archive=True))
        archive.silenced.connect(lambda _silent: self._read_more())
        archive.found.connect(self._found)

    def begin(self) -> None:
        """Somebody searches: what is not read yet is read, and what is read is found."""
        self._searched = True
        self._words.take(self._briefing())
        self._words.begin()
        self._archive.set_folders(self._settings().searched)
        self._archive.look_again()
        self.search(self._typed)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The folded words that are searched for."""
        return self._asked.words

    def search(self, typed: str) -> None:
        """These words from now on."""
        self._typed = typed
        self._ask()
        self.changed.emit()

    def rest(self) -> None:
        """Nobody looks at the list."""
        self._searched = False

    def set_cards(self, cards: Cards) -> None:
        """What is prepared is otherwise now."""
        self.cards = cards
        self.changed.emit()

    def set_passed(self, rows: tuple[Row, ...]) -> None:
        """What passes from participants to the presenter is otherwise now."""
        self.passed = rows
        self.changed.emit()

    def end(self) -> None:
        """The briefing is over; the archive is still there for the next one."""
        self.cards, self._typed, self._answer, self.passed = Cards(), "", None, ()
        self._asked = Asked(self._asked.number + 1, ())
        self._words.clear()

    def _ask(self) -> None:
        wanted = words_of(self._typed)
        self._asked = Asked(self._asked.number + 1, wanted)
        if wanted and self._archive.has_folders:
            self._archive.find(self._asked)
        else:
            self._answer = None

    def _found(self, answer: Answer) -> None:
        if answer.asked == self._asked:
            self._answer = answer
            self.changed.emit()

    def _read_more(self, *, archive: bool = False) -> None:
        """More is known than when the question was asked."""
        self._asks_again |= archive
        if self._searched and not self._soon.isActive():
            self._soon.start()

    def _again(self) -> None:
        again, self._asks_again = self._asks_again, False
        if again and self._asked.words and self._archive.has_folders:
            self._archive.find(self._asked)
        self.changed.emit()

    # --- rows -----------------------------------------------------------------------------------------------

    def rows(self) -> tuple[Row, ...]:
        """Everything the list shows."""
        if not self._typed.strip():
            return self._prepared()
        here = here_finds(self._words.find(self._typed, self._may_look, HERE_SHOWN))
        archive = self._in_archive()
        rows: list[Row] = []
        if here:
            count = self._words.count(self._typed, self._may_look)
            rows += [Heading(("この説明の資料", {}), count), *here]
        if archive or self._archive.has_folders:
            count = self._answer.count if self._answer is not None else 0
            rows += [Heading(self._archive_title(), count), *archive]
        state = self._archive_state()
        if state is not None:
            rows.append(Note(state))
        if not here and not archive:
            rows.append(Note(("見つかりません。言葉を短くしてください。", {})))
        web = web_finds(self._settings().lookup.web, " ".join(self._typed.split()))
        if web:
            rows += [Heading(("庁外を調べる", {})), *web]
        return tuple(rows)

    def _prepared(self) -> tuple[Row, ...]:
        cards = tuple(card_find(card) for card in self.cards.cards)
        rows: list[Row] = [*self.passed, Heading(("準備したもの", {}), len(cards)), *cards]
        if not cards:
            rows.append(Note(self.unseen))
        state = self._archive_state()
        if state is not None:
            rows += [Heading(self._archive_title()), Note(state)]
        return tuple(rows)

    def _in_archive(self) -> tuple[Find, ...]:
        return self._answer.finds if self._answer is not None else ()

    def _archive_title(self) -> Words:
        department = self._settings().department
        return ("{department}の資料庫", {"department": department}) if department else ("資料庫", {})

    def _archive_state(self) -> Words | None:
        """What a person should know of the archive before trusting an empty list."""
        archive, progress = self._archive, self._archive.progress
        if not archive.has_folders:
            return "資料庫のフォルダは、設定で決められます。", {}
        if archive.silent:
            return "資料庫のフォルダが応答しません。前に読んだ分から探しています。", {}
        if progress.full:
            return "資料庫の索引を書き込めません。空き容量を確かめてください。", {}
        if not progress.resting:
            words = "資料庫を読んでいます（{done} / {of}点）"
            if progress.rebuilt:
                words = "資料庫の索引が壊れていたため、作り直しています（{done} / {of}点）"
            return words, {"done": f"{progress.done:,}", "of": f"{progress.of:,}"}
        if progress.silent:
            return "開けないフォルダがあります：{folder}", {"folder": progress.silent[0]}
        return None
