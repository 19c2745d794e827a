"""What stands in the displays' settings files, as they have told. Pure: nobody is asked from here."""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.fleet.hands import Hand, Hands, hands_told
from kiosk.fleet.model import Display
from kiosk.fleet.templates import Difference, Templates, Values, differences, values_told
from protocol.manage import Setting


class Present:
    """What was told stays known while it is asked for anew; with another run of the display it is void.

    ``own``: this console's device id.
    """

    def __init__(self, own: bytes) -> None:
        self._own = own
        self._values: dict[bytes, Values] = {}
        self._hands: dict[bytes, dict[str, Hand]] = {}
        """What was changed last at another console."""
        self._runs: dict[bytes, bytes] = {}
        """In which run it was asked for."""
        self._asked: set[bytes] = set()
        self._compared: dict[bytes, tuple[tuple[object, ...], tuple[Difference, ...]]] = {}
        """What is to change, and of what that was found: ten thousand are asked about again and again."""
        self.touched: set[bytes] = set()
        """Displays of which something else is known than when somebody emptied this."""

    # --- what is known ----------------------------------------------------------------------------------

    def is_asked(self, display: Display) -> bool:
        """It was asked in its present run, and what it said still counts."""
        run = None if display.status is None else display.status.run
        return display.device in self._asked and self._runs.get(display.device) == run

    def values(self, device: bytes) -> Values | None:
        """What stands in that display's file; None: it has not told yet."""
        return self._values.get(device)

    def hand(self, device: bytes, key: str) -> Hand | None:
        """Who at another console changed this last, as it stands there; None: nobody."""
        return self._hands.get(device, {}).get(key)

    def hands_of(self, device: bytes) -> dict[str, Hand]:
        """The same for all of its settings."""
        return self._hands.get(device, {})

    def hands(self) -> Hands:
        """All of these as they are now, for whoever is to look at them."""
        return dict(self._hands)

    def differences(self, display: Display, templates: Templates, put: Values) -> tuple[Difference, ...]:
        """What is to change there; nothing where it is not known what stands there. ``put``: what templates
        have put there."""
        present = self._values.get(display.device)
        if present is None:
            return ()
        of = display.place, display.number, templates, present, put
        known = self._compared.get(display.device)
        if known is None or known[0] != of:
            wanted = templates.of_room(display.building, display.number)
            known = self._compared[display.device] = of, differences(wanted, present, put)
        return known[1]

    # --- what comes -------------------------------------------------------------------------------------

    def ask(self, display: Display) -> None:
        """It is asked now."""
        device = display.device
        assert display.status is not None
        if self._runs.get(device) != display.status.run:
            self._runs[device] = display.status.run
            self.lose(device)
        self._asked.add(device)

    def forget(self, devices: Iterable[bytes]) -> None:
        """These are to be asked anew."""
        self._asked.difference_update(devices)

    def lose(self, device: bytes) -> None:
        """What stands there now is not known, and to be asked."""
        self._asked.discard(device)
        self._values.pop(device, None)
        self._hands.pop(device, None)
        self.touched.add(device)

    def tell(self, device: bytes, text: str) -> None:
        """It has answered."""
        self._values[device] = values_told(text)
        self._hands[device] = dict(hands_told(text, self._own))
        self.touched.add(device)

    def change(self, device: bytes, changes: Iterable[Setting]) -> None:
        """It has obeyed."""
        values = dict(self._values.get(device, {}))
        for change in changes:
            values.pop(change.key, None)
            if change.value is not None:
                values[change.key] = change.value
        self._values[device] = values
        self.touched.add(device)
