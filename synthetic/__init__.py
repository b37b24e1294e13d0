"""A made-up school, so that nobody needs a real child to build, demonstrate or test.

It writes the same export files as a real one.  It may import `queries.contract` of our
own packages and nothing else: it must not know the answers.
"""

from synthetic.cast.cast import CAST, CAST_ACTIONS, CastMember
from synthetic.exports import (
    DIRTY_FORMATS,
    FAULTS_FILE,
    NATIONAL_FORMATS,
    write_exports,
    write_school,
)
from synthetic.population.people import build_upn, compute_check_letter
from synthetic.school.school import School, make_school

__all__ = [
    "CAST",
    "CAST_ACTIONS",
    "DIRTY_FORMATS",
    "FAULTS_FILE",
    "NATIONAL_FORMATS",
    "CastMember",
    "School",
    "build_upn",
    "compute_check_letter",
    "make_school",
    "write_exports",
    "write_school",
]
