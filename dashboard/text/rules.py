"""Rules in words: a share, a time or a reason, wherever a text has a figure.

A text names the row of a figure in braces, `{persistent_absence}`, and `fill` replaces it with
the figure of the row. So a changed row changes every page. The rows are those of the package:
a store that others made is not opened.
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

#: The reason about duties for which the school asks others.
_ASKS = "waits_on_others"
#: The reason that includes earlier terms.
_TERMS = "tenth_again"
#: In `answered_by`: an action of any kind.
_ANY_KIND = "any"
#: How a reason about missed sessions begins.
_MISSED = "missed "
#: Replaces the figure of a rule that did not apply on the day.
_NOT_SET = "(not set on that day)"
#: Deadlines without a date for each child, but which pages and leavers' files mention.
_MENTIONED_WITHOUT_A_DATE = (
    "CP_FILE_TRANSFER",
    "PREMIUM_SPEND",
    "PUPIL_RECORD_TRANSFER",
    "SUSPENSION_LIMIT",
)


def format_share(share: float) -> str:
    """Return a share of sessions in per cent, never rounded: "10%", "7.5%"."""
    return f"{share * 100:g}%"


def format_share_of_sessions(share: float) -> str:
    """Return the same for a sentence: "10% of sessions"."""
    return f"{format_share(share)} of sessions"


def describe_persistent(share: float) -> str:
    """Describe persistent absence: "missed 10% of sessions or more"."""
    return f"missed {format_share_of_sessions(share)} or more"


def format_deadline(rule: str) -> str:
    """Return the time in a row of deadline.csv: "12 months", "20 working days"."""
    return _format_deadline(get_deadline(rule))


def get_deadline(rule: str) -> Row:
    """Return a row of deadline.csv with its amount as a number, or raise ValueError without one."""
    (row,) = (row for row in reference.read("deadline").to_dicts() if row["rule"] == rule)
    return {**row, "amount": int(row["amount"])}


def list_untracked() -> list[str]:
    """Return the deadlines that nothing follows up, with the time and the holder of each."""
    rows = reference.read("deadline").filter(
        ~pl.col("is_tracked"), ~pl.col("rule").is_in(_MENTIONED_WITHOUT_A_DATE)
    )
    return [
        f"{row['name']}: {_format_deadline(row)} ({words.HOLDERS_BRIEFLY[row['holder']]})"
        for row in rows.to_dicts()
    ]


@recall.share
def fetch_figures(session: access.Session) -> Mapping[str, str]:
    """Return `list_figures` on the day of a session."""
    return list_figures(read.fetch_thresholds(session))


def list_figures(thresholds: Mapping[str, float]) -> dict[str, str]:
    """Return the words of each figure, by the name of its row in threshold.csv or deadline.csv.

    A share has a second name, `persistent_absence_sessions`, for "10% of sessions". `thresholds`
    are the values on the day from `read.fetch_thresholds`. If a rule did not apply on that day,
    its words say so.
    """
    deadlines = reference.read("deadline").to_dicts()
    figures = {row["rule"]: _format_deadline(row) for row in deadlines}
    for row in reference.read("threshold").to_dicts():
        name, value = row["name"], thresholds.get(row["name"])
        figures[name] = _NOT_SET if value is None else _format_threshold(value, row["unit"])
        if row["unit"] == "share":
            figures[f"{name}_sessions"] = (
                _NOT_SET if value is None else format_share_of_sessions(value)
            )
    return figures


def fill(text: str, figures: Mapping[str, object]) -> str:
    """Replace each name in braces with the words of its figure, or raise KeyError without one."""
    return text.format_map(figures)


def add_reasons(looks: pl.DataFrame, figures: Mapping[str, str], as_at: date) -> pl.DataFrame:
    """Add the `reason` in words to rows of needs_a_look, next to its figures."""
    rule_of = {row["rule"]: row for row in reference.read("look").to_dicts()}

    def describe(row: Row) -> str:
        rule = rule_of[row["rule"]]
        rule_figures = _list_own_figures(rule, figures)
        return fill(rule["reason"], {**rule_figures, **_list_row_figures(row, as_at)})

    reasons = [describe(row) for row in looks.to_dicts()]
    return looks.with_columns(reason=pl.Series(reasons, dtype=pl.String))


@recall.share
def fetch_reasons(session: access.Session, *, with_protection: bool = False) -> pl.DataFrame:
    """Fetch needs_a_look by year group and handle, with each reason and its figures in words.

    A reason is left out if the role does not see its data, or sees none of its duties. Otherwise
    it names only the duties that the role sees. `with_protection` adds reasons of child protection
    from every_look, for the safeguarding lead only.
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
    """Keep the duties that the role sees, and drop reasons that have only others."""
    visible = session.select_visible(reference.read("deadline"))["rule"].to_list()
    named = pl.col("duties").str.split(" ").list.filter(pl.element().is_in(visible))
    return (
        looks.lazy()
        .with_columns(duties=named.list.join(" "))
        .filter(pl.col("duties").is_null() | (pl.col("duties") != ""))
        .collect()
    )


def select_reasons(rows: Iterable[Row]) -> list[str]:
    """Return a child's reasons for one line, without repeats, from rows of `add_reasons`.

    A reason with the same figures as a later one is left out. The reason of earlier terms is last.
    """
    row_of = {
        (row["figure"], row["base"]) if row["base"] else index: row
        for index, row in enumerate(rows)
    }
    return [row["reason"] for row in sorted(row_of.values(), key=lambda row: row["rule"] == _TERMS)]


def list_reason_parts(reasons: Iterable[str]) -> list[str]:
    """Split a child's reasons into parts of a line, which says "missed" only once."""
    texts = list(reasons)
    missed = [text.removeprefix(_MISSED) for text in texts if text.startswith(_MISSED)]
    others = [text for text in texts if not text.startswith(_MISSED)]
    parts = [*(f", {text}" for text in missed), *(f"; {text}" for text in others)]
    first = f"{_MISSED if missed else ''}{parts[0][2:]}" if parts else ""
    return [words.capitalise(first), *parts[1:]]


_INFORMANTS = {"carer": "carer's", "teacher": "teacher's", "self": "child's own"}


def _list_row_figures(row: Row, as_at: date) -> Row:
    """Return the row of a reason, with words for the values in it that are not null."""
    figures = {**row, "sessions": words.format_count(row["figure"], "session")}
    if row["duties"]:
        figures["duties"] = describe_duties(row["duties"], is_asking=row["rule"] == _ASKS)
    if row["days"]:
        figures["days"] = words.format_count(row["days"], "day")
    if row["weekday"]:
        figures["weekday"] = calendar.day_name[row["weekday"] - 1]
    if row.get("informant"):
        figures["informant"] = _INFORMANTS[row["informant"]]
        figures["total"] = row["base"] + row["figure"]
    if row["changed_on"]:
        figures["day"] = words.format_near_day(row["changed_on"], as_at)
    return figures


def describe_duties(rules: str, *, is_asking: bool) -> str:
    """Name the duties of a reason, and whom to ask for each if others must act."""
    rows = [get_deadline(rule) for rule in rules.split()]
    if not is_asking:
        return words.format_list([row["name"] for row in rows])
    asked = [f"{row['name']} (ask {words.HOLDERS[row['holder']]})" for row in rows]
    return words.format_list(asked)


@dataclass(frozen=True)
class OpenReason:
    """An open reason of a child, and the kinds of action that answer it.

    If `is_closed_by_record`, no action closes it: it stays until the record shows that it is done.
    """

    rule: str
    text: str
    answered_by: tuple[str, ...]
    is_closed_by_record: bool

    def is_answered_by(self, kind: str) -> bool:
        """Return whether an action of a kind answers this reason, if nobody says otherwise."""
        return kind in self.answered_by or _ANY_KIND in self.answered_by


def list_open_reasons(
    session: access.Session, pupil_id: str, *, with_closed: bool = False
) -> list[OpenReason]:
    """Return the open reasons of a child, in the order of the page.

    `with_closed` adds those that an action has closed, for a person who corrects that action.
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
    """Describe the rule of a reason, a row of look.csv: whom it lists, its source, what to do."""
    known = _list_own_figures(rule, figures)
    is_said = not rule["window_unit"] or "{window}" in rule["lists"]
    over = "" if is_said else f" The rule looks back over {known['window']}."
    basis = "This is a national rule." if rule["is_verified"] else "This is your school's own rule."
    return (
        f"{words.capitalise(fill(rule['name'], known))}: {fill(rule['lists'], known)}.{over} "
        f"{basis} {format_advice(rule, figures)}"
    )


def format_advice(rule: Row, figures: Mapping[str, str]) -> str:
    """Say what a school does next about a reason, a row of look.csv."""
    return f"Next: {fill(rule['advice'], _list_own_figures(rule, figures))}"


def list_advice(session: access.Session, looks: pl.DataFrame) -> list[tuple[str, str]]:
    """Return each reason of `fetch_reasons` with what to do next, in the words of the home."""
    rule_of = {row["rule"]: row for row in read.load_attention_rules().to_dicts()}
    figures = fetch_figures(session)
    rows = (
        (row["reason"], format_advice(rule_of[row["rule"]], figures)) for row in looks.to_dicts()
    )
    return [(words.capitalise(text), words.say(advice, session.home_of)) for text, advice in rows]


def _format_threshold(value: float, unit: str) -> str:
    if unit == "share":
        return format_share(value)
    if unit == "year group":
        return words.format_year_group(int(value))
    return words.format_count(int(value), unit)


def _format_deadline(row: Row) -> str:
    return words.format_count(int(row["amount"]), row["unit"].removesuffix("s"))


def _list_own_figures(rule: Row, figures: Mapping[str, str]) -> dict[str, str]:
    """List the figures for a text of look.csv: its window and threshold, and other rules'."""
    rule_figures = {**figures, "threshold": rule["threshold"]}
    if rule["window_unit"]:
        rule_figures["window"] = words.format_count(int(rule["window"]), rule["window_unit"])
    return rule_figures
