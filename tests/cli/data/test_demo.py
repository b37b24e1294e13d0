"""The log of the made-up school: it is there, about the cast, and closes no reason."""

from pathlib import Path
from random import Random

import pytest

from cli.data.dashboard import log_cast_actions
from queries import read
from safeguards.access import access
from safeguards.home.home import Home
from safeguards.wording.pointers import check_line
from synthetic import CAST_ACTIONS
from tests.support.schools.homes import cast_handles, demo_home, keys_at


def test_the_cast_has_a_log_and_reasons_stay_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = demo_home(tmp_path / "home")
    monkeypatch.setenv("LAC_KEYS", keys_at(folder)["LAC_KEYS"])

    def ask() -> access.Session:
        return access.open(folder, actor="test", role="dsl", purpose="test")

    before = read.fetch_attention_reasons(ask())
    log_cast_actions(Home.open(folder), Random(7))
    found = read.fetch_actions(ask())
    names = {handle: name for name, handle in cast_handles(folder).items()}
    told = {
        (names[row["handle"]], str(row["action_date"]), row["kind"], row["line"] or "")
        for row in found.to_dicts()
    }
    assert told == {
        (each["child"], each["day"], each["kind"], each["line"]) for each in CAST_ACTIONS
    }
    assert not any(check_line(each["line"]) for each in CAST_ACTIONS)
    assert read.fetch_attention_reasons(ask()).equals(before)
