"""OpenDocument workbooks: the same rows as from files, what is no value, and what is refused."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest

from intake.check.check import check_exports
from intake.problems import IntakeError
from intake.read.opendocument import read_opendocument
from intake.read.read import read_exports
from tests.support.schools.good_exports import GOOD, export_of, read_file, without, write

_KIND = b"application/vnd.oasis.opendocument.spreadsheet"
_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    + "".join(f' xmlns:{name}="{_URN}{name}:1.0"' for name in ("office", "table", "text"))
    + "><office:body><office:spreadsheet>"
)
_FOOT = "</office:spreadsheet></office:body></office:document-content>"


def text(value: str) -> str:
    """A cell of text, as LibreOffice writes it."""
    return (
        f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p>'
        "</table:table-cell>"
        if value
        else "<table:table-cell/>"
    )


def row(*cells: str, repeated: int = 1) -> str:
    start = f'<table:table-row table:number-rows-repeated="{repeated}">'
    return f"{start}{''.join(cells)}</table:table-row>"


def document(sheets: Mapping[str, Sequence[str]]) -> bytes:
    tables = "".join(
        f"<table:table table:name={quoteattr(title)}><table:table-column/>{''.join(rows)}"
        "</table:table>"
        for title, rows in sheets.items()
    )
    return (_HEAD + tables + _FOOT).encode()


def book(content: bytes, parts: Mapping[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", _KIND, zipfile.ZIP_STORED)
        made.writestr("content.xml", content)
        for name, part in (parts or {}).items():
            made.writestr(name, part)
    return out.getvalue()


def of_text(name: str) -> list[str]:
    """A good file as the rows of a sheet, with the empty rest of it below and beside."""
    file = read_file(export_of(name), GOOD[name].encode())
    lines = [export_of(name).header, *file.rows.drop("row").rows()]
    beyond = '<table:table-cell table:number-columns-repeated="16000"/>'
    rows = [row(*(text(cell) for cell in line), beyond) for line in lines]
    return [*rows, row(beyond, repeated=1_048_000)]


def read(cell: str) -> str | None:
    """What one cell says, between two others."""
    sheets = read_opendocument(book(document({"a": [row(text("x"), cell, text("y"))]})), "a.ods")
    ((number, (before, said, after)),) = sheets["a"]
    assert (number, before, after) == (1, "x", "y")
    return said


def test_a_workbook_says_what_the_files_say(tmp_path: Path) -> None:
    names = ("roll.csv", "sdq.csv", "calendar.csv")
    content = document({name.removesuffix(".csv"): of_text(name) for name in names})
    (tmp_path / "export.ods").write_bytes(book(content))
    files = {name: GOOD[name] for name in GOOD if name not in names}
    found = read_exports(write(files, tmp_path))
    assert check_exports(found).problems == ()
    for name in names:
        expected = read_file(export_of(name), GOOD[name].encode())
        assert found.files[name].rows.equals(expected.rows), name


def of_kind(kind: str, value: str = "", inside: str = "", more: str = "") -> str:
    """A cell of a kind: its value in the attributes, what is shown of it inside."""
    name = {"float": "value", "string": "string-value"}.get(kind, f"{kind}-value")
    given = f' office:{name}="{value}"' if value else ""
    start = f'<table:table-cell office:value-type="{kind}"{given}{more}>'
    return f"{start}{inside}</table:table-cell>"


NOTE = "<office:annotation><text:p>a note</text:p></office:annotation>"
SPACED = '<text:p>a<text:s text:c="2"/>b<text:span>c</text:span>d</text:p>'
FORMULA = ' table:formula="of:=1+1"'


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (text("a & b"), "a & b"),
        (text("=1+1"), "=1+1"),
        ("<table:table-cell/>", ""),
        ("<table:covered-table-cell/>", ""),
        (of_kind("date", "2026-09-21"), "2026-09-21"),
        (of_kind("date", "2026-09-21T00:00:00"), "2026-09-21"),
        (of_kind("date", "2026-09-21T13:05:00"), "2026-09-21T13:05:00"),
        (of_kind("float", "14"), "14"),
        (of_kind("float", "14.0"), "14"),
        (of_kind("float", "14.5"), "14.5"),
        (of_kind("boolean", "true"), None),
        (of_kind("time", "PT09H30M"), None),
        (of_kind("float", "2", "<text:p>2</text:p>", FORMULA), None),
        (of_kind("string", "", NOTE + SPACED), "a  bcd"),
        (of_kind("string", "", "<text:p>a</text:p><text:p>b</text:p>"), "a\nb"),
    ],
)
def test_what_a_cell_says(cell: str, said: str | None) -> None:
    assert read(cell) == said


def test_rows_and_cells_that_stand_for_several_are_all_there() -> None:
    twice = '<table:table-cell table:number-columns-repeated="2" office:value-type="string">'
    rows = [
        row(text(""), repeated=3),
        row(f"{twice}<text:p>a</text:p></table:table-cell>", text("b"), repeated=2),
        row(text("c")),
    ]
    assert read_opendocument(book(document({"a": rows})), "a.ods") == {
        "a": [(4, ("a", "a", "b")), (5, ("a", "a", "b")), (6, ("c",))]
    }


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;</x>'


def test_a_register_may_pack_tightly() -> None:
    """As LibreOffice writes it: a hundred times smaller, which is no bomb."""
    style = '<table:table-cell table:style-name="ce1" office:value-type="string">'
    cells = [f"{style}<text:p>{each}</text:p></table:table-cell>" for each in ("AM", "/", "2026")]
    rows = read_opendocument(book(document({"a": [row(*cells)] * 5_000})), "a.ods")["a"]
    assert rows[-1] == (5_000, ("AM", "/", "2026"))


UNSAFE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb": (lambda: book(b"<a>" + b"0" * 19_000_000 + b"</a>"), "packed more tightly"),
    "a large file": (lambda: bytes(20 * 1024 * 1024 + 1), "larger than 20 MB"),
    "entities": (lambda: book(ENTITIES), "damaged"),
    "broken XML": (lambda: book(b"<office:document-content>"), "damaged"),
    "a macro": (lambda: book(document({}), {"Basic/Standard/Module1.xml": b"<a/>"}), "macros"),
    "a script": (lambda: book(document({}), {"Scripts/python/run.py": b"1"}), "macros"),
    "a program": (lambda: book(document({}), {"run.exe": b"MZ"}), "holds other files"),
    "a password": (
        lambda: book(b"\0\1", {"META-INF/manifest.xml": b"<a><manifest:encryption-data/></a>"}),
        "has a password",
    ),
    "another kind": (lambda: book(document({})).replace(b"spreadsheet", b"textprocess"), "damaged"),
    "a row far down": (
        lambda: book(document({"a": [row(text(""), repeated=20_001), row(text("x"))]})),
        "goes on beyond row 20,001",
    ),
    "one row for a million": (
        lambda: book(document({"a": [row(text("x"), repeated=1_000_000)]})),
        "goes on beyond row 20,001",
    ),
    "no number": (
        lambda: book(document({"a": ['<table:table-row table:number-rows-repeated="x"/>']})),
        "damaged",
    ),
    "text": (lambda: b"upn,date\n", "damaged"),
    "nothing": (lambda: b"", "damaged"),
}


@pytest.mark.parametrize(("made", "said"), UNSAFE.values(), ids=UNSAFE.keys())
def test_what_is_unsafe_is_refused_in_words(
    tmp_path: Path, made: Callable[[], bytes], said: str
) -> None:
    (tmp_path / "lac.ods").write_bytes(made())
    with pytest.raises(IntakeError, match=said) as refused:
        read_exports(write(without("school.csv"), tmp_path))
    assert "lac.ods" in str(refused.value)
