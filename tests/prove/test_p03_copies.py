"""P3: a document leaves only as a copy for one reader, who gets what they may have and nothing else."""

import pytest

from tests.factories import AgencyFactory
from tests.sharing.divided import faults

pytestmark = [pytest.mark.promise("P3"), pytest.mark.django_db]
FAMILIES = 300


def test_each_readers_copy_holds_just_what_they_may_have(worker, chair, proof):
    found, made = faults(FAMILIES, seed=12, worker=worker, second=chair, agency=AgencyFactory(kind="school"))

    proof.line(
        f"{FAMILIES} families with adults in conflict, {made:,} copies, each approved by a second person",
        f"{len(found)} hold what their reader may not have, or lack what they may {found[:3]}",
        kept=not found,
    )
