"""Child protection, learning, and what cannot be, worked out a second time in plain Python.

Written from the header comments of the views and checks, not from the SQL.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.support.oracle.plain import list_words
from tests.support.oracle.reference import Row, months_after
from tests.support.oracle.reference_duties import CEASING
from tests.support.oracle.reference_plans import PlanAnswers

#: Where a child is after each step; on one day the later one of this order counts.
STAGES = {
    "referral": "referred",
    "referral accepted": "being assessed",
    "no further action": "closed",
    "assessment completed": "assessed",
    "strategy discussion": "enquiry",
    "section 47 begun": "enquiry",
    "conference not needed": "assessed",
    "initial conference": "conference held",
    "plan begun": "on a plan",
    "category changed": "on a plan",
    "core group": "on a plan",
    "review conference": "on a plan",
    "plan ended": "plan ended",
    "case closed": "closed",
}


def _month_before(day: date, months: int) -> date:
    """The same day so many months before, or the last of its month."""
    return months_after(day, -months)


class ProtectionAnswers(PlanAnswers):
    """What the safeguarding lead alone sees."""

    def protection_case(self) -> Iterator[Row]:
        months = self.world.rules.re_referral_months
        for pupil in self.world.pupils:
            rows = self._protection_rows(pupil.key)
            if not rows:
                continue
            newest = max(rows, key=lambda row: (row["protection_date"], _order(row)))
            stage = STAGES[newest["event"]]
            referred = _days(rows, "referral")
            begun, ended = _last(rows, "plan begun"), _last(rows, "plan ended")
            has_plan = begun is not None and (ended is None or begun > ended)
            abuses = [
                row["abuse"]
                for row in rows
                if row["abuse"] and begun and row["protection_date"] >= begun
            ]
            reasons = [
                (row["protection_date"], row["reason"])
                for row in rows
                if row["event"] == "case closed"
            ]
            is_closed = stage == "closed"
            yield {
                **self._who(pupil.key),
                "stage": stage,
                "referred_date": referred[-1] if referred else None,
                "referrals": sum(day > _month_before(self.as_at, months) for day in referred),
                "is_re_referral": (
                    len(referred) > 1 and months_after(referred[-2], months) > referred[-1]
                    if referred
                    else None
                ),
                "strategy_date": _last(rows, "strategy discussion"),
                "conference_date": _last(rows, "initial conference"),
                "plan_since": begun if has_plan else None,
                "abuse": list_words("abuse_category")[abuses[-1]] if has_plan and abuses else None,
                "plans": len(_days(rows, "plan begun")),
                "last_review_date": _last(rows, "review conference"),
                "last_core_group_date": _last(rows, "core group"),
                "booked_core_group_date": self._booked(pupil.key, "core group"),
                "closed_date": max(reasons)[0] if is_closed and reasons else None,
                "closure_reason": list_words("closure_reason").get(max(reasons)[1] or "")
                if is_closed and reasons
                else None,
            }

    def pupil_concern(self) -> Iterator[Row]:
        words = list_words("concern_kind")
        for row in self.world.plain.get("raw_concern", []):
            if row["concern_date"] > self.as_at:
                continue
            closed = row["closed_date"]
            is_closed = closed is not None and closed <= self.as_at
            look_again = row["follow_up_date"]
            yield {
                **self._who(row["pupil_key"]),
                "concern_date": row["concern_date"],
                "kind": words[row["kind"]],
                "level_of_concern": row["level"],
                "raised_by": row["raised_by"],
                "line": row["line"],
                "done": row["done"],
                "follow_up_date": look_again,
                "closed_date": closed if is_closed else None,
                "is_past": not is_closed and look_again is not None and look_again < self.as_at,
            }

    def pupil_words(self) -> Iterator[Row]:
        for row in self.world.plain.get("raw_words", []):
            if row["words_date"] <= self.as_at and row["taken_out_date"] is None:
                yield {
                    **self._who(row["pupil_key"]),
                    **{name: row[name] for name in ("words_date", "setting", "line")},
                }

    def _protection_rows(self, pupil: int) -> list[dict[str, Any]]:
        if self._stay(pupil, self.as_at) is None:
            return []
        return sorted(
            (
                row
                for row in self.world.plain.get("raw_protection", [])
                if row["pupil_key"] == pupil
                and row["protection_date"] <= self.as_at
                and row["event"] in STAGES
            ),
            key=lambda row: (row["protection_date"], _order(row)),
        )


def _order(row: dict[str, Any]) -> int:
    return list(STAGES).index(row["event"])


def _days(rows: list[dict[str, Any]], event: str) -> list[date]:
    return [row["protection_date"] for row in rows if row["event"] == event]


def _last(rows: list[dict[str, Any]], event: str) -> date | None:
    return max(_days(rows, event), default=None)


class LearningAnswers(ProtectionAnswers):
    """What a child has learnt, and what was spent on it."""

    def pupil_progress(self) -> Iterator[Row]:
        by_subject: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
        for row in self.world.plain.get("raw_assessment", []):
            if row["assessment_date"] <= self.as_at:
                by_subject[row["pupil_key"], row["subject"]].append(row)
        for (pupil, subject), rows in by_subject.items():
            rows.sort(key=lambda row: row["assessment_date"])
            first, last = rows[0], rows[-1]
            usual = (first["class_step"], last["class_step"])
            yield {
                **self._who(pupil),
                "subject": subject,
                "assessments": len(rows),
                "start_date": first["assessment_date"],
                "start_step": first["step"],
                "start_class_step": usual[0],
                "newest_date": last["assessment_date"],
                "newest_step": last["step"],
                "newest_class_step": usual[1],
                "steps": last["step"] - first["step"],
                "class_steps": None if None in usual else usual[1] - usual[0],
            }

    def premium_term(self) -> Iterator[Row]:
        labels = list_words("help_kind")
        found: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
        for row in self.world.plain.get("raw_premium", []):
            day, school = row["premium_date"], self.pupils[row["pupil_key"]].school
            terms = sorted(self._terms(school), key=lambda term: term[3])
            term = next((each for each in terms if day <= each[3]), None)
            # before the first term nobody knows of any but the holidays of its year
            if term and term is terms[0] and day < date(int(term[0][:4]), 8, 1):
                term = None
            if day <= self.as_at and term:
                found[school, *term[:3], row["kind"]].append(row)
        for (school, year, term, first_day, kind), rows in found.items():
            yield {
                "school_key": school,
                "academic_year": year,
                "term": term,
                "kind": labels[kind],
                "first_day": first_day,
                "sums": len(rows),
                "planned": sum(row["planned"] for row in rows),
                "spent": sum(row["spent"] or 0 for row in rows),
                "unspent_sums": sum(row["spent"] is None for row in rows),
                "in_pep": sum(row["is_in_pep"] is True for row in rows),
            }


_FOLLOWS = {
    "raw_protection": {
        "referral accepted": "referral",
        "no further action": "referral",
        "assessment completed": "referral",
        "section 47 begun": "strategy discussion",
        "conference not needed": "strategy discussion",
        "initial conference": "strategy discussion",
        "plan begun": "initial conference",
        "category changed": "plan begun",
        "core group": "plan begun",
        "review conference": "plan begun",
        "plan ended": "plan begun",
        "case closed": "referral",
    },
    "raw_permanence": {
        "placement order": "adoption decided",
        "matched": "adoption decided",
        "placed for adoption": "matched",
        "adoption order": "placed for adoption",
    },
}
#: Where every row of a made-up world is from: see `worlds.load`.
_ORIGIN = "typed, 2026-01-01"
_PROVISIONS = {
    "N": "No special educational need",
    "K": "SEN support",
    "E": "Education, Health and Care Plan",
}
_ORDERS = ("adoption order", "special guardianship order", "child arrangements order")


class ConflictAnswers(LearningAnswers):
    """Checks of one record beside another."""

    def check_step_order(self) -> Iterator[Row]:
        yield from self._out_of_order("raw_protection", "protection_date")

    def check_permanence_order(self) -> Iterator[Row]:
        yield from self._out_of_order("raw_permanence", "permanence_date")

    def check_conflict(self) -> Iterator[Row]:
        found: dict[tuple[int, str, date], list[tuple[str, str]]] = {}
        cared = [each for each in self.world.episodes if each.status == "looked after"]
        origin = _ORIGIN
        for one in cared:
            for other in cared:
                day = other.counts_from
                if (
                    one.pupil == other.pupil
                    and one.authority
                    and other.authority
                    and one.authority != other.authority
                    and one.holds(day)
                    and (one.counts_from < day or one.authority < other.authority)
                    and day <= self.as_at
                ):
                    told = (f"{one.authority} ({origin})", f"{other.authority} ({origin})")
                    found.setdefault((one.pupil, "authority", day), []).append(told)
        words = list_words("permanence_event")
        for row in self._events("raw_permanence"):
            day = row["permanence_date"]
            if row["event"] in _ORDERS and day <= self.as_at:
                for one in cared:
                    if one.pupil == row["pupil_key"] and one.counts_from < day and one.holds(day):
                        told = (
                            f"looked after ({origin})",
                            f"{words[row['event']]} (permanence.csv)",
                        )
                        found.setdefault((one.pupil, "end of care", day), []).append(told)
        for (pupil, about, day), pairs in found.items():
            yield {
                **self._who(pupil),
                "about": about,
                "event_date": day,
                "one_says": min(one for one, _ in pairs),
                "other_says": max(other for _, other in pairs),
                "ask": "authority",
            }

    def check_plan_at_odds(self) -> Iterator[Row]:
        cases = {row["pupil_id"]: row for row in self.protection_case() if row["plans"]}
        for pupil in self.world.pupils:
            case = cases.get(pupil.pupil_id)
            told = [
                each
                for each in self.world.episodes
                if each.pupil == pupil.key
                and each.status == "on a protection plan"
                and each.counts_from <= self.as_at
            ]
            is_on_plan = any(each.holds(self.as_at) for each in told)
            if case and told and is_on_plan != (case["plan_since"] is not None):
                yield {
                    **self._who(pupil.key),
                    "is_on_plan_by_file": is_on_plan,
                    "plan_since": case["plan_since"],
                }

    def pupil_sen(self) -> Iterator[Row]:
        for pupil in self.world.pupils:
            stay = self._stay(pupil.key, self.as_at)
            if stay and stay.provision and stay.year_group_date <= self.as_at:
                yield {
                    **self._who(pupil.key),
                    "provision": stay.provision,
                    "label": _PROVISIONS[stay.provision],
                    "said_on": stay.year_group_date,
                    "file_name": "typed",
                }

    def check_sen_at_odds(self) -> Iterator[Row]:
        stages = {row["pupil_key"]: row["stage"] for row in self.pupil_ehcp()}
        for said in self.pupil_sen() if self.world.steps else ():
            key, day = said["pupil_key"], said["said_on"]
            steps = self._steps(key)
            turns = [at for at, event in steps if event in {"plan issued"} | CEASING]
            is_plan = stages.get(key) == "plan"
            if (said["provision"] == "E") != is_plan and all(at <= day for at in turns):
                newest = max((at for at, _ in steps), default=None)
                yield {
                    **self._who(key),
                    "one_says": f"{said['label']} (typed, {day})",
                    "other_says": f"{stages[key]} (typed, {newest})"
                    if newest
                    else "no step of a plan",
                    "ask": "authority",
                }

    def _events(self, table: str) -> list[dict[str, Any]]:
        return self.world.plain.get(table, [])

    def _out_of_order(self, table: str, day: str) -> Iterator[Row]:
        rows = self._events(table)
        for row in rows:
            follows = _FOLLOWS[table].get(row["event"])
            earlier = [
                other[day]
                for other in rows
                if (other["pupil_key"], other["event"]) == (row["pupil_key"], follows)
            ]
            if earlier and min(earlier) > row[day]:
                yield {
                    **self._who(row["pupil_key"]),
                    "event": row["event"],
                    "event_date": row[day],
                    "follows": follows,
                    "follows_date": min(earlier),
                }
