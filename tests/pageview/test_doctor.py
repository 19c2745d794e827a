"""`kamizero doctor`: every part is told with a verdict and, where it is not good, with what to do."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from multiprocessing import resource_tracker, spawn
from pathlib import Path

import pytest

from pageview import doctor, doctor_network
from pageview.doctor import Finding, Verdict
from protocol.transport.addresses import networks, own_interfaces
from protocol.transport.self_test import hears_itself, port_is_taken


def verdict_of(found: Iterable[Finding]) -> list[tuple[Verdict, bool]]:
    return [(finding.verdict, bool(finding.advice)) for finding in found]


def test_the_command_tells_of_every_part_in_both_languages() -> None:
    for language in ("ja", "en"):
        words = ["doctor", "--json", "--language", language]
        done = subprocess.run([sys.executable, "-m", "kamizero", *words], capture_output=True, text=True)
        findings = [json.loads(line) for line in done.stdout.splitlines()]
        named = {finding["name"] for finding in findings}
        assert {"versions", "cage", "display", "fonts", "disk", "clock", "ports", "firewall"} <= named
        assert named <= set(doctor.LABELS), "a finding without a name for people"
        assert {"network", "multicast"} & named
        for finding in findings:
            assert finding["found"]
            assert (finding["verdict"] == "good") == (not finding["advice"]), finding
            words = finding["found"] + finding["advice"]
            assert language == "ja" or re.search("[ぁ-んァ-ヶ一-龠]", words) is None, words
        assert done.returncode == int(any(finding["verdict"] == "bad" for finding in findings))


def test_whoever_has_read_enough_sees_no_traceback() -> None:
    words = [sys.executable, "-c", "from pageview import doctor; doctor.main(['--json'])"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.close()
        assert b"Traceback" not in running.stderr.read()


def test_the_cage_is_really_tried() -> None:
    assert verdict_of(doctor.cage()) == [(Verdict.GOOD, False)]


def test_the_cage_is_tried_also_where_nobody_listens_to_complaints() -> None:
    words = "from pageview import doctor; print(*(each.verdict for each in doctor.cage()))"
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -c "$1" 2>&-', sys.executable, words], capture_output=True, text=True
    )
    assert done.stdout == "good\n"


def test_a_cage_that_does_not_come_up_is_told_in_words_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho Traceback >&2\n")
    broken.chmod(0o700)
    resource_tracker.ensure_running()  # it is started by the same name
    monkeypatch.setattr(spawn, "_python_exe", os.fsencode(broken))
    assert verdict_of(doctor.cage()) == [(Verdict.BAD, True)]
    assert capfd.readouterr().err == ""


def test_a_port_in_use_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("0.0.0.0", 0)) as other:
        port = other.getsockname()[1]
        assert port_is_taken(port)
        monkeypatch.setattr(doctor_network, "KIOSK_PORT", port)
        monkeypatch.setattr(doctor_network, "RENDEZVOUS_PORT", port)
        assert verdict_of(doctor_network.ports()) == [(Verdict.LOOK, True)] * 2
    assert not port_is_taken(port)


def test_a_place_that_cannot_be_written_is_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert verdict_of(doctor.disk()) == [(Verdict.BAD, True)]


def test_qt_that_crashes_on_this_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_version", lambda package: None if package == "pymupdf" else "6.12.0")
    monkeypatch.setattr(doctor.sys, "version_info", (3, 11, 7))
    assert verdict_of(doctor.versions()) == [(Verdict.BAD, True)]
    monkeypatch.setattr(doctor.sys, "version_info", (3, 12, 0))
    assert verdict_of(doctor.versions()) == [(Verdict.GOOD, False)]


def test_no_way_to_the_screen_is_a_finding_and_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setenv("DISPLAY", ":4711")
    assert [(each.name, each.verdict) for each in doctor.display_apart()] == [
        ("display", Verdict.BAD),
        ("fonts", Verdict.GOOD),
    ]


def test_a_screen_that_answers_nothing_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
        monkeypatch.setenv("DISPLAY", f"127.0.0.1:{silent.getsockname()[1] - 6_000}")
        found = [(each.name, each.verdict) for each in doctor.display_apart(patience=1.0)]
    assert found == [("display", Verdict.BAD), ("fonts", Verdict.GOOD)]


def test_a_package_that_is_missing_is_a_finding_and_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pageview.doctor_network", raising=False)
    monkeypatch.delattr("pageview.doctor_network", raising=False)
    monkeypatch.setitem(sys.modules, "ifaddr", None)
    monkeypatch.delitem(sys.modules, "protocol.transport.addresses", raising=False)
    (finding,) = doctor.findings(doctor.network)
    assert finding.name == "versions"
    assert finding.verdict is Verdict.BAD
    assert "ifaddr" in finding.advice


def test_every_package_that_is_wished_for_is_looked_for() -> None:
    wished = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.match(r"[\w-]+", wish)[0] for wish in wished}  # type: ignore[index]
    assert {*doctor.PACKAGES, *doctor.MORE_PACKAGES} == names


def test_a_wall_in_the_kernel_is_told() -> None:
    rules = "add table inet t; add chain inet t i { type filter hook input priority 0; policy drop; }"
    look = "from pageview.doctor_network import firewall; print(*[f.verdict for f in firewall()])"
    script = f"nft '{rules}' && {sys.executable} -c '{look}'"
    done = subprocess.run(["unshare", "-rn", "sh", "-c", script], capture_output=True, text=True)
    if "nft: not found" in done.stderr or "unshare" in done.stderr:
        pytest.skip(done.stderr)
    assert done.stdout.split() == ["look"], done.stderr


def test_multicast_comes_back_on_loopback() -> None:
    own = networks(["127.0.0.0/8"])
    (interface,) = own_interfaces(own, ["127.0.0.1"])
    assert hears_itself(interface, own)
