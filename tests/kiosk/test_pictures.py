"""A house's pictures on standby: drawn in the cage, in turn, and away for whoever comes."""

from __future__ import annotations

import multiprocessing
import os
import struct
import zlib
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kiosk import picture_reader, pictures
from kiosk.house_settings import StandbyContent
from kiosk.picture_reader import PictureReader
from kiosk.picture_screen import PictureScreen
from kiosk.pictures import Pictures
from protocol.manage import Check, CheckResult, Verdict
from tests.kiosk.screens import kiosk_app, standby

__all__ = ["kiosk_app"]


def test_pictures_come_in_turn_and_what_is_none_is_passed_over(
    kiosk_app: QApplication, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name, size in (("b.png", (4_000, 1_000)), ("d.jpg", (200, 100))):
        picture = QImage(*size, QImage.Format.Format_RGB32)
        picture.fill(QColor("navy"))
        picture.save(str(tmp_path / name))
    (tmp_path / "a.png").write_bytes(b"no picture")
    # Drawn, it would have any other file of the machine read.
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    (tmp_path / "aa.png").write_text(svg, encoding="ascii")
    (tmp_path / "ab.png").write_bytes(huge_png(60_000))
    (tmp_path / "c.gif").write_bytes(b"GIF89a")
    whole = (tmp_path / "d.jpg").read_bytes()
    preview = b"\xff\xe1" + struct.pack(">H", 2 + len(whole)) + whole
    (tmp_path / "ac.jpg").write_bytes(whole[:2] + preview + whole[2:-200])  # the preview alone has its end
    (tmp_path / "d.jpg").write_bytes(whole[:2] + b"\xff\xff" + preview + whole[2:] + b"a film")
    reader = PictureReader(tmp_path)
    seen = []
    with caplog.at_level("INFO"):
        for _ in range(3):
            picture, left_out = reader.read_next(1_920, 884)
            assert picture is not None and left_out == 4
            assert len(picture.pixels) == 4 * picture.width * picture.height
            seen.append((picture.width, picture.height))
            assert abs(picture.pixels[0] - QColor("navy").blue()) < 4 and picture.pixels[3] == 255
    assert seen == [(1_920, 480), (200, 100), (1_920, 480)]
    told = [record.getMessage() for record in caplog.records if record.name == "kiosk.picture_reader"]
    assert told == [f"a picture is left out: {name}" for name in ("a.png", "aa.png", "ab.png", "ac.jpg")], (
        "each was tried once"
    )
    assert not multiprocessing.active_children()
    assert PictureReader(tmp_path / "gone").read_next(100, 100) == (None, 0)


def huge_png(side: int) -> bytes:
    """It says that it has so many pixels each way, and has a line of them."""
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1 + 4 * side))), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_a_picture_that_takes_its_process_with_it_is_left_out_and_the_console_is_told(
    qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = QImage(64, 36, QImage.Format.Format_RGB32)
    picture.save(str(tmp_path / "a.png"))
    screen = PictureScreen(55, 3.0)
    qtbot.addWidget(screen)
    made = Pictures(StandbyContent(pictures=str(tmp_path)), screen)
    assert made.result() == ()
    monkeypatch.setattr(picture_reader, "DECODE_S", 0.0)
    with qtbot.waitSignal(made.judged, timeout=10_000):
        made._next()
    assert made.front() is None and made._reading is not None
    assert made.result() == (CheckResult(Check.PICTURES, Verdict.LOOK, 1),)
    made._reading.join()
    monkeypatch.undo()
    picture.save(str(tmp_path / "a.png"))  # put there again: it is another file
    os.utime(tmp_path / "a.png", (1, 1))
    with qtbot.waitSignal(made.judged, timeout=10_000):
        made._next()
    assert made.front() is screen
    assert made.result() == (CheckResult(Check.PICTURES, Verdict.GOOD, 0),)
    made.close()


def test_a_picture_gives_way_to_whoever_comes(qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path) -> None:
    picture = QImage(64, 36, QImage.Format.Format_RGB32)
    picture.save(str(tmp_path / "a.png"))
    screen = PictureScreen(55, 3.0)
    qtbot.addWidget(screen)
    held = [False]
    made = Pictures(StandbyContent(pictures=str(tmp_path)), screen, lambda: held[0])
    made.start()
    for comes in (lambda: made.standby_says(standby(choosers=1)), screen.touched.emit, made.rest):
        made._next()
        qtbot.waitUntil(lambda: made.front() is screen, timeout=10_000)
        assert made._reading is not None
        made._reading.join()  # the next is read by the next thread
        made.standby_says(standby())
        assert made.front() is screen
        comes()
        assert made.front() is None
    held[0] = True  # a notice stands there
    made._next()
    assert made._reading is not None and not made._reading.is_alive()
    made.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
def test_a_share_that_hangs_holds_nothing_up(
    qtbot: QtBot, kiosk_app: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "CLOSE", 0.0)
    os.mkfifo(tmp_path / "a.png")
    screen = PictureScreen(55, 3.0)
    qtbot.addWidget(screen)
    made = Pictures(StandbyContent(pictures=str(tmp_path)), screen)
    made.start()
    made._next()
    made.close()
    assert made._reading is not None and made._reading.is_alive() and made._reading.daemon
    with (tmp_path / "a.png").open("wb") as answers:  # at last
        answers.write(b"no picture")
    made._reading.join()
