"""A source is saved while a real wall shows its paper: the new pages are on the glass, and so is the ink."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from benchmarks.flowing import LEADING, flowing, paragraphs, save
from presenter import stage
from presenter.stage import Event
from tests.presenter.office import needs_soffice, word

LOOPBACK = ("--mdns-interface", "127.0.0.1")
ROOM = 1_000 + (os.getpid() * 13) % 90_000
RED = b"\x00\x00\xce\xff"
SOURCE = paragraphs(40)
NEW = "加えた段落である。" * 4
"""One line."""


class Scene:
    """A wall that shows the first page of a file, and the desk that does."""

    def __init__(self, folder: Path, file: Path, stack: ExitStack) -> None:
        evidence = ("--evidence", str(folder / "evidence"))
        self.wall = stack.enter_context(
            stage.kiosk(folder / "kiosk", *LOOPBACK, *evidence, number=ROOM, size="1920x1080")
        )
        self.desk = stack.enter_context(
            stage.presenter(folder / "desk", *LOOPBACK, *evidence, str(file), size="1366x768")
        )
        code = self.wall.wait("code")
        self.desk.wait("opened", within=90)
        self.desk.known("room_seen", lambda e: e["room"] == ROOM)
        self.desk.tell("connect", room=ROOM)
        self.desk.wait("found")
        self.desk.tell("code", code=code["code"])
        self.desk.wait("paired")
        self.desk.tell("start")
        self.painted()

    def painted(self) -> Event:
        self.seen = self.wall.wait("painted", lambda e: e["page"] == 1 and e["sharp"])
        return self.seen

    def picture(self, name: str) -> QImage:
        """The wall's own screenshot, of the page alone."""
        self.wall.tell("shot", name=name)
        left, top, wide, high = self.seen["pixels"]
        return QImage(self.wall.wait("shot")["file"]).copy(left, top, wide, high)

    def halves(self, name: str) -> tuple[QImage, QImage]:
        """The left and the right half of the whole wall."""
        self.wall.tell("shot", name=name)
        whole = QImage(self.wall.wait("shot")["file"])
        wide, high = whole.width() // 2, whole.height()
        return whole.copy(0, 0, wide, high), whole.copy(wide, 0, wide, high)

    def red(self, name: str, wanted: Callable[[list[int]], bool]) -> list[int]:
        """The rows of the page that have red ink on the wall, once they are as wanted: it paints dry ink in a
        thread of its own."""
        for turn in range(40):
            rows = red_rows(self.picture(f"{name} {turn}"))
            if wanted(rows):
                return rows
        raise AssertionError(rows)

    def points(self) -> float:
        """Pixels of a point of the page."""
        return float(self.seen["pixels"][2] * 100 / (self.seen["part"][2] - self.seen["part"][0]))


def red_rows(image: QImage, long: int = 1) -> list[int]:
    """Those with so many red pixels side by side."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    data, step = bytes(image.constBits()), image.bytesPerLine()
    return [y for y in range(image.height()) if RED * long in data[y * step : (y + 1) * step]]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_a_saved_pdf_is_on_the_wall_and_what_was_drawn_is_beside_its_words(
    stack: ExitStack, tmp_path: Path
) -> None:
    file = tmp_path / "予算.pdf"
    file.write_bytes(flowing(SOURCE))
    scene = Scene(tmp_path, file, stack)
    scene.desk.tell("draw", tool="pen", points=[[0.2 + n / 50, 0.54] for n in range(12)])
    scene.wall.wait("inked")
    before = scene.picture("before")
    save(file, flowing([SOURCE[0], NEW, *SOURCE[1:]]))
    made = scene.desk.wait("source")
    assert (made["number"], made["in_tray"], made["pages"][0]) == (2, 0, 1)
    scene.painted()
    after = scene.picture("after")
    line = LEADING * scene.points()  # by just the line that was put before it
    scene.red("moved", lambda rows: bool(rows) and abs(rows[0] - red_rows(before)[0] - line) < 3)
    top, bottom = round(before.height() * 0.75), before.height()
    assert before.copy(0, top, before.width(), bottom - top) != after.copy(
        0, top, after.width(), bottom - top
    )
    scene.desk.tell("key", key="Ctrl+Z")
    scene.painted()
    scene.red("undone", lambda rows: rows == red_rows(before))  # an undo takes the ink back too


def test_what_has_no_place_any_more_lies_in_the_tray_until_it_is_put_back(
    stack: ExitStack, tmp_path: Path
) -> None:
    file = tmp_path / "予算.pdf"
    file.write_bytes(flowing(SOURCE))
    scene = Scene(tmp_path, file, stack)
    scene.desk.tell("draw", tool="pen", points=[[0.2 + n / 50, 0.54] for n in range(12)])
    scene.wall.wait("inked")
    save(file, flowing(SOURCE[5:]))
    assert scene.desk.wait("source")["in_tray"] == 1
    scene.painted()
    scene.red("away", lambda rows: not rows)
    scene.desk.tell("key", key="C")
    scene.desk.tell("press", words="ここに置く")
    scene.red("back", bool)


def test_what_the_source_changed_is_compared_on_the_wall_one_after_the_other(
    stack: ExitStack, tmp_path: Path
) -> None:
    file = tmp_path / "予算.pdf"
    file.write_bytes(flowing(SOURCE))
    scene = Scene(tmp_path, file, stack)
    scene.desk.tell("draw", tool="pen", points=[[0.2 + n / 50, 0.19] for n in range(12)])
    scene.wall.wait("inked")
    changed = [words.replace("費用1037万円", "費用2500万円") for words in SOURCE]
    save(file, flowing([changed[0].replace("費用1000万円", "費用2000万円"), *changed[1:]]))
    scene.desk.wait("source")
    scene.painted()
    scene.desk.tell("key", key="A")
    assert scene.wall.wait("compared")["number"] == 1
    for turn in range(40):
        before, after = (red_rows(half, long=60) for half in scene.halves(f"compared {turn}"))
        if after:
            break
    assert after and not before, "what is drawn has gone with its words: on others it means nothing"
    scene.desk.tell("key", key="Right")
    assert scene.wall.wait("compared")["number"] == 2
    scene.picture("compared again")
    scene.desk.tell("key", key="Right")
    assert scene.wall.wait("compared")["number"] == 0, "behind the last change the page goes on"
    scene.desk.tell("key", key="Home")
    scene.desk.tell("beside", line="前の版と並べる")
    scene.wall.wait("beside", lambda e: e["place"] == "第1版　1ページ" and e["marked"] == 2)
    side_by_side = scene.picture("side by side")
    scene.desk.tell("key", key="Shift+A")
    scene.wall.wait("beside", lambda e: e["place"] is None)
    assert scene.picture("alone again") != side_by_side


@needs_soffice
def test_a_word_document_saved_in_its_own_program_is_on_the_wall_as_a_new_edition(
    stack: ExitStack, tmp_path: Path
) -> None:
    file = word(tmp_path / "予算.docx", SOURCE)
    scene = Scene(tmp_path, file, stack)
    before = scene.picture("before")
    word(file, ["初めに加えた段落である。", *SOURCE])
    assert scene.desk.wait("source", within=60)["number"] == 2
    scene.painted()
    assert scene.picture("after") != before
    scene.desk.wait("notice", lambda e: "「予算」が新しくなりました（第2版）" in e["text"])
