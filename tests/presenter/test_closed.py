"""What a damaged installation must not do: trust everybody, or stop with a traceback."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

import assets
from presenter import network, stage
from protocol.transport.settings import TransportSettings

LOOPBACK = ("--mdns-interface", "127.0.0.1")
# Other tests may run on this machine at the same time, and mDNS hears them all.
ROOM = 1_000 + (os.getpid() + 40_000) % 90_000


def test_a_facilities_key_that_is_none_stops_no_participant(tmp_path: Path) -> None:
    key = tmp_path / "state" / "facilities.pem"
    key.parent.mkdir(parents=True)
    key.mkdir()
    with stage.join(tmp_path, *LOOPBACK) as started:
        started.wait("ready")
        started.tell("quit")
        assert started.stay() == 0
    assert any("facilities.pem" in line for line in started.errors)
    assert not any("Traceback" in line for line in started.errors)


def test_a_facilities_key_that_cannot_be_read_lets_no_room_in(tmp_path: Path) -> None:
    key = tmp_path / "desk" / "state" / "facilities.pem"
    key.parent.mkdir(parents=True)
    key.write_text("not a key")
    with (
        stage.kiosk(tmp_path / "kiosk", *LOOPBACK, number=ROOM, size="640x360") as wall,
        stage.presenter(tmp_path / "desk", *LOOPBACK, str(assets.SAMPLE_MEMO), size="1366x768") as desk,
    ):
        wall.wait("code")
        desk.wait("opened")
        desk.known("room_seen", lambda e: e["room"] == ROOM)
        desk.tell("connect", room=ROOM)
        assert "REGISTERED" in str(desk.wait("failed"))
        assert not wall.has("paired")
    assert any("facilities.pem" in line for line in desk.errors)
    assert "Traceback" not in "\n".join(desk.errors)


def test_no_screenshots_where_a_facilities_key_is_installed(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    (folder / "state").mkdir(parents=True)
    (folder / "state" / "facilities.pem").write_text("any")
    with stage.presenter(folder, "--evidence", str(folder / "shots")) as desk:
        assert desk.stay() == 1
    assert not (folder / "shots").exists()


def test_a_state_folder_that_is_none_is_told_without_a_traceback(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "state").write_text("a file")
    with stage.presenter(folder) as desk:
        assert desk.stay() == 1
    assert [line for line in desk.errors if "cannot be used" in line] == desk.errors


def test_a_desk_that_is_closed_while_the_network_is_loaded_leaves_no_traceback(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, complaints = threading.Event(), list[object]()
    monkeypatch.setattr(network, "import_module", lambda _name: closed.wait(10))
    monkeypatch.setattr(threading, "excepthook", complaints.append)
    desk_s = network.Network(tmp_path, TransportSettings)
    desk_s.prepare()
    shiboken6.delete(desk_s)
    closed.set()
    for thread in threading.enumerate():
        if thread.name == "loading the network":
            thread.join(10)
    assert not complaints
