"""The lists of a page, in words: what the one element that draws each was given."""

import json
from dataclasses import dataclass
from typing import Any

from streamlit.testing.v1 import AppTest

_BUTTON, _LINK = "press", "open"


@dataclass(frozen=True)
class ShownRow:
    """A row: what the child is called, and each cell by the head of its column."""

    child: str | None
    cells: dict[str, str]
    under: tuple[str, ...]
    is_link: bool
    data: dict[str, Any]

    @property
    def texts(self) -> list[str]:
        return [*self.cells.values(), *self.under]


@dataclass(frozen=True)
class ShownList:
    """A list, or one of several under a heading of its own; `button` is what each row's says."""

    key: str
    title: str
    note: str
    rows: list[ShownRow]
    button: str


def read_lists(app: AppTest) -> list[ShownList]:
    """Those of the page, in order."""
    found = []
    for element in app.get("bidi_component"):
        proto = element.proto
        data = json.loads(proto.json)
        if "parts" not in data:
            continue  # what moves the focus draws nothing
        key = proto.id.rpartition("-list-")[2]
        heads = [read_text(head) for head in data["heads"]]
        for part in data["parts"]:
            shown = [_read_row(row, heads) for row in part["rows"]]
            button = (data["button"] or [""])[0]
            found.append(ShownList(key, part["shape"] + part["title"], part["note"], shown, button))
    return found


def _read_row(row: dict[str, Any], heads: list[str]) -> ShownRow:
    names = heads[1:] if "child" in row else heads
    texts = [" ".join(read_text(cell).split()) for cell in row["cells"]]
    cells = dict(zip(names, texts, strict=False))
    return ShownRow(row.get("child"), cells, tuple(row["under"]), "to" in row, row)


def read_text(part: Any) -> str:
    """What stands in a cell."""
    return part if isinstance(part, str) else "".join(map(read_text, part["parts"]))


def press_row(app: AppTest, key: str, child: str = "", *, event: str = _BUTTON) -> AppTest:
    """Press the button of a child's row in a list, or of the first, as a browser says it was."""
    for element in app.get("bidi_component"):
        proto = element.proto
        if not proto.id.endswith(f"-list-{key}"):
            continue
        rows = [row for part in json.loads(proto.json)["parts"] for row in part["rows"]]
        row = next(row for row in rows if not child or row.get("child") == child)
        states = app._tree.get_widget_states()
        value = [{"event": event, "value": row["key" if event == _BUTTON else "to"]}]
        word = f"$$STREAMLIT_INTERNAL_KEY_{proto.id}__events"
        states.widgets.add(id=word, json_trigger_value=json.dumps(value))
        return app._run(states)
    raise AssertionError(f"no list {key}")


def open_row(app: AppTest, key: str, child: str = "") -> AppTest:
    """Click the link of a child's row in a list, or of the first."""
    return press_row(app, key, child, event=_LINK)
