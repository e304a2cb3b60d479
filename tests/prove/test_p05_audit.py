"""P5: what was written of who changed and who looked cannot be altered without being found."""

import pytest

from tests.audit.tampering import tamper


@pytest.mark.promise("P5")
@pytest.mark.django_db(transaction=True)
def test_a_thousand_tamperings_by_a_superuser_are_all_found(proof):
    tried, missed = tamper(1_000, rows=500, seed=16)
    proof.line(
        f"{sum(tried.values()):,} tamperings of {len(tried)} kinds by a superuser, triggers off; 1,000 rows, 40 seals",
        f"{sum(tried.values()) - len(missed):,} found, {len(missed)} missed",
        kept=not missed,
    )
