"""A made-up school, so that nobody needs a real child to build, demonstrate or test.

It writes the same export files as a real one.  It may import `intake.contract` of our
own packages and nothing else: it must not know the answers.
"""

from synthetic.cast.cast import CAST
from synthetic.cast.story import CastMember
from synthetic.exports import FAULTS_FILE, write_exports, write_school
from synthetic.population.people import check_letter, pupil_number
from synthetic.school.school import School, draw_group, make_school
from synthetic.school.subjects import draw_care_group

__all__ = [
    "CAST",
    "FAULTS_FILE",
    "CastMember",
    "School",
    "check_letter",
    "draw_care_group",
    "draw_group",
    "make_school",
    "pupil_number",
    "write_exports",
    "write_school",
]
