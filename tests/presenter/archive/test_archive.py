"""Nothing of a set is lost, doubled or seen half: killed at any moment, the share away, full or closed."""

from __future__ import annotations

import errno
import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from pageview.exporter import CannotExport
from presenter.archive import kept_set
from presenter.archive.delivery import Away, deliver
from presenter.archive.kept_set import LIST, NoSet
from presenter.archive.log_lines import check_log, log_lines
from presenter.archive.rule import Named, Rule
from presenter.archive.waiting import Waiting
from protocol.journal import Attended, Entry
from protocol.values import Role

ROOT = Path(__file__).parents[3]
NAMED = Named(date(2026, 11, 24), "財政課", "重点施策", "予算案")
FILES = {"打合せ記録.docx": b"word", "原本.pdf": b"%PDF" * 1_000}
FOLDER = Path("令和8年度", "財政課", "重点施策")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    made = tmp_path / "archive"
    made.mkdir()
    return made


@pytest.fixture
def waiting(tmp_path: Path) -> Waiting:
    return Waiting(tmp_path / "waiting")


def put(waiting: Waiting, id: str = "a", **files: bytes) -> None:
    waiting.put(id, NAMED, (FILES | files).items())


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_set_is_filed_by_the_rule_under_one_name_and_waits_no_more(waiting: Waiting, archive: Path) -> None:
    put(waiting)
    delivered = deliver(waiting, "a", archive, Rule())
    assert delivered.folder == archive / FOLDER / "20261124_予算案_第1版"
    wanted = [LIST, *(f"20261124_予算案_第1版_{name}" for name in FILES)]
    assert names(delivered.folder) == sorted(wanted)
    assert names(archive / FOLDER) == ["20261124_予算案_第1版"]
    assert not names(waiting.folder)


def test_another_set_of_the_same_name_is_the_next_edition_and_changes_nothing(
    waiting: Waiting, archive: Path
) -> None:
    put(waiting)
    first = deliver(waiting, "a", archive, Rule()).folder
    (archive / FOLDER / "20261124_予算案_第2版").write_bytes(b"somebody's file")
    before = {file.name: file.read_bytes() for file in first.iterdir()}
    put(waiting, "b", x=b"x")
    third = deliver(waiting, "b", archive, Rule()).folder
    assert third.name == "20261124_予算案_第3版"
    assert (third / f"{third.name}_x").read_bytes() == b"x"
    assert {file.name: file.read_bytes() for file in first.iterdir()} == before


def test_a_set_that_is_there_already_is_not_filed_twice(waiting: Waiting, archive: Path) -> None:
    put(waiting)
    first = deliver(waiting, "a", archive, Rule())
    put(waiting)
    assert deliver(waiting, "a", archive, Rule()) == first
    put(waiting, x=b"more")
    assert deliver(waiting, "a", archive, Rule()).stem == "20261124_予算案_第2版"


@pytest.mark.bad_input(row=65)
def test_two_presenters_who_file_the_same_subject_at_once_have_an_edition_each(
    tmp_path: Path, archive: Path
) -> None:
    count = 6
    gate = threading.Barrier(count)
    stems: list[str] = []

    def file(n: int) -> None:
        waiting = Waiting(tmp_path / f"waiting{n}")
        waiting.put(f"id{n}", NAMED, {**FILES, "who": str(n).encode()}.items())
        gate.wait()
        stems.append(deliver(waiting, f"id{n}", archive, Rule()).stem)

    threads = [threading.Thread(target=file, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(stems) == [f"20261124_予算案_第{n}版" for n in range(1, count + 1)]
    who = {(archive / FOLDER / stem / f"{stem}_who").read_bytes() for stem in stems}
    assert who == {str(n).encode() for n in range(count)}
    assert names(archive / FOLDER) == sorted(stems)


def test_a_record_that_is_changed_takes_the_rest_of_its_set_along(waiting: Waiting, archive: Path) -> None:
    put(waiting)
    waiting.change("a", [("打合せ記録.docx", b"confirmed")])
    ((place, made),) = waiting.sets()
    assert {file.name: (place / file.name).read_bytes() for file in made.files} == {
        **FILES,
        "打合せ記録.docx": b"confirmed",
    }
    assert names(waiting.folder) == ["a"]
    assert deliver(waiting, "a", archive, Rule()).folder.is_dir()


def test_a_set_whose_making_is_given_up_leaves_the_former_one(waiting: Waiting) -> None:
    def files() -> Iterator[tuple[str, bytes]]:
        yield "打合せ記録.docx", b"newer"
        raise CannotExport(None)

    put(waiting)
    with pytest.raises(CannotExport):
        waiting.put("a", NAMED, files())
    assert (waiting.of("a") / "打合せ記録.docx").read_bytes() == FILES["打合せ記録.docx"]
    assert names(waiting.folder) == ["a"]


# --- the share is not as it should be -----------------------------------------------------------------------


def test_while_the_share_is_away_the_set_waits_and_is_filed_later(waiting: Waiting, tmp_path: Path) -> None:
    put(waiting)
    share = tmp_path / "share"
    with pytest.raises(Away, match="つながったときに保管します"):
        deliver(waiting, "a", share, Rule())
    assert not share.exists(), "a folder in place of a share would hide it"
    share.write_bytes(b"")
    with pytest.raises(Away):
        deliver(waiting, "a", share, Rule())
    share.unlink()
    share.mkdir()
    assert [made.id for _, made in Waiting(waiting.folder).sets()] == ["a"]
    assert deliver(waiting, "a", share, Rule()).folder.is_dir()


@pytest.mark.bad_input(row=65)
def test_a_share_that_vanishes_while_it_is_written_to_leaves_the_set_waiting(
    waiting: Waiting, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(waiting)
    real, left = kept_set._write, 1

    def write(file: Path, pieces: object) -> None:
        nonlocal left
        if archive in file.parents:
            left -= 1
            if left < 0:
                os.rename(archive, archive.with_name("gone"))
        real(file, pieces)  # type: ignore[arg-type]

    monkeypatch.setattr(kept_set, "_write", write)
    with pytest.raises(Away, match="つながったときに保管します"):
        deliver(waiting, "a", archive, Rule())
    monkeypatch.undo()
    os.rename(archive.with_name("gone"), archive)
    delivered = deliver(waiting, "a", archive, Rule())
    assert names(archive / FOLDER) == [delivered.stem], "what was half copied is gone"


@pytest.mark.skipif(sys.platform == "win32", reason="RLIMIT_FSIZE")
def test_a_full_share_keeps_nothing_half(waiting: Waiting, archive: Path) -> None:
    put(waiting, large=bytes(300_000))
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, former[1]))
    try:
        with pytest.raises(Away, match="空き容量がありません"):
            deliver(waiting, "a", archive, Rule())
        with pytest.raises(OSError) as refused:
            put(waiting, large=bytes(300_001))
        assert refused.value.errno == errno.EFBIG
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
    assert not names(archive / FOLDER)
    delivered = deliver(waiting, "a", archive, Rule())
    assert (delivered.folder / f"{delivered.stem}_large").stat().st_size == 300_000, (
        "the former set waited on"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="needs a mount namespace")
def test_a_share_that_may_only_be_read_is_said(tmp_path: Path) -> None:
    """In a namespace of its own, on a file system that is mounted read-only: rights do not bind root."""
    words = (
        "import sys; from pathlib import Path; from presenter.archive.delivery import *;"
        "from presenter.archive.waiting import Waiting; from presenter.archive.rule import Rule\n"
        "try: deliver(Waiting(Path(sys.argv[1])), 'a', Path(sys.argv[2]), Rule())\n"
        "except Away as away: print(away.told[0])"
    )
    put(Waiting(tmp_path / "waiting"))
    share = tmp_path / "share"
    share.mkdir()
    mount = f'mount -t tmpfs -o ro none "{share}" && exec "$0" -c "$1" "$2" "$3"'
    command = [
        "unshare",
        "-rm",
        "sh",
        "-c",
        mount,
        sys.executable,
        words,
        str(tmp_path / "waiting"),
        str(share),
    ]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONUTF8": "1"}, check=False
    )
    if "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip("no mount namespaces here")
    assert done.stdout.startswith("保管先に書き込めません。"), done.stderr
    assert Waiting(tmp_path / "waiting").sets()


def test_what_a_person_changed_by_hand_is_filed_and_says_so(waiting: Waiting, archive: Path) -> None:
    put(waiting, gone=b"x")
    place = waiting.of("a")
    (place / "打合せ記録.docx").write_bytes(b"typed in Word")
    (place / "~$打合せ記録.docx").write_bytes(b"Word's own")
    (place / "gone").unlink()
    delivered = deliver(waiting, "a", archive, Rule())
    stem = delivered.stem
    assert names(delivered.folder) == sorted([LIST, f"{stem}_打合せ記録（手直し）.docx", f"{stem}_原本.pdf"])
    assert (delivered.folder / f"{stem}_打合せ記録（手直し）.docx").read_bytes() == b"typed in Word"


def test_what_a_person_changed_by_hand_is_not_lost_when_the_record_is_written_anew(waiting: Waiting) -> None:
    put(waiting)
    (waiting.of("a") / "打合せ記録.docx").write_bytes(b"typed in Word")
    waiting.change("a", [("打合せ記録.docx", b"confirmed")])
    place = waiting.of("a")
    assert (place / "打合せ記録.docx").read_bytes() == b"confirmed"
    assert (place / "打合せ記録（手直し）.docx").read_bytes() == b"typed in Word"


def test_a_folder_without_its_list_is_no_set(waiting: Waiting, archive: Path) -> None:
    put(waiting)
    (waiting.of("a") / LIST).write_bytes(b"{")
    with pytest.raises(NoSet):
        deliver(waiting, "a", archive, Rule())
    assert not waiting.sets()
    assert waiting.of("a").is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="fork")
def test_killed_at_any_moment_nothing_is_lost_doubled_or_seen_half(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.presenter.archive.killing", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["killed"] > 50
    assert not told["wrong"]


# --- the log ------------------------------------------------------------------------------------------------


def log() -> list[bytes]:
    entries = [Entry(1_795_750_000_000 + n, Attended(n, "髙𠮷\u2028", Role.DISPLAY, True)) for n in range(5)]
    return log_lines(entries).splitlines(keepends=True)


def bound(former: bytes, number: int) -> bytes:
    """An end with that number, bound to the line before as ours are."""
    line = {"n": number, "what": "End"}
    told = json.dumps(line, separators=(",", ":"))
    link = sha256((json.loads(former)["link"] + told).encode()).hexdigest()
    return json.dumps({**line, "link": link}).encode() + b"\n"


def test_a_log_that_was_cut_changed_or_reordered_is_found_and_where() -> None:
    lines = log()
    assert check_log(b"".join(lines)).whole
    assert check_log(b"".join(lines).replace(b"\n", b"\r\n")).whole
    cut = check_log(b"".join(lines[:-2]))
    assert (cut.lines, cut.broken, cut.ended) == (4, None, False)
    torn = check_log(b"".join(lines)[: -len(lines[-1]) - 5])
    assert (torn.broken, torn.ended) == (5, False)
    moved = check_log(b"".join([*lines[:2], lines[3], lines[2], *lines[4:]]))
    assert moved.broken == 3
    without = check_log(b"".join([*lines[:3], *lines[4:]]))
    assert without.broken == 4
    changed = check_log(b"".join(lines).replace("髙𠮷".encode(), "高吉".encode(), 1))
    assert changed.broken == 1
    assert check_log(b"".join([*lines, lines[0]])).broken == 7
    assert check_log(b"".join([*lines, bound(lines[-1], 7)])).broken == 7, "nothing comes behind the end"
    assert check_log(b"".join([*lines[:2], bound(lines[1], 4)])).broken == 3
    assert not check_log(b"").whole
    assert check_log(lines[0] + b"[" * 100_000).broken == 2


def test_an_id_is_one_briefings_for_good() -> None:
    made = kept_set.KeptSet("a", NAMED, ())
    assert made.digest != replace(made, id="b").digest
