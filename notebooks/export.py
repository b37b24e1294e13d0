"""Export of a notebook to one file to send: plain HTML with pictures and without a script."""

import html
import json
import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import altair as alt
import marimo as mo
import polars as pl

from notebooks import page
from notebooks.analysis import Lac

_STYLE = Path(__file__).with_name("style.css")
#: The markup of a control, of a chart inside another output, and of any other part of marimo.
_CONTROL = re.compile(r"<marimo-ui-element.*?</marimo-ui-element>", re.DOTALL)
_DRAWN = re.compile(r"<marimo-mime-renderer data-mime='[^']*vega[^']*' data-data='([^']*)'>.*?>")
_OTHERS = re.compile(r"<marimo-(?!ui-element)[\w-]+.*?</marimo-[\w-]+>", re.DOTALL)
_PRINTED = """
@page { margin: 18mm 14mm 24mm; }
body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Arial, sans-serif; color: #1F2328;
  max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
.paragraph { display: block; margin: 0.6rem 0; }
.on-each-page { border-top: 1px solid #8A8F94; font-size: 12px; background: #FFFFFF; }
@media print { .on-each-page { position: fixed; bottom: 0; left: 0; right: 0; } }
"""


def load_app(path: Path) -> mo.App:
    """Load the notebook in a file, in any folder.  FileNotFoundError if Python cannot load it."""
    spec = spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    app: mo.App = module.app
    return app


def to_html(path: Path) -> str:
    """Run a notebook with its controls at their first values, and return the output as HTML.

    Output that is neither text, table nor chart is replaced by a sentence that says so.
    """
    shown, variables = load_app(path).run()
    lac = next((value for value in variables.values() if isinstance(value, Lac)), None)
    line = html.escape(page.describe(lac) if lac else "Code names only.")
    chosen = "; ".join(
        f"{_strip(value.text)}: {_name_choice(value)}"
        for value in variables.values()
        if isinstance(value, mo.ui.dropdown | mo.ui.slider | mo.ui.checkbox)
    )
    parts = [part for part in map(_format_output, shown) if part]
    if chosen:  # after the head
        parts.insert(1, f"<p>{html.escape(chosen)}</p>")
    body = "\n".join(parts)
    title = html.escape(path.stem.replace("_", " ").capitalize())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE.read_text(encoding='utf-8')}{_PRINTED}</style></head><body>"
        f"{body}<p class='on-each-page'>{line}</p></body></html>\n"
    )


def _name_choice(control: Any) -> str:
    chosen = getattr(control, "selected_key", None)
    return str(control.value if chosen is None else chosen)


def _strip(markup: str) -> str:
    """Return the label of a control, which is JSON in its markup."""
    label = re.search(r"data-label='(.*?)'", markup)
    text = json.loads(html.unescape(label[1])) if label else ""
    return html.unescape(re.sub(r"<[^>]+>", "", str(text))).strip()


def _format_output(shown: object) -> str:
    if shown is None:
        return ""
    if isinstance(shown, pl.DataFrame):
        return page.format_table(shown)
    if isinstance(shown, alt.TopLevelMixin):
        return page.convert_chart(shown.to_dict(validate=False))
    if not isinstance(shown, mo.Html):
        return f"<pre>{html.escape(str(shown))}</pre>"
    text = _CONTROL.sub("", shown.text)
    text = _DRAWN.sub(lambda match: page.convert_chart(json.loads(html.unescape(match[1]))), text)
    return _OTHERS.sub("<p>One part is left out: only the notebook can show it.</p>", text)
