"""`kamizero demo`: the product on one machine, as two real programs over TLS and mDNS on the loopback.

With a display a person gets a wall and a desk side by side, paired and showing the sample papers, and goes on
from there. ``--headless`` plays a whole briefing by itself and judges it by what the *other* process really
painted: its events and its own screenshots, compared with a direct drawing of the page.
"""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

import assets
from pageview.command_line import CommandLine
from presenter import demo_export, demo_record, demo_source, stage
from presenter.demo_minutes import taken_together
from presenter.demo_report import Report
from presenter.demo_windows import beside, desktop
from presenter.proof import ALIKE, Proof, has_colour, lightness
from presenter.stage import Event, NotSeen, NotTrue, Program
from protocol.values import Rect

PAPERS = Path(__file__).resolve().parent.parent / "assets" / "papers"
LOOPBACK = ("--mdns-interface", "127.0.0.1")
POINTER = 0xFF, 0x2D, 0x2D
FIGURE = 0.909, 0.277
"""A figure in the table of page 7 of the budget, as shares of the page."""
WAS, IS = "35.2％", "36.1%"
HALF = 968
"""Pixels from one half to the other, on a wall of 1920."""
INK = 0xCE, 0x00, 0x00
DARK = 8.0
"""A wall that is hidden is black, but for a line of words at its foot."""


class Briefing:
    """One briefing played from the outside. Each method is a step and returns what was seen on the wall."""

    def __init__(
        self, wall: Program, desk: Program, person: Program, proof: Proof, report: Report, papers: list[Path]
    ) -> None:
        self.wall, self.desk, self.person = wall, desk, person
        self.proof, self.report, self.papers = proof, report, papers
        self.painted: Event = {}

    def standby(self) -> str:
        code = self.wall.wait("code")
        self.number, self.code = code["room"], code["code"]
        return f"room {self.number}, a code of {len(self.code)} digits"

    def opened(self) -> str:
        papers = sorted(PAPERS.glob("*.pdf"))
        opened = [self.desk.wait("opened") for _ in papers]
        pages = {Path(paper["file"]).name: paper["pages"] for paper in opened}
        # In the order of the briefing: a small paper may be open before a large one that comes first.
        self.pages = [pages[paper.name] for paper in papers]
        return f"{len(papers)} papers, {sum(self.pages)} pages"

    def pair(self) -> str:
        self.desk.known("room_seen", lambda e: e["room"] == self.number)
        self.desk.tell("connect", room=self.number)
        self.desk.wait("found", lambda e: e["room"] == self.number)
        self.desk.tell("code", code=self.code)
        self.desk.wait("paired", lambda e: e["room"] == self.number)
        self.wall.wait("paired")
        return "paired by the code on the wall, found over mDNS"

    def cover(self) -> str:
        self.wall.wait("screen", lambda e: e["screen"] == "cover")
        if self.wall.has("painted"):
            raise NotTrue("a page was painted before 開始")
        self.shoot("cover")
        return "the neutral cover, no page"

    def start(self) -> str:
        self.desk.tell("start")
        self.desk.wait("showing")
        return self.page_painted(1)

    def turn(self) -> str:
        for page in (2, 3, 4):
            self.desk.tell("key", key="Right")
            seen = self.page_painted(page)
        return seen

    def zoom(self) -> str:
        before = area(self.painted["rect"])
        self.desk.tell("action", name="zoom_in")
        self.painted = self.wall.wait("painted", lambda e: e["sharp"] and area(e["rect"]) < before)
        share = area(self.painted["rect"]) / before
        self.shoot_page("zoom")
        self.desk.tell("action", name="whole_page")
        self.wall.wait("painted", lambda e: e["sharp"] and area(e["rect"]) >= before)
        return f"the wall showed {share:.0%} of the page, then the whole again"

    def steps(self) -> str:
        self.desk.tell("jump", page=self.portrait_page())
        first = self.wall.wait("painted", lambda e: e["sharp"] and e["steps"] > 1 and e["step"] == 0)
        self.painted = first
        self.shoot_page("step 1")
        self.desk.tell("key", key="Right")
        second = self.wall.wait("painted", lambda e: e["sharp"] and e["step"] == 1)
        if second["page_id"] != first["page_id"] or second["rect"][1] <= first["rect"][1]:
            raise NotTrue("the second step was not further down the same page")
        self.painted = second
        self.shoot_page("step 2")
        return f"step 2 of {second['steps']} of a portrait page"

    def portrait_page(self) -> int:
        """The first page of the last paper, the memo, counted through the briefing from 1."""
        return sum(self.pages[:-1]) + 1

    def pointer(self) -> str:
        self.desk.tell("pointer", x=0.4, y=0.4)
        seen = self.wall.wait("pointer")
        around = self.around(seen["x"], seen["y"])
        if not has_colour(self.shoot("pointer"), around, POINTER):
            raise NotTrue("the pointer is not in the wall's picture")
        return f"painted at {seen['x']}, {seen['y']} of the page"

    def hide(self) -> str:
        self.desk.tell("key", key="B")
        self.wall.wait("screen", lambda e: e["screen"] == "hidden")
        if lightness(self.shoot("hidden")) > DARK:
            raise NotTrue("the wall was not dark while hidden")
        self.desk.tell("key", key="B")
        self.wall.wait("screen", lambda e: e["screen"] == "show")
        return "black, then the page again"

    def hold(self) -> str:
        held = self.painted["page_id"], self.painted["rect"]
        self.desk.tell("key", key="F")
        self.desk.wait("held")
        self.wall.skip()
        self.desk.tell("key", key="Right")
        self.desk.wait("moved")
        self.shoot_page("held")
        release = time.monotonic_ns()
        self.desk.tell("key", key="F")
        released = self.wall.wait("painted", lambda e: (e["page_id"], e["rect"]) != held)
        if released["t"] < release:
            raise NotTrue("the wall moved while it was held")
        self.painted = released
        self.shoot_page("released")
        return "the wall stayed, and moved on when released"

    def cut(self) -> str:
        self.desk.tell("cut", seconds=2)
        self.wall.wait("lost")
        self.desk.tell("key", key="Home")
        self.wall.wait("back")
        seen = self.page_painted(1)
        return f"cut for 2 s while the desk went on; back by itself, {seen}"

    def write(self) -> str:
        """Somebody circles a figure on the wall; the ring is on the desk's own screen."""
        self.desk.tell("jump", page=self.budget_page())
        self.page_painted(self.budget_page())
        self.wall.tell("action", name="pen")
        x, y = FIGURE
        ring = [(x + 0.045 * math.cos(t / 5), y + 0.032 * math.sin(t / 5)) for t in range(33)]
        self.wall.tell("draw", points=ring)
        self.desk.wait("inked", lambda e: e["marks"] == 1)
        files = self.shoot_both("circled")
        desk = QImage(str(files[1])).rect()
        if not has_colour(files[1], desk.adjusted(0, desk.height() // 5, -desk.width() // 4, 0), INK):
            raise NotTrue("the ring drawn on the wall is not in the desk's picture")
        self.wall.tell("action", name="put_away")
        return "a ring drawn on the wall is on the desk"

    def correct(self) -> str:
        """What was circled becomes correction 1, is typed before everybody's eyes, and set in the PDF."""
        before = QImage(str(self.shoot("before")))
        self.desk.tell("key", key="Ctrl+M")
        self.desk.wait("correction", lambda e: e["state"] == "TYPING")
        self.desk.tell("wording", text=IS)
        self.wall.wait("corrections", lambda e: e["typed"] == [IS])
        if not has_colour(self.shoot("typed"), self.line(), INK):
            raise NotTrue("the new words are not on the wall while they are typed")
        self.desk.tell("wording", text=IS, apply=True)
        self.desk.wait("correction", lambda e: e["state"] == "DONE")
        self.painted = self.wall.wait("painted", lambda e: e["sharp"] and e["page"] == self.budget_page())
        self.corrected = self.shoot("corrected"), QRect(*self.painted["pixels"])
        after = QImage(str(self.corrected[0]))
        if after.copy(self.line()) == before.copy(self.line()):
            raise NotTrue("the corrected line looks as before")
        return "correction 1, typed on the wall and set in the page: edition 2"

    def compare(self) -> str:
        """Before and after, over the whole wall."""
        self.desk.tell("action", name="compare")
        self.wall.wait("compared", lambda e: e["number"] == 1)
        shown = QImage(str(self.shoot("compared")))
        if shown.pixelColor(shown.width() // 2, 12).lightness() > 30:
            raise NotTrue("the wall does not show before and after")
        self.desk.tell("action", name="compare")
        self.wall.wait("compared", lambda e: e["number"] == 0)
        return "edition 1 beside edition 2, and the page again"

    def halves(self) -> str:
        """The page before, beside the page, on the whole wall."""
        self.desk.tell("beside", line="前のページと並べる")
        self.wall.wait("beside", lambda e: e["place"] is not None)
        page = self.budget_page()
        self.page_painted(page)
        part, pixels = Rect(*self.painted["part"]), QRect(*self.painted["pixels"])
        seen = self.shoot("side by side")
        off = self.proof.difference(seen, page - 1, part, pixels.translated(-HALF, 0))
        if off > ALIKE:
            raise NotTrue(f"the page before is not beside it: {off:.0f} of 255 away")
        self.desk.tell("key", key="Shift+A")
        self.wall.wait("beside", lambda e: e["place"] is None)
        return f"pages {page - 1} and {page} side by side, and the page again"

    def minutes(self) -> str:
        seen = taken_together(self.desk, self.person, self.number)
        if self.wall.has("painted", lambda e: e["page"] != self.painted["page"]):
            raise NotTrue("the wall turned while minutes were taken")
        self.shoot("minutes")
        self.shoot_of(self.person, "minutes")
        return seen

    def reissue(self) -> str:
        """The memo is saved again, a paragraph longer: page and ring are on the wall as they are then."""
        fresh = demo_source.NewMemo(self.papers[0].parent)
        page = self.portrait_page() + demo_source.PAGE - 1
        self.desk.tell("jump", page=page)
        self.page_painted(page)
        self.wall.tell("action", name="pen")
        self.wall.tell("draw", points=demo_source.ring(self.painted))
        self.desk.wait("inked", lambda e: e["marks"] == 1)
        self.wall.tell("action", name="put_away")
        self.wall.skip()
        if not fresh.save():
            raise NotTrue("the memo could not be made anew")
        if self.desk.wait("source")["in_tray"]:
            raise NotTrue("the ring lost its place")
        self.wall.wait("painted", lambda e: e["sharp"])
        for _ in range(5):  # steps are cut anew and dry ink is painted a moment later
            file = self.shoot("reissued")
            painted = next(e for e in reversed(self.wall.events) if e["event"] == "painted" and e["sharp"])
            wrong = demo_source.what_is_wrong(file, painted, fresh.file, self.proof, page)
            if not wrong:
                return "the memo saved again: edition 2 on the wall, the ring with its words"
        raise NotTrue(wrong)

    def budget_page(self) -> int:
        """Page 7 of the budget, counted through the briefing from 1."""
        papers = sorted(PAPERS.glob("*.pdf"))
        return sum(self.pages[: papers.index(assets.SAMPLE_BUDGET)]) + 7

    def line(self) -> QRect:
        """Where the corrected figure is on the wall, inside the ring around it."""
        left, top, wide, high = self.painted["pixels"]
        x, y = left + round(FIGURE[0] * wide), top + round(FIGURE[1] * high)
        return QRect(x - wide // 40, y - high // 80, wide // 20, high // 40)

    def lookup(self) -> str:
        former = self.painted
        self.painted = demo_record.looked_up(self.desk, self.wall, sum(self.pages))
        seen, pixels = self.shoot("looked up"), QRect(*former["pixels"])
        if self.proof.difference(seen, former["page"], Rect(*former["part"]), pixels) <= ALIKE:
            raise NotTrue("the wall still shows the page before")
        self.desk.tell("key", key="Alt+Left")
        self.painted = self.wall.wait("painted", lambda e: e["sharp"] and e["page"] == former["page"])
        return "found in the archive, seen by the presenter alone, then a page with its source; and back"

    def record(self) -> str:
        return demo_record.filed(self.desk, self.corrected[0].parent / "filed")

    def export(self) -> str:
        file = next(paper for paper in self.papers if paper.name == assets.SAMPLE_BUDGET.name)
        shot, pixels = self.corrected
        made = demo_export.Corrected(file, 7, WAS, IS, FIGURE, shot, pixels)
        return demo_export.exported(self.desk, shot.parent / "exported", made)

    def finish(self) -> str:
        self.desk.tell("end")
        self.wall.wait("wiped")
        ended = self.desk.wait("ended")
        if self.number not in ended["wiped"]:
            raise NotTrue("the desk was not told that the wall is wiped")
        fresh = self.wall.wait("code")
        if fresh["code"] == self.code:
            raise NotTrue("the room code is still the old one")
        self.shoot("standby again")
        return "cover, wiped, told to the desk, a new code"

    def page_painted(self, page: int) -> str:
        """Wait until the wall has painted this page sharply, and look at its glass."""
        self.painted = self.wall.wait("painted", lambda e: e["sharp"] and e["page"] == page)
        self.shoot_page(f"page {page}")
        return f"page {page} sharp on the wall"

    def shoot_page(self, name: str) -> None:
        """The wall's own picture must be the page that it says it painted, drawn anew."""
        seen, painted = self.shoot(name), self.painted
        part, pixels = Rect(*painted["part"]), QRect(*painted["pixels"])
        off = self.proof.difference(seen, painted["page"], part, pixels)
        if off > ALIKE:
            raise NotTrue(f"the wall's picture is not page {painted['page']}: {off:.0f} of 255 away")

    def around(self, x: int, y: int) -> QRect:
        """Some pixels of the wall around a point of the page painted last."""
        left, top, right, bottom = self.painted["part"]
        at_x, at_y, wide, high = self.painted["pixels"]
        middle = at_x + (x - left) * wide // (right - left), at_y + (y - top) * high // (bottom - top)
        return QRect(middle[0] - 24, middle[1] - 24, 48, 48)

    def shoot(self, name: str) -> Path:
        """Both programs write what is on their own screen into the evidence folder; the wall's file."""
        return self.shoot_both(name)[0]

    def shoot_both(self, name: str) -> list[Path]:
        """The same; the wall's file and the desk's."""
        return [self.shoot_of(program, name) for program in (self.wall, self.desk)]

    def shoot_of(self, program: Program, name: str) -> Path:
        """The same, of one program."""
        program.tell("shot", name=name)
        file = program.wait("shot")["file"]
        if not Path(file).is_file():
            raise NotTrue(f"{program.name} wrote no screenshot of “{name}”")
        self.report.screenshots.append(file)
        return Path(file)


def area(rect: Sequence[int]) -> int:
    return (rect[2] - rect[0]) * (rect[3] - rect[1])


STEPS = (
    "standby",
    "opened",
    "pair",
    "cover",
    "start",
    "turn",
    "zoom",
    "steps",
    "pointer",
    "hide",
    "hold",
    "cut",
    "write",
    "correct",
    "compare",
    "halves",
    "minutes",
    "lookup",
    "reissue",
    "export",
    "finish",
    "record",
)


def headless(folder: Path, evidence: Path) -> Report:
    """Play the whole briefing; the first step that fails ends it."""
    report = Report()
    shots = ("--evidence", str(evidence))
    own_shots = ("--evidence", str(evidence / "participant"))
    demo_record.with_archive(folder / "presenter")
    papers = demo_source.copied(sorted(PAPERS.glob("*.pdf")), folder / "papers")
    with (
        Proof(papers) as proof,
        stage.kiosk(folder / "kiosk", *LOOPBACK, *shots) as wall,
        stage.presenter(folder / "presenter", *LOOPBACK, *shots, *map(str, papers)) as desk,
        stage.join(folder / "join", *LOOPBACK, *own_shots, "--name", "財政課 鈴木") as person,
    ):
        played = Briefing(wall, desk, person, proof, report, papers)
        for name in STEPS:
            if not report.play(name, getattr(played, name)):
                break
    return report


def side_by_side(folder: Path) -> int:
    """Open both windows, pair them by the code, and leave the desk to the person."""
    papers = [str(paper) for paper in sorted(PAPERS.glob("*.pdf"))]
    at, for_wall, scale = beside(*desktop())
    with (
        stage.kiosk(folder / "kiosk", *LOOPBACK, size=for_wall) as wall,
        stage.presenter(folder / "presenter", *LOOPBACK, "--windowed", at, *papers, scale=scale) as desk,
    ):
        try:
            code = wall.wait("code")
            desk.known("room_seen", lambda e: e["room"] == code["room"])
            desk.tell("connect", room=code["room"])
            desk.wait("found")
            desk.tell("code", code=code["code"])
            desk.wait("paired")
        except NotSeen as failure:
            print(f"デモを始められませんでした。 The demo could not start: {failure}", file=sys.stderr)
            return 1
        print("準備ができました。大きいほうの窓で「説明を始める」を押してください。")
        print("Ready: press the large start button in the larger window.")
        desk.stay()
    return 0


def _parser() -> CommandLine:
    made = CommandLine(
        prog="kamizero demo", description="1台で両方の画面を試す / try both windows on this machine"
    )
    add = made.add_argument
    add("--headless", action="store_true", help="画面なしで全部を行って判定する / play it all and judge it")
    add("--report", type=Path, metavar="FILE", help="判定をJSONで書く / write the verdict (with --headless)")
    add("--evidence", type=Path, metavar="DIR", help="画面の写しを書き出すフォルダ / folder for screenshots")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = _parser().parse_args(arguments)
    on_screen = sys.platform == "win32" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    with tempfile.TemporaryDirectory(prefix="kamizero-demo-") as folder:
        if not chosen.headless and on_screen:
            return side_by_side(Path(folder))
        if not chosen.headless:
            print("画面がないため、自動で実演します。 No display here: the demo plays by itself.")
        evidence = (chosen.evidence or Path(tempfile.mkdtemp(prefix="kamizero-evidence-"))).absolute()
        try:
            evidence.mkdir(parents=True, exist_ok=True)
            if chosen.report:
                chosen.report.parent.mkdir(parents=True, exist_ok=True)
                chosen.report.touch()
        except OSError as refused:
            print(
                f"書き出せません。 Cannot be written: {refused.filename} ({refused.strerror})",
                file=sys.stderr,
            )
            return 2
        report = headless(Path(folder), evidence)
    if chosen.report:
        chosen.report.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"{'OK' if report.ok else 'FAILED'}: {len(report.steps)} steps, screenshots in {evidence}")
    return 0 if report.ok else 1


if __name__ == "__main__":
    sys.exit(main())
