"""What is held about a child as one zip: for whoever asks for it, or for a recipient.

Everything as JSON, as CSV a kind, and as a page to read.  Whoever asks gets a draft, with a
page in plain words for the child: a person looks at what is marked before it goes out.
Pure: parts in, bytes out.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from safeguards.cells import serialise_csv
from stewardship.rights.holdings import SHARED, WHY_REVIEW, Part

_WRITTEN = {
    False: "lac-monitor has written no file about this child for anybody outside the school.",
    True: f"lac-monitor has written files about this child for others: see {SHARED}.",
}
_OTHER_SYSTEMS = (
    "What the school shares from other systems (with the Department for Education, local "
    "authorities, other schools and health specialists) is in those systems' records."
)

_DRAFT = (
    "Draft. Before it is handed over, a person must look at every row that is marked, and "
    "take out what the law lets the school keep back."
)
_HELLO = (
    "<p>You asked to see it, or somebody asked for you. Here is what there is. A grown-up "
    "whom you trust can go through it with you.</p>"
)
_YOU_CAN_ASK = (
    "<ul><li>If something is wrong, ask us to put it right.</li>"
    "<li>If something should not be here, ask us to take it away. Sometimes the law says "
    "that we must keep it. Then we tell you why.</li>"
    "<li>If you do not want us to use it, tell us.</li></ul>"
)
_STYLE = (
    "body{font-family:sans-serif;max-width:60em;margin:2em auto;line-height:1.5}"
    "table{border-collapse:collapse}td,th{border:1px solid #888;padding:.2em .5em;"
    "text-align:left;vertical-align:top}.mark{font-weight:bold}"
)
_MARKED = "review"


@dataclass(frozen=True)
class Heading:
    """What a zip says of itself.  facts: by name, such as made_on; they stand first."""

    title: str
    facts: Mapping[str, str]
    note: str


def build_draft(parts: Sequence[Part], *, handle: str, made_on: date, is_demo: bool) -> bytes:
    """The draft for whoever asks: the zip's bytes, the same for the same parts and day."""
    is_shared = any(part.name == SHARED for part in parts)
    facts = {
        "handle": handle,
        "made_on": str(made_on),
        "shared_with": f"{_WRITTEN[is_shared]} {_OTHER_SYSTEMS}",
    }
    heading = Heading(f"What is held about {handle}", facts, _DRAFT)
    texts = {
        **_render_formats(parts, heading, "everything", is_demo=is_demo),
        "for-the-child.html": _childs_page(parts, is_demo=is_demo),
        "to-review.csv": _to_review(parts),
    }
    return _build_zip(texts, made_on)


def build_record(parts: Sequence[Part], heading: Heading, *, made_on: date, is_demo: bool) -> bytes:
    """The record for a recipient, without the marks for who looks through a draft."""
    unmarked = [
        Part(
            part.name,
            part.category,
            part.rights,
            tuple(
                {name: value for name, value in row.items() if name != _MARKED} for row in part.rows
            ),
        )
        for part in parts
    ]
    return _build_zip(_render_formats(unmarked, heading, "record", is_demo=is_demo), made_on)


def count_rows_to_review(parts: Iterable[Part]) -> int:
    """How many rows a person must look at."""
    return sum(1 for part in parts for row in part.rows if row[_MARKED])


def _render_formats(
    parts: Sequence[Part], heading: Heading, name: str, *, is_demo: bool
) -> dict[str, str]:
    """The same three ways, by the name of the file."""
    return {
        f"{name}.json": _json(parts, heading),
        f"{name}.html": _page(parts, heading, is_demo=is_demo),
        **{f"csv/{part.name}.csv": _csv(part) for part in parts},
    }


def _build_zip(texts: Mapping[str, str], made_on: date) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            entry = zipfile.ZipInfo(name, (made_on.year, made_on.month, made_on.day, 0, 0, 0))
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, text.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _json(parts: Sequence[Part], heading: Heading) -> str:
    body = {
        **heading.facts,
        "note": heading.note,
        "parts": {
            part.name: {
                "category": part.category,
                "required_or_voluntary": part.rights.supplied,
                "because": part.rights.source,
                "rows": part.rows,
            }
            for part in parts
        },
    }
    return json.dumps(body, ensure_ascii=False, indent=1, default=str)


def _csv(part: Part) -> str:
    return serialise_csv(
        part.columns, ([row.get(name) for name in part.columns] for row in part.rows)
    )


def _to_review(parts: Iterable[Part]) -> str:
    rows = [
        (part.name, number, row[_MARKED], WHY_REVIEW[row[_MARKED]])
        for part in parts
        for number, row in enumerate(part.rows, start=1)
        if row[_MARKED]
    ]
    return serialise_csv(("file", "row", "review", "why"), rows)


def _page(parts: Sequence[Part], heading: Heading, *, is_demo: bool) -> str:
    body = [
        f"<h1>{escape(heading.title)}</h1>",
        f'<p class="mark">{escape(heading.note)}</p>',
        *(["<p>Made-up data: this child does not exist.</p>"] if is_demo else []),
        *(f"<p>{escape(_fact(name, text))}</p>" for name, text in heading.facts.items()),
    ]
    for part in parts:
        body += [
            f"<h2>{escape(part.category.capitalize())}</h2>",
            f"<p>{escape(part.rights.supplied.capitalize())}. {escape(part.rights.source)}</p>",
            _table(part),
        ]
    return _document("What is held", body)


def _fact(name: str, text: str) -> str:
    return f"{name.replace('_', ' ').capitalize()}: {text}"


def _childs_page(parts: Sequence[Part], *, is_demo: bool) -> str:
    """In plain words; how much there is of each kind, and no row that a person must look at."""
    body = [
        "<h1>What our school writes down about you</h1>",
        _HELLO,
        *(["<p>Made-up data: this child does not exist.</p>"] if is_demo else []),
        "<ul>",
        *(f"<li>{escape(_childs_line(part))}</li>" for part in parts),
        "</ul>",
        "<h2>What you can ask for</h2>",
        _YOU_CAN_ASK,
        "<p>No computer decides anything about you here. People do.</p>",
    ]
    return _document("What our school writes down about you", body)


def _childs_line(part: Part) -> str:
    """One kind of data as a sentence, with how often there is something of it."""
    number = len(part.rows)
    times = "once" if number == 1 else f"{number} times"
    return f"We have written down {part.rights.for_the_child} ({times})."


def _table(part: Part) -> str:
    head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in part.columns)
    rows = "".join(f"<tr>{_cells(part.columns, row)}</tr>" for row in part.rows)
    return f"<table><tr>{head}</tr>{rows}</table>"


def _cells(columns: Iterable[str], row: Mapping[str, object]) -> str:
    cells = []
    for name in columns:
        value = row.get(name)
        text = "" if value is None else escape(str(value))
        marked = ' class="mark"' if name == _MARKED and text else ""
        cells.append(f"<td{marked}>{text}</td>")
    return "".join(cells)


def _document(title: str, body: Iterable[str]) -> str:
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )
