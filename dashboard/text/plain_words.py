"""Words that we do not say of people, on the screen or in a report, and what we say."""

#: Words that sound like blame or a label; and what we say.  ux.md section 7.
BANNED_FOR_PEOPLE = {
    r"(?-i:\bLACs?\b)": "children looked after",
    r"\bplacements?\b": "home",
    r"\bcontact (?:times?|visits?|orders?|sessions?|arrangements?|centres?)": "family time",
    r"\b(?:supervised|direct|indirect|sibling|family) contact\b": "family time",
    r"\bsiblings?\b": "brothers and sisters",
    r"\bchallenging behaviour": "having trouble coping",
    r"\b(?:poor|bad|worst|best) attend": "missed 14 sessions",
    r"\babsentees?\b": "a child who missed sessions",
    r"\bpupils?\b(?! premium)": "child",
    r"\babscond": "went missing",
    r"\babnormal\b": "higher score: more difficulties",
    r"\bcauses? for concern\b": "higher score: more difficulties",
    r"\bat risk\b": "needs attention",
    r"\bfail(?:s|ed|ing|ure)?\b": "not yet",
    r"\bbelow (?:the )?(?:average|expect(?:ed|ations?)|standard|age)": "not yet",
    r"\binterventions?\b": "help in place",
    r"\b(?:red|amber|green) (?:rating|flag|status)": "a word",
    r"<\s?\d": "a small number of children",
}
