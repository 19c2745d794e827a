"""A target of the files that a person chooses or that lie in the archive, and its seeds."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from presenter.archive import carried
from presenter.archive.cards import Card
from presenter.record.transcript import NoTranscript, text_in, transcript_of


def left_behind(data: bytes) -> None:
    """A file in the archive, or that a person chose: what is carried to the next briefing, a transcript."""
    with contextlib.suppress(carried.NoCarried):
        again = carried.decoded(data)
        assert carried.decoded(carried.encoded(again)) == again
    with contextlib.suppress(NoTranscript):
        told = transcript_of(text_in(data))
        assert told.utterances and all(each.text for each in told.utterances)


def left_behind_seeds() -> Iterator[bytes]:
    card = Card("0" * 32, "question", "額は", 5, "前回 7ページ", "副知事", "佐藤", "11/27")
    yield carried.encoded(carried.CarriedFile(1, "財政課", "河川改修", 9, (card,), ("1" * 32,)))
    yield "WEBVTT\n\n00:03.000 --> 00:05.000\n<v 佐藤>説明します。</v>\n".encode()
    yield "1\n00:00:03,000 --> 00:00:05,000\n佐藤：はい。\n".encode("utf-16")
    yield "佐藤 0:03\n説明します。\n\n[00:06] 副知事：はい。\n".encode("cp932")
