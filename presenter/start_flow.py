"""What happens on the first screen: files come and go, an unclosed briefing is offered, recent files open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from pageview.paper_words import clean_name
from pageview.wording import say
from presenter.actions import Actions
from presenter.archive.cards import CarriedOver
from presenter.archive.clerk import advice
from presenter.archive.rule import Rule
from presenter.briefings import Briefings, Left
from presenter.console_state import Words
from presenter.converter import CONVERTIBLE
from presenter.dialogs import PasswordSheet, Question, ask
from presenter.findings_sheet import FindingsSheet
from presenter.papers import Papers
from presenter.preflight import Glass, hurry
from presenter.settings import RecentPaper
from presenter.start import StartScreen
from presenter.start_state import PaperRow, RecentRow, Stage, StartState, Unclosed, when_used

FOLDERS_SHOWN = 2


class StartFlow(QObject):
    """Feeds the start screen. ``recent`` gives the files of before, newest first; ``minutes``: planned for a
    briefing, 0 for none; ``rule``: for names in the archive."""

    resume_wanted = Signal(object)
    """Left, the unclosed briefing to go on with."""
    offered = Signal()
    """An unclosed briefing is being offered."""

    def __init__(
        self,
        screen: StartScreen,
        papers: Papers,
        briefings: Briefings,
        actions: Actions,
        recent: Callable[[], Sequence[RecentPaper]],
        minutes: Callable[[], int],
        rule: Callable[[], Rule],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.screen, self._papers, self._briefings, self._actions = screen, papers, briefings, actions
        self._recent, self._minutes, self._rule = recent, minutes, rule
        self._left: Left | None = None
        self._notices: list[Words] = []
        self._carried, self._takes = CarriedOver(), True
        self.glass = Glass()
        screen.files_dropped.connect(papers.add)
        screen.recent_chosen.connect(self._add_recent)
        screen.resume_wanted.connect(self._resume)
        screen.erase_wanted.connect(self._ask_erase)
        screen.rows.moved.connect(papers.move)
        screen.rows.removed.connect(papers.remove)
        screen.rows.password_wanted.connect(self.ask_password)
        screen.rows.read_again_wanted.connect(papers.read_again)
        screen.rows.findings_wanted.connect(self._tell_findings)
        screen.rows.give_up_wanted.connect(papers.give_up)
        papers.changed.connect(self.refresh)

    def look_for_unclosed(self, now: datetime) -> None:
        """Reads the disk: what was left is offered, what is too old is deleted and told."""
        expired = self._briefings.expire(now)
        if expired:
            self.notice("30日を過ぎた説明の記録を{n}件消しました。", n=expired)
        self._left = self._briefings.left()
        self.refresh()
        if self._left is not None:
            self.offered.emit()

    @property
    def offers(self) -> bool:
        """Whether an unclosed briefing is being offered."""
        return self._left is not None

    def notice(self, words: str, **values: object) -> None:
        """Tells the person something on the start screen."""
        if (words, values) not in self._notices:
            self._notices.append((words, values))
            self.refresh()

    def retract(self, words: str, **values: object) -> None:
        """What is true no longer."""
        if (words, values) in self._notices:
            self._notices.remove((words, values))
            self.refresh()

    def show_carried(self, carried: CarriedOver, *, takes: bool) -> None:
        """What former briefings left open, and whether this one takes it up."""
        self._carried, self._takes = carried, takes
        self.refresh()

    def refresh(self) -> None:
        """Shows everything as it is now."""
        rows = self._rows()
        pages = sum(row.pages for row in rows if row.stage is Stage.READY)
        state = StartState(
            rows,
            self._recent_rows(),
            self._unclosed(),
            tuple(self._notices),
            hurry(pages, self._minutes()),
            self._carried,
            self._takes,
        )
        self.screen.show_state(state)
        why = "" if state.can_go_on else say(state.why_not)
        for name in ("choose_room", "rehearse"):
            self._actions.set_enabled(name, state.can_go_on, why)

    def _rows(self) -> tuple[PaperRow, ...]:
        """The papers, with what is to be known of their names too."""
        return tuple(self._with_name(row) for row in self._papers.rows(self.glass))

    def _with_name(self, row: PaperRow) -> PaperRow:
        name = advice(Path(row.name).stem, self._rule()) if row.stage is Stage.READY else None
        if name is None:
            return row
        return replace(row, findings=tuple(sorted((*row.findings, name), key=lambda each: not each.matters)))

    def _unclosed(self) -> Unclosed | None:
        return self._left.about.unclosed() if self._left is not None else None

    def _recent_rows(self) -> tuple[RecentRow, ...]:
        today = datetime.now().date()
        return tuple(
            RecentRow(
                paper.path, clean_name(paper.path.name), _folders(paper.path), when_used(paper.day, today)
            )
            for paper in self._recent()
        )

    # --- files --------------------------------------------------------------------------------------------

    def choose_files(self, parent: QWidget) -> None:
        """The system's own window for files."""
        dialog = QFileDialog(parent, say("資料を選ぶ"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        endings = " ".join(f"*{ending}" for ending in (".pdf", *sorted(CONVERTIBLE)))
        dialog.setNameFilters(
            [
                say("PDFとOffice文書 ({endings})", endings=endings),
                say("PDFの資料 (*.pdf)"),
                say("全てのファイル (*)"),
            ]
        )
        recent = self._recent()
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog.setDirectory(str(recent[0].path.parent) if recent else documents)
        dialog.filesSelected.connect(lambda names: self._papers.add([Path(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _add_recent(self, path: Path) -> None:
        """Once, also for people who press twice."""
        there = {chosen.path for chosen in self._papers.chosen if chosen.stage is not Stage.REFUSED}
        if path not in there:
            self._papers.add([path])

    def ask_password(self, key: int) -> None:
        """Asks for the password of one paper."""
        row = next((row for row in self._papers.rows() if row.key == key), None)
        if row is None:
            return
        sheet = PasswordSheet(self.screen.window(), row.name, wrong=row.stage is Stage.WRONG_PASSWORD)
        sheet.given.connect(lambda password: self._papers.unlock(key, password))
        sheet.open()

    def _tell_findings(self, key: int) -> None:
        row = next((row for row in self._rows() if row.key == key), None)
        if row is not None and row.findings:
            sheet = FindingsSheet(self.screen, row.findings)
            sheet.renamed.connect(lambda right: self._papers.call(key, right))
            sheet.open()

    # --- an unclosed briefing -----------------------------------------------------------------------------

    def _resume(self) -> None:
        if self._left is not None:
            left, self._left = self._left, None
            self.refresh()
            self.resume_wanted.emit(left)

    def _ask_erase(self) -> None:
        if self._left is None:
            return
        question = Question(
            self.screen,
            "前回の説明の記録を消しますか",
            "消すと、続きから再開できません。資料のファイルは、そのまま残ります。",
            yes="消去する",
            no="残す",
        )
        ask(question, self._erase)

    def _erase(self) -> None:
        if self._left is not None:
            self._briefings.erase(self._left)
            self._left = self._briefings.left()
            self.refresh()


def _folders(path: Path) -> str:
    """The last folders of the path, as a person names them."""
    return say("／").join(
        clean_name(part, 40) for part in path.parent.parts[-FOLDERS_SHOWN:] if part not in ("/", "\\")
    )
