"""Read the exports of a folder as text: of which kind each table is, and its rows.

Every file passes here: it is opened, the adapters are asked in turn whether they know its
tables, and whoever does makes rows of ours of them.
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

#: Who reads what others send, in the order in which it adds to the school's own files.
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

    mappings: how tables of the school's own making are to be read.  authority: whose the
    returns among the files are, by name, since they do not say it.

    IntakeError as `open_tables`, and if a table is there twice.
    """
    tables, others = open_tables(folder)
    adapters = (Own(mappings), *_SENT)
    known: dict[Adapter[Any], list[Any]] = {}
    unread = []
    for table in tables:
        if found := _recognise(table, adapters):
            known.setdefault(found[0], []).append(found[1])
        elif why_not := table.fault or _find_emptiness(table):
            unread.append(
                f"{table.name} cannot be read: it is {why_not}. {_MEND[bool(table.fault)]}"
            )
        else:
            others.append(table.name)
    files: dict[str, ExportFile] = {}
    notes: list[str] = []
    counted: list[Counted] = []
    for adapter in _take_turns([each for each in adapters if each in known], files):
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
        has_return=any(each.from_authority for each in known),
        counted=tuple(counted),
        unread=tuple(unread),
    )


#: What to do with a file that is empty, and with one that is no text.
_MEND = (
    "Export the file again, this time with rows.",
    "Export the file again as CSV in UTF-8, or from Excel as CSV UTF-8 or a workbook (.xlsx).",
)


def _find_emptiness(table: Table) -> str:
    """Why a text file without a row says nothing; a sheet may be left over."""
    is_text = bool(table.sources) and not table.sources[0].is_sheet
    return "empty" if is_text and not any(each.head for each in table.sources) else ""


def list_unmapped(folder: Folder, mappings: Sequence[Mapping] = ()) -> dict[str, Source]:
    """The tables that are none of ours yet, by what people call them: a mapping may read them.

    Of each the way to read it in which its first row has most cells.  Errors as above.
    """
    found = {}
    for table in open_tables(folder)[0]:
        known = _recognise(table, (Own(mappings), *_SENT))
        is_read = known and not (isinstance(known[1], OwnTable) and not known[1].is_readable)
        if not is_read and table.sources and table.sources[0].head:
            found[table.name] = max(
                table.sources, key=lambda each: max(len(row[1]) for row in each.head)
            )
    return found


def _recognise(table: Table, adapters: Sequence[Adapter[Any]]) -> _Known | None:
    """Return who reads a table, and as what; a name is believed last."""
    for adapter in reversed(adapters):
        if (found := adapter.recognise(table)) is not None:
            return adapter, found
    return None


def _take_turns(adapters: Sequence[Adapter[Any]], files: Files) -> Iterator[Adapter[Any]]:
    """The adapters in their order; while no roll is known, who may give one goes first."""
    waiting = list(adapters)
    while waiting:
        giving = [each for each in waiting if each.may_give_roll and ROLL.name not in files]
        yield (adapter := (giving or waiting)[0])
        waiting.remove(adapter)


def _list_problems(export: Export, files: Files) -> Sequence[Problem]:
    if export.name in files:
        return files[export.name].problems
    return [build_problem(export, 0, "", "missing file")] if export.required else []
