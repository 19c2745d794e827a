"""Office documents for tests, made as far as a few lines go."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest

SOFFICE = shutil.which("soffice")
needs_soffice = pytest.mark.skipif(SOFFICE is None, reason="no LibreOffice here: nothing that converts")

OFFICE = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
NAMES = (
    f'{OFFICE} xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def word(file: Path, paragraphs: Sequence[str]) -> Path:
    """A .docx of these paragraphs, saved as programs do: whole, under the old name."""
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words)
    beside = file.with_name(f".{file.name}.new")
    document.save(str(beside))
    return beside.replace(file)


def open_document(file: Path, kind: str, body: str, manifest: str = "") -> Path:
    """An .odt, .ods or .odp; ``kind``: text, spreadsheet or presentation."""
    mime = f"application/vnd.oasis.opendocument.{kind}"
    entry = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("mimetype", mime)
        out.writestr(
            "content.xml",
            f'<office:document-content {NAMES} office:version="1.2"><office:body><office:{kind}>'
            f"{body}</office:{kind}></office:body></office:document-content>",
        )
        out.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest {entry} manifest:version="1.2">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
            f"{manifest}</manifest:file-entry></manifest:manifest>",
        )
    return file
