"""The words of office files, and files that only look like one: limits hold, nothing is expanded."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest
from docx import Document

from pageview import office_text
from pageview import render_messages as wire
from pageview.asked_worker import AskedWorker
from pageview.pdf_paper import CannotShow
from pageview.segments import SegmentStore


def packed(**parts: str | bytes) -> bytes:
    """A zip of XML; ``__`` stands for a slash."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name.replace("__", "/") + ".xml", data)
    return out.getvalue()


def read(data: bytes) -> tuple[str, ...]:
    return office_text.office_parts(memoryview(data))


def document() -> bytes:
    made = Document()
    made.add_paragraph("河川監視カメラの𠮷野川")
    made.add_table(1, 2).rows[0].cells[1].text = "夜間\u202e対応"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


SLIDES = {
    "ppt__presentation": "<p/>",
    "ppt__slides__slide10": "<a:p xmlns:a='u'><a:t>十枚目</a:t></a:p>",
    "ppt__slides__slide2": "<a:p xmlns:a='u'><a:r><a:t>二枚目</a:t></a:r><a:t>の文</a:t></a:p>",
    "ppt__slides___rels__slide2": "<x/>",
}
SHEETS = {
    "xl__workbook": "<w/>",
    "xl__sharedStrings": (
        "<sst><si><t>設置数</t><rPh><t>せっち</t></rPh></si><si><r><t>東</t></r><t>部</t></si></sst>"
    ),
    "xl__worksheets__sheet1": (
        "<s><row><c t='s'><v>1</v></c><c><v>12</v></c></row>"
        "<row><c t='s'><v>99</v></c><c t='inlineStr'><is><t>直に</t></is></c></row></s>"
    ),
}
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><w:t xmlns:w='u'>&b;</w:t>"


def test_words_of_each_kind() -> None:
    assert read(document()) == ("河川監視カメラの𠮷野川\n夜間対応",)
    assert read(packed(**SLIDES)) == ("二枚目の文", "十枚目")
    assert read(packed(**SHEETS)) == ("東部 12\n直に",)
    long = "<w:p xmlns:w='u'><w:t>" + "あ" * 3_000 + "</w:t></w:p>"
    assert [len(part) for part in read(packed(word__document=long))] == [1_200, 1_200, 600]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        document()[:-200],
        packed(other="<x/>"),
        packed(word__document="<w:t"),
        packed(word__document=LAUGHS),
        packed(word__document=b"\xff" * 100),
    ],
    ids=["empty", "head", "cut", "other", "broken", "entities", "bytes"],
)
def test_what_is_no_office_file_is_refused(data: bytes) -> None:
    with pytest.raises(CannotShow):
        read(data)


def test_a_bomb_is_refused_when_it_passes_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "<w:t xmlns:w='u'>" + "a" * 900 + "</w:t>"
    assert read(packed(word__document=text))
    with monkeypatch.context() as patch:
        patch.setattr(office_text, "ENTRY_BYTES", 800)
        with pytest.raises(CannotShow):
            read(packed(word__document=text))
    monkeypatch.setattr(office_text, "ALL_BYTES", 1_500)
    slides = {f"ppt__slides__slide{number}": text for number in (1, 2)}
    with pytest.raises(CannotShow):
        read(packed(ppt__presentation="<p/>", **slides))


@pytest.fixture
def worker() -> Iterator[AskedWorker]:
    made = AskedWorker(None, idle=True)
    yield made
    made.end()


def test_the_caged_process_reads_them_and_lives_on_after_bad_ones(worker: AskedWorker) -> None:
    store = SegmentStore()
    bad = packed(word__document=LAUGHS)
    for data in (document(), bad, packed(**SHEETS)):
        reply = worker.ask_of(store, wire.ReadOffice(1, store.add(data)), 20)
        assert isinstance(reply, wire.Failed if data == bad else wire.Parts)
    store.wipe()
