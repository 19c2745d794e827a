"""The console's window as a person sees it: dressed, in either language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from kiosk.english import ENGLISH as KIOSK_ENGLISH
from kiosk.fleet.english import ENGLISH
from pageview import theme, wording
from pageview.english import ENGLISH as SHARED
from pageview.focus_ring import FocusRing


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[QApplication]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wording, "_english", SHARED | KIOSK_ENGLISH | ENGLISH)
        theme.apply_desk(qapp)
        yield qapp
    wording.set_language("ja")
    qapp.setStyleSheet("")
    for ring in qapp.findChildren(FocusRing):
        qapp.focusChanged.disconnect(ring._moved)
        ring.deleteLater()
