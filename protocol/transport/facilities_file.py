"""The facilities' key where it is installed, with the revocation list that lies beside it or in the state
folder."""

from __future__ import annotations

from pathlib import Path

from protocol.facilities import Facilities

BROKER_FILE = "broker.crt"
"""What the facilities' key says of this device to the broker (X.509)."""
BROKER_PORT = 8_883
REVOKED_FILE = "revoked.list"
"""The newest list as it is passed on."""
EVERY_LIST = "revoked*.list"
"""More than one where a list does not name everybody who was named before: it was signed from a backup."""


def load_facilities(file: Path, *others: Path) -> Facilities:
    """The key of ``file`` (PEM) with the lists beside it and in the folders ``others``.

    `Misuse` when it is no such key, `OSError` when it cannot be read. A list that the facilities did not sign
    does not count.
    """
    known = Facilities.from_pem(file.read_bytes())
    for folder in (file.parent, *others):
        for revoked in folder.glob(EVERY_LIST):
            known = known.with_revocations(revoked.read_bytes())
    return known
