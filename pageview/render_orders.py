"""What a render process is told to carry out a task."""

from __future__ import annotations

from pageview import render_messages as wire
from pageview.render_queue import Kind, Task


def order_for(task: Task, offset: int) -> wire.Order:
    """The order that carries out a task; what is drawn goes to ``offset`` of the frames."""
    n, blob, index = task.number, task.blob, task.index
    match task.kind:
        case Kind.DRAW:
            assert task.request is not None
            return wire.Draw(
                n, blob, index, task.request.rect, task.request.width, task.request.height, offset
            )
        case Kind.OPEN:
            return wire.Open(n, blob, task.password)
        case Kind.LINES:
            return wire.ReadLines(n, blob, index)
        case Kind.SURVEY:
            return wire.Survey(n, blob, index)
        case Kind.SUBSET:
            return wire.MakeSubset(n, blob, index)
        case Kind.UNLOCK:
            return wire.Unlock(n, blob)
        case Kind.CHARACTERS:
            return wire.ReadCharacters(n, blob, index)
        case Kind.TEXT:
            return wire.ReadText(n, blob, index)
        case Kind.PICTURE:
            return wire.ReadPicture(n, blob, index)
        case Kind.EDIT:
            assert task.change is not None
            return wire.EditPage(n, blob, index, task.change, task.accepted)
