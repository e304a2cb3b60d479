"""The way through the front door, on its pages: a family is referred, agencies are asked, EH Access decides."""

from __future__ import annotations

from typing import Any

from earlyhelp.cases.models import Case
from earlyhelp.families.models import Family, FamilyMembership
from hubs.models import StepRequest
from referrals.models import InformationRequest, Referral
from tests.factories import FamilyFactory, MemberFactory, PersonFactory
from tests.stories.people import Desk

DECIDED = {"message": "The hub decides at its next meeting.", "family_told": "yes"}


def family(name: str, area: Any, *, by: Desk, people: dict[str, tuple[str, Any]]) -> Family:
    """Written down by whoever refers them: ``people`` by first name, each with a role and a date of birth."""
    made = FamilyFactory(name=name, area=area, created_by=by.user)
    for first_name, (role, born_on) in people.items():
        facts = {"first_name": first_name, "last_name": name, "born_on": born_on, "area": area}
        MemberFactory(family=made, person=PersonFactory(created_by=by.user, **facts), role=role)
    return made


def member(family: Family, first_name: str) -> Any:
    return FamilyMembership.objects.select_related("person").get(family=family, person__first_name=first_name).person


def refers(desk: Desk, family: Family, *, agrees: dict[str, str], parts: dict[str, dict[str, Any]]) -> Referral:
    """Every part of the form, and who of the family said what to early help; then it is sent."""
    desk.sends(f"/referrals/new/?family={family.reference}")
    draft = Referral.objects.get(family=family, author=desk.user)
    about = draft.get_absolute_url()
    for slug, said in {"family": {"people_checked": "on"}, **parts}.items():
        desk.sends(f"{about}tasks/{slug}/", **said)
    answers = {f"answer_{member(family, name).pk}": answer for name, answer in agrees.items()}
    desk.sends(f"{about}tasks/agreement/", **answers)
    assert "Referral sent" in desk.sends(f"{about}check/")
    return Referral.objects.get(pk=draft.pk)


def asks(desk: Desk, referral: Referral, *agencies: Any) -> None:
    """Taken, and each of these agencies asked what it knows."""
    desk.sends(f"/referrals/{referral.reference}/do/take/")
    question = {"question": "What do you know of them?", "lawful_basis": "agreed"}
    desk.sends(f"/referrals/{referral.reference}/do/ask_agencies/", agencies=[each.pk for each in agencies], **question)


def answers(desk: Desk, referral: Referral, **said: Any) -> None:
    question = InformationRequest.objects.get(referral=referral, agency=desk.user.agency)
    desk.sends(question.get_absolute_url(), **({"reply": "answered"} | said))


def progresses(desk: Desk, referral: Referral, move: str = "accept", **said: Any) -> Case:
    """On to the hub."""
    page = desk.sends(f"/referrals/{referral.reference}/do/{move}/", proposed_tier="2", urgent="no", **DECIDED | said)
    assert "The family waits for the hub now" in page
    return Case.objects.get(referrals=referral)


def passes_on(asha: Desk, step: StepRequest, *, known: str) -> None:
    """A request for more help, complete, with what agencies know: from then on it is the hub's to hear (domain.md 8.1 U2)."""
    assert "Passed on." in asha.sends(f"{step.get_absolute_url()}do/pass_on/", known=known)
