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
    "needed for outcome": "A reason, a quality, an attendance or a number of targets stands "
    "with the outcome that it belongs to, and a need with a plan (in that column).",
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
    "overlap": "Periods of a status do not overlap (reported at the later row, column start).",
    "mark on a closed day": "A session that counts is on a school day of the calendar.",
}
