"""Sets that are filed on a real file server (Samba, mounted by smbnetfs): several at once, gone, back.

It needs root, /dev/fuse and both programs; elsewhere it is skipped, and the archive's other tests stand in.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from presenter.archive import kept_set
from presenter.archive.delivery import Away, deliver
from presenter.archive.rule import Rule
from presenter.archive.waiting import Waiting
from tests.presenter.archive.test_archive import FILES, FOLDER, NAMED, names

HOST = "127.9.4.5"
CONFIG = """
[global]
server role = standalone server
map to guest = bad user
guest account = root
smb ports = 445
bind interfaces only = yes
interfaces = {host}/8
load printers = no
disable spoolss = yes
lock directory = {folder}/lock
state directory = {folder}/state
cache directory = {folder}/cache
pid directory = {folder}/pid
private dir = {folder}/private
ncalrpc dir = {folder}/rpc
log file = {folder}/log
[archive]
path = {share}
guest ok = yes
read only = no
force user = root
"""
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        sys.platform != "linux"
        or not (shutil.which("smbd") and shutil.which("smbnetfs"))
        or os.geteuid() != 0
        or not Path("/dev/fuse").exists(),
        reason="no smbd, smbnetfs, root or FUSE",
    ),
]


@dataclass
class Share:
    """A share of a server of our own, and where it is mounted."""

    folder: Path
    share: Path
    server: subprocess.Popen[bytes] | None = None
    mounted: Path = field(init=False)

    def __post_init__(self) -> None:
        self.mounted = self.folder / "net" / HOST / "archive"

    def start(self) -> None:
        config = self.folder / "smb.conf"
        config.write_text(CONFIG.format(host=HOST, folder=self.folder, share=self.share), "utf-8")
        self.server = subprocess.Popen(
            ["smbd", "--foreground", "--no-process-group", "-s", str(config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self) -> None:
        """As by a pulled plug."""
        if self.server is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.server.pid, 9)
            self.server.wait()

    def answers(self) -> bool:
        """The mount shows folders of its own before the server does."""
        with suppress(OSError):
            (self.mounted / "probe").mkdir()
        with suppress(OSError):
            (self.share / "probe").rmdir()
            return True
        return False


@pytest.fixture
def share(tmp_path: Path) -> Iterator[Share]:
    made = Share(tmp_path / "smb", tmp_path / "shared")
    for name in ("lock", "state", "cache", "pid", "private", "rpc", "net", "home/.smb"):
        (made.folder / name).mkdir(parents=True)
    made.share.mkdir()
    home = made.folder / "home" / ".smb"
    (home / "smbnetfs.conf").write_text('include "smbnetfs.host"\n')
    (home / "smbnetfs.host").write_text(f"host {HOST} visible=true\n")
    (home / "smb.conf").write_text("[global]\nclient min protocol = SMB2\n")
    for file in home.iterdir():
        file.chmod(0o600)
    made.start()
    subprocess.run(
        ["smbnetfs", str(made.folder / "net")],
        env={**os.environ, "HOME": str(made.folder / "home")},
        check=True,
        capture_output=True,
    )
    yield made
    made.kill()
    subprocess.run(["umount", "-l", str(made.folder / "net")], check=True, capture_output=True)


def put(folder: Path, id: str) -> Waiting:
    waiting = Waiting(folder / id)
    waiting.put(id, NAMED, {**FILES, "who": id.encode()}.items())
    return waiting


def test_sets_are_filed_on_a_file_server_whatever_happens_to_it(
    tmp_path: Path, share: Share, monkeypatch: pytest.MonkeyPatch, qtbot
) -> None:
    qtbot.waitUntil(share.answers, timeout=20_000)
    stems: list[str] = []
    gate = threading.Barrier(4)

    def file(n: int) -> None:
        waiting = put(tmp_path, f"id{n}")
        gate.wait()
        stems.append(deliver(waiting, f"id{n}", share.mounted, Rule()).stem)

    threads = [threading.Thread(target=file, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    there = share.share / FOLDER
    assert names(there) == sorted(stems) == [f"20261124_予算案_第{n}版" for n in range(1, 5)]
    real, left = kept_set._write, 1

    def write(file: Path, pieces: object) -> None:
        nonlocal left
        if share.mounted in file.parents:
            left -= 1
            if left < 0:
                share.kill()
        real(file, pieces)  # type: ignore[arg-type]

    waiting = put(tmp_path, "last")
    monkeypatch.setattr(kept_set, "_write", write)
    with pytest.raises(Away, match="つながったときに保管します"):
        deliver(waiting, "last", share.mounted, Rule())
    monkeypatch.undo()
    assert [made.id for _, made in waiting.sets()] == ["last"]
    share.start()
    qtbot.waitUntil(share.answers, timeout=60_000)
    assert deliver(waiting, "last", share.mounted, Rule()).stem == "20261124_予算案_第5版"
    assert names(there) == [f"20261124_予算案_第{n}版" for n in range(1, 6)], "what was half copied is gone"
