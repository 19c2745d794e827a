"""Fuzzing of what strangers send and what a crash leaves: hello, frame, journal record, edition op."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz.targets import FAILED, TARGETS

SECONDS = int(os.environ.get("KAMIZERO_FUZZ_SECONDS", "20"))
"""For each target, under ``--long``. The reach of a release is 600."""
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_and_inputs_that_once_failed(target: str) -> None:
    judge, seeds = TARGETS[target]
    for seed in seeds():
        judge(seed)
    for file in sorted((FAILED / target).glob("*")):
        judge(file.read_bytes())


@pytest.mark.long
@pytest.mark.parametrize("target", TARGETS)
def test_nothing_fails_under_a_fuzzer(target: str, tmp_path: Path, figure: Callable[..., None]) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed; it has packages for Linux on x86-64 alone")
    command = [sys.executable, "-m", "tests.fuzz.harness", target, str(tmp_path), str(SECONDS)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=SECONDS + 120,
        check=False,
    )
    tried = re.search(r"number_of_executed_units: (\d+)", done.stderr)
    failed = [file for file in tmp_path.iterdir() if file.is_file()]
    for file in failed:
        (FAILED / target).mkdir(parents=True, exist_ok=True)
        shutil.copy(file, FAILED / target)
    figure(
        f"coverage-guided fuzzing of {target}",
        reach=f"{SECONDS} s, 0 crashes",
        got=f"{tried[1] if tried else 'no'} inputs, {len(failed)} crashes",
        ok=done.returncode == 0 and tried is not None and not failed,
    )
