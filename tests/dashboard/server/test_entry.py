"""The start link and the sessions: one link at a time, and nothing else opens."""

import pytest

from dashboard.server.start_link import LINK_TTL_S, BrowserSessions
from tests.support.clocks import Clock


@pytest.fixture
def entry(clock: Clock) -> BrowserSessions:
    return BrowserSessions(clock)


def test_a_newer_link_ends_the_older(entry: BrowserSessions) -> None:
    """There is one link at a time."""
    older, newer = entry.generate_link(), entry.generate_link()
    assert entry.redeem_link(older) is None
    assert entry.redeem_link(newer) is not None


@pytest.mark.parametrize(("after", "works"), [(LINK_TTL_S, True), (LINK_TTL_S + 0.1, False)])
def test_a_link_lasts_ten_minutes(
    entry: BrowserSessions, clock: Clock, after: float, works: bool
) -> None:
    """Unused for longer, it is good no more."""
    word = entry.generate_link()
    clock.now += after
    assert (entry.redeem_link(word) is not None) == works
    assert LINK_TTL_S == 10 * 60


def test_a_session_has_no_end_of_its_own(entry: BrowserSessions, clock: Clock) -> None:
    """A page that lies open through the day works at its end."""
    session = entry.create_session()
    clock.now += 24 * 60 * 60
    assert entry.has_session(session)


def test_nothing_else_is_a_session(entry: BrowserSessions) -> None:
    """Neither nothing, nor the link's word, nor a session with a letter more or less."""
    word, session = entry.generate_link(), entry.create_session()
    for other in (None, "", " ", word, session[:-1], session + "A", session.swapcase(), "\ud800"):
        assert not entry.has_session(other)


def test_what_it_holds_opens_nothing(entry: BrowserSessions) -> None:
    """Neither the link nor a session can be read back from it."""
    word = entry.generate_link()
    session = entry.redeem_link(word)
    assert session is not None
    renewal, renewed = entry.prepare_renewal(session)
    held = repr(vars(entry))
    assert not any(each in held for each in (word, session, renewal, renewed))


def test_words_are_long_and_never_the_same(entry: BrowserSessions) -> None:
    """256 bits each, so that guessing is out of the question."""
    words = [
        *(entry.generate_link() for _ in range(200)),
        *(entry.create_session() for _ in range(200)),
    ]
    assert len(set(words)) == 400
    assert {len(word) for word in words} == {43}
