"""What can be wrong with a file, as intake reports it."""

#: Every class of fault that intake reports, and the rule that was broken.  The column
#: named with a fault is the one to look at; "" means the row or the file as a whole.
FAULTS: dict[str, str] = {
    # of the whole file (row 0)
    "missing file": "A required file is there.",
    "not UTF-8": "A file is text in UTF-8, with or without byte-order mark.",
    "wrong header": "A row near the top names the columns, in any order and case.",
    "no rows": "A file that is there has at least one row (care_episodes.csv may have none).",
    # of one row (column "")
    "broken row": "A row is a well-formed CSV record on one line, without control characters.",
    "field count": "A row has as many fields as the header.",
    "cut row": "No line break stands within a row of marks or events (reported at the row above "
    "what stands alone in a line).",
    # of one value
    "missing value": "A required value is there.",
    "not a date": "A date exists, as 2026-11-13, 13/11/2026 or 13 Nov 2026, from 1900 to 2099.",
    "two date forms": "A column writes its dates in one form, that of most of them.",
    "month before day": "A date has its day before its month (reported at each of the column).",
    "garbled": "Letters came through the right code page, and none was lost.",
    "not a whole number": "A count is a whole number, 0 or more.",
    "not allowed": "A value is one of the list, or has the form, that the contract gives.",
    "says who": "A line in somebody's own words holds no name, number, date of birth or place.",
    "UPN form": "A UPN is a letter and 12 digits, the last of which may be a letter.",
    "UPN check letter": "A UPN's first letter follows from the rest.",
    # of values together
    "code not on that date": "A code may be used on that date.",
    "wrong session": "/ is a morning's mark and \\ an afternoon's.",
    "dates out of order": "A start comes before its end; a birth before the entry; a check "
    "before the next one.",
    "not a Monday": "A week starts on a Monday.",
    "out of range": "A score lies within the range of its scale.",
    "does not add up": "Four sub-scales add up to the total (reported in column total); the "
    "five are all there or none is (in the first that is missing).",
    "score or reason": "There is a score, or the reason why there is none (column total).",
    "needed for outcome": "What belongs to an outcome or a step stands with it and with no other "
    "one: a reason, a quality, a number of targets, a need, a category of abuse (in that column).",
    "more absent than possible": "Absent sessions are no more than possible sessions.",
    "known since": "known_since is given exactly where the start is unknown.",
    "needed for status": "An authority is given for looked after; legal status and home "
    "for looked after only.",
    "home under that order": "A child accommodated under section 20 (V2) does not live with "
    "parents (DfE guide to SSDA903, rule 378).",
    "duplicate": "A key appears once (reported at the later row, in the key's first column).",
    "rows at odds": "Rows about the same key of a file of marks or events say the same (reported "
    "at each, in the key's first column).",
    "one UPN, two children": "A UPN belongs to one child (reported at the later row).",
    "not on the roll": "A child is on the roll (reported in column upn; for a sheet by handle, "
    "the home knows the child, column handle).",
    "outside enrolment": "A mark that counts lies between a child's entry and leaving dates.",
    "before birth": "What is told of a child is not dated before its birth (reported at the date).",
    "not of that age": "What is told of a child is of its age: offending from 10, developmental "
    "checks under 5 (reported at the date).",
    "overlap": "Stays on the roll, and periods of a status or of one that excludes it, do not "
    "overlap (reported at the later row, in the first day's column).",
    "mark on a closed day": "A session that counts is on a school day of the calendar.",
}
#: The same of what people type, and of no file.
TYPED_FAULTS: dict[str, str] = {
    "personal": "A free text holds no number, address or day of birth.",
    "may name a child": "A free text names no child or place, or somebody says so.",
}
#: What is seldom so: the row is taken as it stands, and somebody is asked to look; what is
#: unusual, and what to look at.
DOUBTS: dict[str, tuple[str, str]] = {
    "year group and age": (
        "The year group is not that of the child's age.",
        "Check the date of birth and the year group. A child may be taught out of its year.",
    ),
    "year group of another school": (
        "A school of this kind has no such year group.",
        "Check the year group, or give the leaving date.",
    ),
    "one child, two UPNs": (
        "Another row has the same name and date of birth under another UPN.",
        "If it is one child, keep the right UPN and put the other into other_numbers.csv.",
    ),
    "school day on a bank holiday": ("It is a bank holiday.", "Check the day."),
    "school day at a weekend": ("It is a Saturday or a Sunday.", "Check the day."),
    "weeks without a school day": (
        "Before this day there was no school day for more than 40 days.",
        "See whether a term is missing.",
    ),
    "spelt two ways": (
        "The same authority is spelt in another way in other rows.",
        "Use one spelling, so that its children stand together.",
    ),
    "adoptive home without an order": (
        "The child is in an adoptive home under section 20 (V2).",
        "Check the home and the legal status.",
    ),
    "own form under 11": (
        "The child was under 11, and the form is one that children fill in from 11 on.",
        "Check who filled it in.",
    ),
    "form under 2": (
        "The child was under 2, and there is no form for that age.",
        "Check the date.",
    ),
    "two initial assessments": (
        "The child had an initial health assessment less than a year before.",
        "Check whether it was a review.",
    ),
    "plan before the request": (
        "The plan was issued before it was requested.",
        "Check both dates.",
    ),
    "agreed and refused": (
        "The authority agreed and refused on the same day.",
        "Keep the right one of the two.",
    ),
    "review before the plan": (
        "The review was held before the plan was issued.",
        "Check both dates, or add the plan's first issue.",
    ),
    "ceased twice": (
        "The plan had ceased before.",
        "Keep the right one of the two, or add the plan that was issued between.",
    ),
    "very many targets": ("There are more than 20 targets.", "Check the number."),
    "longer than the law allows": (
        "The suspension is longer than the law allows in a whole school year.",
        "Check the number of sessions.",
    ),
    "suspension of no session": (
        "A suspension has no session.",
        "Give the sessions, or call it a lunchtime.",
    ),
    "suspended on a closed day": ("It is no school day.", "Check the date."),
    "suspended and marked present": (
        "The register has the child present on the whole of the first day.",
        "Check the date here and the marks of the day.",
    ),
    "withdrawn code": (
        "The code is withdrawn. It counts as an authorised absence, as the DfE counts it.",
        "Replace it: J by J1, H and F by C if leave was granted, and by G if it was not.",
    ),
    "former UPN in use": (
        "The former UPN is a present one of the roll.",
        "Check which child the number belongs to.",
    ),
}
