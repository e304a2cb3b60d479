"""Story 11: social care steps a family down. Nobody weighs the threshold again, and nobody closes before a lead has accepted."""

from datetime import date

import pytest
from django.utils import timezone

from earlyhelp.cases.models import Case
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from referrals.enums import Status
from referrals.models import Referral
from tests.factories import AgencyFactory
from tests.stories.front_door import answers, asks, family, member, progresses, refers

SAFE = "A child in need plan since June. Their father has moved out; both are seen each week, and sleep."
STILL = "Mornings, with the school. I should be worried if he came back."
PARTS = {
    "closing": {"closing_summary": SAFE, "plan_ahead": STILL},
    "wants": {"wants": "“Somebody who is there in the mornings.”"},
    "safety": {"safeguarding": "no", "urgent": "no"},
    "you": {"contact_phone": "01632 960 190"},
}
NOT_YET = "Not yet: keep the family open. No lead professional has accepted."


@pytest.fixture
def ines(seat, melton):
    """Their social worker."""
    agency = AgencyFactory(name="County social care", kind="social_care")
    return seat("Ines Ito", melton, agency=agency, phone="01632 960 190")


@pytest.fixture
def asha(seat, county):
    return seat("Asha Rahman", county, Role.EH_ACCESS)


@pytest.fixture
def school():
    return AgencyFactory(name="Riverside Primary", kind="school")


@pytest.fixture
def tess(seat, melton, school):
    """Answers for the school."""
    return seat("Tess Marlow", melton, Role.AGENCY_CONTACT, agency=school)


@pytest.fixture
def jo(seat, melton):
    return seat("Jo Tiller", melton, takes_cases=True)


@pytest.fixture
def ashby(melton, ines):
    people = {"Kerry": ("parent", date(1991, 4, 1)), "Theo": ("child", date(2017, 6, 1))}
    return family("Ashby", melton, by=ines, people=people)


def test_a_family_steps_down_from_social_care(ines, asha, tess, school, jo, hub, ashby, clock):
    meeting = hub.meets(days=10)
    referral = _ines_hands_over_her_summary_and_plan(ines, ashby)
    _nobody_closes_yet(ines, referral)
    _its_threshold_is_not_weighed_and_agencies_are_asked(asha, tess, school, referral)
    case = _it_goes_to_the_hub(asha, referral)
    _nobody_closes_yet(ines, referral)
    _the_hub_offers_it(hub, meeting, case, jo, clock)
    _nobody_closes_yet(ines, referral)
    jo.sends(f"{case.get_absolute_url()}do/accept/")
    _now_ines_may_close_after_they_have_met(ines, jo, referral, case)
    _notices_name_nobody()


def _ines_hands_over_her_summary_and_plan(ines, ashby):
    """Her closing summary and a plan, with the family's agreement; why now is not asked, and without either it is not sent."""
    ines.sends(f"/families/people/{member(ashby, 'Theo').pk}/statutory/", **_status("child_in_need"))
    start = ines.opens(f"/referrals/new/?family={ashby.reference}")
    assert "Keep the family open until the lead professional has accepted" in start
    return refers(ines, ashby, agrees={"Kerry": "given"}, parts=PARTS)


def _status(kind):
    today = timezone.localdate()
    return {"status": kind, "from_on": today, "source": "Ines Ito", "social_worker": "Ines Ito"}


def _nobody_closes_yet(ines, referral):
    assert NOT_YET in ines.opens(referral.get_absolute_url())


def _its_threshold_is_not_weighed_and_agencies_are_asked(asha, tess, school, referral):
    """The information checks are not skipped: nothing is passed on before somebody was asked."""
    asha.sends(f"/referrals/{referral.reference}/do/take/")
    page = asha.opens(f"/referrals/triage/{referral.reference}/")
    assert "Step-down from social care" in page
    assert SAFE in page
    unasked = asha.is_refused(f"/referrals/{referral.reference}/do/pass_step_down/", **_passed())
    assert "Ask at least one agency" in unasked
    question = {"question": "What do you know of them?", "lawful_basis": "agreed", "agencies": [school.pk]}
    asha.sends(f"/referrals/{referral.reference}/do/ask_agencies/", **question)
    answers(tess, referral, reply="nothing_held")
    for weighed in ("accept", "signpost", "advise"):
        assert f"do/{weighed}/" not in asha.browser.get(f"/referrals/triage/{referral.reference}/").text
    assert not Case.objects.exists()


def _passed():
    told = {"message": "It waits for the hub. Keep them open.", "family_told": "yes"}
    return {"reason": "The school knows of nothing new.", "proposed_tier": "2", "urgent": "no"} | told


def _it_goes_to_the_hub(asha, referral):
    case = progresses(asha, referral, "pass_step_down", reason="The school knows of nothing new.")
    referral.refresh_from_db()
    assert referral.status == Status.ACCEPTED
    return case


def _the_hub_offers_it(hub, meeting, case, jo, clock):
    item = hub.hears_of(case)
    clock.forward(days=3)
    hub.publishes(meeting)
    clock.to(timezone.localdate(meeting.starts_at))
    assert "social care waits to close" in hub.chair.opens(
        meeting.get_absolute_url()
    )  # which is why they stand where they do
    assert STILL in hub.starts(meeting)
    said = {"preference": "asked", "preference_note": "Somebody who comes early."}
    hub.decides(item, "allocate-2", "One who coordinates is enough.", worker=jo.user.pk, **said)


def _now_ines_may_close_after_they_have_met(ines, jo, referral, case):
    """The first meeting is a hand-over, with the social worker there."""
    page = ines.opens(referral.get_absolute_url())
    assert NOT_YET not in page
    assert "has accepted. Close after the first TAF meeting: you hand over there." in page
    told = Notice.objects.get(to=ines.user, title__startswith="A lead professional has accepted")
    assert told.urgent
    case.refresh_from_db()
    assert case.lead == jo.user
    assert case.team.current().filter(user=ines.user).exists()
    assert "with social care" in case.deadlines.open().get(code="D_FIRST_TAF").label
    assert "Their social worker is Ines Ito" in jo.opens(case.get_absolute_url())


def _notices_name_nobody():
    told = " ".join(f"{each.title} {each.url}" for each in Notice.objects.all())
    for words in ("Ashby", "Kerry", "Theo", "father"):
        assert words not in told


# --- and not: from a child protection plan ------------------------------------------------------------------------------


def test_from_a_child_protection_plan_there_is_no_step_down(ines, ashby):
    """T5. Neither begun, nor sent where the plan was made meanwhile."""
    theo = member(ashby, "Theo")
    ines.sends(f"/referrals/new/?family={ashby.reference}")
    about = Referral.objects.get().get_absolute_url()
    for slug, said in {"family": {"people_checked": "on"}, **PARTS}.items():
        ines.sends(f"{about}tasks/{slug}/", **said)
    ines.sends(f"{about}tasks/agreement/", **{f"answer_{member(ashby, 'Kerry').pk}": "given"})
    ines.sends(f"/families/people/{theo.pk}/statutory/", **_status("child_protection"))

    assert "child protection plan" in ines.is_refused(f"{about}check/")
    ines.sends(f"{about}discard/")
    assert "child protection plan" in ines.is_refused(f"/referrals/new/?family={ashby.reference}")
    assert not Referral.objects.exists()
    assert not Case.objects.exists()


def test_one_that_is_found_out_in_triage_stops_it_too(ines, asha, tess, school, ashby):
    referral = refers(ines, ashby, agrees={"Kerry": "given"}, parts=PARTS)
    asks(asha, referral, school)
    answers(tess, referral, reply="nothing_held")
    ines.sends(f"/families/people/{member(ashby, 'Theo').pk}/statutory/", **_status("child_protection"))

    refused = asha.is_refused(f"/referrals/{referral.reference}/do/pass_step_down/", **_passed())
    assert "child protection plan" in refused
    assert NOT_YET in ines.opens(referral.get_absolute_url())
    assert not Case.objects.exists()
