"""The demo's minutes: a participant comes in, is let write, and types in one item at once with the desk."""

from __future__ import annotations

from presenter.stage import Event, NotTrue, Program

ASKED = "東部の12か所のうち、"
DESK, PERSON = "夜間に見えないもの", "は何か所あるのか。"


def taken_together(desk: Program, person: Program, room: int) -> str:
    """Both see one and the same text with every letter of both, and the question carried."""
    peer = joined(desk, person, room)
    person.tell("action", name="minutes")
    desk.tell("minutes_type", kind="QUESTION", text=ASKED)
    person.wait("minutes", lambda e: _texts(e) == [ASKED])
    desk.tell("people", wish="allowed", values=[peer, False, False, True, False])
    person.wait("says", lambda e: bool(e["minutes"]))
    person.tell("minutes_take_up", number=1, at=len(ASKED))
    for one, other in zip(DESK, PERSON, strict=True):
        desk.tell("minutes_type", text=one)
        person.tell("minutes_type", text=other)
    desk.tell("minutes_enter")
    person.tell("minutes_enter")
    length = len(ASKED + DESK + PERSON)
    seen = [who.wait("minutes", lambda e: [len(t) for t in _texts(e)] == [length]) for who in (desk, person)]
    (here,), (there,) = _texts(seen[0]), _texts(seen[1])
    if here != there:
        raise NotTrue(f"the desk reads “{here}”, the participant “{there}”")
    for typed in (DESK, PERSON):
        rest = iter(here)
        if not all(letter in rest for letter in typed):
            raise NotTrue(f"“{typed}” is not whole in “{here}”")
    person.tell("minutes_reply", number=1, reply="carried")
    desk.wait("minutes", lambda e: [row[3] for row in e["rows"]] == ["CARRIED"])
    person.tell("minutes_enter")
    return f"{length} letters of two people in one text, the same at both; carried"


def joined(desk: Program, person: Program, room: int) -> int:
    """The participant is in by the join code; its peer id."""
    desk.tell("people", wish="joining_wanted", values=[True])
    code = desk.wait("joining", lambda e: bool(e["code"]))["code"]
    person.known("ready")
    person.known("room_seen", lambda e: bool(e["room"] == room))
    person.tell("join", room=room, code=code)
    peer = int(person.wait("joined")["peer"])
    person.wait("painted", lambda e: bool(e.get("sharp")))
    return peer


def _texts(event: Event) -> list[str]:
    return [row[2] for row in event["rows"]]
