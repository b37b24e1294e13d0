"""The standing texts of Help, apart from the page so that they can be read and reviewed."""

#: What each page is for, beside its title.
PURPOSES = {
    "today": "Who needs attention, and what is due. Log what you did: the child leaves the list.",
    "schools": "How far each school's files go, and how the children of all schools stand.",
    "children": "Every child on one line, to scan down or to search. A line opens the child.",
    "child": "One child: what needs attention, what is due, what was done, and how the year went.",
    "attendance": "Who misses sessions, when and why. A filter finds those who miss most.",
    "wellbeing": "How scores have changed, and which checks are due. Nothing is judged.",
    "learning": "How far each child has come, and what is done so that they learn.",
    "plans": "Every date with who must act. Ask what is overdue, for whom, and of which kind.",
    "safeguarding": "Who is where in child protection, what is due, and whom to ring.",
    "reports": "The report to governors, in four steps. No figure in Part One points to a child.",
    "rights": "What families asked for about a child's data, by when, and what to do.",
    "bring_in": "Drop files here. You see what would change before anything is kept.",
    "data_check": "Whether the figures can be trusted, and what the office can put right.",
    "opened": "How often the safeguarding lead looked up who a child is. Not which child.",
    "help": "What each word and figure means, who can see what, and what does not work yet.",
}

#: Where to begin, until somebody puts it away.
FIRST_VISIT = """\
**New here?** Each line is a child, with why. **Log** says what you did.
A code name opens the child. **Show names** puts names in place of code names.
The **?** beside a title says what a page is for, and **Help** explains every word."""

ABOUT = """\
These pages help a school to support children who are looked after.
They also cover children previously looked after, and children who have a social worker.
They show what the school's own files say, and they predict nothing.

This is not an official tool of the Department for Education (DfE)
or of the National Health Service (NHS)."""

CODES = """\
The register has two sessions a day: AM and PM. Each has one code.
A missed session counts as unauthorised while its code is N, until a reason replaces it.
Sessions when school is closed, and those marked D, Q, X or Y with a number, are not possible
sessions, so they count in neither part."""

MISSING = """\
- **0** is a fact: the school counted, and there was none.
- **Not recorded** is a job: nobody has written it down yet. It never counts as 0.
- **Hidden** is a choice: the number exists, and this role does not see it.
- **Too early to say**: there are too few school weeks for a fair rate.
- **A dash** in a table needs no action: it does not apply, or nothing more was said.

These five are always shown differently."""

TERMS = """\
- **Code name**: two plain words that stand for a child, such as copper lantern.
- **Looked after**: by a local authority on that day, under an order or by agreement.
- **Previously looked after**: left care by adoption, special guardianship or a child
  arrangements order, or was adopted from care abroad.
- **Has a social worker**: is a child in need, or is on a child protection plan.
- **PEP**: personal education plan, looked at each term for a child who is looked after.
- **SDQ**: strengths and difficulties questionnaire. A higher score means more difficulties.
- **EHCP**: Education, Health and Care Plan, issued by the local authority.
- **Date**: a day by which a step is due. It says who holds the step, and blames nobody.
- **Needs attention**: a rule has listed the child. It is not a score.
- **Session**: half a school day.
- **Possible sessions**: those in which the child could have been in school.
- **Missed {persistent_absence_sessions} or more**: official tables call this persistent absence.
- **Whole school**: all children on roll, added up by week. Nobody else's rows are kept."""

UNTRACKED = """\
No file that a school gets has these steps. They are the authority's, and nothing here
says whether they were done. Ask the social worker."""

ACCESS = """\
A named person holds each role. The safeguarding lead decides who.
Scores, health checks and plans are for the designated teacher and the safeguarding lead.
So are their dates: pastoral staff see those of attendance, PEPs, reviews of care and their
own actions.
Every page that is opened is written down: who, when, and which child by code name.
A line that is changed or taken out later can be found.
Each child's page ends with who can see it. The safeguarding lead also reads there who has looked.
Only the safeguarding lead can see a child's identity, with a passphrase and a reason.
Whether a child is in need or on a plan is shown to the safeguarding lead only."""

ACCESSIBILITY = """\
Charts have a text that is read aloud, and a table with the same numbers.
Colour never carries a meaning alone. Pages print in grey. Pages work with a keyboard.

What does not work well yet:

- The keys r and c do things on every page, and this cannot be turned off.
- A small menu over a chart shows only when a mouse is there.
- Charts get small at 400% zoom. Use the table instead.
- No screen reader user has tested these pages yet."""
