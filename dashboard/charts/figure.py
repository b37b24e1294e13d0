"""What every chart of the catalogue comes as: the picture and the same facts in words."""

import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard.charts.palette import DARK

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

    def build_spec(self, *, is_dark: bool = False) -> dict[str, Any]:
        """The chart as plain Vega-Lite without a ground of its own, for a light or dark page.

        Its data are Arrow's bytes, which Streamlit sends as they are.
        """
        text = json.dumps({**self.chart.to_dict(validate=False), "background": "transparent"})
        if is_dark:
            text = re.sub("#[0-9A-F]{6}", lambda found: DARK.get(found[0], found[0]), text)
        spec: dict[str, Any] = json.loads(text)
        datasets = {
            name: _write_arrow(pl.DataFrame(rows, infer_schema_length=None))
            for name, rows in spec.get("datasets", {}).items()
        }
        return {**spec, "datasets": datasets}


def _write_arrow(rows: pl.DataFrame) -> bytes:
    content = io.BytesIO()
    rows.write_ipc_stream(content, compat_level=pl.CompatLevel.oldest())
    return content.getvalue()
