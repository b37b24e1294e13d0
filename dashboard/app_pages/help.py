"""Help: the meaning of numbers and words, who can see what, and what the pages cannot do."""

from collections.abc import Mapping

import streamlit as st

from dashboard.questions.catalogue import list_questions
from dashboard.text import rules, tables, words
from dashboard.ui import components, tab
from dashboard.ui.markdown import escape
from queries import read
from safeguards.access import access, roles


def _render_found(query: str, terms: str, definitions: Mapping[str, str]) -> None:
    """Draw the answers to a search, in place of the page."""
    items, answers = _find_definitions(query, terms, definitions)
    count = words.capitalise(words.format_count(len(items) + len(answers), "answer"))
    st.header(f"{count} for {escape(query)}", anchor=False)
    if not items and not answers:
        st.markdown("Try a shorter word, or part of one.")
    if items:
        st.markdown("\n".join(f"- {item}" for item in items))
    for title, text in answers.items():
        st.subheader(title, anchor=False)
        st.markdown(_break_lines(text))


def _break_lines(text: str) -> str:
    return "  \n".join(map(escape, text.splitlines()))


def _find_definitions(
    query: str, terms: str, definitions: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """Return the terms (items of a list) and the definitions by title that have every word.

    A definition with all words in its title comes first.  Capitals make no difference.
    """
    parts = query.lower().split()

    def has_all(text: str) -> bool:
        return all(part in text.lower() for part in parts)

    items = [item.strip() for item in f"\n{terms}".split("\n- ") if item.strip()]
    found = {title: text for title, text in definitions.items() if has_all(f"{title} {text}")}
    ordered = sorted(found, key=lambda title: not has_all(title))
    return [item for item in items if has_all(item)], {title: found[title] for title in ordered}


def _list_definitions(session: access.Session, figures: Mapping[str, str]) -> dict[str, str]:
    """Return the definitions by title, without those of data that the school does not keep."""
    plain = read.list_plain_marts().values()
    off = {mart.name for mart in plain if not session.has_table(read.get_plain_table(mart))}
    known = {
        name: words.say(text, session.home_of)
        for name, text in read.list_definitions().items()
        if name not in off
    }
    return words.list_definitions(known, figures)


def render() -> None:
    """Draw the page: a search, and below it each part folded under its title."""
    session = tab.enter("help")
    components.render_title("help", words.PAGES["help"])
    home_of = session.home_of
    texts = {name: words.say(text, home_of) for name, text in words.TEXTS["help"].items()}
    figures = rules.list_figures(read.fetch_thresholds(session))
    terms = rules.fill(texts["terms"], figures)
    definitions = _list_definitions(session, figures)
    query = st.text_input("Find a word or a figure", live=True, max_chars=40).strip()
    if query:
        _render_found(query, terms, definitions)
        return
    st.markdown(texts["about"])
    with st.expander("What each page is for", expanded=True):
        pages = [page for page in words.PURPOSES if session.is_allowed(page)]
        purposes = {words.PAGES[page]: words.PURPOSES[page] for page in pages}
        for question in list_questions(session):
            purposes[question.title] = question.purpose
        st.markdown("\n".join(f"- **{title}**: {text}" for title, text in purposes.items()))
    with st.expander("Zero, not recorded and hidden"):
        st.markdown(texts["missing"])
    with st.expander("Words we use"):
        st.markdown(terms)
    with st.expander("What is not tracked"):
        st.markdown(texts["untracked"])
        st.markdown("\n".join(f"- {line}" for line in rules.list_untracked()))
    with st.expander("Who can see what"):
        st.markdown(texts["access"])
        table = tables.tabulate_access(roles.list_roles(home_of))
        components.render_table(table, alt="Roles and the pages that they see")
    with st.expander("Attendance codes"):
        st.markdown(texts["codes"])
        codes = words.tabulate_codes(session.as_at)
        components.render_table(codes, alt="Attendance codes and what each counts as")
    with st.expander("How each number is made"):
        st.markdown(
            "\n\n".join(f"**{key}**  \n{_break_lines(text)}" for key, text in definitions.items())
        )
    with st.expander("Accessibility"):
        st.markdown(texts["accessibility"])
    components.render_small_text(f"{words.APP}, lac-monitor {words.get_version()}.")
