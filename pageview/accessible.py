"""What a screen reader hears of a page: its number, its step, and each change of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from pageview.page_canvas import PageCanvas


class AccessiblePage(QAccessibleWidget):
    """A document whose name says which page, and which part of it, is shown."""

    def __init__(self, view: PageCanvas) -> None:
        super().__init__(view, QAccessible.Role.Document)
        self._view = view

    def text(self, kind: QAccessible.Text) -> str:
        if kind == QAccessible.Text.Name:
            return self._view.spoken()
        return super().text(kind)


def install() -> None:
    """Makes Qt ask here for a PageCanvas; once for the life of the program."""
    global _installed
    if not _installed:
        _installed = True
        QAccessible.installFactory(_interface)


def announce(view: PageCanvas) -> None:
    """Tells a screen reader, if one listens, that ``view`` shows something else."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleEvent(view, QAccessible.Event.NameChanged))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, view.spoken()))


def _interface(_: str, widget: QObject) -> QAccessibleInterface | None:
    from pageview.page_canvas import PageCanvas

    return AccessiblePage(widget) if isinstance(widget, PageCanvas) else None


_installed = False
