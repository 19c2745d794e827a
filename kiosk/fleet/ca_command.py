"""``kamizero ca``: makes the facilities' key, signs with it, backs it up, replaces it. All of it is in the
log of actions, also while a console is open."""

from __future__ import annotations

import argparse
import getpass
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from kiosk.fleet import broker_papers, ca
from kiosk.fleet.audit import Action, Audit
from kiosk.fleet.english import ENGLISH
from kiosk.fleet.folder import AUDIT_FILE, CERTIFICATE_FILE, DISPLAYS_FILE, acting, default_folder
from kiosk.fleet.known import names_known
from kiosk.fleet.words import as_typed
from pageview.command_line import CommandLine
from pageview.paper_words import clean_name
from pageview.whole_file import PRIVATE, write_whole
from pageview.wording import both, register, say, set_language
from protocol.errors import KamizeroError
from protocol.facilities import ConsoleCertificate, ConsoleRole, device_id, load_p256, sign_console
from protocol.transport.facilities_file import BROKER_FILE, REVOKED_FILE
from protocol.transport.tls import DeviceKey, letters

Ask = Callable[[str], str]
ROLES = {
    "facilities": ConsoleRole.FACILITIES,
    "it": ConsoleRole.IT,
    "read-only": ConsoleRole.READ_ONLY,
}


def parser() -> CommandLine:
    """The words after `kamizero ca`."""
    register(ENGLISH)
    made = CommandLine(prog="kamizero ca", description=both("設備の鍵で署名する"))
    made.add_argument("--state", type=Path, default=default_folder(), help=both("鍵を置くフォルダ"))
    made.add_argument("--language", choices=("ja", "en"), default="ja", help=both("結果の言葉"))
    words = made.add_subparsers(dest="word", required=True, metavar="WORD")
    words.add_parser("new", help=both("設備の鍵を作る"))
    words.add_parser("show", help=both("鍵と、管理の端末と、取り消した端末を見る"))
    console = words.add_parser("console", help=both("端末を、管理の端末として登録する"))
    console.add_argument("--name", required=True, help=both("だれの端末か（例：管財課 設備担当）"))
    console.add_argument("--role", choices=tuple(ROLES), default="facilities", help=both("できること"))
    console.add_argument("--key", type=Path, metavar="FILE", help=both("ほかの端末の鍵（ca request の結果）"))
    console.add_argument("--out", type=Path, metavar="DIR", help=both("ほかの端末へ渡すフォルダ"))
    request = words.add_parser("request", help=both("この端末の鍵を、登録を頼むために書き出す"))
    request.add_argument("file", type=Path, metavar="FILE")
    request.add_argument(
        "--new-key", action="store_true", help=both("登録を取り消された鍵を、新しい鍵に替える")
    )
    revoke = words.add_parser("revoke", help=both("端末の登録を取り消す"))
    revoke.add_argument("device", nargs="+", metavar="ID", help=both("端末の番号（64桁）"))
    backup = words.add_parser("backup", help=both("控えを取る"))
    backup.add_argument("folder", type=Path, metavar="DIR")
    words.add_parser("replace", help=both("新しい鍵に取り替える"))
    broker = words.add_parser("broker", help=both("MQTTブローカーの証明書を作る"))
    broker.add_argument("host", nargs="+", metavar="HOST", help=both("ブローカーの名前かアドレス"))
    broker.add_argument("--out", type=Path, required=True, metavar="DIR", help=both("証明書を書くフォルダ"))
    rooms = words.add_parser("rooms", help=both("会議室の一覧（rooms.toml）に署名する"))
    rooms.add_argument("file", type=Path, metavar="FILE")
    return made


def main(words: list[str], ask: Ask = getpass.getpass) -> int:
    """0 when it was done, 1 with a sentence when not."""
    given = parser().parse_args(words)
    set_language(given.language)
    try:
        record = None if given.word == "show" else _begin(given)
    except OSError as error:
        print(say("操作の記録に書けないため、行いません（{why}）。", why=error.strerror or error))
        return 1
    done, told = _done(given, ask)
    print(_writable(as_typed(told)))
    if record is not None:
        try:
            record(say("できました") if done else told)
        except OSError as error:
            print(say("操作の記録に書けません（{why}）。", why=error.strerror or error))
    return 0 if done else 1


def _done(given: argparse.Namespace, ask: Ask) -> tuple[bool, str]:
    """Whether it was done, and what is to be said."""
    try:
        return True, _WORDS[given.word](given, ask)
    except ca.CaError as refused:
        return False, str(refused)
    except (KamizeroError, OSError) as error:
        return False, say("できませんでした（{why}）。フォルダと空き容量を確かめてください。", why=error)
    except (EOFError, KeyboardInterrupt):
        return False, say("合言葉が入力されなかったので、何もしていません。")


def _begin(given: argparse.Namespace) -> Callable[[str], None]:
    """Written down before it is done, as at the console; gives what writes down what became of it. `OSError`:
    it must not be done."""
    audit, who, what = Audit(given.state / AUDIT_FILE), acting(given.state), _writable(_deed(given))
    about = [("", 0, "")]
    if given.word == "revoke":
        names = {each.device.hex(): (0, each.name) for each in ca.consoles(given.state)}
        names |= names_known(given.state / DISPLAYS_FILE)
        about = [
            (each, *names.get(each, (0, f"{each[:12]}…")))
            for each in (_writable(typed.lower()) for typed in given.device)
        ]

    def record(result: str) -> None:
        line = _writable(" ".join(result.split()))
        audit.add(*(Action(time.time(), who, *each, what, line) for each in about))

    record(say("指示しました"))
    return record


def _writable(text: str) -> str:
    """A folder's name that is no UTF-8, as old sticks have them, with ? where it is not."""
    return text.encode("utf-8", "replace").decode()


def _deed(given: argparse.Namespace) -> str:
    """As it stands in the log of actions."""
    match given.word:
        case "new":
            return say("設備の鍵を新しく作る")
        case "console":
            return say(
                "管理の端末を登録する：{name}（{role}）", name=clean_name(given.name, 80), role=given.role
            )
        case "request":
            return say("登録を頼むための鍵を書き出す")
        case "revoke":
            return say("登録を取り消す")
        case "backup":
            return say("設備の鍵の控えを取る：{path}", path=given.folder)
        case "replace":
            return say("設備の鍵を取り替える")
        case "broker":
            return say("ブローカーの証明書を作る：{hosts}", hosts=", ".join(given.host))
        case word:
            assert word == "rooms", word
            return say("会議室の一覧に署名する：{path}", path=given.file)


def _passphrase(given: argparse.Namespace, ask: Ask) -> str:
    """Nobody is asked for what would open nothing."""
    if not ca.has_key(given.state):
        raise ca.CaError(ca.lost(given.state))
    return ask(say("設備の鍵の合言葉：") + " ")


def _chosen(ask: Ask) -> str:
    """A new passphrase, typed twice."""
    print(say("合言葉は紙に書いて金庫へ入れてください。忘れると、だれにも開けられません。"))
    first = ask(say("新しい合言葉（{n}文字以上）：", n=ca.SHORTEST) + " ")
    ca.check_length(first)
    if first != ask(say("もう一度：") + " "):
        raise ca.CaError(say("2回の合言葉が違います。何もしていません。"))
    return first


def _new(given: argparse.Namespace, ask: Ask) -> str:
    if ca.has_key(given.state):
        raise ca.CaError(ca.there_is_one())
    ca.new(given.state, _chosen(ask))
    return say(
        "設備の鍵を作りました：{path}\n次に kamizero ca console --name お名前 でこの端末を登録し、"
        "kamizero ca backup で控えを取ってください。",
        path=given.state / ca.KEY_FILE,
    )


def _show(given: argparse.Namespace, ask: Ask) -> str:
    facilities = ca.facilities_of(given.state)
    if facilities is None:
        return (
            say("設備の鍵をまだ作っていないときは、kamizero ca new で作ります。")
            + "\n"
            + ca.lost(given.state)
        )
    out = facilities.revoked
    consoles = ca.consoles(given.state)
    registered = [each for each in consoles if each.device not in out.devices]
    names = {each.device: each.name for each in consoles}
    lines = [
        say("設備の鍵：{path}", path=given.state / ca.PUBLIC_FILE),
        say("署名：{here}", here=say("この端末でできます") if ca.has_key(given.state) else say("できません")),
        say("管理の端末：{n}台", n=len(registered)),
        *(f"  {each.device.hex()}  {_role(each.role)}  {each.name}" for each in registered),
        say("取り消した端末：{n}台（一覧の番号 {number}）", n=len(out.devices), number=out.number),
    ]
    return "\n".join([*lines, *(f"  {each.hex()}  {names.get(each, letters(each))}" for each in out.devices)])


def _role(role: ConsoleRole) -> str:
    return next(word for word, each in ROLES.items() if each is role)


def _console(given: argparse.Namespace, ask: Ask) -> str:
    spki = _own_key(given.state).spki if given.key is None else _public_key(given.key)
    if given.key is not None and given.out is None:
        raise ca.CaError(say("--out で、ほかの端末へ渡すフォルダを指定してください。"))
    name = given.name.strip()
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise ca.CaError(say("名前は1から80文字にしてください。"))
    opened = ca.open_key(given.state, _passphrase(given, ask))
    certificate = ConsoleCertificate(device_id(spki), ROLES[given.role], name)
    if certificate.device in opened.facilities.revoked.devices:
        raise ca.CaError(
            say(
                "その鍵は登録を取り消されていて、もう登録できません。"
                "その端末で kamizero ca request --new-key を使い、できたファイルをもらってください。"
            )
        )
    target = given.state if given.out is None else given.out
    target.mkdir(parents=True, exist_ok=True)
    write_whole(broker_papers.of_device(opened.key, spki, console=True), target / BROKER_FILE, PRIVATE)
    write_whole(sign_console(opened.sign, certificate), target / CERTIFICATE_FILE, PRIVATE)
    ca.keep_console(given.state, certificate)
    if given.out is not None:
        for file in (ca.PUBLIC_FILE, REVOKED_FILE):
            if (given.state / file).is_file():
                write_whole((given.state / file).read_bytes(), target / file)
        return say("{path} の中身を、その端末の管理のフォルダへ写してください。", path=target)
    return say("この端末を登録しました。kamizero fleet で始められます。")


def _public_key(file: Path) -> bytes:
    try:
        key = serialization.load_pem_public_key(file.read_bytes())
        spki = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    except ValueError:
        spki = b""
    if load_p256(spki) is None:
        raise ca.CaError(say("{path} は kamizero ca request の結果ではありません。", path=file))
    return spki


def _own_key(folder: Path, *, new: bool = False) -> DeviceKey:
    """This machine's key, or a new one: nobody who was revoked is registered again by the same."""
    device, facilities = DeviceKey.load_or_create(folder), ca.facilities_of(folder)
    out = facilities is not None and device.device_id in facilities.revoked.devices
    if not out and not new:
        return device
    device.path.rename(folder / f"{letters(device.device_id)}-{device.path.name}")
    return DeviceKey.load_or_create(folder)


def _request(given: argparse.Namespace, ask: Ask) -> str:
    key = serialization.load_der_public_key(_own_key(given.state, new=given.new_key).spki)
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    write_whole(pem, given.file)
    return say("{path} を、設備の鍵がある端末の担当へ渡してください。秘密は入っていません。", path=given.file)


def _revoke(given: argparse.Namespace, ask: Ask) -> str:
    devices = tuple(_device(text) for text in given.device)
    ca.revoke(given.state, _passphrase(given, ask), devices)
    return say(
        "取り消しました。kamizero fleet を開いていれば、いますぐ全てのディスプレイへ伝わります。"
        "開いていなければ、次に開いたときに伝わります。"
    )


def _device(text: str) -> bytes:
    try:
        device = bytes.fromhex(text)
    except ValueError:
        device = b""
    if len(device) != 32:
        raise ca.CaError(
            say("端末の番号は64桁の英数字です（書き出した一覧や kamizero ca show にあります）。")
        )
    return device


def _backup(given: argparse.Namespace, ask: Ask) -> str:
    written = ca.backup(given.state, _passphrase(given, ask), given.folder)
    return say(
        "控えを取りました：{names}\n合言葉とは別の場所に置いてください。戻すときは、このファイルを"
        "{folder} へ写します。",
        names=", ".join(path.name for path in written),
        folder=given.state,
    )


def _replace(given: argparse.Namespace, ask: Ask) -> str:
    print(
        say(
            "新しい鍵に取り替えると、いまの登録は全て効かなくなり、ディスプレイと管理の端末を登録し直します。"
            "会議室は、登録し直すまでもいままでどおり使えます。"
        )
    )
    former = ca.replace(given.state, _chosen(ask))
    done = say("新しい設備の鍵を作りました。")
    return done if former is None else done + "\n" + say("前の鍵はここにあります：{path}", path=former)


def _rooms(given: argparse.Namespace, ask: Ask) -> str:
    signature = ca.sign_room_file(given.state, _passphrase(given, ask), given.file)
    return say("署名しました：{path}", path=signature)


def _broker(given: argparse.Namespace, ask: Ask) -> str:
    written = ca.broker(given.state, _passphrase(given, ask), tuple(given.host), given.out)
    return say(
        "作りました：{names}\nブローカーのフォルダへ写してください（deploy/mosquitto）。"
        "broker.key は秘密です。",
        names=", ".join(path.name for path in written),
    )


_WORDS: dict[str, Callable[[argparse.Namespace, Ask], str]] = {
    "new": _new,
    "show": _show,
    "console": _console,
    "request": _request,
    "revoke": _revoke,
    "backup": _backup,
    "replace": _replace,
    "rooms": _rooms,
    "broker": _broker,
}
