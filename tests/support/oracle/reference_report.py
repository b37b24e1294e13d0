"""What the report counts, worked out again from the answers that pages are given.

A category is one of few words for a child; each follows from a row that another view shows.
"""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from itertools import pairwise

from tests.support.oracle.reference import Row, academic_year, meaning, months_after
from tests.support.oracle.reference_kinds import ConflictAnswers

#: Of a duty, by how its rule begins.
_KINDS = {
    "PEP": "PEP",
    "EHC": "EHCP",
    "SDQ": "SDQ",
    **dict.fromkeys(("IHA", "RHA", "DEN"), "health"),
}
#: What is asked of a child in care only, and the ways in which a review hears a child.
_CARED = ("moved", "worker", "review")
_HEARD = {"PN1", "PN2", "PN3", "PN5", "PN6"}


class ReportAnswers(ConflictAnswers):
    """The report's views as of one day."""

    @cached_property
    def _counted(self) -> list[Row]:
        """The rows of report_child, which the other views are about."""
        return list(self.report_child())

    def report_child(self) -> Iterator[Row]:
        suspended = {
            row["pupil_key"]
            for row in self.pupil_suspension()
            if row["academic_year"] == self._year(row["school_key"])
        }
        stages = {row["pupil_key"]: row["stage"] for row in self.pupil_ehcp()}
        health = {(row["pupil_key"], row["subject"]): row["state"] for row in self.pupil_health()}
        for member in self.cohort_member():
            if not (member["is_looked_after"] or member["is_previously_looked_after"]):
                continue
            key = member["pupil_key"]
            cared_for = member["is_looked_after"]
            sessions = [row for row in self.pupil_session() if self._is_counted(row, key)]
            yield {
                "school_key": member["school_key"],
                "pupil_key": key,
                "pupil_id": member["pupil_id"],
                "cohort": "looked after" if cared_for else "previously looked after",
                "home": _home(member["home_kind"]) if cared_for else None,
                "suspended": "suspended" if key in suspended else "not suspended",
                "ehcp": _plan(stages.get(key)),
                "sdq": self._moved(key) if cared_for else None,
                "health": health.get((key, "health assessment")),
                "dental": health.get((key, "dental check")),
                "immunised": health.get((key, "immunisations")),
                **(self._cared(key) if cared_for else dict.fromkeys(_CARED)),
                **self._learnt(key),
                **self._spent(member["school_key"], key),
                "help": "has help" if self._is_on("raw_intervention", key) else "no help",
                "timetable": "part-time"
                if self._is_on("raw_provision", key, kind="part-time timetable")
                else "full-time",
                "open_sessions": sum(
                    row["kind"] not in {"closed", "not recorded"} for row in sessions
                ),
                "possible_sessions": sum(bool(row["is_possible"]) for row in sessions),
                "absent_sessions": sum(bool(row["is_absent"]) for row in sessions),
            }

    def report_absence(self) -> Iterator[Row]:
        counted = {row["pupil_key"]: row for row in self._counted}
        missed: dict[tuple[int, str], Row] = {}
        for row in self.pupil_session():
            key = row["pupil_key"]
            if key in counted and row["is_absent"] and self._is_counted(row, key):
                child = counted[row["pupil_key"]]
                place = missed.setdefault(
                    (row["pupil_key"], row["code"]),
                    {
                        "school_key": child["school_key"],
                        "pupil_key": row["pupil_key"],
                        "pupil_id": child["pupil_id"],
                        "cohort": child["cohort"],
                        "code": row["code"],
                        "is_authorised": bool(meaning(row["code"], row["session_date"]).authorised),
                        "absent_sessions": 0,
                    },
                )
                place["absent_sessions"] += 1
        yield from missed.values()

    def report_duty(self) -> Iterator[Row]:
        looked_after = {
            row["pupil_key"] for row in self._counted if row["cohort"] == "looked after"
        }
        found: dict[tuple[int, str], list[Row]] = {}
        for row in self.duty():
            term = self._term(row["school_key"])
            if row["pupil_key"] not in looked_after or term is None or row["due_date"] is None:
                continue
            *_, first_day, last_day = term
            kind = _KINDS.get(row["rule"][:3])
            until = last_day if kind == "PEP" else self.as_at
            if kind is not None and first_day <= row["due_date"] <= until:
                found.setdefault((row["school_key"], kind), []).append(row)
        for (school, kind), rows in found.items():
            done = [row for row in rows if row["done_date"] is not None]
            yield {
                "school_key": school,
                "duty": kind,
                "due": len(rows),
                "done": len(done),
                "done_late": sum(row["done_date"] > row["due_date"] for row in done),
            }

    def _cared(self, pupil: int) -> Row:
        """What changed for a child in care this year, and whether the last review heard them."""
        school = self.pupils[pupil].school
        workers = {
            row["care_change_date"]
            for row in self._rows_of("raw_care_change", pupil)
            if row["kind"] == "social worker"
        }
        care = self._care(pupil)
        assert care is not None
        held = {
            row["review_date"]: row["took_part"]
            for row in self._rows_of("raw_review", pupil)
            if row["outcome"] == "held" and care[0] <= row["review_date"] <= self.as_at
        }
        heard = held and (held[max(held)] or "") in _HEARD
        return {
            "moved": "moved" if self._is_this_year(school, self._moves(pupil)) else "not moved",
            "worker": "a new one" if self._is_this_year(school, workers) else "the same",
            "review": ("heard" if heard else "not heard") if held else "no review yet",
        }

    def _is_this_year(self, school: int, days: set[date]) -> bool:
        year = self._year(school)
        return any(day <= self.as_at and academic_year(day) == year for day in days)

    def _moves(self, pupil: int) -> set[date]:
        """Days on which a child in care came to another home."""
        homes = sorted(self._episodes(pupil, "looked after"), key=lambda each: each.counts_from)
        return {
            after.counts_from
            for before, after in pairwise(homes)
            if before.end == after.counts_from
            and (before.home != after.home or before.legal_status == after.legal_status)
        }

    def _is_on(self, table: str, pupil: int, **same: str) -> bool:
        """Whether something that has a first day and perhaps an end holds on the day."""
        begins = {"raw_intervention": "intervention_date", "raw_provision": "provision_date"}
        return any(
            row[begins[table]] <= self.as_at
            and self._goes_on(table, row["end_date"])
            and same.items() <= row.items()
            for row in self._rows_of(table, pupil)
        )

    def _goes_on(self, table: str, end: date | None) -> bool:
        """Whether it is not over: provision has a last day, all else a day on which it ended."""
        if end is None:
            return True
        return end >= self.as_at if table == "raw_provision" else end > self.as_at

    def _learnt(self, pupil: int) -> Row:
        """Progress by subject, and where the child is beside the class in all of them."""
        found = {row["subject"]: row for row in self.pupil_progress() if row["pupil_key"] == pupil}
        paces = {}
        for subject in ("reading", "writing", "maths"):
            row = found.get(subject)
            if row is None or row["assessments"] == 1 or row["class_steps"] is None:
                paces[subject] = "not known"
            else:
                is_kept = row["steps"] >= row["class_steps"]
                paces[subject] = "kept pace" if is_kept else "fell behind"
        gaps = [
            row["newest_step"] - row["newest_class_step"]
            for row in found.values()
            if row["newest_class_step"] is not None
        ]
        attainment = "behind the class" if gaps and min(gaps) < 0 else "with the class"
        return {**paces, "attainment": attainment if gaps else "not known"}

    def _spent(self, school: int, pupil: int) -> Row:
        """Pupil premium plus of the term and of its year; spent is None where a sum lacks it."""
        mine, now = [], self._term(school)
        for row in self._rows_of("raw_premium", pupil):
            ahead = [each for each in self._terms(school) if row["premium_date"] <= each[3]]
            if row["premium_date"] <= self.as_at and ahead and now:
                term = min(ahead, key=lambda each: each[3])
                mine += [(row, term[:2] == now[:2])] if term[0] == now[0] else []
        spent = [row["spent"] for row, is_now in mine if is_now]
        return {
            "planned": sum(row["planned"] for row, is_now in mine if is_now),
            "spent": None if None in spent else sum(spent),
            "planned_year": sum(row["planned"] for row, _ in mine),
        }

    def _is_counted(self, row: Row, pupil: int) -> bool:
        """Whether a session is the child's, of the term, and not after the day."""
        term = self._term(row["school_key"])
        if term is None or row["pupil_key"] != pupil:
            return False
        return bool(term[2] <= row["session_date"] <= self.as_at)

    def _term(self, school: int) -> tuple[str, str, date, date] | None:
        """The term of the day, or the last that began."""
        begun = [term for term in self._terms(school) if term[2] <= self.as_at]
        return max(begun, key=lambda term: term[2], default=None)

    def _year(self, school: int) -> str | None:
        """The academic year of that term."""
        term = self._term(school)
        return term and term[0]

    def _moved(self, pupil: int) -> str:
        """How the newest score by the carer stands to the one before."""
        care = self._care(pupil)
        assert care is not None
        since: date = care[0]
        scores = [
            row
            for row in self.pupil_sdq()
            if row["pupil_key"] == pupil
            and row["informant"] == "carer"
            and row["total"] is not None
            and since <= row["sdq_date"]
            and months_after(row["sdq_date"], 12) >= self.as_at
        ]
        if not scores:
            return "no score"
        change = max(scores, key=lambda row: row["sdq_date"])["change"]
        if change is None:
            return "a first score"
        return "lower than before" if change < 0 else "the same or higher"


def _home(kind: str | None) -> str:
    return "foster home" if kind == "foster home" else "another home"


def _plan(stage: str | None) -> str:
    if stage == "plan":
        return "has a plan"
    return "asked for" if stage in ("asked for", "being assessed", "draft") else "no plan"
