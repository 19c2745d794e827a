"""Makes one folder that runs Kamizero on Windows for whoever opens it, from a share, without being installed.

    python build.py python-3.13.x-embed-amd64.zip kamizero-….whl FOLDER [--wheels FOLDER]

The first is Python's "Windows embeddable package" from its makers. It may be run on any system. Nothing of
what it makes needs an administrator, the registry, or a rule that lets connections in: everybody's settings
and keys lie below %LOCALAPPDATA%. (What it makes has not been run on Windows by us.)
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

WORDS = {
    "紙ゼロ - 説明する.cmd": "present",
    "紙ゼロ - 参加する.cmd": "join",
    "紙ゼロ - 会議室ディスプレイ.cmd": "kiosk --enrol",
    "紙ゼロ - ディスプレイの管理.cmd": "fleet",
}
"""What a person opens → the words of the command."""
# `start` lets the black window go at once; %~dp0 is this folder, a share's too.
LAUNCHER = '@echo off\r\nstart "" "%~dp0python\\pythonw.exe" -m kamizero {words} %*\r\n'
DOCTOR = '@echo off\r\nchcp 65001 >nul\r\n"%~dp0python\\python.exe" -m kamizero doctor\r\npause\r\n'
# In a terminal that was opened in the folder: kamizero ca new, kamizero doctor …
COMMAND = '@echo off\r\nchcp 65001 >nul\r\n"%~dp0python\\python.exe" -m kamizero %*\r\n'
NOT_ON_WINDOWS = re.compile(r"sys_platform\s*==\s*['\"](linux|darwin)['\"]")


def main(arguments: list[str]) -> int:
    """0 when the folder is there, whole."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("python", type=Path, help="python-3.x.y-embed-amd64.zip")
    parser.add_argument("wheel", type=Path, help="kamizero-….whl")
    parser.add_argument("folder", type=Path, help="is made; must not be there yet")
    parser.add_argument("--wheels", type=Path, help="take what it needs from here, without a network")
    given = parser.parse_args(arguments)
    version = re.search(r"python-3\.(\d+)\.", given.python.name)
    if version is None or given.folder.exists():
        parser.error(f"{given.python.name}: not an embeddable Python, or {given.folder} is there already")
    made = given.folder.with_name(given.folder.name + ".new")
    shutil.rmtree(made, ignore_errors=True)
    python, minor = made / "python", version[1]
    with zipfile.ZipFile(given.python) as archive:
        archive.extractall(python)
    packages = python / "Lib" / "site-packages"
    install(requirements(given.wheel), packages, minor, given.wheels)
    with zipfile.ZipFile(given.wheel) as archive:
        archive.extractall(packages)
    # An embeddable Python reads no environment and no registry: where its modules are stands here alone.
    (python / f"python3{minor}._pth").write_text(f"python3{minor}.zip\n.\nLib/site-packages\n", "ascii")
    for name, words in WORDS.items():
        (made / name).write_text(LAUNCHER.format(words=words), "ascii", newline="")
    (made / "紙ゼロ - この端末を調べる.cmd").write_text(DOCTOR, "ascii", newline="")
    (made / "kamizero.cmd").write_text(COMMAND, "ascii", newline="")
    made.rename(given.folder)
    print(f"{given.folder}: {sum(file.stat().st_size for file in given.folder.rglob('*')) / 2**20:.0f} MB")
    return 0


def requirements(wheel: Path) -> list[str]:
    """What the wheel needs on Windows, its extras left out."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode().splitlines()
    needed = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]
    wanted = [each for each in needed if "extra ==" not in each and not NOT_ON_WINDOWS.search(each)]
    return [each.partition(";")[0].strip() for each in wanted]


def install(needed: list[str], packages: Path, minor: str, wheels: Path | None) -> None:
    """By pip, wheels for 64-bit Windows only: nothing is compiled, and nothing of this machine gets in."""
    words = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(packages), "--no-compile"]
    words += ["--only-binary=:all:", "--platform", "win_amd64", "--python-version", f"3.{minor}"]
    words += ["--implementation", "cp"]
    if wheels is not None:
        words += ["--no-index", "--find-links", str(wheels)]
    packages.mkdir(parents=True)
    if needed:
        subprocess.run([*words, *needed], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
