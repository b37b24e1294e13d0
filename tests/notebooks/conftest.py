"""The made-up school with three years of marks, and its notebooks as they run on it."""

import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from notebooks.analysis import Lac, open_home
from tests.support.schools.homes import demo_home, keys_at

#: What a notebook shows, and its variables.
Run = Callable[..., tuple[str, dict[str, Any]]]
#: What the controls of a notebook begin with, once it ran.
_BEGINS: dict[str, dict[str, Any]] = {}


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = demo_home(tmp_path_factory.mktemp("notebooks") / "home", years=3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
        patch.setenv("LAC_HOME", str(folder))
        patch.setenv("MARIMO_SKIP_UPDATE_CHECK", "1")
        for name in ("LAC_ROLE", "LAC_AS_AT"):
            patch.delenv(name, raising=False)
        yield folder


@pytest.fixture
def lac(home: Path) -> Lac:
    return open_home(home)


@pytest.fixture
def run(home: Path) -> Run:
    """Run a notebook of lac's with these choices, and those that it begins with for the others."""
    assert os.environ["LAC_HOME"] == str(home)

    def start(name: str, **chosen: Any) -> tuple[str, dict[str, Any]]:
        module = importlib.import_module(f"notebooks.{name}")
        if chosen:
            begins = _BEGINS.get(name) or start(name)[1]["chosen"]
            assert chosen.keys() <= begins.keys()
            shown, found = module.app.run(defs={"chosen": begins | chosen})
        else:
            shown, found = module.app.run()
            _BEGINS[name] = found["chosen"]
        return "\n".join(each.text for each in shown if each is not None), found

    return start
