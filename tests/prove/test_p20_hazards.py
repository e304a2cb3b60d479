"""P20: each hazard has its control, and a test that is there."""

import re

import pytest

from tests.test_written import HAZARDS, missing

pytestmark = pytest.mark.promise("P20")


def test_every_hazard_names_a_control_code_and_tests_that_are_there(proof):
    named = {
        hazard: re.findall(r"`((?:tests|earlyhelp|referrals|hubs|lac|assessments)/.+?)`", text)
        for hazard, text in HAZARDS.items()
    }
    gone = [name for names in named.values() for name in missing(names)]
    bare = [hazard for hazard, names in named.items() if not any("::" in name for name in names)]
    proof.line(
        f"{len(named)} hazards, {sum(map(len, named.values()))} paths and tests named",
        f"{len(gone)} not there, {len(bare)} hazards without a test",
        kept=not gone and not bare,
    )
