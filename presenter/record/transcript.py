"""A transcript that another program made (txt, vtt, srt, the text of a docx): who said what, when.

Every program writes its own form of it, so nothing is asked of a file but lines: cues with two times, lines
with one time, a name before a colon, or plain lines. What is not understood as a time or a name stays words.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

FILE_LIMIT = 16 * 2**20
SIGNS_LIMIT = 2_000_000
UTTERANCES_LIMIT = 20_000
NAME_LIMIT = 40
HEADS_LEAST = 0.2
"""The share of lines that begin with a time, in a file that has times."""
TIME_OF_DAY_S = 5 * 3600
"""No recording begins so late: a transcript whose first time is later has the time of the day."""


class NoTranscript(ValueError):
    """The file is none; ``told`` says why, with a place for its name."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


@dataclass(frozen=True, slots=True)
class Utterance:
    """``at``: seconds since the recording began, or of the day; None where the file does not say.
    ``speaker``: "" where it does not say."""

    at: float | None
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """In the order of the file. ``of_day``: times are those of a clock on the wall."""

    utterances: tuple[Utterance, ...]
    of_day: bool = False


_CLOCK = r"(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,2}):(?P<s>\d{2})(?:[.,](?P<f>\d{1,3}))?"
_CUE = re.compile(rf"^{_CLOCK}\s*-->\s*[\d:.,]+")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,200})>")
_TAG = re.compile(r"</?[a-zA-Z0-9][^>]{0,200}>")
_BLOCK = re.compile(r"^(?:NOTE|STYLE|REGION)\b")
_NAME = r"[^\s:：\[\]()（）、。]{1,20}(?:[ 　][^\s:：\[\]()（）、。]{1,20}){0,3}"
_TIME_FIRST = re.compile(rf"^[\[(（【]?{_CLOCK}[\])）】]?[\s　]*(?P<rest>.*)$")
_NAME_FIRST = re.compile(
    rf"^[\[(（【]?(?P<name>{_NAME})[\])）】]?[\s　]+"
    rf"[\[(（【]?{_CLOCK}[\])）】]?[:：]?(?P<rest>(?:[\s　].*)?)$"
)
_SAID = re.compile(rf"^(?P<name>{_NAME})[ 　]?[:：](?!//)[ 　]?(?P<rest>.+)$")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def transcript_of(text: str) -> Transcript:
    """What a text says; NoTranscript when it has no words."""
    lines = [_CONTROL.sub(" ", line).strip() for line in text[:SIGNS_LIMIT].splitlines()]
    cues = text.lstrip("\ufeff").startswith("WEBVTT") or any(_CUE.match(line) for line in lines)
    found = list(_cues(lines) if cues else _timed(lines))[:UTTERANCES_LIMIT]
    if not found:
        raise NoTranscript("「{name}」には、発言がありません。")
    first = next((each.at for each in found if each.at is not None), 0.0)
    return Transcript(tuple(found), of_day=not cues and first >= TIME_OF_DAY_S)


# --- cues: vtt, srt ---------------------------------------------------------------------------------------


def _cues(lines: Sequence[str]) -> Iterator[Utterance]:
    at: float | None = None
    words: list[str] = []
    skips = False
    for n, line in enumerate(lines):
        cue = _CUE.match(line)
        following = lines[n + 1] if n + 1 < len(lines) else ""
        if cue:
            yield from _cue(at, words)
            at, words, skips = _seconds(cue), [], False
        elif not line:
            yield from _cue(at, words)
            words, skips = [], False
        elif _BLOCK.match(line) and not words:
            skips = True
        elif at is not None and not skips and not _CUE.match(following):  # else it names the cue that follows
            words.append(line)
    yield from _cue(at, words)


def _cue(at: float | None, words: Sequence[str]) -> Iterator[Utterance]:
    """A cue may have several voices, each to the next."""
    text = " ".join(words)
    pieces = _VOICE.split(text)
    voices = [("", pieces[0]), *zip(pieces[1::2], pieces[2::2], strict=True)]
    for name, said in voices:
        plain = html.unescape(_TAG.sub("", said)).strip()
        if not plain:
            continue
        named = _SAID.match(plain) if not name else None
        if named is not None:
            yield Utterance(at, named["name"], named["rest"].strip())
        else:
            yield Utterance(at, html.unescape(name).strip()[:NAME_LIMIT], plain)


# --- lines ------------------------------------------------------------------------------------------------


def _timed(lines: Sequence[str]) -> Iterator[Utterance]:
    """A line with a time, and perhaps a name, begins what is said; lines without go on with it."""
    lines = [line for line in lines if line]
    names = Counter(said["name"] for line in lines if (said := _SAID.match(line)))
    told = {name for name, count in names.items() if count > 1}
    heads = [read for read in (_name_first, _time_first) if _usual(read, lines)]
    at: float | None = None
    speaker = ""
    for line in lines:
        head = next((found for read in heads if (found := read(line)) is not None), None)
        if head is not None:
            at, speaker, rest = head
            if rest:
                yield Utterance(at, speaker, rest)
            continue
        if heads and at is None:
            continue  # a title above all that was said
        said = _SAID.match(line)
        if said is not None and said["name"] in told:
            speaker = said["name"]
            yield Utterance(at, speaker, said["rest"].strip())
        else:
            yield Utterance(at, speaker, line)


Head = tuple[float, str, str]


def _usual(head: Callable[[str], Head | None], lines: Sequence[str]) -> bool:
    """Whether lines of this file begin so: a single 「会議は 10:30 から」 is no head."""
    count = sum(head(line) is not None for line in lines)
    return count > 0 and count >= HEADS_LEAST * len(lines)


def _name_first(line: str) -> Head | None:
    """田中 太郎 0:03, as Teams and Zoom write it."""
    found = _NAME_FIRST.match(line)
    if found is None or _CUE.match(line):
        return None
    return _seconds(found), found["name"], found["rest"].strip(" 　:：")


def _time_first(line: str) -> Head | None:
    """[00:03:12] 田中：words, or words alone, or a name alone with the words below."""
    found = _TIME_FIRST.match(line)
    if found is None:
        return None
    rest = found["rest"].strip()
    said = _SAID.match(rest)
    if said is not None:
        return _seconds(found), said["name"], said["rest"].strip()
    if rest.endswith((":", "：")) and re.fullmatch(_NAME, rest[:-1].strip()):
        return _seconds(found), rest[:-1].strip(), ""
    return _seconds(found), "", rest


def _seconds(found: re.Match[str]) -> float:
    whole = int(found["h"] or 0) * 3600 + int(found["m"]) * 60 + int(found["s"])
    return whole + float(f"0.{found['f'] or 0}")


# --- bytes ------------------------------------------------------------------------------------------------

OTHER_FILES = (
    *(b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ"),
    *(b"RIFF", b"ID3", b"OggS", b"\x1a\x45\xdf\xa3"),
)
"""Papers, pictures, programs, and the recording itself in place of its transcript."""
PACKED = b"PK\x03\x04"
"""A docx begins so."""
WRONG = "「{name}」は、文字起こしのファイルではありません。txt、vtt、srt、docxを選んでください。"


def text_in(data: bytes) -> str:
    """The text of a file that is no docx: UTF-8, UTF-16 or Shift_JIS; NoTranscript."""
    if data.startswith(OTHER_FILES) or data[4:8] == b"ftyp":
        raise NoTranscript(WRONG)
    for code in _codes(data):
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NoTranscript(WRONG)


def _codes(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if b"\0" in data[:4_000]:  # UTF-16 without its mark: ASCII in it has a zero beside it
        return ("utf-16-le", "utf-16-be") if data[1:2] == b"\0" else ("utf-16-be", "utf-16-le")
    return ("utf-8-sig", "cp932")
