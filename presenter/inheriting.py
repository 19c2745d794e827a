"""The desk goes on with somebody else's briefing, as a new one of its own."""

from __future__ import annotations

from datetime import datetime

from presenter.desk import Desk
from presenter.inherited import Inherited


def inherit(desk: Desk, inherited: Inherited) -> None:
    """Shows it where it was, with no room yet: the room that followed is called, for its code."""
    parts, former = desk.parts, inherited.briefing.registers
    parts.network.start(desk.profile())
    parts.network.record_into(parts.disk.begin(datetime.now()))
    parts.disk.see()  # it was seen before this desk had it
    briefing = inherited.renewed()
    for sha256 in briefing.blobs():
        parts.renderer.open(sha256)
        parts.network.add_blob(sha256, parts.store.data(sha256))
    parts.source.set_briefing(briefing)
    for op in inherited.ops():
        parts.network.edit(op)
    parts.console.begin({})
    parts.plan.forget()
    there = former.view is not None and briefing.page(former.view.page_id) is not None
    parts.session.go_on(briefing, former.timer.elapsed / 1000, former.view if there else None)
    desk.show_console()
    for title in inherited.missing:
        parts.console.notice("「{title}」の写しがないため、映せません。", title=title)
    parts.disk.keep(briefing)
    parts.disk.tell(briefing, (), parts.console.originals)
    desk.started.emit()
    if inherited.room is not None:
        desk.reconnect(inherited.room, held=True)
