"""What an attack on a real home found open, each finding with the tests that hold it shut.

Each names what broke, how often of how many tries, and where the same is tried again with a
control.  The tests are named, so that none is renamed or taken away without its line here.
"""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]

#: Finding, tries that broke of all, and the tests: a file and a function of it, all of the file
#: for "*".
FINDINGS = (
    ("another user: link, loopback addresses, IPv6, cookie, another port, notebook", "6 of 7", (
        "proofs/attacks/test_other_user.py *",
        "dashboard/network/test_neighbour.py *",
    )),
    ("one word in home.toml switches sign-in, roles and the four eyes off", "1 of 23", (
        "proofs/attacks/test_put_back.py test_a_home_that_is_called_a_demo_opens_nothing",
    )),
    ("an older store, list, vault or settings put back, or edited", "4 of 23", (
        "proofs/attacks/test_put_back.py test_an_older_file_that_was_put_back_is_told",
        "safeguards/access/test_people.py test_an_older_list_counts_for_nothing",
        ("intake/map/test_mapped_files.py "
        "test_a_mapping_that_was_edited_by_hand_waits_for_the_lead"),
    )),
    ("a crash between a file and its head", "0", (
        "proofs/attacks/test_put_back.py test_a_crash_between_a_file_and_its_head_is_mended",
    )),
    ("a setting lowers what a guess at a passphrase costs", "1 of 23", (
        "safeguards/keys/test_wraps.py test_the_usual_cost_is_that_of_the_design",
        "stewardship/test_doctor.py test_a_passphrase_that_costs_too_little_is_found",
    )),
    ("a gap of the log is declared by nobody in particular", "1 of 23", (
        "safeguards/access/test_people.py test_each_command_is_for_the_roles_that_have_it",
    )),
    ("the log and its head are gone, and it is whole", "4 of 6, with the keys", (
        "stewardship/test_doctor.py test_an_empty_log_of_a_used_home_is_found",
        "stewardship/test_doctor.py test_a_lost_head_of_the_log_is_found",
    )),
    ("one changed character in each of 27 kinds of file", "55 of 162", (
        "proofs/attacks/test_put_back.py test_a_flipped_bit_is_told_of_every_file",
        "proofs/crashes/test_flips.py *",
    )),
    ("an erased child comes back", "2 of 4", (
        "proofs/attacks/test_erased_child.py *",
        ("proofs/attacks/test_put_back.py "
        "test_an_erased_child_does_not_come_back_with_an_older_store"),
        "safeguards/journal/test_ledger.py test_a_line_of_a_receipt_is_of_one_child_of_this_home",
    )),
    ("a damaged recovery key is never noticed, and a drill without the paper counts", "1 of 1", (
        "proofs/attacks/test_put_back.py test_a_flipped_bit_is_told_of_every_file",
        "stewardship/backup/test_backup.py *",
    )),
    ("the account, the keys and a list of UPNs name children", "11 of 24", (
        "safeguards/access/test_loads.py *",
        "proofs/attacks/test_hash_guessing.py *",
    )),
    ("a pipe, folder or device named like an export; a file that fills the memory", "2 of 22", (
        "intake/read/test_read.py test_what_is_no_file_is_named_and_never_opened",
        "intake/read/test_read.py test_a_file_that_would_fill_the_memory_is_refused_in_words",
    )),
    ("a cell that begins with blanks, breaks or a look-alike sign before =", "2 of 22", (
        "proofs/inputs/test_hostile_text.py *",
    )),
    ("a token without an end, another metadata host, everybody's tenants in capitals", "3 of 55", (
        ("safeguards/access/test_claims.py "
        "test_a_token_of_another_or_of_another_time_lets_nobody_in"),
        "safeguards/access/test_provider.py test_settings_that_cannot_be_are_refused",
    )),
    ("wrong algorithm, none, nonce, state, code and PKCE: not tried live", "0", (
        "proofs/attacks/test_crooked_provider.py *",
    )),
    ("half requests stay open", "1,500 for 20 s", (
        "dashboard/server/test_server.py *",
    )),
    ("a cookie stays the same from person to person; an address signs somebody out", "0", (
        "safeguards/access/test_sign_in.py test_each_sign_in_has_a_cookie_of_its_own",
        "safeguards/access/test_sign_in.py test_an_open_tab_comes_along_with_its_own_person",
        "browser/test_sign_in_browser.py test_a_cookie_is_good_for_one_sign_in",
        "dashboard/server/test_web.py test_no_address_signs_anybody_out",
        ("dashboard/server/test_web.py "
        "test_a_word_brings_a_new_cookie_once_and_ends_the_one_before"),
    )),
    ("a file on offer is taken after the session", "1", (
        "dashboard/server/test_downloads.py test_whose_session_is_over_takes_nothing",
    )),
    ("a notebook outlives the session", "1", (
        "dashboard/server/test_notebook.py *",
    )),
    ("two lac people at once", "0 of 4", (
        "safeguards/access/test_people.py test_two_commands_at_once_lose_nothing",
    )),
)  # fmt: skip


def list_tests(path: Path) -> set[str]:
    """The tests of a file, by name."""
    body = ast.parse(path.read_text("utf-8")).body
    return {each.name for each in body if isinstance(each, ast.FunctionDef)}


@pytest.mark.parametrize(("finding", "broke", "tests"), FINDINGS, ids=[row[0] for row in FINDINGS])
def test_each_finding_has_its_tests(finding: str, broke: str, tests: tuple[str, ...]) -> None:
    """Whichever room they are in."""
    assert finding
    assert broke
    for each in tests:
        name, _, function = each.partition(" ")
        found = list_tests(TESTS / name)
        if function == "*":
            assert any(test.startswith("test_") for test in found), each
        else:
            assert function in found, each
