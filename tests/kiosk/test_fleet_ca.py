"""`kamizero ca`: the facilities' key is made, opened only by its passphrase, backed up, replaced; signs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kiosk.fleet import ca, ca_command
from kiosk.fleet.audit import Audit
from kiosk.fleet.folder import AUDIT_FILE, DISPLAYS_FILE, NoIdentity, identity
from kiosk.fleet.known import keep_known
from kiosk.fleet.model import Display
from kiosk.fleet.scribe import Scribe
from pageview import wording
from protocol.facilities import ConsoleCertificate, ConsoleRole, RoomCertificate, sign_room
from protocol.transport.rooms_file import load_rooms
from protocol.transport.tls import DeviceKey
from tests.kiosk.consoles import PASSPHRASE


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ca, "_ROUNDS", 1_000)
    yield
    wording.set_language("ja")


def typed(*answers: str) -> Callable[[str], str]:
    left = list(answers)
    return lambda _prompt: left.pop(0)


def command(folder: Path, *words: str, ask: Callable[[str], str] | None = None) -> int:
    return ca_command.main(["--state", str(folder), *words], ask or typed(PASSPHRASE))


def test_a_key_opens_by_its_passphrase_alone_and_stands_in_no_file_unsealed(tmp_path: Path) -> None:
    ca.new(tmp_path, PASSPHRASE)
    opened = ca.open_key(tmp_path, PASSPHRASE)
    key = DeviceKey.load_or_create(tmp_path / "kiosk")
    frame = sign_room(opened.sign, RoomCertificate(key.device_id, 27, "第三会議室"))
    facilities = ca.facilities_of(tmp_path)
    assert facilities is not None
    assert facilities.room_of(frame, key.spki) is not None
    with pytest.raises(ca.CaError, match="合言葉が違います"):
        ca.open_key(tmp_path, PASSPHRASE + " ")
    sealed = (tmp_path / ca.KEY_FILE).read_bytes()
    assert b"PRIVATE" not in sealed
    assert (tmp_path / ca.KEY_FILE).stat().st_mode & 0o077 == 0


def test_there_is_no_weak_passphrase_and_no_second_key_over_the_first(tmp_path: Path) -> None:
    with pytest.raises(ca.CaError, match="12文字以上"):
        ca.new(tmp_path, "short")
    assert not (tmp_path / ca.KEY_FILE).exists()
    ca.new(tmp_path, PASSPHRASE)
    before = (tmp_path / ca.KEY_FILE).read_bytes()
    with pytest.raises(ca.CaError, match="もうあります"):
        ca.new(tmp_path, PASSPHRASE)
    assert (tmp_path / ca.KEY_FILE).read_bytes() == before


def test_the_revocation_list_only_grows(tmp_path: Path) -> None:
    ca.new(tmp_path, PASSPHRASE)
    first, second = b"1" * 32, b"2" * 32
    ca.revoke(tmp_path, PASSPHRASE, (first,))
    once = ca.facilities_of(tmp_path)
    ca.revoke(tmp_path, PASSPHRASE, (second, first))
    twice = ca.facilities_of(tmp_path)
    assert once is not None
    assert twice is not None
    assert twice.revoked.number > once.revoked.number > 1_700_000_000, "also where it is made from a backup"
    assert twice.revoked.devices == (first, second)


def test_of_several_who_sign_at_once_nobody_takes_a_revocation_or_a_console_back(tmp_path: Path) -> None:
    ca.new(tmp_path, PASSPHRASE)
    stolen = [bytes((n,)) * 32 for n in range(4)]

    def sign(device: bytes) -> None:
        ca.revoke(tmp_path, PASSPHRASE, (device,))
        ca.keep_console(tmp_path, ConsoleCertificate(device, ConsoleRole.FACILITIES, "管財課"))

    with ThreadPoolExecutor(len(stolen)) as at_once:
        list(at_once.map(sign, stolen))
    known = ca.facilities_of(tmp_path)
    assert known is not None
    assert sorted(known.revoked.devices) == stolen
    assert sorted(each.device for each in ca.consoles(tmp_path)) == stolen


def test_a_key_that_is_lost_is_told_with_what_to_do_and_comes_back_from_its_backup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house, stick = tmp_path / "house", tmp_path / "stick"
    ca.new(house, PASSPHRASE)
    with pytest.raises(ca.CaError, match="というフォルダがありません"):
        ca.backup(house, PASSPHRASE, stick)
    assert not stick.exists(), "it is not in its place: no copy lies on the disk of the key"
    stick.mkdir()
    with pytest.raises(ca.CaError, match="合言葉"):
        ca.backup(house, "not the passphrase", stick)
    assert not list(stick.iterdir())
    ca.backup(house, PASSPHRASE, stick)
    (house / ca.KEY_FILE).unlink()
    with pytest.raises(ca.CaError, match="kamizero ca replace"):
        ca.open_key(house, PASSPHRASE)
    assert command(house, "backup", str(stick), ask=typed()) == 1, "nobody is asked for its passphrase"
    assert str(house) in capsys.readouterr().out, "and where the backup belongs is said"
    (house / ca.KEY_FILE).write_bytes((stick / ca.KEY_FILE).read_bytes())
    ca.open_key(house, PASSPHRASE)


def test_a_replaced_key_signs_and_the_former_one_is_kept_beside_it(tmp_path: Path) -> None:
    ca.new(tmp_path, PASSPHRASE)
    old = (tmp_path / ca.PUBLIC_FILE).read_bytes()
    kept = ca.replace(tmp_path, "another long passphrase")
    assert kept is not None
    assert (kept / ca.PUBLIC_FILE).read_bytes() == old
    ca.open_key(tmp_path, "another long passphrase")
    assert (tmp_path / ca.PUBLIC_FILE).read_bytes() != old


def test_a_console_is_registered_in_words_and_another_by_what_is_carried_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house, other, carried = tmp_path / "house", tmp_path / "other", tmp_path / "carried"
    with pytest.raises(NoIdentity, match="kamizero ca new"):
        identity(house)
    assert command(house, "new", ask=typed("short")) == 1, "not typed twice for nothing"
    assert command(house, "new", ask=typed(PASSPHRASE, PASSPHRASE)) == 0
    with pytest.raises(NoIdentity, match="登録されていません"):
        identity(house)
    assert command(house, "console", "--name", "管財課 山﨑", ask=typed("wrong passphrase")) == 1
    assert "合言葉が違います" in capsys.readouterr().out
    assert command(house, "console", "--name", "管財課 山﨑") == 0
    assert identity(house).certificate.name == "管財課 山﨑"
    assert command(other, "request", str(tmp_path / "other.pem")) == 0
    asked = ("console", "--name", "受付", "--role", "read-only", "--key", str(tmp_path / "other.pem"))
    assert command(house, *asked) == 1
    assert command(house, *asked, "--out", str(carried), ask=typed(PASSPHRASE)) == 0
    for file in carried.iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    assert identity(other).certificate.role is ConsoleRole.READ_ONLY
    assert not (other / ca.KEY_FILE).exists()


def test_a_console_that_is_stolen_is_named_where_its_id_stands_and_revoked_by_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house, stick = tmp_path / "house", tmp_path / "stick"
    ca.new(house, PASSPHRASE)
    assert command(tmp_path / "other", "request", str(tmp_path / "other.pem")) == 0
    asked = ("console", "--role", "it", "--key", str(tmp_path / "other.pem"), "--out", str(tmp_path / "out"))
    for name in ("受付", "情報課 佐藤"):  # registered again, under another name
        assert command(house, *asked, "--name", name) == 0
    stolen = DeviceKey.load_or_create(tmp_path / "other").device_id
    stick.mkdir()
    ca.backup(house, PASSPHRASE, stick)
    for folder in (house, stick):
        capsys.readouterr()
        assert command(folder, "show") == 0
        assert f"{stolen.hex()}  it  情報課 佐藤" in (told := capsys.readouterr().out)
        assert "受付" not in told
    assert command(house, "revoke", stolen.hex()) == 0
    capsys.readouterr()
    assert command(house, "show") == 0
    assert f"{stolen.hex()}  情報課 佐藤" in (told := capsys.readouterr().out)  # under those that are out
    assert " it " not in told
    assert ca.replace(house, PASSPHRASE) is not None
    assert ca.consoles(house) == ()


def test_a_console_that_was_revoked_is_registered_again_by_a_new_key_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house, other = tmp_path / "house", tmp_path / "other"
    ca.new(house, PASSPHRASE)
    assert command(other, "request", str(tmp_path / "old.pem")) == 0
    assert command(house, "console", "--name", "管財課") == 0
    out = [DeviceKey.load_or_create(folder).device_id for folder in (house, other)]
    assert command(house, "revoke", *(each.hex() for each in out)) == 0
    with pytest.raises(NoIdentity, match=r"取り消されています。.*kamizero ca console"):
        identity(house)
    capsys.readouterr()
    theirs = ("console", "--name", "受付", "--out", str(tmp_path / "out"), "--key")
    assert command(house, *theirs, str(tmp_path / "old.pem")) == 1
    assert "ca request --new-key" in capsys.readouterr().out
    assert command(other, "request", "--new-key", str(tmp_path / "new.pem")) == 0
    assert command(house, *theirs, str(tmp_path / "new.pem")) == 0
    assert command(house, "console", "--name", "管財課") == 0
    assert identity(house).device.device_id not in out


def test_two_passphrases_that_differ_make_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(tmp_path, "--language", "en", "new", ask=typed(PASSPHRASE, "other")) == 1
    assert "Nothing was done" in capsys.readouterr().out
    assert not (tmp_path / ca.KEY_FILE).exists()


@pytest.mark.skipif(os.name == "nt", reason="modes of files are of POSIX")
def test_of_the_brokers_papers_the_key_alone_is_secret(tmp_path: Path) -> None:
    """The broker reads them as a user of its own: mosquitto did not start with what could not be read."""
    ca.new(tmp_path, PASSPHRASE)
    out, before = tmp_path / "papers", os.umask(0o022)
    try:
        assert command(tmp_path, "broker", "mqtt.example", "--out", str(out)) == 0
    finally:
        os.umask(before)
    modes = {file.name: file.stat().st_mode & 0o777 for file in out.iterdir()}
    assert modes.pop("broker.key") == 0o600
    assert set(modes.values()) == {0o644}


def test_the_room_file_is_signed_where_it_stands(tmp_path: Path) -> None:
    ca.new(tmp_path, PASSPHRASE)
    (tmp_path / "rooms.toml").write_text('[[room]]\nnumber = 27\nname = "第三会議室"\n', "utf-8")
    assert command(tmp_path, "rooms", str(tmp_path / "rooms.toml")) == 0
    facilities = ca.facilities_of(tmp_path)
    assert facilities is not None
    assert load_rooms(tmp_path, facilities, 47_400)[27].name == "第三会議室"


@pytest.mark.parametrize(
    "words", [("revoke", "abc"), ("console", "--name", "x", "--key", "nothing", "--out", "y")]
)
def test_what_cannot_be_is_a_sentence(
    tmp_path: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    ca.new(tmp_path, PASSPHRASE)
    assert command(tmp_path, *words, ask=typed(PASSPHRASE)) == 1
    assert capsys.readouterr().out.strip()


def test_a_folder_whose_name_is_no_utf_8_is_backed_up_into_and_written_down(tmp_path: Path) -> None:
    ca.new(tmp_path, PASSPHRASE)
    stick = os.fsdecode(bytes(tmp_path) + "/控え".encode("shift-jis"))
    Path(stick).mkdir()
    assert command(tmp_path, "backup", stick) == 0
    assert Path(stick, ca.KEY_FILE).is_file()
    assert [each.result for each in Audit(tmp_path / AUDIT_FILE).actions] == ["指示しました", "できました"]


def test_all_that_is_done_with_the_key_is_in_the_log_also_beside_an_open_console(
    qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ca.new(tmp_path, PASSPHRASE)
    assert command(tmp_path, "console", "--name", "管財課 山﨑") == 0
    monkeypatch.setattr("kiosk.fleet.scribe.LOOK_MS", 50)
    opened = Audit(tmp_path / AUDIT_FILE)
    scribe = Scribe(opened, "管財課 山﨑", lambda: 1.0)
    stolen = DeviceKey.load_or_create(tmp_path / "stolen").device_id
    keep_known(tmp_path / DISPLAYS_FILE, [Display(stolen, 27, "第三会議室")])
    with qtbot.waitSignal(scribe.recorded, timeout=10_000):
        assert command(tmp_path, "revoke", stolen.hex(), ask=typed("wrong passphrase")) == 1
        assert command(tmp_path, "revoke", stolen.hex()) == 0
    scribe.write_now(Display(b"", 5, "応接室"), "利用を休止する", "できました")
    assert command(tmp_path, "show") == 0
    scribe.close()
    again = Audit(tmp_path / AUDIT_FILE)
    assert (again.actions, again.broken) == (opened.actions, 0), "one chain, whoever wrote"
    assert {each.who for each in again.actions[2:]} == {"管財課 山﨑"}
    assert [(each.room, each.what, each.result[:8]) for each in again.actions[1:]] == [
        (0, "管理の端末を登録する：管財課 山﨑（facilities）", "できました"),
        *[
            (27, "登録を取り消す", words)
            for words in ("指示しました", "合言葉が違います", "指示しました", "できました")
        ],
        (5, "利用を休止する", "できました"),
    ]
    (tmp_path / AUDIT_FILE).unlink()
    (tmp_path / AUDIT_FILE).mkdir()
    assert command(tmp_path, "replace", ask=typed()) == 1, "what cannot be written down is not done"
    assert "操作の記録に書けないため" in capsys.readouterr().out
