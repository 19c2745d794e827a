"""Office documents as PDFs: made by LibreOffice, or on Windows by Office itself, in a process that is killed
when it hangs.

The document is copied first, so that nothing is written beside the original. Everything lies in a folder of
this program's own that nobody else may enter and that goes with it. Copy and process are on a leash: they go
with this program, too, if it is killed.
"""

from __future__ import annotations

import mmap
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from pageview.paper_words import fault_words
from pageview.segments import PAPER_LIMIT
from presenter import leash
from presenter.converter_fonts import font_settings
from presenter.office_by_com import OfficeByCom
from presenter.passing_folder import PassingFolder
from protocol.errors import Fault, KamizeroError

DEADLINE_S = 60.0
LOOK_S = 0.05
WORD = {".docx", ".doc", ".docm", ".odt", ".rtf"}
SHEETS = {".xlsx", ".xls", ".xlsm", ".ods"}
SLIDES = {".pptx", ".ppt", ".pptm", ".odp"}
CONVERTIBLE = WORD | SHEETS | SLIDES
ZIPPED = {".docx", ".docm", ".odt", ".xlsx", ".xlsm", ".ods", ".pptx", ".pptm", ".odp"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MANIFEST_READ = 2**20
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

NO_CONVERTER = "変換ソフトがありません。PDFで保存してください"
HANGS = "60秒で変換できません。PDFで保存してください"
FAILED = "変換できません。PDFで保存してください"
DAMAGED = fault_words(Fault.PAPER_DAMAGED)
TOO_LARGE = fault_words(Fault.TOO_LARGE)
PASSWORD = "パスワードがあります。外して保存してください"
GIVEN_UP = "変換をやめました"

# No macro is ever run, and nothing is loaded that a document only points to.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
</oor:items>
"""
PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\\Program Files\\LibreOffice\\program\\soffice.exe",
    r"C:\\Program Files (x86)\\LibreOffice\\program\\soffice.exe",
)


class CannotConvert(KamizeroError):
    """``words``: why, for a person, to be said with `say`. ``unfinished``: it may be being saved still."""

    def __init__(self, words: str, *, unfinished: bool = False) -> None:
        super().__init__(words)
        self.words, self.unfinished = words, unfinished


class Program(Protocol):
    """Something that makes a PDF of an Office document."""

    def command(self, document: Path, pdf: Path, folder: Path) -> Sequence[str]:
        """What to start; ``folder`` is its own, and stays from one document to the next."""


class LibreOffice:
    """Without a window, on a profile of its own: one that is open on the desktop is left alone."""

    def __init__(self, program: str) -> None:
        self._program = program

    def command(self, document: Path, pdf: Path, folder: Path) -> Sequence[str]:
        """LibreOffice names the PDF as the document is named."""
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        if not settings.exists():
            settings.parent.mkdir(parents=True)
            settings.write_text(SETTINGS, encoding="utf-8")
        profile = (folder / "profile").as_uri()
        fonts = ["env", f"FONTCONFIG_FILE={font_settings(folder)}"] if sys.platform == "linux" else []
        words = ["--headless", "--norestore", "--nodefault", "--nolockcheck", "--convert-to", "pdf"]
        return [
            *fonts,
            self._program,
            f"-env:UserInstallation={profile}",
            *words,
            *("--outdir", str(pdf.parent), str(document)),
        ]


def found_program() -> Program | None:
    """What this machine has; None where it has nothing."""
    if sys.platform == "win32" and OfficeByCom.is_there():
        return OfficeByCom()
    for name in ("soffice", "libreoffice"):
        program = shutil.which(name)
        if program is not None:
            return LibreOffice(program)
    return next((LibreOffice(place) for place in PLACES if os.path.exists(place)), None)


def is_convertible(path: Path) -> bool:
    """Whether the name is that of a document that can be made a PDF."""
    return path.suffix.lower() in CONVERTIBLE


class Converter:
    """One document at a time, whoever asks; in threads that may wait."""

    def __init__(self, program: Program | None, deadline_s: float = DEADLINE_S) -> None:
        self._program, self._deadline_s = program, deadline_s
        self._one = threading.Lock()
        self._folder: PassingFolder | None = None
        self._closed = threading.Event()

    @contextmanager
    def converted(self, document: Path, given_up: threading.Event) -> Iterator[Path]:
        """The PDF of a document, for as long as it is looked at; CannotConvert, or OSError where the document
        cannot be read. ``given_up`` ends it at once."""
        if self._program is None:
            raise CannotConvert(NO_CONVERTER)
        with self._one:
            if self._closed.is_set():
                raise CannotConvert(GIVEN_UP)
            if self._folder is None or not self._folder.path.is_dir():
                self._folder = PassingFolder()  # systems clear their place for temporary files, too
            work = Path(tempfile.mkdtemp(dir=self._folder.path))
            try:
                copy = work / f"document{document.suffix.lower()}"
                if document.stat().st_size > PAPER_LIMIT:
                    raise CannotConvert(TOO_LARGE)
                shutil.copyfile(document, copy)
                check(copy)
                pdf = copy.with_suffix(".pdf")
                command = self._program.command(copy, pdf, self._folder.path)
                with _leashed(command, work) as ended:
                    self._wait(ended, given_up)
                    if not pdf.is_file() or not pdf.stat().st_size:
                        raise CannotConvert(FAILED)
                    yield pdf
            finally:
                shutil.rmtree(work, ignore_errors=True)

    def _wait(self, ended: threading.Event, given_up: threading.Event) -> None:
        until = time.monotonic() + self._deadline_s
        while not ended.wait(LOOK_S):
            if given_up.is_set() or self._closed.is_set():
                raise CannotConvert(GIVEN_UP)
            if time.monotonic() > until:
                raise CannotConvert(HANGS)

    def close(self) -> None:
        """Ends what is being converted, and leaves nothing on the disk."""
        self._closed.set()
        with self._one:
            if self._folder is not None:
                self._folder.remove()
                self._folder = None


def check(document: Path) -> None:
    """CannotConvert for what is no document of its kind: LibreOffice makes a page of letters of anything."""
    ending = document.suffix.lower()
    with document.open("rb") as file:
        head = file.read(8)
    if head.startswith(OLE):
        with document.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data.find(ENCRYPTED_STREAM) >= 0:
                raise CannotConvert(PASSWORD)
        if ending in ZIPPED:
            raise CannotConvert(DAMAGED)
    elif ending in ZIPPED or head.startswith(b"PK"):
        _check_zip(document)
    elif not head.lstrip(b"\xef\xbb\xbf \r\n").startswith((b"{\\rtf", b"<")):
        raise CannotConvert(DAMAGED, unfinished=True)


def _check_zip(document: Path) -> None:
    """A file that is being written still has no list of its parts, which stands at the end."""
    try:
        with zipfile.ZipFile(document) as parts:
            names = set(parts.namelist())
            manifest = "META-INF/manifest.xml"
            if manifest in names:
                with parts.open(manifest) as listed:
                    if b"encryption-data" in listed.read(MANIFEST_READ):
                        raise CannotConvert(PASSWORD)
    except (zipfile.BadZipFile, OSError, EOFError):
        raise CannotConvert(DAMAGED, unfinished=True) from None
    if not {"[Content_Types].xml", "content.xml"} & names:
        raise CannotConvert(DAMAGED)


@contextmanager
def _leashed(command: Sequence[str], work: Path) -> Iterator[threading.Event]:
    """Starts the command; the event comes with its end. Whatever it started, and its folder with the copy,
    are gone behind this, and with this program."""
    # LibreOffice unpacks what it reads into the place for temporary files.
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(work))
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", leash.__file__, str(work), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **places},
            start_new_session=True,
        )
    except OSError:
        raise CannotConvert(FAILED) from None
    ended = threading.Event()
    listening = threading.Thread(target=_listen, args=(process, ended), name="leash")
    listening.start()
    assert process.stdin is not None and process.stdout is not None
    try:
        yield ended
    finally:
        process.stdin.close()
        process.wait()
        listening.join()
        process.stdout.close()


def _listen(process: subprocess.Popen[bytes], ended: threading.Event) -> None:
    assert process.stdout is not None
    process.stdout.read(1)  # nothing comes of a leash that is gone itself
    ended.set()
