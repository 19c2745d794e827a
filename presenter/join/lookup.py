"""調べる in the participant's window: this briefing and one's own archive. What is found goes to the
presenter, who decides whether anybody else sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from pageview.page_texts import PageTexts
from pageview.render_results import PageSize
from pageview.wording import say
from presenter.actions import Actions
from presenter.join.follower import Follower
from presenter.join.network import ParticipantNetwork
from presenter.join.window_flow import WindowFlow
from presenter.lookup.archive import Archive
from presenter.lookup.dialog import Lookup, Place
from presenter.lookup.finds import Here, InArchive, Passed, Prepared
from presenter.lookup.found_pages import FoundPages
from presenter.lookup.looking import Looking
from presenter.lookup.passed import Sent, answered, sent_rows, state_words
from presenter.lookup.preparing import Preparing
from presenter.lookup.searching import Searching
from presenter.settings import Settings
from protocol.errors import Reason
from protocol.finds import Outcome
from protocol.transport.events import Event
from protocol.transport.join_events import FindDecided, FindOffered

AT_WINDOW = Place(
    "ほかの人には見えていません",
    "届けたものは、説明者が確かめてから映します",
    "説明者に届ける",
    "arrow_forward",
)
NOT_SENT = {
    Reason.TOO_LARGE: "大きすぎるため、届けられません。一部を切り取ってください。",
    Reason.TOO_MANY: "返事を待っているものが多すぎます。返事を待ってから届けてください。",
}


@dataclass(frozen=True)
class _Parts:
    dialog: Lookup
    archive: Archive
    pages: FoundPages
    searching: Searching
    looking: Looking
    preparing: Preparing


class JoinLookup(QObject):
    """Nothing of it is there before it is opened for the first time. ``index``: the file of the archive's
    index, and the key that opens it."""

    def __init__(
        self,
        flow: WindowFlow,
        follower: Follower,
        network: ParticipantNetwork,
        actions: Actions,
        settings: Callable[[], Settings],
        index: tuple[Path, bytes],
        opener: Callable[[QUrl], bool] = QDesktopServices.openUrl,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._flow, self._follower, self._network, self._actions = flow, follower, network, actions
        self._settings, self._index, self._opener = settings, index, opener
        self._parts: _Parts | None = None
        self._sent: tuple[Sent, ...] = ()
        self._sending: Sent | None = None
        follower.changed.connect(self._settle)
        self._settle()

    @property
    def parts(self) -> _Parts | None:
        """None until it was opened."""
        return self._parts

    @property
    def visible(self) -> bool:
        """Whether it covers the window."""
        return self._parts is not None and self._parts.dialog.isVisible()

    def take(self, event: Event) -> None:
        """What becomes of what was sent."""
        match event:
            case FindOffered(n, title, reason):
                self._offered(n, title, reason)
            case FindDecided(n, outcome, words):
                self._decided(n, outcome, words)

    def toggle(self) -> None:
        """The dialog, or the window again."""
        if self.visible:
            self.close()
        elif self._follower.may_find and self._follower.source is not None:
            parts = self._parts = self._parts or self._made()
            parts.looking.begin()

    def close(self) -> None:
        """The window again; what is prepared stays."""
        if self._parts is not None:
            self._flow.screen.centre.page.setFocus()
            self._parts.looking.rest()

    def clear(self) -> None:
        """Nothing of the briefing, nor of what was looked up, stays."""
        parts, self._parts = self._parts, None
        self._sent, self._sending = (), None
        if parts is not None:
            parts.dialog.hide()
            parts.dialog.field.clear()
            parts.dialog.show_rows(())
            parts.dialog.preview.show_words("")
            parts.preparing.end()
            parts.pages.close()
            parts.archive.close()
            for each in (parts.preparing, parts.looking, parts.searching, parts.archive, parts.pages):
                each.deleteLater()
            parts.dialog.deleteLater()

    def _made(self) -> _Parts:
        follower, source, words = self._follower, self._follower.source, self._follower.words
        renderer = follower.renderer
        assert source is not None and words is not None and renderer is not None
        dialog, archive = Lookup(self._flow.screen, AT_WINDOW), Archive(*self._index)
        pages = FoundPages(follower.store)
        searching = Searching(words, archive, lambda: follower.briefing, self._settings, follower.may_find_on)
        searching.unseen = "ここに加えたものは、「説明者に届ける」を押すまで届きません。", {}
        texts = PageTexts(renderer, dialog)
        looking = Looking(dialog, source, searching, pages, texts, self._opener, parent=dialog)
        looking.passed = self._passed
        preparing = Preparing(dialog, searching, looking, pages, bare=True)
        dialog.show_wanted.connect(self._send)
        dialog.keep_wanted.connect(preparing.keep)
        dialog.removed.connect(self._remove)
        dialog.closed.connect(self.close)
        looking.changed.connect(self._show_can)
        return _Parts(dialog, archive, pages, searching, looking, preparing)

    # --- what is sent ---------------------------------------------------------------------------------------

    def _send(self) -> None:
        parts = self._parts
        if parts is None or self._sending is not None:
            return
        looking = parts.looking
        sent = Sent(-1, looking.title, looking.source_words, b"")
        match looking.find.target if looking.find is not None else None:
            case Here() | InArchive():
                parts.preparing.make_for(lambda pdf, sizes: self._offer(sent, pdf, sizes))
            case Prepared() if looking.card is not None:
                self._offer(sent, looking.card.pdf, looking.card.sizes)

    def _offer(self, sent: Sent, pdf: bytes, _sizes: Sequence[PageSize]) -> None:
        self._sending = Sent(sent.n, sent.title, sent.words, pdf)
        self._network.offer_find(sent.title, sent.words, pdf)

    def _offered(self, n: int | None, title: str, reason: Reason | None) -> None:
        sending, self._sending = self._sending, None
        if self._parts is None or sending is None:
            return
        if n is None:
            self._parts.dialog.tell(NOT_SENT.get(reason, NOT_SENT[Reason.TOO_MANY]), "err")  # type: ignore[arg-type]
            return
        self._sent = (*self._sent, Sent(n, title, sending.words, sending.pdf))
        self._tell_sent()
        self._parts.dialog.tell("「{title}」を説明者に届けました。返事を待っています。", title=title)

    def _remove(self) -> None:
        """A card, or one's own find: one that waits is withdrawn."""
        parts = self._parts
        target = parts.looking.find.target if parts is not None and parts.looking.find is not None else None
        if isinstance(target, Passed):
            self._network.withdraw_find(target.n)
            self._sent = tuple(sent for sent in self._sent if sent.n != target.n)
            self._tell_sent()
        elif parts is not None:
            parts.preparing.remove()

    def _decided(self, n: int, outcome: Outcome, words: str) -> None:
        self._sent = answered(self._sent, n, outcome, words)
        decided = next((sent for sent in self._sent if sent.n == n), None)
        if decided is None:
            return
        self._tell_sent()
        state, values = state_words(decided)
        self._flow.notice("「{title}」：{state}", title=decided.title, state=say(state, **values))

    def _tell_sent(self) -> None:
        if self._parts is not None:
            self._parts.searching.set_passed(sent_rows(self._sent))

    def _passed(self, passed: Passed) -> tuple[bytes, str]:
        sent = next((each for each in self._sent if each.n == passed.n), None)
        return (sent.pdf, sent.words) if sent is not None else (b"", "")

    # --- what is looked at ----------------------------------------------------------------------------------

    def _show_can(self) -> None:
        parts = self._parts
        if parts is None:
            return
        find, there = parts.looking.find, parts.looking.is_there
        why = "" if self._follower.may_find else say("届けるには、説明者の許可が必要です")
        passed = find is not None and isinstance(find.target, Passed)
        parts.dialog.show_can(
            show=there and not why and not passed,
            keep=there and parts.looking.place is not None,
            card=find is not None and isinstance(find.target, Prepared | Passed),
            why=why,
        )

    def _settle(self) -> None:
        """What may be done is perhaps another than before."""
        why = say("調べるには、説明者の許可が必要です。「発言を求める」（Rキー）を押して、頼んでください。")
        self._actions.set_enabled("lookup", self._follower.may_find, why)
        if self.visible:
            self._show_can()
