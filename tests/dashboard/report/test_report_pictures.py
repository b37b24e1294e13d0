"""The report's charts draw what their frames say, in letters that are there, and no more."""

import io
import re
from typing import Any

import altair as alt
import polars as pl
import pytest
from PIL import Image

from dashboard.charts import palette
from dashboard.report.render import pictures
from safeguards.disclosure.solver.suppressed import HIDDEN, SuppressedError
from tests.support.reports import reports


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def dark(image: Image.Image) -> int:
    """How many dots of a picture are nearly black."""
    return sum(image.convert("L").histogram()[:90])


def test_bars_stand_by_length_with_their_numbers() -> None:
    shown = texts(reports.bars().svg)
    assert [text for text in shown if text[0].isdigit()] == ["1,204", "48", "4"]
    assert [text for text in shown if text in {"Illness", "Holiday", "Suspended"}] == [
        "Illness",
        "Holiday",
        "Suspended",
    ]


def test_bars_are_as_long_as_their_figures() -> None:
    paths = re.findall(
        rf'd="M0,[\d.]+h([\d.]+)v[^"]*"[^>]*fill="{palette.MAIN}"', reports.bars().svg
    )
    lengths = [float(length) for length in paths]
    assert len(lengths) == 3
    assert [length / lengths[0] for length in lengths] == pytest.approx([1, 48 / 1204, 4 / 1204])


def test_the_finding_is_the_caption_and_begins_the_words() -> None:
    bars = reports.bars()
    assert bars.caption == "Illness is the most common reason"
    assert bars.alt == (
        "Bar chart. Illness is the most common reason. Illness: 1,204 sessions; "
        "Holiday: 48 sessions; Suspended: 4 sessions."
    )


def test_reasons_of_the_same_length_stand_by_name_and_none_has_no_bar() -> None:
    rows = pl.DataFrame({"reason": ["b", "a", "none"], "sessions": [1, 1, 0]})
    made = pictures.draw_sessions_by_reason(rows, "f")
    assert made is not None
    assert made.alt == "Bar chart. f. a: 1 session; b: 1 session."
    assert pictures.draw_sessions_by_reason(rows.filter(pl.col("sessions") == 0), "f") is None


@pytest.mark.parametrize(
    "sessions",
    [[HIDDEN, HIDDEN], [3, HIDDEN]],
)
def test_a_figure_that_is_held_back_is_not_drawn(sessions: Any) -> None:
    rows = pl.DataFrame(
        {"reason": ["a", "b"], "sessions": pl.Series(sessions, dtype=pl.Object)},
    )
    with pytest.raises(SuppressedError):
        pictures.draw_sessions_by_reason(rows, "f")


@pytest.mark.parametrize("sessions", [[1.5], ["c"], [None], [-1], [True]])
def test_what_is_no_count_is_not_drawn(sessions: Any) -> None:
    with pytest.raises(ValueError, match="something else than counts"):
        pictures.draw_sessions_by_reason(pl.DataFrame({"reason": ["a"], "sessions": sessions}), "f")


def test_marks_carry_no_hidden_words() -> None:
    for made in (reports.bars(), reports.bars_before()):
        assert set(re.findall(r'aria-label="([^"]*)"', made.svg)) <= {
            "Title text 'Sessions missed. A shorter bar is better.'"
        }
        assert "<desc" not in made.svg


def test_letters_end_in_a_generic_family() -> None:
    for made in (reports.bars(), reports.bars_before()):
        families = set(re.findall(r'font-family="([^"]*)"', made.svg))
        assert families == {"'Source Sans Pro', Arial, sans-serif"}


def test_any_chart_of_the_catalogue_gets_the_letters() -> None:
    chart = (
        alt.Chart(pl.DataFrame({"font": ["kept"], "n": [1]}))
        .mark_text(font="Courier")
        .encode(text="font:N")
        .configure_axis(labelFont="Courier")
    )
    made = pictures.to_svg(chart)
    assert "Courier" not in made
    assert texts(made) == ["kept"]


def test_text_is_drawn_in_the_png() -> None:
    """A renderer that finds no letters draws none, and says nothing."""
    data = pictures.to_png(reports.bars().svg, width=6)
    with Image.open(io.BytesIO(data)) as image:
        assert image.width == pytest.approx(1200, abs=1)
        head = image.crop((0, 0, image.width // 2, 40))
        assert sum(head.convert("L").histogram()[:140]) > 100
        blank = image.crop((image.width - 300, image.height - 30, image.width, image.height))
        assert dark(blank) == 0


def test_the_same_chart_is_the_same_bytes() -> None:
    assert reports.bars() == reports.bars()
    svg = reports.bars().svg
    assert pictures.to_png(svg, width=3) == pictures.to_png(svg, width=3)


def test_a_logo_is_made_small_and_loses_what_a_camera_wrote() -> None:
    photo = Image.new("RGB", (4000, 1000), "navy")
    exif = photo.getexif()
    exif[0x010E] = "taken at the home of a child"
    out = io.BytesIO()
    photo.save(out, "JPEG", exif=exif, comment=b"a comment")
    assert b"home of a child" in out.getvalue()
    made = pictures.clean_logo(out.getvalue())
    assert made.startswith(b"\x89PNG")
    assert b"home of a child" not in made
    with Image.open(io.BytesIO(made)) as image:
        assert image.size == (900, 225)
        assert image.info == {}


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", b"GIF89a" + bytes(99), b"\x89PNG\r\n\x1a\n" + bytes(50)]
)
def test_what_is_no_picture_is_refused(data: Any) -> None:
    with pytest.raises(pictures.LogoError, match="not a PNG or JPEG"):
        pictures.clean_logo(data)
