"""What is sent to a new display, signed with the facilities' key; and what is said of how it went."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QLineEdit

from kiosk.fleet import broker_papers, ca
from kiosk.fleet.adding import AddingPage, Addition
from kiosk.fleet.place_names import building_and_floor
from kiosk.fleet.templates import Templates, settings_file
from pageview.wording import say
from protocol.facilities import RoomCertificate, device_id, sign_room
from protocol.manage import Enrol, Enrolled, Outcome
from protocol.pairing_checks import HandshakeRefused, Why
from protocol.transport.handshake import NoAnswer


def opened(folder: Path, addition: Addition, templates: Templates) -> Callable[[bytes], Enrol]:
    """Opens the key, slowly; what comes back signs for one display and is let go of. `CaError`."""
    key = ca.open_key(folder, addition.passphrase)
    public = (folder / ca.PUBLIC_FILE).read_bytes()
    building = building_and_floor(str(addition.room["place"]))[0]
    settings = settings_file(templates, building, addition.room)
    number, name = int(addition.room["number"]), str(addition.room["name"])

    def make(spki: bytes) -> Enrol:
        certificate = sign_room(key.sign, RoomCertificate(device_id(spki), number, name))
        paper = broker_papers.of_device(key.key, spki)
        return Enrol(public, certificate, ca.revocations(folder), settings, paper)

    return make


def result_words(result: object) -> str:
    """What came of an enrolment: `Enrolled`, or the exception that ended it; "" when it is done."""
    match result:
        case Enrolled(Outcome.DONE):
            return ""
        case Enrolled(outcome, text):
            return _refused(outcome, text)
        case ca.CaError():
            return str(result)
        case HandshakeRefused(why=Why.HERE_OLDER | Why.THERE_OLDER):
            return say("ディスプレイと管理の端末の版が違います。両方を同じ版にしてください。")
        case HandshakeRefused():
            return say("番号が違うか、古くなっています。画面の番号をもう一度入力してください。")
        case NoAnswer():
            return say(
                "ディスプレイから答えがありません。アドレスと、画面に番号が出ているかを確かめてください。"
            )
        case _:
            return say("登録できませんでした（{why}）。", why=result)


def to_type_again(result: object, page: AddingPage) -> QLineEdit | None:
    """The field that was mistaken. A passphrase typed again must not land in a field where it can be read."""
    match result:
        case Enrolled(Outcome.DONE):
            return None
        case ca.CaError():
            return page.passphrase
        case NoAnswer():
            return page.where.lineEdit()
        case Enrolled():
            return page.number
        case _:
            return page.code


def _refused(outcome: Outcome, text: str) -> str:
    match outcome:
        case Outcome.SETTINGS:
            return say("設定のひな形が正しくありません：{text}", text=text)
        case Outcome.FAILED:
            return say("ディスプレイが設定を書き込めません（{text}）。", text=text)
        case _:
            return say("ディスプレイが登録を受け付けません：{text}", text=text)
