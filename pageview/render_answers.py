"""What a reply of a render process means for the task that it answers; what is no answer to it is a fault."""

from __future__ import annotations

from pageview import render_messages as wire
from pageview.page_edits import Made, NotMade, WhyNot
from pageview.page_text import PageText
from pageview.render_queue import Kind, Task
from pageview.render_results import (
    EditRefused,
    Opened,
    OpenRefused,
    PageCharacters,
    PageEdited,
    PageLines,
    PagePicture,
    PageSize,
    PageSurvey,
    RenderFailed,
    SubsetFailed,
    SubsetMade,
    Unlocked,
    WholeText,
)
from protocol.errors import Fault, fault_of


def answer_to(task: Task, reply: wire.Reply, pdf: bytes) -> object:
    """The result that ``reply`` gives; a Fault for a failure, and for what does not answer ``task``."""
    match reply:
        case wire.Opened(_, sizes, title, repaired) if task.kind is Kind.OPEN:
            return Opened(task.blob, tuple(map(PageSize, sizes[::2], sizes[1::2])), title, repaired)
        case wire.CannotOpen(_, verdict, fault) if task.kind is Kind.OPEN:
            return OpenRefused(task.blob, verdict, fault_of(fault, Fault.PAGE_UNSHOWABLE))
        case wire.Lines(_, boxes, smallest, text, letters) if task.kind is Kind.LINES:
            counted = zip(letters[::2], letters[1::2], strict=False)
            return PageLines(task.blob, task.index, boxes, smallest, text, tuple(counted))
        case wire.Surveyed(_, fonts, comments, made_by) if task.kind is Kind.SURVEY:
            return PageSurvey(task.blob, task.index, fonts, comments, made_by)
        case wire.Pdf(_, _, width, height) if task.kind is Kind.SUBSET:
            return SubsetMade(task.blob, task.index, pdf, width, height)
        case wire.Pdf() if task.kind is Kind.UNLOCK:
            return Unlocked(task.blob, pdf)
        case wire.Characters(_, text) if task.kind is Kind.CHARACTERS and text.is_sound():
            return PageCharacters(task.blob, task.index, text)
        case wire.Edited(_, Made() as made, _, width, height) if task.change is not None and pdf:
            return PageEdited(task.blob, task.index, task.change, pdf, width, height, made)
        case wire.Edited(_, NotMade() as not_made) if task.change is not None:
            return EditRefused(task.blob, task.index, task.change, not_made)
        case wire.Text(_, text) if task.kind is Kind.TEXT:
            return WholeText(task.blob, task.index, text)
        case wire.Picture(_, width, pixels) if task.kind is Kind.PICTURE and len(pixels) % width == 0:
            return PagePicture(task.blob, task.index, width, pixels)
        case wire.Failed(_, fault):
            return fault_of(fault, Fault.PAGE_UNSHOWABLE)
        case _:
            return Fault.PAGE_UNSHOWABLE


def failure_of(task: Task, fault: Fault) -> object:
    """What is said of a task that could not be done."""
    match task.kind:
        case Kind.DRAW:
            assert task.request is not None
            return RenderFailed(task.request, fault)
        case Kind.LINES:
            return PageLines(task.blob, task.index, (), 0, "")
        case Kind.SURVEY:
            return PageSurvey(task.blob, task.index)
        case Kind.CHARACTERS:
            return PageCharacters(task.blob, task.index, PageText())
        case Kind.TEXT:
            return WholeText(task.blob, task.index, "")
        case Kind.PICTURE:
            return PagePicture(task.blob, task.index, 1, b"")
        case Kind.EDIT:
            assert task.change is not None
            return EditRefused(task.blob, task.index, task.change, NotMade(WhyNot.UNSHOWABLE))
        case Kind.SUBSET:
            return SubsetFailed(task.blob, task.index, fault)
        case Kind.OPEN | Kind.UNLOCK:
            return OpenRefused(task.blob, "refused", fault)
