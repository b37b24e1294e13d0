"""What Help says about a word: the terms and definitions that have it, nothing else."""

from collections.abc import Mapping

import streamlit as st

from dashboard.text import words
from dashboard.ui.markdown import escape


def find_definitions(
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


def render_found(asked: str, terms: str, definitions: Mapping[str, str]) -> None:
    """The answers to what was typed, in place of the page."""
    items, found = find_definitions(asked, terms, definitions)
    count = words.capitalise(words.format_count(len(items) + len(found), "answer"))
    st.header(f"{count} for {escape(asked)}", anchor=False)
    if not items and not found:
        st.markdown("Try a shorter word, or part of one.")
    if items:
        st.markdown("\n".join(f"- {item}" for item in items))
    for title, text in found.items():
        st.subheader(title, anchor=False)
        st.markdown(escape(text))
