"""Another figure in one cell of threshold.csv is another one wherever a person reads it.

Every page is drawn for each role that has it, with all that it can open; so are both parts of
a draft report, and every notebook.  Once with the usual figures, which shows that the search
finds them, and once with others.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import docx
import pypdfium2
import pytest
from streamlit.testing.v1.element_tree import Widget

from notebooks.export import load_app
from queries import read
from safeguards.access import roles
from tests.support.other_rules import other_rules, thresholds
from tests.support.schools import report_home
from tests.support.schools.homes import demo_home
from tests.support.web.site import Site

_FOLDER = Path(__file__).parents[2] / "notebooks"
#: In the third school week, when it is too early for a rate by either rule; and a day on
#: which children have just become persistently absent by either.
_EARLY, _REACHED = "2026-09-18", "2026-10-16"


class Figures(NamedTuple):
    """Values of two rows, every way to tell them, and what must be told somewhere."""

    rows: dict[str, str]
    pattern: re.Pattern[str]
    told: dict[str, tuple[str, ...]]


def _tell(ratio: str, sessions: str, weeks: str) -> dict[str, tuple[str, ...]]:
    """By place, what stands there where the figures are those of the row."""
    return {
        "today": (f"now persistently absent ({ratio}", f"reached {ratio} in that time"),
        "child": (f"now persistently absent ({ratio}",),
        "children": (f"missed {sessions} or more", f"{sessions} missed"),
        "attendance": (f"missed {sessions} or more", f"Dashed line: {sessions} missed"),
        "early attendance": (f"The line starts after {weeks}.",),
        "help": (f"Missed {sessions} or more", f"from exactly {ratio} of the sessions"),
    }


USUAL = Figures(
    {"persistent_absence": "0.10", "weeks_before_rates": "6"},
    re.compile(
        r"(?<![\d.])10 ?%|\b(?:1|one)(?: session)? in (?:10|ten)\b|\ba tenth\b|"
        r"\b(?:6|six) (?:school )?weeks\b",
        re.IGNORECASE,
    ),
    _tell("10%", "10% of sessions", "6 school weeks"),
)
OTHER = Figures(
    {"persistent_absence": "0.08", "weeks_before_rates": "4"},
    re.compile(
        r"(?<![\d.])8 ?%|(?<![\d.])8(?: sessions)? in 100\b|\b(?:4|four) school weeks\b",
        re.IGNORECASE,
    ),
    _tell("8%", "8% of sessions", "4 school weeks"),
)


def _read_app(site: Site) -> str:
    """All that a page holds: what is shown, folded away, read aloud or drawn in a chart."""
    app = site.app
    held = [str(each.proto) for each in (*app.main, *app.sidebar) if hasattr(each, "proto")]
    return "\n".join([site.text, *site.charts, *held])


def _key_of(widget: Widget) -> str:
    assert widget.key is not None
    return widget.key


def _open_everything(site: Site) -> str:
    """A page as it comes, with each of its choices made and then with all switches on."""
    shown = [_read_app(site)]
    groups = [each for each in site.app.button_group if not isinstance(each.value, list)]
    for key, option in [(_key_of(each), option) for each in groups for option in each.options]:
        if any(each.key == key for each in site.app.button_group):
            site.app.button_group(key=key).set_value(option).run()
            shown.append(_read_app(site))
    for key in [_key_of(each) for each in site.app.toggle]:
        site.app.toggle(key=key).set_value(True)
    site.app.run()
    return "\n".join([*shown, _read_app(site)])


def _draw_pages(folder: Path, role: str) -> Iterator[tuple[str, str]]:
    """Each page of a role; and on two other days those with a rate, and children's own."""
    with pytest.MonkeyPatch.context() as patch:
        site = Site(folder, patch, role, None)
        for page in roles.list_pages(role):
            if page != "child":
                yield page, _open_everything(site.visit(page))
        if not roles.is_allowed(role, "child"):
            yield "first", _read_app(site)
            return
        for day, name in ((_REACHED, ""), (_EARLY, "early ")):
            site = Site(folder, patch, role, day)
            for page in ("today", "children", "attendance"):
                yield f"{name}{page}", _read_app(site.visit(page))
            looks = read.fetch_attention_reasons(site.session())
            others = read.fetch_members(site.session()).join(looks, on="handle", how="anti")
            reached = looks.filter(rule="became_persistent")
            for handle in {*reached["handle"].head(1), *others["handle"].head(1)}:
                yield f"{name}child", _read_app(site.open_child(handle))


def _draw_report(folder: Path, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Each part of a draft as Word and as PDF."""
    readers: dict[str, Callable[[Path], str]] = {".docx": _read_word, ".pdf": _read_pdf}
    for name, content in report_home.made(report_home.session(folder)).items():
        path = tmp_path / name
        path.write_bytes(content)
        yield f"report {name}", readers[path.suffix](path)


def _read_word(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def _read_pdf(path: Path) -> str:
    pages = pypdfium2.PdfDocument(path)
    return " ".join(page.get_textpage().get_text_bounded() for page in pages)


def _draw_notebooks(folder: Path) -> Iterator[tuple[str, str]]:
    """What every notebook shows of this home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAC_HOME", str(folder))
        patch.setenv("LAC_ROLE", "dsl")
        patch.delenv("LAC_AS_AT", raising=False)
        patch.setenv("MARIMO_SKIP_UPDATE_CHECK", "1")
        for path in sorted(_FOLDER.glob("*.py")):
            if "marimo.App" in path.read_text(encoding="utf-8"):
                outputs, _ = load_app(path).run()
                shown = "\n".join(getattr(each, "text", "") for each in outputs)
                # a rule's figure in a picture is in its words too; a coordinate is none
                yield f"notebook {path.stem}", re.sub(r"<svg.*?</svg>", "", shown, flags=re.DOTALL)


def _draw_everything(folder: Path, tmp_path: Path) -> dict[str, list[str]]:
    """By place, every text that is drawn there."""
    found: dict[str, list[str]] = {}
    for role in roles.ROLES:
        for place, text in _draw_pages(folder, role):
            found.setdefault(place, []).append(text)
    for place, text in (*_draw_report(folder, tmp_path), *_draw_notebooks(folder)):
        found.setdefault(place, []).append(text)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("held", "gone"),
    [
        pytest.param(OTHER, USUAL, id="other"),
        pytest.param(USUAL, OTHER, id="usual", marks=pytest.mark.slow),
    ],
)
def test_one_cell_changes_every_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: Figures, gone: Figures
) -> None:
    """Each place says the row's figure, and none says another."""
    with other_rules(tmp_path, thresholds(**held.rows)):
        folder = demo_home(tmp_path / "home")
        monkeypatch.setenv("LAC_KEYS", str(tmp_path / "home-keys"))
        drawn = _draw_everything(folder, tmp_path)
    assert {"opened", "data_check", "reports", "child", "report part-two.pdf"} < drawn.keys()
    for place, parts in held.told.items():
        for part in parts:
            assert any(part in text for text in drawn[place]), (place, part)
    wrong = {
        (place, match.group())
        for place, shown in drawn.items()
        for text in shown
        for match in gone.pattern.finditer(text)
    }
    assert wrong == set()


#: Another value of a rule, the page that tells of it, and how.
_TOLD = {
    ("threshold", "severe_absence"): ({"value": "0.40"}, "help", "severely from 40%"),
    ("threshold", "action_closes_days"): ({"value": "17"}, "help", "in the last 17 school days"),
    ("threshold", "looked_after_months"): ({"value": "9"}, "help", "every measure over 9 months"),
    ("threshold", "days_to_explain_n"): (
        {"value": "2"},
        "attendance",
        "register within 2 school days",
    ),
    ("look", "missed_sessions"): (
        {"window": "13", "threshold": "2"},
        "today",
        "lists a child from 2 on. Looks back over 13 school days.",
    ),
    ("deadline", "SDQ_YEARLY"): (
        {"amount": "10"},
        "wellbeing",
        "by the carer in the last 10 months",
    ),
    ("deadline", "EHC_FINAL"): ({"amount": "18"}, "plans", "The statutory limit is 18 weeks"),
}


@pytest.mark.slow
def test_every_other_rule_is_told_by_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows, times and numbers of days: the page takes each from where the view does."""
    changes = {row: values for row, (values, _, _) in _TOLD.items()}
    with other_rules(tmp_path, changes):
        site = Site(demo_home(tmp_path / "home"), monkeypatch, "dsl", None)
        pages = {page: _read_app(site.visit(page)) for _, page, _ in _TOLD.values()}
    missing = [text for _, page, text in _TOLD.values() if text not in pages[page]]
    assert missing == []
    assert "20 weeks" not in pages["plans"]
