"""The roll: who is at the school, and what the vault is told of who that is."""

import polars as pl

from queries.contract.model.category import EVERYBODY, SCHOOL_RECORD, Category, Rights, Table
from queries.contract.model.rules import keep_order
from queries.contract.model.shape import PLAIN_NAME, UPN, Column, Export, RowRule
from queries.contract.model.spelling import spell_postcode, spell_sex, spell_year_group

#: English authorities' numbers begin at 201, so these belong to nobody.
MADE_UP_AUTHORITIES = frozenset(f"{number:03d}" for number in range(1, 100))

_LAW = "School Attendance (Pupil Registration) (England) Regulations 2024"

ROLL = Export(
    name="roll.csv",
    grain="One row for each time a child joined, for all children on roll on any day that "
    "the marks cover.",
    key=("upn", "entry_date"),
    required=True,
    is_blocking=True,
    identity_columns=("surname", "forename", "date_of_birth"),
    columns=(
        UPN,
        Column(
            "surname",
            "text",
            "Legal surname.",
            personal=True,
            pattern=PLAIN_NAME,
            also_called=("last name", "legal surname", "family name", "legal last name"),
        ),
        Column(
            "forename",
            "text",
            "Legal first name.",
            personal=True,
            pattern=PLAIN_NAME,
            also_called=("first name", "legal forename", "given name", "legal first name"),
        ),
        Column(
            "preferred_forename",
            "text",
            "The name the child is known by, if different.",
            required=False,
            personal=True,
            pattern=PLAIN_NAME,
            also_called=("preferred first name", "known as", "chosen name"),
        ),
        Column(
            "date_of_birth",
            "date",
            "Date of birth.",
            personal=True,
            also_called=("dob", "birth date", "birthdate", "born"),
        ),
        Column(
            "sex",
            "code",
            "As recorded for the school census.",
            allowed=("F", "M", "U"),
            spell=spell_sex,
            also_called=("gender", "m/f", "legal sex", "girl/boy", "boy/girl", "sex at birth"),
        ),
        Column(
            "year_group",
            "code",
            "National Curriculum year: now, or on the last day on roll.",
            allowed=("R", *(str(year) for year in range(1, 14))),
            sql_type="smallint",
            spell=spell_year_group,
            also_called=(
                "year",
                "nc year",
                "nc year actual",
                "year taught in",
                "national curriculum year",
                "nc yr",
                "yr",
                "yr grp",
                "curriculum year",
            ),
            label="National Curriculum year",
        ),
        Column(
            "class",
            "text",
            "Class or form.",
            required=False,
            personal=True,
            pattern=r".{1,30}",
            also_called=(
                "class name",
                "reg",
                "reg group",
                "registration group",
                "registration form",
                "form",
                "form group",
                "tutor group",
                "reg grp",
                "registration",
                "class/form",
            ),
        ),
        Column(
            "entry_date",
            "date",
            "First day on roll.",
            also_called=(
                "admission date",
                "date of admission",
                "date of entry",
                "date started",
                "start date",
                "joined",
                "on roll",
                "doa",
                "date joined",
                "joining date",
                "admitted",
            ),
            label="date joined",
        ),
        Column(
            "leaving_date",
            "date",
            "Last day on roll; blank while on roll.",
            required=False,
            must_be_named=True,
            also_called=(
                "date of leaving",
                "date left",
                "end date",
                "left",
                "off roll",
                "dol",
                "leave date",
                "date removed",
            ),
        ),
        Column(
            "address",
            "text",
            "Home address.",
            required=False,
            personal=True,
            pattern=r".{1,200}",
            also_called=("home address", "full address"),
        ),
        Column(
            "postcode",
            "text",
            "Home postcode.",
            required=False,
            personal=True,
            pattern=r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}",
            spell=spell_postcode,
            also_called=("post code", "home postcode"),
        ),
        Column(
            "sen_provision",
            "code",
            "Special educational needs, as recorded for the school census: N none, K SEN "
            "support, E an Education, Health and Care Plan. Blank means not known.",
            required=False,
            allowed=("N", "K", "E"),
            also_called=("sen", "sen status", "sen code"),
        ),
    ),
    rules=(
        RowRule(
            "entry_date",
            "dates out of order",
            pl.col("date_of_birth") >= pl.col("entry_date"),
            ("date_of_birth",),
        ),
        # both days are on roll, so a child may leave on the day of entry
        *keep_order("entry_date", "leaving_date"),
    ),
)

PSEUDONYMS = Category(
    name="codes",
    role_category="care",
    table=Table(
        "raw_pupil",
        key=("pupil_key",),
        made={"pupil_id": "varchar", "handle": "varchar", "is_on_newest_roll": "boolean"},
        note="A child in scope, under the two names that the store knows: pupil_id for machines, "
        "handle for people.",
    ),
    rights=Rights(
        "made here",
        "the two words and the code that stand for you here",
        "lac-monitor draws them at random",
    ),
    retention=SCHOOL_RECORD,
)
STAYS = Category(
    name="school record",
    role_category="attendance",
    export=ROLL,
    table=Table(
        "raw_enrolment",
        made={"year_group_date": "date"},
        staged={"end_date": "leaving_date + 1"},
        note="A stay is [entry_date, end_date): the roll names the last day on it, so end_date is "
        "the day after; null while the child is on roll. year_group and sen_provision were true on "
        "year_group_date; R is 0. A blank sen_provision is not the same as N, none.",
    ),
    rights=Rights(
        "required",
        "when you were at our school, which year group you were in and whether you get extra help",
        _LAW,
    ),
    retention=SCHOOL_RECORD,
    shared_with=EVERYBODY,
    pack=("protection file", "Common Transfer data"),
)
IDENTITY = Category(
    name="who you are",
    role_category="care",
    part="identity",
    rights=Rights("required", "your name and birthday and address", _LAW),
    shared_with=EVERYBODY,
    pack=("protection file",),
)
