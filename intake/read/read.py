"""A reader of the exports in a folder, as text.

Every file is opened here.  The adapters are asked in turn whether they know its tables, and the
one that does makes rows of our exports.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from intake.map.mapping import Mapping
from intake.national.cin import NEED_CENSUS
from intake.national.ctf import TRANSFER_FILE
from intake.national.returns import Return
from intake.national.ssda903 import CARE_RETURN
from intake.problems import Problem, build_problem
from intake.read.files import Folder, open_tables, to_printable
from intake.read.own import Own, OwnTable
from intake.tables import Adapter, Counted, ExportFile, ExportFolder, Files, Source, Table
from queries.contract import ALL_EXPORTS, ROLL, Export

#: The readers of national files, in the order in which they add to the school's own files.
_SENT: tuple[Adapter[Any], ...] = (
    TRANSFER_FILE,
    CARE_RETURN,
    Return("census"),
    NEED_CENSUS,
    Return("giap"),
)
_Known = tuple[Adapter[Any], Any]


def read_exports(
    folder: Folder, mappings: Sequence[Mapping] = (), authority: str = ""
) -> ExportFolder:
    """Read the exports of `folder`; sub-folders and hidden files are passed over.

    mappings: how tables in the school's own layout are read.  authority: the name of the local
    authority that sent the returns, since they do not say it.

    Raises IntakeError as `open_tables` does, and if a table is there twice.
    """
    tables, others = open_tables(folder)
    adapters = (Own(mappings), *_SENT)
    known: dict[Adapter[Any], list[Any]] = {}
    unread = []
    for table in tables:
        if match := _recognise(table, adapters):
            known.setdefault(match[0], []).append(match[1])
        elif why_not := table.fault or _find_emptiness(table):
            mend = _MEND_NO_TEXT if table.fault else _MEND_EMPTY
            unread.append(f"{table.name} cannot be read: it is {why_not}. {mend}")
        else:
            others.append(table.name)
    files: dict[str, ExportFile] = {}
    notes: list[str] = []
    counted: list[Counted] = []
    for adapter in _take_turns([adapter for adapter in adapters if adapter in known], files):
        given = adapter.read(known[adapter], files, authority)
        files |= given.files
        notes += given.notes
        others += given.left
        counted += given.counted
    problems = [fault for export in ALL_EXPORTS for fault in _list_problems(export, files)]
    return ExportFolder(
        files={export.name: files[export.name] for export in ALL_EXPORTS if export.name in files},
        problems=tuple(dict.fromkeys(problems)),
        unknown_files=tuple(sorted(map(to_printable, others))),
        notes=tuple(dict.fromkeys(notes)),
        has_return=any(adapter.from_authority for adapter in known),
        counted=tuple(counted),
        unread=tuple(unread),
    )


#: What to do with a file that is empty, and with a file that is no text.
_MEND_EMPTY = "Export the file again, this time with rows."
_MEND_NO_TEXT = (
    "Export the file again as CSV in UTF-8, or from Excel as CSV UTF-8 or a workbook (.xlsx)."
)


def _find_emptiness(table: Table) -> str:
    """Return "empty" for a text file without a row, else ""; a sheet may be empty."""
    is_text = bool(table.sources) and not table.sources[0].is_sheet
    return "empty" if is_text and not any(source.head for source in table.sources) else ""


def list_unmapped(folder: Folder, mappings: Sequence[Mapping] = ()) -> dict[str, Source]:
    """Return the tables that nothing reads yet, by name, so that a mapping may be made for them.

    Of the ways to read a table, the one with most cells in a row of its head counts.  Raises
    IntakeError as `open_tables` does.
    """
    sources = {}
    for table in open_tables(folder)[0]:
        known = _recognise(table, (Own(mappings), *_SENT))
        is_read = known and not (isinstance(known[1], OwnTable) and not known[1].is_readable)
        if not is_read and table.sources and table.sources[0].head:
            sources[table.name] = max(
                table.sources, key=lambda source: max(len(row[1]) for row in source.head)
            )
    return sources


def _recognise(table: Table, adapters: Sequence[Adapter[Any]]) -> _Known | None:
    """Return the adapter that reads a table, and the table as it knows it; a name counts last."""
    for adapter in reversed(adapters):
        if (match := adapter.recognise(table)) is not None:
            return adapter, match
    return None


def _take_turns(adapters: Sequence[Adapter[Any]], files: Files) -> Iterator[Adapter[Any]]:
    """Yield the adapters in order; while there is no roll, one that may give it goes first."""
    waiting = list(adapters)
    while waiting:
        giving = [other for other in waiting if other.may_give_roll and ROLL.name not in files]
        yield (adapter := (giving or waiting)[0])
        waiting.remove(adapter)


def _list_problems(export: Export, files: Files) -> Sequence[Problem]:
    if export.name in files:
        return files[export.name].problems
    return [build_problem(export, 0, "", "missing file")] if export.required else []
