"""Small reports of both kinds, for tests of the reading: one list of blocks makes either."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import typst
from docx.oxml import OxmlElement

from tests.proofs.attacker.files.figures import HIDDEN_MARK, Cell, Release, Table, cell


@dataclass(frozen=True)
class Chart:
    """A drawing with a text in it, and its alternative text."""

    caption: str
    alt: str
    text: str

    @property
    def svg(self) -> str:
        """The drawing."""
        return (
            "<svg xmlns='http://www.w3.org/2000/svg' width='200' height='40'>"
            f"<text x='5' y='20' font-family='sans-serif'>{self.text}</text></svg>"
        )


#: A sentence, a table or a chart.
Block = str | Table | Chart

_TYPST = """
#let blocks = json(bytes(sys.inputs.blocks))
#set document(title: "A report")
#set text(lang: "en", region: "gb", hyphenate: true)
#set page(height: 10cm, footer: context [Page #counter(page).display(), data to 13 November 2026])
#show figure: set block(breakable: true)
#show figure.where(kind: table): set figure.caption(position: top)
#set figure.caption(separator: [. ])
= A report
#for block in blocks {
  if block.kind == "sentence" { par(block.text) }
  if block.kind == "table" {
    figure(caption: block.caption, table(
      columns: block.header.len(), table.header(..block.header), ..block.rows.flatten()))
  }
  if block.kind == "chart" {
    figure(alt: block.alt, caption: block.caption, image(bytes(block.svg), format: "svg"))
  }
}
"""


def write_word(file: Path, blocks: Sequence[Block]) -> Path:
    """A Word file of these blocks."""
    document = docx.Document()
    document.sections[0].footer.paragraphs[0].text = "Page 1, data to 13 November 2026"
    document.add_heading("A report", 1)
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        document.add_paragraph(block.caption, style="Caption")
        if isinstance(block, Chart):
            drawing = OxmlElement("wp:docPr")
            drawing.set("id", "1")
            drawing.set("name", "chart")
            drawing.set("descr", block.alt)
            document.add_paragraph().add_run()._r.append(drawing)
            continue
        table = document.add_table(0, len(block.header))
        for row in (block.header, *block.rows):
            for place, text in zip(table.add_row().cells, row, strict=True):
                place.text = text
    document.save(str(file))
    return file


def write_pdf(file: Path, blocks: Sequence[Block]) -> Path:
    """A tagged PDF of these blocks; tables break over its short pages."""
    content = json.dumps([_plain(block) for block in blocks])
    made = typst.compile(
        _TYPST.encode(), format="pdf", sys_inputs={"blocks": content}, pdf_standards=["ua-1"]
    )
    file.write_bytes(made)
    return file


def _plain(block: Block) -> dict[str, Any]:
    if isinstance(block, str):
        return {"kind": "sentence", "text": block}
    caption = block.caption.partition(". ")[2]  # typst counts tables itself
    if isinstance(block, Chart):
        return {"kind": "chart", "caption": caption, "alt": block.alt, "svg": block.svg}
    return {"kind": "table", "caption": caption, "header": block.header, "rows": block.rows}


def tables_of(release: Release) -> list[Table]:
    """A release as its tables are printed, the number of children first."""
    group = [("Children looked after", str(release.children))]
    tables = [Table("Table 1. The group", ("Group", "Children"), tuple(group))]

    def add(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        caption = f"Table {len(tables) + 1}. {header[0]}"
        tables.append(Table(caption, header, tuple(rows)))

    crossed = dict.fromkeys(
        tuple(n for n, _ in place) for place in release.counts if len(place) > 1
    )
    for name, labels in release.attributes.items():
        rows = [(label, _text(release, cell({name: label}))) for label in labels]
        add((name, "Children"), rows)
    for one, other in crossed:
        columns = release.attributes[other]
        crossed_rows = [
            (
                label,
                *(_text(release, cell({one: label, other: each})) for each in columns),
                _text(release, cell({one: label})),
            )
            for label in release.attributes[one]
        ]
        add((one, *columns, "Children"), crossed_rows)
    return tables


def _text(release: Release, place: Cell) -> str:
    count = release.counts[place]
    return HIDDEN_MARK if count is None else str(count)
