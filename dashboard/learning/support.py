"""What is done so that children learn: help in place, and pupil premium plus by term."""

import polars as pl
import streamlit as st

from dashboard.text import words
from dashboard.ui import components, rows
from queries import read
from queries.rows import PremiumTerm
from safeguards.access import access


def render_help(session: access.Session, found: pl.DataFrame) -> None:
    """Help that goes on, those past the day to look at it first, and what came of the rest."""
    as_at = session.as_at
    goes_on = pl.col("end_date").is_null() | (pl.col("end_date") > as_at)
    current = found.filter(goes_on).with_columns(
        is_past=(pl.col("review_date") < as_at).fill_null(value=False)
    )
    past = int(current["is_past"].sum())
    told = f", {past} past the day to look at it" if past else ""
    st.header(f"Help in place ({current.height}{told})", anchor=False)
    if current.is_empty():
        st.markdown("No help is recorded that goes on.")
    else:
        rows.render_heads("help", "Child", "What", "Since", "Look at it")
    with st.container(key="list-help"):
        current = current.sort("is_past", descending=True, maintain_order=True)
        for place, row in enumerate(read.list_rows(read.MemberHelp, current)):
            _render_help(session, row, place)
    components.render_small_text(_describe_ended(found.filter(~goes_on)))


def render_premium(terms: pl.DataFrame) -> None:
    """Pounds planned and spent in each term, with what it was for."""
    st.header("Pupil premium plus by term", anchor=False)
    if terms.is_empty():
        st.markdown("No sum is recorded up to this day.")
        return
    parts = terms.partition_by("academic_year", "term", maintain_order=True)
    table = pl.DataFrame([tabulate_term(read.list_rows(PremiumTerm, part)) for part in parts])
    components.render_table(table, alt="Pupil premium plus by term")


def tabulate_term(kinds: list[PremiumTerm]) -> dict[str, str]:
    """One term's row: its whole, and what it was for."""
    sums, unknown = (sum(row[name] for row in kinds) for name in ("sums", "unspent_sums"))
    spent = f"£{sum(row['spent'] for row in kinds):,}"
    if unknown:
        more = f"{words.format_count(unknown, 'sum')} {words.NOT_RECORDED}"
        spent = words.NOT_RECORDED if unknown == sums else f"{spent}, {more}"
    return {
        "Term": words.capitalise(f"{kinds[0]['term']} {kinds[0]['academic_year']}"),
        "Planned": f"£{sum(row['planned'] for row in kinds):,}",
        "Spent": spent,
        "In a PEP": f"{sum(row['in_pep'] for row in kinds)} of {sums}",
        "Planned for": "; ".join(f"{row['kind']}, £{row['planned']:,}" for row in kinds),
    }


def _render_help(session: access.Session, row: read.MemberHelp, place: int) -> None:
    review = row["review_date"]
    mark = "▲ " if row["is_past"] else ""
    again = f"{mark}{words.format_near_day(review, session.as_at)}" if review else words.NOTHING
    with rows.open_row("help", str(place)):
        rows.render_child_link(session, row["pupil_id"], row["handle"])
        rows.render_cells(
            rows.format_cell(row["kind"], "what"),
            rows.format_cell(
                words.format_near_day(row["intervention_date"], session.as_at), "when", "Since"
            ),
            rows.format_cell(again, "again", "Look at it"),
        )


def _describe_ended(ended: pl.DataFrame) -> str:
    """Of the help that has ended, how often somebody said that it helped."""
    if ended.is_empty():
        return "No help has ended yet."
    said = ended["helped"].drop_nulls().value_counts()
    numbers = dict(said.iter_rows())
    parts = [
        f"{numbers[word]} {text}"
        for word, text in (("yes", "helped"), ("partly", "helped in part"), ("no", "did not help"))
        if word in numbers
    ]
    if unsaid := int(ended["helped"].null_count()):
        parts.append(f"of {unsaid} nobody has said")
    return f"Ended: {words.format_list(parts)}. A notebook sets help beside each child's own line."
