"""The papers themselves: where each Education, Health and Care Plan is, and the newest PEPs."""

import polars as pl
import streamlit as st

from dashboard.text import duty_tables, rules
from dashboard.ui import components, names
from queries import read
from safeguards.access import access


def render_ehcps(session: access.Session) -> None:
    """The stage of each plan."""
    st.header("Education, Health and Care Plans", anchor=False)
    plans = read.fetch_ehcps(session)
    if plans.is_empty():
        components.render_no_rows(
            session, "ehcp.csv", "No child has a step of a plan", "the stage of each plan"
        )
        return
    components.render_small_text(
        f"The law gives {rules.format_deadline('EHC_FINAL')} from the request to the final plan."
    )
    components.render_table(
        duty_tables.tabulate_ehcps(names.call_rows(plans)), alt="Plans by child"
    )


def render_peps(session: access.Session) -> None:
    """The newest meeting of each child, and how good its paper is."""
    st.header("Personal education plans", anchor=False)
    newest = (
        read.fetch_peps(session)
        .filter(pl.col("outcome") == "held")
        .group_by("pupil_id", maintain_order=True)
        .last()
    )
    if newest.is_empty():
        components.render_no_rows(
            session, "pep.csv", "No PEP is recorded yet", "each child's newest meeting"
        )
        return
    components.render_small_text(
        "The newest meeting of each child. Quality is the local authority's own word."
    )
    components.render_table(
        duty_tables.tabulate_peps(names.call_rows(newest)), alt="Newest PEP of each child"
    )
