"""What governors see: the game is won by nobody here, and by everybody where hiding is ordinary."""

import html
import importlib
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.text import plain_words, rules
from queries import read, reference
from safeguards.disclosure import compute_intervals

_NAME = "what_governors_see"
#: The share of sessions that the report tells of children who are persistently absent.
_MISSED = rules.format_ratio(read.get_default_threshold("persistent_absence"))
#: Children, and which made-up group.
_GROUPS = [(6, 1), (9, 3), (12, 2), (18, 17)]
_LARGE = [pytest.param(*group, marks=pytest.mark.slow) for group in [(24, 3), (30, 2)]]


@pytest.fixture(scope="module")
def play() -> Any:
    """What the notebook shows and finds for a group; the same question is worked out once.

    Nobody changes what comes back.  `fresh` works it out anew.
    """
    held = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parents[2] / "notebooks"))
        patch.delenv("LAC_HOME", raising=False)

        def run(size: Any, seed: Any, *, fresh: Any = False, **defs: Any) -> Any:
            asked = repr((size, seed, sorted(defs.items())))
            if fresh or asked not in held:
                app = importlib.import_module(_NAME).app
                outputs, found = app.run(defs={"size": size, "seed": seed, **defs})
                shown = "\n".join(output.text for output in outputs if hasattr(output, "text"))
                held[asked] = shown, found
            return held[asked]

        yield run


def _reports(play: Any) -> Any:
    """The reports on the group whose figures are guessed: they do not hang on the guess."""
    _, found = play(18, 17)
    return {name: found[name] for name in ("first", "told", "figures", "grown", "alone", "held")}


def _words(shown: Any) -> Any:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", shown)))


@pytest.mark.parametrize(("size", "seed"), [*_GROUPS, *_LARGE])
def test_no_hidden_figure_is_pinned_and_the_truth_is_among_what_can_be(
    play: Any, size: Any, seed: Any
) -> None:
    _, found = play(size, seed)
    assert len(found["group"].children) == size
    assert found["pinned"] == []
    for place, (least, most) in found["known"].items():
        assert least <= found["true_count"](*place) <= most
        assert most - least + 1 >= found["limits"].narrowest


@pytest.mark.parametrize(("size", "seed"), [*_GROUPS[1:], *_LARGE])
def test_ordinary_hiding_is_broken_and_what_is_worked_out_is_true(
    play: Any, size: Any, seed: Any
) -> None:
    """The control: the same tables, from which only 1 to 5 are taken."""
    _, found = play(size, seed)
    assert found["recovered"]
    assert found["recovered"] == {
        place: found["true_count"](*place) for place in found["recovered"]
    }
    assert (
        len(found["recovered"])
        <= len(compute_intervals(found["ordinary"]))
        == found["ordinary"].suppressed_count
    )


@pytest.mark.parametrize(
    ("seed", "joiner"),
    [
        (17, {"years": "Years 5 and 6", "missed": f"{_MISSED} or more", "plan": "no plan",
              "score": "first score"}),
        (17, {"years": "Years 3 and 4", "missed": f"fewer than {_MISSED}", "plan": "has a plan",
              "score": "first score"}),
        (11, {"years": "Years 5 and 6", "missed": f"{_MISSED} or more", "plan": "no plan",
              "score": "lower"}),
    ],
)  # fmt: skip
def test_a_joiner_is_found_between_two_safe_reports_and_not_with_memory(
    play: Any, seed: Any, joiner: Any
) -> None:
    shown, found = play(18, seed, joiner=SimpleNamespace(value=joiner))
    assert len(found["certain_alone"]) >= 2
    assert found["certain_alone"].items() <= joiner.items()
    assert found["certain_held"] == {}
    headline = f"{len(found['certain_alone'])} of 3 without memory, 0 with"
    assert headline in _words(shown)


def test_a_guess_is_judged_and_the_truth_waits_for_its_button(play: Any) -> None:
    place = (("score",), ("lower",))
    asked = {
        "pick": SimpleNamespace(value=place),
        "guess": SimpleNamespace(value=6),
        **_reports(play),
    }
    hidden, found = play(18, 17, reveal=SimpleNamespace(value=False), **asked)
    least, most = found["known"][place]
    assert f"from {least} to {most}" in _words(hidden)
    assert "The truth is" not in hidden
    shown, _ = play(18, 17, reveal=SimpleNamespace(value=True), **asked)
    assert f"The truth is {found['true_count'](*place)}." in _words(shown)
    assert "You guessed it" in shown
    wrong = {**asked, "guess": SimpleNamespace(value=most + 1)}
    shown, _ = play(18, 17, reveal=SimpleNamespace(value=True), **wrong)
    assert f"So it cannot be {most + 1}." in shown
    assert f"You said {most + 1}." in shown


def test_where_nothing_is_picked_it_says_so(play: Any) -> None:
    nothing = {
        "pick": SimpleNamespace(value=None),
        "guess": SimpleNamespace(value=3),
        **_reports(play),
    }
    shown, _ = play(18, 17, reveal=SimpleNamespace(value=True), **nothing)
    assert "Nothing is hidden in this one." in shown


def test_a_table_that_is_all_hidden_is_named_and_not_printed(play: Any) -> None:
    shown, found = play(18, 17)
    assert {str(count) for count in found["told"].tables["years",].values()} == {"c"}
    first = _words(shown).partition("2. Your turn")[0]
    assert "Left out, since all of it would be hidden: Year groups" in first
    assert "has a plan 10 no plan 8" in first
    assert "Years 3 and 4" not in first


def test_the_same_group_is_drawn_again(play: Any) -> None:
    (_, one), (_, again) = play(9, 3), play(9, 3, fresh=True)
    _, other = play(9, 4)
    assert one is not again
    assert one["group"] == again["group"] != other["group"]


def test_its_settings_are_those_of_the_report(play: Any) -> None:
    rules = {
        row["name"].removeprefix("report_"): float(row["value"])
        for row in reference.read("threshold").iter_rows(named=True)
        if row["name"].startswith("report_")
    }
    _, found = play(6, 1)
    limits = found["limits"]
    assert rules == {
        "fewest_children": limits.fewest,
        "fewest_for_splits": limits.fewest_for_splits,
        "small_count": limits.small,
        "narrowest": limits.narrowest,
        "largest_share": limits.largest_share,
    }


@pytest.mark.parametrize(("size", "seed"), [(6, 1), (18, 17)])
def test_every_sentence_reads_plainly(play: Any, size: Any, seed: Any) -> None:
    """Those that are put together from figures too; each cell of a table is for itself."""
    shown, _ = play(size, seed)
    inline = re.sub(r"</?(?:strong|code)[^>]*>", "", shown)
    text = html.unescape(re.sub(r"<[^>]+>", "\n", inline))
    assert "What this cannot tell you" in text
    assert "The report hides" in text
    assert plain_words.check_text(text) == []
