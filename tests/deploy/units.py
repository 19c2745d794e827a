"""The service units as the system would read them, and their promises kept here without a service manager."""

from __future__ import annotations

import subprocess
from pathlib import Path

LINUX = Path(__file__).parents[2] / "deploy" / "linux"
KIOSK, SESSION = LINUX / "kamizero-kiosk.service", LINUX / "kamizero-session.service"


def read_unit(file: Path) -> dict[str, list[str]]:
    """Setting → its values in order, whatever the section."""
    found: dict[str, list[str]] = {}
    for line in file.read_text("utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith(("#", ";")):
            found.setdefault(name.strip(), []).append(value.strip())
    return found


def environment(unit: dict[str, list[str]]) -> dict[str, str]:
    """What the unit sets for its processes."""
    pairs = " ".join(unit.get("Environment", [])).split()
    return dict(pair.split("=", 1) for pair in pairs)


def allowed_calls(unit: dict[str, list[str]]) -> set[str]:
    """The system calls that its filter lets pass (systemd.exec: `~` takes away again)."""
    allowed = _members("@default")
    for line in unit["SystemCallFilter"]:
        members = {call for word in line.removeprefix("~").split() for call in _members(word)}
        allowed = allowed - members if line.startswith("~") else allowed | members
    return allowed


def _members(word: str) -> set[str]:
    if not word.startswith("@"):
        return {word}
    words = ["systemd-analyze", "syscall-filter", word]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    lines = (line.strip() for line in told.splitlines()[1:])
    return {call for line in lines if line and not line.startswith("#") for call in _members(line)}


SHUT_IN = """
import ctypes, errno, json, os, sys
import pyseccomp
calls, words = json.loads(sys.argv[1])
filter = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
for call in calls:
    try:
        filter.add_rule(pyseccomp.ALLOW, call)
    except (OSError, ValueError, RuntimeError):
        pass  # not one of this machine's
libc = ctypes.CDLL(None)
libc.prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
libc.prctl(65, 1, 0, 0, 0)  # PR_SET_MDWE: no memory both written and executed
filter.load()
os.execv(words[0], words)
"""
"""Runs words with what `SystemCallFilter`, `NoNewPrivileges` and `MemoryDenyWriteExecute` do."""
