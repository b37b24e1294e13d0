"""The colours. A test computes their contrast: at least 4.5 for text, and 3 for marks.

Colour never carries a meaning alone. A shape, a dash, a letter or a word goes with it, so that
a page printed in grey says the same.
"""

WHITE = "#FFFFFF"
TEXT = "#1F2328"
QUIET_TEXT = "#505A5F"
MAIN = "#12436D"
LINE = "#6B6B6B"
QUIET_LINE = "#8A8F94"
TRACK = "#DCE4EC"  # fills a band; every mark on it has a contrast of at least 3 to 1
GRID = "#E6EAEE"
MID_BLUE = "#6BACE6"
NEEDS_ATTENTION = "#B8480B"
OVERDUE = "#801650"

#: The colours of the fill and of the letter on it, by kind of mark.
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

#: The colour that replaces each of these on a dark page. The same test measures them.
DARK = {
    WHITE: "#14191F",
    TEXT: "#E6E9EC",
    QUIET_TEXT: "#B3BCC2",
    MAIN: "#8FC3F0",
    LINE: "#A3A3A3",
    QUIET_LINE: "#7C848A",
    TRACK: "#2B3946",
    GRID: "#2A323A",
    MID_BLUE: "#2F5F8A",
    NEEDS_ATTENTION: "#FFB38A",
    OVERDUE: "#F5A3C7",
    "#E3ECF5": "#26323D",
    "#C4501B": "#F09A66",
    "#9ED8CE": "#1F5E55",
    "#0A2A26": "#E0F5F1",
    "#0B2A45": "#E3F0FC",
}

#: The last is generic, for a renderer that has none of the others.
FONT = "system-ui, 'Segoe UI', Arial, sans-serif"
