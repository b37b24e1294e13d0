"""Who holds which role: named, one by one, and only as the safeguarding lead confirmed it."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock, Timeout
from typer.testing import Result

from safeguards.access import access, admission
from safeguards.access.people import People, Person
from safeguards.errors import PassphraseError, PeopleError, ProofError
from safeguards.home.home import Home
from safeguards.journal.access_log import AccessLog
from safeguards.keys.heads import MAPPINGS, Heads
from safeguards.keys.key_ring import FILE, KeyRing
from safeguards.keys.keys import Keys, list_headed_files
from safeguards.vault.vault import Vault
from tests.support import commands
from tests.support.schools.real_home import DEPUTY, LEAD, PEOPLE, phrase_of

TEACHER, MANAGER = PEOPLE["teacher"], PEOPLE["manager"]
NEW = "another five words of hers"


@pytest.fixture
def keys(real: Home) -> Keys:
    return Keys.load(real)


@pytest.fixture
def lac(real: Home, tmp_path: Path) -> Any:
    def run(*arguments: str, phrases: tuple[str, ...] = ()) -> Result:
        fd = commands.passphrase_fd(tmp_path, *phrases) if phrases else ()
        return commands.lac(*arguments, "--home", real.folder, *fd)

    return run


def said(home: Home, keys: Keys) -> list[tuple[str, str, str, str | None]]:
    records = list(AccessLog(home, keys).read_records())
    return [(r["event"], r["actor"], r["role"], r["purpose"]) for r in records]


def give(home: Home, keys: Keys, name: str, phrase: str) -> None:
    """Have the lead let somebody choose a passphrase."""
    lead = admission.sign_in_with_passphrase(home, LEAD, phrase_of(LEAD))
    person = People.load(home, keys).find_by_name(name)
    assert person is not None
    admission.give_passphrase(home, keys, lead, person, phrase)


# The list


ONE_LEAD = Person(LEAD, "dsl")


@pytest.mark.parametrize(
    ("listed", "row", "column"),
    [
        ((Person("", "dsl"),), 2, "person"),
        ((Person("x" * 81, "dsl"),), 2, "person"),
        ((Person("R.\u200bLead", "dsl"),), 2, "person"),
        ((ONE_LEAD, Person(LEAD.upper(), "head")), 3, "person"),
        ((ONE_LEAD, Person("A", "none")), 3, "role"),
        ((ONE_LEAD, Person("A", "DSL")), 3, "role"),
        ((ONE_LEAD, Person("A", "")), 3, "role"),
        ((Person(LEAD, "dsl", "s", "t"), Person("A", "head", "s", "t")), 3, "sub"),
        ((ONE_LEAD, Person("A", "head", "", "t")), 3, "tid"),
    ],
)
def test_people_who_cannot_stand_together_are_refused(
    listed: tuple[Person, ...], row: int, column: str
) -> None:
    with pytest.raises(PeopleError, match=f'row {row}, column "{column}"'):
        People(listed)


def test_there_is_always_a_lead() -> None:
    with pytest.raises(PeopleError, match="no safeguarding lead"):
        People((Person("A", "head"),))
    with pytest.raises(PeopleError, match="no safeguarding lead"):
        People((ONE_LEAD, Person("A", "head"))).remove(LEAD)
    with pytest.raises(PeopleError, match="no safeguarding lead"):
        People((ONE_LEAD,)).add_or_replace(Person(LEAD, "head"))


def test_a_person_of_the_service_is_known_by_both_its_codes() -> None:
    people = People((ONE_LEAD, Person("A", "head", "sub-1", "tid-1")))
    found = people.find_by_sub("sub-1", "tid-1")
    assert found is not None
    assert found.person == "A"
    assert people.find_by_sub("sub-1", "tid-2") is None
    assert people.find_by_sub("", "") is None  # nobody who has no code is found by none


def test_the_file_comes_back_as_it_was_saved(real: Home, keys: Keys) -> None:
    odd = Person('H. "Hal", Head', "head", "a,b", "t")
    People.load(real, keys).add_or_replace(odd).save(real, keys)
    assert People.load(real, keys).find_by_name(odd.person) == odd
    assert [each.role for each in People.load(real, keys)][:5] == list(PEOPLE)


def test_an_edit_by_hand_or_an_older_list_counts_for_nothing(real: Home, keys: Keys) -> None:
    """Whoever can write in the home cannot make a lead of somebody, or put back an older list."""
    path = real.folder / "roles.csv"
    older = path.read_text()
    People.load(real, keys).remove(TEACHER).save(real, keys)
    text = path.read_text()
    for edited in (older, f"{text}A. Stranger,dsl,,\n", f"{text}\n", text.replace("head", "dsl")):
        path.write_text(edited)
        with pytest.raises(PeopleError, match="lac people confirm"):
            People.load(real, keys)
        with pytest.raises(PeopleError, match="lac people confirm"):
            admission.sign_in_with_passphrase(real, LEAD, phrase_of(LEAD))
    path.write_text(text)
    assert People.load(real, keys)
    keys.heads.set(path.name)  # that nobody has confirmed
    with pytest.raises(PeopleError, match="lac people confirm"):
        People.load(real, keys)


# Signing in


def test_each_person_signs_in_as_who_they_are(real: Home, keys: Keys) -> None:
    for role, name in PEOPLE.items():
        found = admission.sign_in_with_passphrase(real, name, phrase_of(name))
        assert (found.name, found.role, found.home_id) == (name, role, real.home_id)
        assert admission.is_still_valid(real, keys, found)
        assert said(real, keys)[-1] == ("sign_in", name, role, "passphrase")


def test_a_wrong_passphrase_or_name_lets_nobody_in_and_is_written_down(
    real: Home, keys: Keys
) -> None:
    """The two are told alike; what was typed as a name is not written, it may be a passphrase."""
    messages = set()
    for name, phrase, actor in (
        (LEAD, phrase_of(TEACHER), LEAD),
        (LEAD, "", LEAD),
        ("N. Obody", phrase_of(LEAD), "unknown"),
        (phrase_of(LEAD), "", "unknown"),
    ):
        with pytest.raises(PassphraseError) as caught:
            admission.sign_in_with_passphrase(real, name, phrase)
        messages.add(str(caught.value))
        assert said(real, keys)[-1] == ("deny", actor, "none", "sign in: wrong passphrase")
    assert len(messages) == 1
    assert phrase_of(LEAD) not in (real.log / "access.jsonl").read_text()


def test_a_real_home_opens_for_nobody_who_did_not_sign_in(real: Home, keys: Keys) -> None:
    for actor, role in ((LEAD, "dsl"), ("root", "dsl"), ("nobody", "none")):
        with pytest.raises(access.Denied, match="Sign in first"):
            access.open(real.folder, actor=actor, role=role, purpose="test")
        assert said(real, keys)[-1] == ("deny", actor, role, "test: not signed in")


def test_what_was_proved_holds_in_its_home_and_role_only(real: Home, keys: Keys) -> None:
    """The teacher becomes pastoral staff, leaves, and was never the lead."""
    found = admission.sign_in_with_passphrase(real, TEACHER, phrase_of(TEACHER))
    session = access.open(real.folder, admitted=found, purpose="test")
    assert session.role == "teacher"
    session.enter("today", action="log_action")
    forged = admission.Principal(real.home_id, TEACHER, "dsl", found.at)
    elsewhere = admission.Principal("0123456789", TEACHER, "teacher", found.at)
    for each in (forged, elsewhere):
        with pytest.raises(access.Denied):
            access.open(real.folder, admitted=each, purpose="test")
    People.load(real, keys).add_or_replace(Person(TEACHER, "pastoral")).save(real, keys)
    with pytest.raises(access.Denied):
        access.open(real.folder, admitted=found, purpose="test")
    with pytest.raises(access.Denied):  # the page was open before
        session.enter("today", action="log_action")
    People.load(real, keys).remove(TEACHER).save(real, keys)
    with pytest.raises(access.Denied):
        access.open(real.folder, admitted=found, purpose="test")


def test_another_passphrase_ends_what_the_old_one_opened(real: Home, keys: Keys) -> None:
    """Given by the lead, or changed by the person; a change to nothing else does not."""
    found = admission.sign_in_with_passphrase(real, TEACHER, phrase_of(TEACHER))
    give(real, keys, MANAGER, NEW)
    assert admission.is_still_valid(real, keys, found)
    give(real, keys, TEACHER, NEW)
    assert not admission.is_still_valid(real, keys, found)
    again = admission.sign_in_with_passphrase(real, TEACHER, NEW)
    assert admission.is_still_valid(real, keys, again)
    ring = KeyRing(real, keys)
    ring.change_passphrase(TEACHER, NEW, phrase_of(TEACHER))
    ring.save()
    assert not admission.is_still_valid(real, keys, again)


def test_another_account_ends_what_the_old_one_opened(real: Home, keys: Keys) -> None:
    for sub in ("first", "second"):
        people = People.load(real, keys).add_or_replace(Person(TEACHER, "teacher", sub))
        people.save(real, keys)
        person = people.find_by_name(TEACHER)
        assert person is not None
        found = admission.admit(real, keys, person)
        assert admission.is_still_valid(real, keys, found)
    People.load(real, keys).add_or_replace(Person(TEACHER, "teacher", "first")).save(real, keys)
    assert not admission.is_still_valid(real, keys, found)


def test_who_signed_in_for_notebooks_is_forgotten_too(real: Home) -> None:
    found = admission.sign_in_with_passphrase(real, LEAD, phrase_of(LEAD))
    admission.remember(found)
    assert admission.find_remembered(real) == found
    assert admission.find_remembered(real, lambda: found.at + admission.SIGN_IN_TTL) is None


# The command line


def test_a_person_comes_changes_and_goes(lac: Any, real: Home, keys: Keys) -> None:
    """The log says whose role and passphrase it was."""
    lead, first = phrase_of(LEAD), "a first one of five words"

    def run(*arguments: str, phrases: tuple[str, ...] = (lead,)) -> str:
        done = lac("people", *arguments, phrases=phrases)
        assert done.exit_code == 0, done.output
        return str(done.stdout)

    run("add", "N. Ew", "--role", "pastoral")
    assert "N. Ew: pastoral, cannot sign in yet" in run("list", phrases=())
    run("passphrase", "N. Ew", phrases=(lead, first))
    run("change", "--as", "N. Ew", phrases=(first, NEW))
    assert admission.sign_in_with_passphrase(real, "N. Ew", NEW).role == "pastoral"
    run("remove", "N. Ew")
    assert "N. Ew" not in run("list", phrases=())
    assert "N. Ew" not in KeyRing(real, Keys.load(real)).people
    with pytest.raises(PassphraseError):
        admission.sign_in_with_passphrase(real, "N. Ew", NEW)
    assert [(event, why) for event, _, _, why in said(real, keys)
            if event not in ("load", "sign_in", "deny")] == [
        ("people_changed", "N. Ew: pastoral added"),
        ("passphrase_given", "N. Ew"),
        ("passphrase_changed", None),
        ("people_changed", "N. Ew: none"),
    ]  # fmt: skip


def test_two_commands_at_once_lose_nothing(
    lac: Any, real: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reads what it changes, and writes it, while it alone holds the home."""
    free: list[str] = []

    def is_free() -> bool:
        try:
            with FileLock(real.folder / "load.lock", timeout=0):
                return True
        except Timeout:
            return False

    last_read: dict[str, bool] = {}
    read, write = Heads.read, Heads.write

    def noted_read(heads: Heads, path: Path) -> bytes:
        last_read[path.name] = is_free()
        return read(heads, path)

    def noted_write(heads: Heads, path: Path, content: bytes) -> None:
        if is_free() or last_read.get(path.name, False):
            free.append(path.name)
        written.add(path.name)
        write(heads, path, content)

    monkeypatch.setattr(Heads, "read", noted_read)
    monkeypatch.setattr(Heads, "write", noted_write)
    lead, written = phrase_of(LEAD), set[str]()
    for *words, phrases in (
        ("people", "add", "N. Ew", "--role", "dsl", (lead,)),
        ("people", "passphrase", "N. Ew", (lead, NEW)),
        ("people", "change", "--as", "N. Ew", (NEW, f"{NEW} too")),
        ("people", "add", "N. Ew", "--role", "head", (lead,)),
        ("people", "remove", "N. Ew", "--role", "dsl", (lead,)),
        ("people", "remove", "N. Ew", (lead,)),
    ):
        done = lac(*words, phrases=phrases)
        assert done.exit_code == 0, (words, done.output)
    assert free == []
    assert written == {"roles.csv", "key_ring.json"}


def test_only_the_lead_changes_who_holds_which_role(lac: Any, real: Home, keys: Keys) -> None:
    before = (real.folder / "roles.csv").read_bytes()
    for name in PEOPLE.values():
        if name == LEAD:
            continue
        for command in (("add", name, "--role", "dsl"), ("passphrase", LEAD), ("remove", LEAD)):
            done = lac("people", *command, "--as", name, phrases=(phrase_of(name), NEW))
            assert done.exit_code == 2, done.output
            assert said(real, keys)[-1][0] == "deny"
    assert (real.folder / "roles.csv").read_bytes() == before
    assert admission.sign_in_with_passphrase(real, LEAD, phrase_of(LEAD))


@pytest.mark.parametrize("way", ["off the list", "by hand"])
def test_who_is_lead_no_more_has_no_key_and_confirms_nothing(
    lac: Any, real: Home, way: str
) -> None:
    """She edits the list back, and confirms it by her old passphrase, or the teacher does."""
    path = real.folder / "roles.csv"
    before = path.read_text()
    words = {"off the list": ("remove", DEPUTY), "by hand": ("confirm",)}[way]
    if way == "by hand":
        path.write_text(before.replace(f"{DEPUTY},dsl", f"{DEPUTY},head"))
    done = lac("people", *words, phrases=(phrase_of(LEAD),))
    assert done.exit_code == 0, done.output
    assert "lac keys rotate" in done.stdout
    assert KeyRing(real, Keys.load(real)).list_people("identities") == (LEAD,)
    path.write_text(before.replace(f"{TEACHER},teacher", f"{TEACHER},dsl"))
    for name in (DEPUTY, TEACHER):
        refused = lac("people", "confirm", "--as", name, phrases=(phrase_of(name),))
        assert refused.exit_code == 2, refused.output
        with pytest.raises(PeopleError):
            People.load(real, Keys.load(real))


def test_a_passphrase_of_who_was_taken_off_by_hand_goes(lac: Any, real: Home, keys: Keys) -> None:
    """With the confirmation: nobody comes back with it when the name is listed again."""
    people = People.load(real, keys)
    people.remove(TEACHER).save(real, keys)
    assert TEACHER in KeyRing(real, Keys.load(real)).people
    done = lac("people", "confirm", phrases=(phrase_of(LEAD),))
    assert done.exit_code == 0, done.output
    assert TEACHER not in KeyRing(real, Keys.load(real)).people
    people.save(real, keys)
    with pytest.raises(PassphraseError):
        admission.sign_in_with_passphrase(real, TEACHER, phrase_of(TEACHER))
    unknown = lac("people", "remove", "N. Obody", phrases=(phrase_of(LEAD),))
    assert unknown.exit_code == 2


def test_a_backup_from_before_a_new_key_is_refused_here_and_harms_nothing(
    lac: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody could confirm what it brings; its own keys bring all of it, by the code on paper."""
    (tmp_path / "disk").mkdir()
    told = lac("backup", "--to", str(tmp_path / "disk")).stdout
    (code,) = (line for line in told.splitlines() if "AGE-SECRET-KEY" in line)
    (file,) = (tmp_path / "disk").iterdir()
    renewed = lac("keys", "rotate", phrases=(phrase_of(LEAD),))
    assert "Earlier backups can be opened only with the recovery code" in renewed.stdout
    assert "backup: This computer has made no backup that its keys open" in lac("doctor").output
    at = ("--home", tmp_path / "new", "--older")
    refused = commands.lac("restore", file, *at)
    assert (refused.exit_code, "lac keys rotate" in refused.stderr) == (2, True)
    asked = lac("sql", "select count(*) from cohort_member", phrases=(phrase_of(LEAD),))
    assert asked.exit_code == 0, asked.output
    by_code = ("--recovery-code", "-")
    monkeypatch.setenv("LAC_KEYS", str(tmp_path / "new-keys"))
    done = commands.lac("restore", file, *at, *by_code, "--no-receipt", answer=code)
    assert done.exit_code == 0, done.output
    typed = commands.passphrase_fd(tmp_path, phrase_of(LEAD))
    assert commands.lac("people", "confirm", *at[:2], "--as", LEAD, *typed).exit_code == 0


@pytest.mark.parametrize("place", ["here", "on a new computer"])
def test_a_list_out_of_a_backup_counts_once_a_lead_has_confirmed_it(
    lac: Any, real: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Who has left since has no passphrase here; a new computer cannot know that."""
    (tmp_path / "disk").mkdir()
    told = lac("backup", "--to", str(tmp_path / "disk")).stdout
    (code,) = (line for line in told.splitlines() if "AGE-SECRET-KEY" in line)
    (file,) = (tmp_path / "disk").iterdir()
    for words in (
        ("remove", TEACHER),
        ("add", DEPUTY, "--role", "head"),
        ("remove", DEPUTY, "--role", "dsl"),
    ):
        assert lac("people", *words, phrases=(phrase_of(LEAD),)).exit_code == 0
    shutil.rmtree(real.folder)
    is_new = place != "here"
    if is_new:
        monkeypatch.setenv("LAC_KEYS", str(tmp_path / "new-keys"))
    options = ("--recovery-code", "-", "--no-receipt") if is_new else ()
    done = commands.lac("restore", file, "--home", real.folder, "--older", *options, answer=code)
    assert done.exit_code == 0, done.output
    assert ("lac keys confirm settings.toml" in done.output) == is_new
    assert "lac people confirm" in done.output
    with pytest.raises(PeopleError, match="lac people confirm"):
        admission.sign_in_with_passphrase(real, LEAD, phrase_of(LEAD))
    if is_new:
        confirmed = lac("keys", "confirm", "settings.toml", phrases=(phrase_of(LEAD),))
        assert confirmed.exit_code == 0, confirmed.output
    else:  # where it is known that she has stepped down
        refused = lac("people", "confirm", "--as", DEPUTY, phrases=(phrase_of(DEPUTY),))
        assert refused.exit_code == 2
    assert lac("people", "confirm", phrases=(phrase_of(LEAD),)).exit_code == 0
    assert (TEACHER in KeyRing(real, Keys.load(real)).people) == is_new
    assert (DEPUTY in KeyRing(real, Keys.load(real)).list_people("identities")) == is_new
    assert ("lac audit gap" in lac("doctor").output) != is_new


def test_a_restore_believes_no_older_file_of_the_keys(
    lac: Any, real: Home, keys: Keys, tmp_path: Path
) -> None:
    """Who puts passphrases of before back restores nothing by them."""
    path = keys.folder / FILE
    older = path.read_bytes()
    give(real, keys, TEACHER, NEW)
    (tmp_path / "disk").mkdir()
    assert lac("backup", "--to", str(tmp_path / "disk")).exit_code == 0
    (file,) = (tmp_path / "disk").iterdir()
    path.write_bytes(older)
    shutil.rmtree(real.folder)
    refused = commands.lac("restore", file, "--home", real.folder, "--older")
    assert (refused.exit_code, FILE in refused.output) == (2, True)


def test_what_is_advised_of_a_changed_file_works(lac: Any, real: Home, keys: Keys) -> None:
    """A file that no command confirms is one to restore, and is not said to be another."""
    (real.folder / MAPPINGS).mkdir()
    mapping = real.folder / MAPPINGS / "roll-1.toml"
    keys.heads.write(mapping, b"")
    mapping.unlink()
    for path in list_headed_files(real, keys.folder):
        known = keys.heads.get(path.name)
        keys.heads.set(path.name, "0" * 64)
        with pytest.raises(ProofError) as caught:
            keys.heads.read(path)
        advice = str(caught.value).partition("can confirm it: lac ")[2]
        words = advice.split() or ["keys", "confirm", path.name]
        done = lac(*words, phrases=(phrase_of(LEAD),))
        assert (done.exit_code == 0) == bool(advice), (path, done.output)
        keys.heads.set(path.name, *known or ())


def test_passphrases_that_are_gone_are_told_and_a_home_that_others_reach_is_closed(
    lac: Any, real: Home, keys: Keys
) -> None:
    """Not that the passphrase is wrong: it was right."""
    (keys.folder / FILE).unlink()
    refused = lac("people", "list")
    assert refused.exit_code == 2
    assert FILE in refused.output
    real.folder.chmod(0o755)
    Home.open(real.folder)
    assert real.folder.stat().st_mode & 0o777 == 0o700


def test_a_made_up_school_lists_nobody(
    home: Home, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAC_KEYS", environ["LAC_KEYS"])
    done = commands.lac("people", "list", "--home", home.folder)
    assert done.exit_code == 2
    assert "offer every role" in done.output


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        (("sql", "select count(*) as n from cohort_member"), {"dsl"}),
        (("audit", "show"), {"dsl"}),
        (("audit", "gap", "--backup-of", "2026-11-20"), {"dsl"}),
        (("retention", "plan"), {"dsl", "manager"}),
        (("share", "add", "Quarry Council", "--kind", "own authority"), {"dsl"}),
    ],
)
def test_each_command_is_for_the_roles_that_have_it(
    lac: Any, real: Home, keys: Keys, command: tuple[str, ...], allowed: set[str]
) -> None:
    """In a real home an option --role gives nobody anything, nor another's passphrase."""
    for role in ("dsl", "manager", "teacher"):
        name = PEOPLE[role]
        done = lac(*command, "--as", name, phrases=(phrase_of(name),))
        assert (done.exit_code == 0) == (role in allowed), (role, done.output)
        if role not in allowed:
            assert said(real, keys)[-1][:3] == ("deny", name, role)
    wrong = lac(*command, "--as", LEAD, phrases=(phrase_of(MANAGER),))
    assert wrong.exit_code == 2
    assert "name or the passphrase is wrong" in wrong.output


@pytest.mark.parametrize(
    "command",
    [
        ("sql", "select handle from cohort_member"),
        ("notebook", "sdq-change", "--no-browser"),
        ("template", "--out", "sheet.xlsx"),
        ("audit", "show"),
        ("retention", "plan"),
        ("vault", "links"),
        ("people", "add", "A. Stranger", "--role", "dsl"),
        ("keys", "rotate"),
        ("share", "due"),
        ("report", "annual", "--out", "annual.csv"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_a_technician_opens_nothing(
    lac: Any, real: Home, keys: Keys, command: tuple[str, ...]
) -> None:
    """Nor does anybody else without a passphrase; the next test is the control."""
    before = len(said(real, keys))
    done = lac(*command)
    assert done.exit_code not in (0, None), done.output
    handles = {record.handle for record in Vault.open(real, keys).pupils}
    assert not [handle for handle in handles if handle in done.output]
    assert "open" not in {event for event, *_ in said(real, keys)[before:]}


def test_a_technician_looks_after_a_home(lac: Any, tmp_path: Path) -> None:
    """Backup and the doctor, with the check of the log, ask for no passphrase."""
    (tmp_path / "disk").mkdir()
    assert lac("backup", "--to", str(tmp_path / "disk")).exit_code == 0
    assert "encrypted" in lac("doctor").stdout
