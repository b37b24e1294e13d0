"""The parts of Requests: for each kind of one, what to do, with the commands of docs."""

_FACT = (
    'lac fact --handle "copper lantern" --file <file> --set <column>=<value> '
    "--source <where> --corrects <entry>"
)

#: Each kind of request in words, and its commands in their order.
KINDS = {
    "access": (
        "Somebody asks to see a child's data",
        "Make a draft, look at what is marked in it, then hand it over.",
        ('lac rights access "copper lantern" --out to-check.zip',),
    ),
    "rectify": (
        "Somebody asks to put something right",
        "Type the right fact in place of the old one, then close the request with it.",
        (_FACT, "lac rights rectify <request> --entry <entry>"),
    ),
    "erase": (
        "Somebody asks to erase a child's data",
        "See what would go. Nothing is erased before you say so with --erase.",
        ('lac rights erase "copper lantern"', 'lac rights erase "copper lantern" --erase'),
    ),
    "restrict": (
        "Somebody asks to keep a child's data but not use them",
        "The child leaves every page but the safeguarding lead's, until the restriction is lifted.",
        ('lac rights restrict "copper lantern"', 'lac rights release "copper lantern"'),
    ),
    "object": (
        "Somebody objects to a use of a child's data",
        "The child leaves reports and figures about groups. Pages for their own support stay.",
        ('lac rights object "copper lantern"', 'lac rights object "copper lantern" --lift'),
    ),
}

#: What comes first, and what comes last, whatever the kind.
FIRST = (
    'lac rights open "copper lantern" --kind <kind> --from <who> --received <day>',
    "lac rights identify <request> --identity <how>",
)
LAST = (
    "lac rights extend <request> --because <why>",
    "lac rights close <request> --decision <decision>",
)
