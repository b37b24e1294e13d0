"""What the default install holds: the core runs without the packages of the extras."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ROOMS = [*("cli", "dashboard", "intake", "notebooks"), *("queries", "safeguards")]
ROOMS += ["stewardship", "synthetic"]
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
#: The modules of the extra `engine`; the extra `provider` is Streamlit's and has none of ours.
_EXTRA_MODULES = {"queries.views.dialect", "queries.views.engine"}
#: A module that pages run, and that Streamlit must start.
_RUN_ONLY = {"dashboard.app"}
#: Installed with Streamlit, and asked for by one command alone.
_BY_ANOTHER = {"pyarrow"}

_IMPORT_WITHOUT = """
import importlib, sys
from importlib.abc import MetaPathFinder

class Refusal(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {absent!r}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Refusal())
for name in {modules!r}:
    importlib.import_module(name)
"""


def name_of(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def list_packages(requirements: list[str]) -> set[str]:
    found = (re.match(r"[\w.-]+", line) for line in requirements)
    return {match[0].lower().replace("_", "-") for match in found if match}


def import_all(modules: list[str], absent: set[str]) -> subprocess.CompletedProcess[str]:
    code = _IMPORT_WITHOUT.format(modules=modules, absent=absent)
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_the_core_is_imported_without_the_extras() -> None:
    """Every module of the core, where no package of an extra is installed; the engine is not."""
    core = [name for name in map(name_of, MODULES) if name not in _EXTRA_MODULES | _RUN_ONLY]
    absent = {"sqlglot", "pysail", "pyspark", "grpc", "authlib", "httpx", "joserfc"}
    outcome = import_all(core, absent)
    assert outcome.returncode == 0, outcome.stderr
    for name in sorted(_EXTRA_MODULES):
        assert "ModuleNotFoundError: sqlglot" in import_all([name], absent).stderr


def test_a_package_that_is_imported_is_declared() -> None:
    """In the default install, or, by the modules of an extra, in that extra."""
    by_name = packages_distributions()
    declared = list_packages(PROJECT["dependencies"])
    engine = list_packages(PROJECT["optional-dependencies"]["engine"])
    faults = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for top in {name.partition(".")[0] for name in names}:
                if top in sys.stdlib_module_names or top in {*ROOMS, *_BY_ANOTHER}:
                    continue
                packages = {name.lower().replace("_", "-") for name in by_name.get(top, [top])}
                allowed = declared | (engine if name_of(path) in _EXTRA_MODULES else set())
                if not packages & allowed:
                    faults.append(f"{path.relative_to(ROOT)}: {top}")
    assert faults == []


def test_each_dependency_is_weighed() -> None:
    """CONTRIBUTING has a row for each, and no other."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    table = text.partition("## Dependencies")[2].partition("## Style")[0]
    cells = " ".join(re.findall(r"^\| (.*?) \|", table, re.MULTILINE))
    extras = PROJECT["optional-dependencies"]
    lines = [line for extra in extras.values() for line in extra]
    weighed = list_packages(re.findall(r"`([^`]+)`", cells)) - extras.keys()
    assert weighed == list_packages([*PROJECT["dependencies"], *lines])
