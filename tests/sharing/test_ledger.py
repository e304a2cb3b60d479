"""Everything that leaves is one row, whatever the way; what is refused leaves none; nobody alters it; the family may read it."""

from datetime import timedelta

import pytest
from django.db import InternalError, transaction
from django.utils import timezone

from earlyhelp.directory.models import Organisation
from earlyhelp.directory.services import onward as onwards
from earlyhelp.families.services import record_agreement
from earlyhelp.sharing.enums import Basis, Purpose, Way
from earlyhelp.sharing.models import Disclosed, Disclosure
from earlyhelp.sharing.services import disclose
from earlyhelp.workflow.transitions import NotPossible
from referrals.enums import LawfulBasis
from referrals.services.handover import hand_over
from referrals.transitions.referral import ask_agencies
from tests.factories import MONDAY, AgencyFactory, PostFactory, ServiceFactory, UserFactory
from tests.families.pages import sent
from tests.referrals.factories import taken

LATER = MONDAY + timedelta(days=1)
REASON = "A neighbour heard screaming, and the door was not opened."


@pytest.fixture
def tells(family, worker, school):
    """``tells(dana, basis="permission")``: the school, by telephone, for helping together, unless something else is said."""

    def tell(*people, now=LATER, **more):
        said = {
            "way": "phone",
            "content": ["needs"],
            "what": "That Dana wants help in the mornings.",
            "recipient": "Tess Marlow, pastoral lead",
            "agency": school,
            "purpose": "help",
            "basis": "permission",
        }
        return disclose(people=people, family=family, by=worker, now=now, **said | more)

    return tell


def test_what_was_told_rests_on_the_answer_that_allowed_it(dana, says, tells):
    says(dana, "refused")
    given = says(dana, "given", now=LATER)
    told = tells(dana)

    assert told.about.get().permission == given
    assert (told.purpose, told.basis, told.recipient) == ("help", "permission", "Tess Marlow, pastoral lead")


@pytest.mark.parametrize("history", [[], ["asked"], ["refused"], ["given", "withdrawn"]])
def test_nothing_is_told_and_no_row_written_where_the_wish_does_not_allow_it(dana, says, tells, history):
    for n, wish in enumerate(history):
        says(dana, wish, now=MONDAY + timedelta(hours=n))
    with pytest.raises(NotPossible, match="may not be told of Dana Grant"):
        tells(dana)

    assert not Disclosure.objects.exists()


def test_of_two_people_each_must_have_said_yes(dana, joe, says, tells):
    says(dana, "given")
    with pytest.raises(NotPossible, match="Joe Grant"):
        tells(dana, joe)

    assert not Disclosure.objects.exists()


def test_an_override_needs_no_yes_but_a_reason_and_whether_the_family_knows(dana, says, tells):
    says(dana, "refused")
    bare = {"purpose": "safeguarding", "basis": "override"}
    for lacking, more in {
        "reason": {},
        "family_told": {"reason": REASON},
        "not_told_why": {"reason": REASON, "family_told": False},
    }.items():
        with pytest.raises(NotPossible) as refused:
            tells(dana, **bare | more)
        assert refused.value.field == lacking
    assert not Disclosure.objects.exists()

    told = tells(dana, **bare, reason=REASON, family_told=False, not_told_why="He would have been in the room.")
    assert told.about.get().permission is None


def test_helping_together_is_no_override(dana, tells):
    with pytest.raises(NotPossible, match="asked first"):
        tells(dana, basis="override", reason=REASON, family_told=True)

    assert not Disclosure.objects.exists()


def test_no_row_is_ever_altered_or_taken_away(dana, says, tells):
    says(dana, "given")
    told = tells(dana)
    for spoil in (
        lambda: Disclosure.objects.filter(pk=told.pk).update(what="Nothing."),
        lambda: Disclosure.objects.filter(pk=told.pk)._raw_delete("default"),
        lambda: Disclosed.objects.filter(disclosure=told).update(permission=None),
        lambda: Disclosed.objects.filter(disclosure=told).delete(),
    ):
        with pytest.raises(InternalError, match="sharing_disclos"), transaction.atomic():
            spoil()


# --- each way writes its one row --------------------------------------------------------------------------------------


def only():
    return Disclosure.objects.get()


@pytest.fixture
def befriending(county):
    society = Organisation.objects.create(
        name="Example Society", agency=AgencyFactory(name="Example Society", kind="voluntary")
    )
    return ServiceFactory(organisation=society, name="Befriending", email="befriending@example.org")


def test_a_referral_to_a_service_when_it_is_sent_and_not_before(dana, family, worker, befriending):
    onward = onwards.propose(person=dana, service=befriending, by=worker, now=MONDAY, why="Company.")
    onwards.permit(onward, by=worker, now=MONDAY, given_by="person", how="phone")
    assert not Disclosure.objects.exists()

    onwards.send(onward, by=worker, now=MONDAY)

    row = only()
    assert (row.way, row.basis, row.record, row.family) == (Way.ONWARD, Basis.AGREED, onward.reference, family)
    assert (row.agency, [*row.people.all()]) == (befriending.organisation.agency, [dana])


def test_a_referral_is_not_sent_to_an_agency_to_which_they_said_no_since(dana, worker, befriending, says):
    onward = onwards.propose(person=dana, service=befriending, by=worker, now=MONDAY, why="Company.")
    onwards.permit(onward, by=worker, now=MONDAY, given_by="person", how="phone")
    says(dana, "refused", agency=befriending.organisation.agency, now=LATER)
    with pytest.raises(NotPossible):
        onwards.send(onward, by=worker, now=LATER)

    onward.refresh_from_db()
    assert (onward.status, onward.sent_at) == ("withdrawn", None)
    assert not Disclosure.objects.exists()


def handed_over(family, worker, **more):
    told = {"family_told": False, "not_told_why": "He would have been in the room."} | more
    return hand_over(about="The Grants", concern=REASON, family=family, by=worker, now=MONDAY, **told)


def test_a_hand_over_is_never_refused_and_says_why_and_whether_the_family_knows(dana, family, worker, says):
    says(dana, "refused", whom="kind", kind="social_care", agency=None)
    handover = handed_over(family, worker)

    row = only()
    assert (row.way, row.purpose, row.basis) == (Way.HANDOVER, Purpose.SAFEGUARDING, Basis.OVERRIDE)
    assert (row.record, row.family_told, row.not_told_why) == (handover.reference, False, handover.not_told_why)
    assert REASON not in row.what + row.reason  # the ledger says where it stands


@pytest.mark.parametrize("kind", ["print", "pdf"])
def test_each_copy_for_social_care_is_a_disclosure_of_its_own(dana, family, worker, signed_in, kind):
    handover = handed_over(family, worker)
    assert signed_in(worker).get(f"/referrals/hand-overs/{handover.reference}/{kind}/").status_code == 200

    copy = Disclosure.objects.latest("pk")
    assert (copy.way, copy.by, Disclosure.objects.count()) == (Way.COPY, worker, 2)
    assert "chronology" in copy.content


def test_a_copy_that_is_refused_writes_no_row(family, worker, stranger, signed_in):
    handover = handed_over(family, worker)
    assert signed_in(stranger).get(f"/referrals/hand-overs/{handover.reference}/print/").status_code == 404

    assert not Disclosure.objects.filter(way=Way.COPY).exists()


@pytest.fixture
def contact(county, school):
    return PostFactory(user=UserFactory(agency=school), role="agency_contact", area=county).user


@pytest.fixture
def referral(melton, family, dana, practitioner, access_worker):
    record_agreement(family, dana, status="given", by=practitioner, now=MONDAY)
    return taken(author=practitioner, by=access_worker, area=melton, family=family)


def ask(referral, school, by, basis):
    now = timezone.now()
    return ask_agencies(referral, by=by, now=now, agencies=[school], question="Attendance?", lawful_basis=basis)


def test_a_question_to_an_agency_tells_it_whom_it_is_about(referral, dana, school, contact, access_worker):
    ask(referral, school, access_worker, LawfulBasis.AGREED)

    row = Disclosure.objects.get(way=Way.QUESTION)
    assert (row.agency, row.basis, row.record) == (school, Basis.AGREED, referral.requests.get().reference)
    assert dana in row.people.all()


def test_with_their_yes_no_agency_is_asked_to_which_they_said_no(referral, dana, school, contact, access_worker, says):
    says(dana, "refused")
    with pytest.raises(NotPossible, match="may not be told of Dana Grant"):
        ask(referral, school, access_worker, LawfulBasis.AGREED)
    assert not referral.requests.exists()
    assert not Disclosure.objects.filter(way=Way.QUESTION).exists()

    ask(referral, school, access_worker, LawfulBasis.RISK)
    assert Disclosure.objects.get(way=Way.QUESTION).purpose == Purpose.SAFEGUARDING


# --- pages ------------------------------------------------------------------------------------------------------------


def told_by_phone(dana, school, **more):
    said = {
        "people": [dana.pk],
        "agency": school.pk,
        "recipient": "Tess Marlow",
        "told_on": "2026-03-01",
        "way": "phone",
        "content": ["needs"],
        "what": "That mornings are hard.",
        "purpose": "help",
        "basis": "permission",
    }
    return sent(**said | more)


def test_something_told_by_telephone_is_written_down_and_read_in_the_ledger(
    dana, family, worker, school, says, signed_in
):
    says(dana, "given")
    client, url = signed_in(worker), f"/families/{family.reference}/sharing/"
    assert client.post(f"{url}told/add/", told_by_phone(dana, school)).url == url

    for page in (url, f"{url}told/", f"{family.cases.get().get_absolute_url()}sharing/"):
        assert "That mornings are hard." in client.get(page).content.decode()
        assert "written down" in client.get(page).content.decode()
    assert "That mornings are hard." not in client.get(f"{url}told/?purpose=crime").content.decode()


def test_what_was_told_on_an_earlier_day_is_judged_by_what_was_said_by_then(dana, says, tells):
    says(dana, "given", now=MONDAY)
    says(dana, "withdrawn", now=LATER)

    told = tells(dana, now=LATER + timedelta(days=1), told_on=MONDAY.date())

    assert (told.told_on, told.at.date()) == (MONDAY.date(), (LATER + timedelta(days=1)).date())
    with pytest.raises(NotPossible, match="took the permission back"):
        tells(dana, now=LATER + timedelta(days=1), told_on=LATER.date())
    assert Disclosure.objects.count() == 1


def test_a_yes_that_is_written_down_late_still_counts_for_what_was_told_before(dana, says, tells):
    says(dana, "given", now=LATER)

    assert tells(dana, now=LATER, told_on=MONDAY.date()).about.get().permission_id


def test_nothing_is_told_tomorrow(dana, says, tells):
    says(dana, "given")
    with pytest.raises(NotPossible) as refused:
        tells(dana, told_on=LATER.date() + timedelta(days=1))

    assert refused.value.field == "told_on"
    assert not Disclosure.objects.exists()


def test_whoever_writes_down_what_was_told_reads_what_is_not_to_be_told(dana, joe, family, worker, says, signed_in):
    says(dana, "limited", limits="Nothing about the drinking.")
    says(joe, "limited", limits="Nothing about work.", until_on=timezone.localdate(), now=timezone.now())
    says(joe, "given", now=timezone.now())

    page = signed_in(worker).get(f"/families/{family.reference}/sharing/told/add/").content.decode()

    assert "Nothing about the drinking." in page
    assert "Nothing about work." not in page


def test_what_the_wish_does_not_allow_is_refused_beside_the_form(dana, family, worker, school, says, signed_in):
    says(dana, "refused")
    response = signed_in(worker).post(f"/families/{family.reference}/sharing/told/add/", told_by_phone(dana, school))

    assert response.status_code == 409
    assert "Riverside Primary may not be told of Dana Grant" in response.content.decode()
    assert not Disclosure.objects.exists()


def test_a_persons_paper_holds_their_own_alone_and_nothing_that_was_kept_from_the_family(
    dana, joe, worker, says, tells, signed_in
):
    for person in (dana, joe):
        says(person, "given")
    tells(dana)
    tells(joe, what="That Joe drinks.")
    tells(dana, joe, what="That Joe drinks and Dana is afraid.")
    tells(
        dana,
        purpose="safeguarding",
        basis="override",
        reason=REASON,
        family_told=False,
        not_told_why="He reads her post.",
        what="That she has asked for a refuge.",
    )
    response = signed_in(worker).get(f"/families/people/{dana.pk}/told/")
    page = response.content.decode()

    assert "That Dana wants help in the mornings." in page
    assert "It was about others too" in page
    assert "1 that the family was not told of" in page
    for kept in ("drinks", "refuge", REASON, "He reads her post."):
        assert kept not in page
    pdf = signed_in(worker).get(f"/families/people/{dana.pk}/told/pdf/")
    assert pdf.content.startswith(b"%PDF")
    assert "Dana" not in pdf["Content-Disposition"]


@pytest.mark.parametrize("many", [1, 20])
def test_the_ledger_takes_as_many_queries_for_one_row_as_for_twenty(
    dana, family, worker, says, tells, signed_in, many, django_assert_max_num_queries
):
    says(dana, "given")
    for n in range(many):
        tells(dana, now=LATER + timedelta(minutes=n))
    client = signed_in(worker)
    client.get(f"/families/{family.reference}/sharing/told/")
    with django_assert_max_num_queries(9):
        client.get(f"/families/{family.reference}/sharing/told/")
