"""What every test stands on: no screen needed, a home of its own, nothing left behind or complained about.

A test fails when it leaves a thread, a child process or a top-level widget, when something logs at WARNING or
above that it did not announce (`expected_logs`), or when Qt complains (the known messages and their reasons
are in pyproject.toml).
"""

from __future__ import annotations

import gc
import json
import logging
import multiprocessing
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

THREAD_GRACE_S = 3.0
FIGURE = "figure"
"""A figure's name among what a test reports: it comes so from whichever process ran the test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the tests marked long as well")
    parser.addoption("--soak", type=int, default=30, metavar="MINUTES", help="how long the soak lasts (30)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    skip = pytest.mark.skip(reason="long; runs with --long")
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(skip)


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[..., None]:
    """``figure(name, reach=…, got=…, ok=…)``: a line of JSON at the end of the run; what is not ok fails.

    ``speed``: it is a matter of the machine's speed too, so that a miss is told and fails nothing.
    """

    def say(name: str, *, reach: object, got: object, ok: bool, speed: bool = False) -> None:
        request.node.user_properties.append((FIGURE, {"name": name, "reach": reach, "got": got, "ok": ok}))
        assert ok or speed, f"{name}: {got}; the reach is {reach}"

    return say


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    figures = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, value in report.user_properties
        if name == FIGURE
    ]
    if figures:
        terminalreporter.section("figures")
    for each in figures:
        terminalreporter.write_line(json.dumps(each, ensure_ascii=False))


def _patterns(request: pytest.FixtureRequest, marker: str) -> list[re.Pattern[str]]:
    return [re.compile(mark.args[0]) for mark in request.node.iter_markers(marker)]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of the test's own; no test reads or writes the person's settings, keys or journals."""
    folder = tmp_path / "home"
    for variable, name in {
        "HOME": "",
        "XDG_CONFIG_HOME": ".config",
        "XDG_STATE_HOME": ".local/state",
        "XDG_DATA_HOME": ".local/share",
        "XDG_CACHE_HOME": ".cache",
        "XDG_RUNTIME_DIR": "run",
    }.items():
        place = folder / name
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        monkeypatch.setenv(variable, str(place))
    return folder


@pytest.fixture(autouse=True)
def english_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables of English that one program hands in are gone with its test: another says it otherwise."""
    wording = sys.modules.get("pageview.wording")
    if wording is not None:
        monkeypatch.setattr(wording, "_english", dict(wording._english))


@pytest.fixture(autouse=True)
def nothing_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """No thread or child process outlives the test that started it."""
    before = set(threading.enumerate())
    children_before = set(multiprocessing.active_children())
    yield
    allowed = _patterns(request, "expected_threads")
    left = [
        thread
        for thread in threading.enumerate()
        if thread not in before and not any(pattern.search(thread.name) for pattern in allowed)
    ]
    for thread in left:
        thread.join(THREAD_GRACE_S)
    alive = [thread.name for thread in left if thread.is_alive()]
    assert not alive, f"threads left running: {alive}"
    children = [child.name for child in multiprocessing.active_children() if child not in children_before]
    assert not children, f"child processes left running: {children}"


@pytest.fixture(autouse=True)
def no_widget_left() -> Iterator[None]:
    """No top-level widget outlives the test that made it, and the language is Japanese again."""
    before = {id(widget) for widget in _top_level_widgets()}
    yield
    left = [widget for widget in _top_level_widgets() if id(widget) not in before]
    if left:
        del left
        gc.collect()
        left = [widget for widget in _top_level_widgets() if id(widget) not in before]
    names = [f"{type(widget).__name__} {widget.windowTitle()!r}" for widget in left]
    wording = sys.modules.get("pageview.wording")
    if wording is not None:
        wording.set_language("ja")
    assert not names, f"top-level widgets left: {names}"


def _top_level_widgets() -> list:
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    core = sys.modules["PySide6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    return widgets.QApplication.topLevelWidgets()


@pytest.fixture(autouse=True)
def no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing is logged at WARNING or above unless the test announces it with `expected_logs`."""
    seen = _Records()
    logging.getLogger().addHandler(seen)
    yield
    logging.getLogger().removeHandler(seen)
    expected = _patterns(request, "expected_logs")
    surprises = [text for text in seen.texts if not any(pattern.search(text) for pattern in expected)]
    assert not surprises, f"unexpected log messages: {surprises}"


class _Records(logging.Handler):
    """Keeps the text of what is logged at WARNING or above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(f"{record.levelname} {record.name}: {record.getMessage()}")
