"""The reasons to look on a made-up school: hardly a false alarm, hardly a child forgotten.

tests/support/children/looks.sql reads the same files without our rules.
"""

import pytest

from tests.support.children.looks import judge_looks


@pytest.mark.slow
def test_reasons_are_what_a_plain_reading_says() -> None:
    """Of ten persistently absent children nine are listed; a weekday is rarely a false alarm."""
    judged = judge_looks(11, 800)
    found = {each.rule: each for each in judged.rules}
    assert judged.persistent > 80
    assert judged.persistent_listed * 10 >= judged.persistent * 9
    assert found["same_weekday"].listed
    assert found["same_weekday"].false_alarms * 20 < found["same_weekday"].listed
    others = [each for each in judged.rules if each.rule != "same_weekday"]
    assert len(others) >= 9
    assert [each for each in others if each.false_alarms or each.misses] == []
