"""``kamizero doctor``: whether this machine can show and present papers, and what to do where it cannot."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib import metadata
from multiprocessing.connection import Connection
from pathlib import Path

from pageview.command_line import CommandLine
from pageview.wording import Language, both, language, say, set_language

BUILT = datetime(2026, 11, 1, tzinfo=UTC)
LEAST_MEMORY = 2**30
LEAST_DISK = 2**30
KIOSK_PORT, RENDEZVOUS_PORT = 47_400, 47_401
PACKAGES = ("PySide6-Essentials", "pymupdf-lite", "websockets", "zeroconf", "cryptography", "msgspec")
MORE_PACKAGES = (
    "spake2",
    *(("pyseccomp",) if sys.platform == "linux" else ()),
    "platformdirs",
    "tomlkit",
    "budoux",
    "uharfbuzz",
    "python-docx",
    "lxml",
    "apsw-sqlite3mc",
    "icalendar",
    "recurring-ical-events",
    "jpholiday",
)
"""Needed as well, and told of only when they are missing."""
PLATFORM = "QT_QPA_PLATFORM"
DISPLAY_S = 20.0
"""A screen somewhere else that answers nothing would be waited for without end."""


class Verdict(StrEnum):
    """GOOD; LOOK: it works, but somebody should know; BAD: something will not work."""

    GOOD = "good"
    LOOK = "look"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """``found`` and, unless all is good, ``advice``: sentences in the language chosen."""

    name: str
    verdict: Verdict
    found: str
    advice: str = ""


Check = Callable[[], Iterator[Finding]]


def good(name: str, found: str) -> Finding:
    return Finding(name, Verdict.GOOD, found)


# --- the program --------------------------------------------------------------------------------------------


def versions() -> Iterator[Finding]:
    """What is installed, and the two pairs that are known to fail."""
    have = {package: _version(package) for package in (*PACKAGES, *MORE_PACKAGES)}
    missing = [package for package, version in have.items() if version is None]
    python = ".".join(map(str, sys.version_info[:3]))
    told = ", ".join(
        [f"Python {python}", *(f"{package} {have[package]}" for package in PACKAGES if have[package])]
    )
    if missing:
        yield Finding("versions", Verdict.BAD, told, _again(", ".join(missing)))
    elif _crashes(have["PySide6-Essentials"] or ""):
        advice = say("このPythonではQt 6.12が止まります。PySide6-Essentials 6.11を入れてください")
        yield Finding("versions", Verdict.BAD, told, advice)
    elif _version("pymupdf") is not None:
        advice = say("pymupdfとpymupdf-liteが両方入っています。pymupdfを外してください")
        yield Finding("versions", Verdict.BAD, told, advice)
    else:
        yield good("versions", told)


def _again(names: str) -> str:
    return say("足りない部品があります。もう一度 ./run と入力してください：{names}", names=names)


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _crashes(pyside: str) -> bool:
    return sys.version_info < (3, 12) and pyside.split(".")[:2] >= ["6", "12"]


def cage() -> Iterator[Finding]:
    """A caged process that tries its own doors."""
    from pageview.worker import probe

    with _silent():
        doors, refused = probe()
    opened = sorted(name for name, shut in refused.items() if not shut)
    if not refused:
        advice = say("紙ゼロを入れ直してください。直らないときは、管理の担当へ連絡してください")
        yield Finding("cage", Verdict.BAD, say("ページを描く部分が動きません"), advice)
    elif opened or not doors.all_shut:
        advice = say("資料は映せます。Linux 5.13以降と libseccomp2 があると、描く部分を囲えます")
        found = say(
            "ページを描く部分の囲いに、開いている所があります：{names}", names=", ".join(opened) or str(doors)
        )
        yield Finding("cage", Verdict.LOOK, found, advice)
    else:
        yield good("cage", say("ページを描く部分は、ファイルもネットワークも使えません"))


@contextmanager
def _silent() -> Iterator[None]:
    """What a process that does not come up says of it is for who mends it; a person gets a finding."""
    nowhere = os.open(os.devnull, os.O_WRONLY)  # first: this is 2 itself where that was closed
    kept = os.dup(2)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


# --- the machine --------------------------------------------------------------------------------------------


def display() -> Iterator[Finding]:
    """Screens and the bundled fonts, as Qt sees them."""
    from PySide6.QtGui import QGuiApplication

    from pageview import theme

    app = QGuiApplication.instance() or QGuiApplication([])
    assert isinstance(app, QGuiApplication)
    for screen in app.screens():
        size = screen.size() * screen.devicePixelRatio()
        inches = (screen.physicalSize().width() ** 2 + screen.physicalSize().height() ** 2) ** 0.5 / 25.4
        told = f"{screen.name()} {size.width()}×{size.height()}" + (f" {inches:.0f}″" if inches > 1 else "")
        if app.platformName() in ("offscreen", "minimal"):
            advice = say("会議室ディスプレイには画面が要ります。ケーブルと電源を確かめてください")
            yield Finding("display", Verdict.LOOK, say("画面のない端末です"), advice)
        elif size.width() < 1280 or size.height() < 720:
            yield Finding("display", Verdict.LOOK, told, say("1280×720より大きい画面を使ってください"))
        else:
            yield good("display", told)
    try:
        theme.load_fonts()
    except FileNotFoundError:
        yield Finding(
            "fonts", Verdict.BAD, say("日本語の書体が欠けています"), say("紙ゼロを入れ直してください")
        )
    else:
        yield good("fonts", say("日本語の書体がそろっています"))


def display_apart(patience: float = DISPLAY_S) -> Iterator[Finding]:
    """`display` in a process of its own: Qt ends the program that it finds no way to the screen for."""
    bare = sys.platform == "linux" and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", PLATFORM)))
    found = _displayed("offscreen" if bare else "", patience)
    if found is None:
        advice = say(
            "画面のある端末で、画面にログインしてから調べてください。"
            "DebianやUbuntuでは、libxcb-cursor0も入れてください"
        )
        yield Finding("display", Verdict.BAD, say("画面を開けません"), advice)
        found = [each for each in _displayed("offscreen", DISPLAY_S) or () if each.name != "display"]
    yield from found


def _displayed(platform: str, patience: float) -> list[Finding] | None:
    """What the process found on that platform of Qt, "" for the usual one; None when it came to nothing in
    ``patience`` seconds."""
    context = multiprocessing.get_context("spawn")
    hears, tells = context.Pipe(duplex=False)
    process = context.Process(target=_tell_display, args=(tells, platform, language()))
    process.start()
    tells.close()
    with hears:
        try:
            found: list[Finding] | None = hears.recv() if hears.poll(patience) else None
            return found
        except EOFError:
            return None
        finally:
            process.kill()  # it has told all that it will
            process.join()


def _tell_display(tells: Connection, platform: str, spoken: Language) -> None:
    """The process: its complaints are Qt's, of no use to people."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if platform:
        os.environ[PLATFORM] = platform
    set_language(spoken)
    tells.send(list(display()))


def memory() -> Iterator[Finding]:
    free = _free_memory()
    if free is None:
        return
    told = say("空いているメモリーは{n}MBです", n=free // 2**20)
    if free < LEAST_MEMORY:
        advice = say("ほかのプログラムを閉じてください。1GB以上あけておくと安心です")
        yield Finding("memory", Verdict.LOOK, told, advice)
    else:
        yield good("memory", told)


def _free_memory() -> int | None:
    """Bytes that programs can still have; None where the system does not say (Linux says)."""
    file = Path("/proc/meminfo")
    if not file.exists():
        return None
    lines = dict(line.split(":", 1) for line in file.read_text().splitlines())
    return int(lines["MemAvailable"].split()[0]) * 1024


def disk(folder: Path | None = None) -> Iterator[Finding]:
    """The folder where keys, journals and notes are kept: can it be written, is there room."""
    import shutil
    import tempfile

    import platformdirs

    folder = folder or Path(platformdirs.user_state_dir("kamizero"))
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
        free = shutil.disk_usage(folder).free
    except OSError as error:
        found = say("保存のフォルダーに書き込めません：{folder}", folder=folder)
        yield Finding(
            "disk",
            Verdict.BAD,
            f"{found} ({error.strerror})",
            say("フォルダーの権限と空きを確かめてください"),
        )
        return
    told = say("保存の場所に{n}MBの空きがあります", n=free // 2**20)
    if free < LEAST_DISK:
        yield Finding(
            "disk", Verdict.LOOK, told, say("不要なファイルを消してください。1GB以上あると安心です")
        )
    else:
        yield good("disk", told)


def clock() -> Iterator[Finding]:
    """The clock writes times into records; nothing of the security depends on it."""
    now = datetime.now(UTC)
    told = now.astimezone().strftime("%Y-%m-%d %H:%M")
    if now >= BUILT and now.year < BUILT.year + 10:
        yield good("clock", told)
    else:
        advice = say("時計を合わせてください。説明はできますが、記録の時刻が違ってしまいます")
        yield Finding("clock", Verdict.LOOK, told, advice)


def network() -> Iterator[Finding]:
    """Interfaces, ports and firewall."""
    from pageview import doctor_network

    for check in (doctor_network.interfaces, doctor_network.ports, doctor_network.firewall):
        yield from check()


def checks() -> Sequence[Check]:
    """All checks, in the order in which they are told."""
    return (versions, cage, display_apart, memory, disk, clock, network)


def findings(check: Check) -> Iterator[Finding]:
    """What that check finds; where a package is missing that it stands on, just that."""
    try:
        yield from check()
    except ImportError as missing:
        found = say("部品がないため、調べられないことがあります")
        yield Finding("versions", Verdict.BAD, found, _again(missing.name or str(missing)))


# --- telling ------------------------------------------------------------------------------------------------


LABELS = {
    "versions": "部品",
    "cage": "囲い",
    "display": "画面",
    "fonts": "書体",
    "memory": "メモリー",
    "disk": "保存",
    "clock": "時計",
    "network": "ネットワーク",
    "multicast": "探索",
    "ports": "ポート",
    "firewall": "ファイアウォール",
}
MARKS = {Verdict.GOOD: "○", Verdict.LOOK: "△", Verdict.BAD: "×"}


def line(finding: Finding) -> str:
    """One finding for a person."""
    told = f"{MARKS[finding.verdict]}  {say(LABELS[finding.name])}: {finding.found}"
    return f"{told}\n   → {finding.advice}" if finding.advice else told


def main(arguments: list[str]) -> int:
    """Tells of each part whether it will work; 0 when nothing is bad, 1 otherwise."""
    parser = CommandLine(
        prog="kamizero doctor",
        description=both("この端末で使えるかどうかを調べる"),
    )
    parser.add_argument("--json", action="store_true", help=both("1行に1つのJSONで書き出す"))
    parser.add_argument("--language", choices=("ja", "en"), default="ja", help=both("結果の言葉"))
    options = parser.parse_args(arguments)
    set_language(options.language)
    worst = 0
    for check in checks():
        for finding in findings(check):
            worst |= finding.verdict is Verdict.BAD
            told = json.dumps(asdict(finding), ensure_ascii=False) if options.json else line(finding)
            try:
                print(told, flush=True)
            except BrokenPipeError:  # who read it has read enough, as `head` does
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                return int(worst)
    return int(worst)
