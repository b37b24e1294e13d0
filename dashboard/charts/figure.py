"""What every chart of the catalogue comes as: the picture and the same facts in words."""

import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ParamSpec

import polars as pl

from dashboard.charts.palette import DARK
from queries.answers import Answers

if TYPE_CHECKING:  # it takes a quarter of a second, and most pages draw nothing
    from altair import LayerChart


@dataclass(frozen=True)
class Figure:
    """A chart with its computed title, and the two other ways to the same facts.

    `title` is the finding; `subtitle` says what one mark is, which way is better and
    what is left out; `alt_text` is read instead of the chart; `table` is its twin.
    Titles stand outside of the chart, as headings that wrap on a phone.
    """

    title: str
    subtitle: str
    chart: "LayerChart"
    alt_text: str
    table: pl.DataFrame
    _specs: dict[bool, tuple[str, dict[str, bytes]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def build_spec(self, *, is_dark: bool = False) -> dict[str, Any]:
        """The chart as plain Vega-Lite without a ground of its own, for a light or dark page.

        Its data are Arrow's bytes, which Streamlit sends as they are.
        """
        if is_dark not in self._specs:
            text = json.dumps({**self.chart.to_dict(validate=False), "background": "transparent"})
            if is_dark:
                text = re.sub("#[0-9A-F]{6}", lambda found: DARK.get(found[0], found[0]), text)
            spec = json.loads(text)
            content = {
                name: _write_arrow(pl.DataFrame(rows, infer_schema_length=None))
                for name, rows in spec.pop("datasets", {}).items()
            }
            self._specs[is_dark] = json.dumps(spec), content
        text, content = self._specs[is_dark]
        return {**json.loads(text), "datasets": dict(content)}


def _write_arrow(rows: pl.DataFrame) -> bytes:
    content = io.BytesIO()
    rows.write_ipc_stream(content, compat_level=pl.CompatLevel.oldest())
    return content.getvalue()


_P = ParamSpec("_P")
_KEPT = Answers(256)


def draw_once(
    draw: Callable[_P, Figure | None], *given: _P.args, **named: _P.kwargs
) -> Figure | None:
    """What `draw` makes of these facts, made once in this process for whoever has the same.

    Altair checks every part of a chart, which costs more than all else of a page.  The facts
    themselves say which figure it is, so no version, role or day can be mistaken for another.
    Not for facts that must not stay in memory.
    """
    others = [part for name in sorted(named) for part in (name, named[name])]
    facts = _identify(draw.__qualname__, *given, *others)
    return _KEPT.get(facts, lambda: draw(*given, **named))


def _identify(*facts: object) -> bytes:
    """A digest of frames by what they hold, and of all else by how it is written."""
    digest = hashlib.sha256()
    for fact in facts:
        content = fact.serialize() if isinstance(fact, pl.DataFrame) else repr(fact).encode()
        digest.update(b"%d|" % len(content) + content)
    return digest.digest()
