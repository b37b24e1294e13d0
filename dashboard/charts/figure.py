"""The picture and words that each chart consists of."""

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
    """A chart with its computed title, and two other ways to the same facts.

    `title` is the finding. `subtitle` says what one mark is, which way is better and what is
    left out. A screen reader reads `alt_text` instead of the chart. `table` has the same facts.
    The title stands outside of the chart, as a heading that wraps on a phone.
    """

    title: str
    subtitle: str
    chart: "LayerChart"
    alt_text: str
    table: pl.DataFrame

    def build_spec(self, *, is_dark: bool = False) -> dict[str, Any]:
        """Return the chart as plain Vega-Lite with no background, for a light or dark page.

        The data are bytes in Arrow's format, which Streamlit sends as they are.
        """
        text = json.dumps({**self.chart.to_dict(validate=False), "background": "transparent"})
        if is_dark:
            text = re.sub("#[0-9A-F]{6}", lambda colour: DARK.get(colour[0], colour[0]), text)
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
