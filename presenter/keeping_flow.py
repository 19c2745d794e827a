"""What is kept of a briefing, from its end to its place in the archive: the ways of the end screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog

from pageview.paper_words import clean_name
from pageview.wording import say
from presenter.actions import Actions
from presenter.archive.kept_set import KeptSet
from presenter.archiving import Archiving, Ended, Kept
from presenter.briefings import BriefingOnDisk
from presenter.console_state import Words
from presenter.dialogs import TextSheet
from presenter.end import EndScreen
from presenter.end_flow import EndFlow
from presenter.end_state import Keep, KeepFailed, KeptHere
from presenter.hand_off import BadShape, HandOff, body
from presenter.not_written import why_not
from presenter.record.facts import Open
from presenter.record.gathering import Occasion
from presenter.record.plain import chat_of
from presenter.record.record import Record
from presenter.record.transcribed import Aligned, with_transcript, without_transcript
from presenter.record.transcript import Transcript
from presenter.record_sheet import AssignSheet, RecordSheet
from presenter.settings import Settings
from presenter.start_flow import StartFlow
from presenter.transcript_reading import TranscriptReading
from presenter.transcript_sheet import TranscriptSheet
from protocol.model import Briefing


class KeepingFlow(QObject):
    """``keep`` at the end of a briefing, ``let_go`` when its person leaves the end screen."""

    kept = Signal(object)
    """Kept"""
    filed = Signal(object)
    """Path: a set's folder in the archive"""

    def __init__(
        self,
        end: EndFlow,
        start: StartFlow,
        archiving: Archiving,
        hand_off: HandOff,
        actions: Actions,
        settings: Callable[[], Settings],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._end, self._start, self.archiving = end, start, archiving
        self.hand_off = hand_off
        hand_off.told.connect(lambda told: start.notice(told[0], **told[1]))
        self._actions, self._settings = actions, settings
        self._kept: Kept | None = None
        """As it is to be; it may be being written so just now."""
        self._closes = False
        archiving.kept.connect(self._is_kept)
        archiving.failed.connect(self._failed)
        archiving.filed.connect(self._filed)
        archiving.waits.connect(lambda told: start.notice(told[0], **told[1]))
        screen: EndScreen = end.screen
        screen.confirm_wanted.connect(self._confirm_and_close)
        screen.kept.record_wanted.connect(self.open_record)
        screen.kept.paper_wanted.connect(self._open_file)
        screen.kept.copy_wanted.connect(self.copy)
        screen.kept.folder_wanted.connect(lambda: self._open(self._folder()))
        screen.open.assign_wanted.connect(self._assign)
        screen.kept.transcript_wanted.connect(self._choose_transcript)
        screen.kept.transcript_unwanted.connect(self.take_out_transcript)
        self.transcripts = TranscriptReading(self)
        self.transcripts.done.connect(self._transcript_read)
        self.transcripts.refused.connect(self._transcript_refused)

    def keep(self, briefing: Briefing, on_disk: BriefingOnDisk | None, began: datetime, room: str) -> None:
        """A briefing is over; its record is made."""
        settings = self._settings()
        self._kept, self._closes = None, False
        presenter = settings.name or say("説明者")
        occasion = Occasion(settings.department, presenter, ended=datetime.now())
        self.archiving.keep(Ended(briefing, on_disk, began, occasion, room))

    @property
    def unassigned(self) -> int:
        """How much that is left has no owner or no day, on the end screen."""
        return (
            sum(not each.assigned for each in self._kept.record.facts.open) if self._kept is not None else 0
        )

    def let_go(self) -> None:
        """The person has left the end screen: what was kept is filed."""
        kept, self._kept = self._kept, None
        if kept is not None and kept.record.confirmed is not None:
            self._post(kept)
        self.archiving.let_go()

    def _post(self, kept: Kept) -> None:
        """The chat is told of a record that its person has confirmed, of no other."""
        settings, place = self._settings(), str(kept.place)
        if not settings.webhook:
            return
        values = {
            "summary": chat_of(kept.record, place),
            "title": kept.record.facts.subject,
            "place": place,
        }
        try:
            self.hand_off.send(kept.id, settings.webhook, body(settings.webhook_shape, values))
        except BadShape:
            self._start.notice("設定の webhook_shape がJSONではないので、要約を送りませんでした。")
        except OSError as refused:
            told, why = why_not(refused, kept.record.facts.subject)
            self._start.notice(told, **why)

    # --- what comes of it ---------------------------------------------------------------------------------

    def _is_kept(self, kept: Kept) -> None:
        wanted = self._kept
        if wanted is not None and (kept.record, kept.pictured) != (wanted.record, wanted.pictured):
            return  # its person has changed it once more meanwhile
        self._kept = kept
        self._end.keep(self._shown(kept))
        self.kept.emit(kept)
        if self._closes:
            self._closes = False
            self._actions.run("close")

    def _shown(self, kept: Kept, *told: Words, changing: bool = False) -> KeptHere:
        return KeptHere(kept.record, str(kept.place), kept.away, (*kept.told, *told), changing)

    def _failed(self, why: Words) -> None:
        self._closes = False
        state: Keep = KeepFailed(why) if self._kept is None else self._shown(self._kept, why)
        self._end.keep(state)

    def _filed(self, kept: KeptSet, folder: Path) -> None:
        words = "「{title}」の記録を「{folder}」に保管しました。"
        self._start.notice(words, title=kept.named.title, folder=str(folder))
        self.filed.emit(folder)

    # --- what the person does -----------------------------------------------------------------------------

    def open_record(self) -> None:
        """The draft, to be put right."""
        if self._kept is None:
            return
        sheet = RecordSheet(
            self._end.screen.window(),
            self._kept.record,
            posts=bool(self._settings().webhook),
            pictured=self._kept.pictured,
        )
        sheet.saved.connect(self.save)
        sheet.rejected.connect(self._given_up)
        sheet.word_wanted.connect(self._open_word)
        sheet.open()

    def _confirm_and_close(self) -> None:
        self._closes = True
        self.open_record()

    def _given_up(self) -> None:
        self._closes = False

    def save(self, record: Record, confirms: bool, pictured: bool = False) -> None:
        """The record as the person left it; ``confirms``: it is right so; ``pictured``: with pictures of the
        pages discussed."""
        kept = self._kept
        if kept is None:
            return
        if confirms and record.confirmed is None:
            record = record.confirm(self._settings().name or say("説明者"), datetime.now())
        if record == kept.record and pictured == kept.pictured:
            self._is_kept(kept)
            return
        self._closes = self._closes and confirms
        self._change(replace(kept, pictured=pictured), record)

    # --- a transcript -------------------------------------------------------------------------------------

    def _choose_transcript(self) -> None:
        dialog = QFileDialog(self._end.screen.window(), say("文字起こしを選ぶ"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([say("文字起こし (*.txt *.vtt *.srt *.docx)"), say("全てのファイル (*)")])
        dialog.fileSelected.connect(lambda name: self.transcripts.read(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _transcript_read(self, path: Path, transcript: Transcript) -> None:
        kept = self._kept
        if kept is None:
            return  # its person has left the end screen
        name = clean_name(path.name)
        sheet = TranscriptSheet(self._end.screen.window(), name, transcript, kept.record.facts)
        sheet.taken.connect(lambda said, sentences: self.take_transcript(name, said, sentences))
        sheet.open()

    def _transcript_refused(self, path: Path, told: str) -> None:
        if self._kept is not None:
            sentences = [say(told, name=clean_name(path.name))]
            TextSheet(self._end.screen.window(), "文字起こしを取り込めません", sentences).open()

    def take_transcript(self, name: str, said: Sequence[Aligned], sentences: bool) -> None:
        """These utterances are items of the record now."""
        if self._kept is not None:
            self._changed(with_transcript(self._kept.record, name, said, sentences=sentences))

    def take_out_transcript(self, name: str) -> None:
        """That file is not in the record any more."""
        if self._kept is not None:
            self._changed(without_transcript(self._kept.record, name))

    def _changed(self, record: Record) -> None:
        kept = self._kept
        if kept is not None and record != kept.record:
            self._change(kept, record)

    # --- who sees to what is left -------------------------------------------------------------------------

    def _assign(self, left: Open) -> None:
        sheet = AssignSheet(self._end.screen.window(), left)
        sheet.assigned.connect(lambda owner, due: self._assigned(left, owner, due))
        sheet.open()

    def _assigned(self, left: Open, owner: str, due: str) -> None:
        if self._kept is not None:
            record = self._kept.record
            self._changed(record.changed(record.facts.assigned(left.key, owner, due)))

    def _change(self, kept: Kept, record: Record) -> None:
        self._kept = replace(kept, record=record)
        self._end.keep(self._shown(self._kept, changing=True))
        self.archiving.change(kept, record)

    def copy(self) -> None:
        """The block for a chat, into the clipboard."""
        if self._kept is not None:
            QGuiApplication.clipboard().setText(chat_of(self._kept.record, str(self._kept.place)))
            self._end.screen.kept.copy.set_words("写し取りました")

    def _folder(self) -> Path | None:
        return self._kept.folder if self._kept is not None else None

    def _open_word(self) -> None:
        self._open_file("", (".docx",))

    def _open_file(self, beginning: str, endings: tuple[str, ...] = (".pdf", ".docx", ".csv")) -> None:
        folder = self._folder()
        if folder is None:
            return
        there = [file for file in folder.iterdir() if file.name.startswith(beginning)]
        fitting = [file for ending in endings for file in sorted(there) if file.suffix == ending]
        wanted = [file for file in fitting if beginning or not file.name.startswith(TABLE)]
        self._open(wanted[0] if wanted else folder)

    def _open(self, file: Path | None) -> None:
        if file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(file)))


TABLE = "修正一覧"
"""How the files of the table of corrections begin: they are no record."""
