"""Settings on trial: what is on the disk after a cut of the power at any moment, and who ends a trial."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk import settings_trial
from kiosk.settings_trial import STARTS, TRIAL_FILE, SettingsTrial

pytestmark = pytest.mark.expected_logs("the former ones are back")
OLD, NEW = "[room]\nnumber = 27\nname = 'old'\n", "[room]\nnumber = 27\nname = 'new'\n"
NOW = 1_795_500_000.0


class Display:
    """A settings file, and one run of the program after the other."""

    def __init__(self, folder: Path) -> None:
        self.config, self.state = folder / "kiosk.toml", folder
        self.config.write_text(OLD, "utf-8")

    def run(self, crashed: bool = False) -> SettingsTrial:
        trial = SettingsTrial(self.config, self.state)
        trial.begin_run(NOW, crashed)
        return trial

    def change(self, trial: SettingsTrial, text: str = NEW) -> None:
        trial.prepare(self.text, text)
        self.config.write_text(text, "utf-8")

    @property
    def text(self) -> str:
        return self.config.read_text("utf-8")


@pytest.fixture
def display(tmp_path: Path) -> Display:
    return Display(tmp_path)


def test_what_a_console_confirms_stays(display: Display) -> None:
    display.change(display.run())
    run = display.run()
    assert run.on_trial
    assert run.confirm()
    assert not run.confirm()
    assert not display.run().on_trial
    assert display.text == NEW


def test_each_start_has_the_same_patience_and_the_last_one_none(display: Display) -> None:
    display.change(display.run())
    runs = [display.run() for _ in range(STARTS + 1)]
    assert [run.on_trial for run in runs] == [True] * STARTS + [False]
    assert (display.text, runs[-1].returned) == (OLD, int(NOW))
    assert display.run().returned == int(NOW), "it is told until somebody has seen it"
    run = display.run()
    run.acknowledge()
    assert display.run().returned == 0


def test_a_screen_that_stops_again_and_again_takes_them_back_at_once(display: Display) -> None:
    display.change(display.run())
    assert display.run(crashed=True).returned
    assert display.text == OLD


def test_what_is_changed_by_hand_is_nobodys_trial(display: Display) -> None:
    display.change(display.run())
    by_hand = NEW + "# by hand\n"
    display.config.write_text(by_hand, "utf-8")
    assert not display.run(crashed=True).on_trial
    assert display.text == by_hand
    assert not (display.state / TRIAL_FILE).exists()


def test_two_changes_in_one_run_go_back_to_what_was_before_both(display: Display) -> None:
    run = display.run()
    display.change(run)
    display.change(run, NEW + "language = 'en'\n")
    assert display.run().go_back(NOW)
    assert display.text == OLD


@pytest.mark.bad_input(row=68)
@pytest.mark.expected_logs("cannot be")
@pytest.mark.parametrize("cut_at", range(1, 6))
def test_a_cut_of_the_power_at_any_write_leaves_the_old_or_the_new_with_its_way_back(
    display: Display, cut_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prepare and write; the next start; back: two records and the settings between them."""
    real, count = settings_trial.write_whole, iter(range(1, 100))

    def cut(data: bytes, file: Path, *mode: int) -> None:
        if next(count) >= cut_at:
            raise OSError(5, "the power is out")
        real(data, file, *mode)

    def change() -> None:
        run = display.run()
        run.prepare(OLD, NEW)
        cut(NEW.encode(), display.config)

    monkeypatch.setattr(settings_trial, "write_whole", cut)
    steps: tuple[Callable[[], object], ...] = (change, lambda: display.run().go_back(NOW))
    for step in steps:
        try:
            step()
        except OSError:
            break
    monkeypatch.setattr(settings_trial, "write_whole", real)
    assert display.text in (OLD, NEW)
    run = display.run(crashed=True)
    assert display.text == OLD
    assert not run.on_trial
    assert (run.returned > 0) == (cut_at > 2)


@pytest.mark.expected_logs("cannot be read")
@pytest.mark.parametrize("text", ["", "[]", "{", '{"before": 1}', '{"starts": "x"}'])
def test_a_damaged_record_stops_no_display(display: Display, text: str) -> None:
    (display.state / TRIAL_FILE).write_text(text, "utf-8")
    assert not display.run().on_trial
    assert display.text == OLD
