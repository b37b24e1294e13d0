"""Tables of every kind in a folder, or in files as a browser sends them.

A table is a CSV file, a sheet of a workbook, or a file in XML.
"""

import io
import os
from codecs import getincrementaldecoder
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import polars as pl
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import parse

from intake.inbox import NOT_TAKEN
from intake.problems import IntakeError
from intake.read import archive, workbook
from intake.read.csv_source import build_sources, find_text_fault, read_csv, read_parts
from intake.tables import HEAD_ROWS, RowsSource, Table
from queries.contract import NO_SCHOOL

#: Where exports come from: a folder, or files by their names, as a browser sends them.
Folder = Path | Mapping[str, bytes | Path | workbook.Book]

#: The most bytes of a CSV file that is read whole: from a browser, or not in plain UTF-8.
MAX_CSV_BYTES = 50 * 1024 * 1024
_MAX_XML_BYTES = 50 * 1024 * 1024
#: A CSV file in a folder with this many bytes or more stays on the disk, and is read in parts.
LARGE_BYTES = 24 * 1024 * 1024
_PART_BYTES = 1024 * 1024
#: The starts of the names of files that Excel and LibreOffice put beside an open workbook.
_OPEN_ELSEWHERE = ("~$", ".~lock.")
_TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
_XML_SUFFIX = ".xml"
_SUFFIXES = (*_TEXT_SUFFIXES, workbook.SUFFIX, _XML_SUFFIX)


def open_tables(folder: Folder) -> tuple[list[Table], list[str]]:
    """Return the tables of a folder in the order of its files, and the names of other files.

    Sub-folders and hidden files are passed over.  A folder, a pipe or a device with the name of
    a file that could be read is listed with the others and never opened.

    Raises IntakeError if the folder is missing or not a folder, or if a file cannot be opened,
    is unsafe, damaged or too large, or is a workbook of a kind that is not read.
    """
    names = _list_names(folder)
    workbook.refuse_other_kinds([name for name, is_file in names.items() if is_file])
    tables: list[Table] = []
    others: list[str] = []
    for name in sorted(names):
        suffix = Path(name).suffix.casefold()
        if not names[name] or suffix not in _SUFFIXES:
            others += [name] if names[name] or suffix in _SUFFIXES else []
        elif suffix in _TEXT_SUFFIXES:
            tables.append(_open_csv(folder, name))
        elif suffix == workbook.SUFFIX:
            tables += _open_book(folder, name)
        else:
            data = _read_bytes(folder, name, _MAX_XML_BYTES + 1)
            shown = to_printable(name)
            tables.append(
                Table(shown, shown, sha256(data).hexdigest(), root=_parse_xml(data, shown))
            )
    return tables, others


def to_folder(path: Path) -> Folder:
    """Return a file as a folder that holds it alone, and any other path as it is."""
    return {path.name: path} if path.is_file() else path


def list_senders(path: Path) -> dict[int, Folder]:
    """Return subfolders named by a URN, and the folder itself if it has files or none of these.

    A workbook is split by school.
    """
    if path.suffix.casefold() == workbook.SUFFIX and path.is_file():
        book = _read_book(path.parent, path.name)
        return {school: {path.name: part} for school, part in book.split_by_school().items()}
    if not path.is_dir():
        return {NO_SCHOOL: to_folder(path)}
    folders: dict[int, Folder] = {
        int(folder.name): folder
        for folder in path.iterdir()
        if folder.is_dir() and workbook.URN.fullmatch(folder.name)
    }
    has_own = any(_list_names(path).values())
    return {NO_SCHOOL: path, **folders} if has_own or not folders else folders


def open_text(data: bytes, name: str, stem: str) -> Table:
    """Return the bytes of a CSV file as a table."""
    digest = sha256(data).hexdigest()
    if fault := find_text_fault(data):
        return Table(name, stem, digest, fault=fault)
    return Table(name, stem, digest, list(read_csv(data, name)))


def to_printable(name: str) -> str:
    """Return a file's name as a terminal may show it."""
    return name if name.isprintable() else ascii(name)


def _open_csv(folder: Folder, file_name: str) -> Table:
    """Return a CSV file as a table; a large one in UTF-8 stays on the disk."""
    name, stem = to_printable(file_name), Path(file_name).stem
    path = folder[file_name] if isinstance(folder, Mapping) else folder / file_name
    if isinstance(path, Path) and (digest := _find_plain_digest(path)):
        lines = pl.Series("line", islice(next(read_parts(path)), HEAD_ROWS * 2), dtype=pl.String)
        sources = build_sources(name, digest, lines, partial(read_parts, path))
        return Table(name, stem, digest, list(sources))
    data = _read_bytes(folder, file_name, MAX_CSV_BYTES + 1)
    if len(data) > MAX_CSV_BYTES:
        raise IntakeError(
            f"{name} is larger than {MAX_CSV_BYTES >> 20} MB. Load it as CSV in UTF-8 "
            "from a folder (lac load), or export and load fewer terms at a time."
        )
    return open_text(data, name, stem)


def _find_plain_digest(path: Path) -> str:
    """Return the digest of a large file in UTF-8 with lines, which can be read in parts, or ""."""
    digest, decoder, is_in_lines = sha256(), getincrementaldecoder("utf-8")(), False
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size < LARGE_BYTES:
                return ""
            while part := file.read(_PART_BYTES):
                decoder.decode(part)
                digest.update(part)
                is_in_lines = b"\n" in part or (is_in_lines and len(part) < _PART_BYTES)
                if not is_in_lines:
                    return ""
            decoder.decode(b"", final=True)
    except (OSError, UnicodeDecodeError):
        return ""  # the code that reads it whole says why it cannot be read
    return digest.hexdigest()


def _open_book(folder: Folder, file_name: str) -> list[Table]:
    """Return a table for each sheet."""
    name, book = to_printable(file_name), _read_book(folder, file_name)
    tables = []
    for title, sheet in book.sheets.items():
        shown = f"{name}: {to_printable(title)}"
        source = RowsSource(shown, book.digest, sheet.rows, told=sheet.told)
        tables.append(Table(shown, title, book.digest, [source]))
    return tables


def _read_book(folder: Folder, file_name: str) -> workbook.Book:
    given = folder[file_name] if isinstance(folder, Mapping) else None
    if isinstance(given, workbook.Book):
        return given
    data = _read_bytes(folder, file_name, archive.MAX_BYTES + 1)
    sheets = workbook.read_workbook(data, to_printable(file_name))
    return workbook.Book(sha256(data).hexdigest(), sheets)


def _parse_xml(data: bytes, name: str) -> Element:
    """Return the root of an XML file.

    Raises IntakeError if the file is too large or damaged, or if it has a document type, with
    which it could define entities or refer to other files.
    """
    if len(data) > _MAX_XML_BYTES:
        raise IntakeError(f"{name} is larger than 50 MB. Ask for your own children only.")
    try:
        root: Element = parse(io.BytesIO(data), forbid_dtd=True).getroot()
    except DefusedXmlException as error:
        raise IntakeError(
            f"{name} names entities or files, as no return does. Do not open it. Ask the sender."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise IntakeError(
            f"{name} is damaged, or not XML. Ask for it again, since it may be incomplete."
        ) from error
    return root


def _list_names(folder: Folder) -> dict[str, bool]:
    """Return the names in a folder, and whether each is a file."""
    try:
        entries = (
            dict.fromkeys(folder, True)
            if isinstance(folder, Mapping)
            else {entry.name: entry.is_file() for entry in folder.iterdir()}
        )
    except FileNotFoundError as error:
        raise IntakeError(f"There is no folder {folder}. Check the folder's name.") from error
    except NotADirectoryError as error:
        raise IntakeError(
            f"{folder} is not a folder. Name the folder that contains the exports."
        ) from error
    except OSError as error:
        raise IntakeError(
            f"The folder {folder} cannot be opened. Check who may read the folder."
        ) from error
    return {
        name: is_file
        for name, is_file in entries.items()
        if not name.startswith((".", *_OPEN_ELSEWHERE)) and name != NOT_TAKEN
    }


def _read_bytes(folder: Folder, name: str, most: int) -> bytes:
    """Return the first bytes of a file, at most `most`."""
    given = folder[name] if isinstance(folder, Mapping) else folder / name
    if isinstance(given, bytes):
        return given[:most]
    if isinstance(given, workbook.Book):
        raise TypeError(f"{name} is open already")
    try:
        with given.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise IntakeError(
            f"{name} cannot be opened. Close it in other programs, and check who may read it."
        ) from error
