"""The content that both renderings draw, as plain data: nothing in it is read as markup.

Texts are as they will be printed.  Signs that no paper can show (control characters, characters
that turn the direction of a line) are left out, and several blanks become one.
"""

import re
import unicodedata
from itertools import count
from typing import Any

from dashboard.report.content import model

#: Control, format, surrogate, private and unassigned characters; XML, PDF/UA and readers need none.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
#: Joiners within words of some scripts, which belong to the spelling.
_JOINERS = "\u200c\u200d"


def build_content(paper: model.Paper) -> dict[str, Any]:
    """Return the texts of a paper, by the names in the templates of Word and typst."""
    is_sheet, numbers, blocks = isinstance(paper, model.Sheet), count(1), []
    for block in paper.blocks:
        data = _build_block(block)
        if isinstance(block, model.Table):
            data["name"] = block.caption if is_sheet else f"Table {next(numbers)}. {block.caption}"
            # on a sheet the heading above a table already says what it is
            data["caption"] = "" if is_sheet else data["name"]
        blocks.append(data)
    texts: dict[str, Any] = _clean(
        {
            **{name: getattr(paper, name) for name in ("title", "school", "subject")},
            **{name: getattr(paper, name) for name in ("cover", "note", "draft", "footer")},
            "blocks": blocks,
        }
    )
    return texts


def _build_block(block: model.Block) -> dict[str, Any]:
    data = {"kind": type(block).__name__.lower(), **vars(block)}
    match block:
        case model.Question():
            data["text"] = model.format_question(block)
        case model.Lines():
            data["texts"] = ("",) * block.number
        case model.Table():
            data["rows"] = [[model.format_cell(cell) for cell in row] for row in block.rows]
    return data


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        kept = "".join(_clean_sign(sign) for sign in value)
        # a non-breaking space is kept: a date in a cell must not break
        return re.sub(r"[ \u2028\u2029]+", " ", kept).strip()
    if isinstance(value, dict):
        return {name: _clean(item) for name, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, tuple | list) else value


def _clean_sign(sign: str) -> str:
    if unicodedata.category(sign) not in _UNPRINTABLE or sign in _JOINERS:
        return sign
    return " " if sign.isspace() else ""
