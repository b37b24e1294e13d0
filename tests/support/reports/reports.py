"""A report with every kind of block, for the tests of both renderings."""

from datetime import date
from typing import Any

import polars as pl

from dashboard.report.content.model import Bullets, Document, Heading, Paragraph, Question, Table

DUE = pl.DataFrame(
    {
        "thing": ["PEP this term", "Dental check"],
        "up to date": [18, 15],
        "due soon": [3, 0],
        "overdue": [2, 0],
        "not recorded": [1, 9],
    }
)
#: What means something to typst, XML, Word fields, markdown or a spreadsheet.
HOSTILE = (
    "#eval(1+1)",
    "*bold* _it_ `raw`",
    "$x^2$ #panic()",
    "\\ \\u{41} \\n",
    "<w:p/>&amp;<!--x-->",
    "]]><![CDATA[",
    "@ref <label>",
    "= no heading",
    "- no item",
    "// no comment /* */",
    "{{ x }} ${y} %s",
    "=cmd|' /C calc'!A0",
    "https://example.org/x",
    "\"quotes\" 'single' --- ...",
    "{ HYPERLINK x }",
)


def blocks(question: str | None = "What changed since?") -> Any:
    open_question = (Question(question),) if question else ()
    return (
        Heading(1, "Our children"),
        Paragraph("The school has 24 children looked after."),
        Table(
            "Children looked after by home",
            ("Home", "Lower juniors", "Upper juniors", "Children"),
            (("Foster home", 8, 7, 15), ("Home of a relative", "not given", "not given", 9)),
            note="Not given: too few.",
        ),
        Heading(2, "Attendance"),
        Table(
            "Sessions missed by reason",
            ("Reason", "Sessions"),
            (("Illness", 1204), ("Holiday", 48), ("Suspended", 4)),
        ),
        Heading(3, "What we did"),
        Paragraph("We phone home.", "Each morning."),
        Paragraph("We meet each month."),
        *open_question,
        Heading(1, "Plans"),
        Table("What is due", ("Plan", *DUE.columns[1:]), tuple(DUE.rows())),
        Bullets(("Targets are short.", "Each plan has the child's words.")),
        Heading(1, "Next steps"),
        Table("Steps", ("Step", "By when"), (("Hold the plans", "27 November 2026"),)),
    )


def document(**changed: Any) -> Document:
    given = {
        "title": "Children looked after: report to governors",
        "school": "Made-up Junior School",
        "kind": "Termly report",
        "part": "Part One",
        "term": "Autumn term 2026",
        "as_at": date(2026, 11, 13),
        "is_final": False,
        "note": "No child's data can be worked out from this paper.",
        "blocks": blocks(),
    }
    return Document(**(given | changed))


def hostile() -> tuple[Document, list[str]]:
    """A report that has each hostile text in every place, and all the texts of it."""
    texts = [f"{place}{text}" for place in "abcdefghijk" for text in HOSTILE]
    each = iter(texts)
    made = []
    for _ in HOSTILE:
        made += [
            Heading(1, next(each)),
            Paragraph(next(each)),
            Bullets((next(each),)),
            Table(next(each), (next(each), "n"), ((next(each), next(each)),), note=next(each)),
            Question(next(each)),
            Paragraph(next(each), next(each)),
        ]
    return document(blocks=tuple(made)), texts


def final() -> Document:
    return document(is_final=True, part="Part Two", blocks=blocks(None))


#: The rows of the tables of `document`, as they are printed.
PRINTED = [
    [
        ["Home", "Lower juniors", "Upper juniors", "Children"],
        ["Foster home", "8", "7", "15"],
        ["Home of a relative", "not given", "not given", "9"],
    ],
    [["Reason", "Sessions"], ["Illness", "1,204"], ["Holiday", "48"], ["Suspended", "4"]],
    [
        ["Plan", "up to date", "due soon", "overdue", "not recorded"],
        ["PEP this term", "18", "3", "2", "1"],
        ["Dental check", "15", "0", "0", "9"],
    ],
    [["Step", "By when"], ["Hold the plans", "27 November 2026"]],
]
CAPTIONS = [
    "Table 1. Children looked after by home",
    "Table 2. Sessions missed by reason",
    "Table 3. What is due",
    "Table 4. Steps",
]
HEADINGS = [
    (1, "Our children"),
    (2, "Attendance"),
    (3, "What we did"),
    (1, "Plans"),
    (1, "Next steps"),
]
#: What stands in the report besides, in its order.
SAID = [
    "Children looked after: report to governors",
    "Made-up Junior School",
    "Termly report, Autumn term 2026",
    "Part One. Data up to 13 November 2026. Draft: not for sending",
    "No child's data can be worked out from this paper.",
    "The school has 24 children looked after.",
    "Not given: too few.",
    "Each morning. We phone home.",
    "We meet each month.",
    "To write: What changed since?",
    "Targets are short.",
    "Each plan has the child's words.",
]
