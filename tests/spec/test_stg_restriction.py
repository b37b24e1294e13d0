"""stg_restriction: whose data may be kept but not used."""


def test_a_child_is_restricted_while_there_is_a_row(given, answer):
    given(
        raw_pupil="""
            pupil
            ------
            P1
            P2 """,
        raw_restriction="""
            pupil | since_date
            ------+-----------
            P1    | 2026-11-13 """,
    )
    assert answer("stg_restriction", by="pupil") == {"P1": {"since_date": "2026-11-13"}}
