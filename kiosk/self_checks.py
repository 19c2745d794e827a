"""What a display tests of itself in a process of its own, which can be ended at any moment: one line of JSON
for each check, [check, verdict, value]. What needs the screen is tested there (`kiosk.self_testing`).
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from kiosk.health import read_health
from kiosk.own_presenter import NotSeen
from kiosk.proof_page import HEIGHT, WIDTH, proof_paper, wrong_fields
from kiosk.self_pairing import pair_with_itself
from kiosk.self_test import Wanted
from pageview import doctor, doctor_network
from pageview import render_messages as wire
from pageview.asked_worker import AskedWorker, Gone
from pageview.doctor import Finding
from pageview.priority import give_way
from pageview.segments import Segment, SegmentStore
from protocol.errors import Unavailable
from protocol.manage import HOT, Check, CheckResult, Verdict
from protocol.values import Rect

DRAWN = (480, 270)
DRAW_SECONDS = 5.0


def main(words: Sequence[str]) -> int:
    """Runs every check; its one word is a `Wanted` as JSON."""
    wanted = msgspec.json.decode(words[0], type=Wanted)
    give_way(idle=True)  # somebody may be about to use the wall
    for result in results(wanted):
        sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")
        sys.stdout.buffer.flush()
    return 0


def results(wanted: Wanted) -> Iterator[CheckResult]:
    """One after the other, the quick ones first."""
    disk = _worst(doctor.disk(Path(wanted.state)))
    health = read_health(Path(wanted.state))
    yield CheckResult(Check.MEMORY, _worst(doctor.memory()), health.memory_free)
    yield CheckResult(Check.DISK, disk, health.disk_free)
    yield CheckResult(Check.CLOCK, _worst(doctor.clock()))
    if health.temperature is not None:
        hot = Verdict.LOOK if health.temperature >= HOT else Verdict.GOOD
        yield CheckResult(Check.TEMPERATURE, hot, health.temperature)
    yield _pairing()
    yield _cage()
    yield from _network(wanted)


def _worst(findings: Iterator[Finding]) -> Verdict:
    return max((Verdict[each.verdict.name] for each in findings), default=Verdict.GOOD)


def _cage() -> CheckResult:
    return CheckResult(Check.CAGE, _worst(doctor.cage()))


def _network(wanted: Wanted) -> Iterator[CheckResult]:
    if not wanted.mdns:
        return
    found = tuple(doctor_network.interfaces(wanted.own_networks, wanted.mdns_interfaces))
    yield CheckResult(Check.NETWORK, _worst(each for each in found if each.name == "network"))
    deaf = sum(each.name == "multicast" and each.verdict is not doctor.Verdict.GOOD for each in found)
    yield CheckResult(Check.MULTICAST, Verdict.LOOK if deaf else Verdict.GOOD, deaf)


def _pairing() -> CheckResult:
    """The paper comes over the network and is drawn from the memory that it came into."""
    store = SegmentStore()
    try:
        milliseconds = pair_with_itself(store)
        return CheckResult(Check.PAIRING, Verdict.BAD if _wrong(store) else Verdict.GOOD, milliseconds)
    except (NotSeen, Unavailable, OSError, Gone) as error:
        print(f"self-test: {type(error).__name__} {error}", file=sys.stderr, flush=True)
        return CheckResult(Check.PAIRING, Verdict.BAD)
    finally:
        store.wipe()


def _wrong(store: SegmentStore) -> int:
    """Fields of the second page that are not as they should be."""
    width, height = DRAWN
    frames = Segment(width * height * 4)
    asked = AskedWorker(frames)
    try:
        sha256 = hashlib.sha256(proof_paper()).digest()
        segment = store.segment(sha256)
        if segment is None:
            raise Gone
        asked.ready().hand(sha256, segment, None)
        asked.ask(wire.Open(1, sha256, None), DRAW_SECONDS)
        whole = Rect(0, 0, WIDTH, HEIGHT)
        asked.ask(wire.Draw(2, sha256, 1, whole, width, height, 0), DRAW_SECONDS)

        def seen(x: float, y: float) -> tuple[int, int, int]:
            at = 4 * (int(y * height) * width + int(x * width))
            blue, green, red = frames.view[at : at + 3]
            return red, green, blue

        return wrong_fields(1, seen)
    finally:
        asked.end()
        frames.wipe()
        frames.close()
