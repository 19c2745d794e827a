"""Run by test_page_view with its own scaling: a page on real offscreen glass, compared pixel by pixel.

Prints one JSON object for a window that is the view, and one for a view at an odd place inside a window.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def main(width: int, height: int) -> None:
    screen = {"name": "glass", "x": 0, "y": 0, "width": width, "height": height, "dpr": 1}
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as config:
        json.dump({"screens": [screen]}, config)
        config.flush()
        os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={config.name}"
        show(width, height)


def show(width: int, height: int) -> None:
    from PySide6.QtWidgets import QApplication, QWidget

    from pageview.page_view import PageView
    from protocol.values import Rect, View
    from tests.pageview.shown_papers import LANDSCAPE, marked, paper_of, table

    app = QApplication([])
    with table(Waiter(app), (width, height)) as desk:  # type: ignore[arg-type]
        page_id = desk.lay(paper_of([(LANDSCAPE, marked(*LANDSCAPE) + FINE)]))[0].page_id
        view = View(page_id, Rect(5_000, 4_000, 60_000, 45_000))
        window = QWidget()
        for parent in (None, window):
            glass = PageView(desk.source, parent=parent)
            top = parent or glass
            top.setGeometry(app.primaryScreen().geometry())
            if parent is not None:
                glass.setGeometry(133, 77, 301, 203)
            top.show()
            glass.show_view(view)
            desk.wait_sharp(glass, view)
            print(json.dumps(compared(glass, desk)))
            glass.set_source(None)
            top.close()


# Hairlines and small strokes: any resampling shows in them.
FINE = " 0 0 0 RG .2 w " + " ".join(f"{60 + n * 3.7} 60 m {60 + n * 2.1} 520 l S" for n in range(150))


class Waiter:
    """The part of QtBot that is needed here."""

    def __init__(self, app: object) -> None:
        self._app = app

    def waitUntil(self, condition: object, timeout: int) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        loop, late = QEventLoop(), QTimer(interval=timeout, singleShot=True)
        late.timeout.connect(lambda: loop.exit(1))
        late.start()
        look = QTimer(interval=5)
        look.timeout.connect(lambda: condition() and loop.quit())  # type: ignore[operator]
        look.start()
        assert loop.exec() == 0, "timed out"


def compared(glass: object, desk: object) -> dict[str, float]:
    from tests.pageview.shown_papers import SPLIT, on_screen

    place, view = glass.placement(), glass.view  # type: ignore[attr-defined]
    image = on_screen(glass)  # type: ignore[arg-type]
    frame = desk.source.picture(glass.shot_of(view)).layers[0][0]  # type: ignore[attr-defined]
    shown = image.copy(place.x, place.y, place.width, place.height).convertToFormat(frame.format())
    rows = range(place.height)
    differing = sum(bytes(shown.constScanLine(y)) != bytes(frame.constScanLine(y)) for y in rows)
    rect = view.rect
    reds = [x for x in range(place.width) if frame.pixelColor(x, 1).rgb() == 0xFFFF0000]
    tall = [y for y in rows if frame.pixelColor(1, y).rgb() == 0xFFFF0000]
    return {
        "ratio": glass.devicePixelRatioF(),  # type: ignore[attr-defined]
        "differing": differing + (frame.width() != place.width) + (frame.height() != place.height),
        "region_x": (reds[-1] + 1) / place.width - (SPLIT[0] * 84_200 - rect.x0) / (rect.x1 - rect.x0),
        "region_y": (tall[-1] + 1) / place.height - (SPLIT[1] * 59_500 - rect.y0) / (rect.y1 - rect.y0),
    }


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parents[1]))
    main(*map(int, sys.argv[1:]))
