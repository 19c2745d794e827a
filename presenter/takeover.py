"""Another presenter asks for a room: the question, which answers itself with no after 15 seconds."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from presenter.dialogs import Question, ask
from presenter.network import Network
from presenter.room_book import RoomBook
from presenter.rooms_state import room_title
from protocol.transport.events import Event, TakeoverRequested

ASKED_MS = 15_000


class TakeoverQuestions(QObject):
    """At most one question a room."""

    def __init__(
        self,
        parent_window: QWidget,
        network: Network,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._network = parent_window, network
        self._open: dict[int, Question] = {}

    def take(self, event: Event, book: RoomBook) -> None:
        """Asks, when that is what happened."""
        if not isinstance(event, TakeoverRequested) or event.number in self._open:
            return
        number = event.number
        room = book.paired.get(number)
        title = room.title if room is not None else room_title(number, None)
        question = Question(
            self._window,
            "{room}の切替えを求められています",
            "{department} {name}さんが求めています。替わると、この説明の資料は会議室から消えます。",
            yes="替わる",
            no="断る",
            values={"room": title, "department": event.department, "name": event.name},
        )
        self._open[number] = question
        question.destroyed.connect(lambda: self._open.pop(number, None))
        over = QTimer(question, singleShot=True, interval=ASKED_MS)
        over.timeout.connect(question.reject)
        over.start()
        ask(
            question,
            lambda: self._network.answer_takeover(number, True),
            lambda: self._network.answer_takeover(number, False),
        )

    def clear(self) -> None:
        """No question is open any more; those that were are answered with no."""
        for question in tuple(self._open.values()):
            question.reject()
