"""A newer revocation list goes out from an open console, and it is said how far it has come."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kiosk.fleet import ca
from kiosk.fleet.answers import Refusal
from kiosk.fleet.folder import identity
from kiosk.fleet.model import Cause, Condition, Fleet
from kiosk.fleet.revoking import GOES_ROUND, Revoking
from protocol.transport.facilities_file import REVOKED_FILE
from tests.kiosk.consoles import PASSPHRASE, registered
from tests.kiosk.fleet_rooms import device_of, status
from tests.kiosk.rollout_house import NOW

__all__ = ["registered"]


class Heard:
    """What is said under every page, and what stands in the log of actions."""

    def __init__(self) -> None:
        self.told, self.recorded = list[str](), list[str]()

    def tell(self, words: str, tone: str = "") -> None:
        self.told.append(words)

    def record(self, words: str, tone: str) -> None:
        self.recorded.append(words)


class Console:
    """Three displays, the last of them silent; `spread` is what went out."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.fleet, self.heard, self.now = folder, Fleet(), Heard(), NOW
        self.spread: list[bytes] = []
        for number in (1, 2, 3):
            self.hear(number, 0)
        self.fleet.went_silent(device_of(3), NOW)
        who = identity(folder)
        orders = self.heard
        self.revoking = Revoking(
            self.fleet,
            who,
            folder,
            self.spread.append,
            orders,  # type: ignore[arg-type]
            lambda: self.now,
        )

    def hear(self, number: int, revocations: int) -> None:
        told = status(number, f"{number}会議室", "本庁舎 3階", NOW, revocations=revocations)
        self.fleet.saw(device_of(number), told, "", 0, NOW)


@pytest.fixture
def console(qtbot: QtBot, registered: Path) -> Console:
    return Console(registered)


def test_a_display_that_answers_and_never_takes_the_list_is_said_once_and_then_left(console: Console) -> None:
    revoking, heard = console.revoking, console.heard
    ca.revoke(console.folder, PASSPHRASE, (b"\7" * 32,))
    revoking.look()
    console.hear(1, 2**40)
    for _ in range(3):
        revoking.saw(device_of(1))
        revoking.refresh()
    assert heard.told == [
        "端末の取り消し：3台のうち0台に届きました。",
        "端末の取り消し：3台のうち1台に届きました。",
    ], "what else is said under the pages is not overwritten ten times a second"
    console.now += GOES_ROUND
    revoking.refresh()
    revoking.refresh()
    assert heard.recorded[1:] == [
        "端末の取り消し：3台のうち1台に届きました。1台は応答していますが、受け取っていません。"
        "あとの1台は応答がないので、戻ったときに届きます。"
    ]
    assert [(each.cause, each.value) for each in console.fleet.concerns() if not each.device] == [
        (Cause.REVOKED, 2)
    ]


def test_a_list_that_cannot_be_read_for_a_moment_goes_out_later(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = ca.revoke(console.folder, PASSPHRASE, (b"\7" * 32,))

    def denied(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", denied)
        for _ in range(2):
            console.revoking.look()
    assert (len(console.heard.told), console.spread) == (1, [])
    console.revoking.look()
    assert console.spread == [frame]


def test_a_list_of_another_console_is_heard_from_a_display_kept_and_given_out(console: Console) -> None:
    file = console.folder / REVOKED_FILE
    frame = ca.revoke(console.folder, PASSPHRASE, (device_of(2),))
    file.unlink()
    for _ in range(2):  # every display passes it on
        console.revoking.hear(frame)
    console.revoking.look()
    assert (console.spread, file.read_bytes()) == ([frame], frame)
    assert console.fleet.condition(device_of(2)) is Condition.OUT


def test_a_list_of_another_console_takes_the_place_of_none_that_names_more(console: Console) -> None:
    """It was signed from a backup, while somebody signed here."""
    theirs = ca.revoke(console.folder, PASSPHRASE, (device_of(2),))
    (console.folder / REVOKED_FILE).unlink()
    ours = ca.revoke(console.folder, PASSPHRASE, (device_of(1),))
    console.revoking.hear(theirs)  # before anybody has looked at what was signed here
    assert (console.folder / REVOKED_FILE).read_bytes() == ours
    assert console.spread == [ours, theirs]
    assert {console.fleet.condition(device_of(each)) for each in (1, 2)} == {Condition.OUT}


def test_a_console_that_is_out_itself_says_so_and_nothing_of_who_does_not_answer(console: Console) -> None:
    frame = ca.revoke(console.folder, PASSPHRASE, (identity(console.folder).device.device_id,))
    console.revoking.hear(frame)
    for number in (1, 2):
        console.fleet.went_silent(device_of(number), NOW)
    console.now += GOES_ROUND
    console.revoking.refresh()
    said = "この管理の端末は、登録を取り消されました。ディスプレイは、もうここからの指示に従いません。"
    assert (console.heard.told, console.heard.recorded) == ([], [said])
    assert [(each.cause, each.value) for each in console.fleet.concerns()] == [
        (Cause.SHUT_OUT, Refusal.REVOKED)
    ]
