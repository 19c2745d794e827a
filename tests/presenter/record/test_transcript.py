"""Transcripts of every make at the pages shown then; what is none says so; all of it can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from pageview import wording
from presenter.buttons import Link
from presenter.record.draft import drafted
from presenter.record.facts import Turned
from presenter.record.fields import values_of
from presenter.record.plain import text_of
from presenter.record.record import Record, Section
from presenter.record.transcribed import (
    ITEMS_LIMIT,
    Aligned,
    aligned,
    transcripts_in,
    with_transcript,
    without_transcript,
)
from presenter.record.transcript import WRONG, NoTranscript, Utterance, transcript_of
from presenter.record_sheet import RecordSheet
from presenter.transcript_reading import DAMAGED, TOO_LARGE, read_transcript
from tests.presenter.record.sample import FACTS, at, p

TURNS = (Turned(at(0), p(1)), Turned(at(5), p(6)), Turned(at(10), None), Turned(at(12), p(7)))
TALKED = replace(FACTS, turns=TURNS)
VTT = """WEBVTT

NOTE 会議の記録

1
00:00:03.000 --> 00:00:05.000
<v 佐藤 𠮷郎>予算案を説明します。</v>

5f2c-9
00:06:10.500 --> 00:06:14.000
<v 副知事>執行率は&lt;確定&gt;ですか。</v><v 佐藤 𠮷郎>確定です。</v>
"""
SRT = """1
00:00:03,000 --> 00:00:05,000
佐藤 𠮷郎：予算案を説明します。

2
00:06:10,500 --> 00:06:14,000
副知事：執行率は<確定>ですか。
"""
TEAMS = """会議の文字起こし
佐藤 𠮷郎   0:03
予算案を説明します。

副知事   6:10
執行率は確定ですか。
お答えください。
"""
ZOOM = "[佐藤 𠮷郎] 14:00:03\n予算案を説明します。\n\n[副知事] 14:06:10\n執行率は確定ですか。\n"
BRACKETS = "[00:00:03] 佐藤 𠮷郎：予算案を説明します。\n[00:06:10] 副知事：執行率は確定ですか。\n"


def said(text: str, offset_s: float = 0.0) -> list[tuple[str, str, str]]:
    """(time, page, speaker and words) of each item."""
    found = aligned(transcript_of(text), TALKED, offset_s)
    return [
        (
            f"{each.at:%H:%M:%S}" if each.at else "",
            str(each.place.page) if each.place else "",
            f"{each.speaker}|{each.text}",
        )
        for each in found
    ]


@pytest.mark.parametrize(
    "text", [VTT, SRT, TEAMS, ZOOM, BRACKETS], ids=["vtt", "srt", "teams", "zoom", "brackets"]
)
def test_each_make_says_who_said_what_at_which_page(text: str) -> None:
    first, second, *_ = said(text)
    assert first == ("14:00:03", "1", "佐藤 𠮷郎|予算案を説明します。")
    assert second[:2] == ("14:06:10", "6")
    assert second[2].startswith("副知事|執行率は")


def test_a_cue_with_two_voices_and_escaped_signs_is_read() -> None:
    assert [each.text for each in transcript_of(VTT).utterances][1:] == [
        "執行率は<確定>ですか。",
        "確定です。",
    ]


def test_the_offset_moves_everything_and_pages_follow() -> None:
    assert [each[:2] for each in said(SRT, 4 * 60)] == [("14:04:03", "1"), ("14:10:10", "")]
    assert [each[:2] for each in said(SRT, -60)] == [("13:59:03", ""), ("14:05:10", "6")]


def test_without_times_nothing_is_invented_and_names_are_known_where_they_come_again() -> None:
    assert said(
        "佐藤：始めます。\n期限：11月27日\n副知事：10:30 からですか。\n佐藤：はい。\n副知事：分かりました。"
    ) == [
        ("", "", "佐藤|始めます。"),
        ("", "", "佐藤|期限：11月27日"),
        ("", "", "副知事|10:30 からですか。"),
        ("", "", "佐藤|はい。"),
        ("", "", "副知事|分かりました。"),
    ]


def test_pieces_of_one_breath_are_one_item_but_not_across_pages_or_pauses() -> None:
    cues = "".join(
        f"00:0{m}:{s:02}.000 --> 00:0{m}:59.000\n<v 佐藤>{words}\n\n"
        for m, s, words in (
            (4, 50, "予算は、"),
            (4, 55, "25億円です。"),
            (5, 1, "次の"),
            (5, 40, "ページです。"),
        )
    )
    assert [each[2] for each in said("WEBVTT\n\n" + cues)] == [
        "佐藤|予算は、25億円です。",
        "佐藤|次の",
        "佐藤|ページです。",
    ]


def test_cues_in_another_order_than_their_times_are_not_joined() -> None:
    later = "00:06:10.000 --> 00:06:12.000\n<v 佐藤>あとの\n"
    earlier = "00:06:05.000 --> 00:06:07.000\n<v 佐藤>前の\n"
    assert [each[::2] for each in said(f"WEBVTT\n\n{later}\n{earlier}")] == [
        ("14:06:10", "佐藤|あとの"),
        ("14:06:05", "佐藤|前の"),
    ]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932"])
def test_every_coding_of_an_office_pc_is_read(tmp_path: Path, code: str) -> None:
    file = tmp_path / "会議.txt"
    file.write_bytes("[00:00:03] 髙橋：ﾊﾝｶｸの「①」です。\r\n[00:00:09] 髙橋：はい。\r\n".encode(code))
    assert read_transcript(file).utterances == (
        Utterance(3.0, "髙橋", "ﾊﾝｶｸの「①」です。"),
        Utterance(9.0, "髙橋", "はい。"),
    )


def test_a_docx_is_read_by_the_caged_process_and_a_broken_one_says_so(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("会議の文字起こし")
    for name, time, words in (("㐂多 太郎", "0:03", "始めます。"), ("副知事", "6:10", "確定ですか。")):
        paragraph = document.add_paragraph(f"{name}   {time}")
        paragraph.add_run().add_break()
        paragraph.add_run(words)
    made = tmp_path / "会議.docx"
    document.save(str(made))
    told = read_transcript(made).utterances
    assert told == (Utterance(3.0, "㐂多 太郎", "始めます。"), Utterance(370.0, "副知事", "確定ですか。"))
    (tmp_path / "壊れ.docx").write_bytes(made.read_bytes()[:-200])
    with pytest.raises(NoTranscript) as refused:
        read_transcript(tmp_path / "壊れ.docx")
    assert refused.value.told == DAMAGED


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"%PDF-1.7\n", WRONG),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), WRONG),
        (b"\0\0\0\x18ftypM4A ", WRONG),
        (b"\x81\xff\xfe\x00\xd8" * 99, WRONG),
        (b"", "「{name}」には、発言がありません。"),
        (b"WEBVTT\n\n", "「{name}」には、発言がありません。"),
        (b"a" * (16 * 2**20 + 1), TOO_LARGE),
    ],
    ids=["pdf", "png", "recording", "noise", "empty", "no cue", "huge"],
)
def test_what_is_no_transcript_says_so(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "x.vtt").write_bytes(data)
    with pytest.raises(NoTranscript) as refused:
        read_transcript(tmp_path / "x.vtt")
    assert refused.value.told == told


# --- in the record ----------------------------------------------------------------------------------------


@pytest.fixture
def record() -> Record:
    return drafted(TALKED)


def test_items_are_marked_in_their_place_and_taken_out_again_without_a_trace(record: Record) -> None:
    found = aligned(transcript_of(VTT), TALKED, 0.0)
    taken = with_transcript(record, "会議.vtt", found, sentences=True)
    assert transcripts_in(taken) == ("会議.vtt",)
    assert (
        "副知事から、「執行率は<確定>ですか」との発言があった。〔文字起こし 14:06 資料1の6ページ〕"
        in text_of(taken)
    )
    times = [each.at for each in taken.section(Section.OUTLINE) if each.at is not None]
    assert times == sorted(times)
    rows = [row for row in values_of(taken).repeated["記録"] if row["結果"] == "文字起こし"]
    assert [(row["種別"], row["発言者"], row["ページ"]) for row in rows][:2] == [
        ("発言", "佐藤 𠮷郎", "資料1の1ページ"),
        ("発言", "副知事", "資料1の6ページ"),
    ]
    assert with_transcript(taken, "会議.vtt", found, sentences=True) == taken, (
        "the same file again is the same"
    )
    assert without_transcript(taken, "会議.vtt") == record
    assert not taken.facts.open[len(record.facts.open) :], "what was said is nothing left to do"


def test_a_confirmed_record_becomes_a_draft_that_says_so(record: Record) -> None:
    confirmed = record.confirm("佐藤", at(40))
    taken = with_transcript(confirmed, "会議.vtt", aligned(transcript_of(VTT), TALKED, 0.0), sentences=False)
    assert taken.confirmed is None and taken.follows == confirmed.confirmed
    assert taken.sentences == confirmed.sentences


def test_a_huge_transcript_is_taken_in_as_far_as_a_record_goes(record: Record) -> None:
    lines = "\n".join(f"[{n // 60:02}:{n % 60:02}] 話者{n % 2}：{n}番目の発言。" for n in range(3_000))
    taken = with_transcript(record, "長い.txt", aligned(transcript_of(lines), TALKED, 0.0), sentences=True)
    assert len(taken.facts.minutes) == len(record.facts.minutes) + ITEMS_LIMIT
    assert len(without_transcript(taken, "長い.txt").sentences) == len(record.sentences)


def test_a_record_of_thousands_is_put_right_without_all_of_it_being_shown(
    record: Record, shown: Callable[..., object]
) -> None:
    said = [Aligned(at(29), None, "佐藤", f"{n}番目の発言。") for n in range(ITEMS_LIMIT)]
    taken = with_transcript(record, "長い.txt", said, sentences=True)
    sheet = shown(lambda: RecordSheet(None, taken), None)
    assert isinstance(sheet, RecordSheet)
    put_right = sheet.record()
    assert put_right.section(Section.OUTLINE) == taken.section(Section.OUTLINE)
    more = next(link for link in sheet.findChildren(Link) if "残り" in link.text() and link.isVisible())
    before = len(sheet._sentences)
    more.click()
    assert len(sheet._sentences) > before
    assert sheet.record().section(Section.OUTLINE) == taken.section(Section.OUTLINE)


def test_the_sheet_shows_what_goes_where_and_gives_what_is_ticked(shown: Callable[..., object]) -> None:
    from PySide6.QtCore import Qt

    from presenter.transcript_sheet import TranscriptSheet

    sheet = shown(lambda: TranscriptSheet(None, "会議.vtt", transcript_of(VTT), TALKED), None)
    assert isinstance(sheet, TranscriptSheet)
    taken: list[tuple[object, bool]] = []
    sheet.taken.connect(lambda said, sentences: taken.append((said, sentences)))
    rows = sheet.rows
    assert [rows.index(1, column).data() for column in (1, 2)] == ["14:06:10", "資料1の6ページ"]
    wording.set_language("en")
    assert rows.index(1, 2).data() == "Document 1, Page 6"
    wording.set_language("ja")
    sheet.offset.setValue(2)
    assert rows.index(0, 1).data() == "14:02:03"
    rows.setData(rows.index(0, 0), Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    sheet.take.click()
    (((second, third), sentences),) = taken
    assert (second.speaker, third.speaker, sentences) == ("副知事", "佐藤 𠮷郎", True)


def test_of_two_that_say_the_same_one_is_left_out(shown: Callable[..., object]) -> None:
    from presenter.transcript_sheet import TranscriptSheet

    talk = transcript_of("[00:01:00] 佐藤：はい。\n[00:02:00] 副知事：予算は。\n[00:03:00] 佐藤：はい。")
    sheet = shown(lambda: TranscriptSheet(None, "会議.txt", talk, TALKED), None)
    assert isinstance(sheet, TranscriptSheet)
    sheet.rows.turn(2)
    sheet.offset.setValue(1)
    assert [each.text for each in sheet.rows.chosen] == ["はい。", "予算は。"]
