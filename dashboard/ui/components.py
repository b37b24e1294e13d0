"""Parts that pages share: notices, a figure with its table, files to download, filters."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import polars as pl
import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from dashboard.charts.figure import Figure
from dashboard.questions.caseloads import NO_PLACE
from dashboard.questions.catalogue import list_questions
from dashboard.report.content import model
from dashboard.server import downloads
from dashboard.text import words
from dashboard.ui import sign_in_form, tab
from dashboard.ui.markdown import escape
from queries import read
from safeguards.access import access, recall, roles

#: Children looked after by the home's own authority or another, for a home of many schools.
_LOOKED_AFTER = {True: "Looked after by us", False: "Looked after by another authority"}
#: The query parameter that holds the chosen places, and the keys of the same choice, of the choice
#: that the page shows, and of the field in the session state.
PLACES = "of"
_CHOSEN_PLACES, _SHOWN_PLACES, _PLACES_KEY = "places", "places-shown", "place-names"
#: A title names so many places of a kind, and counts more.
_MOST_NAMED = 3
#: The most children in a chart, in a home of many schools.
_MOST_DRAWN = 30

#: The most rows of a check on the screen. A broken export can have thousands.
MAX_TABLE_ROWS = 40


_WHO_DECIDES = "The safeguarding lead decides who has which role."


def render_no_pages(role: str) -> None:
    """Draw the calm page for a role without any page."""
    st.title("There is nothing here for this role", anchor=False)
    st.markdown(
        f"Your role: {words.format_roles(role)}. "
        "It has no page in the dashboard, and nothing is wrong."
    )
    text = (
        "These pages are for people who work with these children, the Headteacher and the "
        f"business manager. {_WHO_DECIDES}"
    )
    st.markdown(words.say(text, tab.open_session().home_of))


def render_not_for_role(role: str, title: str) -> None:
    """Say that the role does not have the page at this address, and which roles do."""
    st.title("This page is not for your role", anchor=False)
    home_of = tab.open_session().home_of
    having = [
        words.ROLES[other]
        for other in roles.list_roles(home_of)
        if any(words.PAGES.get(page) == title for page in roles.list_pages(other))
    ]
    text = f"Roles with this page: {words.format_list(having) or 'none'}. {_WHO_DECIDES}"
    st.markdown(f"Your role: {words.format_roles(role)}. {words.say(text, home_of)}")
    st.markdown("Nothing is wrong. Choose another page in the menu.")


def render_calm(name: str) -> None:
    """Draw a calm text in place of a page. The terminal shows the reason."""
    texts = words.TEXTS["calm"][name]
    st.title(texts["title"], anchor=False)
    st.markdown(texts["text"])


def render_title(page: str, text: str, place: DeltaGenerator | None = None) -> None:
    """Draw the title of a page, and next to it what the page is for."""
    (place or st).title(text, anchor=False, help=words.PURPOSES[page])


@cache
def get_page(page: str) -> StreamlitPage:
    """Return a page with its address, for links and clicks."""
    return st.Page(lambda: None, title=page, url_path=page)


def render_page_link(page: str, label: str, **filters: str) -> None:
    """Draw a link to a page that the role has, with these filters on."""
    st.page_link(get_page(page), label=label, query_params=filters)


def render_without_place(session: access.Session, own: read.Own) -> None:
    """Link to the children in care without a school, whom no list by school shows."""
    if NO_PLACE in list_questions(session):
        number = read.select_own(read.fetch_without_place(session), own).height
        has = words.pluralise(number, "has")
        if number > 0:
            text = f"{words.format_count(number, 'child')} {has} no school place"
            render_page_link(NO_PLACE.address, words.capitalise(text))


def render_notice(title: str, text: str) -> None:
    """Draw an empty state: what is true, why, and the next step."""
    st.header(title, anchor=False)
    st.markdown(text)


def render_small_text(text: str) -> None:
    """Draw small text in full colour, since the grey of st.caption is too pale to read."""
    st.markdown(f":small[{text}]")


def render_figure(figure: Figure, key: str) -> None:
    """Draw a chart under its finding, or the same facts as a table."""
    st.header(escape(figure.title), anchor=False)
    with st.container(key=f"about-{key}", horizontal=True):
        render_small_text(escape(figure.subtitle))
        is_table = st.toggle("Show as table", key=f"{key}-table")
    if is_table:
        render_table(figure.table, alt=figure.title)
    else:
        spec = figure.build_spec(is_dark=st.context.theme.type == "dark")
        st.vega_lite_chart(spec=spec, alt=figure.alt_text, theme=None)


def render_table(rows: pl.DataFrame, alt: str) -> None:
    """Draw a table, which is read row by row."""
    render_listing(rows.columns, rows.iter_rows(), "wrapped", alt)


def render_cards(rows: pl.DataFrame, alt: str = "") -> None:
    """Draw the first rows of a table, each of which is a card on a phone."""
    render_cut(rows.height, MAX_TABLE_ROWS)
    render_listing(rows.columns, rows.head(MAX_TABLE_ROWS).iter_rows(), "cards", alt)


def render_cut(number: int, most: int) -> None:
    """Say that only the first rows are shown, if there are more than `most`."""
    if number > most:
        render_small_text(f"The first {most} of {words.format_count(number, 'row')}.")


def render_download(
    session: downloads.Taker,
    page: str,
    label: str,
    prepare: Callable[[], Callable[[], bytes]],
    *,
    name: str,
    disabled: bool = False,
    child: str | None = None,
) -> None:
    """Draw a button that makes a file, and then the link that saves it once.

    A real home asks for a recent sign-in. `prepare` gathers the content at the click. `child` is
    the child whom the file is about (pupil_id), for the log.
    """
    if not (disabled or sign_in_form.ensure_fresh_sign_in(session, f"to take {name}")):
        return
    if st.button(label, disabled=disabled, key=f"make-{name}"):
        render_download_link(session, page, prepare(), name=name, child=child)


def render_download_link(
    session: downloads.Taker,
    page: str,
    make: Callable[[], bytes],
    *,
    name: str,
    child: str | None = None,
    label: str = "",
) -> None:
    """Draw the link that saves a file once. The caller has checked that the person may have it.

    `label` is the text of a link among several. Then the caller explains them.
    """
    address = downloads.OFFERS.offer(
        session, page, make, name=name, visitor=tab.read_visitor_cookie(), child=child
    )
    st.link_button(label or f"Save {name}", address, type="primary")
    if not label:
        render_small_text("Download within one minute. The link works once.")


def render_style() -> None:
    """Add the style sheet of all pages."""
    _render_html(_load_style())


@cache
def _load_style() -> Markup:
    text = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    return Markup(f"<style>{text}</style>")  # noqa: S704 - our own file


def render_strip(facts: Iterable[tuple[str, str, str]]) -> None:
    """Draw facts side by side: the name, the fact, and a small line under it."""
    parts = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>").format(
            _explain(what), *map(_hide_shape, fact)
        )
        for what, *fact in facts
    )
    _render_html(Markup('<dl class="strip">{}</dl>').format(parts))


def split_shape(text: str) -> tuple[str, str]:
    """Split a leading shape and its blank, or "", from the words, which say the same."""
    shape, blank, rest = text.partition(" ")
    return (f"{shape} ", rest) if blank and len(shape) == 1 and not shape.isalnum() else ("", text)


def _hide_shape(text: str) -> str:
    """Hide the shape from screen readers."""
    return Markup('<span aria-hidden="true">{}</span>{}').format(*split_shape(text))


def _explain(what: str) -> str:
    """Add the meaning of an abbreviation, which shows on hover."""
    letters, comma, rest = what.partition(",")
    meaning = words.TERMS.get(letters)
    if meaning is None:
        return what
    return Markup('<abbr title="{}">{}</abbr>{}').format(meaning, letters, comma + rest)


def render_listing(
    heads: Iterable[str], rows: Iterable[Iterable[object]], kind: str = "", alt: str = ""
) -> None:
    """Draw a plain table of texts, read row by row. A wide one has cards on a phone."""
    heads = list(heads)
    top = Markup("").join(Markup('<th scope="col">{}</th>').format(head) for head in heads)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(
                Markup('<td data-label="{}">{}</td>').format(head, cell)
                for head, cell in zip(heads, row, strict=True)
            )
        )
        for row in rows
    )
    _render_html(
        Markup(
            '<table class="listing {}" aria-label="{}">'
            "<thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
        ).format(kind, alt, top, body)
    )


def _render_html(body: Markup) -> None:
    """Draw markup. `Markup` has escaped every text in it."""
    st.html(_Drawn(body))


@dataclass(frozen=True)
class _Drawn:
    """Markup for Streamlit, which does not look for a file of that name."""

    body: Markup

    def _repr_html_(self) -> str:
        return str(self.body)


def render_no_children(session: access.Session, page: str) -> bool:
    """Return whether no child is in any group. Then the page says only that."""
    if not read.fetch_members(session).is_empty():
        return False
    st.title(words.PAGES[page], anchor=False)
    render_notice(
        "No children are on these pages now",
        "Nobody on roll is recorded as looked after, previously looked after, or with a "
        "social worker. If that is wrong, load the care file again. Data check lists the files.",
    )
    return True


def render_no_rows(
    session: access.Session, file_name: str, title: str, shows: str, next_step: str = ""
) -> None:
    """Say that a part is empty: whether its file is missing, and what it would show."""
    files = read.fetch_loaded_files(session)
    is_there = files.filter((pl.col("file_name") == file_name) & ~pl.col("is_refused")).height
    why = "Nothing is recorded by this date."
    if not is_there:
        why = f"The file {escape(file_name)} has not been loaded."
    render_notice(title, f"{why} With it, this shows {shows}. {next_step}".strip())


def describe_protection(session: access.Session) -> dict[str, list[str]]:
    """Return each child's child protection status by pupil_id, for the safeguarding lead only."""
    if "child_protection" not in session.categories:
        return {}
    statuses: dict[str, list[str]] = {}
    for row in read.fetch_child_protection(session).to_dicts():
        start = row["since"]
        since = f"since {words.format_short_day(start)}" if start else f"start {words.NOT_RECORDED}"
        status = words.TEXTS["statuses"][row["status"]]
        statuses.setdefault(row["pupil_id"], []).append(f"{status} {since}")
    return statuses


def render_filters(label: str, options: list[str], key: str) -> list[str]:
    """Draw filters that are kept in the link. No choice means all."""
    chosen: list[str] = st.pills(
        label, options, selection_mode="multi", key=key, bind="query-params", wrap=True
    )
    return chosen


def render_place_choice(session: access.Session) -> read.Own:
    """Return the children (pupil_id) chosen in a home of many schools, or None for all.

    Several schools, advisers, authorities or groups give the children of any of them. A school and
    an adviser give the children of both. The choice stays from page to page, and in the address.
    """
    if session.home_of == "school" or not session.has_category("care"):
        return None
    places, in_address = _list_places(session), tuple(st.query_params.get_all(PLACES))
    if in_address and in_address != st.session_state.get(_SHOWN_PLACES):  # from a link
        st.session_state[_CHOSEN_PLACES] = in_address
    kept = st.session_state.get(_CHOSEN_PLACES, ())
    chosen = tuple(name for name in places if name in kept)  # in order of their kind
    st.session_state[_SHOWN_PLACES] = chosen
    if chosen != in_address:
        st.query_params[PLACES] = chosen
    # set in every run: if bound to the address, it would be lost by going back a page
    st.session_state[_PLACES_KEY] = list(chosen)
    with st.container(key="place"):
        st.multiselect(
            "Only children of",
            list(places),
            key=_PLACES_KEY,
            placeholder="All. Type a school, adviser, authority or group",
            filter_mode="contains",
            select_all=False,
            on_change=_keep_places,
        )
    return _find_own(session, chosen) if chosen else None


def _keep_places() -> None:
    st.session_state[_CHOSEN_PLACES] = tuple(st.session_state[_PLACES_KEY])


def say_too_many(session: access.Session, children: int, subject: str) -> bool:
    """Say that a chart has too many children in a home of many schools, and return whether."""
    if session.home_of == "school" or children <= _MOST_DRAWN:
        return False
    few = words.format_count(_MOST_DRAWN, "child")
    st.markdown(f"Choose a school or group of at most {few} to see each child's {subject}.")
    return True


def say_whose(session: access.Session, title: str) -> str:
    """Return a title after the chosen schools, advisers, authorities and groups."""
    chosen = st.session_state.get(_SHOWN_PLACES, ())
    if session.home_of == "school" or not chosen:
        return title
    places = _list_places(session)
    parts = []
    for kind, group in groupby(chosen, key=lambda name: places[name][0]):
        names = list(group)
        many = words.format_count(len(names), kind)
        parts.append(many if len(names) > _MOST_NAMED else " or ".join(names))
    return f"{', '.join(parts)} · {title}"


@recall.share
def _list_places(session: access.Session) -> dict[str, tuple[str, frozenset[str]]]:
    """Return the places to choose from, by label: the kind, and the children, also former ones.

    Offer no choice for a kind of place of which there is only one.
    """
    members, schools = read.fetch_members(session), read.fetch_school_names(session)
    is_own = session.is_own_authority
    placeless = read.fetch_without_place(session)
    if session.has_category("plans"):
        schools = read.fetch_school_names(session, "former_member") | schools
    cared = members.filter("is_looked_after")
    in_care = pl.concat([rows.select("authority", "pupil_id") for rows in (cared, placeless)])
    places: dict[str, tuple[str, set[str]]] = {
        label: ("group", {child for name, child in in_care.iter_rows() if is_own(name) is ours})
        for ours, label in _LOOKED_AFTER.items()
    }
    for name, column in words.GROUP_COLUMNS.items():
        places[words.GROUPS[name]] = ("group", set(members.filter(column)["pupil_id"]))
    places[words.GROUPS["looked after"]][1].update(placeless["pupil_id"])
    pairs = pl.concat([rows.select("authority", "pupil_id") for rows in (members, placeless)])
    ends = {True: " (our own authority)", False: " (another authority)", None: " (authority)"}
    names = {
        name: f"{name}{ends[is_own(name)]}" for name in sorted(set(pairs["authority"].drop_nulls()))
    }
    for name, pupil_id in pairs.drop_nulls().iter_rows():
        places.setdefault(names[name], ("authority", set()))[1].add(pupil_id)
    for kind, name_of in (("adviser", session.fetch_advisers()), ("school", schools)):
        for pupil_id, name in sorted(name_of.items(), key=lambda item: item[1]):
            label = f"{name} (adviser)" if kind == "adviser" else name
            places.setdefault(label, (kind, set()))[1].add(pupil_id)
    numbers = Counter(kind for kind, _ in places.values())
    return {
        name: (kind, frozenset(pupils))
        for name, (kind, pupils) in places.items()
        if pupils and numbers[kind] > 1
    }


@recall.share
def _find_own(session: access.Session, chosen: tuple[str, ...]) -> frozenset[str]:
    places = _list_places(session)
    groups = [list(names) for _, names in groupby(chosen, key=lambda name: places[name][0])]
    parts = [frozenset.union(*(places[name][1] for name in names)) for names in groups]
    return frozenset.intersection(*parts)


def render_group_choice(session: access.Session) -> str:
    """Return the chosen group, kept in the link. A home of many schools chooses it as a place."""
    names = {label: name for name, label in words.GROUPS.items()}
    names |= dict.fromkeys(_LOOKED_AFTER.values(), "looked after")
    if session.home_of != "school":
        shown = st.session_state.get(_SHOWN_PLACES, ())
        chosen = {names[place] for place in shown if place in names}
        return chosen.pop() if len(chosen) == 1 else "all"
    label = render_choice("Group", list(words.GROUPS.values()), "group", bind=True)
    return names[label]


def render_choice(
    label: str, options: list[str], key: str, *, bind: bool = False, at_first: str = ""
) -> str:
    """Return the chosen option: `at_first` or the first by default. One option needs no choice."""
    if len(options) == 1:
        return options[0]
    chosen: str | None = st.segmented_control(
        label,
        options,
        default=at_first or options[0],
        required=True,
        format_func=words.capitalise,
        key=key,
        bind="query-params" if bind else None,
    )
    return chosen or at_first or options[0]


def render_why_different(session: access.Session) -> None:
    """Explain why a figure may differ from the one in the school's own system."""
    title, text = (words.TEXTS["paragraphs"][key] for key in ("differs", "differs_since"))
    st.subheader(words.say(title, session.home_of), anchor=False)
    st.markdown(words.say(text, session.home_of))


def render_blocks(blocks: Iterable[model.Block], *, has_captions: bool = False) -> None:
    """Draw the blocks of a report or sheet. A row of a wide table is a card on a phone.

    has_captions: whether a table has a caption, and not only a heading.
    """
    for block in blocks:
        match block:
            case model.Heading():
                draw = st.header if block.level == 1 else st.subheader
                draw(escape(block.text), anchor=False)
            case model.Paragraph():
                label = f"**{escape(block.label)}** " if block.label else ""
                st.markdown(f"{label}{escape(block.text)}")
            case model.Question():
                st.markdown(f"> {escape(model.format_question(block))}")
            case model.Bullets():
                st.markdown("\n".join(f"- {escape(item)}" for item in block.texts))
            case model.Table():
                cells = (map(model.format_cell, row) for row in block.rows)
                if has_captions:
                    st.markdown(f"**{escape(block.caption)}**")
                render_listing(block.header, cells, "cards wrapped", block.caption)
                if block.note:
                    render_small_text(escape(block.note))
            case model.Lines():
                height = Markup('<div class="lines" style="height: {}rem"></div>')
                _render_html(height.format(2 * block.number))
