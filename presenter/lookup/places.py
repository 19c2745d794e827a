"""Where things are looked up beside the briefing: folders of the archive, searches outside. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

QUERY = "{query}"
FOLDERS, SEARCHES, NAME_LIMIT, URL_LIMIT = 50, 20, 40, 500


@dataclass(frozen=True, slots=True)
class WebSearch:
    """A search outside the house, by its ``name``; ``url`` has {query} where the words go."""

    name: str
    url: str

    def address(self, words: str) -> str:
        """What the browser is given."""
        return self.url.replace(QUERY, quote(" ".join(words.split()), safe=""))


@dataclass(frozen=True, slots=True)
class Places:
    """Folders beside that of the archive, and searches."""

    folders: tuple[str, ...] = ()
    web: tuple[WebSearch, ...] = (WebSearch("Web", "https://www.google.com/search?q={query}"),)


def is_search(entry: object) -> bool:
    """Whether it is the table of a search: a name, and an address with {query}."""
    return (
        isinstance(entry, dict)
        and set(entry) == {"name", "url"}
        and isinstance(name := entry["name"], str)
        and isinstance(url := entry["url"], str)
        and 0 < len(name.strip()) <= NAME_LIMIT
        and len(url) <= URL_LIMIT
        and url.startswith(("https://", "http://"))
        and QUERY in url
        and url.isprintable()
    )


def is_places(value: object) -> bool:
    """Whether it is a table of such places."""
    if not isinstance(value, dict) or set(value) - {"folders", "web"}:
        return False
    folders, web = value.get("folders", []), value.get("web", [])
    return (
        isinstance(folders, list)
        and len(folders) <= FOLDERS
        and all(isinstance(folder, str) and folder for folder in folders)
        and isinstance(web, list)
        and len(web) <= SEARCHES
        and all(is_search(entry) for entry in web)
    )


def read_places(table: Mapping[str, Any]) -> Places:
    """The places of a table that `is_places`; what it does not name is as usual."""
    web = tuple(WebSearch(entry["name"].strip(), entry["url"]) for entry in table.get("web", ()))
    return Places(tuple(table.get("folders", ())), web if "web" in table else Places().web)


def table_of(places: Places) -> dict[str, object]:
    """The table that `read_places` reads."""
    return {
        "folders": list(places.folders),
        "web": [{"name": search.name, "url": search.url} for search in places.web],
    }
