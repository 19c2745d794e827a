"""Pages of several PDFs in one, each with its picture as it was. Only in the render process.

MuPDF's own ways of joining files lose which layers are switched off, so that what an author hid appears.
Here pages of the paper itself stay where they are, and each page from elsewhere brings its layers along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pymupdf

from pageview.export_jobs import PageJob
from pageview.pdf_paper import CannotShow, PdfPaper
from protocol.errors import Fault

mupdf = pymupdf.mupdf

INHERITED = ("Resources", "MediaBox", "CropBox", "Rotate")
OWN = ("Contents", "BleedBox", "TrimBox", "ArtBox", "UserUnit", "Group", "Tabs")
# What leads out of a page: to other pages, to the tree of fields and of the document's structure.
LEADING_OUT = ("P", "Parent", "Popup", "IRT", "StructParent", "Dest", "A", "AA")
OF_FIELD = ("T", "FT", "Ff", "V", "DA", "Q", "Opt", "MaxLen")
"""What a form field on a page may have from the tree of fields; it is not drawn, or otherwise, without."""
LAYER_LISTS = ("Order", "AS", "RBGroups", "Locked")

Opened = Callable[[bytes], PdfPaper]
"""A paper of that sum, opened anew."""


def joined_pages(base: bytes, pages: Sequence[PageJob], opened: Opened) -> PdfPaper:
    """A paper of these pages, to be changed and saved; CannotShow when one of them cannot be had."""
    whole = opened(base)
    order: list[int] = []
    used: set[int] = set()
    guests: dict[bytes, _Guest] = {}
    for page in pages:
        if page.blob == base and page.index < whole.count and page.index not in used:
            used.add(page.index)
            order.append(page.index)
            continue
        if page.blob not in guests:
            guests[page.blob] = _Guest(opened(page.blob), whole)
        order.append(guests[page.blob].bring(page.index))
    for guest in guests.values():
        guest.bring_layers()
    try:
        if order != list(range(whole.document.page_count)):
            whole.document.select(order)
    except Exception as error:
        raise CannotShow("damaged", Fault.PAPER_DAMAGED) from error
    whole.count = len(order)
    return whole


class _Guest:
    """A paper that lends pages to another; what two of its pages share is brought once."""

    def __init__(self, guest: PdfPaper, host: PdfPaper) -> None:
        self._guest = guest
        self._from = mupdf.pdf_document_from_fz_document(guest.document.this)
        self._to = mupdf.pdf_document_from_fz_document(host.document.this)
        self._map = mupdf.pdf_new_graft_map(self._to)

    def bring(self, index: int) -> int:
        """Puts a page behind all others of the host; its index there."""
        self._guest.page(index)
        sheet = mupdf.pdf_lookup_page_obj(self._from, index)
        page = mupdf.pdf_new_dict(self._to, 12)
        mupdf.pdf_dict_puts(page, "Type", mupdf.pdf_new_name("Page"))
        for key in INHERITED:
            self._put(page, key, mupdf.pdf_dict_get_inheritable(sheet, mupdf.pdf_new_name(key)))
        for key in OWN:
            self._put(page, key, mupdf.pdf_dict_gets(sheet, key))
        reference = mupdf.pdf_add_object(self._to, page)
        notes = mupdf.pdf_new_array(self._to, 4)
        for note in _items(mupdf.pdf_dict_gets(sheet, "Annots")):
            if mupdf.pdf_is_dict(note):
                self._bring_note(note, notes, reference)
        if mupdf.pdf_array_len(notes):
            mupdf.pdf_dict_puts(reference, "Annots", notes)
        mupdf.pdf_insert_page(self._to, -1, reference)
        return int(mupdf.pdf_count_pages(self._to)) - 1

    def bring_layers(self) -> None:
        """What the guest says of its layers is said in the host, too: which of them are off."""
        root = mupdf.pdf_dict_gets(mupdf.pdf_trailer(self._from), "Root")
        theirs = mupdf.pdf_dict_gets(root, "OCProperties")
        if not mupdf.pdf_is_dict(theirs):
            return
        brought = mupdf.pdf_graft_mapped_object(self._map, theirs)
        host_root = mupdf.pdf_dict_gets(mupdf.pdf_trailer(self._to), "Root")
        ours = mupdf.pdf_dict_gets(host_root, "OCProperties")
        if not mupdf.pdf_is_dict(ours):
            mupdf.pdf_dict_puts(host_root, "OCProperties", brought)
            return
        layers = _layers(brought)
        said, saying = mupdf.pdf_dict_gets(brought, "D"), _made_dict(self._to, ours, "D")
        off, already = _switched_off(brought), _switched_off(ours)
        states = {_name(each): mupdf.pdf_to_num(each) in already for each in _layers(ours)}
        for layer in layers:
            is_off = mupdf.pdf_to_num(layer) in off
            if states.get(_name(layer), is_off) != is_off:
                # Saving makes one of two layers that read the same, which these must not become.
                mupdf.pdf_dict_puts(layer, "KzFrom", mupdf.pdf_new_int(mupdf.pdf_to_num(layer)))
        _add(self._to, ours, "OCGs", layers)
        _add(self._to, saying, "OFF", [each for each in layers if mupdf.pdf_to_num(each) in off])
        _add(self._to, saying, "ON", [each for each in layers if mupdf.pdf_to_num(each) not in off])
        for key in LAYER_LISTS:
            _add(self._to, saying, key, list(_items(mupdf.pdf_dict_gets(said, key))))

    def _bring_note(self, note: Any, notes: Any, page: Any) -> None:
        kind = mupdf.pdf_to_name(mupdf.pdf_dict_gets(note, "Subtype"))
        if kind == "Popup" or (kind == "Link" and not _leads_outside(note)):
            return
        copy = mupdf.pdf_copy_dict(note)
        for key in LEADING_OUT:
            if kind != "Link" or key != "A":
                mupdf.pdf_dict_dels(copy, key)
        brought = mupdf.pdf_add_object(self._to, mupdf.pdf_graft_mapped_object(self._map, copy))
        mupdf.pdf_dict_puts(brought, "P", page)
        if kind == "Widget":
            mupdf.pdf_dict_puts(brought, "Parent", self._field_of(note))
        mupdf.pdf_array_push(notes, brought)

    def _field_of(self, note: Any) -> Any:
        """What a field says to its box on the page, without the tree that it stands in."""
        field = mupdf.pdf_new_dict(self._to, len(OF_FIELD))
        for key in OF_FIELD:
            self._put(field, key, mupdf.pdf_dict_get_inheritable(note, mupdf.pdf_new_name(key)))
        return mupdf.pdf_add_object(self._to, field)

    def _put(self, holder: Any, key: str, value: Any) -> None:
        if value.m_internal:
            mupdf.pdf_dict_puts(holder, key, mupdf.pdf_graft_mapped_object(self._map, value))


def _leads_outside(link: Any) -> bool:
    """Whether a link leads to an address, not to another page."""
    return bool(mupdf.pdf_to_name(mupdf.pdf_dict_gets(mupdf.pdf_dict_gets(link, "A"), "S")) == "URI")


def _layers(properties: Any) -> list[Any]:
    return list(_items(mupdf.pdf_dict_gets(properties, "OCGs")))


def _switched_off(properties: Any) -> set[int]:
    """The numbers of the layers that are off when the paper is opened."""
    said = mupdf.pdf_dict_gets(properties, "D")
    off = _numbers(mupdf.pdf_dict_gets(said, "OFF"))
    if mupdf.pdf_to_name(mupdf.pdf_dict_gets(said, "BaseState")) == "OFF":
        off |= {mupdf.pdf_to_num(each) for each in _layers(properties)}
        off -= _numbers(mupdf.pdf_dict_gets(said, "ON"))
    return off


def _name(layer: Any) -> str:
    return str(mupdf.pdf_to_text_string(mupdf.pdf_dict_gets(layer, "Name")))


def _items(array: Any) -> Iterator[Any]:
    for at in range(mupdf.pdf_array_len(array)):
        yield mupdf.pdf_array_get(array, at)


def _numbers(array: Any) -> set[int]:
    return {mupdf.pdf_to_num(each) for each in _items(array)}


def _made_dict(pdf: Any, holder: Any, key: str) -> Any:
    found = mupdf.pdf_dict_gets(holder, key)
    if not mupdf.pdf_is_dict(found):
        mupdf.pdf_dict_puts(holder, key, mupdf.pdf_new_dict(pdf, 4))
    return mupdf.pdf_dict_gets(holder, key)


def _add(pdf: Any, holder: Any, key: str, values: Sequence[Any]) -> None:
    if not values:
        return
    array = mupdf.pdf_dict_gets(holder, key)
    if not mupdf.pdf_is_array(array):
        mupdf.pdf_dict_puts(holder, key, mupdf.pdf_new_array(pdf, len(values)))
        array = mupdf.pdf_dict_gets(holder, key)
    for value in values:
        mupdf.pdf_array_push(array, value)
