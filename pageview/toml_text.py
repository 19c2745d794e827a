"""TOML as a person may have written it: what is wrong with it comes out in one way."""

from __future__ import annotations

import tomllib
from typing import Any


def parse_toml(text: str) -> dict[str, Any]:
    """The table in this text; `tomllib.TOMLDecodeError`, whatever is wrong with it.

    The library itself lets what nests too deep out as a RecursionError, and a number of too many digits as
    another ValueError.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except (RecursionError, ValueError) as error:
        raise tomllib.TOMLDecodeError(str(error)) from error
