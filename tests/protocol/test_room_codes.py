"""The code on the wall: its life, and what guesses may do to it (security.md §1, rows 20-22)."""

from __future__ import annotations

import random

import pytest

from protocol.room_codes import GUESSES_A_MINUTE, WRONG_AN_HOUR, RoomCodes


def codes(now: float = 0.0, seed: int = 1) -> RoomCodes:
    return RoomCodes(now, random.Random(seed).randrange)


def wrong_guesses(book: RoomCodes, count: int, now: float) -> None:
    """That many guesses, as fast as they are served, each from an address of its own."""
    for n in range(count):
        assert book.guess(f"10.0.{n // 250}.{n % 250}", now + n / 20) is not None


def test_the_code_has_six_digits_and_changes_after_ten_minutes() -> None:
    book = codes()
    first = book.code
    assert len(first) == 6
    assert first.isdigit()
    assert not book.tick(599.9)
    assert book.code == first
    assert book.tick(600.0)
    assert book.code != first
    assert book.expires_at == 1_200.0


@pytest.mark.parametrize(("now", "good"), [(600.0, True), (659.9, True), (660.0, False), (5_000.0, False)])
def test_the_former_code_is_good_for_another_minute_after_a_change_by_time(now: float, good: bool) -> None:
    book = codes()
    former = book.code
    guess = book.guess("10.0.0.1", now)
    assert guess is not None
    assert guess.digits[0] == book.code
    assert (former in guess.digits) is good


def test_a_used_code_is_replaced_and_good_for_nobody_else() -> None:
    book = codes()
    first, second = book.guess("10.0.0.1", 1.0), book.guess("10.0.0.2", 1.0)
    assert first is not None
    assert second is not None
    used = book.code
    assert book.redeem(first, 0, 1.1)
    assert not book.redeem(second, 0, 1.2)
    assert book.code != used
    later = book.guess("10.0.0.3", 2.0)
    assert later is not None
    assert used not in later.digits


def test_wrong_guesses_below_the_thirtieth_do_not_touch_the_code() -> None:
    book = codes()
    code = book.code
    wrong_guesses(book, WRONG_AN_HOUR - 1, 1.0)
    assert book.code == code


def test_the_thirtieth_wrong_guess_replaces_the_code_once_by_ten_digits() -> None:
    book = codes()
    before = book.code
    wrong_guesses(book, WRONG_AN_HOUR, 1.0)
    assert len(book.code) == 10
    after = book.code
    wrong_guesses(book, 200, 4.0)
    assert book.code == after
    late = book.guess("10.9.9.9", 30.0)
    assert late is not None
    assert before not in late.digits


def test_ten_digits_stay_until_an_hour_has_seen_fewer_than_thirty() -> None:
    book = codes()
    wrong_guesses(book, WRONG_AN_HOUR, 100.0)
    for now in (700.0, 1_300.0, 3_100.0, 3_699.0):
        book.tick(now)
        assert len(book.code) == 10
    book.tick(4_300.0)
    assert len(book.code) == 6


def test_a_right_guess_is_not_counted_as_a_wrong_one() -> None:
    book = codes()
    for n in range(2 * WRONG_AN_HOUR):
        guess = book.guess(f"10.0.0.{n}", float(n))
        assert guess is not None
        assert book.redeem(guess, 0, float(n))
    assert book.wrong_guesses(100.0) == 0
    assert len(book.code) == 6


def test_a_guess_against_two_codes_counts_as_two() -> None:
    book = codes()
    assert book.guess("10.0.0.1", 610.0) is not None
    assert book.wrong_guesses(610.0) == 2


def test_a_source_has_three_guesses_a_minute_and_takes_nothing_from_others() -> None:
    book = codes()
    taken = [book.guess("10.0.0.1", 1.0) for _ in range(50)]
    assert sum(guess is not None for guess in taken) == GUESSES_A_MINUTE
    assert book.wrong_guesses(1.0) == GUESSES_A_MINUTE
    assert book.guess("10.0.0.2", 1.0) is not None
    assert book.guess("10.0.0.1", 60.9) is None
    assert book.guess("10.0.0.1", 61.0) is not None


def test_all_sources_together_are_served_twenty_a_second_in_turn_and_nobody_waits_long() -> None:
    book = codes()
    served = [book.guess(f"10.0.0.{n}", 1.0) for n in range(60)]
    times = [guess.serve_at for guess in served if guess is not None]
    assert times == pytest.approx([1.0 + n / 20 for n in range(len(times))])
    assert times[-1] == pytest.approx(3.0, abs=0.051)
    assert served[59] is None
    late = book.guess("10.0.1.1", 2.0)
    assert late is not None
    assert late.serve_at == pytest.approx(times[-1] + 0.05)


def test_a_machine_with_addresses_without_number_fills_half_the_turns_and_no_more() -> None:
    """IPv6 gives 2^64 of them to everybody."""
    book = codes()
    served = [book.guess(f"fd00:0:0:27::{n:x}", 1.0 + n / 100) for n in range(1_000)]
    ours = [guess for guess in served if guess is not None]
    assert len(ours) == pytest.approx(120, abs=3), "ten a second, and those that wait"
    for other in ("10.0.0.1", "fd00:0:0:28::1"):
        honest = book.guess(other, 11.0)
        assert honest is not None
        assert honest.serve_at < 11.2


def test_an_honest_presenter_gets_in_while_others_guess_all_day() -> None:
    """Nobody can lock a room: with a guess a second from changing addresses, the right code still works."""
    book = codes()
    for second in range(0, 24 * 3_600, 40):
        wrong_guesses(book, 4, float(second))
    guess = book.guess("10.5.5.5", 86_400.0)
    assert guess is not None
    assert book.redeem(guess, guess.digits.index(book.code), 86_400.2)


def test_a_day_of_guessing_succeeds_in_less_than_one_in_a_thousand() -> None:
    """The best a guesser can do: stay just below thirty an hour, or flood; chances added up as it goes."""
    for an_hour in (WRONG_AN_HOUR - 1, 72_000):
        book = codes()
        chance = 0.0
        gap = 3_600.0 / an_hour
        now, source = 0.0, 0
        while now < (86_400.0 if an_hour < 100 else 3_600.0):
            source += 1
            guess = book.guess(f"s{source // 3}", now)
            if guess is not None:
                chance += sum(10.0 ** -len(code) for code in guess.digits)
            now += gap
        assert chance * (1 if an_hour < 100 else 24) < 1 / 1_000


def test_sources_that_are_gone_are_forgotten() -> None:
    book = codes()
    for n in range(1_000):
        book.guess(f"10.{n // 250}.0.{n % 250}", n * 0.1)
    assert len(book._count._by_source) <= 601
