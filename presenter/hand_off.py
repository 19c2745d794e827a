"""The summary of a confirmed record goes to a chat's incoming webhook: in a thread, from a file.

Nothing waits for it. A post that was accepted for sending lies in a file until the chat has taken it.
"""

from __future__ import annotations

import json
import logging
import threading
import urllib.error
import urllib.request
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from pageview.left_behind import emit_if_there
from pageview.whole_file import write_whole
from presenter.console_state import Words

log = logging.getLogger(__name__)

SHAPE = '{"text": "{summary}"}'
PLACES = ("{summary}", "{title}", "{place}")
ANSWER_S = 10.0
WAITS_S = (5.0, 30.0, 120.0, 600.0, 1_800.0)
"""Between two tries; the last for all further ones."""
TRIES = 60
"""More than a day of them; then the post is given up, and that is said."""
CLOSING_S = 1.0


class BadShape(ValueError):
    """It is no JSON."""


class Refused(Exception):
    """The chat answered, and did not take it. ``final``: it never will."""

    def __init__(self, status: int, *, final: bool) -> None:
        super().__init__(str(status))
        self.status, self.final = status, final


def body(shape: str, values: dict[str, str]) -> bytes:
    """The JSON of a post: in each of its strings ``{summary}``, ``{title}`` and ``{place}`` are filled."""
    try:
        return json.dumps(_filled(json.loads(shape or SHAPE), values), ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadShape(str(error)) from error


def _filled(value: Any, values: dict[str, str]) -> Any:
    if isinstance(value, str):
        for place in PLACES:
            value = value.replace(place, values.get(place.strip("{}"), ""))
        return value
    if isinstance(value, list):
        return [_filled(each, values) for each in value]
    if isinstance(value, dict):
        return {key: _filled(each, values) for key, each in value.items()}
    return value


class _Stay(urllib.request.HTTPRedirectHandler):
    """A record goes where its person said, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def post(address: str, data: bytes, seconds: float = ANSWER_S) -> None:
    """Hands it over; Refused, or OSError when nobody answered."""
    request = urllib.request.Request(
        address, data, {"Content-Type": "application/json; charset=utf-8"}, method="POST"
    )
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=seconds) as answer:
            answer.read(1_000)
    except urllib.error.HTTPError as error:
        error.close()
        # Too many at once, or busy: later. Another place, or not there: never.
        final = error.code < 500 and error.code not in (408, 425, 429)
        raise Refused(error.code, final=final) from None
    except (HTTPException, ValueError) as error:
        raise OSError(str(error)) from error


class HandOff(QObject):
    """Posts wait in ``folder``, one file each. ``waits_s``: between two tries."""

    sent = Signal()
    told = Signal(object)
    """Words: a post was given up"""

    def __init__(
        self,
        folder: Path,
        waits_s: tuple[float, ...] = WAITS_S,
        answer_s: float = ANSWER_S,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder, self._waits_s, self._answer_s = folder, waits_s, answer_s
        self._change = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None

    def send(self, id: str, address: str, data: bytes) -> None:
        """From now on it is tried; OSError when it cannot be kept."""
        self._folder.mkdir(parents=True, exist_ok=True)
        kept = json.dumps({"to": address, "tries": 0, "body": data.decode()}, ensure_ascii=False)
        write_whole(kept.encode(), self._folder / f"{id}.json", 0o600)
        self.begin()

    def begin(self) -> None:
        """Goes on with what an earlier run left."""
        alive = self._thread is not None and self._thread.is_alive()
        if not alive and any(self._folder.glob("*.json")):
            self._thread = threading.Thread(target=self._run, name="hand-off", daemon=True)
            self._thread.start()
        self._change.set()

    def close(self) -> None:
        """What has not been taken is tried at the next start. A chat that hangs is not waited for."""
        self._closing = True
        self._change.set()
        if self._thread is not None:
            self._thread.join(CLOSING_S)

    def _run(self) -> None:
        tries = 0
        while not self._closing:
            self._change.clear()
            left = [file for file in sorted(self._folder.glob("*.json")) if not self._try(file)]
            tries = tries + 1 if left else 0
            wait = self._waits_s[min(tries, len(self._waits_s)) - 1] if left else None
            self._change.wait(wait)

    def _try(self, file: Path) -> bool:
        """Whether it is over with this one."""
        try:
            kept = json.loads(file.read_bytes())
            address, data, tries = str(kept["to"]), str(kept["body"]).encode(), int(kept["tries"])
        except (OSError, ValueError, KeyError, TypeError) as broken:
            log.warning("a post that waits cannot be read: %s", broken)
            with suppress(OSError):  # it is in the way again at the next start, and no harm
                file.rename(file.with_suffix(".broken"))
            return True
        try:
            post(address, data, self._answer_s)
        except Refused as refused:
            if refused.final:
                return self._given_up(file, GIVEN_UP_ANSWER, {"status": refused.status})
        except OSError as away:
            log.info("the chat did not answer: %s", away)
        else:
            with suppress(OSError):
                file.unlink(missing_ok=True)
            emit_if_there(self.sent)
            return True
        if tries + 1 >= TRIES:
            return self._given_up(file, GIVEN_UP_TIME, {})
        kept["tries"] = tries + 1
        with suppress(OSError):  # a full disk: one try more than counted
            write_whole(json.dumps(kept, ensure_ascii=False).encode(), file, 0o600)
        return False

    def _given_up(self, file: Path, words: str, values: dict[str, object]) -> bool:
        with suppress(OSError):
            file.unlink(missing_ok=True)
        told: Words = (words, values)
        emit_if_there(self.told, told)
        return True


GIVEN_UP_ANSWER = "チャットが要約を受け取りませんでした（{status}）。設定の送り先を確かめてください。"
GIVEN_UP_TIME = "チャットが1日以上答えないので、要約を送るのをやめました。"
