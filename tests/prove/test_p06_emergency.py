"""P6: break glass is possible, reasoned, limited in time, alarmed and weighed, and refused if it cannot be written."""

import pytest

from tests.cases.breaking import OPENS, openings

OPENINGS = 450


@pytest.mark.promise("P6")
@pytest.mark.django_db
def test_no_case_opens_without_a_reason_an_alarm_and_an_end(
    melton, worker, manager, ig_lead, access_worker, practitioner, proof
):
    people = {"lead": worker, "manager": manager, "ig_lead": ig_lead, "named": access_worker, "unnamed": practitioner}
    tried, faults = openings(OPENINGS, seed=6, area=melton, **people)
    refused = sum(tried[way] for way in OPENS)
    proof.line(
        f"{OPENINGS} openings: {tried['opens']} written, alarmed, then weighed or over; {refused} where something could not "
        f"be written, {tried['the access log']} where the access log could not; the rest without reason, right or case",
        f"{len(faults)} came to another end than they should {faults[:5]}",
        kept=not faults,
    )
