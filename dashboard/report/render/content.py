"""What both renderings draw of a paper, as plain data: nothing in it is read as markup.

Texts are as they will be printed: what no paper can show (control characters, characters that
turn the direction of a line) is gone, and runs of blanks are one.
"""

import re
import unicodedata
from itertools import count
from typing import Any

from dashboard.report.content import model

#: Control, format, surrogate, private and unassigned characters: XML, PDF/UA and eyes need none.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
#: Joiners within words of some scripts, which are letters to their readers.
_JOINERS = "\u200c\u200d"


def build_content(paper: model.Paper) -> dict[str, Any]:
    """The texts of a paper, by the names that the templates of Word and typst have."""
    is_sheet, numbers, blocks = isinstance(paper, model.Sheet), count(1), []
    for block in paper.blocks:
        made = _build_block(block)
        if isinstance(block, model.Table):
            made["name"] = block.caption if is_sheet else f"Table {next(numbers)}. {block.caption}"
            # a sheet's own heading says what a table of it is
            made["caption"] = "" if is_sheet else made["name"]
        blocks.append(made)
    found: dict[str, Any] = _clean(
        {
            **{name: getattr(paper, name) for name in ("title", "school", "subject")},
            **{name: getattr(paper, name) for name in ("cover", "note", "draft", "footer")},
            "blocks": blocks,
        }
    )
    return found


def _build_block(block: model.Block) -> dict[str, Any]:
    made = {"kind": type(block).__name__.lower(), **vars(block)}
    match block:
        case model.Question():
            made["text"] = model.format_question(block)
        case model.Lines():
            made["texts"] = ("",) * block.number
        case model.Table():
            made["rows"] = [[model.format_cell(cell) for cell in row] for row in block.rows]
    return made


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        kept = "".join(_clean_sign(sign) for sign in value)
        # a non-breaking space is kept: a date in a cell must not break
        return re.sub(r"[ \u2028\u2029]+", " ", kept).strip()
    if isinstance(value, dict):
        return {name: _clean(each) for name, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, tuple | list) else value


def _clean_sign(sign: str) -> str:
    if unicodedata.category(sign) not in _UNPRINTABLE or sign in _JOINERS:
        return sign
    return " " if sign.isspace() else ""
