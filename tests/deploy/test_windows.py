"""The folder for Windows, as far as it can be seen here: a stand-in for Python, a wheel without needs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

WINDOWS = Path(__file__).parents[2] / "deploy" / "windows"
METADATA = """Metadata-Version: 2.4
Name: kamizero
Requires-Dist: pyseccomp>=0.1; sys_platform == "linux"
Requires-Dist: pytest>=9; extra == "dev"
"""


def build(*words: object) -> subprocess.CompletedProcess[str]:
    words = tuple(map(str, words))
    return subprocess.run([sys.executable, WINDOWS / "build.py", *words], capture_output=True, text=True)


def test_one_folder_has_all_that_a_share_needs(tmp_path: Path) -> None:
    python, wheel = tmp_path / "python-3.13.1-embed-amd64.zip", tmp_path / "kamizero-1.0-py3-none-any.whl"
    with zipfile.ZipFile(python, "w") as archive:
        for name in ("python.exe", "pythonw.exe", "python313.zip", "python313._pth"):
            archive.writestr(name, "stand-in")
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("kamizero.py", "")
        archive.writestr("kamizero-1.0.dist-info/METADATA", METADATA)
    made = tmp_path / "Kamizero"
    done = build(python, wheel, made)
    assert done.returncode == 0, done.stderr
    assert (made / "python" / "Lib" / "site-packages" / "kamizero.py").is_file()
    assert (made / "python" / "python313._pth").read_text().split() == [
        "python313.zip",
        ".",
        "Lib/site-packages",
    ]
    present = (made / "紙ゼロ - 説明する.cmd").read_bytes()
    assert b'"%~dp0python\\pythonw.exe" -m kamizero present %*\r\n' in present
    assert b'"%~dp0python\\python.exe" -m kamizero %*\r\n' in (made / "kamizero.cmd").read_bytes()
    assert build(python, wheel, made).returncode == 2, "what is there is not written over"
    assert build(wheel, wheel, tmp_path / "other").returncode == 2
