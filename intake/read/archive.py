"""Checks of a workbook as a ZIP archive, before it is read.

A workbook may be made to fill the memory, to run something or to reach out.  Its size and its
parts are judged by the archive's directory, before anything is unpacked.
"""

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from intake.problems import IntakeError

#: The most bytes that a workbook may have, packed and unpacked.
MAX_BYTES = 20 * 1024 * 1024
MAX_MEMBERS = 150
#: An honest workbook unpacks to no more than this many times its packed size.
MAX_RATIO = 50

#: The first bytes of old workbooks (.xls), and of new ones that are locked with a password.
_COMPOUND_FILE = bytes.fromhex("D0CF11E0A1B11AE1")
#: Excel keeps the printer's settings in this folder; no other part of a table needs to be binary.
_PRINTER_SETTINGS = "printersettings"
_IS_LOCKED = 0x1
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TYPES = "[Content_Types].xml"
_NEEDED = {"xl/workbook.xml", _TYPES}
#: The endings of the parts that a workbook may have.
_ENDINGS = (".xml", ".rels", ".vml", ".png", ".jpeg", ".jpg", ".emf", ".wmf")
_EXPORT_CSV = "Remove everything but the tables, or export CSV files."
_SAVE_PLAIN = "Save the file as a plain Excel workbook (.xlsx)."


def refuse_unsafe(data: bytes, name: str) -> None:
    """Raise IntakeError if the file called `name` is not a workbook that may be opened."""
    if len(data) > MAX_BYTES:
        raise IntakeError(f"{name} is larger than 20 MB. {_EXPORT_CSV}")
    if data.startswith(_COMPOUND_FILE):
        raise IntakeError(
            f"{name} is an old Excel file, or has a password. "
            "Save it as an Excel workbook (.xlsx) without a password."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _refuse_size(members, name)
            _refuse_parts([member.filename for member in members], name)
            if any(member.flag_bits & _IS_LOCKED for member in members):
                raise IntakeError(f"{name} has a password. Save it without one.")
            if any(member.compress_type not in _PACKINGS for member in members):
                raise build_workbook_error(name)
            _refuse_content(archive, members, name)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise build_workbook_error(name) from error


def build_workbook_error(name: str) -> IntakeError:
    """Return the error for a file that is not the workbook that its name promises."""
    return IntakeError(
        f"{name} is damaged, or not an Excel workbook. Save it again as an Excel workbook (.xlsx)."
    )


def _refuse_size(members: list[zipfile.ZipInfo], name: str) -> None:
    """Refuse an archive that is too large by its directory; a larger member fails when read."""
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > MAX_BYTES or len(members) > MAX_MEMBERS:
        raise IntakeError(f"{name} is too large when unpacked. {_EXPORT_CSV}")
    if unpacked > MAX_RATIO * max(packed, 1):
        raise IntakeError(f"{name} is compressed more than a table can be. {_EXPORT_CSV}")


def _refuse_parts(parts: list[str], name: str) -> None:
    """Refuse macros, links to other files and anything embedded, by the names of the parts."""
    paths = [PurePosixPath(part.casefold()) for part in parts if not part.endswith("/")]
    if any("\\" in part or part.startswith("/") or ".." in part.split("/") for part in parts):
        raise IntakeError(f"{name} refers to files outside itself. Do not use it.")
    if any("vbaproject" in path.name or "macrosheets" in path.parts for path in paths):
        raise IntakeError(f"{name} contains macros. {_SAVE_PLAIN}")
    if any("externallinks" in path.parts for path in paths):
        raise IntakeError(f"{name} has links to other files. Remove them and save it again.")
    tables = [path for path in paths if _PRINTER_SETTINGS not in path.parts]
    if any(not path.name.endswith(_ENDINGS) for path in tables):
        raise IntakeError(f"{name} contains other files. {_SAVE_PLAIN}")
    if not set(parts) >= _NEEDED:
        raise build_workbook_error(name)


def _refuse_content(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], name: str) -> None:
    """Refuse macros under another name and XML that defines entities, by what the parts say."""
    if b"macroenabled" in archive.read(_TYPES).lower():
        raise IntakeError(f"{name} contains macros. {_SAVE_PLAIN}")
    for member in members:
        content = archive.read(member)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise build_workbook_error(name)
