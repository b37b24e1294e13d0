"""SDQ scores and who has one, worked out a second time in plain Python.

Written from the header comments of the views and the published bands, not from the SQL.
"""

from collections.abc import Iterator

from tests.support.oracle.reference import Row, months_after
from tests.support.oracle.reference_duties import DutyAnswers
from tests.support.oracle.world import Sdq

BANDS = {
    "carer": ((0, 13), (14, 16), (17, 40)),
    "teacher": ((0, 11), (12, 15), (16, 40)),
    "self": ((0, 15), (16, 19), (20, 40)),
}
SDQ_WORDS = {None: None, "SDQ2": "carer refused", "SDQ5": "child refused"}


class SdqAnswers(DutyAnswers):
    """The scores of a world as of a day."""

    def pupil_sdq(self) -> Iterator[Row]:
        for sdq in self.world.sdqs:
            if sdq.day > self.as_at:
                continue
            earlier = [
                (other.day, other.total)
                for other in self.world.sdqs
                if (other.pupil, other.informant) == (sdq.pupil, sdq.informant)
                and other.day < sdq.day
                and other.total is not None
            ]
            last = max(earlier, default=None)
            place = _band(sdq.informant, sdq.total)
            yield {
                **self._who(sdq.pupil),
                "sdq_date": sdq.day,
                "informant": sdq.informant,
                "total": sdq.total,
                "scheme": "three bands" if place else None,
                "band": place and place[0],
                "band_lowest": place and place[1],
                "band_highest": place and place[2],
                "previous_date": last and last[0],
                "change": sdq.total - last[1] if last and sdq.total is not None else None,
                "reason": SDQ_WORDS[sdq.reason],
                "is_of_the_year": self._is_of_the_year(sdq),
            }

    def _is_of_the_year(self, sdq: Sdq) -> bool:
        care = self._care(sdq.pupil)
        return (
            sdq.informant == "carer"
            and care is not None
            and care[0] <= sdq.day
            and months_after(sdq.day, 12) >= self.as_at
        )

    def sdq_coverage(self) -> Iterator[Row]:
        for pupil in self.world.pupils:
            care = self._care(pupil.key)
            if care is None:
                continue
            lately = [
                is_done
                for day, is_done, *_ in self._records(pupil.key, "SDQ by the carer")
                if day >= care[0] and months_after(day, 12) >= self.as_at
            ]
            yield {
                **self._who(pupil.key),
                "said": "score" if any(lately) else "reason" if lately else "missing",
                "is_looked_after_12_months": "looked after 12 months"
                in self._cohorts_today(pupil.key),
                "is_start_known": care[1],
            }


def _band(informant: str, total: int | None) -> tuple[str, int, int] | None:
    if total is None:
        return None
    for name, (lowest, highest) in zip(("lower", "middle", "upper"), BANDS[informant], strict=True):
        if lowest <= total <= highest:
            return name, lowest, highest
    return None
