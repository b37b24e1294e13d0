"""A packet: a zip of rows about one child, as JSON, as a CSV for each kind, and as a page to read.

Pure: the same parts and day give the same bytes.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from safeguards.cells import serialise_csv
from safeguards.files import zip_files
from stewardship.packets.holdings import MARKED, Part, Row

_STYLE = (
    "body{font-family:sans-serif;max-width:60em;margin:2em auto;line-height:1.5}"
    "table{border-collapse:collapse}td,th{border:1px solid #888;padding:.2em .5em;"
    "text-align:left;vertical-align:top}.mark{font-weight:bold}"
)
_MADE_UP = "<p>Made-up data: this child does not exist.</p>"


@dataclass(frozen=True)
class Heading:
    """The heading of a packet.

    name: the name of its JSON and its page.  facts: by name, such as `from`.  They come first.
    """

    name: str
    title: str
    note: str
    facts: Mapping[str, str]
    made_on: date
    is_demo: bool


def build_packet(heading: Heading, parts: Sequence[Part], more: Mapping[str, str]) -> bytes:
    """Return the zip of these parts.  more: further texts in it, by the names of their files."""
    texts = {
        f"{heading.name}.json": _serialise_json(heading, parts),
        f"{heading.name}.html": _render_page(heading, parts),
        **{
            f"csv/{part.name}.csv": serialise_csv(
                part.columns, ([row.get(name) for name in part.columns] for row in part.rows)
            )
            for part in parts
        },
        **more,
    }
    return zip_files({name: text.encode("utf-8") for name, text in texts.items()}, heading.made_on)


def render_document(title: str, body: Iterable[str], *, is_demo: bool) -> str:
    """Return a page of HTML that needs no other file.  Its heading is the title."""
    lines = [f"<h1>{escape(title)}</h1>", *([_MADE_UP] if is_demo else []), *body]
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n"
        + "\n".join(lines)
        + "\n</body></html>\n"
    )


def _serialise_json(heading: Heading, parts: Sequence[Part]) -> str:
    body = {
        **heading.facts,
        "made_on": str(heading.made_on),
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


def _render_page(heading: Heading, parts: Sequence[Part]) -> str:
    facts = {**heading.facts, "made_on": str(heading.made_on)}
    body = [f'<p class="mark">{escape(heading.note)}</p>']
    body += [
        f"<p>{escape(name.replace('_', ' ').capitalize())}: {escape(text)}</p>"
        for name, text in facts.items()
    ]
    for part in parts:
        body += [
            f"<h2>{escape(part.category.capitalize())}</h2>",
            f"<p>{escape(part.rights.supplied.capitalize())}. {escape(part.rights.source)}</p>",
            _render_table(part),
        ]
    return render_document(heading.title, body, is_demo=heading.is_demo)


def _render_table(part: Part) -> str:
    head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in part.columns)
    rows = "".join(
        f"<tr>{''.join(_render_cell(name, row) for name in part.columns)}</tr>" for row in part.rows
    )
    return f"<table><tr>{head}</tr>{rows}</table>"


def _render_cell(name: str, row: Row) -> str:
    value = row.get(name)
    text = "" if value is None else escape(str(value))
    marked = ' class="mark"' if name == MARKED and text else ""
    return f"<td{marked}>{text}</td>"
