"""Story 3: Arthur's GP asks for company and somebody to talk to; help reaches his grieving children, each with their own yes."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from earlyhelp.directory.models import OnwardReferral, Organisation
from earlyhelp.families.models import Family, Person, Relationship
from earlyhelp.notices.models import Notice
from earlyhelp.notices.services import send_letters
from referrals.models import ChecklistResponse, Contact
from tests.directory.conftest import secret_in
from tests.factories import AgencyFactory, AreaFactory, ServiceFactory
from tests.stories.people import Desk

ARTHUR = {"first_name": "Arthur", "last_name": "Bentley", "born_on": date(1947, 5, 12)}
GRIEF = "Grieving for a wife and mother who died in the spring."
OUTCOME = "Five visits in six weeks. He goes to the men's group each Wednesday, and has old friends there."


@pytest.fixture
def enderby(county):
    return AreaFactory(name="Enderby", parent=county)


@pytest.fixture
def gp(seat, enderby):
    surgery = AgencyFactory(name="Enderby Surgery", kind="health")
    return seat("Priti Shah", enderby, agency=surgery, job_title="GP")


@pytest.fixture
def services(enderby):
    """Age UK, which has an account and a link; CRUSE and the lunch club, which answer from links."""
    agency = AgencyFactory(name="Age UK", kind="voluntary")
    age_uk = Organisation.objects.create(name="Age UK", agency=agency)
    facts = {
        "age_uk": ("Somebody alongside", age_uk, ["connection"]),
        "cruse": ("Bereavement support", Organisation.objects.create(name="CRUSE"), ["health"]),
        "lunch": ("Lunch club", Organisation.objects.create(name="Enderby Hall"), ["connection"]),
    }
    made = {}
    for key, (name, organisation, needs) in facts.items():
        made[key] = ServiceFactory(name=name, organisation=organisation, needs=needs, email=f"{key}@example.org")
    return made


@pytest.fixture
def joan(seat, enderby, services):
    return seat("Joan Pratt", enderby, agency=services["age_uk"].organisation.agency)


def test_a_prescription_reaches_a_family(gp, ruth, joan, services, enderby, clock):
    contact = _prescribed(gp, enderby)
    # The prescription itself — its reasons, the code in the surgery's record, the report back — is work on social
    # prescribing. What stands here for it is a contact by the GP, about which the navigator sees to all that follows.
    response = _sent_to_age_uk(ruth, contact, services)
    first = OnwardReferral.objects.get()
    phone = _accepted_on_a_telephone(first, clock)
    children = _the_children_are_asked(joan, services, enderby)
    _arthur_is_asked(ruth, response, services, clock)
    # The places at the two groups, their attendance, and the introduction of Arthur to Walter are work on groups.
    _completed(phone, ruth, first, clock)

    assert OnwardReferral.objects.exclude(status="refused").count() == 1 + 3
    _each_is_their_own_affair(gp, ruth, contact, children, first)
    _a_no_leaves_no_trace(gp, ruth, joan, services, first)
    _nothing_that_left_names_anybody()


def _prescribed(gp, enderby):
    """1. The consent talk, with the reasons, and what matters to him."""
    page = gp.sends(
        "/referrals/contacts/new/",
        received_at=timezone.localtime(),
        channel="within",
        source_kind="gp",
        caller_name="Dr Shah",
        area=enderby.pk,
        said="He agrees to be contacted. Bereaved, and low. What matters to him: company, and someone to talk to.",
        safeguarding="no",
        **ARTHUR,
    )
    contact = Contact.objects.get()
    assert contact.reference in page
    return contact


def _sent_to_age_uk(ruth, contact, services):
    """2. Sent within the standard, with his own yes; and nobody else is already helping."""
    assert contact.reference in ruth.opens("/referrals/contacts/")
    begun = {"about": "adult", "agreed_by": "Arthur himself, by telephone"} | ARTHUR
    ruth.sends(f"/referrals/checklists/start/contact/{contact.reference}/", **begun)
    response = ChecklistResponse.objects.get()
    ruth.sends(f"{response.get_absolute_url()}ask/adult/", loss="yes", lonely="yes")
    pk = {code: pk for code, pk in response.suggestions.values_list("rule__code", "pk")}
    ruth.sends(
        f"{response.get_absolute_url()}talk/",
        **{
            f"said-{pk['company']}": f"yes:{services['age_uk'].pk}",
            f"words-{pk['company']}": "His wife died in the spring. Company, and someone to talk to.",
            f"said-{pk['bereaved']}": "not_now",
            "given_how": "phone",
            "reach": "01632 960 130, after ten.",
        },
    )
    onward = OnwardReferral.objects.get()
    assert (onward.status, onward.given_by) == ("sent", "person")
    assert onward.sent_at - contact.received_at < timedelta(days=1)
    again = {"why": "Again.", "reach": "-", "said": "yes", "given_by": "person", "how": "phone"}
    twice = ruth.is_refused(f"/services/{services['age_uk'].pk}/refer/{onward.person_id}/", **again)
    assert "They are referred to this service already" in twice
    return response


def _accepted_on_a_telephone(onward, clock):
    """3. Age UK accepts from the link in its e-mail, and begins its visits."""
    clock.forward(days=1)
    phone = _with_the_link()
    assert "Company, and someone to talk to." in phone.opens(f"{phone.link}read/")
    phone.sends(f"{phone.link}accept/")
    phone.sends(f"{phone.link}start/", started_on=clock.today)
    onward.refresh_from_db()
    assert (onward.status, onward.started_on) == ("started", clock.today)
    return phone


def _with_the_link():
    """Whoever opens the newest link: no account, no name."""
    send_letters(now=timezone.now())
    phone = Desk(link=f"/referred/{secret_in(mail.outbox[-1])}/")
    phone.sends(phone.link)
    return phone


def _the_children_are_asked(joan, services, enderby):
    """4. Carol and Neil, each by themselves: two people, two permissions, two referrals; and how they are related."""
    joan.sends(
        "/families/new/?q=Carol+Bentley",
        name="Bentley",
        area=enderby.pk,
        first_name="Carol",
        last_name="Bentley",
        role="relative",
    )
    family = Family.objects.get()
    member = {"first_name": "Neil", "last_name": "Bentley", "role": "relative", "lives_in_household": "no"}
    joan.sends(f"{family.get_absolute_url()}members/add/?q=Neil+Bentley", **member)
    carol, neil = (Person.objects.get(first_name=name) for name in ("Carol", "Neil"))
    joan.sends(f"{family.get_absolute_url()}relationships/add/", person=carol.pk, kind="sibling", other=neil.pk)
    # What joins them to the record that the navigator holds of their father is for the navigator: a service reads what he
    # permitted and keeps no record of him.
    assert Relationship.objects.get().kind == "sibling"
    genogram = joan.opens(f"{family.get_absolute_url()}genogram/")
    assert "Carol Bentley is the brother or sister of Neil Bentley" in genogram[: genogram.index("The same in words")]
    assert "Carol Bentley is the brother or sister of Neil Bentley" in genogram[genogram.index("The same in words") :]
    assert "Arthur" not in genogram
    made = [_referred(joan, services["cruse"], each) for each in (carol, neil)]
    assert {each.given_by for each in made} == {"person"}
    assert all(each.permitted_at for each in made)
    return made


def _referred(joan, service, person, said="yes"):
    yes = {"given_by": "person", "how": "face_to_face"} if said == "yes" else {}
    joan.sends(f"/services/{service.pk}/refer/{person.pk}/", why=GRIEF, reach="01632 960 131", said=said, **yes)
    return OnwardReferral.objects.get(service=service, person=person)


def _arthur_is_asked(ruth, response, services, clock):
    """4. And Arthur himself, by the navigator, who offered it before and offers it again."""
    clock.forward(weeks=2)
    suggestion = response.suggestions.get(rule__code="bereaved")
    ruth.sends(
        f"{response.get_absolute_url()}suggestions/{suggestion.pk}/agree/",
        service=services["cruse"].pk,
        words="His wife died in the spring while he was in hospital himself.",
        given_by="person",
        given_how="phone",
        note="Since Joan comes I should like to talk about her.",
    )
    assert OnwardReferral.objects.get(service=services["cruse"], person=response.person).status == "sent"


def _completed(phone, ruth, onward, clock):
    """7. Age UK says that it is over and what came of it; the navigator asks him once whether it helped."""
    clock.forward(weeks=4)
    phone.sends(f"{phone.link}complete/", outcome=OUTCOME)
    onward.refresh_from_db()
    assert (onward.status, onward.ending, onward.outcome) == ("outcome_recorded", "completed", OUTCOME)
    assert OUTCOME in ruth.opens(onward.get_absolute_url())
    ruth.sends(f"{onward.get_absolute_url()}follow_up/", helped="helped", note="I am not alone on Wednesdays.")
    ruth_told = Notice.objects.filter(to=ruth.user, reference=onward.reference)
    assert ruth_told.filter(title="A service says what came of it").exists()


# --- and not -----------------------------------------------------------------------------------------------------------


def _each_is_their_own_affair(gp, ruth, contact, children, first):
    """Carol's referral is seen neither by the GP nor on her father's record; nor may the GP follow his."""
    for onward in (*children, first):
        gp.may_not(onward.get_absolute_url())
    seen_by_gp = gp.opens(contact.get_absolute_url())
    for word in ("Carol", "Neil", "CRUSE", "Bereavement support", OUTCOME):
        assert word not in seen_by_gp
    of_arthur = ruth.opens(f"/families/people/{first.person_id}/")
    assert "Somebody alongside" in of_arthur
    for onward in children:
        assert onward.reference not in of_arthur
        assert onward.person.first_name not in of_arthur


def _a_no_leaves_no_trace(gp, ruth, joan, services, first):
    """Neil does not want the lunch club: the club hears nothing, and nobody else reads that he was asked."""
    before = len(mail.outbox)
    refused = _referred(joan, services["lunch"], Person.objects.get(first_name="Neil"), said="no")
    send_letters(now=timezone.now())
    assert (refused.status, refused.permitted_at, refused.given_by) == ("refused", None, "")
    assert [each for each in mail.outbox[before:] if "lunch@example.org" in each.to] == []
    ruth.may_not(refused.get_absolute_url())
    gp.may_not(refused.get_absolute_url())
    assert "Lunch club" not in ruth.opens(f"/families/people/{first.person_id}/")
    assert "Lunch club" not in joan.opens(f"/families/people/{Person.objects.get(first_name='Carol').pk}/")


def _nothing_that_left_names_anybody():
    left = [notice.title for notice in Notice.objects.all()] + [f"{each.subject} {each.body}" for each in mail.outbox]
    assert left
    for text in left:
        assert not re.search(
            r"arthur|bentley|carol|neil|wife|bereave|grie", text.replace("Bereavement support", ""), re.I
        )
