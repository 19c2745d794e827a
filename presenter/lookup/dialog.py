"""調べる: over the console, which goes on below. Nothing of it but 会議室に見せる reaches a wall."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from pageview.theme import Desk
from pageview.wording import say
from presenter.buttons import Button
from presenter.keys import OWN_KEYS, press_by_enter
from presenter.labels import Elided, Icon, Label, frame
from presenter.lookup.find_list import FindList
from presenter.lookup.finds import Row, Words
from presenter.lookup.pasted import pasted
from presenter.lookup.preview import Preview

WIDTH, HEIGHT, AROUND = 1_440, 872, 24
LIST_SHARE = 600 / 1_440
HEAD, FOOT = 88, 92
VEIL = QColor(0, 0, 0, 133)
AFTER_MS = 120
ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True)
class Place:
    """Where something is looked up: who sees it (``unseen``), what becomes of it (``told``), the key that
    passes it on."""

    unseen: str
    told: str
    pass_on: str
    icon: str


AT_DESK = Place(
    "会議室には映っていません",
    "見せたものは、出典と時刻とともに記録に残ります",
    "会議室に見せる",
    "cast",
)


class Lookup(QFrame):
    """Covers ``over``. ↑ and ↓ choose, Enter looks, Ctrl+Enter shows, Esc closes."""

    wanted = Signal(str)
    """What is searched for, a moment after it was typed."""
    chosen = Signal(object)
    opened = Signal(object)
    turned = Signal(int)
    show_wanted = Signal()
    keep_wanted = Signal()
    paste_wanted = Signal()
    picture_wanted = Signal()
    screen_wanted = Signal()
    removed = Signal()
    declined = Signal()
    clipped = Signal(object)
    closed = Signal()

    def __init__(self, over: QWidget, place: Place = AT_DESK) -> None:
        super().__init__(over)
        self._over, self._at = over, place
        self.setProperty(OWN_KEYS, True)
        self.setProperty("focusRing", False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._card = QFrame(self)
        self._card.setObjectName("lookup")
        self._card.setStyleSheet(f"#lookup {{ background: {Desk.CARD}; border-radius: 12px; }}")
        self.field = _Field(lambda: self.paste.isVisible())
        self.list = FindList()
        self.preview = Preview()
        self._unseen = Label(place.unseen, "title")
        self._place = Label("", "body", "muted")
        self._source = Elided("", "secondary")
        self._said = Label(place.told, "secondary", "muted", wrap=True)
        self.clip = Button("一部を切り取る", "lasso_select")
        self.keep = Button("準備に加える", "add")
        self.paste = Button("写したものを加える", "content_copy")
        self.picture = Button("画像を加える", "upload_file")
        self.screen_part = Button("画面を切り取る", "lasso_select")
        self.remove = Button("外す", "delete")
        self.decline = Button("断る", "close")
        self.show_it = Button(place.pass_on, place.icon, "primary")
        self._lay_out()
        self._connect()
        over.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(frame("line"))
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.list)
        middle.addWidget(frame("vline"))
        middle.addWidget(self._right(), 1)
        column.addLayout(middle, 1)
        column.addWidget(frame("line"))
        column.addWidget(self._foot())

    def _head(self) -> QWidget:
        head = QWidget()
        head.setFixedHeight(HEAD)
        row = QHBoxLayout(head)
        row.setContentsMargins(30, 0, 20, 0)
        row.setSpacing(14)
        row.addWidget(Icon("search", 30, Desk.BODY))
        row.addWidget(self.field, 1)
        row.addWidget(Label("Esc", "keycap"), 0, Qt.AlignmentFlag.AlignVCenter)
        self._close = Button("閉じる", kind="text")
        row.addWidget(self._close)
        return head

    def _right(self) -> QWidget:
        right = QFrame()
        right.setObjectName("unseen")
        right.setStyleSheet(f"#unseen {{ background: {Desk.BG}; }}")
        column = QVBoxLayout(right)
        column.setContentsMargins(36, 16, 36, 20)
        column.setSpacing(10)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(Icon("visibility_off", 24, Desk.BODY))
        top.addWidget(self._unseen)
        top.addStretch(1)
        top.addWidget(self._place)
        column.addLayout(top)
        column.addWidget(self.preview, 1)
        self._source.setFixedHeight(44)
        self._source.setContentsMargins(14, 0, 14, 0)
        self._source.setStyleSheet(f"background: {Desk.CARD}; color: {Desk.BODY};")
        column.addWidget(self._source)
        self._source.hide()
        return right

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setFixedHeight(FOOT)
        row = QHBoxLayout(foot)
        row.setContentsMargins(28, 0, 28, 0)
        row.setSpacing(12)
        for button in self._keys():
            row.addWidget(button)
        row.addWidget(self._said, 1)
        self.show_it.show_keycap("Ctrl+Enter")
        row.addWidget(self.show_it)
        for button in (*self._keys(), self.show_it, self._close):
            button.setProperty(OWN_KEYS, True)
        return foot

    def _keys(self) -> tuple[Button, ...]:
        """Those at the foot but for the one that shows, in their order."""
        adding = self.paste, self.picture, self.screen_part
        return (self.clip, self.keep, *adding, self.remove, self.decline)

    def _connect(self) -> None:
        self._soon = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._soon.timeout.connect(lambda: self.wanted.emit(self.field.text()))
        self.field.textChanged.connect(lambda _text: self._soon.start())
        self.field.moved.connect(self.list.move_choice)
        self.field.entered.connect(self._open)
        self.list.chosen.connect(self.chosen)
        self.list.opened.connect(self.opened)
        self.preview.clipped.connect(self._clip_done)
        for button, signal in (
            (self.keep, self.keep_wanted),
            (self.paste, self.paste_wanted),
            (self.picture, self.picture_wanted),
            (self.screen_part, self.screen_wanted),
            (self.remove, self.removed),
            (self.decline, self.declined),
            (self.show_it, self.show_wanted),
            (self._close, self.closed),
        ):
            button.clicked.connect(lambda _checked=False, signal=signal: signal.emit())
        self.clip.clicked.connect(lambda _checked=False: self._begin_clip())

    # --- what is shown --------------------------------------------------------------------------------------

    def open(self) -> None:
        """With the keyboard in the field, what stands there marked."""
        self._fit()
        self._say()
        self.tell(self._at.told)
        self.raise_()
        self.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """The finds."""
        self.list.show_rows(rows)

    def show_place(self, place: Words | None, source: str) -> None:
        """Which page is looked at, and the source as it will stand below it."""
        words, values = place or ("", {})
        self._place.set_words(words, **values)
        self._source.set_plain(source)
        self._source.setVisible(bool(source))

    def show_image(self, image: QImage, hits: Sequence[QRectF] = ()) -> None:
        """The page, with what was searched for marked on it."""
        self.preview.show_image(image, hits)

    def show_can(self, *, show: bool, keep: bool, card: bool, why: str, found: bool = False) -> None:
        """What can be done with what is looked at; ``why`` it cannot be shown.

        Where nothing is searched for, what is prepared stands in the list, and more can be added to it.
        ``found``: a participant did, and awaits an answer.
        """
        self.show_it.setEnabled(show)
        self.show_it.setToolTip(why)
        self.keep.setEnabled(keep)
        self.clip.setEnabled(keep and self.preview.shows_page)
        searching = bool(self.field.text().strip())
        self.clip.setVisible(searching)
        self.keep.setVisible(searching or found)
        for button in (self.paste, self.picture, self.screen_part):
            button.setVisible(not searching and not found)
        self.remove.setVisible(card)
        self.decline.setVisible(found)

    def tell(self, words: str, tone: str = "muted", **values: object) -> None:
        """A sentence at the foot."""
        self._said.set_words(words, **values)
        self._said.set_tone(tone)

    def preview_box(self) -> QSize:
        """Device pixels of the place where pages are shown."""
        ratio = self.devicePixelRatioF()
        return QSize(round(self.preview.width() * ratio), round(self.preview.height() * ratio))

    # --- keys -----------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        focus = QApplication.focusWidget()
        if key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif key in ENTERS and control:
            if self.show_it.isEnabled() and not event.isAutoRepeat():
                self.show_wanted.emit()
        elif key in ENTERS and isinstance(focus, QAbstractButton):
            press_by_enter(focus, event)
        elif event.matches(QKeySequence.StandardKey.Paste):  # no words: the field would have taken those
            if self.paste.isVisible():
                self.paste_wanted.emit()
        elif key == Qt.Key.Key_K and control:
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.field.selectAll()
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turned.emit(1 if key == Qt.Key.Key_PageDown else -1)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays within: what lies below is the console of a room that looks on."""
        if not self.isVisible():
            return super().focusNextPrevChild(forward)
        whole = (self.field, self._close, self.list, *self._keys(), self.show_it)
        chain: list[QWidget] = [each for each in whole if each.isVisible() and each.isEnabled()]
        focus = QApplication.focusWidget()
        at = chain.index(focus) if focus in chain else -1 if forward else 0
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        chain[(at + (1 if forward else -1)) % len(chain)].setFocus(reason)
        return True

    def _open(self) -> None:
        self._soon.stop()
        self.wanted.emit(self.field.text())
        find = self.list.current
        if find is not None:
            self.opened.emit(find)

    def _begin_clip(self) -> None:
        self.preview.begin_clip()
        self.tell("囲んでください。矢印キーで動かし、Shift+矢印で広げ、Enterで切り取ります。")

    def _clip_done(self, part: object) -> None:
        self.tell(self._at.told)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        if part is not None:
            self.clipped.emit(part)

    # --- place ----------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize and not self.isHidden():
            self._fit()
        return False

    def _fit(self) -> None:
        self.setGeometry(self._over.rect())
        width = min(WIDTH, self.width() - 2 * AROUND)
        height = min(HEIGHT, self.height() - 2 * AROUND)
        left, top = (self.width() - width) // 2, (self.height() - height) // 2
        self._card.setGeometry(left, top, width, height)
        self.list.setFixedWidth(round(width * LIST_SHARE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), VEIL)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        self.field.setAccessibleName(say("調べる"))
        self.field.setPlaceholderText(say("言葉を入力してください"))
        self.list.setAccessibleName(say("見つかったもの"))
        self.preview.setAccessibleName(say(self._at.unseen))


class _Field(QLineEdit):
    moved = Signal(int)
    entered = Signal()

    def __init__(self, takes_cards: Callable[[], bool]) -> None:
        """``takes_cards``: whether a table or a picture that is pasted can become a card now."""
        super().__init__()
        self._takes_cards = takes_cards
        self.setMaxLength(100)
        self.setProperty(OWN_KEYS, True)
        self.setProperty("focusRing", False)
        self.setStyleSheet("QLineEdit { border: none; font-size: 26px; padding: 0; min-height: 56px; }")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down:
                self.moved.emit(1)
            case Qt.Key.Key_Up:
                self.moved.emit(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not event.modifiers():
                self.entered.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                event.ignore()
            case _ if self._is_card(event):
                event.ignore()
            case _:
                super().keyPressEvent(event)

    def _is_card(self, event: QKeyEvent) -> bool:
        """Whether what is pasted is no text to search for, but a table or a picture."""
        if not event.matches(QKeySequence.StandardKey.Paste) or not self._takes_cards():
            return False
        found = pasted(QApplication.clipboard().mimeData())
        return found is not None and not isinstance(found.content, str)
