"""Files as tools, people, offices and broken transfers leave them, each rated before it is read.

Own make of the kinds that surveys of messy CSV files name, and of what Excel does to a roll and
a register.  Each case is the bytes of one file that no longer says what the school meant, or
says it in a form that is not ours.
"""

import csv
import io
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from intake.check.check import CheckResult
from intake.check.upn import CHECK_LETTERS
from tests.support.schools.good_exports import Files

ROLL, MARKS = "roll.csv", "attendance.csv"
#: A rating: what a refusal must name, as a pattern, also where it should not have been refused;
#: None where a person would read the same rows in it, in one way only.
SAME = None
_FIELDS = r"The row has \d+ fields?,"
_RECORD = "broken over two lines"
_ROW = f"{_FIELDS}|{_RECORD}"
_VALUES = r"is blank|is not|does not|not in roll|written differently|was not in use|enrol"
_TOLD = "could not be recognised"
_EMPTY = "it is empty"
_AGAIN = "An earlier row"
_ANY = "."

_ODD_ENDS = ("\n\r", "\x0b", "\x0c", "\x1e", "\x85", "\u2028", "\u2029")
_ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-7")
_BOM = b"\xef\xbb\xbf"
_INSERTED = (
    *(b"\x00", b"\x00\x00", b"\x01", b"\x08", b"\x0b", b"\x1a", b"\x1b[2J", b"\x7f"),
    *(b"\xff", b"\xfe", b"\x80", b"\xc0\xaf", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xf5\x80"),
    *(b'"', b'""', b"\\", b",", b"\r", b"\n", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xc2\x85"),
)
Records = list[list[str]]
#: A kind of case, its rating and what is in the file.
Made = tuple[str, str | None, str | bytes]


@dataclass(frozen=True)
class Case:
    """One file: its kind and rating, the file's name, and its bytes.

    may_lack_rows: the end is gone, which no reader can see where a line ended; the rows
    that are there must be right all the same.
    """

    kind: str
    named: str | None
    name: str
    content: bytes

    @property
    def may_lack_rows(self) -> bool:
        """Whether the end is gone, which no reader can see where a line ended."""
        return self.kind == "cut off"


def rate(files: Files, *, draw: random.Random) -> list[Case]:
    """Return every case of the roll and the register, one of each kind after another."""
    by_kind: dict[str, list[Case]] = {}
    for name in (ROLL, MARKS):
        for make in (_pollute, _rewrite, _spell, _estrange, _change_one):
            for kind, named, made in make(name, files[name], draw):
                content = made.encode() if isinstance(made, str) else made
                by_kind.setdefault(kind, []).append(Case(kind, named, name, content))
    for cases in by_kind.values():
        draw.shuffle(cases)
    rounds = zip_longest(*(by_kind[kind] for kind in sorted(by_kind)))
    return [case for each in rounds for case in each if case]


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


def guessed_wrong(case: Case, files: Files, folder: Path) -> bool:
    """Return whether a reader that guesses takes the file, and takes it for other rows."""
    path = folder / case.name
    path.write_bytes(files[case.name].encode())
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


# Pollution of any file


def _pollute(_: str, text: str, __: random.Random) -> Iterator[Made]:
    """The whole file, each row at each of its fields, and the bytes."""
    yield from _pollute_file(text)
    yield from _pollute_as_surveyed(text)
    for number in range(1, text.rstrip("\n").count("\n") + 1):
        yield from _pollute_row(text, number)
    yield from _pollute_bytes(text)


def _pollute_file(text: str) -> Iterator[Made]:
    header, *rows = text.rstrip("\n").split("\n")
    columns, body = header.split(","), "\n".join(rows)
    quoted = [",".join(f"'{field}'" for field in line.split(",")) for line in [header, *rows]]
    slipped = [row.replace(",", ",,", 1).removesuffix(",") for row in rows]
    yield from (
        ("header only", "no rows", header + "\n"),
        ("nothing", _EMPTY, ""),
        ("blank lines only", _EMPTY, "\n\n\n"),
        ("empty", _EMPTY, "," * (len(columns) - 1) + "\n"),
        ("no header", "already contains values", body + "\n"),
        ("title above", SAME, f"Brook Lane Junior School\n{text}"),
        ("total below", _FIELDS, f"{text}Total,{len(rows)}\n"),
        ("total in all columns", _VALUES, f"{text}Total{',' * (len(columns) - 1)}\n"),
        ("note below", _FIELDS, f"{text}\nPrinted by the office\n"),
        ("wider table below", _FIELDS, f"{text}\n{header},more\n{rows[0]},1\n"),
        ("narrower table below", _FIELDS, f"{text}\na,b\n1,2\n"),
        ("same table below", _AGAIN, f"{text}\n{text}"),
        ("line ends of old Macs", SAME, text.replace("\n", "\r")),
        ("single quotes", "has the column names", "\n".join(quoted)),
        ("one column less", "no column", mapped(text, lambda row: row[:-1])),
        ("first column less", "could not be recognised", mapped(text, lambda row: row[1:])),
        ("one column more", SAME, mapped(text, lambda row: [*row, "x"])),
        ("empty column more", SAME, mapped(text, lambda row: [*row, ""])),
        ("columns turned round", SAME, mapped(text, lambda row: row[::-1])),
        ("header in capitals", SAME, f"{header.upper()}\n{body}\n"),
        ("rows in another order", SAME, "\n".join([header, *rows[::-1], ""])),
        ("every field slipped", f"{_VALUES}|{_FIELDS}", "\n".join([header, *slipped])),
    )
    for separator in (";", "\t", "|"):
        yield "other separator that CSV has", SAME, written(parsed(text), delimiter=separator)
    by = r"could not be recognised|" + _RECORD
    for separator in (" ", "\x1f", ", ", ":"):
        yield "other separator that CSV has not", by, text.replace(",", separator)
    for end in _ODD_ENDS:
        yield "other line end", f"{_TOLD}|{_RECORD}", text.replace("\n", end)


def _pollute_as_surveyed(text: str) -> Iterator[Made]:
    """Headings, lines above and below, and signs that the others do not have."""
    header, *rows = text.rstrip("\n").split("\n")
    columns, more = header.split(","), "," * header.count(",")
    for lines in (["Made up", "by an office", "in June"], ["Made up", "", "in June"]):
        for said in ("\n".join(lines), "\n".join(line + more for line in lines)):
            yield "a preamble", _ANY, f"{said}\n{text}"
            yield "footnotes", _ANY, f"{text}{said}\n"
    for place, column in enumerate(columns):
        for other in ("", "HEAD/%R", "H" * 600_000, columns[place - 1], f'"{column}\nagain"'):
            changed = ",".join([*columns[:place], other, *columns[place + 1 :]])
            yield "a heading changed", _ANY, "\n".join([changed, *rows, ""])
    yield "headings twice", _ANY, f"{header}\n{text}"
    yield "headings in three rows", _ANY, f"{more}\n{more}\n{header}\n" + "\n".join([*rows, ""])
    quoted = written(parsed(text), quoting=1)
    yield "quotes with a blank", _ANY, quoted.replace('",', '" ,')
    yield "escaped by backslashes", _ANY, quoted.replace('""', '\\"')
    for separator in ("\t\t", "\\t", "::"):
        yield "two signs between fields", _ANY, text.replace(",", separator)
    for number, row in enumerate(rows):
        for kind, instead in (
            ("a line end of another kind", row + "\r"),
            ("single quotes in a row", ",".join(f"'{cell}'" for cell in row.split(","))),
            ("semicolons in a row", row.replace(",", ";")),
            ("fields of a row without end", row + "," * 15),
        ):
            yield kind, _ANY, "\n".join([header, *rows[:number], instead, *rows[number + 1 :], ""])


def _pollute_row(text: str, number: int) -> Iterator[Made]:
    lines = text.rstrip("\n").split("\n")
    row = lines[number]

    def with_row(*instead: str) -> str:
        return "\n".join([*lines[:number], *instead, *lines[number + 1 :]]) + "\n"

    # a comma within quotes is part of a value
    places = [at for at, sign in enumerate(row) if sign == "," and row[:at].count('"') % 2 == 0]
    for place in places:
        before, after = row[:place], row[place + 1 :]
        yield from (
            ("a separator less", _ROW, with_row(before + after)),
            ("a separator more", _ROW, with_row(f"{before},,{after}")),
            ("another separator", _ROW, with_row(f"{before};{after}")),
            ("a quote opened", _RECORD, with_row(f'{before},"{after}')),
            ("a quote within", _RECORD, with_row(f'{before}",{after}')),
            ("a line end within", _FIELDS, with_row(before, f",{after}")),
            ("a line end within quotes", _RECORD, with_row(f'{before},"a\nb",{after}')),
            ("escaped by a backslash", _RECORD, with_row(f'{before}\\",{after}')),
        )
    yield from (
        ("a separator at the end", _FIELDS, with_row(row + ",")),
        ("a separator in front", _FIELDS, with_row("," + row)),
        ("quoted whole", _FIELDS, with_row('"' + row.replace('"', '""') + '"')),
        ("a blank line", SAME, with_row(row, "")),
        ("twice", _AGAIN, with_row(row, row)),
        # a row of which all is deleted is one that was never there, which nobody can see
        ("separators only", SAME, with_row(row, "," * len(places))),
        ("incomplete", _FIELDS, with_row(row[: places[-1]])),
        ("fields turned round", f"{_VALUES}|{_ROW}", with_row(_turned(row))),
    )
    if number + 1 < len(lines):
        yield "joined with the next", _ROW, with_row(row + lines[number + 1])
        yield "joined by a carriage return", _RECORD, with_row(row + "\r" + lines[number + 1])


def _pollute_bytes(text: str) -> Iterator[Made]:
    data = text.encode()
    no_text = rf"UTF-16|UTF-32|not UTF-8|{_TOLD}"
    for encoding in _ENCODINGS:
        if (content := text.encode(encoding)) != data:
            yield "another encoding", rf"{no_text}|garbled|column allows", content
    for encoding in ("cp1252", "utf-16-le", "utf-16-be"):
        content = _BOM + _BOM + text.encode(encoding, "replace")
        yield "two byte-order marks", f"{no_text}|{_RECORD}", content
    any_of = f"{_VALUES}|{_ROW}|UTF|{_TOLD}"
    for number, bad in enumerate(_INSERTED):
        for place in range(number % 7, len(data), max(1, len(data) // 6)):
            yield (
                "bytes put in",
                f"{any_of}|says something different",
                data[:place] + bad + data[place:],
            )
    for length in range(len(data)):
        yield "cut off", f"{any_of}|{_EMPTY}|no rows", data[:length]


# What offices and Excel do to a roll and a register


def _rewrite(_: str, text: str, __: random.Random) -> Iterator[Made]:
    """The file in another form, every value as it was."""
    header, *rows = records = parsed(text)
    named = [each.replace("_", "\u00a0") + "\u00a0" for each in header]
    words = ["UPN" if each == "upn" else each.replace("_", " ").capitalize() for each in header]
    yield from (
        ("a byte-order mark", SAME, "\ufeff" + text),
        ("lines as Windows ends them", SAME, text.replace("\n", "\r\n")),
        ("no last line end", SAME, text.rstrip("\n")),
        ("quotes around every field", SAME, written(records, quoting=1)),
        ("names in words", SAME, written([words, *rows])),
        ("a blank that does not break in a name", SAME, written([named, *rows])),
        ("a line that names the separator", SAME, "sep=,\n" + text),
    )
    for page in (2, 3, 20):
        parts = [rows[start : start + page] for start in range(0, len(rows), page)]
        again = (each for part in parts for each in (header, *part))
        yield "names again on each page", SAME, written(again)
    for blank in (" ", "\u00a0", "  "):
        spaced = [[f"{blank}{cell}{blank}" for cell in each] for each in records]
        yield "blanks around every value", SAME, written(spaced)


def _spell(name: str, text: str, _: random.Random) -> Iterator[Made]:
    """Every value of a column in another spelling."""
    yield "UPNs in small letters", SAME, _column(text, "upn", str.lower)
    for kind, form in (
        ("dates without leading zeros", "{0.day}/{0.month}/{0.year}"),
        *(("dates with dots or dashes", form) for form in ("{0:%d.%m.%Y}", "{0:%d-%m-%Y}")),
        ("dates with the month in letters", "{0:%d-%b-%Y}"),
        ("dates with the month in letters", "{0.day} {0:%B} {0.year}"),
        ("dates with midnight", "{0:%d/%m/%Y} 00:00:00"),
        ("dates with midnight", "{0:%Y-%m-%d}T00:00:00"),
        ("dates the other way", "{0:%Y-%m-%d}" if name == ROLL else "{0:%d/%m/%Y}"),
        ("dates the other way", "{0:%Y/%m/%d}"),
    ):
        yield kind, SAME, _dates(name, text, form)
    if name == MARKS:
        yield "marks in small letters", SAME, _column(text, "code", str.lower)
        yield "marks in small letters", SAME, _column(text, "session", str.lower)
        yield "dashes for no mark", SAME, _column(text, "code", lambda code: code or "-")
        yield "dashes for no mark", SAME, _column(text, "code", lambda code: code or " - ")
        return
    for form in ("Year {}", "year {}", "Y{}", "0{}", "Yr {}"):
        yield "year groups in words", SAME, _column(text, "year_group", form.format)
    sexes = {"F": "Female", "M": "Male", "U": "u"}
    yield "sexes in words", SAME, _column(text, "sex", sexes.__getitem__)
    yield "sexes in words", SAME, _column(text, "sex", lambda sex: sexes[sex].lower())
    joined = _column(text, "postcode", lambda code: code.replace(" ", "").lower())
    yield "postcodes in small letters", SAME, _column(text, "postcode", str.lower)
    yield "postcodes without blanks", SAME, joined
    yield "postcodes without blanks", SAME, _column(text, "postcode", lambda c: f"{c[:2]} {c[2:]}")
    yield "names in pieces", SAME, unicodedata.normalize("NFD", text)
    for column in ("preferred_forename", "class", "address", "postcode"):
        yield "a column that may be missing", SAME, _without(text, column)


def _estrange(name: str, text: str, _: random.Random) -> Iterator[Made]:
    """What changes the file's meaning, or may."""
    must_be = ("upn", "date") if name == MARKS else ("upn", "date_of_birth", "leaving_date")
    header, *rows = records = parsed(text)
    month, none, no_text = "month first", "not a real date", "not UTF-8"
    yield from (
        ("months before days", month, _dates(name, text, "{0:%m/%d/%Y}")),
        ("months before days", month, _dates(name, text, "{0.month}/{0.day}/{0.year}")),
        ("years of two figures", none, _dates(name, text, "{0:%d/%m/%y}")),
        ("dates with a time", none, _dates(name, text, "{0:%d/%m/%Y} 09:15")),
        ("dates as serial numbers", none, _dates(name, text, _to_serial)),
        (
            "a workbook with the name of a CSV file",
            "a workbook with the name",
            b"PK\x03\x04\x14" + bytes(200),
        ),
        ("a PDF", "a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        (
            "a page of the web",
            _TOLD,
            "<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>\n",
        ),
    )
    for column in must_be:
        yield "a column that must be there", "names no column", _without(text, column)
        twice = ([*each, each[header.index(column)]] for each in records)
        yield "two columns of one name", "two columns of row 1 are called", written(twice)
    if name == ROLL:
        lost = text.encode("ascii", "replace")
        once = text.encode().decode("cp1252").encode()
        yield from (
            ("names garbled by Excel", "garbled or missing", once),
            ("names garbled by Excel", "garbled or missing", once.decode("cp1252").encode()),
            (
                "names garbled on a Mac",
                "garbled or missing",
                text.encode().decode("mac_roman").encode(),
            ),
            ("names with lost letters", "garbled or missing", lost),
            ("names with lost letters", "garbled or missing", lost.replace(b"?", b"\xef\xbf\xbd")),
            ("saved in the code page of Windows", no_text, text.encode("cp1252")),
        )
        return
    days = sorted({(row[1], row[2]) for row in rows})
    marks = {(row[0], row[1], row[2]): row[3] for row in rows}
    grid = [["upn", *(f"{day} {half}" for day, half in days)]]
    grid += [
        [child, *(marks.get((child, *day), "") for day in days)]
        for child in sorted({row[0] for row in rows})
    ]
    yield "a child a row and a session a column", "could not be recognised", written(grid)


def _change_one(name: str, text: str, draw: random.Random) -> Iterator[Made]:
    """One value of one row."""
    header, *rows = parsed(text)

    def with_value(row: int, column: str, value: str) -> str:
        changed = [list(record) for record in rows]
        changed[row][header.index(column)] = value
        return written([header, *changed])

    for number, record in enumerate(rows):
        for column, cell in zip(header, record, strict=True):
            blank = draw.choice((" ", "  ", "\u00a0"))
            yield "a value with a blank", SAME, with_value(number, column, f"{cell}{blank}")
        upn = record[header.index("upn")]
        other = CHECK_LETTERS[(CHECK_LETTERS.index(upn[0]) + 1) % len(CHECK_LETTERS)] + upn[1:]
        letter, form = "does not match the digits|not in roll", "not a capital letter and 12"
        yield "a UPN in small letters", SAME, with_value(number, "upn", upn.lower())
        yield "a wrong figure in a UPN", letter, with_value(number, "upn", other)
        yield "a letter O in a UPN", form, with_value(number, "upn", upn.replace("0", "O", 1))
        if name == ROLL:
            continue
        day, half, code = record[1:]
        turned, unknown = "/".join(reversed(day.split("-"))), draw.choice("0?!*.")
        again = [*record[:3], "I" if code != "I" else "M"]
        yield from (
            (
                "a date in the other form",
                "written differently from most",
                with_value(number, "date", turned),
            ),
            ("a date that is none", "not a real date", with_value(number, "date", "31/02/2026")),
            ("a session in small letters", SAME, with_value(number, "session", half.lower())),
            (
                "an unknown code",
                "not a value that this column allows",
                with_value(number, "code", unknown),
            ),
            (
                "another mark for the same session",
                "says something different",
                written([header, *rows, again]),
            ),
        )
        if code.isalpha():
            yield "a mark in small letters", SAME, with_value(number, "code", code.lower())
        if not code:
            yield "a dash for no mark", SAME, with_value(number, "code", "-")


def parsed(text: str) -> Records:
    return list(csv.reader(text.splitlines()))


def written(records: Iterable[list[str]], **form: Any) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", **form).writerows(records)
    return out.getvalue()


def mapped(text: str, change: Callable[[list[str]], list[str]]) -> str:
    return written(change(record) for record in parsed(text))


def _turned(row: str) -> str:
    return ",".join(row.split(",")[::-1])


def _column(text: str, column: str, change: Callable[[str], str]) -> str:
    place = parsed(text)[0].index(column)
    header, *rows = parsed(text)
    for row in rows:
        if row[place] or column == "code":
            row[place] = change(row[place])
    return written([header, *rows])


def _dates(name: str, text: str, form: str | Callable[[date], str]) -> str:
    def spell(cell: str) -> str:
        figures = [int(each) for each in re.findall("[0-9]+", cell)]
        year, month, day = figures if len(str(figures[0])) == 4 else reversed(figures)
        when = date(year, month, day)
        return form.format(when) if isinstance(form, str) else form(when)

    for column in ("date",) if name == MARKS else ("date_of_birth", "entry_date", "leaving_date"):
        text = _column(text, column, spell)
    return text


def _to_serial(day: date) -> str:
    return str((day - date(1899, 12, 30)).days)


def _without(text: str, column: str) -> str:
    place = parsed(text)[0].index(column)
    return mapped(text, lambda fields: [*fields[:place], *fields[place + 1 :]])
