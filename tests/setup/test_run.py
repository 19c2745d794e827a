"""`./run` on machines that lack something: what it installs, what it asks for, what it leaves alone.

The script runs for real under sh; only the programs it calls (apt-get, sudo, id, ldconfig, python) are
stand-ins on a PATH of the test's own, because a fresh machine cannot be had inside a test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kamizero import WORDS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="run.cmd is its twin there")

ROOT = Path(__file__).parent.parent.parent
TOOLS = ("sh", "cat", "cksum", "dirname", "mkdir", "readlink", "rm", "tr", "uname", "env")
ALL_LIBRARIES = (
    *("libEGL.so.1", "libGL.so.1", "libglib-2.0.so.0", "libdbus-1.so.3", "libfontconfig.so.1"),
    *(
        "libxkbcommon.so.0",
        "libgssapi_krb5.so.2",
        "libseccomp.so.2",
        "libxcb-cursor.so.0",
        "libxcb-icccm.so.4",
    ),
    *("libxcb-keysyms.so.1", "libxcb-shape.so.0", "libxcb-xkb.so.1", "libxkbcommon-x11.so.0"),
    *("libwayland-cursor.so.0", "libwayland-egl.so.1"),
)
# A Python that makes a venv of itself and reports every other thing it is asked to do.
PYTHON = """#!/bin/sh
case "$*" in
*"-m venv"*) for last; do :; done; mkdir -p "$last/bin"; cp "$0" "$last/bin/python" ;;
*"import venv, ensurepip"*) exit ${ENSUREPIP_STATUS:-0} ;;
*"version_info[:2]"*) printf 'python3.11-venv ' ;;
-c*|*" -c "*) ;;
-*pyproject.toml*) echo 'a-package==1' ;;
*) echo "python $*" >> "$LOG"; env | grep -E '^(QT_QPA_PLATFORM|PYTHON[A-Z]+)=' | sort >> "$LOG" ;;
esac
"""


class Machine:
    """A machine made of stand-ins, with the project in a folder whose name has a space."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "my papers"
        self.project.mkdir()
        for name in ("run", "pyproject.toml"):
            shutil.copy(ROOT / name, self.project / name)
        self.bin = folder / "bin"
        self.bin.mkdir()
        for tool in (*TOOLS, "grep", "sort", "cp"):
            found = shutil.which(tool)
            assert found
            (self.bin / tool).symlink_to(found)
        self.log = folder / "log"
        self.log.touch()
        self.env = {"PATH": str(self.bin), "LOG": str(self.log), "HOME": str(folder / "nowhere")}
        self.program("python3", PYTHON)
        self.program("id", "#!/bin/sh\necho 1000\n")
        self.has_libraries(*ALL_LIBRARIES)

    def program(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def logging_program(self, name: str) -> None:
        self.program(name, f'#!/bin/sh\necho "{name} $*" >> "$LOG"\n')

    def has_libraries(self, *names: str) -> None:
        lines = "".join(f"\t{name} (libc6,x86-64) => /lib/{name}\n" for name in names)
        self.program("ldconfig", f"#!/bin/sh\ncat <<'EOF'\n{lines}EOF\n")

    def run(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.project / "run"), *words],
            env={**self.env, **env},
            cwd=self.project.parent,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    @property
    def did(self) -> list[str]:
        return self.log.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_it_stops_with_one_command_when_it_may_not_install(machine: Machine) -> None:
    machine.has_libraries(*(name for name in ALL_LIBRARIES if name not in ("libEGL.so.1", "libxcb-xkb.so.1")))
    machine.logging_program("apt-get")
    result = machine.run("kiosk")
    commands = [line.strip() for line in result.stderr.splitlines() if line.startswith("  ")]
    assert result.returncode == 1
    assert commands == [
        "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends libegl1 libxcb-xkb1'"
    ]
    assert machine.did == [], "nothing was installed and nothing started"


@pytest.mark.parametrize("how", ["root", "sudo"])
def test_it_installs_what_is_missing_when_it_may(machine: Machine, how: str) -> None:
    machine.has_libraries(*ALL_LIBRARIES[1:])
    machine.logging_program("apt-get")
    if how == "root":
        machine.program("id", "#!/bin/sh\necho 0\n")
    else:
        machine.program("sudo", '#!/bin/sh\nshift\n[ "$1" = true ] || exec "$@"\n')
    assert machine.run("kiosk").returncode == 0
    assert machine.did[:2] == [
        "apt-get update",
        "apt-get install -y --no-install-recommends libegl1",
    ]


def test_the_programs_that_tests_start_are_installed_when_it_may(machine: Machine) -> None:
    machine.logging_program("apt-get")
    machine.logging_program("xrandr")
    machine.program("id", "#!/bin/sh\necho 0\n")
    assert machine.run("test").returncode == 0
    wanted = "xvfb dbus-daemon nftables mosquitto mosquitto-clients"
    assert machine.did[1] == f"apt-get install -y --no-install-recommends {wanted}"
    machine.log.write_text("")
    assert machine.run("kiosk").returncode == 0
    assert not [line for line in machine.did if "apt-get" in line]


def test_nobody_is_stopped_for_the_programs_that_tests_start(machine: Machine) -> None:
    machine.logging_program("apt-get")
    result = machine.run("test")
    assert "Some tests will be skipped. Missing: xvfb x11-xserver-utils dbus-daemon" in result.stderr
    assert [line for line in machine.did if "-m pytest" in line]


@pytest.mark.parametrize(("word", "status"), [("--help", 0), ("prezent", 2)])
def test_help_and_a_wrong_word_set_nothing_up(machine: Machine, word: str, status: int) -> None:
    result = machine.run(word)
    assert result.returncode == status
    said = result.stderr if status else result.stdout
    assert all(f"./run {known}" in said for known in [*WORDS, "test", "bench"] if known != "demo")
    assert not (machine.project / ".venv").exists()


def test_a_python_without_venv_is_mended_by_its_own_package(machine: Machine) -> None:
    machine.logging_program("apt-get")
    result = machine.run("kiosk", ENSUREPIP_STATUS="1")
    assert "--no-install-recommends python3.11-venv'" in result.stderr


def test_no_python_and_no_apt_is_a_sentence(machine: Machine) -> None:
    (machine.bin / "python3").unlink()
    result = machine.run()
    assert result.returncode == 1
    assert "Python 3.11" in result.stderr
    assert "not found" not in result.stderr.replace("Not found", "")


def test_an_old_python_is_passed_over_for_a_newer_name(machine: Machine) -> None:
    machine.program("python3", "#!/bin/sh\nexit 1\n")
    machine.program("python3.12", PYTHON)
    assert machine.run("kiosk").returncode == 0


def pip_line(machine: Machine) -> str:
    (line,) = [line for line in machine.did if "-m pip install" in line]
    return line


def test_wheelhouse_forbids_the_network(machine: Machine) -> None:
    assert machine.run("kiosk", WHEELHOUSE="/media/usb stick").returncode == 0
    assert pip_line(machine).endswith("--no-index --find-links /media/usb stick")


def test_without_wheelhouse_the_persons_own_pip_settings_decide(machine: Machine) -> None:
    machine.run("kiosk")
    assert "--no-index" not in pip_line(machine)
    assert "--index-url" not in pip_line(machine)


def test_uv_is_told_to_download_no_python_and_pip_follows_when_it_fails(machine: Machine) -> None:
    machine.program("uv", '#!/bin/sh\necho "uv $UV_PYTHON_DOWNLOADS $1 $2" >> "$LOG"\nexit 1\n')
    assert machine.run("kiosk").returncode == 0
    assert machine.did[0] == "uv never pip install"
    assert pip_line(machine).startswith("python -m pip install")


def test_the_second_start_sets_nothing_up(machine: Machine) -> None:
    machine.run("kiosk")
    machine.log.write_text("")
    result = machine.run("kiosk")
    assert result.stderr == ""
    assert len([line for line in machine.did if line.startswith("python ")]) == 1


def test_a_change_of_the_wishes_sets_up_again(machine: Machine) -> None:
    machine.run("kiosk")
    with (machine.project / "pyproject.toml").open("a") as file:
        file.write("\n")
    machine.log.write_text("")
    machine.run("kiosk")
    assert "pip install" in "\n".join(machine.did)


def test_an_interrupted_set_up_is_taken_up_again(machine: Machine) -> None:
    machine.program(
        "python3",
        PYTHON.replace("exit ${ENSUREPIP_STATUS:-0}", "exit 0").replace(
            '-c*|*" -c "*) ;;', "*'import PySide6'*) exit 1 ;;\n-c*|*\" -c \"*) ;;"
        ),
    )
    assert machine.run("kiosk").returncode == 1
    machine.program("python3", PYTHON)
    shutil.copy(machine.bin / "python3", machine.project / ".venv" / "bin" / "python")
    assert machine.run("kiosk").returncode == 0


@pytest.mark.parametrize(
    ("display", "platform"),
    [
        ({}, "offscreen"),
        ({"DISPLAY": ":0"}, None),
        ({"WAYLAND_DISPLAY": "wayland-0"}, None),
        ({"QT_QPA_PLATFORM": "eglfs"}, "eglfs"),
    ],
)
def test_it_goes_offscreen_only_without_a_display(
    machine: Machine, display: dict[str, str], platform: str | None
) -> None:
    machine.run("kiosk", **display)
    wanted = [] if platform is None else [f"QT_QPA_PLATFORM={platform}"]
    assert [line for line in machine.did if line.startswith("QT_QPA_PLATFORM=")][-1:] == wanted


@pytest.mark.parametrize("word", ["kiosk", "test", "bench"])
def test_what_is_compiled_is_kept_beside_the_packages(machine: Machine, word: str) -> None:
    """Programs that start programs would compile everything each time."""
    machine.run(word, PYTHONDONTWRITEBYTECODE="1")
    kept = [line for line in machine.did if line.startswith(("PYTHONPYCACHE", "PYTHONDONTWRITE"))]
    assert kept[-1:] == [f"PYTHONPYCACHEPREFIX={machine.project / '.venv' / 'compiled'}"]


@pytest.mark.parametrize(
    ("words", "started"),
    [
        ((), "{here}/kamizero.py demo"),
        (("demo", "--headless"), "{here}/kamizero.py demo --headless"),
        (("present", "資料 1.pdf"), "{here}/kamizero.py present 資料 1.pdf"),
        (("check", "a.pdf"), "{here}/kamizero.py check a.pdf"),
        (("test", "-k", "one two"), "-m pytest --numprocesses=2 --dist=loadfile -k one two"),
        (("test", "--long"), "-m pytest --numprocesses=0 --dist=loadfile --long"),
        (("bench", "page_turn"), "-m benchmarks page_turn"),
    ],
)
def test_the_first_word_says_what_starts(machine: Machine, words: tuple[str, ...], started: str) -> None:
    assert machine.run(*words).returncode == 0
    last = [line for line in machine.did if line.startswith("python ")][-1]
    assert last == "python " + started.format(here=machine.project)


def test_check_alone_judges_the_source_and_fails_when_one_judge_does(machine: Machine) -> None:
    machine.program("python3", PYTHON.replace("esac", '*) ;;\nesac\ncase "$*" in *mypy*) exit 1 ;; esac'))
    assert machine.run("check").returncode == 1
    judges = [line.split()[2:] for line in machine.did if line.startswith("python -m") and "pip" not in line]
    assert judges == [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]]


def test_the_windows_script_has_the_line_ends_that_its_jumps_need() -> None:
    """cmd.exe looks for labels in blocks and misses some when lines end with LF alone."""
    text = (ROOT / "run.cmd").read_bytes()
    assert text.count(b"\n") == text.count(b"\r\n")
    jumps = {*(line.split(b":")[1] for line in text.split(b"\r\n") if b"call :" in line)}
    jumps = {name.split()[0] for name in jumps}
    assert all(b"\r\n:" + name + b"\r\n" in text for name in jumps)
    swallowed = [line for line in text.decode().split("\r\n") if line and not line[-1].isascii()]
    assert not swallowed, "in another code page the last byte of such a line takes the line's end with it"


def test_the_windows_script_knows_the_same_words() -> None:
    text = (ROOT / "run.cmd").read_text("utf-8")
    (known,) = [line for line in text.splitlines() if line.startswith("for %%w in (demo")]
    assert set(known.split("(")[1].split(")")[0].split()) == {*WORDS, "test", "bench", "--version"}
    assert all(f"echo   run {word} " in text for word in [*WORDS, "test", "bench"] if word != "demo")


def test_the_windows_script_wishes_for_what_the_other_does() -> None:
    text = (ROOT / "run.cmd").read_text("utf-8")
    (line,) = [line for line in text.splitlines() if "tomllib" in line]
    code = line.split('-c "')[1].split('" >')[0]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    more = project["optional-dependencies"]
    for kind, wished in (("runtime", []), ("dev", [*more["dev"], *more["fleet"]])):
        environment = {**os.environ, "here": f"{ROOT}/", "kind": kind}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
        assert done.stdout.splitlines() == [*project["dependencies"], *wished]
