"""Reading an unclosed briefing: its log, its papers from their sealed copies, where it stood, its guests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from pageview.segments import SegmentStore
from presenter.at_rest import AtRestKey, NotOurs
from presenter.briefings import Left
from presenter.paper_copies import read_copy
from presenter.session_secrets import SessionSecrets
from protocol import journal
from protocol.errors import Unavailable
from protocol.messages import Committed
from protocol.model import Briefing
from protocol.registers import Registers
from protocol.transport.owner_session import Recovered
from protocol.transport.resuming import Secrets
from protocol.values import Blob, View


@dataclass(frozen=True)
class Kept:
    """What the keeper holds: the guests' secrets, and the folder of the briefing that they belong to."""

    folder: str
    secrets: Secrets


@dataclass(frozen=True)
class Resumed:
    """What a briefing goes on with. ``missing``: titles of papers whose copy is not there."""

    left: Left
    briefing: Briefing
    recovered: Recovered
    chain: journal.Chain
    view: View | None
    elapsed_s: float
    blobs: tuple[bytes, ...]
    missing: tuple[str, ...]


class ReadBack:
    """Reads papers into ``store`` and takes the guests' secrets over."""

    def __init__(self, secrets: SessionSecrets, store: SegmentStore, key: AtRestKey) -> None:
        self._secrets, self._store, self._key = secrets, store, key

    def read(self, left: Left) -> Resumed:
        """The briefing as it was; Refusal when its log does not hold together."""
        content = journal.read(left.records)
        registers = content.registers or Registers()
        briefing = folded(content.log, registers)
        loaded, missing = [], []
        for paper in briefing.papers:
            copies = left.folder / "papers"
            here = {load_copy(self._store, copies, self._key, blob) for blob in paper.blobs}
            if here == {True}:
                loaded += [blob.sha256 for blob in paper.blobs]
            else:
                missing.append(paper.title)
        view = registers.view
        if view is not None and briefing.page(view.page_id) is None:
            view = None
        return Resumed(
            left=left,
            briefing=briefing,
            recovered=Recovered(content.log, registers, self._guests(left)),
            chain=journal.Chain(content.last),
            view=view,
            elapsed_s=elapsed_s(content.entries, registers),
            blobs=tuple(loaded),
            missing=tuple(missing),
        )

    def _guests(self, left: Left) -> Secrets:
        held = self._secrets.take_over()
        try:
            kept = msgspec.msgpack.decode(held, type=Kept) if held is not None else None
        except msgspec.DecodeError:
            kept = None
        return kept.secrets if kept is not None and kept.folder == left.folder.name else Secrets()


def load_copy(store: SegmentStore, copies: Path, key: AtRestKey, blob: Blob) -> bool:
    """Puts a paper into ``store`` from its sealed copy; False when there is none that is whole."""
    if blob.sha256 in store:
        return True
    try:
        read_copy(copies, key, blob.sha256, store.allocate(blob.sha256, blob.length))
        return store.complete(blob.sha256)
    except (OSError, NotOurs, Unavailable):
        store.drop(blob.sha256)
        return False


def folded(log: Sequence[Committed], registers: Registers) -> Briefing:
    """The briefing that a log tells; Refusal when it does not hold together."""
    briefing = Briefing(registers=registers)
    for committed in log:
        briefing = briefing.apply(committed.op, committed.id)
    return briefing


def elapsed_s(entries: Sequence[journal.Entry], registers: Registers) -> float:
    """How long the briefing had run at the last record: the timer as it was set, and what passed since."""
    if not entries or not registers.timer.running:
        return registers.timer.elapsed / 1000
    set_at = next(
        (
            entry.at
            for entry in entries
            if isinstance(entry.record, journal.Noted) and entry.record.registers.timer == registers.timer
        ),
        entries[-1].at,
    )
    return (registers.timer.elapsed + max(0, entries[-1].at - set_at)) / 1000
