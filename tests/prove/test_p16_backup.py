"""P16: one command backs up, one restores, and the drill proves them equal."""

import time

import pytest
from django.core.management import call_command
from django.utils import timezone

from earlyhelp.audit import seals
from earlyhelp.backups.making import back_up
from earlyhelp.backups.restoring import restore
from tests.backups import elsewhere, measured


@pytest.mark.promise("P16")
@pytest.mark.django_db(transaction=True)
def test_the_invented_county_restored_elsewhere_is_equal_to_the_last_row(tmp_path, proof):
    call_command("demo", verbosity=0)
    began = time.monotonic()
    back_up(tmp_path / "drill", now=timezone.now())
    with elsewhere() as there:
        restore(tmp_path / "drill", using=there)
        took = time.monotonic() - began
        (tables, sequences), (again, drawn_again) = measured(), measured(there)
        faults = seals.verify(expect=seals.head().hash, using=there)

    unlike = sum(tables[name] != again.get(name) for name in tables) + abs(len(tables) - len(again))
    behind = sum(sequences[name] != drawn_again.get(name) for name in sequences)
    rows = sum(table["rows"] for table in tables.values())
    proof.line(
        f"backup and restore of the invented county: {rows:,} rows in {len(tables)} tables, {len(sequences)} sequences",
        f"{unlike} tables and {behind} sequences differ, {len(faults)} faults in the log’s seals; both took {took:.0f} s",
        kept=(unlike, behind, faults) == (0, 0, []),
    )
