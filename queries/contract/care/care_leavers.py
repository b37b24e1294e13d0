"""Care leavers: what a school hears of former pupils who have left care."""

from queries.contract.model.category import AUTHORITIES, Category, Retention, Rights, Table
from queries.contract.model.rules import restrict
from queries.contract.model.shape import UPN, Column, Export

CARE_LEAVERS = Export(
    name="care_leavers.csv",
    grain="One row for each time that there was news of a former pupil who has left care.",
    key=("upn", "date"),
    columns=(
        UPN,
        Column("date", "date", "The date of the news."),
        Column(
            "in_touch",
            "code",
            "Whether the authority is in touch.",
            code_list="leaver_touch",
            label="In touch",
        ),
        Column(
            "activity",
            "code",
            "What the young person is doing; only if somebody is in touch.",
            required=False,
            code_list="leaver_activity",
        ),
        Column(
            "accommodation",
            "code",
            "Where the young person lives; only if somebody is in touch.",
            required=False,
            code_list="leaver_home",
        ),
    ),
    rules=restrict("in_touch", "YES", "activity", "accommodation"),
)

CATEGORY = Category(
    name="care leavers",
    role_category="child_protection",
    export=CARE_LEAVERS,
    table=Table("raw_care_leaver"),
    rights=Rights(
        "required",
        "how you are doing now that you have left care",
        "School's privacy notice: care leavers; Children (Leaving Care) Act 2000",
    ),
    retention=Retention(
        "care leavers", "School setting: the record is the authority's", school_years=10
    ),
    shared_with=AUTHORITIES,
    form_label="Former pupil who has left care",
    is_by_handle=True,
    is_off_at_first=True,
    page_title="Care leavers",
)
