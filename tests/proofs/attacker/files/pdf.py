"""A tagged PDF by its own structure: tables whole over page breaks, captions, other text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pdfplumber
from defusedxml.ElementTree import fromstring
from pdfminer.pdftypes import resolve1
from pdfplumber.utils.pdfinternals import decode_text

from tests.proofs.attacker.files.figures import Table, UnreadableError
from tests.proofs.attacker.files.numbers import Said

#: Elements whose text is not one line with that of what they stand in.
_BLOCKS = {
    *("P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "Title", "Div", "Sect", "Part", "Note"),
    *("Table", "THead", "TBody", "TFoot", "TR", "TH", "TD", "Caption", "Figure", "L", "LI", "Lbl"),
    *("LBody", "TOC", "TOCI", "BlockQuote", "Aside"),
}
#: A page, counted from 0, and the number of a piece of marked text on it.
_Mark = tuple[int, int]


@dataclass
class _Element:
    kind: str
    alt: str
    parts: list["_Element | _Mark"] = field(default_factory=list)

    def find(self, kind: str) -> Iterator["_Element"]:
        """Elements of a kind below this one, none below another that is found."""
        for part in self.parts:
            if isinstance(part, _Element):
                if part.kind == kind:
                    yield part
                else:
                    yield from part.find(kind)


class _File:
    """Characters by mark, and the tree of elements that the marks belong to."""

    def __init__(self, file: Path) -> None:
        with pdfplumber.open(file) as document:
            self.metadata = {key: str(value) for key, value in document.metadata.items()}
            catalog = document.doc.catalog
            if "StructTreeRoot" not in catalog:
                raise UnreadableError(f"{file.name} has no structure to read tables by")
            names = resolve1(catalog.get("Names", {}))
            if "EmbeddedFiles" in names:
                raise UnreadableError(f"{file.name} holds files, which nobody has read")
            self._pages = {page.page_obj.pageid: at for at, page in enumerate(document.pages)}
            self.described = _described(catalog)
            self.outline = [str(item[1]) for item in _outlines(document.doc)]
            self.notes = [
                str(note[key])
                for page in document.pages
                for note in page.annots
                for key in ("contents", "title")
                if note.get(key)
            ]
            self._chars: dict[tuple[int, int | None], list[dict[str, Any]]] = {}
            for at, page in enumerate(document.pages):
                for char in page.chars:
                    self._chars.setdefault((at, char["mcid"]), []).append(char)
                page.close()
            self.root = _Element("Root", "")
            root = resolve1(catalog["StructTreeRoot"])
            self._roles = resolve1(root.get("RoleMap", {}))
            self._fill(self.root, root.get("K", []), None)
        self._claimed = set(_marks(self.root))

    def _fill(self, into: _Element, kids: Any, page: int | None) -> None:
        kids = resolve1(kids)
        for kid in kids if isinstance(kids, list) else [kids]:
            item = resolve1(kid)
            if isinstance(item, int):
                assert page is not None
                into.parts.append((page, item))
                continue
            here = self._pages[item["Pg"].objid] if "Pg" in item else page
            if "MCID" in item:
                assert here is not None
                into.parts.append((here, item["MCID"]))
            elif "S" in item:
                kind = item["S"].name
                kind = self._roles[kind].name if kind in self._roles else kind
                spoken = [
                    decode_text(resolve1(item[key]))
                    for key in ("Alt", "ActualText", "E")
                    if key in item
                ]
                spoken += _summaries(item)
                element = _Element(kind, " ".join(spoken))
                into.parts.append(element)
                self._fill(element, item.get("K", []), here)

    def text(self, element: _Element) -> str:
        """What is printed in an element."""
        return _line(char for mark in _marks(element) for char in self._chars.get(mark, ()))

    def loose(self) -> Iterator[str]:
        """What is printed outside the structure: heads and feet of pages, say."""
        pages: dict[int, list[dict[str, Any]]] = {}
        for (page, mark), chars in self._chars.items():
            if mark is None or (page, mark) not in self._claimed:
                pages.setdefault(page, []).extend(chars)
        return (_line(chars) for chars in pages.values())


def tables(file: Path) -> tuple[Table, ...]:
    """Every table, with the caption in it or above it ("" if there is none)."""
    read = _File(file)
    found: list[Table] = []
    for element, above in _tables(read, read.root, [""]):
        rows = [
            tuple(
                read.text(each)
                for each in row.parts
                if isinstance(each, _Element) and each.kind in {"TH", "TD"}
            )
            for row in element.find("TR")
        ]
        own = " ".join(read.text(each) for each in element.find("Caption"))
        caption = own or above
        if not rows or len({len(row) for row in rows}) != 1:
            raise UnreadableError(f"rows of several lengths under {caption!r} in {file.name}")
        is_caption = re.match(r"Table\s\d", caption)
        found.append(Table(caption if is_caption else "", rows[0], tuple(rows[1:])))
    return tuple(found)


def texts(file: Path) -> Iterator[Said]:
    """All text outside the cells of tables, alternative texts, and what the file says of itself."""
    read = _File(file)
    yield from _said(read, read.root)
    yield from (Said("page", text) for text in read.loose() if text)
    yield from (Said("outline", text) for text in read.outline)
    yield from (Said("note", text) for text in read.notes)
    yield from (Said("metadata", text) for text in read.described)
    for key, value in read.metadata.items():
        if key not in {"CreationDate", "ModDate", "Creator", "Producer"}:
            yield Said(key, value)


def _said(read: _File, element: _Element) -> Iterator[Said]:
    if element.alt:
        yield Said("alt text", element.alt)
    if element.kind in {"TH", "TD"}:
        yield from (Said("alt text", each.alt) for each in _all(element) if each.alt)
    elif any(each.kind in _BLOCKS for each in _all(element)):
        bare: list[_Element | _Mark] = [
            part for part in element.parts if not isinstance(part, _Element)
        ]
        text = read.text(_Element(element.kind, "", bare))
        if text:
            yield Said("sentence", text)
        for part in element.parts:
            if isinstance(part, _Element):
                yield from _said(read, part)
    else:
        text = read.text(element)
        if text:
            yield Said("picture" if element.kind == "Figure" else "sentence", text)
        yield from (Said("alt text", each.alt) for each in _all(element) if each.alt)


def _all(element: _Element) -> Iterator[_Element]:
    for part in element.parts:
        if isinstance(part, _Element):
            yield part
            yield from _all(part)


def _tables(read: _File, element: _Element, above: list[str]) -> Iterator[tuple[_Element, str]]:
    """Tables in reading order, with the text just above; `above` carries it along."""
    for part in element.parts:
        if not isinstance(part, _Element):
            continue
        if part.kind == "Table":
            yield part, above[0]
            above[0] = ""
        elif any(True for _ in part.find("Table")):
            yield from _tables(read, part, above)
        else:
            above[0] = read.text(part) or above[0]


def _marks(element: _Element) -> Iterator[_Mark]:
    for part in element.parts:
        if isinstance(part, _Element):
            yield from _marks(part)
        else:
            yield part


def _line(chars: Any) -> str:
    """Characters as one line of text: a new line of the page parts words, a hyphen does not."""
    text = ""
    last: dict[str, Any] | None = None
    for char in chars:
        if last is not None and not text.endswith((" ", "\u00ad", "-", "\u2010")):
            is_next_line = abs(char["bottom"] - last["bottom"]) > 0.5 * last["size"]
            is_apart = char["x0"] - last["x1"] > 0.15 * last["size"]
            if is_next_line or is_apart:
                text += " "
        text += char["text"]
        last = char
    return " ".join(text.replace("\u00ad", "").split())


def _summaries(item: Any) -> list[str]:
    """The summary of a table, which screen readers speak."""
    attributes = resolve1(item.get("A", []))
    each = attributes if isinstance(attributes, list) else [attributes]
    found = (resolve1(one) for one in each)
    return [
        decode_text(resolve1(one["Summary"]))
        for one in found
        if isinstance(one, dict) and "Summary" in one
    ]


def _outlines(document: Any) -> list[Any]:
    return list(document.get_outlines()) if "Outlines" in document.catalog else []


def _described(catalog: Any) -> list[str]:
    """Title, subject and the like in the newer kind of metadata."""
    if "Metadata" not in catalog:
        return []
    root = fromstring(resolve1(catalog["Metadata"]).get_data())
    found = [each for each in root.iter() if each.tag.startswith("{http://purl.org/dc/")]
    return [" ".join(text.split()) for each in found for text in each.itertext() if text.strip()]
