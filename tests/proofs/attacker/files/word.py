"""A Word file as its raw XML: tables with their captions, and every other text in it."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring

from tests.proofs.attacker.files.figures import Table, UnreadableError
from tests.proofs.attacker.files.numbers import Said
from tests.proofs.attacker.files.pictures import texts_of_picture

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"
_BLANKS = {f"{_W}tab", f"{_W}br", f"{_W}cr"}
#: Attributes that are read out or shown, by name without namespace.
_SPOKEN = {"descr", "title", "tooltip"}
#: These say how a page looks, or how the program counted it.
_SILENT = re.compile(
    r".*\.rels|\[Content_Types\]\.xml|docProps/app\.xml|docProps/thumbnail\.\w+"
    r"|word/(styles|settings|webSettings|fontTable|numbering|stylesWithEffects)\.xml"
    r"|word/theme/.*|customXml/itemProps\d+\.xml"
)


def tables(file: Path) -> tuple[Table, ...]:
    """Every table, with the caption that stands above it ("" if none does)."""
    with ZipFile(file) as parts:
        root = fromstring(parts.read(_BODY))
    found: list[Table] = []
    above = ""
    for block in _blocks(root):
        if block.tag == f"{_W}p":
            above = _text(block) or above
            continue
        rows = [
            tuple(" ".join(_texts(each)) for each in row.iter(f"{_W}tc"))
            for row in block.iter(f"{_W}tr")
        ]
        if not rows or len({len(row) for row in rows}) != 1:
            raise UnreadableError(f"rows of several lengths under {above!r} in {file.name}")
        caption = above if re.match(r"Table\s\d", above) else ""
        found.append(Table(caption, rows[0], tuple(rows[1:])))
        above = ""
    return tuple(found)


def texts(file: Path) -> Iterator[Said]:
    """All text outside the cells of tables, and in pictures, properties, notes and charts."""
    with ZipFile(file) as parts:
        for name in parts.namelist():
            if _SILENT.fullmatch(name) or name.endswith("/"):
                continue
            content = parts.read(name)
            if name.startswith("word/media/"):
                for text in texts_of_picture(name, content):
                    yield Said("picture", text)
            elif not name.endswith(".xml"):
                raise UnreadableError(f"{file.name} holds {name}, which nobody has read")
            else:
                yield from _said(name, fromstring(content))


def _said(name: str, root: Element) -> Iterator[Said]:
    inside = {each for table in root.iter(f"{_W}tbl") for each in table.iter()}
    for paragraph in root.iter(f"{_W}p"):
        text = _text(paragraph)
        if paragraph not in inside and text:
            yield Said("sentence" if name == _BODY else name, text)
    for element in root.iter():
        for key, value in element.attrib.items():
            if key.rpartition("}")[2] in _SPOKEN and value:
                yield Said("alt text", _plain(value))
        if element.tag in {f"{_W}tblCaption", f"{_W}tblDescription", f"{_W}alias"}:
            yield Said("alt text", _plain(element.attrib.get(f"{_W}val", "")))
        if element.tag == f"{_W}delText" and element.text:
            yield Said("deleted", _plain(element.text))
        elif element.tag.rpartition("}")[2] == "revision" or element.tag.startswith(_W):
            continue  # how often it was saved; and text that stands in a paragraph, read above
        elif element.text and element.text.strip():
            yield Said(name, _plain(element.text))


def _blocks(element: Element) -> Iterator[Element]:
    """Paragraphs and tables in reading order, those within content controls too."""
    for child in element:
        if child.tag in {f"{_W}p", f"{_W}tbl"}:
            yield child
        else:
            yield from _blocks(child)


def _texts(element: Element) -> Iterator[str]:
    return (text for text in map(_text, element.iter(f"{_W}p")) if text)


def _text(paragraph: Element) -> str:
    pieces: list[str] = []
    for element in paragraph.iter():
        if element.tag == f"{_W}t":
            pieces.append(element.text or "")
        elif element.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif element.tag in _BLANKS:
            pieces.append(" ")
    return _plain("".join(pieces))


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00ad", "").split())
