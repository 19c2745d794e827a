"""A paper is saved as a whole or not at all, under a name that is no path."""

from __future__ import annotations

from pathlib import Path

import pytest

from presenter.join.saving import file_name, write_whole


def test_a_file_is_replaced_in_one_step_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "here" / "a.pdf"
    file.parent.mkdir()
    file.write_bytes(b"old")
    write_whole(memoryview(b"new"), file)
    assert file.read_bytes() == b"new"
    assert list(file.parent.iterdir()) == [file]


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    taken = tmp_path / "here" / "a.pdf"
    taken.mkdir(parents=True)
    with pytest.raises(OSError):
        write_whole(memoryview(b"new"), taken)
    assert list(taken.parent.iterdir()) == [taken]
    with pytest.raises(OSError):
        write_whole(memoryview(b"new"), tmp_path / "missing" / "a.pdf")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("予算案", "予算案.pdf"),
        ("../../etc/passwd", "_.._etc_passwd.pdf"),
        ('C:\\a|b?"*<>', "C__a_b_____.pdf"),
        ("\u202efdp.exe\n", "fdp.exe.pdf"),
        (" .. ", "kamizero.pdf"),
    ],
)
@pytest.mark.bad_input(row=44)
def test_a_title_from_the_network_is_never_a_path(title: str, name: str) -> None:
    made = file_name(title)
    assert made == name
    assert Path(made).name == made
