"""The inside of the render process, obeyed here without its cage where that shows more."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from pageview import render_process
from pageview.render_messages import Draw, Drawn, Reply, TakePaper, decode_reply
from pageview.render_process import CagedRenderer
from pageview.render_results import Opened
from pageview.segments import Segment
from protocol.values import Rect
from tests.pageview.papers import FRAME, one_page, opened, running, stream, wish

PAPER = b"\1" * 32
WIDTH, HEIGHT = 90, 120


@pytest.fixture
def obeying() -> Iterator[tuple[CagedRenderer, Connection, Segment]]:
    """The renderer in this very process, the far end of its pipe, and its frames; one paper is taken."""
    near, far = multiprocessing.Pipe()
    frames, paper = Segment(WIDTH * HEIGHT * 4), Segment(len(one_page()))
    paper.view[:] = one_page()
    renderer = CagedRenderer(far, frames.view)
    paper.hand_over(near, 0)
    renderer.obey(TakePaper(PAPER, paper.size, None))
    yield renderer, near, frames
    near.close()
    far.close()
    paper.close()
    frames.close()


def draw(renderer: CagedRenderer, near: Connection) -> Reply:
    renderer.obey(Draw(1, PAPER, 0, Rect(0, 0, 59_500, 84_200), WIDTH, HEIGHT, 0))
    return decode_reply(near.recv_bytes())


def test_where_mupdf_cannot_draw_into_the_slot_it_is_copied_there(
    obeying: tuple[CagedRenderer, Connection, Segment], monkeypatch: pytest.MonkeyPatch
) -> None:
    renderer, near, frames = obeying
    assert draw(renderer, near) == Drawn(1)
    straight = bytes(frames.view)
    assert straight[:4] == b"\xff\0\0\xff", "blue, opaque, in Qt's order of bytes"
    frames.view[:] = bytes(frames.size)
    monkeypatch.setattr(renderer, "_pixmap_on", lambda *_: None)
    assert draw(renderer, near) == Drawn(1)
    assert bytes(frames.view) == straight


def test_an_order_beyond_the_frames_is_refused_before_a_pixel_is_written(
    obeying: tuple[CagedRenderer, Connection, Segment],
) -> None:
    renderer, near, frames = obeying
    renderer.obey(Draw(1, PAPER, 0, Rect(0, 0, 59_500, 84_200), WIDTH, HEIGHT, 400))
    assert not isinstance(decode_reply(near.recv_bytes()), Drawn)
    assert not any(frames.view)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_pictures_that_were_shown_do_not_stay_in_memory(qtbot: QtBot) -> None:
    side = 2_600  # 20 MB each, unpacked
    picture = (
        f"/Type/XObject/Subtype/Image/Width {side}/Height {side}/ColorSpace/DeviceRGB/BitsPerComponent 8"
    )
    noise = bytes(range(256)) * (side * side * 3 // 256 + 1)
    with running() as (store, renderer):
        for number in range(8):
            data = one_page(
                "595 0 0 842 0 0 cm /I Do",
                resources="/XObject<</I 5 0 R>>",
                more=[stream(bytes([number]) + noise[: side * side * 3 - 1], picture)],
            )
            sha256 = store.add(data)
            assert isinstance(opened(qtbot, renderer, sha256), Opened)
            with qtbot.waitSignal(renderer.drawn, timeout=20_000):
                renderer.ask(wish(sha256, size=FRAME))
            with qtbot.waitSignal(renderer.lines, timeout=20_000):
                renderer.ask_lines(sha256, 0)
        held = [_private_bytes(process) for process in renderer.process_ids()]
    assert max(held) < render_process.PRIVATE_MEMORY + 30 * 2**20, held


def _private_bytes(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("Anonymous:"))
