"""What is ordered at the console: written down first, sent, answered, and the answer written down."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from kiosk.fleet.dialogs import TextShown
from kiosk.fleet.model import Display, Fleet
from kiosk.fleet.network import FleetNetwork
from kiosk.fleet.scribe import Scribe
from kiosk.fleet.template_flow import Then
from kiosk.fleet.window import FleetWindow
from kiosk.fleet.words import command_words, name_of, outcome_words
from pageview.wording import say
from protocol.manage import ChangeSettings, Command, FetchLog, Outcome
from protocol.transport.manage_events import OrderAnswered, Ordered

Heard = Callable[[bytes, Outcome | None], None]
"""Of which display, and what became of it there; None: nobody knows."""
_HERE = Display(b"", 0, "")
"""What is done at no display."""


@dataclass(slots=True, eq=False)
class _Group:
    """One order to several displays: how many of them are done, to how many it goes once more, and of how
    many it was not to be."""

    count: int
    done: int = 0
    again: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Sent:
    """An order under way. ``then`` and ``heard`` hear what came of it; ``written``: it is in the log of
    actions; ``again``: after which of these whoever gave it gives it once more."""

    command: Command
    then: Then | None = None
    written: bool = True
    heard: Heard | None = None
    again: Collection[Outcome | None] = ()
    group: _Group | None = None


class Ordering:
    """``news`` is called when something is done that other pages show soon."""

    def __init__(
        self,
        fleet: Fleet,
        window: FleetWindow,
        network: FleetNetwork,
        scribe: Scribe,
        news: Callable[[], None],
    ) -> None:
        self._fleet, self._window, self._network = fleet, window, network
        self._scribe, self._news = scribe, news
        self._under_way: dict[tuple[bytes, int], _Sent] = {}

    def order(
        self,
        devices: tuple[bytes, ...],
        command: Command,
        then: Then | None = None,
        *,
        heard: Heard | None = None,
        again: Collection[Outcome | None] = (),
    ) -> None:
        """Written down first; what cannot be written down is not done, and ``then`` and ``heard`` are told
        that it did not arrive. ``again``: what is followed by the same order, later."""
        displays = [self._fleet.displays[each] for each in devices]
        if not displays:
            return

        def written(error: OSError | None) -> None:
            if error is None:
                group = _Group(len(displays)) if len(displays) > 1 else None
                sent = _Sent(command, then, heard=heard, again=again, group=group)
                for each in displays:
                    if isinstance(command, ChangeSettings) and self._runs_anew(each):
                        self._hear(each.device, sent, Outcome.NOT_FOR_THIS, "")
                    else:
                        self._network.order(each.device, command, sent)
                self._window.tell(_about(displays[0], len(displays)) + command_words(command))
                return
            self._not_done(error)
            for each in displays:
                if then is not None:
                    then(None, "")
                if heard is not None:
                    heard(each.device, None)

        self._scribe.write(displays, command_words(command), say("指示しました"), written)

    def _runs_anew(self, display: Display) -> bool:
        """It has started since, maybe with settings of another console, which nobody here has seen."""
        now = self._fleet.displays.get(display.device, display).status
        return display.status is not None and now is not None and now.run != display.status.run

    def ask(self, device: bytes, command: Command, then: Then | None = None) -> None:
        """An order by which nothing is done at the display."""
        self._network.order(device, command, _Sent(command, then, written=False))

    def note(self, what: str, display: Display = _HERE) -> bool:
        """Written down: done at this console, and soon to be seen there. False where it cannot be, and must
        not be done."""
        self._news()
        try:
            self._scribe.write_now(display, what, say("できました"))
        except OSError as error:
            self._not_done(error)
            return False
        return True

    def record(self, words: str, tone: str) -> None:
        """It has come to pass: written down behind what was given before, and said."""
        self._news()
        self.write_result(_HERE, words, say("できました"), partial(self._window.tell, words, tone))

    def write_result(self, display: Display, what: str, result: str, tell: Callable[[], None]) -> None:
        """It is done, or was not; told when it stands in the log, or that it does not."""

        def written(error: OSError | None) -> None:
            tell()
            if error is not None:
                why = error.strerror or str(error)
                self._window.tell(say("操作の記録に書けません（{why}）。", why=why), "err")

        self._scribe.write([display], what, result, written)

    def tell(self, words: str, tone: str = "") -> None:
        """Said under every page."""
        self._window.tell(words, tone)

    # --- answers ----------------------------------------------------------------------------------------

    def ordered(self, event: Ordered) -> None:
        """One of them goes out, or cannot."""
        assert isinstance(event.key, _Sent)
        if event.serial:
            self._under_way[event.device, event.serial] = event.key
        else:
            self._hear(event.device, event.key, None, "")

    def answered(self, event: OrderAnswered) -> None:
        """What became of one of them."""
        sent = self._under_way.pop((event.device, event.serial), None)
        if sent is not None:
            self._hear(event.device, sent, event.outcome, event.text)

    def _hear(self, device: bytes, sent: _Sent, outcome: Outcome | None, text: str) -> None:
        if sent.written:
            self._tell_result(device, sent, outcome, text)
        if sent.then is not None:
            sent.then(outcome, text)
        if sent.heard is not None:
            sent.heard(device, outcome)

    def _tell_result(self, device: bytes, sent: _Sent, outcome: Outcome | None, text: str) -> None:
        display, command = self._fleet.displays.get(device), sent.command
        if display is None:
            return
        done, again = outcome is Outcome.DONE, outcome in sent.again
        if sent.group is not None:
            sent.group.done += done
            sent.group.again += again
            sent.group.failed += not done and not again
        result = outcome_words(outcome)
        if text and not done:
            result += say("（{why}）", why=" ".join(text.split())[:300])
        told = f"{_about(display)}{command_words(command)}  →  {result}" + (_again(1) if again else "")

        def tell() -> None:
            if sent.group is not None:
                self._tell_group(command, sent.group)
                return
            self._window.tell(told, _tone(failed=not done and not again, again=again))
            if done and isinstance(command, FetchLog):
                title = say("{name}の記録", name=name_of(display))
                none = say("この画面が始まってから、記録はありません。")
                TextShown(self._window, title, text or none).show()

        self.write_result(display, command_words(command), result, tell)

    def _tell_group(self, command: Command, group: _Group) -> None:
        """One display's answer does not stand in the place of another's."""
        told = f"{say('{n}台：', n=group.count)}{command_words(command)}  →  "
        if group.done:
            told += say("{n}台でできました。", n=group.done)
        if group.again:
            told += _again(group.again)
        if group.failed:
            told += say("{n}台では、できませんでした。わけは「操作の記録」にあります。", n=group.failed)
        self._window.tell(told, _tone(failed=group.failed > 0, again=group.again > 0))

    def _not_done(self, error: OSError) -> None:
        why = error.strerror or str(error)
        self._window.tell(say("操作の記録に書けないため、行いません（{why}）。", why=why), "err")


def _again(count: int) -> str:
    return say("{n}台には、応答が戻るか、説明が終わったときに、もう一度送ります。", n=count)


def _tone(*, failed: bool, again: bool) -> str:
    return "err" if failed else "warn" if again else ""


def _about(display: Display, count: int = 1) -> str:
    return say("{n}台：", n=count) if count > 1 else say("{name}：", name=name_of(display))
