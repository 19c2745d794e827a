"""The English of the kiosk's sentences."""

ENGLISH: dict[str, str | tuple[str, str]] = {}
