"""What offices and Excel do to a roll and a register, and what a reader should make of it.

Each kind is rated before anything is read: whether the file still says the same, and what a
refusal must name.  The kinds of `pollution` are rated here as well.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from intake.check.upn import CHECK_LETTERS
from tests.support.hostile import pollution
from tests.support.hostile.pollution import Case, mapped, parsed, written
from tests.support.schools.good_exports import Files

ROLL, MARKS = "roll.csv", "attendance.csv"
Records = list[list[str]]


@dataclass(frozen=True)
class Rating:
    """says_the_same: whether a person would read the same rows in it, in one way only.

    named: what a refusal must say, as a pattern; also where it should not have been refused.
    """

    says_the_same: bool
    named: str = r"."


_FIELDS = r"The row has \d+ fields?;"
_RECORD = "not one whole CSV record"
_SAME = Rating(says_the_same=True)


def _other(named: str) -> Rating:
    return Rating(says_the_same=False, named=named)


_VALUES = r"is blank|is not|does not|not in roll|in another form|that exists|was not in use|enrol"

#: Of every kind of `pollution`, and of those below.
RATINGS: dict[str, Rating] = {
    "nothing": _other("it is empty"),
    "blank lines only": _other("it is empty"),
    "empty": _other("it is empty"),
    "no header": _other("holds values already"),
    "header only": _other("has no rows"),
    "header twice": _SAME,
    "header again below": _other("An earlier row"),
    "second header row": _other(_VALUES),
    "title above": _SAME,
    "title and blank line above": _SAME,
    "total below": _other(_FIELDS),
    "total in all columns": _other(_VALUES),
    "note below": _other(_FIELDS),
    "wider table below": _other(_FIELDS),
    "narrower table below": _other(_FIELDS),
    "same table below": _other("An earlier row"),
    "other separator that CSV has": _SAME,
    "other separator that CSV has not": _other(r"by (spaces|colons|signs)|signs that|" + _RECORD),
    "line ends of old Macs": _SAME,
    "other line end": _other(r"cannot be told|" + _RECORD),
    "single quotes": _other("single quotation marks"),
    "one column less": _other(r"names no column code|has no column"),
    "first column less": _other("names no column upn"),
    "one column more": _SAME,
    "empty column more": _SAME,
    "index column": _SAME,
    "columns turned round": _SAME,
    "header in capitals": _SAME,
    "header with blanks": _SAME,
    "header turned round": _other(_VALUES),
    "rows turned round": _other(_VALUES),
    "rows in another order": _SAME,
    "every field after the first slipped": _other(f"{_VALUES}|{_FIELDS}"),
    "a separator less": _other(f"{_FIELDS}|{_RECORD}"),
    "a separator more": _other(f"{_FIELDS}|{_RECORD}"),
    "another separator": _other(f"{_FIELDS}|{_RECORD}"),
    "a quote opened": _other(_RECORD),
    "a quote within": _other(_RECORD),
    "a line end within": _other(_FIELDS),
    "a line end within quotes": _other(_RECORD),
    "escaped by a backslash": _other(_RECORD),
    "a separator at the end": _other(_FIELDS),
    "a separator in front": _other(_FIELDS),
    "quoted whole": _other(_FIELDS),
    "a blank line": _SAME,
    "twice": _other("An earlier row"),
    "separators only": _SAME,
    "joined with the next": _other(f"{_FIELDS}|{_RECORD}"),
    "joined by a carriage return": _other(_RECORD),
    "cut short": _other(_FIELDS),
    "fields turned round": _other(f"{_VALUES}|{_FIELDS}|{_RECORD}"),
    "another encoding": _other(r"UTF-16|UTF-32|not UTF-8|cannot be told|garbled|that is allowed"),
    "two byte-order marks": _other(r"UTF-16|UTF-32|not UTF-8|cannot be told|" + _RECORD),
    "bytes put in": _other(f"{_VALUES}|{_FIELDS}|{_RECORD}|UTF|cannot be told|says something else"),
    "cut off": _other(f"{_VALUES}|{_FIELDS}|{_RECORD}|UTF|it is empty|no rows|cannot be told"),
    # of one row or value
    "a value with a blank": _SAME,
    "a UPN in small letters": _SAME,
    "a mark in small letters": _SAME,
    "a session in small letters": _SAME,
    "a dash for no mark": _SAME,
    "a date in the other form": _other("in another form than most"),
    "a date that is none": _other("not a date that exists"),
    "a wrong figure in a UPN": _other("does not follow from the digits|not in roll"),
    "a letter O in a UPN": _other("not a capital letter and 12 digits"),
    "an unknown code": _other("not a value that is allowed"),
    "another mark for the same session": _other("says something else"),
    # of the whole file
    "a byte-order mark": _SAME,
    "lines as Windows ends them": _SAME,
    "no last line end": _SAME,
    "rows of commas below": _SAME,
    "quotes around every field": _SAME,
    "names in words": _SAME,
    "a blank that does not break in a name": _SAME,
    "columns in another order": _SAME,
    "a column of notes": _SAME,
    "empty columns beside": _SAME,
    "a line that names the separator": _SAME,
    "titles above": _SAME,
    "names again on each page": _SAME,
    "blanks around every value": _SAME,
    "UPNs in small letters": _SAME,
    "dates without leading zeros": _SAME,
    "dates with dots or dashes": _SAME,
    "dates with the month in letters": _SAME,
    "dates with midnight": _SAME,
    "dates the other way": _SAME,
    "marks in small letters": _SAME,
    "dashes for no mark": _SAME,
    "year groups in words": _SAME,
    "sexes in words": _SAME,
    "postcodes in small letters": _SAME,
    "postcodes without blanks": _SAME,
    "names in pieces": _SAME,
    "a column that may be missing": _SAME,
    "months before days": _other("month first"),
    "years of two figures": _other("not a date that exists"),
    "dates as serial numbers": _other("not a date that exists"),
    "dates with a time": _other("not a date that exists"),
    "names garbled by Excel": _other("garbled or lost"),
    "names garbled on a Mac": _other("garbled or lost"),
    "names with lost letters": _other("garbled or lost"),
    "saved in the code page of Windows": _other("not UTF-8"),
    "a column that must be there": _other("names no column"),
    "two columns of one name": _other("two columns of row 1 are called"),
    "a workbook under the name of a CSV file": _other("a workbook under the name"),
    "a PDF": _other("a PDF"),
    "a page of the web": _other("cannot be told"),
    "a child a row and a session a column": _other("names no column|names them"),
}


def rated_cases(files: Files, *, draw: random.Random) -> list[Case]:
    """Every case of the roll and the register of these files, one of each kind after another."""
    pair = {name: files[name] for name in (ROLL, MARKS)}
    found = [*pollution.cases(pair, draw=draw)]
    for name, text in pair.items():
        found += [Case(kind, name, made) for kind, made in _whole(name, text, draw)]
        found += [Case(kind, name, made.encode()) for kind, made in _single(name, text, draw)]
    draw.shuffle(found)
    by_kind: dict[str, list[Case]] = {}
    for case in found:
        by_kind.setdefault(case.kind, []).append(case)
    rounds = zip_longest(*(by_kind[kind] for kind in sorted(by_kind)))
    return [case for each in rounds for case in each if case]


def _whole(name: str, text: str, draw: random.Random) -> Iterator[tuple[str, bytes]]:
    for kind, made in [*_forms(text, draw), *_spellings(name, text), *_strange(name, text)]:
        yield kind, made.encode() if isinstance(made, str) else made


def _forms(text: str, draw: random.Random) -> Iterator[tuple[str, str | bytes]]:
    """The file in another form, every value as it was."""
    header, *rows = records = parsed(text)
    width = len(header)
    commas = "," * (width - 1) + "\n"
    yield "a byte-order mark", "\ufeff" + text
    yield "lines as Windows ends them", text.replace("\n", "\r\n")
    yield "no last line end", text.rstrip("\n")
    for number in (1, 2, 20):
        yield "rows of commas below", text + commas * number
    yield "quotes around every field", written(records, quoting=1)
    yield "names in words", _with_header(records, [_in_words(each) for each in header])
    named = [each.replace("_", "\u00a0") + "\u00a0" for each in header]
    yield "a blank that does not break in a name", _with_header(records, named)
    for _ in range(10):
        order = draw.sample(range(width), width)
        yield (
            "columns in another order",
            written([record[place] for place in order] for record in records),
        )
    for place in range(width + 1):
        noted = [
            [*record[:place], "Notes" if record is header else "seen", *record[place:]]
            for record in records
        ]
        yield "a column of notes", written(noted)
    for number in (1, 3):
        wider = [[*record, *[""] * number] for record in records]
        yield "empty columns beside", written(wider)
    yield "a line that names the separator", "sep=,\n" + text
    for titles in (["Brook Lane Junior School"], ["Register", "", "Autumn"], ["A", "B,", "C,d"]):
        yield "titles above", "\n".join(titles) + "\n" + text
    for page in (2, 3, 20):
        parts = [rows[start : start + page] for start in range(0, len(rows), page)]
        yield (
            "names again on each page",
            written(record for part in parts for record in (header, *part)),
        )
    for blank in (" ", "\u00a0", "  "):
        spaced = [[f"{blank}{cell}{blank}" for cell in record] for record in records]
        yield "blanks around every value", written(spaced)


def _spellings(name: str, text: str) -> Iterator[tuple[str, str | bytes]]:
    """Every value of a column in another spelling."""
    yield "UPNs in small letters", _column(text, "upn", str.lower)
    dated = ("date",) if name == MARKS else ("date_of_birth", "entry_date", "leaving_date")
    for kind, form in {
        "dates without leading zeros": "{0.day}/{0.month}/{0.year}",
        "dates with dots or dashes": "{0:%d.%m.%Y}",
        "dates with the month in letters": "{0:%d-%b-%Y}",
        "dates with midnight": "{0:%d/%m/%Y} 00:00:00",
        "dates the other way": "{0:%Y-%m-%d}" if name == ROLL else "{0:%d/%m/%Y}",
    }.items():
        yield kind, _dates(text, dated, form)
    yield "dates with dots or dashes", _dates(text, dated, "{0:%d-%m-%Y}")
    yield "dates with the month in letters", _dates(text, dated, "{0.day} {0:%B} {0.year}")
    yield "dates with midnight", _dates(text, dated, "{0:%Y-%m-%d}T00:00:00")
    yield "dates the other way", _dates(text, dated, "{0:%Y/%m/%d}")
    if name == MARKS:
        yield "marks in small letters", _column(text, "code", str.lower)
        yield "marks in small letters", _column(text, "session", str.lower)
        yield "dashes for no mark", _column(text, "code", lambda code: code or "-")
        yield "dashes for no mark", _column(text, "code", lambda code: code or " - ")
        return
    for form in ("Year {}", "year {}", "Y{}", "0{}", "Yr {}"):
        yield "year groups in words", _column(text, "year_group", form.format)
    words = {"F": "Female", "M": "Male", "U": "u"}
    yield "sexes in words", _column(text, "sex", words.__getitem__)
    yield "sexes in words", _column(text, "sex", lambda sex: words[sex].lower())
    yield "postcodes in small letters", _column(text, "postcode", str.lower)
    yield (
        "postcodes without blanks",
        _column(text, "postcode", lambda code: code.replace(" ", "").lower()),
    )
    yield (
        "postcodes without blanks",
        _column(text, "postcode", lambda code: f"{code[:2]} {code[2:]}"),
    )
    yield "names in pieces", unicodedata.normalize("NFD", text)
    for column in ("preferred_forename", "class", "address", "postcode"):
        yield "a column that may be missing", _without(text, column)


def _strange(name: str, text: str) -> Iterator[tuple[str, str | bytes]]:
    """What changes the file's meaning, or may."""
    dated = ("date",) if name == MARKS else ("date_of_birth", "entry_date", "leaving_date")
    yield "months before days", _dates(text, dated, "{0:%m/%d/%Y}")
    yield "months before days", _dates(text, dated, "{0.month}/{0.day}/{0.year}")
    yield "years of two figures", _dates(text, dated, "{0:%d/%m/%y}")
    yield "dates with a time", _dates(text, dated, "{0:%d/%m/%Y} 09:15")
    yield (
        "dates as serial numbers",
        _dates(text, dated, lambda day: str((day - date(1899, 12, 30)).days)),
    )
    for column in (dated[0], "upn"):
        yield "a column that must be there", _without(text, column)
        header, *rows = parsed(text)
        place = header.index(column)
        twice = [[*record, record[place]] for record in (header, *rows)]
        yield "two columns of one name", written(twice)
    yield "a workbook under the name of a CSV file", b"PK\x03\x04\x14\x00\x06\x00" + bytes(200)
    yield "a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    yield "a page of the web", "<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>\n"
    if name == ROLL:
        yield "names garbled by Excel", text.encode().decode("cp1252").encode()
        yield (
            "names garbled by Excel",
            text.encode().decode("cp1252").encode().decode("cp1252").encode(),
        )
        yield "names garbled on a Mac", text.encode().decode("mac_roman").encode()
        yield "names with lost letters", text.encode("ascii", "replace")
        yield (
            "names with lost letters",
            text.encode("ascii", "replace").replace(b"?", b"\xef\xbf\xbd"),
        )
        yield "saved in the code page of Windows", text.encode("cp1252")
        yield "a column that must be there", _without(text, "leaving_date")
    else:
        header, *rows = parsed(text)
        days = sorted({(row[1], row[2]) for row in rows})
        marks = {(row[0], row[1], row[2]): row[3] for row in rows}
        grid = [["upn", *(f"{day} {half}" for day, half in days)]]
        grid += [
            [child, *(marks.get((child, *day), "") for day in days)]
            for child in sorted({row[0] for row in rows})
        ]
        yield "a child a row and a session a column", written(grid)


def _single(name: str, text: str, draw: random.Random) -> Iterator[tuple[str, str]]:
    """One value of one row."""
    header, *rows = parsed(text)
    place = {column: number for number, column in enumerate(header)}

    def with_value(row: int, column: str, value: str) -> str:
        changed = [list(record) for record in rows]
        changed[row][place[column]] = value
        return written([header, *changed])

    for number, record in enumerate(rows):
        for column, cell in zip(header, record, strict=True):
            blank = draw.choice((" ", "  ", "\u00a0"))
            yield "a value with a blank", with_value(number, column, f"{cell}{blank}")
        upn = record[place["upn"]]
        yield "a UPN in small letters", with_value(number, "upn", upn.lower())
        other = CHECK_LETTERS[(CHECK_LETTERS.index(upn[0]) + 1) % len(CHECK_LETTERS)]
        yield "a wrong figure in a UPN", with_value(number, "upn", other + upn[1:])
        yield "a letter O in a UPN", with_value(number, "upn", upn.replace("0", "O", 1))
        if name == ROLL:
            continue
        day, half, code = record[1:]
        turned = "/".join(reversed(day.split("-")))
        yield "a date in the other form", with_value(number, "date", turned)
        yield "a date that is none", with_value(number, "date", "31/02/2026")
        yield "a session in small letters", with_value(number, "session", half.lower())
        yield "an unknown code", with_value(number, "code", draw.choice("0?!*."))
        if code.isalpha():
            yield "a mark in small letters", with_value(number, "code", code.lower())
        if not code:
            yield "a dash for no mark", with_value(number, "code", "-")
        yield (
            "another mark for the same session",
            written([header, *rows, [*record[:3], "I" if code != "I" else "M"]]),
        )


def _column(text: str, column: str, change: Callable[[str], str]) -> str:
    header, *rows = parsed(text)
    place = header.index(column)
    changed = [
        [
            *row[:place],
            change(row[place]) if row[place] or column == "code" else "",
            *row[place + 1 :],
        ]
        for row in rows
    ]
    return written([header, *changed])


def _dates(text: str, columns: tuple[str, ...], form: str | Callable[[date], str]) -> str:
    def spell(cell: str) -> str:
        figures = [int(each) for each in re.findall("[0-9]+", cell)]
        year, month, day = figures if len(str(figures[0])) == 4 else reversed(figures)
        when = date(year, month, day)
        return form.format(when) if isinstance(form, str) else form(when)

    for column in columns:
        text = _column(text, column, spell)
    return text


def _without(text: str, column: str) -> str:
    header = parsed(text)[0]
    place = header.index(column)
    return mapped(text, lambda fields: [*fields[:place], *fields[place + 1 :]])


def _with_header(records: Records, header: list[str]) -> str:
    return written([header, *records[1:]])


def _in_words(name: str) -> str:
    return "UPN" if name == "upn" else name.replace("_", " ").capitalize()
