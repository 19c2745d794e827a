"""The index of the archive: short words, words however written, files that come and go, damage."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from presenter.lookup.archive_files import differences, seen_in
from presenter.lookup.folding import words_of
from presenter.lookup.index import Damaged, Index, Stamp, State

KEY = bytes(range(32))
PAGES = ["河川監視カメラの\n設置　夜間対応", "ﾊﾝｶｸ ＡＢＣ １２％", "𠮷野川 㐂び 末尾は夜間"]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index(tmp_path / "index", KEY) as made:
        made.put("/庫/河川.pdf", "8年度 河川管理", Stamp(5, 1), State.READ, PAGES)
        made.put("/庫/秘.pdf", "夜間の秘密", Stamp(9, 1), State.LOCKED, ())
        yield made


def found(index: Index, typed: str) -> list[int]:
    """The numbers of the pages, in the order in which they are shown; 0: a file's name."""
    return [hit.number for hit in index.find(words_of(typed), 10).first]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("監視カメラの設置", [1]),  # over the end of a line
        ("夜間", [0, 1, 3]),  # two signs, the last of a page among them; names come first
        ("夜", [0, 1, 3]),
        ("間", [0, 1, 3]),
        ("は夜間", [3]),
        ("ハンカク", [2]),
        ("ｶﾒﾗ", [1]),
        ("abc 12%", [2]),
        ("𠮷", [3]),
        ("㐂び", [3]),
        ("河川　夜間", [1]),
        ("河川管理", [0]),
        ('"', []),
        ("OR NOT *", []),
        ("夜間 予算", []),
    ],
)
def test_words_are_found_however_short_and_however_written(
    index: Index, typed: str, numbers: list[int]
) -> None:
    assert found(index, typed) == numbers


def test_what_a_file_said_before_is_found_no_more(index: Index) -> None:
    index.put("/庫/河川.pdf", "9年度 河川管理", Stamp(6, 1), State.READ, ["別のこと"])
    assert (found(index, "夜間対応"), found(index, "別の")) == ([], [1])
    assert index.known() == {"/庫/河川.pdf": Stamp(6, 1), "/庫/秘.pdf": Stamp(9, 1)}
    index.drop(["/庫/河川.pdf", "/庫/秘.pdf"])
    assert (found(index, "別の"), found(index, "秘密"), index.known()) == ([], [], {})


def test_the_file_says_nothing_to_who_lacks_the_key_and_is_the_persons_own(tmp_path: Path) -> None:
    file = tmp_path / "sealed"
    with Index(file, KEY) as index:
        index.put("/庫/内緒.pdf", "内緒", Stamp(1, 1), State.READ, ["secret words of a draft"] * 50)
        left = [each for each in tmp_path.iterdir() if each.name.startswith("sealed")]
        written = b"".join(each.read_bytes() for each in left)
    assert b"secret" not in written and "内緒".encode() not in written
    assert {stat.S_IMODE(each.stat().st_mode) for each in tmp_path.glob("sealed*")} == {0o600}
    with pytest.raises(Damaged):
        Index(file, bytes(32))


def test_a_damaged_index_is_told(tmp_path: Path) -> None:
    file = tmp_path / "index"
    with Index(file, KEY) as index:
        index.put("/庫/a.pdf", "a", Stamp(1, 1), State.READ, ["あいうえお"] * 200)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(Damaged), Index(file, KEY) as index:
        index.check()


def test_only_what_changed_is_read_and_what_a_silent_folder_had_is_kept(tmp_path: Path) -> None:
    (tmp_path / "課").mkdir()
    for name in ("変わる.pdf", "同じ.TXT", "~$開.docx", ".隠.pdf", "絵.png", "課/消える.md"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "輪").symlink_to(tmp_path)
    first = seen_in([str(tmp_path)], lambda: None)
    assert {Path(path).name for path in first.files} == {"変わる.pdf", "同じ.TXT", "消える.md"}
    (tmp_path / "変わる.pdf").write_bytes(b"xy")
    (tmp_path / "課" / "消える.md").unlink()
    changed, gone = differences(first.files, seen_in([str(tmp_path)], lambda: None))
    assert [Path(path).name for path in changed + gone] == ["変わる.pdf", "消える.md"]
    away = seen_in([str(tmp_path / "ない")], lambda: None)
    assert away.silent == [str(tmp_path / "ない")]
    known = {str(tmp_path / "ない" / "前.pdf"): Stamp(1, 1), "/外した/所.pdf": Stamp(1, 1)}
    assert differences(known, away) == ([], ["/外した/所.pdf"])
