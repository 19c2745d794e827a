"""Office documents become PDFs: by the real LibreOffice where it is, and by a sentence where it is not."""

from __future__ import annotations

import os
import select
import shutil
import socket
import stat
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pymupdf
import pytest

from presenter.converter import (
    DAMAGED,
    FAILED,
    GIVEN_UP,
    HANGS,
    NO_CONVERTER,
    OLE,
    PASSWORD,
    CannotConvert,
    Converter,
    found_program,
)
from tests.presenter.office import needs_soffice, open_document, word

Made = Callable[..., Converter]
WORDS = "防災の費用1000万円"


class Other:
    """A program that is no converter, for what a converter may do."""

    def __init__(self, script: str) -> None:
        self._script = script

    def command(self, document: Path, pdf: Path, folder: Path) -> Sequence[str]:
        return [sys.executable, "-c", self._script, str(pdf)]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    """Converters whose folders are below this test's; nothing of them is left."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    all_made: list[Converter] = []

    def make(program: object, deadline_s: float = 60.0) -> Converter:
        all_made.append(Converter(program, deadline_s))  # type: ignore[arg-type]
        return all_made[-1]

    yield make
    for each in all_made:
        each.close()
    assert not list(temporary.iterdir())


def words_of(converter: Converter, file: Path) -> str:
    with converter.converted(file, threading.Event()) as pdf, pymupdf.open(pdf) as paper:
        return "".join("".join(page.get_text().split()) for page in paper)


def why_not(converter: Converter, file: Path, given_up: threading.Event | None = None) -> str:
    with (
        pytest.raises(CannotConvert) as cannot,
        converter.converted(file, given_up or threading.Event()),
    ):
        pass
    return cannot.value.words


def test_a_folder_that_the_system_has_cleared_is_made_anew(made: Made, tmp_path: Path) -> None:
    converter = made(Other("import sys; open(sys.argv[1], 'w').write('a')"))
    file = word(tmp_path / "案.docx", [WORDS])
    for _ in range(2):
        with converter.converted(file, threading.Event()) as pdf:
            folder = pdf.parents[1]
        shutil.rmtree(folder)


@needs_soffice
def test_documents_of_each_kind_are_converted_and_left_as_they_were(made: Made, tmp_path: Path) -> None:
    folder = tmp_path / "書類"
    folder.mkdir()
    cell = f"<table:table-row><table:table-cell><text:p>{WORDS}</text:p></table:table-cell></table:table-row>"
    text = f"<draw:text-box><text:p>{WORDS}</text:p></draw:text-box>"
    box = f'<draw:frame svg:width="9cm" svg:height="2cm">{text}'
    files = [
        word(folder / "予算 案.docx", [WORDS]),
        open_document(folder / "表.ods", "spreadsheet", f'<table:table table:name="a">{cell}</table:table>'),
        open_document(folder / "図.odp", "presentation", f"<draw:page>{box}</draw:frame></draw:page>"),
    ]
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    converter = made(found_program())
    for file in files:
        assert WORDS in words_of(converter, file)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    with converter.converted(files[0], threading.Event()) as pdf, pymupdf.open(pdf) as paper:
        drawn = {chr(glyph[0]) for span in paper[0].get_texttrace() for glyph in span["chars"]}
    assert set(WORDS) == drawn, "no sign is drawn as a box, on a machine without a Japanese font either"


@needs_soffice
def test_nothing_that_a_document_only_points_to_is_loaded(made: Made, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/bild.png"
        frame = (
            f'<draw:frame svg:width="2cm" svg:height="2cm"><draw:image xlink:href="{address}"/></draw:frame>'
        )
        file = open_document(tmp_path / "外.odt", "text", f"<text:p>{WORDS}{frame}</text:p>")
        assert WORDS in words_of(made(found_program()), file)
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_without_a_converter_there_is_a_sentence(made: Made, tmp_path: Path) -> None:
    file = word(tmp_path / "案.docx", [WORDS])
    assert why_not(made(None), file) == NO_CONVERTER


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="no way here to see that a process of others ends")
def test_one_that_hangs_is_killed_with_all_that_it_started(made: Made, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    script = (
        "import pathlib, subprocess, sys;"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)']);"
        f"part = pathlib.Path({str(pid)!r} + '.part'); part.write_text(str(child.pid));"
        f"part.replace({str(pid)!r}); child.wait()"
    )
    assert why_not(made(Other(script), deadline_s=3.0), word(tmp_path / "案.docx", [WORDS])) == HANGS
    with suppress(ProcessLookupError):
        child = os.pidfd_open(int(pid.read_text()))
        assert select.select([child], [], [], 20)[0], "it runs on"
        os.close(child)


def test_giving_up_ends_it_at_once_and_the_next_one_goes_on(made: Made, tmp_path: Path) -> None:
    file = word(tmp_path / "案.docx", [WORDS])
    given_up = threading.Event()
    given_up.set()
    converter = made(Other("import time; time.sleep(1000)"))
    assert why_not(converter, file, given_up) == GIVEN_UP
    assert why_not(made(Other("")), file) == FAILED, "it ended and made nothing"


def test_what_is_locked_damaged_or_half_is_said_before_anything_is_started(
    made: Made, tmp_path: Path
) -> None:
    converter = made(Other("raise SystemExit"))
    files = {
        "鍵.docx": OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "古い形.docx": OLE + b"\0" * 600,
        "違う.pptx": b"a text that is called a presentation",
        "空.xlsx": b"",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    whole = word(tmp_path / "元.docx", [WORDS] * 50).read_bytes()
    (tmp_path / "半分.docx").write_bytes(whole[: len(whole) // 2])
    open_document(tmp_path / "鍵.odt", "text", "", "<manifest:encryption-data/>")
    said = {name: why_not(converter, tmp_path / name) for name in (*files, "半分.docx", "鍵.odt")}
    assert said == {
        "鍵.docx": PASSWORD,
        "古い形.docx": DAMAGED,
        "違う.pptx": DAMAGED,
        "空.xlsx": DAMAGED,
        "半分.docx": DAMAGED,
        "鍵.odt": PASSWORD,
    }


def test_what_is_converted_lies_where_nobody_else_can_look(made: Made, tmp_path: Path) -> None:
    script = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_bytes(b'%PDF')"
    with made(Other(script)).converted(word(tmp_path / "案.docx", [WORDS]), threading.Event()) as pdf:
        (folder,) = (tmp_path / "tmp").iterdir()
        assert pdf.is_relative_to(folder)
        if os.name == "posix":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not pdf.parent.exists()
