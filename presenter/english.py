"""The English of the presenter's sentences."""

ENGLISH: dict[str, str | tuple[str, str]] = {}
