"""The minutes in one window, the desk's or a participant's: what is typed there, and what the others do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, Signal

from presenter.console_state import NumberOf
from presenter.minutes.editor import Details, MinutesEditor
from presenter.minutes.item_edits import ItemEdits
from presenter.minutes.known_names import known_names
from presenter.minutes.pane import MinutesPane
from presenter.minutes.panel import MinutesPanel, RowMenu
from presenter.minutes.shared_text import moved
from presenter.minutes.typed_texts import TypedTexts, Way
from protocol.changes import (
    Change,
    ItemChanged,
    MinutesChanged,
    OpRefused,
    PeersChanged,
    PresenceSeen,
    Reloaded,
)
from protocol.errors import Refusal
from protocol.minutes import Answered, ItemState, MinutesItem, MinutesKind
from protocol.model import Briefing
from protocol.ops import (
    Op,
    OpenMinutes,
    SpliceText,
)
from protocol.presence import Typing
from protocol.roles import may_write_minutes
from protocol.texts import Edit
from protocol.values import OWNER, PageId, PeerId, Role

LOST = "記録に入れられませんでした：{text}"


@dataclass(slots=True)
class _Hand:
    """A place to type at, and the item that is typed there. ``undoable``: how much of it was done there."""

    editor: MinutesEditor
    item: int | None = None
    undoable: int = 0
    focus: str = ""


class Minuting(QObject):
    """``page_now``: the page that is being talked about. ``clock``: seconds since 1970, for labels."""

    counted = Signal(object)
    """Counts"""
    told = Signal(str, dict)
    """A sentence for a notice, and its values."""
    page_wanted = Signal(object)

    def __init__(
        self,
        panel: MinutesPanel,
        way: Way,
        page_now: Callable[[], PageId | None],
        number_of: NumberOf,
        clock: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel, self._way = panel, way
        self._edits = ItemEdits(way, page_now, clock)
        self._briefing = Briefing()
        self._texts = TypedTexts(way)
        self._pane = MinutesPane(panel, self._texts, number_of, self)
        self._pane.counted.connect(self.counted)
        self._pane.carets_changed.connect(self._show_hands)
        self._peer, self._role = OWNER, Role.PRESENTER
        self._kind = MinutesKind.SAID
        self._new, self._there = _Hand(panel.new), _Hand(panel.there)
        self.attending: Callable[[], Iterable[str]] = tuple
        """The names of those who are there, as far as this window knows."""
        self._connect()

    def _connect(self) -> None:
        self._panel.came_in_sight.connect(self.refresh)
        rows = self._panel.list
        rows.page_wanted.connect(self.page_wanted)
        rows.edit_wanted.connect(lambda item, place: self.take_up(item, place=place))
        rows.owner_wanted.connect(lambda item: self.take_up(item, "owner"))
        rows.answer_wanted.connect(self.answer)
        rows.carry_wanted.connect(self.carry)
        rows.done_wanted.connect(self._edits.finish)
        rows.remove_wanted.connect(self._edits.remove)
        rows.menu_wanted.connect(self._open_menu)
        self._new.editor.entered.connect(self.finish)
        self._there.editor.entered.connect(self._row_entered)
        for hand in (self._new, self._there):
            hand.editor.offer_names(lambda: known_names(self._briefing, self.attending()))
            field = hand.editor.field
            field.edited.connect(lambda edit, hand=hand: self._typed(hand, edit))
            field.caret_moved.connect(lambda place, pre, hand=hand: self._caret(hand, place, pre))
            field.composed.connect(lambda hand=hand: self._catch_up(hand))
            field.undo_wanted.connect(lambda hand=hand: self._undo(hand))
            field.redo_wanted.connect(lambda hand=hand: self._redo(hand))
            hand.editor.details_changed.connect(lambda details, hand=hand: self._detail(hand, details))
        self._new.editor.field.left_upwards.connect(rows.take_keyboard)
        self._there.editor.left.connect(self.put_down)

    # --- life ---------------------------------------------------------------------------------------------

    def end(self) -> None:
        """Nothing of the briefing stays here."""
        self._texts.clear()
        self._edits.clear()
        for hand in (self._new, self._there):
            hand.item, hand.undoable, hand.focus = None, 0, ""
        self._briefing = Briefing()
        self._pane.clear()
        self._show_all()

    @property
    def may_write(self) -> bool:
        """Whether one may write here at this moment."""
        return may_write_minutes(self._peer, self._role, self._briefing)

    @property
    def briefing(self) -> Briefing:
        """As it is known here."""
        return self._briefing

    # --- a new item ---------------------------------------------------------------------------------------

    def choose_kind(self, kind: MinutesKind) -> None:
        """Of the item in hand, else of the next one; the keyboard is in its field."""
        editing = self._there.item is not None and self._there.editor.has_keyboard
        hand = self._there if editing else self._new
        if not editing:
            self._kind = kind
        item = hand.item
        if item is not None:
            self._edits.set_kind(item, kind)
        self._panel.show_kind(kind)
        if not editing:
            self._new.editor.show_kind(kind, None)
            self._new.editor.field.setFocus()

    def finish(self) -> None:
        """Enter: the item is done, and the field is for the next one."""
        hand, item = self._new, self._new.item
        if item is None:
            return
        if not hand.editor.field.text.strip():
            self._edits.remove(item)
        self._let_go(hand)
        hand.editor.field.setFocus()  # the field beside it, where Enter was pressed, may have no place now
        hand.editor.clear()
        hand.editor.show_kind(self._kind, None)
        self._show_all()
        self._panel.list.show_item(item)

    def _open(self, text: str) -> None:
        """The first letter: the item is there for everybody from now on."""
        item = self._edits.free_item()
        self._new.item, self._new.undoable = item, 1
        self._pane.hidden = item
        self._texts.begin(item, text)
        self._edits.open(item, self._kind, text, self._new.editor.details)

    # --- one that is there --------------------------------------------------------------------------------

    def take_up(self, item: int, focus: str = "", place: int = -1) -> None:
        """Types that one from now on, in its place. ``focus``: the name of the field beside its text;
        ``place``: where the caret is to stand, −1: behind the text."""
        if item not in self._briefing.minutes or not self.may_write or item == self._new.item:
            return
        hand = self._there
        if hand.item != item:
            self.put_down()
            hand.item, hand.undoable = item, 0
            shared = self._texts.take_up(item, self._briefing.items[item].text)
            hand.editor.clear()
            hand.editor.field.show_text(shared.text, place if place >= 0 else None)
            self._show_hand(hand)
            self._panel.list.open_editor(item, hand.editor)
            hand.editor.field.setFocus()
        hand.focus = focus
        self._show_hand(hand)

    def put_down(self) -> None:
        """It is as it was typed."""
        hand = self._there
        if hand.item is None:
            return
        item, minuted = hand.item, self._item(hand)
        hand.editor.tell_details()
        own = self._pane.own is None or (minuted is not None and minuted.author == self._peer)
        if not hand.editor.field.text.strip() and own:
            self._edits.remove(item)
        self._let_go(hand)
        self._panel.list.close_editor()
        self._panel.show_kind(self._kind)
        self._pane.show_items({item})

    def _row_entered(self) -> None:
        self.put_down()
        self._new.editor.field.setFocus()

    def _let_go(self, hand: _Hand) -> None:
        if hand is self._new:
            self._pane.hidden = None
        hand.item, hand.undoable, hand.focus = None, 0, ""

    def answer(self, item: int) -> None:
        """その場で回答: the page that is shown is its evidence; words may be added."""
        self._edits.answer(item)
        self.take_up(item, "answer")

    def carry(self, item: int) -> None:
        """持ち帰り: who sees to it, and until when, is asked at once."""
        self._edits.carry(item)
        self.take_up(item, "owner")

    def reply(self, item: int, state: ItemState) -> None:
        """It is so from now on."""
        replies = {
            ItemState.WAITING: self._edits.wait,
            ItemState.TO_DO: self._edits.wait,
            ItemState.ANSWERED: self.answer,
            ItemState.CARRIED: self.carry,
            ItemState.DONE: self._edits.finish,
            ItemState.WITHDRAWN: self._edits.withdraw,
        }
        replies[state](item)

    def _open_menu(self, item: int, corner: QPoint) -> None:
        row, minuted = self._panel.list.row(item), self._briefing.minutes.get(item)
        if row is None or minuted is None or not self.may_write:
            return
        menu = RowMenu(self._panel, row)
        menu.edit_wanted.connect(lambda: self.take_up(item))
        menu.reply_wanted.connect(lambda state: self.reply(item, state))
        menu.remove_wanted.connect(lambda: self._edits.remove(item))
        menu.kind_wanted.connect(lambda kind: self._edits.set_kind(item, kind))
        menu.here_wanted.connect(lambda: self._edits.set_here(item))
        menu.open_at(corner)

    # --- what is typed ------------------------------------------------------------------------------------

    def _typed(self, hand: _Hand, edit: Edit) -> None:
        field = hand.editor.field
        if hand.item is None:
            if hand is self._new and field.text:
                self._open(field.text)
            return
        shared = self._texts[hand.item]
        try:
            shared.type(edit)
        except Refusal:
            field.show_text(shared.shown)  # with what others typed meanwhile it would be too long
            return
        hand.undoable += 1
        self._catch_up(hand)
        self._send()

    def _caret(self, hand: _Hand, place: int, preedit: str) -> None:
        if hand.item is None or not self.may_write:
            return
        shared = self._texts[hand.item]
        if shared.sent:  # else with the letters: before them it would be among others' letters
            at = min(moved(place, shared.held), len(shared.text))
            self._way.present(Typing(hand.item, at, preedit[:200]))

    def _catch_up(self, hand: _Hand) -> None:
        """The field shows what others have typed, unless an input method is at work in it."""
        if hand.item is not None and not hand.editor.field.composing:
            hand.editor.field.apply(self._texts[hand.item].take_held())

    def _detail(self, hand: _Hand, details: Details) -> None:
        if hand.item is not None:
            self._edits.set_details(hand.item, details)

    def _undo(self, hand: _Hand) -> None:
        """As far as it was done in this field: an older edit, or ink, is not undone unseen."""
        if hand.undoable:
            hand.undoable -= 1
            self._texts.then(self._way.undo)
            self._send()

    def _redo(self, hand: _Hand) -> None:
        self._texts.then(self._way.redo)
        self._send()

    def _send(self) -> None:
        went = self._texts.send((self._new.item, self._there.item))
        for hand in (self._new, self._there):
            if hand.item in went:
                self._caret(hand, hand.editor.field.place, "")

    # --- what comes of the network ------------------------------------------------------------------------

    def take(self, briefing: Briefing, changes: Iterable[Change], shown: int) -> None:
        """The briefing as it is now, and what changed. ``shown``: what goes with an edit made on it."""
        former, self._briefing, self._texts.shown = self._briefing, briefing, shown
        self._pane.briefing = self._edits.briefing = briefing
        whole = former.papers != briefing.papers
        if whole:
            self._pane.forget_rows()  # numbers of pages are others
        touched: set[int] = set()
        for change in changes:
            match change:
                case Reloaded():
                    whole = True
                    self._texts.reloaded(briefing)
                case ItemChanged(item, by, edit) if item in self._texts or item in briefing.minutes:
                    self._came(item, by, edit)
                    touched.add(item)
                case MinutesChanged(items):
                    whole = whole or any(
                        (item in former.minutes) != (item in briefing.minutes) for item in items
                    )
                    touched.update(items)
                case PresenceSeen(peer, Typing() as typing) if typing.item in briefing.minutes:
                    touched |= self._pane.typed(peer, typing)
                case PeersChanged():
                    whole = True
                case OpRefused(op=op):
                    self._refused(op)
        if not (whole or touched):
            return
        for hand in (self._new, self._there):
            self._look_after(hand)
        self._texts.catch_up((self._new.item, self._there.item))
        self._send()
        if whole:
            self._show_all()
        else:
            self._pane.show_items(touched)
            self._show_hands()

    def set_role(self, peer: PeerId, role: Role) -> None:
        """Who one is in the briefing now."""
        self._peer, self._role = peer, role
        self._edits.peer = peer
        self._pane.forget_rows()  # what may be taken out is other than before
        self._show_all()

    def _came(self, item: int, by: PeerId, edit: Edit | None) -> None:
        self._pane.edited(item, by, edit)
        if self._texts.came(item, edit, self._briefing, own=by == self._peer):
            self._edits.opened(item)

    def _look_after(self, hand: _Hand) -> None:
        """The item in hand may be gone, or its text another."""
        if hand.item is None:
            return
        if self._texts.gone(hand.item, self._briefing.minutes):
            self._texts.forget(hand.item)
            self._let_go(hand)
            if hand is self._there:
                self._panel.list.close_editor()
            else:
                hand.editor.clear()
        else:
            self._catch_up(hand)

    def _refused(self, op: Op) -> None:
        """What a person typed is not lost unseen."""
        item = getattr(op, "item", None)
        if item is None or item not in self._texts:
            return
        if isinstance(op, OpenMinutes):
            self.told.emit(LOST, {"text": self._texts[item].text})
            self._texts.forget(item)
            self._edits.forget(item)
            if self._new.item == item:
                self._let_go(self._new)
                self._new.editor.clear()
        elif isinstance(op, SpliceText):
            typed = "".join(part for part in op.parts if isinstance(part, str))
            if typed:
                self.told.emit(LOST, {"text": typed})
            self._texts.not_taken(item, self._briefing)
            for hand in (self._new, self._there):
                if hand.item == item:
                    self._catch_up(hand)

    # --- what is shown ------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Everything anew: pages have other numbers, or the pane was not to be seen."""
        self._pane.forget_rows()
        self._show_all()

    def _show_all(self) -> None:
        if not self.may_write:
            for hand in (self._new, self._there):
                self._let_go(hand)
                hand.editor.clear()
        self._panel.set_writable(self.may_write)
        self._pane.hidden = self._new.item
        self._pane.own = None if self._role is Role.PRESENTER else self._peer
        self._pane.show_all()
        self._show_hands()

    def _show_hands(self) -> None:
        for hand in (self._new, self._there):
            self._show_hand(hand)

    def _show_hand(self, hand: _Hand) -> None:
        item = self._item(hand)
        if item is None:
            return
        editor, reply = hand.editor, item.reply
        editor.show_kind(item.kind, item.state)
        answer = reply.text if isinstance(reply, Answered) else ""
        editor.show_details(Details(item.speaker, item.owner, item.due, answer))
        editor.field.show_carets(self._pane.carets_in(item.item))
        if hand is self._there:
            self._panel.show_kind(item.kind)
        if hand.focus and editor.focus_on(hand.focus):
            hand.focus = ""

    def _item(self, hand: _Hand) -> MinutesItem | None:
        return self._briefing.minutes.get(hand.item) if hand.item is not None else None
