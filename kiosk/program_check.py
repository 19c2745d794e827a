"""`kamizero kiosk --check`: whether this version runs on this machine, before it takes another's place.

The whole program is started as a room would, on a screen that nobody sees and in a folder of its own; a
presenter of ours pairs with it, shows it a page and ends. Nothing of the real display is touched.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from argparse import Namespace
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from kamizero import VERSION
from kiosk.own_presenter import Heard, NotSeen, OwnPresenter
from kiosk.settings import read
from kiosk.settings_checks import SettingsError
from pageview.wording import both

PATIENCE = 30.0
"""Seconds for each step: an old machine, just started."""
LAST_WORDS = 12
"""So many lines of the program's log are shown when it fails."""
ROOM = 99_997
SETTINGS = f'[room]\nnumber = {ROOM}\nname = "check"\n[network]\nrendezvous_port = 0\n'
_OF_THE_REAL_ONE = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "STATE_DIRECTORY", "CONFIGURATION_DIRECTORY")
T = TypeVar("T")


class _Wall:
    """The program that is checked."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        config = folder / "kiosk.toml"
        config.write_text(SETTINGS, encoding="utf-8")
        words = ["--config", str(config), "--state", str(folder / "state"), "--port", str(self.port)]
        words += ["--no-mdns", "--windowed", "1280x720", "--script", "-"]
        environment = {name: value for name, value in os.environ.items() if name not in _OF_THE_REAL_ONE}
        self._process = subprocess.Popen(
            # -P: this version, and not one that lies in the folder from which it is checked.
            [sys.executable, "-P", "-m", "kamizero", "kiosk", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**environment, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        self.heard = Heard(PATIENCE)
        self.log: deque[str] = deque(maxlen=LAST_WORDS)
        self._readers = [
            threading.Thread(target=each, name="check", daemon=True)
            for each in (self._listen, self._keep_log)
        ]
        for reader in self._readers:
            reader.start()

    def wait(self, event: str, holds: Callable[[dict[str, Any]], bool] = lambda told: True) -> dict[str, Any]:
        return self.heard.wait(lambda told: told if told["event"] == event and holds(told) else None)

    def stand(self) -> None:
        """Standby, which anybody may connect to."""
        shown = self.wait("screen")["screen"]
        if shown == "enrolment":
            raise NotSeen(both("プログラムの隣に facilities.pem があります。状態フォルダへ移してください。"))
        if shown != "standby":
            raise NotSeen(both("理由は上の行にあります。"))

    def end(self) -> None:
        """Whatever happened; twice is the same as once."""
        assert self._process.stdin is not None
        if self._process.stdin.closed:
            return
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for reader in self._readers:
            reader.join()
        for pipe in (self._process.stdout, self._process.stderr):
            assert pipe is not None
            pipe.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.heard.put(json.loads(line))
        self.heard.put(None)

    def _keep_log(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.log.append(line.rstrip())


def _step(name: str, work: Callable[[], T]) -> T:
    began = time.monotonic()
    try:
        done = work()
    except NotSeen as failure:
        print("✕ " + name, flush=True)
        raise NotSeen(str(failure) or both("時間内にできませんでした。")) from failure
    print(f"✓ {name}  {time.monotonic() - began:.1f} s", flush=True)
    return done


def _settings_of(options: Namespace) -> None:
    try:
        read(options.config)
    except SettingsError as error:
        raise NotSeen(str(error)) from error


def _play(folder: Path) -> None:
    wall = _Wall(folder)
    try:
        _step(both("画面が出る"), wall.stand)
        code = _step(both("接続番号が出る"), lambda: wall.wait("code"))["code"]
        with OwnPresenter(folder / "desk", ROOM, f"127.0.0.1:{wall.port}", PATIENCE) as desk:
            _step(both("つながる"), lambda: desk.pair(code))
            desk.show()
            _step(both("ページが映る"), lambda: wall.wait("painted", lambda told: bool(told["sharp"])))
            _step(both("終わると消える"), desk.end)
    except NotSeen:
        wall.end()
        for line in wall.log:
            print("  " + line)
        raise
    finally:
        wall.end()


def main(options: Namespace) -> int:
    """0 when all of it works; else 1, what failed and the program's last words."""
    print(f"Kamizero {VERSION}", flush=True)
    try:
        if options.config.exists():
            _step(both("設定を読める"), lambda: _settings_of(options))
        with tempfile.TemporaryDirectory(prefix="kamizero-check-") as folder:
            _play(Path(folder))
    except NotSeen as failure:
        print(failure)
        print(both("この版は使えません。"))
        return 1
    print(both("使えます。"))
    return 0
