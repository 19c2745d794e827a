"""The participant's program as a whole: its three screens and the ways from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog

from presenter.actions import Where
from presenter.dialogs import Question, ask
from presenter.inherited import Inherited
from presenter.join.entrance_flow import own_name
from presenter.join.over import Over
from presenter.join.parts import Parts
from protocol.errors import Unavailable
from protocol.transport.events import BlobReady, Changed, Event, StandInOffered
from protocol.transport.join_events import Joined, JoinState, Left, LeftReason

FLUSH_MS = 400
"""So long the last word to the presenter is given to leave."""


class ParticipantDesk(QObject):
    """Decides which screen is shown. Everything else is in its parts."""

    joined = Signal(object)
    """Joined"""
    wiped = Signal(object)
    """LeftReason: the presenter is told that nothing of the briefing is shown or kept here."""
    over = Signal(object)
    """Over: this process, which held it all, is to give way to a fresh one."""
    happened = Signal(object)
    """Each event, after the parts have taken it."""
    taken_over = Signal(object)
    """Inherited: this program goes on as the presenter's."""
    finished = Signal()
    """The window is closed."""

    def __init__(self, parts: Parts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.parts = parts
        self._inside = False
        self._quitting = False
        self._over: Over | None = None
        self._flush = QTimer(self, singleShot=True, interval=FLUSH_MS)
        self._flush.timeout.connect(self._give_way)
        parts.network.received.connect(self._happened)
        parts.entrance.named.connect(self._remember_name)
        parts.window.close_wanted.connect(self.close)
        parts.jump.changed.connect(parts.flow.screen.show_jump)
        parts.keys.refused.connect(parts.flow.refused)

    def open(self) -> None:
        """The first screen, with what the command line has named."""
        parts, options = self.parts, self.parts.options
        card = parts.entrance.screen.card
        card.name.setText(options.name or own_name(parts.settings.value))
        if options.address:
            card.address.setText(options.address)
            card.open_address()
        parts.entrance.open()
        if options.room is not None:
            parts.entrance.choose(options.room)
        if options.over is None:
            card.set_focus()
        else:
            parts.ended.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        parts.network.start()

    # --- what the network tells -----------------------------------------------------------------------------

    def _happened(self, events: tuple[Event, ...]) -> None:
        for event in events:
            self._take(event)
            self.happened.emit(event)

    def _take(self, event: Event) -> None:
        parts = self.parts
        match event:
            case JoinState(Joined() as joined):
                self._enter(joined)
            case JoinState(Left(reason)):
                self._left(reason)
            case Changed() | BlobReady() | StandInOffered():
                self._prepare()
        parts.follower.take(event)
        parts.flow.take(event)
        parts.minutes.take(event)
        parts.correcting.take(event)
        parts.lookup.take(event)
        parts.entrance.take(event)

    def _prepare(self) -> bool:
        """The renderers; without memory for them there is nothing to take part in."""
        try:
            self.parts.follower.prepare()
        except (Unavailable, OSError):
            self.parts.network.leave()
            return False
        return True

    def _enter(self, joined: Joined) -> None:
        parts = self.parts
        if not self._prepare():
            return
        parts.follower.joined(joined)
        if not self._inside:
            self._inside = True
            parts.flow.open(parts.entrance.state.room)
            parts.window.show_screen(Where.CONSOLE, parts.follower.page)
        self.joined.emit(joined)

    def _left(self, reason: LeftReason) -> None:
        """Cover painted → everything wiped → the presenter is told → a fresh process says so here."""
        parts = self.parts
        self._inside = False
        held = parts.follower.renderer is not None
        self._over = Over(reason, parts.entrance.state.room, parts.flow.noted)
        self._close_questions()
        if held:
            parts.ended.show_wiping()
            parts.window.show_screen(Where.END)
            parts.ended.repaint()
        parts.lookup.clear()
        parts.follower.wipe()
        parts.own.forget()
        parts.flow.clear()
        parts.minutes.clear()
        parts.correcting.clear()
        parts.network.wiped()
        self.wiped.emit(reason)
        if self._quitting:
            self._end()
        elif held:
            self._flush.start()
        else:
            parts.entrance.open(None if reason is LeftReason.HERE else reason)

    def _give_way(self) -> None:
        self._put_away()
        self.over.emit(self._over)

    def show_over(self, over: Over) -> None:
        """The cover, where there is nothing to be wiped any more."""
        self.parts.ended.show_wiped(over.reason, over.noted)
        self.parts.window.show_screen(Where.END, self.parts.ended.close_button)

    def _close_questions(self) -> None:
        """Questions about a briefing that is over, and the system's own for a file."""
        for dialog in self.parts.window.findChildren(QDialog):
            dialog.reject()

    # --- the way out ----------------------------------------------------------------------------------------

    def ask_leave(self) -> None:
        """Asks once; a clicker's Esc must not end it."""
        if self._inside:
            self._ask(self.parts.network.leave)

    def again(self) -> None:
        """From the cover to the first screen."""
        self.parts.window.show_screen(Where.START)
        self.parts.entrance.open()
        self.parts.entrance.screen.card.set_focus()

    def close(self) -> None:
        """The window's ×: asks while there is a briefing."""
        if self._inside:
            self._ask(self.quit)
        else:
            self.quit()

    def _ask(self, then: Callable[[], None]) -> None:
        if self.parts.window.findChild(Question) is not None:
            return
        question = Question(
            self.parts.window,
            "説明から退出しますか",
            "この端末から資料を消します。会議室の説明は、そのまま続きます。",
            yes="退出する",
            no="続ける",
        )
        ask(question, then)

    def quit(self) -> None:
        """Everything is put away and the window closes; a briefing is left first, so that it is wiped."""
        if self._inside and not self._quitting:
            self._quitting = True
            self.parts.network.leave()
        else:
            self._end()

    def _end(self) -> None:
        self._flush.stop()
        self._put_away()
        self.parts.window.end()
        self.finished.emit()

    def _put_away(self) -> None:
        """Every thread and process ends; what is to be remembered is written."""
        parts = self.parts
        parts.settings.change(lambda s: replace(s, window=parts.window.geometry_text()))
        parts.close()

    # --- going on as the presenter --------------------------------------------------------------------------

    def ask_take_over(self) -> None:
        """引き継いで説明を続ける: a briefing of one's own, made of what is here."""
        if not self.parts.flow.state.may_take_over or self.parts.window.findChild(Question) is not None:
            return
        question = Question(
            self.parts.window,
            "引き継いで説明を続けますか",
            "この端末が説明者になります。会議室とは、会議室の画面に出ている番号でつなぎ直します。",
            yes="引き継ぐ",
            no="やめる",
        )
        ask(question, self.take_over)

    def take_over(self) -> None:
        """The papers change hands; the window that followed is wiped and closed."""
        parts = self.parts
        if not parts.flow.state.may_take_over:
            return
        room = parts.entrance.state.room
        briefing = parts.follower.briefing
        parts.network.stop()
        inherited = Inherited(briefing, parts.follower.store.split_off(), room)
        self._inside = False
        self._put_away()
        parts.own.forget()
        parts.flow.clear()
        parts.minutes.clear()
        self.taken_over.emit(inherited)
        # The desk's window is there by now: a program without a window would end.
        QTimer.singleShot(0, parts.window, parts.window.end)

    def _remember_name(self, name: str) -> None:
        self.parts.settings.change(lambda settings: replace(settings, join_name=name))
