"""A briefing goes on and another room is found while 10,000 fake services are announced.

``python -m tests.e2e.mdns_flood FOLDER`` in a network namespace of its own prints one line of JSON; with
``flood ROOM`` it is the attacker, who prints how many fakes it has sent.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.harness import owned_mib
from benchmarks.staging import LOOPBACK, come_to_rest
from presenter import stage
from protocol.transport.candidates import Announcement
from protocol.transport.events import Event, Failed, Found, Gone, Lost, Paired, RoomLinkState
from protocol.transport.mdns import random_name
from tests.kiosk.desk import Desk
from tests.protocol.transport.mdns_attacker import GROUP, attacker, datagram

FAKES = 10_000
LIVE, WANTED = 3_101, 3_102
SECONDS = 10


def flood() -> None:
    """FAKES within SECONDS from four addresses, a tenth of them as the room that is looked for, and on."""
    chosen = random.Random(1)
    with ExitStack() as leaving:
        senders = [leaving.enter_context(attacker(f"127.0.7.{n}")) for n in range(1, 5)]
        began, sent = time.monotonic(), 0
        while True:
            for _ in range(FAKES // SECONDS // 20):
                number = WANTED if chosen.random() < 0.1 else chosen.randint(1, 99_999)
                text = Announcement(number, False if chosen.random() < 0.8 else None).text
                fake = datagram(random_name(), text, "127.0.0.1", port=chosen.randint(1_024, 65_535))
                senders[sent % len(senders)].sendto(fake, GROUP)
                sent += 1
            print(sent, flush=True)
            time.sleep(max(0.0, began + sent * SECONDS / FAKES - time.monotonic()))


class WatchedDesk(Desk):
    """Counts what went wrong with its link."""

    def __init__(self, folder: Path) -> None:
        self.lost = 0
        super().__init__(folder)

    def _take(self, events: tuple[Event, ...]) -> None:  # type: ignore[override]
        self.lost += sum(isinstance(e, RoomLinkState) and isinstance(e.state, Lost | Gone) for e in events)
        super()._take(events)


def turns(desk: Desk, wall: stage.Program, pages: range) -> float:
    """The slowest of these turns, in ms, from the word to the wall's paint."""
    slowest = 0.0
    for page in pages:
        began = time.monotonic_ns()
        desk.show(page)
        painted = wall.wait("painted", lambda e, n=page: e["page"] == n + 1)
        slowest = max(slowest, (painted["t"] - began) / 1e6)
    return slowest


def main(folder: Path) -> None:
    with ExitStack() as leaving:
        enter = leaving.enter_context
        live = enter(stage.kiosk(folder / "live", *LOOPBACK, "--port", "47500", number=LIVE))
        wanted = enter(stage.kiosk(folder / "wanted", *LOOPBACK, "--port", "47501", number=WANTED))
        desk = enter(WatchedDesk(folder / "first"))
        desk.offer()
        live_code, code = live.wait("code")["code"], wanted.wait("code")["code"]
        paired = desk.pair(LIVE, live_code)
        desk.start(LIVE)
        live.wait("painted", lambda e: e["sharp"])
        calm = turns(desk, live, range(1, 6))
        come_to_rest(live, wanted)
        before = [owned_mib(each.processes()) for each in (live, wanted)]
        words = [sys.executable, "-m", "tests.e2e.mdns_flood", "flood"]
        fakes = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        leaving.callback(fakes.communicate)
        leaving.callback(fakes.kill)
        sent = until(fakes, FAKES // 2)
        late = enter(WatchedDesk(folder / "second"))
        began = time.monotonic()
        late.call(late.owner.connect, WANTED, None)
        late.state(Found)
        found_s = time.monotonic() - began
        late.call(late.owner.submit_code, WANTED, code)
        answer = late.state(Paired, Failed)
        wanted.wait("screen", lambda e: e["screen"] == "cover")
        paired_s = time.monotonic() - began
        late.call(late.owner.end)
        wanted.wait("wiped")
        storm = turns(desk, live, range(6, 11))
        sent = until(fakes, FAKES)
        after = owned_mib(live.processes()) - before[0]
        print(
            json.dumps(
                {
                    "paired": isinstance(paired, Paired),
                    "right_room": isinstance(answer, Paired),
                    "found_s": round(found_s, 2),
                    "paired_s": round(paired_s, 2),
                    "fakes": sent,
                    "grown_mb": round(after, 1),
                    "lost": desk.lost,
                    "turn_ms_calm": round(calm),
                    "turn_ms_flood": round(storm),
                }
            ),
            flush=True,
        )


def until(fakes: subprocess.Popen[str], wanted: int) -> int:
    """Returns when so many fakes have been sent."""
    assert fakes.stdout is not None
    sent = 0
    while sent < wanted:
        sent = int(fakes.stdout.readline())
    return sent


if __name__ == "__main__":
    flood() if sys.argv[1] == "flood" else main(Path(sys.argv[1]))
