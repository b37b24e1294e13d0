"""The pieces that pages share: notices, a figure with its table twin, files to take, filters."""

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

#: Who is looked after, in a home of many, by whether their authority is its own.
_LOOKED_AFTER = {True: "Looked after by us", False: "Looked after by another authority"}
#: The part of the address with whose children a page is of; as a tab keeps it, what of that its
#: page shows, and the field.
PLACES = "of"
_CHOSEN_PLACES, _SHOWN_PLACES, _PLACES_KEY = "places", "places-shown", "place-names"
#: Of a kind so many are named in a title; more are counted.
_MOST_NAMED = 3
#: Children at most in a picture, in a home of many.
_MOST_DRAWN = 30

#: Rows of a check on the screen; a broken export can have thousands.
MAX_TABLE_ROWS = 40


_WHO_DECIDES = "The safeguarding lead decides who has which role."


def render_no_pages(role: str) -> None:
    """The calm page for a role that has no page of its own."""
    st.title("There is nothing here for this role", anchor=False)
    st.markdown(
        f"Your role: {words.format_roles(role)}. "
        "It has no page in the dashboard, and nothing is wrong."
    )
    told = (
        "These pages are for people who work with these children, the Headteacher and the "
        f"business manager. {_WHO_DECIDES}"
    )
    st.markdown(words.say(told, tab.open_session().home_of))


def render_not_for_role(role: str, title: str) -> None:
    """What stands at the address of a page that the role lacks."""
    st.title("This page is not for your role", anchor=False)
    home_of = tab.open_session().home_of
    having = [
        words.ROLES[each]
        for each in roles.list_roles(home_of)
        if any(words.PAGES.get(page) == title for page in roles.list_pages(each))
    ]
    told = f"Roles with this page: {words.format_list(having) or 'none'}. {_WHO_DECIDES}"
    st.markdown(f"Your role: {words.format_roles(role)}. {words.say(told, home_of)}")
    st.markdown("Nothing is wrong. Choose another page in the menu.")


def render_calm(what: str) -> None:
    """What stands in place of a page; the terminal says why."""
    told = words.TEXTS["calm"][what]
    st.title(told["title"], anchor=False)
    st.markdown(told["text"])


def render_title(page: str, text: str, place: DeltaGenerator | None = None) -> None:
    """The title of a page, and beside it what the page is for."""
    (place or st).title(text, anchor=False, help=words.PURPOSES[page])


@cache
def get_page(page: str) -> StreamlitPage:
    """A page as links and clicks name it: by its address."""
    return st.Page(lambda: None, title=page, url_path=page)


def render_page_link(page: str, label: str, **filters: str) -> None:
    """A link to a page that the role has, with these filters on."""
    st.page_link(get_page(page), label=label, query_params=filters)


def render_without_place(session: access.Session, own: read.Own) -> None:
    """How many children in care have no school, with the link: no list by school has them."""
    if NO_PLACE in list_questions(session):
        number = read.select_own(read.fetch_without_place(session), own).height
        has = words.pluralise(number, "has")
        if told := f"{words.format_count(number, 'child')} {has} no school place" * (number > 0):
            render_page_link(NO_PLACE.address, words.capitalise(told))


def render_notice(title: str, text: str) -> None:
    """An empty state: what is true, why, and the next step."""
    st.header(title, anchor=False)
    st.markdown(text)


def render_small_text(text: str) -> None:
    """Small words in full ink: st.caption's grey is too pale to read."""
    st.markdown(f":small[{text}]")


def render_figure(figure: Figure, key: str) -> None:
    """A chart under its finding, and its table twin on demand."""
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
    """A table, read row by row."""
    render_listing(rows.columns, rows.iter_rows(), "wrapped", alt)


def render_cards(rows: pl.DataFrame, alt: str = "") -> None:
    """A table, each row of which is a card on a phone; a long one is cut, and says so."""
    render_cut(rows.height, MAX_TABLE_ROWS)
    render_listing(rows.columns, rows.head(MAX_TABLE_ROWS).iter_rows(), "cards", alt)


def render_cut(number: int, most: int) -> None:
    """The line above the first of many rows; none where all of them are shown."""
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
    """A button that makes a file ready, and then the link that saves it, once.

    In a real home only who has just signed in takes a file.  prepare: gathers what stands in it,
    at the click.  child: whom it is about (pupil_id), for the log.
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
    """The link that saves a file, once, for who has shown that they may take it.

    label: what it is called, where several stand side by side; what is said of links is then
    the caller's.
    """
    address = downloads.OFFERS.offer(
        session, page, make, name=name, visitor=tab.read_visitor_cookie(), child=child
    )
    st.link_button(label or f"Save {name}", address, type="primary")
    if not label:
        render_small_text("Download within one minute. The link works once.")


def render_style() -> None:
    """The one style sheet of all pages."""
    _render_html(_load_style())


@cache
def _load_style() -> Markup:
    text = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    return Markup(f"<style>{text}</style>")  # noqa: S704 - our own file


def render_strip(facts: Iterable[tuple[str, str, str]]) -> None:
    """Facts side by side: what it is, the fact, and a small line under it."""
    parts = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}<small>{}</small></dd></div>").format(
            _explain(what), *map(_hide_shape, fact)
        )
        for what, *fact in facts
    )
    _render_html(Markup('<dl class="strip">{}</dl>').format(parts))


def split_shape(text: str) -> tuple[str, str]:
    """The shape before words, with its blank, and the words, which say the same; "" for none."""
    shape, blank, told = text.partition(" ")
    return (f"{shape} ", told) if blank and len(shape) == 1 and not shape.isalnum() else ("", text)


def _hide_shape(text: str) -> str:
    """Nobody hears the shape."""
    return Markup('<span aria-hidden="true">{}</span>{}').format(*split_shape(text))


def _explain(what: str) -> str:
    """Letters say on hover what they stand for."""
    letters, comma, rest = what.partition(",")
    meaning = words.TERMS.get(letters)
    if meaning is None:
        return what
    return Markup('<abbr title="{}">{}</abbr>{}').format(meaning, letters, comma + rest)


def render_listing(
    heads: Iterable[str], rows: Iterable[Iterable[object]], kind: str = "", alt: str = ""
) -> None:
    """A plain table of texts, read row by row; on a phone, if it is wide, each row a card."""
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
    """`Markup` has escaped every text that went into it."""
    st.html(_Drawn(body))


@dataclass(frozen=True)
class _Drawn:
    """Markup as Streamlit takes it without a look whether a file is called so."""

    body: Markup

    def _repr_html_(self) -> str:
        return str(self.body)


def render_no_children(session: access.Session, page: str) -> bool:
    """Whether no child is in any of the groups, which is then all that the page says."""
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
    """An empty part: whether its file is missing, and what would stand here with it."""
    files = read.fetch_loaded_files(session)
    is_there = files.filter((pl.col("file_name") == file_name) & ~pl.col("is_refused")).height
    why = "Nothing is recorded by this date."
    if not is_there:
        why = f"The file {escape(file_name)} has not been loaded."
    render_notice(title, f"{why} With it, this shows {shows}. {next_step}".strip())


def describe_protection(session: access.Session) -> dict[str, list[str]]:
    """For the safeguarding lead, what a child is known as, by pupil_id; empty for others."""
    if "child_protection" not in session.categories:
        return {}
    found: dict[str, list[str]] = {}
    for row in read.fetch_child_protection(session).to_dicts():
        start = row["since"]
        since = f"since {words.format_short_day(start)}" if start else f"start {words.NOT_RECORDED}"
        status = words.TEXTS["statuses"][row["status"]]
        found.setdefault(row["pupil_id"], []).append(f"{status} {since}")
    return found


def render_filters(label: str, options: list[str], key: str) -> list[str]:
    """Filters that stay in the link; none chosen means all."""
    chosen: list[str] = st.pills(
        label, options, selection_mode="multi", key=key, bind="query-params", wrap=True
    )
    return chosen


def render_place_choice(session: access.Session) -> read.Own:
    """In a home of many, the children (pupil_id) of whom a page is to be; None for all.

    Of several schools, advisers, authorities or groups those of any; of a school and an adviser
    those of both.  The choice goes along from page to page, and stands in the address.
    """
    if session.home_of == "school" or not session.has_category("care"):
        return None
    places, asked = _list_places(session), tuple(st.query_params.get_all(PLACES))
    if asked and asked != st.session_state.get(_SHOWN_PLACES):  # by a link
        st.session_state[_CHOSEN_PLACES] = asked
    kept = st.session_state.get(_CHOSEN_PLACES, ())
    chosen = tuple(each for each in places if each in kept)  # those of a kind side by side
    st.session_state[_SHOWN_PLACES] = chosen
    if chosen != asked:
        st.query_params[PLACES] = chosen
    # set at each run: bound to the address by itself, it is lost by who goes back a page
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


def say_too_many(session: access.Session, children: int, what: str) -> bool:
    """Whether a picture with a row a child is too long, in a home of many; then it says so."""
    if session.home_of == "school" or children <= _MOST_DRAWN:
        return False
    few = words.format_count(_MOST_DRAWN, "child")
    st.markdown(f"Choose a school or group of at most {few} to see each child's {what}.")
    return True


def say_whose(session: access.Session, title: str) -> str:
    """A title, after the schools, advisers, authorities and groups of whose children it tells."""
    chosen = st.session_state.get(_SHOWN_PLACES, ())
    if session.home_of == "school" or not chosen:
        return title
    places = _list_places(session)
    told = []
    for kind, of in groupby(chosen, key=lambda each: places[each][0]):
        names = list(of)
        many = words.format_count(len(names), kind)
        told.append(many if len(names) > _MOST_NAMED else " or ".join(names))
    return f"{', '.join(told)} · {title}"


@recall.share
def _list_places(session: access.Session) -> dict[str, tuple[str, frozenset[str]]]:
    """By what it is called, what can be chosen: its kind, and its children, former ones too.

    Of a kind of which there is only one nothing is to be chosen.
    """
    members, schools = read.fetch_members(session), read.fetch_school_names(session)
    is_own = session.is_own_authority
    placeless = read.fetch_without_place(session)
    if session.has_category("plans"):
        schools = read.fetch_school_names(session, "former_member") | schools
    cared = members.filter("is_looked_after")
    in_care = pl.concat([each.select("authority", "pupil_id") for each in (cared, placeless)])
    found: dict[str, tuple[str, set[str]]] = {
        label: ("group", {child for of, child in in_care.iter_rows() if is_own(of) is ours})
        for ours, label in _LOOKED_AFTER.items()
    }
    for name, column in words.GROUP_COLUMNS.items():
        found[words.GROUPS[name]] = ("group", set(members.filter(column)["pupil_id"]))
    found[words.GROUPS["looked after"]][1].update(placeless["pupil_id"])
    whose = pl.concat([each.select("authority", "pupil_id") for each in (members, placeless)])
    told = {True: " (our own authority)", False: " (another authority)", None: " (authority)"}
    names = {
        name: f"{name}{told[is_own(name)]}" for name in sorted(set(whose["authority"].drop_nulls()))
    }
    for name, pupil_id in whose.drop_nulls().iter_rows():
        found.setdefault(names[name], ("authority", set()))[1].add(pupil_id)
    for kind, of in (("adviser", session.fetch_advisers()), ("school", schools)):
        for pupil_id, name in sorted(of.items(), key=lambda each: each[1]):
            label = f"{name} (adviser)" if kind == "adviser" else name
            found.setdefault(label, (kind, set()))[1].add(pupil_id)
    numbers = Counter(kind for kind, _ in found.values())
    return {
        name: (kind, frozenset(own))
        for name, (kind, own) in found.items()
        if own and numbers[kind] > 1
    }


@recall.share
def _find_own(session: access.Session, chosen: tuple[str, ...]) -> frozenset[str]:
    places = _list_places(session)
    told = [list(of) for _, of in groupby(chosen, key=lambda each: places[each][0])]
    parts = [frozenset.union(*(places[each][1] for each in of)) for of in told]
    return frozenset.intersection(*parts)


def render_group_choice(session: access.Session) -> str:
    """One group of children, kept in the link; in a home of many it is chosen with the places."""
    names = {label: name for name, label in words.GROUPS.items()}
    names |= dict.fromkeys(_LOOKED_AFTER.values(), "looked after")
    if session.home_of != "school":
        shown = st.session_state.get(_SHOWN_PLACES, ())
        chosen = {names[each] for each in shown if each in names}
        return chosen.pop() if len(chosen) == 1 else "all"
    label = render_choice("Group", list(words.GROUPS.values()), "group", bind=True)
    return names[label]


def render_choice(
    label: str, options: list[str], key: str, *, bind: bool = False, at_first: str = ""
) -> str:
    """One of a few options, `at_first` or the first unless another is chosen; one is not asked."""
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
    """Why a figure here may not be that of the school's own system."""
    title, told = (words.TEXTS["paragraphs"][each] for each in ("differs", "differs_since"))
    st.subheader(words.say(title, session.home_of), anchor=False)
    st.markdown(words.say(told, session.home_of))


def render_blocks(blocks: Iterable[model.Block], *, has_captions: bool = False) -> None:
    """Draw the blocks of a report or a sheet; on a phone a row of a wide table is a card.

    has_captions: whether a table stands under its caption, and not only under a heading.
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
