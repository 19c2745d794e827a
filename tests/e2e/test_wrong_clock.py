"""Row 56: the clock leaps by ten years, then stands in 1970, while a briefing goes on."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.staging import paired

TEN_YEARS_S = 3_650 * 86_400
TO_1970_S = -(2**62)
CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
static volatile long *ahead;
static int (*real)(clockid_t, struct timespec *);
__attribute__((constructor)) static void begin(void) {
    real = dlsym(RTLD_NEXT, "clock_gettime");
    int file = open(getenv("WRONG_CLOCK"), O_RDONLY);
    void *map = mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
    if (map != MAP_FAILED) ahead = map;
}
int clock_gettime(clockid_t which, struct timespec *now) {
    int outcome = real(which, now);
    if (which == CLOCK_REALTIME && ahead) now->tv_sec = *ahead < -now->tv_sec ? 86400 : now->tv_sec + *ahead;
    return outcome;
}
time_t time(time_t *to) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (to) *to = now.tv_sec;
    return now.tv_sec;
}
int gettimeofday(struct timeval *to, void *zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    to->tv_sec = now.tv_sec, to->tv_usec = now.tv_nsec / 1000;
    return 0;
}
"""


@pytest.fixture
def set_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Puts the wall clock of programs that start from now on, and while they run, so many seconds off."""
    if sys.platform != "linux" or shutil.which("cc") is None:
        pytest.skip("a clock of its own needs Linux and a C compiler")
    source, library, offset = (tmp_path / name for name in ("clock.c", "clock.so", "ahead"))
    source.write_text(CLOCK)
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    offset.write_bytes(bytes(8))
    monkeypatch.setenv("LD_PRELOAD", str(library))
    monkeypatch.setenv("WRONG_CLOCK", str(offset))

    def put(seconds: int) -> None:
        with offset.open("r+b") as file:
            file.write(struct.pack("=q", seconds))

    return put


def test_the_clock_of_a_started_program_is_ours(set_clock: Callable[[int], None]) -> None:
    def year() -> int:
        words = [sys.executable, "-c", "import datetime; print(datetime.datetime.now().year)"]
        return int(subprocess.run(words, capture_output=True, check=True).stdout)

    today = year()
    set_clock(TEN_YEARS_S)
    assert year() in (today + 9, today + 10)
    set_clock(TO_1970_S)
    assert year() == 1970


@pytest.mark.long
@pytest.mark.bad_input(row=56)
def test_a_briefing_goes_on_whatever_the_clock_says(set_clock: Callable[[int], None]) -> None:
    with paired(size="1280x720") as staged:
        staged.start()
        page = 1
        for clock in (TEN_YEARS_S, TO_1970_S, 0):
            set_clock(clock)
            page += 1
            staged.turn("Right", page)
            # The link itself is made anew as well: no certificate is judged by its dates.
            staged.wall.tell("cut", seconds=0.5)
            staged.wall.wait("back")
            page += 1
            staged.turn("Right", page)
        assert not staged.wall.has("code")
        staged.desk.tell("end")
        staged.wall.wait("wiped")
