"""The page of docs/analysis.md: what it promises, and its ten recipes in three kinds of Python."""

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

import marimo
import polars as pl
import pytest
from marimo._sql import get_engines
from marimo._sql.engines.types import EngineCatalog
from nbclient import NotebookClient
from nbformat import v4

from notebooks import catalogue
from notebooks.analysis import PURPOSES, Lac, open_home
from notebooks.export import load_app
from queries import read
from queries.errors import StoreError
from safeguards.access.access import Denied

_PAGE = (Path(__file__).parents[2] / "docs" / "analysis.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"^```python\n(.*?)^```$", _PAGE, re.MULTILINE | re.DOTALL)
_OPENING = "from notebooks.analysis import open_home\n\nlac = open_home()"


def ask_cell(query: str, engine: Any) -> Any:
    """What an SQL cell of marimo does."""
    return marimo.sql(query, engine=engine)


def lines_of(home: Path) -> list[dict[str, Any]]:
    text = (home / "log" / "access.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_there_are_ten_recipes() -> None:
    assert len(RECIPES) == 10


def run_plainly() -> None:
    lac = open_home()
    for recipe in RECIPES:
        names: dict[str, Any] = {"lac": lac}
        exec(compile(recipe, "recipe", "exec"), names)
    assert names["chart"].to_dict()["layer"]


def run_in_marimo(folder: Path) -> None:
    """Each in a cell of its own, which keeps its names to itself."""
    bodies = []
    for n, cell in enumerate([_OPENING, *RECIPES]):
        body = cell
        for name in ("marts", "members", "scores", "mine", "rules", "starts", "found", "weeks"):
            body = re.sub(rf"\b{name}\b(?!\()", f"_{name}{n}", body)
        body = "\n".join(f"    {line}".rstrip() for line in body.splitlines())
        given, back = ("lac", "") if n else ("", " lac,")
        bodies.append(f"@app.cell\ndef _({given}):\n{body}\n    return{back}\n")
    path = folder / "recipes.py"
    path.write_text("import marimo\n\napp = marimo.App()\n\n\n" + "\n\n".join(bodies), "utf-8")
    load_app(path).run()


def run_in_jupyter(folder: Path) -> None:
    """In a kernel of Jupyter, which is what VS Code starts too."""
    cells = [v4.new_code_cell(cell) for cell in (_OPENING, *RECIPES)]  # type: ignore[no-untyped-call]
    notebook = v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    where = {"path": str(folder)}  # not this checkout, which would be found without being installed
    NotebookClient(notebook, timeout=300, resources={"metadata": where}).execute()
    for cell in notebook.cells:
        for each in cell.outputs:
            sys.stdout.write(each["text"])


@pytest.mark.usefixtures("home")
def test_the_recipes_answer_the_same_wherever_python_runs(tmp_path: Path, capsys: Any) -> None:
    """Each by itself, word for word, with nothing but a home that it opens."""
    run_plainly()
    plain = capsys.readouterr().out
    assert plain.count("shape: ") >= len(RECIPES) // 2
    for run in (run_in_marimo, run_in_jupyter):
        run(tmp_path)
        assert capsys.readouterr().out == plain


def test_an_opening_is_one_line_with_its_purpose(home: Path) -> None:
    before = len(lines_of(home))
    open_home(home, purpose="support")
    (line,) = lines_of(home)[before:]
    assert (line["event"], line["role"], line["purpose"]) == ("open", "dsl", "notebook: support")


@pytest.mark.parametrize("purpose", ["", "report", "dashboard", "sql", "Support"])
def test_a_purpose_is_one_of_the_notice(home: Path, purpose: str) -> None:
    """None lets anybody see more: what is left out of notebooks is out for each."""
    assert len(PURPOSES) == 4
    with pytest.raises(ValueError, match="The purpose must be one of support, "):
        open_home(home, purpose=purpose)


@pytest.mark.parametrize("role", ["pastoral", "teacher", "head", "manager", "none"])
def test_a_role_that_may_not_ask_by_sql_is_refused(home: Path, role: str) -> None:
    with pytest.raises(Denied, match="cannot open this page"):
        open_home(home, role=role)
    assert lines_of(home)[-1]["event"] == "deny"


def test_without_a_folder_it_is_that_of_the_command(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAC_AS_AT", "2026-10-23")
    assert (open_home().day, open_home(home).day) == (date(2026, 10, 23), date(2026, 11, 20))
    assert open_home(home, day="2026-10-22").day == open_home(day=date(2026, 10, 22)).day
    monkeypatch.delenv("LAC_HOME")
    with pytest.raises(ValueError, match="Say which folder"):
        open_home()


def test_a_mart_is_all_its_rows_or_those_with_a_value(lac: Lac) -> None:
    rows = lac.sql("from every_duty")
    assert lac.mart("every_duty").equals(rows)
    done = lac.mart("every_duty", status="done", holder="health")
    assert 0 < done.height < rows.height
    assert set(done["status"]) == {"done"}
    with pytest.raises(ValueError, match="There is no table or check called raw_sdq"):
        lac.mart("raw_sdq")


def test_the_list_has_every_mart_with_its_sentences_and_columns(lac: Lac) -> None:
    found = lac.marts()
    assert found["name"].to_list() == sorted(view.name for view in read.list_marts())
    row = found.row(by_predicate=pl.col("name") == "pupil_attendance", named=True)
    assert row["data"] == "attendance"
    assert row["what"].startswith("How many sessions a child missed in a school year")
    assert row["columns"] == lac.mart("pupil_attendance").columns


def test_rules_are_those_of_the_marts(lac: Lac) -> None:
    rules = lac.rules()
    assert set(rules["list"]) == {"threshold", "look", "deadline"}
    assert rules.filter(rule="weeks_before_rates")["figure"].item() == str(
        int(lac.sql("select threshold('weeks_before_rates', as_at())").item())
    )
    assert "source" in lac.rules("help_kind").columns


def test_a_question_is_one_select_with_its_values(lac: Lac) -> None:
    assert lac.sql("-- a comment first\nselect $n::integer + 1 as more", n=1).item() == 2
    for text in ("show tables", "select 1; select 2", "create table t (a integer)"):
        with pytest.raises((StoreError, Denied)):
            lac.sql(text)


def test_an_sql_cell_is_put_to_lac(lac: Lac) -> None:
    """By the few words of DB-API that marimo speaks."""
    found = ask_cell("select 1 as one, 'a' as letter", engine=lac)
    assert found.to_dicts() == [{"one": 1, "letter": "a"}]
    with pytest.raises(Denied):
        ask_cell("from raw_sdq", engine=lac)


def test_the_editor_knows_the_names(lac: Lac) -> None:
    """Of every mart with its columns, by the engine that marimo finds for `lac`."""
    catalogue.register(Lac)
    ((_, engine),) = get_engines.get_engines_from_variables([("lac", lac)])  # type: ignore[list-item]
    assert isinstance(engine, EngineCatalog)
    source = get_engines.engine_to_data_source_connection("lac", engine)  # type: ignore[arg-type]
    tables = {each.name: each for each in source.databases[0].schemas[0].tables}
    assert tables.keys() == set(lac.marts()["name"])
    columns = [each.name for each in tables["duty"].columns]
    assert columns == lac.mart("duty").columns
    own = engine.get_table_details(table_name="duty", schema_name="marts", database_name="lac")
    assert own is not None


def test_it_says_what_it_is(lac: Lac) -> None:
    assert repr(lac) == f"{lac.school}, 20 November 2026, as dsl"
    assert {"sql", "mart", "marts", "rules", "day"} <= {*dir(lac)}
