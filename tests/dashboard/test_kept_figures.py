"""A figure is made once for the same facts, and never taken for that of others."""

import polars as pl
import pytest

from dashboard.charts.figure import Figure, draw_once
from dashboard.charts.reasons import draw_reason_bars
from dashboard.ui import components, names

_ROWS = {
    "code": ["I", "O"],
    "reason": ["Illness", "Other"],
    "is_authorised": [True, False],
    "children": [2, 1],
    "absent_sessions": [5, 3],
}


class Drawn:
    """A function of the catalogue that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    __qualname__ = "a figure of this test"

    def __call__(self, rows: pl.DataFrame, *, when: object = None) -> Figure | None:
        self.asked.append((rows, when))
        return None if rows.is_empty() else Figure(str(when), "", None, "", rows)  # type: ignore[arg-type]


@pytest.fixture
def draw(request: pytest.FixtureRequest) -> Drawn:
    made = Drawn()
    made.__qualname__ = request.node.nodeid  # no other test's
    return made


def test_the_same_facts_are_drawn_once(draw: Drawn) -> None:
    """Also those that make no figure; equal frames are the same facts, whichever they are."""
    rows = pl.DataFrame({"week": [1, 2]})
    first = draw_once(draw, rows, when="autumn")
    assert draw_once(draw, pl.DataFrame({"week": [1, 2]}), when="autumn") is first
    assert draw_once(draw, rows.clear(), when="autumn") is None
    assert draw_once(draw, rows.clear(), when="autumn") is None
    assert len(draw.asked) == 2


@pytest.mark.parametrize(
    ("columns", "when"),
    [
        ({"week": [1, 3]}, "autumn"),
        ({"week": [2, 1]}, "autumn"),
        ({"weeks": [1, 2]}, "autumn"),
        ({"week": [1.0, 2.0]}, "autumn"),
        ({"week": [1, None]}, "autumn"),
        ({"week": [1, 2, 2]}, "autumn"),
        ({"week": [1, 2]}, "spring"),
        ({"week": [1, 2]}, None),
    ],
)
def test_other_facts_are_another_figure(
    draw: Drawn, columns: dict[str, list[object]], when: str | None
) -> None:
    """By one value, the order, a column's name or type, a gap, a row, or a word."""
    first = draw_once(draw, pl.DataFrame({"week": [1, 2]}), when="autumn")
    assert draw_once(draw, pl.DataFrame(columns), when=when) is not first
    assert len(draw.asked) == 2


def test_a_figure_with_names_in_it_is_kept_nowhere(
    draw: Drawn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While names are open in a tab, each figure is that tab's own."""
    rows = pl.DataFrame({"handle": ["Anna B."]})
    monkeypatch.setattr(names, "is_open", lambda: True)
    first, second = components.draw(draw, rows), components.draw(draw, rows)
    assert first is not second
    monkeypatch.setattr(names, "is_open", lambda: False)
    components.draw(draw, rows)
    assert len(draw.asked) == 3  # none of the two before was found


def test_a_spec_is_another_each_time() -> None:
    """So whoever is given one may change it; the light one is not the dark one."""
    figure = draw_once(draw_reason_bars, pl.DataFrame(_ROWS))
    assert figure is not None
    light, again, dark = figure.build_spec(), figure.build_spec(), figure.build_spec(is_dark=True)
    assert light == again != dark
    light.clear()
    assert figure.build_spec() == again
    assert again["background"] == dark["background"] == "transparent"
