"""After 説明を終える: the record is drafted and everything is put where it is safe, then filed; in a thread.

The briefing's folder on this disk goes only when the set that follows it is whole.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from pageview.exporter import CannotExport, Exporter
from pageview.left_behind import emit_if_there
from pageview.segments import SegmentStore
from presenter.archive.cards import CarriedOver
from presenter.archive.carried import CARRIED, look
from presenter.archive.delivery import Away, deliver, planned
from presenter.archive.kept_set import KeptSet, NoSet
from presenter.archive.rule import BadRule, Named, Rule, read_rule
from presenter.archive.waiting import Waiting
from presenter.briefings import BriefingOnDisk
from presenter.console_state import Words
from presenter.not_written import why_not
from presenter.read_back import folded
from presenter.record.draft import drafted
from presenter.record.forms import USUAL
from presenter.record.gathering import Occasion, facts_of
from presenter.record.record import Record
from presenter.settings import Settings
from protocol import journal
from protocol.errors import Refusal
from protocol.journal import Entry, Noted
from protocol.model import Briefing

if TYPE_CHECKING:
    from presenter.archive.composing import Forms

log = logging.getLogger(__name__)

AGAIN_MS = 60_000
"""Between two tries to file what waits."""
CLOSING_S = 2.0
"""A share may hang for minutes: the program does not wait for it longer than this."""


@dataclass(frozen=True)
class Ended:
    """A briefing that is over. ``on_disk``: what holds its log, None where the disk took nothing."""

    briefing: Briefing
    on_disk: BriefingOnDisk | None
    began: datetime
    occasion: Occasion
    room: str


@dataclass(frozen=True)
class Kept:
    """A set that is safe on this computer, in ``folder``, and is to be filed at ``place``.

    ``told``: what a person should know; ``away``: why it would have to wait now; ``pictured``: whether the
    record has pictures of the pages discussed.
    """

    id: str
    record: Record
    folder: Path
    place: Path
    told: tuple[Words, ...]
    away: Words | None
    pictured: bool = False


class Archiving(QObject):
    """One thing after the other, in one thread. ``settings`` gives the newest."""

    kept = Signal(object)
    """Kept; anew when its record was changed"""
    failed = Signal(object)
    """Words: why nothing was kept; the briefing is offered at the next start"""
    made = Signal()
    """The papers of the briefing are not read any more."""
    filed = Signal(object, object)
    """(KeptSet, its folder in the archive)"""
    waits = Signal(object)
    """Words: why a set waits on"""
    carried = Signal(object)
    """CarriedOver: what was looked for with `look_for_carried`"""

    def __init__(
        self,
        folder: Path,
        usual: Path,
        store: SegmentStore,
        settings: Callable[[], Settings],
        parent: QObject | None = None,
    ) -> None:
        """``folder``: where sets wait; ``usual``: the archive while none is set."""
        super().__init__(parent)
        self._waiting, self._usual, self._store, self._settings = Waiting(folder), usual, store, settings
        self._tasks: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._exporter: Exporter | None = None
        self._in_hand = ""
        self._rule = Rule()
        self._to_keep = 0
        self.made.connect(self._one_made)
        self._own: set[str] = set()
        # Of two programs of one person the first files what others left; the second its own.
        self._lock = QLockFile(f"{folder}.lock")
        self._lock.setStaleLockTime(0)
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self.file_all)

    @property
    def making(self) -> bool:
        """Whether papers of a briefing are still being read."""
        return self._to_keep > 0

    def _one_made(self) -> None:
        self._to_keep -= 1

    def rule(self) -> Rule:
        """By which names are given, as it was read last: a share is never waited for here."""
        return self._rule

    def read_rule(self) -> None:
        """Reads the rule for names, in the thread."""
        settings = self._settings()
        if settings.naming:
            self._do(lambda: self._archive(settings))

    def keep(self, ended: Ended) -> None:
        """Drafts its record and makes its set; `kept` or `failed` follows."""
        id = ended.on_disk.folder.name if ended.on_disk is not None else ended.briefing.epoch.hex()
        self._in_hand = id
        self._to_keep += 1
        self._own.add(id)
        settings = self._settings()
        exporter = self._exporter = Exporter(self._store)
        self._do(lambda: self._keep(id, ended, settings, exporter))

    def change(self, kept: Kept, record: Record) -> None:
        """Its record is another one now, with pictures or without as ``kept`` says; `kept` follows."""
        settings = self._settings()
        exporter = self._exporter = Exporter(self._store)
        self._do(lambda: self._change(kept, record, settings, exporter))

    def look_for_carried(self, department: str, subject: str) -> None:
        """What former briefings on that subject left open; `carried` follows."""
        settings = self._settings()
        self._do(lambda: emit_if_there(self.carried, self._look(department, subject, settings)))

    def let_go(self) -> None:
        """The person is done with the set in hand: it is filed, with all others that wait."""
        self._in_hand = ""
        self.file_all()

    def file_all(self) -> None:
        """Files what waits, but for what is in hand; `filed` or `waits` follows for each."""
        if self._thread is None and not self._waiting.folder.is_dir():
            return
        settings, in_hand = self._settings(), self._in_hand
        self._again.start()
        self._do(lambda: self._file_all(settings, in_hand))

    def close(self) -> None:
        """Gives up what is being made. What hangs at a share is left behind; its set waits on."""
        if self._in_hand and not self.making:
            self.let_go()
        self._again.stop()
        if self._exporter is not None:
            self._exporter.cancel()
        if self._thread is not None:
            self._tasks.put(None)
            self._thread.join(CLOSING_S)
        self._lock.unlock()

    # --- in the thread ------------------------------------------------------------------------------------

    def _do(self, task: Callable[[], object]) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, name="archive", daemon=True)
            self._thread.start()
        self._tasks.put(task)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                task()
            except Exception:
                emit_if_there(self.failed, UNKEPT)
                raise

    def _keep(self, id: str, ended: Ended, settings: Settings, exporter: Exporter) -> None:
        kept: Kept | None = None
        why: Words = UNKEPT
        try:
            kept = self._kept(id, ended, settings, exporter)
        except CannotExport:
            log.info("keeping the briefing was given up")
        except OSError as refused:
            why = why_not(refused, str(refused.filename or self._waiting.folder))
        finally:
            exporter.close()
            if ended.on_disk is not None:
                ended.on_disk.let_go(erase=kept is not None)
            emit_if_there(self.made)
        if kept is not None:
            emit_if_there(self.kept, kept)
        else:
            emit_if_there(self.failed, why)

    def _kept(self, id: str, ended: Ended, settings: Settings, exporter: Exporter) -> Kept:
        from presenter.archive.composing import composed  # loads what only an end needs

        briefing, entries = _as_written(ended)
        record = drafted(facts_of(briefing, entries, ended.occasion))
        told: list[Words] = []
        files = composed(briefing, entries, record, _forms(settings), exporter, self._store, told)
        facts = record.facts
        title = facts.papers[0].title if facts.papers else facts.subject
        named = Named(facts.began.date(), facts.department, facts.subject, title, facts.presenter, ended.room)
        return self._told(self._waiting.put(id, named, files), record, told, settings)

    def _change(self, kept: Kept, record: Record, settings: Settings, exporter: Exporter) -> None:
        from presenter.archive.composing import record_files

        try:
            told: list[Words] = []
            pictures_from = kept.folder if kept.pictured else None
            files = record_files(record, _forms(settings), exporter, told, str(kept.place), pictures_from)
            changed = self._waiting.change(kept.id, files)
            made = self._told(changed, record, told, settings)
            emit_if_there(self.kept, replace(made, pictured=kept.pictured))
        except CannotExport:
            log.info("changing the record was given up")
        except (OSError, NoSet) as refused:
            words = why_not(refused, kept.folder.name) if isinstance(refused, OSError) else NOT_WHOLE
            emit_if_there(self.failed, words)
        finally:
            exporter.close()

    def _told(self, kept: KeptSet, record: Record, told: list[Words], settings: Settings) -> Kept:
        root, rule, wrong = self._archive(settings)
        away: Words | None = None if root.is_dir() else (AWAY, {"folder": str(root)})
        place = planned(kept, root, rule)
        return Kept(kept.id, record, self._waiting.of(kept.id), place, (*told, *wrong), away)

    def _file_all(self, settings: Settings, in_hand: str) -> None:
        alone = self._lock.isLocked() or self._lock.tryLock(0)
        if alone:
            self._waiting.sweep()
        for _, kept in self._waiting.sets():
            if kept.id == in_hand or not (alone or kept.id in self._own):
                continue
            root, rule, _ = self._archive(settings)
            try:
                emit_if_there(self.filed, kept, deliver(self._waiting, kept.id, root, rule).folder)
            except Away as away:
                emit_if_there(self.waits, away.told)
            except (NoSet, OSError) as broken:
                log.warning("a set that waits is not whole: %s", broken)
                emit_if_there(self.waits, NOT_WHOLE)

    def _look(self, department: str, subject: str, settings: Settings) -> CarriedOver:
        waiting = []
        for place, _ in self._waiting.sets():
            with suppress(OSError):  # older sets have none
                waiting.append((place / CARRIED).read_bytes())
        return look(self._archive(settings)[0], department, subject, waiting)

    def _archive(self, settings: Settings) -> tuple[Path, Rule, tuple[Words, ...]]:
        """Where things are kept, by which rule, and what is wrong with that one."""
        root, self._rule, wrong = self._read_archive(settings)
        return root, self._rule, wrong

    def _read_archive(self, settings: Settings) -> tuple[Path, Rule, tuple[Words, ...]]:
        root = Path(settings.archive_folder) if settings.archive_folder else self._usual
        if not settings.archive_folder:
            with suppress(OSError):  # it is told as being away
                root.mkdir(parents=True, exist_ok=True)
        if not settings.naming:
            return root, Rule(), ()
        try:
            return root, read_rule(Path(settings.naming)), ()
        except BadRule as bad:
            return root, Rule(), (*bad.told, USUAL_RULE)
        except OSError:
            missing: Words = ("保管の規則のファイル「{file}」を読めません。", {"file": settings.naming})
            return root, Rule(), (missing, USUAL_RULE)


AWAY = "保管先「{folder}」がありません。この端末に保存してあり、つながったときに保管します。"
NOT_WHOLE: Words = ("この端末に保存した記録が壊れています。システム担当に連絡してください。", {})
UNKEPT: Words = ("記録を作れませんでした。説明の内容は、この端末に残っています。", {})
USUAL_RULE: Words = ("通常の規則で名前を付けました。", {})


def _forms(settings: Settings) -> Forms:
    from presenter.archive.composing import Forms

    return Forms((settings.form or USUAL,), settings.forms_folder)


def _as_written(ended: Ended) -> tuple[Briefing, tuple[Entry, ...]]:
    """The briefing as its log tells it, with its times: what was typed at the very end is there, too.

    Where the disk took no log, or lacks its end: as the desk knew it, and when it began and ended.
    """
    times = (ended.began, ended.occasion.ended or ended.began)
    registers = ended.briefing.registers
    entries = tuple(Entry(round(when.timestamp() * 1000), Noted(registers)) for when in times)
    if ended.on_disk is None:
        return ended.briefing, entries
    content = journal.read(ended.on_disk.records())
    entries = content.entries or entries
    try:
        briefing = folded(content.log, content.registers or registers)
    except Refusal:
        return ended.briefing, entries
    return briefing if briefing.revision >= ended.briefing.revision else ended.briefing, entries
