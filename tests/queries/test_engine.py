"""All views of a made-up school on another engine: DuckDB's answers, row for row."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from queries.errors import StoreError
from queries.store.store import Store
from queries.views import views
from queries.views.engine import Engine, is_written
from tests.support import sizes
from tests.support.engines import open_engine, sort
from tests.support.schools.homes import UNTIL, demo_home, keys_at, open_store

#: Of the days after a school's last mark, and of those with one.
_DAYS = (UNTIL, UNTIL + timedelta(30), UNTIL - timedelta(60))


@pytest.fixture(scope="module")
def engine(pytestconfig: pytest.Config) -> Iterator[Engine]:
    address = pytestconfig.getoption("--engine")
    with open_engine("local" if address == "duckdb" else address) as made:
        yield made


@pytest.fixture
def store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Store]:
    home = tmp_path / "home"
    monkeypatch.setenv("LAC_KEYS", keys_at(home)["LAC_KEYS"])
    with closing(open_store(demo_home(home, seed=getattr(request, "param", 7)))) as opened:
        yield opened


def list_different(store: Store, engine: Engine, folder: Path, as_at: date) -> list[str]:
    """The views of which the engine made other rows than DuckDB."""
    raw = folder / "raw"
    if not raw.exists():
        assert store.export_raw(raw) > 0
    made = list(engine.run(str(raw), as_at, str(folder / f"{as_at}")))
    assert sorted(made) == sorted(views.load_views())
    different = []
    for view in filter(is_written, views.load_views().values()):
        wanted = store.read(f"from {view.name}", as_at=as_at)
        files = sorted((folder / f"{as_at}" / f"{view.name}.parquet").glob("*.parquet"))
        found = pl.read_parquet(files) if files else wanted.clear()  # what is empty has no file
        if sort(found.to_dicts()) != sort(wanted.to_dicts()):
            different.append(view.name)
    return different


@pytest.mark.slow
@pytest.mark.parametrize("as_at", _DAYS, ids=str)
@pytest.mark.parametrize("store", sizes.rng("engine").sample(range(9000), 3), indirect=True)
def test_every_view_is_the_same(store: Store, engine: Engine, tmp_path: Path, as_at: date) -> None:
    """On each of three drawn schools, and on three days."""
    assert list_different(store, engine, tmp_path, as_at) == []


def test_a_table_that_is_missing_is_named(store: Store, engine: Engine, tmp_path: Path) -> None:
    """And so is the view that an engine refuses: no run ends as if all were there."""
    store.export_raw(tmp_path / "raw")
    (tmp_path / "raw" / "raw_mark.parquet").unlink()
    with pytest.raises(StoreError, match="raw_mark"):
        list(engine.run(str(tmp_path / "raw"), UNTIL, str(tmp_path / "out")))
