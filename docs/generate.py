"""The pages of this folder that follow from the code: formats, metrics, report and commands.

Run `python -m docs.generate` after a change of a category, a view, a reference row
or a command; tests/test_docs.py holds the pages to it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from textwrap import fill
from typing import Any

import duckdb
import polars as pl
from typer.main import get_command

from cli.main import app
from dashboard.text import rules, words
from queries import read, reference
from queries.contract import ALL_EXPORTS, FAULTS, HANDLE_EXPORTS, Column, Export, get_category
from queries.store import store
from queries.views.views import View, create_views, load_views

FOLDER = Path(__file__).parent
_TEMPLATES = FOLDER / "templates"
_WIDTH = 120
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

#: Lists of rules: the file, its title, and what a reader needs of it.
_RULES = (
    ("threshold", "Thresholds", "name value unit meaning source is_verified"),
    (
        "look",
        "Reasons why a child needs attention",
        "rule reason window window_unit threshold lists is_verified",
    ),
    ("deadline", "Deadlines", "rule name amount unit clock done_by holder source is_verified"),
)


def render_formats() -> str:
    """Every export file: its columns, code lists and the rules that files must keep."""
    required = [export for export in ALL_EXPORTS if export.required]
    by_row = [export for export in ALL_EXPORTS if export.is_row_by_row]
    columns = [column for export in ALL_EXPORTS for column in export.columns]
    code_lists = dict.fromkeys(column.code_list for column in columns if column.code_list)
    return _fill_template(
        "formats",
        required=_join(f"`{export.name}`" for export in required),
        blocking=_join((f"`{each.name}`" for each in required if each.is_blocking), "or"),
        by_upn_alone=_join(f"`{each.name}`" for each in by_row if each not in HANDLE_EXPORTS),
        faulty_rows=f"{read.get_default_threshold('faulty_rows'):.0%}",
        exports="\n".join(map(_render_export, ALL_EXPORTS)),
        faults=_render_table(("fault", "rule"), FAULTS.items()),
        codes="\n".join(map(_render_codes, code_lists)),
    )


def render_metrics() -> str:
    """Every mart and check: its words and its columns."""
    definitions = read.list_definitions()
    names = reference.read("threshold")["name"]
    figures = rules.list_figures({name: read.get_default_threshold(name) for name in names})
    titled = [name for name in words.DEFINITIONS if name in definitions]
    found = [load_views()[name] for name in (*titled, *sorted(definitions.keys() - titled))]
    with closing(duckdb.connect()) as connection:
        connection.execute("attach ':memory:' as lac")
        connection.execute("use lac")
        store.create_tables(connection)
        create_views(connection, materialise=False)
        layers = {
            layer: "\n".join(
                _render_view(connection, each, figures) for each in found if each.layer == layer
            )
            for layer in ("marts", "checks")
        }
    tables = "\n".join(_render_rules(*each) for each in _RULES)
    return _fill_template("metrics", rules=tables, **figures, **layers)


def render_report() -> str:
    """Return the page about the report to governors, with the limits of the gate."""
    rows = reference.read("threshold").filter(pl.col("name").str.starts_with("report_"))
    limits = {
        name.removeprefix("report_"): f"{float(value):.0%}" if unit == "share" else value
        for name, value, unit in rows.select("name", "value", "unit").iter_rows()
    }
    return _fill_template("report", **limits)


def render_commands() -> str:
    """Every command, with a link to the guide that shows it."""
    shown = {path: page for path, _, page in list_shown_commands()}
    lines = []
    for path, command in list_commands():
        name = " ".join(("lac", *path))
        text = " ".join(command.help.split())
        if path in shown:
            promise = re.split(r"(?<=[.])\s", text, maxsplit=1)[0]
            lines.append((f"[`{name}`]({shown[path]})", promise))
    table = _render_table(("command", "what it does"), lines)
    return _fill_template("commands", table=table)


PAGES: dict[str, Callable[[], str]] = {
    "formats.md": render_formats,
    "metrics.md": render_metrics,
    "report.md": render_report,
    "commands.md": render_commands,
}


def list_commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command of `lac` by its words, a group before its own."""
    root: Any = get_command(app)
    context = root.make_context("lac", ["--help"], resilient_parsing=True)
    for name in root.list_commands(context):
        command = root.resolve_command(context, [name])[1]
        yield (name,), command
        yield from (((name, own), each) for own, each in getattr(command, "commands", {}).items())


def list_shown_commands() -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Each command that a page of this folder or README shows: its words, its line, the page.

    Of several lines for one command the first of its page comes last.
    """
    known = {path for path, _ in list_commands()}
    guides = sorted(FOLDER.glob("*.md"), key=lambda each: (each.stem == "authority", each))
    for page in reversed([*guides, FOLDER.parent / "README.md"]):
        text = page.read_text(encoding="utf-8").replace("\\\n", " ")
        blocks = [body for kind, body in _BLOCK.findall(text) if kind in ("sh", "console")]
        lines = [line.strip() for body in blocks for line in body.splitlines()]
        for line in reversed([line for line in lines if line.startswith("lac ")]):
            command = re.sub(r"\s+(#|\|\|) .*", "", " ".join(line.split()))
            first, second = (*command.split()[1:3], "")[:2]
            path = (first, second) if (first, second) in known else (first,)
            yield path, command, page.name if page.parent == FOLDER else f"../{page.name}"


def write_pages() -> None:
    """Bring the generated pages up to date."""
    for name, render in PAGES.items():
        (FOLDER / name).write_text(render(), encoding="utf-8")


def _fill_template(name: str, **parts: str) -> str:
    return (_TEMPLATES / f"{name}.md").read_text(encoding="utf-8").format(**parts).rstrip() + "\n"


def _render_export(export: Export) -> str:
    columns = [
        (
            f"`{column.name}`",
            column.meaning,
            _describe_kind(column),
            _describe_need(export, column),
            "vault" if column.personal else "store",
        )
        for column in export.columns
    ]
    title = words.capitalise(get_category(export).name)
    table = _render_table(("column", "what it is", "what is allowed", "needed", "kept in"), columns)
    told = fill(f"{export.grain} {export.note}", _WIDTH)
    return f"## {title} (`{export.name}`)\n\n{told}\n\n{table}"


def _describe_need(export: Export, column: Column) -> str:
    need = "may be missing" if column.may_be_absent else "yes" if column.required else ""
    return ", ".join(filter(None, (need, "key" if column.name in export.key else "")))


def _describe_kind(column: Column) -> str:
    if column.code_list:
        anchor = re.sub(r"[^\w -]", "", _title_list(column.code_list).lower()).replace(" ", "-")
        return f"a code of [{column.code_list}](#{anchor})"
    kind = ", ".join(f"`{word}`" for word in column.allowed) or column.kind
    kind += f", {column.range.describe()}" if column.range else ""
    also = "".join(f", or `{word}`" for word in column.also_allowed)
    return f"{kind}{also}" + (f", such as `{column.example}`" if column.example else "")


def _title_list(code_list: str) -> str:
    """Return what the first column with these codes means, and the file of that column."""
    found = ((export, column) for export in ALL_EXPORTS for column in export.columns)
    export, column = next(pair for pair in found if pair[1].code_list == code_list)
    return f"{re.split('[;.]|, if', column.meaning)[0]} (`{export.name}`)"


def _render_codes(name: str) -> str:
    rows = reference.read(name)
    sources = dict.fromkeys("; ".join(rows["source"]).split("; "))
    shown = rows.select(pl.format("`{}`", "code"), "label", "valid_from", "valid_to")
    table = _render_table(("code", "meaning", "valid from", "valid before"), shown.iter_rows())
    return f"### {_title_list(name)}\n\n{table}\nSource: {'; '.join(sources)}.\n"


def _render_rules(name: str, title: str, wanted: str) -> str:
    rows = reference.read(name)
    if "is_tracked" in rows.columns:
        rows = rows.filter(pl.col("is_tracked"))
    rows = rows.select([column for column in wanted.split() if column in rows.columns])
    names = [each.removeprefix("is_").replace("_", " ") for each in rows.columns]
    table = _render_table(names, rows.iter_rows())
    return f"### {title}\n\n{table}"


def _render_view(
    connection: duckdb.DuckDBPyConnection, view: View, figures: Mapping[str, str]
) -> str:
    title = words.get_definition_title(view.name)
    summary, *rest = words.format_definition(view.definition, figures).splitlines()
    told = "".join(f"{fill(f'- {each}', _WIDTH, subsequent_indent='  ')}\n" for each in rest)
    facts = {"key": view.key, "sometimes empty": view.nullable, "kind of data": [view.category]}
    lines = [
        f"{view.name}: {', '.join(connection.table(view.name).columns)}",
        "; ".join(f"{name}: {', '.join(values)}" for name, values in facts.items() if values),
    ]
    box = "".join(f"{fill(line, _WIDTH, subsequent_indent='  ')}\n" for line in lines)
    parts = [f"### {title}\n", f"{fill(summary, _WIDTH)}\n", told, f"```text\n{box}```\n"]
    return "\n".join(part for part in parts if part)


def _render_table(names: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table in Markdown, with a blank for null."""
    lines = [[_to_cell(value).replace("|", "\\|") for value in row] for row in (names, *rows)]
    body = "".join(f"| {' | '.join(line)} |\n" for line in lines[1:])
    return f"| {' | '.join(lines[0])} |\n|{'---|' * len(lines[0])}\n{body}"


def _to_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _join(names: Iterable[str], link: str = "and") -> str:
    return words.format_list(names).replace(" and ", f" {link} ")


if __name__ == "__main__":
    write_pages()
