"""Requests: what families asked for about a child's data, by when, and what to do."""

import polars as pl
import streamlit as st

from dashboard.text import words
from dashboard.ui import components, tab
from dashboard.ui.markdown import escape
from safeguards.errors import SafeguardsError
from safeguards.keys.keys import Keys
from stewardship.registers.requests import Register

_FACT = (
    'lac fact --handle "copper lantern" --file <file> --set <column>=<value> '
    "--source <where> --corrects <entry>"
)

#: Each kind of request in words, and its commands in their order.
KINDS = {
    "access": (
        "Somebody asks to see a child's data",
        "Make a draft, look at what is marked in it, then hand it over.",
        ('lac rights access "copper lantern" --out to-check.zip',),
    ),
    "rectify": (
        "Somebody asks to put something right",
        "Type the right fact in place of the old one, then close the request with it.",
        (_FACT, "lac rights rectify <request> --entry <entry>"),
    ),
    "erase": (
        "Somebody asks to erase a child's data",
        "See what would go. Nothing is erased before you say so with --erase.",
        ('lac rights erase "copper lantern"', 'lac rights erase "copper lantern" --erase'),
    ),
    "restrict": (
        "Somebody asks to keep a child's data but not use them",
        "The child leaves every page but the safeguarding lead's, until the restriction is lifted.",
        ('lac rights restrict "copper lantern"', 'lac rights release "copper lantern"'),
    ),
    "object": (
        "Somebody objects to a use of a child's data",
        "The child leaves reports and figures about groups. Pages for their own support stay.",
        ('lac rights object "copper lantern"', 'lac rights object "copper lantern" --lift'),
    ),
}

#: What comes first, and what comes last, whatever the kind.
FIRST = (
    'lac rights open "copper lantern" --kind <kind> --from <who> --received <day>',
    "lac rights identify <request> --identity <how>",
)
LAST = (
    "lac rights extend <request> --because <why>",
    "lac rights close <request> --decision <decision>",
)


def render() -> None:
    """Draw the page."""
    session = tab.enter("rights")
    try:
        keys = Keys.load(session.home)
        register = Register.open(session.home, keys)
    except SafeguardsError as error:
        st.title(words.PAGES["rights"], anchor=False)
        st.error(escape(str(error)))
        return
    waiting = sorted(
        (each for each in register.list_all() if each.is_open),
        key=lambda each: (each.due_on, each.request_id),
    )
    components.render_title(
        "rights",
        f"{words.capitalise(words.format_count(len(waiting), 'open request'))}"
        if waiting
        else "No request is open",
    )
    if waiting:
        table = pl.DataFrame(
            {
                "Last day": [words.format_table_day(each.due_on) for each in waiting],
                "What": [words.capitalise(each.kind) for each in waiting],
                "Asked by": [words.capitalise(each.requester) for each in waiting],
                "Received": [words.format_table_day(each.received_on) for each in waiting],
                "Who asks": [
                    "checked" if each.identity_checked else "to be checked" for each in waiting
                ],
                "Request": [each.request_id for each in waiting],
            }
        )
        components.render_table(table, alt="Open requests, the one that is due first on top")
    st.markdown(
        "The law gives one calendar month. It can be put off once, with a reason. "
        "No name stands here: the commands ask for the number of the request."
    )
    st.header("What to do", anchor=False)
    st.markdown(
        "These are commands for the terminal of the computer that runs these pages. Write the "
        "child's own code in place of copper lantern."
    )
    st.markdown("**When a request comes in:** register it the same day, and check who asks.")
    st.code("\n".join(FIRST), language=None)
    for kind, (title, text, lines) in KINDS.items():
        with st.expander(f"{title} ({kind})", expanded=any(each.kind == kind for each in waiting)):
            st.markdown(text)
            st.code("\n".join(lines), language=None)
    st.markdown("**At the end:** decide, and tell the person who asked.")
    st.code("\n".join(LAST), language=None)
