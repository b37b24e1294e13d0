"""What the rows of rules say in words: a share, a time, a reason, wherever a text has a figure.

A text with a figure in it names the row in braces, `{persistent_absence}`, and `fill` puts the
row's own figure there; so another figure in the row is another one on every page.  The rows
are those of the package: a store that was made by others is not opened.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from dashboard.text import words
from queries import read, reference
from queries.read import Row
from safeguards.access import access, recall

#: The reason of which others are asked.
_ASKS = "waits_on_others"
#: The reason that earlier terms are part of.
_TERMS = "tenth_again"
#: In `answered_by`: an action of any kind.
_ANY_KIND = "any"
#: How reasons begin that are about missed sessions.
_MISSED = "missed "
#: Of a rule that did not hold on the day.
_NOT_SET = "(not set on that day)"
#: Deadlines that no date is worked out for, but that pages and leavers' files do tell of.
_TOLD_WITHOUT_A_DATE = (
    "CP_FILE_TRANSFER",
    "PREMIUM_SPEND",
    "PUPIL_RECORD_TRANSFER",
    "SUSPENSION_LIMIT",
)


def format_share(share: float) -> str:
    """A share of sessions in per cent, never rounded: "10%", "7.5%"."""
    return f"{share * 100:g}%"


def format_share_of_sessions(share: float) -> str:
    """The same in a sentence: "10% of sessions"."""
    return f"{format_share(share)} of sessions"


def describe_persistent(share: float) -> str:
    """What a child who is persistently absent did: "missed 10% of sessions or more"."""
    return f"missed {format_share_of_sessions(share)} or more"


def format_deadline(rule: str) -> str:
    """The time that a row of deadline.csv gives: "12 months", "20 working days"."""
    return _format_deadline(get_deadline(rule))


def get_deadline(rule: str) -> Row:
    """A row of deadline.csv with its amount as a number; ValueError if there is none."""
    (row,) = (row for row in reference.read("deadline").to_dicts() if row["rule"] == rule)
    return {**row, "amount": int(row["amount"])}


def list_untracked() -> list[str]:
    """Return the deadlines that nothing follows up, with the time and the holder of each."""
    rows = reference.read("deadline").filter(
        ~pl.col("is_tracked"), ~pl.col("rule").is_in(_TOLD_WITHOUT_A_DATE)
    )
    return [
        f"{row['name']}: {_format_deadline(row)} ({words.HOLDERS_BRIEFLY[row['holder']]})"
        for row in rows.to_dicts()
    ]


@recall.share
def fetch_figures(session: access.Session) -> Mapping[str, str]:
    """`list_figures` on the day of a session."""
    return list_figures(read.fetch_thresholds(session))


def list_figures(thresholds: Mapping[str, float]) -> dict[str, str]:
    """The words of each figure by the name of its row, of threshold.csv and deadline.csv.

    A share has a second name, `persistent_absence_sessions`, for "10% of sessions".
    thresholds: the values on the day, as `read.fetch_thresholds` gives them; of a rule that
    did not hold then the words say so.
    """
    deadlines = reference.read("deadline").to_dicts()
    found = {row["rule"]: _format_deadline(row) for row in deadlines}
    for row in reference.read("threshold").to_dicts():
        name, value = row["name"], thresholds.get(row["name"])
        found[name] = _NOT_SET if value is None else _format_threshold(value, row["unit"])
        if row["unit"] == "share":
            found[f"{name}_sessions"] = (
                _NOT_SET if value is None else format_share_of_sessions(value)
            )
    return found


def fill(text: str, figures: Mapping[str, object]) -> str:
    """A text with a figure's words in place of each name in braces; KeyError for no row's name."""
    return text.format_map(figures)


def add_reasons(looks: pl.DataFrame, figures: Mapping[str, str], as_at: date) -> pl.DataFrame:
    """needs_a_look with its `reason` in words, beside the figures that they rest on."""
    rule_of = {row["rule"]: row for row in reference.read("look").to_dicts()}

    def describe(row: Row) -> str:
        rule = rule_of[row["rule"]]
        own = _list_own_figures(rule, figures)
        return fill(rule["reason"], {**own, **_list_row_figures(row, as_at)})

    reasons = [describe(row) for row in looks.to_dicts()]
    return looks.with_columns(reason=pl.Series(reasons, dtype=pl.String))


@recall.share
def fetch_reasons(session: access.Session, *, with_protection: bool = False) -> pl.DataFrame:
    """needs_a_look by year group and handle, each reason in words with the figures of its rule.

    with_protection: those of child protection too, of every_look: safeguarding lead only.

    A reason out of data that the role does not see is not there; nor is one whose duties it
    does not see, and of the others it names those that it does.
    """
    hidden = [
        rule["rule"]
        for rule in read.load_attention_rules().to_dicts()
        if not session.has_category(rule["category"])
    ]
    fetch = read.fetch_lead_reasons if with_protection else read.fetch_attention_reasons
    looks = fetch(session).filter(~pl.col("rule").is_in(hidden))
    looks = select_visible_duties(session, looks)
    return add_reasons(looks, fetch_figures(session), session.as_at)


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


def select_reasons(rows: Iterable[Row]) -> list[str]:
    """A child's reasons for one line, each said once: rows of `add_reasons`.

    One with the same figures as a later one is in that; what earlier terms had comes last.
    """
    told = {
        (row["figure"], row["base"]) if row["base"] else index: row
        for index, row in enumerate(rows)
    }
    return [row["reason"] for row in sorted(told.values(), key=lambda row: row["rule"] == _TERMS)]


def list_reason_parts(reasons: Iterable[str]) -> list[str]:
    """A child's reasons as the parts of one line, where those about missed sessions say it once."""
    told = list(reasons)
    missed = [each.removeprefix(_MISSED) for each in told if each.startswith(_MISSED)]
    others = [each for each in told if not each.startswith(_MISSED)]
    parts = [*(f", {each}" for each in missed), *(f"; {each}" for each in others)]
    first = f"{_MISSED if missed else ''}{parts[0][2:]}" if parts else ""
    return [words.capitalise(first), *parts[1:]]


_INFORMANTS = {"carer": "carer's", "teacher": "teacher's", "self": "child's own"}


def _list_row_figures(row: Row, as_at: date) -> Row:
    """What a reason may name of its row of needs_a_look; what is null there is not named."""
    found = {**row, "sessions": words.format_count(row["figure"], "session")}
    if row["duties"]:
        found["duties"] = describe_duties(row["duties"], is_asking=row["rule"] == _ASKS)
    if row["days"]:
        found["days"] = words.format_count(row["days"], "day")
    if row["weekday"]:
        found["weekday"] = calendar.day_name[row["weekday"] - 1]
    if row.get("informant"):
        found["informant"] = _INFORMANTS[row["informant"]]
        found["total"] = row["base"] + row["figure"]
    if row["changed_on"]:
        found["day"] = words.format_near_day(row["changed_on"], as_at)
    return found


def describe_duties(named: str, *, is_asking: bool) -> str:
    """The duties of a reason by what they are, each with whom to ask where others hold it."""
    rows = [get_deadline(rule) for rule in named.split()]
    if not is_asking:
        return words.format_list([row["name"] for row in rows])
    asked = [f"{row['name']} (ask {words.HOLDERS[row['holder']]})" for row in rows]
    return words.format_list(asked)


@dataclass(frozen=True)
class OpenReason:
    """A reason that stands for a child, and which kinds of action answer it.

    is_closed_by_record: no action closes it; it stays until the record says that it is done.
    """

    rule: str
    text: str
    answered_by: tuple[str, ...]
    is_closed_by_record: bool

    def is_answered_by(self, kind: str) -> bool:
        """Return whether an action of a kind is about this reason, if nobody says otherwise."""
        return kind in self.answered_by or _ANY_KIND in self.answered_by


def list_open_reasons(
    session: access.Session, pupil_id: str, *, with_closed: bool = False
) -> list[OpenReason]:
    """Return the reasons of a child that are open, in the order of the page.

    with_closed: those as well that an action has closed, for whoever corrects that action.
    """
    rule_of = {row["rule"]: row for row in reference.read("look").to_dicts()}
    return [
        OpenReason(
            row["rule"],
            words.capitalise(row["reason"]),
            tuple((rule_of[row["rule"]]["answered_by"] or "").split("|")),
            rule_of[row["rule"]]["is_closed_by_record"],
        )
        for row in fetch_reasons(session).filter(pupil_id=pupil_id).to_dicts()
        if with_closed or not row["is_closed"]
    ]


def describe_rule(rule: Row, figures: Mapping[str, str]) -> str:
    """The rule behind a reason, a row of look.csv: what it lists, what to do, whose it is."""
    own = _list_own_figures(rule, figures)
    is_said = not rule["window_unit"] or "{window}" in rule["lists"]
    over = "" if is_said else f" The rule looks back over {own['window']}."
    whose = "This is a national rule." if rule["is_verified"] else "This is your school's own rule."
    return (
        f"{words.capitalise(fill(rule['name'], own))}: {fill(rule['lists'], own)}.{over} "
        f"{whose} {format_advice(rule, figures)}"
    )


def format_advice(rule: Row, figures: Mapping[str, str]) -> str:
    """What a school does next about a reason, a row of look.csv."""
    return f"Next: {fill(rule['advice'], _list_own_figures(rule, figures))}"


def list_advice(session: access.Session, looks: pl.DataFrame) -> list[tuple[str, str]]:
    """Each reason of `fetch_reasons`, with what is to do next in the words of the home."""
    rule_of = {row["rule"]: row for row in read.load_attention_rules().to_dicts()}
    figures = fetch_figures(session)
    told = (
        (row["reason"], format_advice(rule_of[row["rule"]], figures)) for row in looks.to_dicts()
    )
    return [(words.capitalise(why), words.say(advice, session.home_of)) for why, advice in told]


def _format_threshold(value: float, unit: str) -> str:
    if unit == "share":
        return format_share(value)
    if unit == "year group":
        return words.format_year_group(int(value))
    return words.format_count(int(value), unit)


def _format_deadline(row: Row) -> str:
    return words.format_count(int(row["amount"]), row["unit"].removesuffix("s"))


def _list_own_figures(rule: Row, figures: Mapping[str, str]) -> dict[str, str]:
    """What a text of look.csv may name: its own window and threshold, and any other rule's."""
    own = {**figures, "threshold": rule["threshold"]}
    if rule["window_unit"]:
        own["window"] = words.format_count(int(rule["window"]), rule["window_unit"])
    return own
