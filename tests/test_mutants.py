"""The changes that `tests.support.mutants` makes are changes of code."""

from tests.support import mutants


def test_comments_and_texts_are_never_changed() -> None:
    """Only tokens of code are drawn, in SQL and in Python."""
    sql = "-- a < b\nselect 'x = 1' as label from t left join u on t.k = u.k where n < 5"
    python = '"""a < b and not c."""\nis_late = day < due and not done  # day < due\n'
    assert [mutant.token for mutant in mutants.list_mutants("a.sql", sql)] == [
        "left join",
        "=",
        "<",
    ]
    changes = mutants.list_mutants("a.py", python)
    assert [mutant.token for mutant in changes] == ["<", "and", "not"]
    assert changes[0].apply(python).splitlines()[1].startswith("is_late = day <= due and")
