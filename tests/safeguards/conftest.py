"""What several tests of safeguards stand on."""

from pathlib import Path

import pytest

from safeguards.home.home import Home
from tests.support.schools.homes import keys_at
from tests.support.schools.real_home import real_home


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A school's loaded real home, whose keys are the environment's."""
    folder = real_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])
    return Home.open(folder)
