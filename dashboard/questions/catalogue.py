"""All questions, by the section of the menu that lists them."""

from dashboard.questions import absence, caseloads, meetings, premium, sent_files
from dashboard.questions.question import Question
from safeguards.access import access

SECTIONS: dict[str, tuple[Question, ...]] = {
    "Children": caseloads.QUESTIONS,
    "Attendance": absence.QUESTIONS,
    "Plans": meetings.QUESTIONS,
    "Learning": premium.QUESTIONS,
    "Schools": sent_files.QUESTIONS,
}
#: All questions by their address.
QUESTIONS = {
    question.address: question for questions in SECTIONS.values() for question in questions
}


def list_questions(session: access.Session) -> list[Question]:
    """Return the questions that the role may ask, and that the home keeps the data for."""
    if session.home_of == "school" or not session.is_allowed("schools"):
        return []
    return [question for question in QUESTIONS.values() if question.is_asked(session)]
