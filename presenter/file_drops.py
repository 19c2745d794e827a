"""Files let go over a widget, as the places of them on this machine."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class FileDrops(QObject):
    """Watches one widget and what stands in it."""

    dropped = Signal(list)
    """Paths, in the order given."""
    hanging = Signal(bool)
    """Whether files hang over the widget."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        over.setAcceptDrops(True)
        over.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            if _files(event):
                self.hanging.emit(True)
                event.acceptProposedAction()
            return True
        if event.type() == QEvent.Type.DragLeave:
            self.hanging.emit(False)
            return True
        # A QDragMoveEvent is a QDropEvent too.
        if event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self.hanging.emit(False)
            files = _files(event)
            if files:
                event.acceptProposedAction()
                self.dropped.emit(files)
            return True
        return False


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
