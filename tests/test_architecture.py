"""Who may import whom, where the clock and the store are reached, and what the wheel holds."""

import ast
import csv
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatch
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from safeguards.access import access

ROOT = Path(__file__).parents[1]
PACKAGES = (
    *("queries", "safeguards", "intake", "stewardship", "synthetic", "dashboard", "notebooks"),
    "cli",
)
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
PAGES = sorted((ROOT / "dashboard" / "app_pages").rglob("[!_]*.py"))
#: The folders of what pages are made of.
PARTS = ("app_pages", "sheets", "bring_in", "report/page", "frame", "ui")
#: Page code, wherever it stands.
PAGE_CODE = sorted(each for part in PARTS for each in (ROOT / "dashboard" / part).rglob("*.py"))

#: What each package may import of ours, by the longest name that fits.
_MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "queries": ("queries",),
    "safeguards": ("safeguards", "queries"),
    "intake": ("intake", "queries", "safeguards"),
    "stewardship": ("stewardship", "intake", "queries", "safeguards"),
    "synthetic": ("synthetic", "queries.contract"),
    "dashboard": ("dashboard", "queries", "safeguards", "intake", "stewardship"),
    "cli": (
        *("cli", "dashboard", "notebooks", "queries", "safeguards", "intake", "stewardship"),
        "synthetic",
    ),
    "notebooks": (
        *("notebooks", "safeguards.access", "queries.read", "queries.reference"),
        *("queries.statement", "dashboard.charts", "dashboard.text"),
    ),
}
#: Page code that loads files or takes a typed fact.
_DOORS = {
    *("dashboard/ui/actions.py", "dashboard/ui/concerns.py", "dashboard/ui/forms.py"),
    *("dashboard/bring_in/desk.py", "dashboard/app_pages/data_check.py"),
}
#: Who may open a store's file; everybody else has a session.
_OPEN_STORES = {"queries/store/store.py", "safeguards/access/access.py", "intake/publish/files.py"}
_CLOCKS = {"safeguards/journal/access_log.py"}
#: Who may speak to a terminal: the commands and the server.
_SPEAKERS = ("cli/", "dashboard/server/server.py")
#: How a public function must not begin: with a participle, which says no action.
_PARTICIPLE = re.compile(
    r"(?!(?:need|feed|seed|embed)_?)"
    r"([a-z]+ed|kept|told|said|found|given|taken|shown|known|written|drawn|made|left)(_|$)"
)
_MOST_FUNCTION_LINES = 60
_ARROWS_FILE = Path(__file__).with_name("arrows.txt")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Every module that a file imports, anywhere in it; `from a import b` may be `a.b`."""
    found: list[str] = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports by dots"
            found += (f"{node.module or ''}.{alias.name}" for alias in node.names)
    return tuple(found)


@cache
def calls(path: Path) -> tuple[str, ...]:
    """What a file calls, as it is written: date.today, store.Store, print."""
    nodes = ast.walk(tree(path))
    return tuple(ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call))


def find_faults(paths: Iterable[Path], look: Callable[[Path], list[str]]) -> dict[str, list[str]]:
    """By the name of a file, what `look` finds wrong in it; a test asks all files at once."""
    return {name_of(path): found for path in paths if (found := look(path))}


def begins(name: str, modules: tuple[str, ...]) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def select(names: Iterable[str], modules: tuple[str, ...]) -> list[str]:
    """The names that are one of the modules, or stand in one."""
    return [name for name in names if begins(name, modules)]


def test_there_is_something_to_look_at() -> None:
    """Every package is found; an empty search would pass for a clean house."""
    assert {name_of(path).split("/")[0] for path in MODULES} == set(PACKAGES)
    assert {"today.py", "child.py", "help.py"} <= {path.name for path in PAGES}
    assert {"ast", "pathlib.Path"} <= set(imports(Path(__file__)))
    assert "ast.walk" in calls(Path(__file__))
    assert find_faults(PAGES[:1], lambda _: ["a fault"]) == {name_of(PAGES[0]): ["a fault"]}


def test_imports_go_one_way() -> None:
    """queries imports nothing of ours, synthetic only the contract, and so on up."""
    own = ("tests", *PACKAGES)

    def look(path: Path) -> list[str]:
        allowed = _MAY_IMPORT[name_of(path).split("/")[0]]
        return [name for name in imports(path) if begins(name, own) and not begins(name, allowed)]

    assert find_faults(MODULES, look) == {}


def test_page_code_asks_a_session() -> None:
    """Page code draws what a session answers: no database, no made-up data, no way in."""

    def look(path: Path) -> list[str]:
        doors = () if name_of(path) in _DOORS else ("intake",)
        banned = ("duckdb", "synthetic", "queries.store", "safeguards.vault", *doors)
        return select(imports(path), banned)

    assert find_faults(PAGE_CODE, look) == {}


def test_pages_enter_by_their_tab() -> None:
    """Each page says which one it is before it draws, and so is in the access log."""
    entering = [path for path in PAGES if f'tab.enter("{path.stem}"' in path.read_text("utf-8")]
    assert entering == PAGES


def test_streamlit_is_the_pages() -> None:
    """Figures and words are made without it, and nothing below the dashboard knows it."""
    drawn = ("dashboard/app", "dashboard/server/", *(f"dashboard/{part}/" for part in PARTS))
    others = [path for path in MODULES if not name_of(path).startswith(drawn)]
    assert find_faults(others, lambda path: select(imports(path), ("streamlit",))) == {}


def test_a_store_is_opened_by_the_way_in_and_by_intake_only() -> None:
    """Whoever else held a store would read past the roles and the log."""
    opening = ("Store", "store.Store", "duckdb.connect")
    others = [path for path in MODULES if name_of(path) not in _OPEN_STORES]
    found = find_faults(
        others, lambda path: [c for c in calls(path) if c in opening or c.endswith("store.create")]
    )
    assert found == {}


#: Where a session is opened that reads what the report counts: for a tab, and for a command.
_OPEN_FOR_REPORTS = {"dashboard/ui/tab.py"}


def opens_for_reports(parsed: ast.Module) -> bool:
    """Whether a file names the purpose of such a session, however it writes it."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr == "REPORT")
        or (isinstance(node, ast.alias) and node.name == "REPORT")
        or (
            isinstance(node, ast.keyword)
            and node.arg == "purpose"
            and isinstance(node.value, ast.Constant)
            and node.value.value == access.REPORT
        )
        for node in ast.walk(parsed)
    )


def test_a_session_for_a_report_is_opened_in_one_place_only() -> None:
    """Whoever else had one would read what no role may view, past the gate."""
    opening = {name_of(path) for path in MODULES if opens_for_reports(tree(path))}
    assert opening == _OPEN_FOR_REPORTS


@pytest.mark.parametrize(
    "planted",
    [
        "access.open(home, purpose=access.REPORT)",
        "from safeguards.access.access import REPORT",
        'access.open(home, purpose="report")',
    ],
)
def test_a_planted_session_for_a_report_is_found(planted: str) -> None:
    """The look above finds each way to open one."""
    assert opens_for_reports(ast.parse(planted))


def test_those_who_may_open_a_store_do() -> None:
    """The list above has no name too many."""
    for name in _OPEN_STORES:
        assert set(calls(ROOT / name)) & {"store.Store", "duckdb.connect"}, name


def test_the_clock_is_read_at_the_edge() -> None:
    """Today is an argument; only the command line and the log know the time."""
    words = ("date.today", "datetime.today", "datetime.now", "datetime.utcnow", "time.time")
    others = [path for path in MODULES if name_of(path) not in _CLOCKS]
    found = find_faults(
        others, lambda path: [call for call in calls(path) if call.split("(")[0].endswith(words)]
    )
    assert found == {}


def test_sql_has_no_clock() -> None:
    """Nor has any view, table or function a day of its own."""
    words = ("current_date", "current_timestamp", "now(", "today(", "localtime")

    def look(path: Path) -> list[str]:
        lines = path.read_text(encoding="utf-8").lower().splitlines()
        code = "\n".join(line.partition("--")[0] for line in lines)
        return [word for word in words if word in code]

    paths = sorted(ROOT.glob("queries/**/*.sql"))
    assert paths
    assert find_faults(paths, look) == {}


_DRAWS_HTML, _DRAWS_LISTS = "dashboard/ui/components.py", "dashboard/ui/lists.py"
#: What Streamlit shows without escaping, fetches, frames, or serves to whoever asks.
_UNSAFE = {
    *("html", "map", "iframe", "image", "audio", "video", "logo", "pydeck_chart", "components"),
    *("download_button", "write", "write_stream", "experimental_fragment"),
}


def unsafe(parsed: ast.Module) -> list[str]:
    """What a file asks of Streamlit that no page may, on the page or on a part of it."""
    found = []
    for node in ast.walk(parsed):
        if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
            found.append(node.arg)
        elif isinstance(node, ast.Attribute) and node.attr in _UNSAFE:
            whose = ast.unparse(node.value)
            # a part of the page has any name; streams and files of ours are written to, too
            if whose == "st" or whose.startswith("st.") or node.attr == "download_button":
                found.append(f"{whose}.{node.attr}")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("streamlit"):
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            found += [name for name in names if name in _UNSAFE]
        elif isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.startswith("streamlit.components")]
    return found


def test_nothing_is_shown_that_streamlit_does_not_escape() -> None:
    """HTML in components only; no map (its tiles are fetched), no frame, no file by address."""
    # the style sheet, and what `Markup` has escaped; ours; and the server keeps others' out
    assert find_faults(MODULES, lambda path: sorted(set(unsafe(tree(path))))) == {
        _DRAWS_HTML: ["st.html"],
        _DRAWS_LISTS: ["components"],
        "dashboard/server/server.py": ["components"],
    }


def test_our_script_sets_text_as_text() -> None:
    """Neither script has a way to read markup or code from a text, nor to ask anybody."""
    scripts = sorted((ROOT / "dashboard").rglob("*.js"))
    assert [script.name for script in scripts] == ["focus.js", "list.js"]
    texts = [script.read_text(encoding="utf-8") for script in scripts]
    ways = (
        r"HTML|\beval\b|Function\(|\bwrite\b|\bfetch\b|XMLHttp|WebSocket|import\(|https?:|on\w+=\""
    )
    assert re.findall(ways, "".join(texts)) == []
    assert max(len(text.splitlines()) for text in texts) < 150


@pytest.mark.parametrize(
    "planted",
    [
        'st.download_button("x", data)',
        'st.sidebar.download_button("x", data)',
        'beside.download_button("x", data)',
        "st.markdown(text, unsafe_allow_html=True)",
        "st.html(text)",
        "st.sidebar.html(text)",
        "st.map(rows)",
        "st.components.v1.html(text)",
        "import streamlit.components.v1 as components",
        "from streamlit import download_button",
        "from streamlit.components import v1",
        "show = st.html",
        "st.write(text)",
        "st.image(address)",
    ],
)
def test_a_planted_unsafe_call_is_found(planted: str) -> None:
    """The look above finds each of them, however it is written."""
    assert unsafe(ast.parse(planted)) != []


#: Where DuckDB and a session take SQL.
_TAKES_SQL = {"execute", "executemany", "sql", "query", "read", "begin_query", "from_query"}
_BUILDS_SQL = "queries/statement.py"


def built(node: ast.expr, names: dict[str, ast.expr]) -> bool:
    """Whether a text is put together: by f-string, +, %, format, join or replace."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        # names in capitals are numbers or texts of our own: PIECE + TAG reads so many bytes
        return isinstance(node.op, ast.Add | ast.Mod) and not _are_constants(node)
    if isinstance(node, ast.IfExp):
        return built(node.body, names) or built(node.orelse, names)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in {"format", "format_map", "join", "replace", "substitute"}
    return isinstance(node, ast.Name) and node.id in names and built(names[node.id], {})


def _are_constants(node: ast.BinOp) -> bool:
    return all(isinstance(side, ast.Name) and side.id.isupper() for side in (node.left, node.right))


def built_sql(parsed: ast.Module) -> list[str]:
    """The SQL of a file that is put together from text, at once or under a name before."""
    names = {
        target.id: node.value
        for node in ast.walk(parsed)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    asked = [
        (node.args[0] if node.args else None, node)
        for node in ast.walk(parsed)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _TAKES_SQL
    ]
    return [ast.unparse(call) for text, call in asked if text is not None and built(text, names)]


def test_sql_is_not_made_of_text() -> None:
    """Values are bound; what takes none goes through the one helper that quotes."""
    others = [path for path in MODULES if name_of(path) != _BUILDS_SQL]
    assert find_faults(others, lambda path: built_sql(tree(path))) == {}


@pytest.mark.parametrize(
    "planted",
    [
        'con.execute(f"select * from t where id = {given}")',
        'con.execute("select * from " + table)',
        'con.sql("select * from %s" % table)',
        'session.read("select * from {}".format(table))',
        'con.execute(" union ".join(parts))',
        'query = f"from {table}"\ncon.execute(query)',
        'query: str = "from " + table\nsession.read(query)',
        'con.execute("from t" if plain else f"from {table}")',
        'con.executemany(TEXT.replace("?", name), rows)',
    ],
)
def test_planted_sql_of_text_is_found(planted: str) -> None:
    """The look above finds each way to put a value into a query."""
    assert built_sql(ast.parse(planted)) != []


def test_sql_that_is_bound_or_quoted_is_let_be() -> None:
    """A text as it stands, one that binds, and one of the helper."""
    for fine in (
        'con.execute("select 1")',
        'con.execute("select $x", {"x": given})',
        'con.execute(statement("from {name}", name=table))',
        'query = statement("from {name}", name=table)\ncon.execute(query)',
    ):
        assert built_sql(ast.parse(fine)) == []


def test_own_sql_is_pasted_by_the_definitions_only() -> None:
    """`{part:own}` takes SQL as it is: the views' texts, and names in our own calls."""
    users = {name_of(path) for path in MODULES if ":own}" in path.read_text(encoding="utf-8")}
    assert users == {
        _BUILDS_SQL,
        *(f"queries/{name}.py" for name in ("read", "store/store", "views/days", "views/views")),
    }


def test_nothing_is_printed_but_by_the_command_line() -> None:
    """Also not written to a stream: a library that talks may tell a name."""
    printing = ("print", "sys.stdout.write", "pprint")

    def look(path: Path) -> list[str]:
        spoken = () if name_of(path).startswith(_SPEAKERS) else ("typer.echo", "sys.stderr")
        return [each for each in calls(path) if each in printing or each.startswith(spoken)]

    assert find_faults(MODULES, look) == {}


def test_nothing_calls_out() -> None:
    """No library that fetches is imported; the one session of our own stays on this computer."""
    banned = ("requests", "httpx", "urllib.request", "urllib3", "aiohttp", "http.client", "ftplib")
    assert find_faults(MODULES, lambda path: select(imports(path), banned)) == {}


def test_a_module_says_what_it_is_for() -> None:
    """One file, one subject; and a sentence at its head that says which."""

    def look(path: Path) -> list[str]:
        head = (ast.get_docstring(tree(path)) or "").split("\n")[0]
        is_said = not tree(path).body or head.endswith((".", ";", ":", ",", "?"))
        return [] if is_said else [head]

    assert find_faults(MODULES, look) == {}


def test_modules_form_no_family_by_a_suffix() -> None:
    """A folder is a concept; `weight.py` asks whether a crowded one is two."""
    assert [name_of(path) for path in MODULES if path.stem.endswith(("_cli", "_parts"))] == []


def functions(path: Path) -> Iterator[str]:
    """The public functions and methods of a file; a property is a noun."""
    nodes: list[ast.stmt] = list(tree(path).body)
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            nodes += node.body
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            is_property = any("property" in ast.unparse(each) for each in node.decorator_list)
            if not (node.name.startswith("_") or is_property):
                yield node.name


def test_a_function_says_an_action() -> None:
    """A public function begins with a verb or a question: `list_days`, `is_closed`."""

    def look(path: Path) -> list[str]:
        return sorted(name for name in set(functions(path)) if _PARTICIPLE.match(name))

    assert find_faults(MODULES, look) == {}, "begin the name with a verb (CONTRIBUTING, Style)"


def test_a_name_that_says_no_action_is_found() -> None:
    """The pattern above finds participles, and passes verbs that only look like one."""
    names = ["loaded_files", "taken", "kept_rows", "load_files", "open_store", "is_taken"]
    assert [name for name in names if _PARTICIPLE.match(name)] == names[:3]


def list_long_functions(parsed: ast.Module) -> list[str]:
    """List the functions that have too many lines, from `def` to the end, with the number."""
    lengths = [
        (node.name, (node.end_lineno or 0) - node.lineno + 1)
        for node in ast.walk(parsed)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [f"{name}: {lines}" for name, lines in lengths if lines > _MOST_FUNCTION_LINES]


def test_a_function_is_no_longer_than_a_screen() -> None:
    """No function of the source has more than 60 lines; one of 61 is found."""
    assert find_faults(MODULES, lambda path: list_long_functions(tree(path))) == {}
    for lines, faults in ((60, []), (61, ["load: 61"])):
        text = "def load():\n" + "    pass\n" * (lines - 1)
        assert list_long_functions(ast.parse(text)) == faults


def node_of(module: str) -> str:
    """The folder that a module stands in, or the module where it stands at a room's own door."""
    parts = module.split(".")
    path = ROOT.joinpath(*parts)
    if path.is_dir():
        return module
    return module if len(parts) == 2 else ".".join(parts[:-1])


def module_of(name: str) -> str:
    """The module that an imported name is, or stands in."""
    path = ROOT.joinpath(*name.split("."))
    if path.is_dir() or path.with_suffix(".py").exists():
        return name
    return name.rpartition(".")[0]


def arrows() -> dict[str, set[str]]:
    """By node, the nodes that its modules import, as the code stands."""
    found: dict[str, set[str]] = {}
    for path in MODULES:
        own = name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        here = found.setdefault(node_of(own), set())
        here |= {node_of(module_of(name)) for name in imports(path) if begins(name, PACKAGES)}
    # these two import by name
    with (ROOT / "cli" / "commands.csv").open(encoding="utf-8") as file:
        found["cli.main"] |= {node_of(f"cli.{row['module']}") for row in csv.DictReader(file)}
    found["dashboard.app"] |= {node for node in found if node.startswith("dashboard.app_pages")}
    return {node: there - {node} for node, there in found.items()}


def test_arrows_between_the_nodes_are_those_of_the_table() -> None:
    """arrows.txt is the plan of the house: a line a node, and what it may import of ours."""
    lines = _ARROWS_FILE.read_text(encoding="utf-8").splitlines()
    table = dict(line.split(": ") for line in lines if not line.startswith("#"))
    planned = {node: set(there.split()) for node, there in table.items()}
    assert {node: there for node, there in arrows().items() if there} == planned


def test_the_house_has_no_circle() -> None:
    """Whoever stands above imports whoever stands below, and nobody the other way."""
    order = list(TopologicalSorter(arrows()).static_order())
    assert {"queries.statement", "safeguards.access", "cli.main"} <= set(order)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel that is built from this checkout."""
    to = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(to)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (path,) = to.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        return set(opened.namelist())


@pytest.mark.slow
def test_the_wheel_holds_all_that_the_code_reads(wheel: set[str]) -> None:
    """SQL, code lists, roles, words, the looks, notebooks and modules; nothing of the tests."""
    suffixes = {".py", ".sql", ".csv", ".toml", ".css", ".js", ".typ"}
    needed = {
        name_of(path)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in suffixes and "__pycache__" not in path.parts
    }
    assert {
        "queries/marts/cohort_member.sql",
        "queries/reference/attendance_code.csv",
        "safeguards/access/roles.csv",
        "safeguards/words.csv",
        "dashboard/.streamlit/config.toml",
        "dashboard/report/render/report.typ",
        "notebooks/pyproject.toml",
        "notebooks/sdq_change.py",
        "notebooks/style.css",
    } <= needed
    assert needed - wheel == set()
    assert {name.split("/")[0] for name in wheel} == {*PACKAGES, "lac_monitor-0.1.0.dist-info"}


def test_no_folder_of_tests_is_passed_over(pytestconfig: pytest.Config) -> None:
    """pytest passes over folders of some names, "build" among them, without a word."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    over = [
        folder
        for folder in folders
        for pattern in pytestconfig.getini("norecursedirs")
        if fnmatch(folder.name, pattern)
    ]
    assert over == []
