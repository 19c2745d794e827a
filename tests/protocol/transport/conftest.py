"""What the tests at a broker share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from protocol.transport import broker as broker_module
from protocol.transport import broker_display
from tests.protocol.transport.mosquitto import PROGRAM, Broker, mosquitto


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One that runs for all its tests: each comes with keys of its own."""
    if PROGRAM is None:
        pytest.skip("mosquitto is not installed")
    with mosquitto(tmp_path_factory.mktemp("broker")) as made:
        yield made


@pytest.fixture
def quick_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long before it dials a broker again, or answers."""
    monkeypatch.setattr(broker_display, "ANSWER_SPREAD", 0.0)
    monkeypatch.setattr(broker_module, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(broker_module, "CONNECT", 1.0)
