"""The English of this package's sentences, and of those that kiosk and presenter share."""

ENGLISH: dict[str, str | tuple[str, str]] = {}
