"""Ways in which real exports are polluted, applied to the small good folder.

Own make of the kinds that surveys of messy CSV files name: what tools, people and broken
transfers do to a whole file or to one row of it.  Each case is bytes of one file that no
longer says what the school meant, or says it in a form that is not ours.
"""

import csv
import io
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from intake.check.check import CheckResult
from tests.support.schools.good_exports import GOOD, Files, export_of

_ODD_ENDS = ("\n\r", "\x0b", "\x0c", "\x1e", "\x85", "\u2028", "\u2029")
_ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-7")
_BOM = b"\xef\xbb\xbf"
_INSERTED = (
    *(b"\x00", b"\x00\x00", b"\x01", b"\x08", b"\x0b", b"\x1a", b"\x1b[2J", b"\x7f"),
    *(b"\xff", b"\xfe", b"\x80", b"\xc0\xaf", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xf5\x80"),
    *(b'"', b'""', b"\\", b",", b"\r", b"\n", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xc2\x85"),
)


@dataclass(frozen=True)
class Case:
    """One polluted file: its class, the file's name, and its bytes.

    may_lack_rows: the end is gone, which no reader can see where a line ended; the rows
    that are there must be right all the same.
    """

    kind: str
    name: str
    content: bytes
    may_lack_rows: bool = False


def cases(files: Files = GOOD, *, draw: random.Random) -> list[Case]:
    """Every case of these files, each class evenly spread over the list."""
    found = [case for name, text in files.items() for case in _cases(name, text)]
    draw.shuffle(found)
    return found


def rows_of(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows that can be compared: their order says nothing."""
    return sorted(rows, key=repr)


def found_silent(case: Case, result: CheckResult, good: CheckResult) -> set[str]:
    """What a case that was taken says otherwise than the good file without a word: nothing.

    A column that the file lacks is told, and is not compared; a row is told that is left out.
    The last line of a file that was cut off may be whole by chance (Y4 became Y), which
    nobody can see: as many tools leave out the last line end, it is taken.  A backslash is a
    sign like any other, in a school's name as well, and is read as it was written.
    """
    if case.name in result.refused_files:
        return set()
    notes = [note for note in result.notes if " has no column " in note]
    absent = {name for note in notes for name in re.findall(r"[a-z_]{3,}", note)}
    kept = [name for name in good.frames[case.name].columns if name not in absent | {"row"}]
    expected = _counted(good.frames[case.name].select(kept))
    rows = _counted(result.accepted_frames[case.name].select(kept))
    faulty = len({each.row for each in result.problems if each.file == case.name})
    found = set()
    if (rows - expected).total() > (1 if case.may_lack_rows else 0):
        found.add("silently different")
    if not case.may_lack_rows and (expected - rows).total() > faulty:
        found.add("silently less")
    return found


def guessed_wrong(case: Case, folder: Path) -> bool:
    """Whether a reader that guesses takes the file, and takes it for other rows."""
    path = folder / case.name
    path.write_bytes(GOOD[case.name].encode())
    right = rows_of(_guessed(path))
    path.write_bytes(case.content)
    try:
        rows = rows_of(_guessed(path))
    except (duckdb.Error, UnicodeDecodeError):
        return False
    return not (set(rows) <= set(right) if case.may_lack_rows else rows == right)


def _counted(rows: pl.DataFrame) -> Counter[tuple[Any, ...]]:
    return Counter(
        tuple(c.replace("\\", "") if isinstance(c, str) and len(c) > 2 else c for c in row)
        for row in rows.rows()
    )


def _guessed(path: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.read_csv(str(path), all_varchar=True).fetchall()


def _cases(name: str, text: str) -> Iterator[Case]:
    for kind, polluted in _whole_file(name, text):
        yield Case(kind, name, polluted.encode())
    for number in range(1, text.rstrip("\n").count("\n") + 1):
        for kind, polluted in _one_row(text, number):
            yield Case(kind, name, polluted.encode())
    yield from _bytes(name, text.encode())


def _whole_file(name: str, text: str) -> Iterator[tuple[str, str]]:
    header, *rows = text.rstrip("\n").split("\n")
    body = "\n".join(rows)
    columns = header.split(",")
    yield "nothing", ""
    yield "blank lines only", "\n\n\n"
    yield "no header", body + "\n"
    yield "empty", f"{','.join('' for _ in columns)}\n"
    if not export_of(name).may_be_empty:
        yield "header only", header + "\n"
    yield "header twice", f"{header}\n{text}"
    yield "header again below", f"{text}{header}\n{body}\n"
    yield "second header row", f"{header}\n{','.join('(text)' for _ in columns)}\n{body}\n"
    yield "title above", f"Brook Lane Junior School\n{text}"
    yield "title and blank line above", f"Export of 20/11/2026,,\n\n{text}"
    yield "total below", f"{text}Total,{len(rows)}\n"
    yield "total in all columns", f"{text}Total{',' * (len(columns) - 1)}\n"
    yield "note below", f"{text}\nPrinted by the office\n"
    yield "wider table below", f"{text}\n{header},more\n{rows[0]},1\n"
    yield "narrower table below", f"{text}\na,b\n1,2\n"
    yield "same table below", f"{text}\n{text}"
    for separator in (";", "\t", "|"):
        yield "other separator that CSV has", written(parsed(text), delimiter=separator)
    for separator in (" ", "\x1f", ", ", ":"):
        yield "other separator that CSV has not", text.replace(",", separator)
    yield "line ends of old Macs", text.replace("\n", "\r")
    for end in _ODD_ENDS:
        yield "other line end", text.replace("\n", end)
    yield (
        "single quotes",
        "\n".join(
            ",".join(f"'{field}'" for field in line.split(",")) for line in text.split("\n")[:-1]
        ),
    )
    yield "one column less", mapped(text, lambda fields: fields[:-1])
    yield "first column less", mapped(text, lambda fields: fields[1:])
    yield "one column more", mapped(text, lambda fields: [*fields, "x"])
    yield "empty column more", mapped(text, lambda fields: [*fields, ""])
    yield "index column", mapped(text, lambda fields: ["", *fields])
    yield "columns turned round", mapped(text, lambda fields: fields[::-1])
    yield "header in capitals", f"{header.upper()}\n{body}\n"
    yield "header with blanks", f"{header.replace(',', ', ')}\n{body}\n"
    yield "header turned round", f"{','.join(columns[::-1])}\n{body}\n"
    yield "rows turned round", "\n".join([header, *(_turned(row) for row in rows)]) + "\n"
    yield "rows in another order", "\n".join([header, *rows[::-1]]) + "\n"
    yield (
        "every field after the first slipped",
        "\n".join([header, *(row.replace(",", ",,", 1).removesuffix(",") for row in rows)]),
    )


def _one_row(text: str, number: int) -> Iterator[tuple[str, str]]:
    lines = text.rstrip("\n").split("\n")
    row = lines[number]

    def with_row(*instead: str) -> str:
        return "\n".join([*lines[:number], *instead, *lines[number + 1 :]]) + "\n"

    places = [place for place, sign in enumerate(row) if sign == ","]
    for place in (places[0], places[len(places) // 2], places[-1]):
        yield "a separator less", with_row(row[:place] + row[place + 1 :])
        yield "a separator more", with_row(row[:place] + "," + row[place:])
        yield "another separator", with_row(row[:place] + ";" + row[place + 1 :])
        yield "a quote opened", with_row(row[: place + 1] + '"' + row[place + 1 :])
        yield "a quote within", with_row(row[:place] + '"' + row[place:])
        yield "a line end within", with_row(row[:place], row[place:])
        yield "a line end within quotes", with_row(row[:place] + ',"a\nb"' + row[place:])
        yield "escaped by a backslash", with_row(row[:place] + '\\"' + row[place:])
    yield "a separator at the end", with_row(row + ",")
    yield "a separator in front", with_row("," + row)
    yield "quoted whole", with_row('"' + row.replace('"', '""') + '"')
    yield "a blank line", with_row(row, "")
    yield "twice", with_row(row, row)
    # a row of which all is deleted is one that was never there, which nobody can see
    yield "separators only", with_row(row, "," * len(places))
    if number + 1 < len(lines):
        yield "joined with the next", with_row(row + lines[number + 1])
        yield "joined by a carriage return", with_row(row + "\r" + lines[number + 1])
    yield "cut short", with_row(row[: places[-1]])
    yield "fields turned round", with_row(_turned(row))


def _bytes(name: str, data: bytes) -> Iterator[Case]:
    text = data.decode()
    for encoding in _ENCODINGS:
        if (content := text.encode(encoding)) != data:
            yield Case("another encoding", name, content)
    for encoding in ("cp1252", "utf-16-le", "utf-16-be"):
        content = _BOM + _BOM + text.encode(encoding, "replace")
        yield Case("two byte-order marks", name, content)
    for number, bad in enumerate(_INSERTED):
        for place in range(number % 7, len(data), max(1, len(data) // 6)):
            yield Case("bytes put in", name, data[:place] + bad + data[place:])
    for length in range(len(data)):
        yield Case("cut off", name, data[:length], may_lack_rows=True)


def parsed(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines()))


def written(records: Iterable[list[str]], **form: Any) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", **form).writerows(records)
    return out.getvalue()


def mapped(text: str, change: Callable[[list[str]], list[str]]) -> str:
    return written(change(record) for record in parsed(text))


def _turned(row: str) -> str:
    return ",".join(row.split(",")[::-1])
