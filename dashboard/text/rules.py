"""What the rows of rules say in words: a share, a time, a reason, wherever a text has a figure.

A text with a figure in it names the row in braces, `{persistent_absence}`, and `fill` puts the
row's own figure there; so another figure in the row is another one on every page.  The rows
are those of the package: a store that was made by others is not opened.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from dashboard.text import words
from queries import reference

Row = dict[str, Any]

#: Of so many a share is told, the smallest first that makes a whole number of it.
_WHOLES = (10, 100, 1_000, 10_000)
#: Of a rule that did not hold on the day.
#: The reason of which others are asked.
_ASKS = "waits_on_others"
_NOT_SET = "(not set on that day)"


def format_ratio(share: float, noun: str = "") -> str:
    """A share, 0 to 1, as so many in so many: "1 in 10", "8 in 100", "1 session in 10"."""
    part, whole = _split(share)
    counted = words.format_count(part, noun) if noun else f"{part:,}"
    return f"{counted} in {whole:,}"


def format_share(share: float) -> str:
    """A share of sessions beside an axis in per cent: "10%", "7.5%"."""
    return f"{share * 100:g}%"


def describe_persistent(share: float) -> str:
    """What a child who is persistently absent did: "missed 1 session in 10 or more"."""
    return f"missed {format_ratio(share, 'session')} or more"


def describe_not_persistent(share: float) -> str:
    """What any other child did: "missed less than 1 session in 10"."""
    less = "less" if _split(share)[0] == 1 else "fewer"
    return f"missed {less} than {format_ratio(share, 'session')}"


def format_deadline(rule: str) -> str:
    """The time that a row of deadline.csv gives: "12 months", "20 working days"."""
    return _format_deadline(get_deadline(rule))


def get_deadline(rule: str) -> Row:
    """A row of deadline.csv with its amount as a number; ValueError if there is none."""
    (row,) = reference.read("deadline").filter(rule=rule).to_dicts()
    return _parse_amount(row)


def list_figures(thresholds: Mapping[str, float]) -> dict[str, str]:
    """The words of each figure by the name of its row, of threshold.csv and deadline.csv.

    A share has a second name, `persistent_absence_sessions`, for "1 session in 10".
    thresholds: the values on the day, as `read.fetch_thresholds` gives them; of a rule that
    did not hold then the words say so.
    """
    deadlines = map(_parse_amount, reference.read("deadline").to_dicts())
    found = {row["rule"]: _format_deadline(row) for row in deadlines}
    for row in reference.read("threshold").to_dicts():
        name, value = row["name"], thresholds.get(row["name"])
        found[name] = _NOT_SET if value is None else _format_threshold(value, row["unit"])
        if row["unit"] == "share":
            found[f"{name}_sessions"] = (
                _NOT_SET if value is None else format_ratio(value, "session")
            )
    return found


def fill(text: str, figures: Mapping[str, object]) -> str:
    """A text with a figure's words in place of each name in braces; KeyError for no row's name."""
    return text.format_map(figures)


def add_reasons(looks: pl.DataFrame, figures: Mapping[str, str]) -> pl.DataFrame:
    """needs_a_look with its `reason` in words, beside the figures that they rest on."""
    rule_of = {row["rule"]: row for row in reference.read("look").to_dicts()}

    def describe(row: Row) -> str:
        rule = rule_of[row["rule"]]
        own = _list_own_figures(rule, figures)
        told = {"figure": row["figure"], "base": row["base"], "duties": ""}
        if row.get("duties"):
            told["duties"] = describe_duties(row["duties"], is_asking=row["rule"] == _ASKS)
        return fill(rule["reason"], {**own, **told})

    reasons = [describe(row) for row in looks.to_dicts()]
    return looks.with_columns(reason=pl.Series(reasons, dtype=pl.String))


def describe_duties(named: str, *, is_asking: bool) -> str:
    """The duties of a reason by what they are, each with whom to ask where others hold it."""
    rows = [get_deadline(rule) for rule in named.split()]
    if not is_asking:
        return words.format_list([row["name"] for row in rows])
    asked = [f"{row['name']} (ask {words.HOLDERS[row['holder']]})" for row in rows]
    return words.format_list(asked)


def describe_rule(rule: Row, figures: Mapping[str, str]) -> str:
    """The rule behind a reason, a row of look.csv: its window, its threshold and whose it is."""
    own = _list_own_figures(rule, figures)
    parts = [f"Rule: {fill(rule['name'], own)}."]
    if rule["window_unit"]:
        parts.append(f"It looks back over {own['window']}.")
    parts.append(f"It lists {fill(rule['lists'], own)}.")
    parts.append(f"What to do: {fill(rule['advice'], own)}")
    parts.append(
        "It comes from national rules." if rule["is_verified"] else "This is a school setting."
    )
    return " ".join(parts)


def _split(share: float) -> tuple[int, int]:
    """The two numbers of a share: of 0.1 they are 1 and 10, of 0.08 8 and 100."""
    exact = Fraction(share).limit_denominator(_WHOLES[-1])
    if exact.numerator == 1:
        return 1, exact.denominator
    wholes = (whole for whole in _WHOLES if whole % exact.denominator == 0)
    whole = next(wholes, exact.denominator)
    return int(exact * whole), whole


def _format_threshold(value: float, unit: str) -> str:
    if unit == "share":
        return format_ratio(value)
    if unit == "year group":
        return words.format_year_group(int(value))
    return words.format_count(int(value), unit)


def _format_deadline(row: Row) -> str:
    return words.format_count(row["amount"], row["unit"].removesuffix("s"))


def _parse_amount(row: Row) -> Row:
    return {**row, "amount": int(row["amount"])}


def _list_own_figures(rule: Row, figures: Mapping[str, str]) -> dict[str, str]:
    """What a text of look.csv may name: its own window and threshold, and any other rule's."""
    own = {**figures, "threshold": rule["threshold"]}
    if rule["window_unit"]:
        own["window"] = words.format_count(int(rule["window"]), rule["window_unit"])
    return own
