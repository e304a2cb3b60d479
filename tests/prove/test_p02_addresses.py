"""P2: a secret address typed into a text is found however it is spelled, and what names another street holds nobody up."""

import pytest

from earlyhelp.families.spelling import like_an_address
from tests.families.spelled import demo_texts, false_alarms, missed

pytestmark = pytest.mark.promise("P2")
HOMES = 2_000


def test_a_secret_address_is_found_however_it_is_spelled(proof):
    exact, lost, spelled, unfound = missed(HOMES, seed=12)
    proof.line(
        f"{HOMES:,} secret homes: {exact:,} exact addresses and postcodes, {spelled:,} other spellings of them in a sentence",
        f"{len(lost)} exact not found; of the others {1 - len(unfound) / spelled:.2%} found {unfound[:3]}",
        kept=not lost and len(unfound) <= spelled / 100,
    )


def test_what_names_another_street_is_not_taken_for_it(proof):
    notes, alarms = false_alarms(HOMES, seed=12)
    said = demo_texts()
    like = sum(map(like_an_address, said))
    proof.line(
        f"{notes:,} notes that name another street; {len(said)} texts of the invented county",
        f"{len(alarms)} taken for the secret one ({len(alarms) / notes:.2%}); {like} texts look like an address {alarms[:2]}",
        kept=len(alarms) <= notes / 100,
    )
