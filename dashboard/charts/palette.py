"""The colours, each with the contrast that a test recomputes: 4.5 for text, 3 for marks.

Colour never carries a meaning alone: a shape, a dash, a letter or a word goes with it,
so that a page printed in grey says the same.
"""

WHITE = "#FFFFFF"
TEXT = "#1F2328"
QUIET_TEXT = "#505A5F"
MAIN = "#12436D"
LINE = "#6B6B6B"
QUIET_LINE = "#8A8F94"
TRACK = "#DCE4EC"
GRID = "#E6EAEE"
MID_BLUE = "#6BACE6"
NEEDS_ATTENTION = "#B8480B"
OVERDUE = "#801650"

#: The ground of a band of scores; every mark has at least 3 to 1 on each.
BANDS = {"lower": WHITE, "middle": "#EEF2F6", "upper": "#DCE4EC"}

#: What is written on a fill: kind of mark -> (fill, letter).
SESSION_COLOURS = {
    "present": ("#E3ECF5", TEXT),
    "late": ("#C4501B", WHITE),
    "educated elsewhere": ("#9ED8CE", "#0A2A26"),
    "authorised absence": (MID_BLUE, "#0B2A45"),
    "unauthorised absence": (OVERDUE, WHITE),
    "not possible": (WHITE, QUIET_TEXT),
    "closed": (WHITE, QUIET_TEXT),
    "not recorded": (WHITE, TEXT),
    "code not known": (WHITE, TEXT),
}

#: The last is generic: a renderer without the others then still finds letters.
FONT = "system-ui, 'Segoe UI', Arial, sans-serif"
