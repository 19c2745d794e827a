"""Ink and corrections beside a real wall: what the desk draws and types is on the other process's screen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

import assets
from presenter import stage
from presenter.stage import Event

LOOPBACK = ("--mdns-interface", "127.0.0.1")
ROOM = 1_000 + (os.getpid() * 11) % 90_000
RED = QColor("#CE0000")
PAGE = 7
SHOTS = 40
"""So often the wall is looked at for what comes a moment later."""


class Scene:
    """A wall that shows page 7 of the budget, and the desk that does."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        evidence = ("--evidence", str(folder / "evidence"))
        self.wall = stack.enter_context(
            stage.kiosk(folder / "kiosk", *LOOPBACK, *evidence, number=ROOM, size="1920x1080")
        )
        paper = str(assets.SAMPLE_BUDGET)
        self.wire = folder / "wire.log"
        self.desk = stack.enter_context(
            stage.presenter(folder / "desk", *LOOPBACK, "--wire-log", str(self.wire), paper, size="1366x768")
        )
        code = self.wall.wait("code")
        self.desk.wait("opened")
        self.desk.known("room_seen", lambda e: e["room"] == ROOM)
        self.desk.tell("connect", room=ROOM)
        self.desk.wait("found")
        self.desk.tell("code", code=code["code"])
        self.desk.wait("paired")
        self.desk.tell("start")
        self.wall.wait("painted", lambda e: e["sharp"])
        self.desk.tell("jump", page=PAGE)
        self.seen = self.paints()

    def paints(self) -> Event:
        """The page sharp on the wall, as it is next."""
        return self.wall.wait("painted", lambda e: e["page"] == PAGE and e["sharp"])

    def shot(self, name: str) -> QImage:
        """The wall's own screenshot, of the page alone."""
        self.wall.tell("shot", name=name)
        left, top, wide, high = self.seen["pixels"]
        return QImage(self.wall.wait("shot")["file"]).copy(left, top, wide, high)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with ExitStack() as stack:
        yield Scene(tmp_path, stack)


def line_of(image: QImage) -> QImage:
    """The line of the page that the test corrects."""
    wide, high = image.width(), image.height()
    return image.copy(round(0.1 * wide), round(0.72 * high), round(0.8 * wide), round(0.07 * high))


def end_of_line(image: QImage) -> QImage:
    """The last words of the line that the test corrects."""
    wide, high = image.width(), image.height()
    return image.copy(round(0.41 * wide), round(0.745 * high), round(0.1 * wide), round(0.03 * high))


def colours(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}


def reds(image: QImage) -> int:
    return sum(image.pixelColor(x, y) == RED for x in range(image.width()) for y in range(image.height()))


def test_a_stroke_and_a_correction_are_on_the_wall_and_in_files_and_their_undo_too(
    scene: Scene, tmp_path: Path
) -> None:
    desk, wall = scene.desk, scene.wall
    before = scene.shot("before")
    assert reds(before) == 0
    desk.tell("draw", tool="pen", points=[[0.1 + n / 40, 0.95] for n in range(20)])
    wall.wait("inked")
    desk.wait("marks")
    desk.tell("export", folder=str(tmp_path))
    files = desk.wait("exported")["files"]
    assert any(file.endswith("書き込み.pdf") for file in files), "marks are exported before any edition, too"
    desk.tell("key", key="Ctrl+Z")
    desk.wait("key")

    desk.tell("action", name="add_correction")
    desk.known("characters")
    desk.tell("draw", points=[[0.21, 0.765], [0.36, 0.765]])
    desk.tell("key", key="Esc")  # lets go of the words,
    desk.tell("press", words="続ける")
    desk.wait("misunderstood")  # and does not ask whether the briefing ends
    desk.tell("draw", points=[[0.21, 0.765], [0.36, 0.765]])
    desk.tell("action", name="add_correction")
    desk.wait("correction", lambda e: e["state"] == "TYPING")
    desk.tell("wording", text="見直した額")
    wall.wait("corrections", lambda e: e["typed"] == ["見直した額"])
    assert reds(line_of(scene.shot("typing"))) > 200

    desk.tell("wording", text="見直した額", apply=True)
    desk.wait("correction", lambda e: e["state"] == "DONE")
    scene.paints()
    after = line_of(scene.shot("after"))
    assert reds(after) == 0
    assert after != line_of(before)
    desk.tell("export", folder=str(tmp_path))
    files = [Path(file) for file in desk.wait("exported")["files"]]
    kinds = [file.name.rpartition("_")[2] for file in files if file.is_file()]
    assert kinds == ["溶け込み.pdf", "見え消し.pdf", "修正一覧.pdf", "修正一覧.docx", "修正一覧.csv"]

    desk.tell("key", key="Ctrl+Z")
    scene.paints()
    assert line_of(scene.shot("undone")) == line_of(before)

    desk.tell("action", name="add_correction")
    desk.tell("draw", points=[[0.21, 0.765], [0.36, 0.765]])
    desk.tell("action", name="add_correction")
    desk.wait("correction", lambda e: (e["number"], e["state"]) == (2, "TYPING"))
    desk.tell("draw", points=[[0.21, 0.765], [0.36, 0.765]])
    desk.tell("key", key="Ctrl+M")  # of what is typed already there is no second one
    desk.tell("page_edit", name="white_out", x=0.7, y=0.1, to=[0.8, 0.15])  # another page, meanwhile
    desk.tell("wording", text="", apply=True)  # no new words: these are to go
    desk.wait("correction", lambda e: (e["number"], e["state"]) == (2, "DONE"))
    assert len(colours(end_of_line(before))) > 10
    closed_up = (len(colours(end_of_line(scene.shot(f"gone {n}")))) == 1 for n in range(SHOTS))
    assert any(closed_up), "the line has closed up"
    desk.tell("key", key="Ctrl+Z")
    assert any(line_of(scene.shot(f"back {n}")) == line_of(before) for n in range(SHOTS))

    desk.tell("action", name="add_correction")
    desk.tell("draw", points=[[0.21, 0.765], [0.36, 0.765]])
    desk.tell("action", name="add_correction")
    desk.wait("correction", lambda e: (e["number"], e["state"]) == (3, "TYPING"))
    desk.tell("wording", text="𓀀式", apply=True)
    desk.wait("told", lambda e: e["why"] == "NO_GLYPHS")
    desk.tell("press", words="注記にする")
    desk.wait("correction", lambda e: (e["number"], e["state"]) == (3, "DONE"))
    desk.known("marks", lambda e: e["by"])  # before or after that
    noted = (reds(line_of(scene.shot(f"noted {turn}"))) for turn in range(SHOTS))
    assert any(red > 50 for red in noted), "dry ink is painted a moment later"
    desk.tell("key", key="Ctrl+Z")
    desk.wait("correction", lambda e: (e["number"], e["state"]) == (3, "OPEN"))
    desk.tell("key", key="Ctrl+Z")
    gone = (reds(scene.shot(f"no note {turn}")) for turn in range(SHOTS))
    assert any(red == 0 for red in gone), "an open correction has no note"


def test_words_chosen_by_touch_on_the_wall_are_a_correction_at_the_desk(scene: Scene) -> None:
    desk, wall = scene.desk, scene.wall
    wall.tell("action", name="select")
    chosen = 0
    while not chosen:  # the first time, the words of the page are still being read
        wall.tell("draw", points=[[0.21, 0.765], [0.28, 0.765], [0.36, 0.765]])
        chosen = wall.wait("selected")["characters"]
    wall.tell("shot", name="chosen")
    wall.wait("shot")
    wall.tell("action", name="select")
    desk.wait("correction", lambda e: (e["number"], e["state"]) == (1, "OPEN"))
    desk.wait("notice", lambda e: e["text"].startswith("修正1が加わりました"))
    assert wall.wait("selected")["characters"] == 0, "what became a correction is chosen no more"


def test_what_is_drawn_for_oneself_never_leaves_the_desk(scene: Scene) -> None:
    desk, wall = scene.desk, scene.wall
    before = scene.shot("before")
    desk.tell("action", name="private")
    desk.tell("draw", tool="pen", points=[[0.1 + n / 40, 0.95] for n in range(20)])
    desk.tell("action", name="private")
    desk.tell("draw", points=[[0.1, 0.05], [0.2, 0.05]])
    wall.wait("inked")
    desk.tell("key", key="Ctrl+Z")
    desk.wait("key")
    desk.tell("key", key="Left")
    wall.wait("painted", lambda e: e["page"] != PAGE and e["sharp"])
    desk.tell("key", key="Right")
    scene.paints()
    assert scene.shot("after") == before
    told = scene.wire.read_text(encoding="utf-8")
    assert told.count("Draw") == 1, "the shared stroke, and no other"
