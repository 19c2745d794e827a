"""The join code: many uses, no age, and what wrong guesses may do to it (security.md §1)."""

from __future__ import annotations

import random

import pytest

from protocol.guesses import Guess
from protocol.join_codes import WRONG_A_MINUTE, JoinCodes


def opened(seed: int = 1) -> JoinCodes:
    codes = JoinCodes(random.Random(seed).randrange)
    codes.open()
    return codes


def guessed(codes: JoinCodes, source: str, now: float) -> Guess:
    guess = codes.guess(source, now)
    assert guess is not None
    assert guess.digits == (codes.code,)
    return guess


def test_there_is_no_code_until_joining_is_opened_and_none_after_it_is_closed() -> None:
    codes = JoinCodes(random.Random(1).randrange)
    assert codes.code == ""
    assert codes.guess("10.0.0.1", 0.0) is None
    codes.open()
    code = codes.code
    assert len(code) == 6
    assert code.isdigit()
    codes.close()
    assert codes.code == ""
    assert codes.guess("10.0.0.2", 0.0) is None
    codes.open()
    assert codes.code == code, "who noted it can still use it"
    codes.forget()
    codes.open()
    assert codes.code != code, "another briefing"


def test_the_code_is_good_for_many_and_has_no_age() -> None:
    codes = opened()
    code = codes.code
    for n in range(300):
        now = n * 3_600.0
        assert codes.redeem(guessed(codes, "10.0.0.1", now), 0, now)
    assert codes.code == code


def test_a_new_code_is_good_at_once_and_the_old_one_for_nobody_not_even_who_is_being_tested() -> None:
    codes = opened()
    old, guess = codes.code, guessed(codes, "10.0.0.1", 0.0)
    codes.renew()
    assert codes.code not in ("", old)
    assert not codes.redeem(guess, 0, 0.1)


def test_closing_stops_who_is_being_tested() -> None:
    codes = opened()
    guess = guessed(codes, "10.0.0.1", 0.0)
    codes.close()
    assert not codes.redeem(guess, 0, 0.1)


def test_a_source_has_five_wrong_guesses_a_minute_and_takes_nothing_from_others() -> None:
    codes = opened()
    for n in range(WRONG_A_MINUTE):
        codes.missed(guessed(codes, "10.0.0.1", float(n)))
    assert codes.guess("10.0.0.1", 59.9) is None
    assert not codes.busy("10.0.0.1", 59.9), "nothing is under way: waiting would not help"
    assert codes.guess("10.0.0.2", 59.9) is not None
    assert codes.guess("10.0.0.1", 60.0) is not None


def test_wrong_guesses_at_one_time_are_five_as_well_and_right_ones_cost_nothing() -> None:
    """Many people behind one address: the sixth waits for what becomes of the others."""
    codes = opened()
    under_way = [guessed(codes, "10.0.0.1", 1.0 + n / 100) for n in range(WRONG_A_MINUTE)]
    assert codes.busy("10.0.0.1", 1.1)
    assert not codes.busy("10.0.0.2", 1.1)
    assert codes.redeem(under_way[0], 0, 1.2)
    assert not codes.busy("10.0.0.1", 1.2)
    under_way.append(guessed(codes, "10.0.0.1", 1.2))
    for guess in under_way[1:]:
        codes.missed(guess)
    assert not codes.busy("10.0.0.1", 1.3)
    assert codes.guess("10.0.0.1", 1.3) is None


def test_seventy_nine_at_once_are_served_twenty_a_second_within_four_seconds() -> None:
    codes = opened()
    served = [guessed(codes, f"10.0.0.{n}", 1.0).serve_at for n in range(79)]
    assert served == pytest.approx([1.0 + n / 20 for n in range(79)])


def test_what_comes_faster_than_it_can_be_served_is_refused_and_nothing_grows_without_end() -> None:
    codes = opened()
    taken = [codes.guess(f"10.{n // 65_536}.{n // 256 % 256}.{n % 256}", 1.0) for n in range(10_000)]
    served = [guess for guess in taken if guess is not None]
    assert len(served) == 81
    for guess in served:
        codes.missed(guess)
    codes.guess("10.9.9.9", 100.0)
    assert len(codes._under_way) == 1
    assert len(codes._count._by_source) == 1
