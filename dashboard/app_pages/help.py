"""Help: what the numbers and words mean, who can see what, and what the pages cannot do."""

from collections.abc import Mapping

import streamlit as st

from dashboard.text import help_texts, rules, tables, words
from dashboard.ui import components, tab
from dashboard.ui.markdown import escape
from queries import read


def _render_found(asked: str, terms: str, definitions: Mapping[str, str]) -> None:
    """The answers to what was typed, in place of the page."""
    items, found = _find_definitions(asked, terms, definitions)
    count = words.capitalise(words.format_count(len(items) + len(found), "answer"))
    st.header(f"{count} for {escape(asked)}", anchor=False)
    if not items and not found:
        st.markdown("Try a shorter word, or part of one.")
    if items:
        st.markdown("\n".join(f"- {item}" for item in items))
    for title, text in found.items():
        st.subheader(title, anchor=False)
        st.markdown(escape(text))


def _find_definitions(
    asked: str, terms: str, definitions: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """The terms (items of a list) and the definitions, by title, in which every word stands.

    A definition whose title has them comes first.  Capitals count for nothing.
    """
    parts = asked.lower().split()

    def has_all(text: str) -> bool:
        return all(part in text.lower() for part in parts)

    items = [item.strip() for item in f"\n{terms}".split("\n- ") if item.strip()]
    found = {title: text for title, text in definitions.items() if has_all(f"{title} {text}")}
    ordered = sorted(found, key=lambda title: not has_all(title))
    return [item for item in items if has_all(item)], {title: found[title] for title in ordered}


def render() -> None:
    """Draw the page."""
    session = tab.enter("help")
    components.render_title("help", words.PAGES["help"])
    figures = rules.list_figures(read.fetch_thresholds(session))
    terms = rules.fill(help_texts.TERMS, figures)
    definitions = words.list_definitions(read.list_definitions(), figures)
    asked = st.text_input("Find a word or a figure", live=True, max_chars=40).strip()
    if asked:
        _render_found(asked, terms, definitions)
        return
    st.markdown(help_texts.ABOUT)

    st.header("What each page is for", anchor=False)
    st.markdown(
        "\n".join(
            f"- **{words.PAGES[page]}**: {text}"
            for page, text in help_texts.PURPOSES.items()
            if session.is_allowed(page)
        )
    )

    st.header("Zero, not recorded and hidden", anchor=False)
    st.markdown(help_texts.MISSING)

    st.header("Words we use", anchor=False)
    st.markdown(terms)

    st.header("What is not tracked", anchor=False)
    st.markdown(help_texts.UNTRACKED)
    st.markdown("\n".join(f"- {each}" for each in rules.list_untracked()))

    st.header("Who can see what", anchor=False)
    st.markdown(help_texts.ACCESS)
    components.render_table(tables.tabulate_access(), alt="Roles and the pages that they see")

    st.header("Attendance codes", anchor=False)
    st.markdown(help_texts.CODES)
    if st.toggle("Show the codes in use", key="codes"):
        codes = words.tabulate_codes(session.as_at)
        components.render_table(codes, alt="Attendance codes and what each counts as")

    st.header("How each number is made", anchor=False)
    for title, text in definitions.items():
        with st.expander(title):
            st.markdown(escape(text))

    st.header("Accessibility", anchor=False)
    st.markdown(help_texts.ACCESSIBILITY)

    st.header("Version", anchor=False)
    st.markdown(f"{words.APP}, lac-monitor {words.get_version()}.")
