"""What is delivered for Linux: the system takes the units, and the program lives under what they forbid."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pageview.theme import Kiosk
from tests.deploy.units import KIOSK, LINUX, SESSION, SHUT_IN, allowed_calls, environment, read_unit
from tests.kiosk import compositor
from tests.net.house import House, address, why_not

ROOT = Path(__file__).parents[2]
HAS_SYSTEMD = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")
EXPOSURE = 2.0
"""systemd-analyze calls anything below it OK; 10 is a service without any limits."""


@HAS_SYSTEMD
def test_the_system_takes_the_units(tmp_path: Path) -> None:
    for unit in (KIOSK, SESSION):
        text = (
            unit.read_text("utf-8")
            .replace("/opt/kamizero", str(tmp_path))
            .replace("/usr/bin/cage", "/bin/true")
        )
        (tmp_path / unit.name).write_text(text)
    (tmp_path / "current" / "bin").mkdir(parents=True)
    for name in ("kamizero", "python"):
        (tmp_path / "current" / "bin" / name).symlink_to("/bin/true")
    words = ["systemd-analyze", "verify", "--man=no", tmp_path / KIOSK.name, tmp_path / SESSION.name]
    done = subprocess.run(words, capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@HAS_SYSTEMD
def test_the_unit_gives_away_little(figure: Callable[..., None]) -> None:
    words = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(KIOSK)]
    told = subprocess.run(words, capture_output=True, text=True).stdout
    found = re.search(r"Overall exposure level.*: (\d+\.\d)", told)
    assert found is not None, told
    exposure = float(found[1])
    figure("unit_exposure", reach=f"≤ {EXPOSURE}", got=exposure, ok=exposure <= EXPOSURE)


@pytest.mark.skipif(bool(compositor.why_not()), reason=compositor.why_not())
def test_sway_takes_its_settings_and_is_told_where_the_kiosk_looks(tmp_path: Path) -> None:
    """Started as the unit starts it, but for its folder and the program's; to a real notify socket."""
    words = (
        (LINUX / "session-sway.conf").read_text("utf-8").splitlines()[-1].removeprefix("ExecStart=").split()
    )
    session, kiosk = read_unit(SESSION), read_unit(LINUX / "kiosk-sway.conf")
    settings = environment(kiosk)
    with compositor.runtime_folder() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"{folder}/notify")
        manager.settimeout(15)
        os.chmod(f"{folder}/notify", 0o777)
        for name in ("__init__", "display_server", "service_manager"):  # its user may not enter this folder
            Path(folder, "kiosk").mkdir(exist_ok=True)
            shutil.copy(ROOT / "kiosk" / f"{name}.py", Path(folder, "kiosk"))
        python = "/usr/bin/env PYTHONDONTWRITEBYTECODE=1 python3"
        text = (LINUX / "sway.config").read_text("utf-8")
        assert f"output * bg {Kiosk.INK_900} solid_color" in text, "no flash of another ground"
        Path(folder, "config").write_text(text.replace("/opt/kamizero/current/bin/python", python))
        there = [word.replace("/run/kamizero-session", folder) for word in words]
        there[-1] = f"{folder}/config"
        own = {"HOME": folder, "WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman", "PYTHONPATH": folder}
        own |= {"NOTIFY_SOCKET": f"{folder}/notify", "PATH": "/usr/bin:/bin", "WLR_LIBINPUT_NO_DEVICES": "1"}
        running = subprocess.Popen([*compositor.as_nobody(), *there], env=own, stderr=subprocess.DEVNULL)
        try:
            assert manager.recv(100) == b"READY=1\nWATCHDOG=1"
            assert Path(folder, settings["WAYLAND_DISPLAY"]).is_socket()
            asked = settings["SWAYSOCK"].replace("/run/kamizero-session", folder)
            told = subprocess.run(["swaymsg", "-s", asked, "output * dpms off"], capture_output=True)
            assert told.returncode == 0
            assert session["NotifyAccess"] == ["all"], "it is sway's child that tells"
        finally:
            running.kill()
            running.wait()


def test_supervisor_and_unit_agree_about_the_watchdog() -> None:
    unit = read_unit(KIOSK)
    assert (unit["Type"], unit["Restart"], unit["OOMPolicy"]) == (["notify"], ["always"], ["continue"])
    assert float(unit["WatchdogSec"][0]) >= 3 * 2, "one screen that hangs is the supervisor's own business"
    session = read_unit(SESSION)
    assert "python -m kiosk.display_server" in session["ExecStart"][0]
    folder = environment(unit)["XDG_RUNTIME_DIR"]
    assert f"XDG_RUNTIME_DIR={folder} " in session["ExecStart"][0]
    assert session["RuntimeDirectory"] == [Path(folder).name]


def shut_in(calls: list[str], words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """These words with no other system calls."""
    return subprocess.run(
        [sys.executable, "-c", SHUT_IN, json.dumps([calls, words])],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder), "PYTHONPATH": str(ROOT)},
    )


@HAS_SYSTEMD
@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is of Linux")
def test_a_briefing_works_under_what_the_unit_forbids(tmp_path: Path) -> None:
    calls = sorted(allowed_calls(read_unit(KIOSK)))
    assert not {"ptrace", "mount", "reboot", "bpf", "keyctl"} & set(calls)
    doors = shut_in(
        calls, [sys.executable, "-c", "from pageview.worker import probe; print(probe()[0])"], tmp_path
    )
    assert "all doors shut" in doors.stdout, doors.stdout + doors.stderr
    deaf = shut_in(
        [call for call in calls if call != "socket"],
        [sys.executable, "-c", "import socket; socket.socket()"],
        tmp_path,
    )
    assert "PermissionError" in deaf.stderr, "the filter is at work"
    (tmp_path / "kamizero.py").write_text("raise SystemExit('another version lies here')")
    words = [sys.executable, "-P", "-m", "kamizero", "kiosk", "--check", "--state", str(tmp_path / "state")]
    words += ["--config", str(tmp_path / "none.toml")]
    done = shut_in(calls, words, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("✓") == 5, "and it was this version that was checked"


@pytest.mark.skipif(bool(why_not()) or shutil.which("nft") is None, reason=why_not() or "no nft")
def test_the_firewall_lets_briefings_in_and_nothing_else() -> None:
    with House() as house:
        wall = house.spaces[0]
        subprocess.run(
            ["ip", "netns", "exec", wall, "nft", "-f", LINUX / "kamizero.nft"],
            check=True,
            capture_output=True,
        )

        def reached(port: int) -> bool:
            with (
                house.inside(1),
                socket.create_server(("0.0.0.0", port)),
                house.inside(2),
                socket.socket() as guest,
            ):
                guest.settimeout(0.5)
                try:
                    guest.connect((address(1), port))
                except TimeoutError:
                    return False
                return True

        assert [reached(port) for port in (47_400, 47_401, 22)] == [True, True, False]
        with house.inside(1), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.sendto(b"x", (address(2), 9))
            subprocess.run(["ip", "-n", wall, "route", "add", "default", "via", address(2)], check=True)
            with pytest.raises(PermissionError):
                out.sendto(b"x", ("203.0.113.1", 9))


@pytest.fixture
def place(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The delivered script at work in a folder of the test's own."""

    def put(*words: str) -> subprocess.CompletedProcess[str]:
        state = str(tmp_path / "state")
        environment = {**os.environ, "KAMIZERO_ROOT": str(tmp_path / "opt"), "KAMIZERO_STATE": state}
        return subprocess.run([LINUX / "install", *words], capture_output=True, text=True, env=environment)

    return put


def version(folder: Path, text: str) -> None:
    (folder / "bin").mkdir(parents=True)
    program = folder / "bin" / "kamizero"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    folder.chmod(0o755)


def test_a_version_that_does_not_work_never_takes_the_place_of_one_that_does(
    tmp_path: Path, place: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    root = tmp_path / "opt"
    for name in ("1.0", "1.1"):
        version(root / name, f'[ "$*" = "kiosk --check" ] && echo "{name} works"')
    version(root / "1.2", "echo 「ページが映る」; exit 1")
    assert place("--use", "1.0").returncode == 0
    assert place("--back").returncode == 1, "there is nothing before it"
    assert place("--use", "1.1").returncode == 0
    refused = place("--use", "1.2")
    assert refused.returncode == 1
    assert "ページが映る" in refused.stdout
    assert (root / "current").readlink() == Path("1.1")
    assert place("--back").returncode == 0
    assert ((root / "current").readlink(), (root / "previous").readlink()) == (Path("1.0"), Path("1.1"))
    assert "1.0 ← いま" in place("--list").stdout
    assert place("--use", "9.9").returncode == 1
    assert place("no-wheel.whl").returncode == 1


def test_a_version_that_does_not_understand_the_displays_settings_is_not_used(
    tmp_path: Path, place: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    version(tmp_path / "opt" / "1.0", f'exec "{sys.executable}" -m kamizero "$@"')
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "kiosk.toml").write_text("[room]\nnumber = 27\nname = 27\n", "utf-8")
    refused = place("--use", "1.0")
    assert refused.returncode == 1
    assert "room.name" in refused.stdout
    assert [each.name for each in (tmp_path / "state").iterdir()] == ["kiosk.toml"]
