"""Who needs a look today and why: a line a child, by year group and handle."""

from collections.abc import Collection, Mapping

import polars as pl
import streamlit as st
from markupsafe import Markup

from dashboard.text import duties as duty_words
from dashboard.text import help_texts, rules, words
from dashboard.ui import actions, components, rows
from dashboard.ui.markdown import escape
from queries import read, reference
from queries.rows import PupilAction
from safeguards.access import access

#: Children before "Show all": as many as a screen has room for.
FIRST = 12
#: Reasons of a child that a phone has room for.
_ON_A_PHONE = 2


def fetch_reasons(session: access.Session) -> pl.DataFrame:
    """needs_a_look by year group and handle, each reason in words with the figures of its rule.

    A reason out of data that the role does not see is not there; nor is one whose duties it
    does not see, and of the others it names those that it does.
    """
    hidden = [
        rule["rule"]
        for rule in read.load_attention_rules().to_dicts()
        if not session.has_category(rule["category"])
    ]
    looks = read.fetch_attention_reasons(session).filter(~pl.col("rule").is_in(hidden))
    looks = select_visible_duties(session, looks)
    figures = rules.list_figures(read.fetch_thresholds(session))
    return rules.add_reasons(looks, figures, session.as_at)


def select_visible_duties(session: access.Session, looks: pl.DataFrame) -> pl.DataFrame:
    """needs_a_look with the duties that the role sees, and no reason that had others alone."""
    visible = session.select_visible(reference.read("deadline"))["rule"].to_list()
    named = pl.col("duties").str.split(" ").list.filter(pl.element().is_in(visible))
    return (
        looks.lazy()
        .with_columns(duties=named.list.join(" "))
        .filter(pl.col("duties").is_null() | (pl.col("duties") != ""))
        .collect()
    )


def render_looks(
    session: access.Session,
    looks: pl.DataFrame,
    new: Collection[str],
    last_actions: Mapping[str, PupilAction],
) -> None:
    """The children with an open reason; `new` are those (pupil_id) for whom one is new."""
    done = actions.list_pupils_of_log()
    reasons = read.list_rows(rules.Reason, looks)
    of_child: dict[str, list[rules.Reason]] = {}
    for row in reasons:
        if not row["is_closed"] or row["pupil_id"] in done:
            of_child.setdefault(row["pupil_id"], []).append(row)
    children = list(of_child.values())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.header("Needs a look", anchor=False)
        _render_rules(session, {row["rule"] for row in reasons})
    if not children:
        st.markdown("Nothing needs a look today.")
    else:
        rows.render_heads("look", "Child", "Year", "Why", "Last action")
    is_long = len(children) > FIRST and not st.session_state.get("all-looks")
    for child in children[:FIRST] if is_long else children:
        _render_look(session, child, new, last_actions)
    if len(children) > FIRST:
        st.toggle(f"Show all {len(children)} children", key="all-looks")
    if hidden := sum(row["is_closed"] for row in reasons):
        components.render_small_text(duty_words.describe_closed_reasons(hidden))


def _render_look(
    session: access.Session,
    reasons: list[rules.Reason],
    new: Collection[str],
    last_actions: Mapping[str, PupilAction],
) -> None:
    child = reasons[0]
    pupil_id, handle = child["pupil_id"], child["handle"]
    tag = Markup('<b class="new">New</b> ') if pupil_id in new else Markup("")
    why = Markup('<span class="cell why">{}{}</span>').format(tag, _format_reasons(reasons))
    last = duty_words.describe_last_action(last_actions.get(pupil_id), session.as_at)
    if all(row["is_closed"] for row in reasons):
        last = f"✓ {last}"
    with rows.open_row("look", handle):
        rows.render_child_link(session, pupil_id, handle)
        rows.render_cells(
            rows.format_year(pupil_id, child["year_group"]),
            why,
            rows.format_cell(
                last, "quiet act" if pupil_id in last_actions else "none act", "Last action"
            ),
        )
        actions.render_log_button(session, "today", pupil_id, handle)


def _format_reasons(reasons: list[rules.Reason]) -> Markup:
    """All of them; on a phone the first, and how many more the child's page has."""
    parts = rules.list_reason_parts(row["reason"] for row in reasons)
    rest = parts[_ON_A_PHONE:]
    if not rest:
        return Markup("").join(parts)
    return Markup('{}<span class="rest" data-more="; and {} more">{}</span>').format(
        "".join(parts[:_ON_A_PHONE]), len(rest), "".join(rest)
    )


def _render_rules(session: access.Session, listed: Collection[str]) -> None:
    """The rules of today's reasons, and what a school does next."""
    figures = rules.list_figures(read.fetch_thresholds(session))
    with st.popover("Why these children?", type="tertiary"):
        st.markdown(f"**{help_texts.PURPOSES['today']}**")
        st.markdown(
            "Each child is listed for one of these reasons, until somebody logs an action. "
            "Nothing is added up, and nobody is ranked: the order is year group, then A to Z."
        )
        told = (
            f"- {escape(rules.describe_rule(row, figures))}"
            for row in read.load_attention_rules().to_dicts()
            if row["rule"] in listed
        )
        st.markdown("\n".join(told))
        st.markdown(words.spell_out_terms("PEP", "SDQ"))
        st.page_link("app_pages/help.py", label="What every word and figure means")
