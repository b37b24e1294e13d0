"""The example that a view's spec gives: rows put in, and what the view answers of them."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from queries.views.views import View
from tests.support.small_store import SmallStore
from tests.support.text_tables import AS_AT, YEAR_2026

#: Rows of a table, and columns of an answer, that a reader takes in at a glance.
_MOST_ROWS, _MOST_COLUMNS = 8, 9
#: Tables that every spec may share and no reader needs.
_SHARED = {"calendar": YEAR_2026}
#: Who a row is about where nobody asked for it; the child's short name says the same.
_KEYS_OF_THE_STORE = ("school_key", "pupil_key", "pupil_id", "handle")


class _Answered(Exception):
    """The view was asked for the first time."""


@dataclass
class Example:
    """What a test put in and asked for: tables by name, each the names and the rows; nulls None."""

    rule: str
    given: dict[str, tuple[list[str], list[list[str]]]] = field(default_factory=dict)
    as_at: str | None = None
    names: list[str] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)

    @property
    def is_small(self) -> bool:
        """Whether it is a table in, and a small answer out."""
        sizes = [len(rows) for _, rows in self.given.values()]
        return bool(
            self.given
            and self.rows
            and max(len(self.rows), *sizes) <= _MOST_ROWS
            and len(self.names) <= _MOST_COLUMNS
        )


def find_example(store: SmallStore, view: View) -> Example | None:
    """The first small example of the view's spec; None if it has none."""
    name = f"tests.spec.test_{view.name}"
    tests = _list_tests(import_module(name)) if find_spec(name) else ()
    examples = (_run(store, view, test, case) for test, case in tests)
    return next((each for each in examples if each.is_small), None)


def _list_tests(spec: ModuleType) -> Iterator[tuple[Callable[..., None], dict[str, Any]]]:
    """Every test of a spec in its order that asks for tables and answers, with its first case."""
    for name, test in vars(spec).items():
        case: dict[str, Any] = {}
        for mark in getattr(test, "pytestmark", ()):
            if mark.name == "parametrize":
                names, (first, *_) = mark.args[:2]
                values = (first,) if isinstance(names, str) else first
                case |= dict(zip([names] if isinstance(names, str) else names, values, strict=True))
        if name.startswith("test_") and {*inspect.signature(test).parameters} <= {
            "given",
            "answer",
            *case,
        }:
            yield test, case


def _run(store: SmallStore, view: View, test: Callable[..., None], case: dict[str, Any]) -> Example:
    """What a test put in before it asked the view for the first time, and the answer."""
    example = Example(inspect.getdoc(test) or "")
    store.clear()

    def given(**texts: str) -> None:
        shown = {name: text for name, text in texts.items() if text != _SHARED.get(name)}
        example.given |= {name: _split(text) for name, text in shown.items()}
        store.given(**texts)

    def answer(name: str, **asked: Any) -> Any:
        found = store.answer(name, **asked)
        if name != view.name:
            return found
        example.as_at = asked.get("as_at", AS_AT)
        example.names, example.rows = _tabulate(view, found, **asked)
        raise _Answered

    needed = {"given": given, "answer": answer, **case}
    with suppress(_Answered):
        test(**{name: needed[name] for name in inspect.signature(test).parameters})
    return example


def _split(text: str) -> tuple[list[str], list[list[str]]]:
    """The names and the cells of a table that a spec wrote."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return lines[0], [line for line in lines[1:] if set("".join(line)) - set("-+")]


def _tabulate(
    view: View, found: dict[Any, Any], *, by: str = "", columns: str = "", **_: Any
) -> tuple[list[str], list[list[Any]]]:
    keys = [key if isinstance(key, tuple) else (key,) for key in found]
    own = ["pupil" if name == "pupil_key" else name for name in view.key]
    key_names = by.split() or own[-len(keys[0]) :] if keys else []
    one = columns if len(columns.split()) == 1 else ""
    answers = [{one: value} if one else value for value in found.values()]
    wanted = [name for name in next(iter(answers), ()) if name not in _KEYS_OF_THE_STORE]
    rows = [[*key, *(row[name] for name in wanted)] for key, row in zip(keys, answers, strict=True)]
    return [*key_names, *wanted], sorted(rows, key=lambda row: [str(cell) for cell in row])
