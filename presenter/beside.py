"""並べて映す: two papers, two editions or two pages side by side on every screen, as the presenter chooses.

One half is the page that everybody follows, where all is done; the other stands beside it by a rule that the
walls know (`protocol.registers.Beside`), so that a turned page is one message here too.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from pageview.beside import halves
from pageview.page_diff import SmallPicture, differences, looks_otherwise
from pageview.page_source import PageSource
from pageview.page_text import PageText
from pageview.page_texts import PageTexts
from pageview.render_results import PagePicture
from pageview.renderer import Renderer
from pageview.side_by_side import SideBySide
from pageview.wording import say
from presenter.actions import Actions
from presenter.network import Network
from presenter.second_screen import SecondScreen
from presenter.session import Session
from protocol.papers import Paper
from protocol.registers import Beside as Rule
from protocol.registers import FormerEdition, OtherView, PageBefore, SetBeside
from protocol.values import EditionPage, PageRef, Rect

PLACES_TOLD = 64


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the menu."""

    words: str
    values: dict[str, object]
    rule: Rule
    group: str = ""
    """The submenu that it stands in; "" for none."""


class Beside(QObject):
    """``pages``: the desk's own page, which shows what the walls show."""

    changed = Signal()
    """Put beside, taken away, or another page is followed."""

    def __init__(
        self,
        session: Session,
        network: Network,
        source: PageSource,
        texts: PageTexts,
        renderer: Renderer,
        screens: SecondScreen,
        pages: SideBySide,
        actions: Actions,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._network, self._source = session, network, source
        self._texts, self._renderer, self._screens, self._pages = texts, renderer, screens, pages
        self._actions = actions
        self._rule: Rule | None = None
        self._pictures: dict[PageRef, SmallPicture] = {}
        self._told: tuple[Rule | None, PageRef, PageRef] | None = None
        """What was said last of two editions, and of which states of a page."""
        session.changed.connect(self._changed)
        session.moved.connect(lambda _view: self._moved())
        texts.known.connect(lambda _ref: self._mark())
        renderer.pictures.connect(self._pictured)

    @property
    def rule(self) -> Rule | None:
        """What stands beside the page; None: it is alone."""
        return self._rule if self._session.presents else self._session.briefing.registers.beside

    # --- what may be put beside ---------------------------------------------------------------------------

    def _here(self) -> tuple[Paper, int, EditionPage] | None:
        view = self._session.showing.desk
        return self._session.briefing.page(view.page_id) if view is not None else None

    def choices(self) -> list[Choice]:
        """Everything that can stand beside the page shown."""
        here, view = self._here(), self._session.showing.desk
        if here is None or view is None:
            return []
        paper, index, _ = here
        found = [Choice("このページを左に残して、右で説明を続ける", {}, OtherView(view, on_left=True))]
        if index:
            found.append(Choice("前のページと並べる", {}, PageBefore()))
        for edition in reversed(paper.editions[:-1]):
            rule = FormerEdition(paper.paper, edition.number)
            found.append(Choice("第{edition}版", {"edition": edition.number}, rule, "前の版と並べる"))
        for other in self._session.briefing.papers:
            if other is not paper:
                first = self._source.steps_of(other.edition.pages[0].page_id)[0]
                beside_it = OtherView(first, on_left=False)
                found.append(Choice("{title}", {"title": other.title}, beside_it, "ほかの資料と並べる"))
        return found

    # --- what is done -------------------------------------------------------------------------------------

    def choose(self, rule: Rule) -> None:
        """Shows the page shown, and this beside it."""
        if self._may():
            self._set(rule)
            self._mark()

    def stop(self) -> None:
        """The page alone again."""
        if self._rule is not None and self._session.presents:
            self._set(None)

    def swap(self) -> None:
        """The other half is the one that is presented from now on. Only where it is a page of its own."""
        rule, view = self._rule, self._session.showing.desk
        if isinstance(rule, OtherView) and view is not None and self._may():
            self._network.set(SetBeside(swapped := OtherView(view, not rule.on_left)))
            self._rule = swapped
            self._session.show_view(rule.view)

    def leave(self) -> bool:
        """Esc: the page alone again; whether there was another."""
        there = self._rule is not None and self._may()
        if there:
            self.stop()
        return there

    def end(self) -> None:
        """The briefing is over."""
        self._rule = self._told = None
        self._pictures.clear()
        self._pages.show_halves(None, None)
        self._screens.show_halves(None)
        self.changed.emit()

    def _may(self) -> bool:
        session = self._session
        return session.running and session.presents and not session.showing.held

    def _set(self, rule: Rule | None) -> None:
        was, self._rule = self._rule, rule
        self._network.set(SetBeside(rule))
        self.changed.emit()  # whoever listens lays the page out for half of the glass, or for all of it
        if (was is None) != (rule is None):
            self._session.recut()
            if isinstance(rule, OtherView):
                self._recut_other(rule)
        self._show()

    def _recut_other(self, rule: OtherView) -> None:
        """Its page is cut into steps for a half of the glass, too."""
        recut = self._session.recut_view(rule.view)
        if recut != rule.view:
            self._network.set(SetBeside(anew := OtherView(recut, rule.on_left)))
            self._rule = anew

    # --- what is shown ------------------------------------------------------------------------------------

    def _moved(self) -> None:
        """Another page: an edition stands only beside pages of its paper. Walls that are held stay."""
        if not self._may():
            return
        here = self._here()
        rule = self._rule
        if isinstance(rule, FormerEdition) and here is not None and here[0].paper != rule.paper:
            self.stop()
        self._mark()

    def _changed(self) -> None:
        self._mark()
        self._show()

    def _show(self) -> None:
        session = self._session
        briefing, rule = session.briefing, self.rule
        gone = isinstance(self._rule, OtherView) and briefing.page(self._rule.view.page_id) is None
        if gone and session.presents:
            self.stop()
            return
        self._pages.show_halves(halves(briefing, session.showing.desk, rule), self._source)
        self._screens.show_halves(halves(briefing, session.showing.wall, rule))
        on, may = rule is not None, self._may()
        self._actions.set_checked("beside", on)
        why = say("画面を止めている間は、変えられません") if session.showing.held else ""
        self._actions.set_enabled("beside", may, why)
        self._actions.set_enabled("swap_halves", may and isinstance(rule, OtherView))

    # --- two editions: what is otherwise ------------------------------------------------------------------

    def _mark(self) -> None:
        """Says what is otherwise on the page shown, as soon as both its states are read."""
        rule, here = self._rule, self._here()
        if not isinstance(rule, FormerEdition) or here is None or not self._may():
            return
        if here[0].paper != rule.paper:
            return
        page = here[2]
        was = next((p for p in here[0].editions[rule.edition - 1].pages if p.page_id == page.page_id), None)
        if was is None or was.ref == page.ref:
            self._say(FormerEdition(rule.paper, rule.edition))
            return
        if self._told == (rule, was.ref, page.ref):
            return
        read = self._texts.of(was.ref), self._texts.of(page.ref), self._small(was), self._small(page)
        before, after, small_before, small_after = read
        if before is None or after is None or small_before is None or small_after is None:
            return
        found = differences(before, after)
        same_size = (was.width, was.height) == (page.width, page.height)
        words = [*_lines(before), *_lines(after)]
        looks = looks_otherwise(small_before, small_after, words, page.width, page.height)
        self._say(
            FormerEdition(
                rule.paper,
                rule.edition,
                page.page_id,
                tuple(box for each in found for box in each.boxes_before)[:PLACES_TOLD],
                tuple(box for each in found for box in each.boxes_after)[:PLACES_TOLD],
                looks[:PLACES_TOLD] if same_size else (),
            )
        )
        self._told = self._rule, was.ref, page.ref

    def _say(self, rule: FormerEdition) -> None:
        if rule != self._rule:
            self._rule = rule
            self._network.set(SetBeside(rule))
            self._show()

    def _small(self, page: EditionPage) -> SmallPicture | None:
        found = self._pictures.get(page.ref)
        if found is None:
            self._renderer.ask_picture(page.ref.blob, page.ref.index)
        return found

    def _pictured(self, picture: PagePicture) -> None:
        if isinstance(self._rule, FormerEdition):
            ref = PageRef(picture.blob, picture.index)
            self._pictures[ref] = SmallPicture(picture.width, picture.pixels)
            self._mark()


def _lines(text: PageText) -> list[Rect]:
    return [line.hull(0, len(line.text)) for line in text.lines if line.text.strip()]
