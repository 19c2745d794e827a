"""Settings that a console has changed are on trial until a console is heard under them; else the former ones
come back.

A display that nobody can reach any more must mend itself. What counted before is on the disk before anything
is changed, so that a cut of the power at any moment leaves the former settings, or the new ones and the way
back. No clock is kept: each start of the program gives consoles the same patience, and after a few starts
without a word the former settings come back at once. Standard library only: asked before the first paint.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from pageview.whole_file import PRIVATE, write_whole

log = logging.getLogger(__name__)

TRIAL_FILE = "settings-trial.json"
STARTS = 5
"""The program starts so often with settings under which no console was heard."""


@dataclass(frozen=True, slots=True)
class _Record:
    """``before``: the whole file as it was; ``after``: the checksum of the file on trial, "" when the former
    one is back; ``returned``: when that was decided, in seconds since 1970, 0: it was not."""

    before: str = ""
    after: str = ""
    starts: int = 0
    returned: int = 0


class SettingsTrial:
    """``config``: the settings file. `begin_run` once, before the settings are read."""

    def __init__(self, config: Path, state: Path) -> None:
        self._config, self._file = config, state / TRIAL_FILE
        self._record: _Record | None = None
        self.ordered = False
        """A change was prepared in this run: it is on trial from the next one on."""
        self.on_trial = False
        """The settings of this run wait for a console's word."""

    @property
    def returned(self) -> int:
        """When this display took its former settings back by itself, by its own clock; 0: it did not."""
        return 0 if self._record is None else self._record.returned

    def begin_run(self, now: float, crashed: bool = False) -> None:
        """Counts a start under new settings, or takes the former ones back: after too many, or when the
        screen stopped again and again (``crashed``)."""
        record = self._record = self._read()
        if record is None or not record.after:
            return
        if record.after != self._checksum():
            # Never written, already taken back, or changed by hand since: that is nobody's trial.
            self._keep(_Record(returned=record.returned) if record.returned else None)
            return
        self.on_trial = True
        if record.returned or crashed or record.starts >= STARTS:
            self.go_back(now)
        else:
            self._keep(_Record(record.before, record.after, record.starts + 1))

    def prepare(self, before: str, after: str) -> None:
        """The file is about to be changed by a console; OSError: it must not be. The former settings are the
        last under which a console was heard."""
        if self.ordered and self._record is not None and self._record.after:
            before = self._record.before
        record = _Record(before, _checksum(after.encode()))
        self._write(record)
        self._record, self.ordered = record, True

    def confirm(self) -> bool:
        """A console was heard: what is on trial stays. Whether anything was."""
        if not self.on_trial:
            return False
        self.on_trial = False
        log.info("a console was heard: the new settings stay")
        self._keep(None)
        return True

    def acknowledge(self) -> None:
        """Somebody has seen that the former settings came back."""
        if self.returned:
            self._keep(None)

    def go_back(self, now: float) -> bool:
        """Puts the former settings back, for the next start; False: nothing is on trial, or the disk will
        not."""
        record = self._record
        if not self.on_trial or record is None:
            return False
        returned = record.returned or max(1, int(now))
        try:
            self._write(_Record(record.before, record.after, record.starts, returned))
            write_whole(record.before.encode(), self._config)
        except OSError as error:
            log.error("the former settings cannot be put back: %s", error)
            return False
        self.on_trial = False
        log.warning("no console was heard under the new settings: the former ones are back")
        self._keep(_Record(returned=returned))
        return True

    # --- on the disk ------------------------------------------------------------------------------------

    def _checksum(self) -> str:
        try:
            return _checksum(self._config.read_bytes())
        except OSError:
            return "-"

    def _read(self) -> _Record | None:
        try:
            found = _Record(**json.loads(self._file.read_text("utf-8")))
            if [type(each) for each in asdict(found).values()] != [str, str, int, int]:
                raise TypeError("a value of another kind")
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            log.error("%s cannot be read: %s", self._file, error)
            return None
        return found

    def _keep(self, record: _Record | None) -> None:
        """As good as the disk allows; what is not kept is decided again at the next start."""
        self._record = record
        try:
            if record is None:
                self._file.unlink(missing_ok=True)
            else:
                self._write(record)
        except OSError as error:
            log.error("%s cannot be kept: %s", self._file, error)

    def _write(self, record: _Record) -> None:
        write_whole(json.dumps(asdict(record), ensure_ascii=False).encode(), self._file, PRIVATE)


def _checksum(data: bytes) -> str:
    return sha256(data).hexdigest()
