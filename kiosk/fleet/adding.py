"""F5 ディスプレイの追加: the code on the new display, its room, a template, the passphrase."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from kiosk.fleet.model import Fleet
from kiosk.fleet.parts import Words, button, card, page_column
from kiosk.fleet.place_names import building_and_floor
from kiosk.fleet.room_list import RoomLine, room_number
from kiosk.fleet.templates import Level, Place, Templates, place_words
from kiosk.fleet.words import as_typed
from pageview.theme import restyle
from pageview.wording import say
from protocol.errors import Misuse
from protocol.transport.addresses import Endpoint, read_endpoint
from protocol.transport.candidates import Candidate


@dataclass(frozen=True, slots=True)
class Addition:
    """What was typed for a new display."""

    endpoint: Endpoint
    code: str
    room: dict[str, str | int]
    passphrase: str


class AddingPage(QWidget):
    """`added` says what is to be enrolled; `show_result` what came of it."""

    added = Signal(object)
    """Addition"""
    list_asked = Signal()
    """The house's rooms are to be read from a file."""

    def __init__(self, fleet: Fleet, templates: Callable[[], Templates], may: str, port: int) -> None:
        """``templates``: those that count now; ``may``: why it cannot be done at this console, "" when it
        can."""
        super().__init__()
        self._fleet, self._templates, self._port = fleet, templates, port
        self._waiting: tuple[Candidate, ...] = ()
        column = page_column(self, scrolls=True)
        head = QHBoxLayout()
        head.addWidget(Words(say("ディスプレイの追加"), "h1"), 1)
        head.addWidget(button(say("会議室の一覧を読み込む"), "upload_file", self.list_asked.emit))
        column.addLayout(head)
        lead = say(
            "新しいディスプレイの電源を入れると、登録番号とアドレスが画面に出ます。"
            "出ないときは、その端末で「kamizero kiosk --enrol」を始めてください。"
        )
        column.addWidget(Words(as_typed(lead), "secondary", wrap=True))
        if may:
            column.addWidget(Words(may, "body", "err", wrap=True))
        form, fields = card(28, 12)
        form.setMaximumWidth(1_080)
        form.setEnabled(not may)
        column.addWidget(form)
        column.addStretch(1)
        fields.addLayout(self._grid())
        self._said = Words("", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(24)
        self._go = button(say("登録する"), "check", self._add, "primary", "lg")
        row.addWidget(self._go)
        row.addWidget(self._said, 1)
        fields.addLayout(row)
        self._busy = False
        self._result: tuple[str, str] | None = None
        self._found: list[str] = []
        self._rooms: Mapping[int, RoomLine] = {}
        self.number.textEdited.connect(lambda _text: self._fill())
        self.refresh(())
        self._tell()

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(12)
        grid.setColumnMinimumWidth(0, 220)
        grid.setColumnStretch(1, 1)
        self.where = QComboBox()
        self.where.setEditable(True)
        self.where.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.code, self.number = QLineEdit(), QLineEdit()
        self.code.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.number.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.name, self.name_en = QLineEdit(), QLineEdit()
        self.place, self.place_en = QLineEdit(), QLineEdit()
        self.template = Words("")
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.code.setPlaceholderText(say("例：481 903"))
        self.number.setPlaceholderText(say("例：27"))
        self.name.setPlaceholderText(say("例：第三会議室"))
        self.name_en.setPlaceholderText(say("英語：Conference Room 3"))
        self.place.setPlaceholderText(say("例：本庁舎 3階"))
        self.place_en.setPlaceholderText(say("英語：Main Building, 3rd floor"))
        rows: tuple[tuple[tuple[str, QWidget], ...], ...] = (
            ((say("どのディスプレイ"), self.where),),
            ((say("画面の登録番号"), self.code),),
            ((say("会議室番号"), self.number),),
            ((say("名前"), self.name), (say("名前（英語）"), self.name_en)),
            ((say("建物と階"), self.place), (say("建物と階（英語）"), self.place_en)),
            ((say("設定のひな形"), self.template),),
            ((say("設備の鍵の合言葉"), self.passphrase),),
        )
        for line, fields in enumerate(rows):
            label = Words(fields[0][0], "title")
            label.setBuddy(fields[0][1])
            grid.addWidget(label, line, 0)
            beside = QHBoxLayout()
            beside.setSpacing(12)
            grid.addLayout(beside, line, 1)
            for words, field in fields:
                field.setAccessibleName(words)
                beside.addWidget(field, 1)
                if isinstance(field, QLineEdit):
                    field.textChanged.connect(lambda _text: self._tell())
                    field.textEdited.connect(lambda _text: self._forget_result())
                    field.returnPressed.connect(self._add)
        self.where.editTextChanged.connect(lambda _text: self._tell())
        return grid

    # --- what is shown ----------------------------------------------------------------------------------

    def begin(self) -> None:
        """The page is opened: what has to be typed first has the cursor."""
        first = self.code if self.where.currentText() else self.where
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, waiting: tuple[Candidate, ...]) -> None:
        """Those that announce themselves to be enrolled."""
        found = [str(each.endpoints[0]) for each in waiting if each.endpoints]
        field = self.where.lineEdit()
        if field is not None:
            none = say("見つかりません。画面のアドレスを入力してください")
            field.setPlaceholderText("" if found else none)
        if found == [self.where.itemText(place) for place in range(self.where.count())]:
            return
        typed, gone = self.where.currentText(), self._found
        self._found = found
        with QSignalBlocker(self.where):
            self.where.clear()
            self.where.addItems(found)
            if typed and typed not in (*found, *gone):
                self.where.setEditText(typed)
        self._tell()

    def set_rooms(self, rooms: Mapping[int, RoomLine]) -> None:
        """The house's list: a number typed fills in the rest."""
        self._rooms = rooms

    def _fill(self) -> None:
        number = self.number.text().strip()
        room = self._rooms.get(int(number)) if number.isdecimal() else None
        if room is not None:
            self.name.setText(room.name)
            self.name_en.setText(room.name_en)
            self.place.setText(room.place)
            self.place_en.setText(room.place_en)

    def show_result(self, words: str, wrong: QLineEdit | None) -> None:
        """What came of it, and which field is to be typed again. None: it is good, the form is empty."""
        self._busy = False
        self._result = words, "ok" if wrong is None else "err"
        if wrong is None:
            for field in (self.code, self.number, self.name, self.name_en):
                field.clear()
            if self.where.currentText() not in self._found:
                self.where.clearEditText()  # what was typed is nobody's who waits
        self.passphrase.clear()
        self._tell()
        if wrong is None:
            self.begin()
        else:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
            wrong.selectAll()

    def _say(self, words: str, tone: str) -> None:
        self._said.say(words)
        restyle(self._said, tone=tone)

    def _problem(self) -> str:
        """Why it cannot be added as it is typed; "" when it can."""
        number = self.number.text().strip()
        if number and room_number(number) is None:
            return say("会議室番号は1から99999までです。")
        taken = [each for each in self._fleet.displays.values() if number and each.number == int(number)]
        if taken:
            return say(
                "{number}番は「{name}」が使っています。取り替えるときは、そのまま登録できます。",
                number=number,
                name=taken[0].name,
            )
        return ""

    def _missing(self) -> list[str]:
        """What is not there yet, in the order of the form, or cannot be so."""
        there = {
            say("どのディスプレイ"): bool(self.where.currentText().strip()),
            say("画面の登録番号"): len(_digits(self.code.text())) in (6, 10),
            say("会議室番号"): room_number(self.number.text().strip()) is not None,
            say("名前"): bool(self.name.text().strip()),
            say("設備の鍵の合言葉"): bool(self.passphrase.text()),
        }
        return [words for words, good in there.items() if not good]

    def _ready(self) -> bool:
        return not self._busy and not self._missing()

    def _say_templates(self) -> None:
        """Which of them the new display will have, by its room and building."""
        building = building_and_floor(self.place.text())[0]
        number = room_number(self.number.text().strip()) or 0
        templates = self._templates()
        places = (Place(Level.HOUSE), Place(Level.BUILDING, building), Place(Level.ROOM, str(number)))
        said = [place_words(each) for each in places if templates.own(each)]
        self.template.say(" → ".join(said) if said else say("標準のまま"))

    def _tell(self) -> None:
        self._say_templates()
        if self._busy:
            return
        self._go.setEnabled(self._ready())
        if self._result is not None:
            self._say(*self._result)
        elif problem := self._problem():
            self._say(problem, "warn")
        else:
            missing = self._missing()
            fields = say("、").join(missing)
            self._say(say("まだ入力されていないもの：{fields}", fields=fields) if missing else "", "muted")

    def _forget_result(self) -> None:
        """Somebody types again: what came of the last one has been read."""
        self._result = None
        self._tell()

    def _add(self) -> None:
        if not self._ready():
            return
        try:
            endpoint = read_endpoint(self.where.currentText(), self._port)
        except (Misuse, ValueError):
            self._say(say("アドレスは「10.1.6.27:47400」のように入力してください。"), "err")
            return
        self._busy = True
        self._go.setEnabled(False)
        self._say(say("登録しています。"), "muted")
        room: dict[str, str | int] = {
            "number": int(self.number.text().strip()),
            "name": self.name.text().strip(),
            "name_en": self.name_en.text().strip(),
            "place": self.place.text().strip(),
            "place_en": self.place_en.text().strip(),
        }
        self.added.emit(Addition(endpoint, _digits(self.code.text()), room, self.passphrase.text()))


def _digits(text: str) -> str:
    """Full-width digits count, spaces do not."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())
