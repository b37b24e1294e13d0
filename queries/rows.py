"""A row of each mart, as a type: a column that is not there is an error of mypy's.

Written by tests/support/mart_rows.py from the views; change those, and run it.
"""

from datetime import date, datetime
from typing import TypedDict


class ChildProtection(TypedDict):
    """A row of child_protection."""

    pupil_id: str
    handle: str
    status: str
    since: date | None


class CohortAttendance(TypedDict):
    """A row of cohort_attendance."""

    cohort: str
    academic_year: str
    children: int
    too_early_children: int
    persistent_children: int
    possible_sessions: int
    attended_sessions: int
    authorised_absent_sessions: int
    unauthorised_absent_sessions: int
    absent_sessions: int
    late_sessions: int
    absence_rate: float | None


class CohortMember(TypedDict):
    """A row of cohort_member."""

    pupil_id: str
    handle: str
    year_group: int
    entry_date: date
    cohort: str
    is_looked_after: bool
    is_previously_looked_after: bool
    has_social_worker: bool
    looked_after_since: date | None
    is_looked_after_12_months: bool | None
    authority: str | None
    legal_status: str | None
    home_kind: str | None
    is_restricted: bool


class CohortWeekAttendance(TypedDict):
    """A row of cohort_week_attendance."""

    cohort: str
    week_start: date
    academic_year: str
    children: int
    possible_sessions: int
    attended_sessions: int
    absent_sessions: int
    school_possible_sessions: int | None
    school_absent_sessions: int | None
    absence_rate: float | None
    school_absence_rate: float | None


class Duty(TypedDict):
    """A row of duty."""

    pupil_id: str
    handle: str
    rule: str
    name: str
    holder: str
    category: str
    clock: str
    started_on: date
    due_date: date | None
    done_date: date | None
    booked_date: date | None
    status: str
    is_late: bool | None
    missing: str | None
    is_verified: bool


class NeedsALook(TypedDict):
    """A row of needs_a_look."""

    pupil_id: str
    handle: str
    year_group: int
    rule: str
    figure: int
    base: int | None
    duties: str | None
    weekday: int | None
    changed_on: date | None
    days: int | None
    window_length: int
    is_closed: bool
    closed_on: date | None
    closed_by: str | None
    category: str


class ProtectionCase(TypedDict):
    """A row of protection_case."""

    pupil_id: str
    handle: str
    stage: str
    referred_date: date | None
    referrals: int
    is_re_referral: bool | None
    strategy_date: date | None
    conference_date: date | None
    plan_since: date | None
    abuse: str | None
    plans: int
    last_review_date: date | None
    last_core_group_date: date | None
    booked_core_group_date: date | None
    closed_date: date | None
    closure_reason: str | None


class PupilAction(TypedDict):
    """A row of pupil_action."""

    pupil_id: str
    handle: str
    action_id: str
    action_date: date
    kind: str
    line: str | None
    actor: str
    logged_at: datetime
    follow_up_date: date | None
    corrected_by: str | None


class PupilAttendance(TypedDict):
    """A row of pupil_attendance."""

    pupil_id: str
    handle: str
    academic_year: str
    possible_sessions: int
    attended_sessions: int
    authorised_absent_sessions: int
    unauthorised_absent_sessions: int
    absent_sessions: int
    late_sessions: int
    late_after_closing_sessions: int
    school_weeks: int
    absence_rate: float | None
    is_persistent_absentee: bool | None
    is_severe_absentee: bool | None
    is_too_early: bool


class PupilConcern(TypedDict):
    """A row of pupil_concern."""

    pupil_id: str
    handle: str
    concern_date: date
    kind: str
    level_of_concern: str
    raised_by: str
    line: str
    done: str | None
    follow_up_date: date | None
    closed_date: date | None
    is_past: bool


class PupilEhcp(TypedDict):
    """A row of pupil_ehcp."""

    pupil_id: str
    handle: str
    stage: str
    requested_date: date | None
    plan_date: date | None
    last_review_date: date | None
    week: int | None
    is_late: bool | None
    primary_need: str | None
    waits_for: str | None
    next_due_date: date | None


class PupilHealth(TypedDict):
    """A row of pupil_health."""

    pupil_id: str
    handle: str
    subject: str
    last_done_date: date | None
    last_outcome: str | None
    last_reason: str | None
    booked_date: date | None
    state: str


class PupilMissing(TypedDict):
    """A row of pupil_missing."""

    pupil_id: str
    handle: str
    missing_date: date
    kind: str
    back_date: date | None
    interview: str | None
    interview_date: date | None


class PupilPep(TypedDict):
    """A row of pupil_pep."""

    pupil_id: str
    handle: str
    pep_date: date
    outcome: str
    academic_year: str | None
    term: str | None
    is_on_time: bool | None
    quality: str | None
    has_child_attended: bool | None
    targets_set: int | None


class PremiumTerm(TypedDict):
    """A row of premium_term."""

    academic_year: str
    term: str
    kind: str
    first_day: date
    sums: int
    planned: int
    spent: int
    unspent_sums: int
    in_pep: int


class PupilIntervention(TypedDict):
    """A row of pupil_intervention."""

    pupil_id: str
    handle: str
    intervention_date: date
    kind: str
    review_date: date | None
    end_date: date | None
    helped: str | None


class PupilPeriod(TypedDict):
    """A row of pupil_period."""

    pupil_id: str
    handle: str
    lane: str
    label: str
    start_date: date
    end_date: date | None


class PupilProgress(TypedDict):
    """A row of pupil_progress."""

    pupil_id: str
    handle: str
    subject: str
    assessments: int
    start_date: date
    start_step: int
    start_class_step: int | None
    newest_date: date
    newest_step: int
    newest_class_step: int | None
    steps: int
    class_steps: int | None


class PupilSdq(TypedDict):
    """A row of pupil_sdq."""

    pupil_id: str
    handle: str
    sdq_date: date
    informant: str
    total: int | None
    emotional: int | None
    conduct: int | None
    hyperactivity: int | None
    peer: int | None
    prosocial: int | None
    impact: int | None
    scheme: str | None
    band: str | None
    band_lowest: int | None
    band_highest: int | None
    previous_date: date | None
    change: int | None
    reason: str | None
    is_of_the_year: bool


class PupilSen(TypedDict):
    """A row of pupil_sen."""

    pupil_id: str
    handle: str
    provision: str
    label: str
    said_on: date
    file_name: str


class PupilSuspension(TypedDict):
    """A row of pupil_suspension."""

    pupil_id: str
    handle: str
    suspension_date: date
    academic_year: str
    category: str | None
    sessions: int
    year_sessions: int | None
    reason: str | None


class PupilTest(TypedDict):
    """A row of pupil_test."""

    pupil_id: str
    handle: str
    test_date: date
    test: str
    score: int | None
    outcome: str | None


class PupilThisWeek(TypedDict):
    """A row of pupil_this_week."""

    pupil_id: str
    handle: str
    possible_sessions: int
    absent_sessions: int
    late_sessions: int
    unexplained_sessions: int
    not_recorded_sessions: int


class PupilWords(TypedDict):
    """A row of pupil_words."""

    pupil_id: str
    handle: str
    words_date: date
    setting: str
    line: str


class PupilWeekAttendance(TypedDict):
    """A row of pupil_week_attendance."""

    week_start: date
    academic_year: str
    possible_sessions: int
    attended_sessions: int
    authorised_absent_sessions: int
    unauthorised_absent_sessions: int
    absent_sessions: int
    late_sessions: int
    absence_rate: float | None


class SchoolAttendance(TypedDict):
    """A row of school_attendance."""

    academic_year: str
    possible_sessions: int
    absent_sessions: int
    absence_rate: float | None


class SdqCoverage(TypedDict):
    """A row of sdq_coverage."""

    children: int
    scored_children: int
    reason_children: int
    missing_children: int
    long_children: int
    long_scored_children: int


class ReportDuty(TypedDict):
    """A row of report_duty."""

    pupil_id: str
    duty: str
    rule: str
    started_on: date
    due_date: date
    done_date: date | None
    quality: str | None
    is_open: bool
    has_no_record: bool


class ReportLine(TypedDict):
    """A row of report_line."""

    line: str
    academic_year: str
    absence_rate: float


class ReportPremium(TypedDict):
    """A row of report_premium."""

    pupil_id: str
    counts_on: date
    planned: int
    spent: int


class ReportRoll(TypedDict):
    """A row of report_roll."""

    cohort: str
    children: int
    arrived: int
    gone: int


class ReportSession(TypedDict):
    """A row of report_session."""

    pupil_id: str
    session_date: date
    open_sessions: int
    absent_sessions: int
    suspended_sessions: int


class ReportTerm(TypedDict):
    """A row of report_term."""

    academic_year: str
    term: str
    first_day: date
    last_day: date
    has_register: bool
    school_weeks: int
