"""What a module says to people, and where a text writes a figure that is a rule's to say."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_NUMBER = (
    r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|ninety|hundred)"
)
_UNIT = (
    r"(?:school |working |calendar |rolling )?(?:day|week|month|year|term|session|child|children)s?"
)
#: A share, a time, a number of sessions or children, and the range of a small count.
_FIGURE = re.compile(
    rf"\b(?:{_NUMBER}|one)(?: sessions?)? in {_NUMBER}\b|\b{_NUMBER} ?%|\b{_NUMBER} per ?cent\b|"
    rf"\ba (?:tenth|fifth|quarter|third)\b|\b(?:over|under|than) half\b|"
    rf"\b(?!1 ){_NUMBER}[- ]{_UNIT}\b|\b\d+mo\b|\b1 to \d+\b",
    re.IGNORECASE,
)
#: What is written as it is published, whatever a row says: the group of a national line.
_PUBLISHED = re.compile(r"looked after (?:for )?12 months(?: or more)?", re.IGNORECASE)


def _list_values(told: Any) -> Iterator[Any]:
    if isinstance(told, dict | list):
        for each in told.values() if isinstance(told, dict) else told:
            yield from _list_values(each)
    else:
        yield told


def list_texts(path: Path, figure: str = "7") -> list[str]:
    """The texts of a module that people may see: no docstrings; all values of a file of words.

    figure: what stands for a value that is put into a text.
    """
    if path.suffix == ".toml":
        return [str(each) for each in _list_values(tomllib.loads(path.read_text("utf-8")))]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else figure
                for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if id(node) not in skipped:
            found.append(text)
    return found


def find_figures(text: str) -> list[str]:
    """Where a text writes a figure in digits or letters, but for published names."""
    return _FIGURE.findall(_PUBLISHED.sub("", text))


def list_ways_round() -> tuple[list[str], list[str]]:
    """Questions that go round the guard: of relations that it refuses, and no single selects."""
    text = (Path(__file__).parents[1] / "golden" / "ways_round.txt").read_text("utf-8")
    denied, _, others = text.partition("-- no single select")
    one, other = (
        [line for line in part.splitlines() if line and line[:2] != "--"]
        for part in (denied, others)
    )
    return one, other
