"""The standing texts of Help, apart from the page so that they can be read and reviewed."""

#: What each page is for, beside its title.
PURPOSES = {
    "today": "Who needs attention, and what is due. Log what you did to close a reason.",
    "schools": "How up to date each school's files are, and the main figures for all schools.",
    "children": "All the children in one list, to scan or search. Choose a child to see more.",
    "child": "One child: what needs attention, what is due, what was done, and how the year went.",
    "attendance": "Who misses sessions, when and why. Use a filter to find who misses most.",
    "wellbeing": "How scores have changed, and which checks are due. No child is judged or ranked.",
    "learning": "The progress of each child, and the help they have to learn.",
    "plans": "Every date, and who must act. Filter by what is overdue, by who must act or by kind.",
    "safeguarding": "How far each child protection case has got, what is due, and who to ring.",
    "reports": "The report to governors, in four steps. No figure in Part One identifies a child.",
    "rights": "What families have asked for about a child's data, what to do, and by when.",
    "bring_in": "Drop files here. You see what would change before anything is saved.",
    "data_check": "Whether the figures can be trusted, and what the office can put right.",
    "opened": "How often the safeguarding lead looked up who a child is, but not which child.",
    "help": "What each word and figure means, who can see what, and what does not work yet.",
}

#: Where to begin, until somebody puts it away.
FIRST_VISIT = """\
**New here?** Each line is a child, with the reasons. Use **Log** to record what you did.
Choose a code name to open the child. **Show names** replaces code names with real names.
The **?** next to a title says what a page is for, and **Help** explains every word."""

ABOUT = """\
These pages are about children who are looked after, were looked after, or have a social worker.
The pages show what the school's own files say, and make no predictions.

This is not an official tool of the Department for Education (DfE) or of the National Health \
Service (NHS)."""

CODES = """\
The register has two sessions a day, AM and PM, and each has one code.
A session marked N counts as missed and unauthorised until a reason replaces the N.
Closed days, and codes D, Q, X and Y with a number, count as neither attended nor missed."""

MISSING = """\
- **Zero (0)** is a fact: the school counted, and there were none.
- **Not recorded** is a job to do: nobody has written the figure down yet. This never counts as 0.
- **Hidden** is a choice: the figure exists, but this role cannot see it.
- **Too early to say**: there are too few school weeks for a fair rate.
- **A dash** in a table needs no action: nothing applies, or there is nothing more to say.

Each of the five looks different wherever it appears."""

TERMS = """\
- **Code name**: two plain words that stand for a child, such as copper lantern.
- **Looked after**: in the care of a local authority on that day, under an order or by agreement.
- **Previously looked after**: left care by adoption, special guardianship or a child \
arrangements order, or was adopted from care abroad.
- **Has a social worker**: is a child in need, or is on a child protection plan.
- **PEP**: personal education plan, reviewed each term for a child who is looked after.
- **SDQ**: strengths and difficulties questionnaire. A higher score means more difficulties.
- **EHCP**: Education, Health and Care Plan, issued by the local authority.
- **Date**: the day by which a step is due. A date says who must act, and blames nobody.
- **Needs attention**: a rule has listed the child. This is not a score.
- **Session**: half a school day.
- **Possible sessions**: the sessions in which the child could have been in school.
- **Missed {persistent_absence_sessions} or more**: official tables call this persistent absence.
- **Whole school**: all children on roll, in weekly totals. No rows of other children are kept."""

UNTRACKED = """\
These steps are for the local authority, and no file tells the school whether they were done. \
Ask the social worker."""

ACCESS = """\
Each role belongs to a named person. The safeguarding lead decides who has which role.
Only the designated teacher and the safeguarding lead see scores, health checks, plans and their \
dates.
Pastoral staff see the dates of attendance, PEPs, reviews of care and their own actions.
Every page that is opened is recorded: who opened the page, when, and which child by code name.
If anyone changes or removes a line of that record, the change can be detected.
The foot of each child's page says who can see the page, and tells the safeguarding lead who has.
Only the safeguarding lead can see a child's identity, with a passphrase and a reason.
Only the safeguarding lead can see whether a child is in need or on a child protection plan."""

ACCESSIBILITY = """\
Each chart has a description for screen readers, and a table with the same numbers.
Colour is never the only sign of anything. Pages print in grey. Pages work with a keyboard.

What does not work well yet:

- The keys r and c are shortcuts on every page, and they cannot be turned off.
- The small menu over a chart appears only if you use a mouse.
- Charts are small at 400% zoom. Use the table instead.
- Nobody who uses a screen reader has tested these pages yet."""
