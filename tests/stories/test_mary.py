"""Story 4: Mary, widowed, out of work and with two children unwell, is seen whole; and she who was helped goes on to help."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from earlyhelp.audit.models import Access
from earlyhelp.cases.models import Case
from earlyhelp.deadlines.sweep import ring
from earlyhelp.directory.models import OnwardReferral, Organisation
from earlyhelp.notices.models import Notice
from earlyhelp.notices.services import send_letters, send_owed
from earlyhelp.partnership.enums import Role
from lac.models import Introduction
from referrals.enums import SuggestionStatus
from referrals.models import ChecklistResponse, Contact
from tests.directory.conftest import secret_in
from tests.factories import AgencyFactory, ServiceFactory
from tests.stories.people import Desk

MARY = {"first_name": "Mary", "last_name": "Ellis", "born_on": date(1979, 1, 14)}
SAID = "Her husband died by suicide three years ago. Made redundant in spring; both children are unwell. She agrees to this."
LOSS = "Her husband died by suicide; she went back to work after a fortnight."
CAMHS = "Both are known to CAMHS."
ENOUGH = "Not now, CAMHS is enough."
VISITS = (
    ("We sat with the photographs. His suicide, and how short the leave was.", "A benefits check, on Thursday"),
    ("The letters from the bank, opened together and put in order.", "Ring the two lenders about the debts"),
    ("She wants her affairs in order, for the children’s sake.", "See the solicitor about the will"),
)


@pytest.fixture
def gp(seat, melton):
    return seat("Priti Shah", melton, agency=AgencyFactory(name="Melton Surgery", kind="health"), job_title="GP")


@pytest.fixture
def age_uk():
    return AgencyFactory(name="Age UK", kind="voluntary")


@pytest.fixture
def joan(seat, melton, age_uk):
    """Of Age UK, who walk alongside people in Melton for the county."""
    return seat("Joan Pratt", melton, Role.LAC_COORDINATOR, agency=age_uk)


@pytest.fixture
def services(age_uk):
    """What Age UK offers, and a course at the college."""
    own = Organisation.objects.create(name="Age UK", agency=age_uk)
    college = Organisation.objects.create(name="Melton College")
    return {
        "comfort": ServiceFactory(
            name="Somebody to talk to", organisation=own, needs=["health"], email="age-uk@example.org"
        ),
        "course": ServiceFactory(name="A new direction", organisation=college, needs=["education"]),
    }


@pytest.fixture
def others(seat, melton):
    """Who work in Melton, and with whom Mary has nothing to do."""
    roles = {
        "Colm Byrne": Role.HUB_CHAIR,
        "Ivy Cole": Role.HUB_COORDINATOR,
        "Asha Rahman": Role.EH_ACCESS,
        "Tess Marlow": Role.PRACTITIONER,
    }
    return [seat(name, melton, role) for name, role in roles.items()]


def test_mary_is_helped_and_helps(gp, ruth, joan, services, melton, others, clock):
    contact = _prescribed(gp, melton)
    # The prescription itself, with the code in the surgery's record, is work on social prescribing: what stands here for it
    # is a contact by the GP.
    asked = _one_checklist_for_the_whole_home(ruth, contact)
    introduction, onward = _says_yes_to_company_on_the_way(ruth, asked, services)
    _is_visited_three_times(joan, introduction, onward, clock)
    # The check-in and check-out of whoever visits alone are work on lone workers; a place on the solicitor's monthly session
    # and the attendance on outings are work on groups; the hours that she gives, as credits, are work on a time bank.
    _finds_the_solicitor_and_a_course(joan, introduction, services, clock)
    _becomes_a_befriender(joan, introduction, clock)
    _early_help_is_offered_for_the_children(ruth, asked, clock)

    _is_seen_as_helped_and_as_helping(joan, introduction)
    _the_offer_is_repeated_once(ruth, asked, clock)
    assert not Case.objects.exists()
    _how_he_died_is_in_no_title_list_address_or_notice(gp, ruth, joan)
    _nobody_else_finds_her(others, introduction, asked, onward)


def _prescribed(gp, melton):
    """1. Bereavement, money, work."""
    gp.sends(
        "/referrals/contacts/new/",
        received_at=timezone.localtime(),
        channel="within",
        source_kind="gp",
        caller_name="Dr Shah",
        area=melton.pk,
        said=SAID,
        safeguarding="no",
        **MARY,
    )
    return Contact.objects.get()


def _one_checklist_for_the_whole_home(ruth, contact):
    """2. In the adult's voice and then about the children, because there are some; what they have already is written beside."""
    begun = {"about": "both", "agreed_by": "Mary herself, for all three"} | MARY
    ruth.sends(f"/referrals/checklists/start/contact/{contact.reference}/", **begun)
    asked = ChecklistResponse.objects.get()
    adult = {"loss": "yes", "loss-note": LOSS, "money": "yes", "work": "yes", "children": "yes", "mind": "yes"}
    page = ruth.sends(f"{asked.get_absolute_url()}ask/adult/", **adult)
    assert "Often misses school or nursery" in page
    page = ruth.sends(
        f"{asked.get_absolute_url()}ask/child/", **{"learning": "yes", "learning-note": CAMHS, "school": "no"}
    )
    assert "Ask about help for the children" in page
    assert "Ask who helps them, and whether they want more" in page
    assert asked.answers.get(question__code="learning").comment == CAMHS
    return asked


def _says_yes_to_company_on_the_way(ruth, asked, services):
    """Her own yes to each; what to do for the children she would like to think over."""
    pk = {code: pk for code, pk in asked.suggestions.values_list("rule__code", "pk")}
    ruth.sends(
        f"{asked.get_absolute_url()}talk/",
        **{
            f"said-{pk['bereaved']}": f"yes:{services['comfort'].pk}",
            f"words-{pk['bereaved']}": "She lost her husband three years ago, and her work this spring.",
            f"said-{pk['alongside']}": "yes",
            f"words-{pk['alongside']}": "Somebody beside me while I sort the money out. Then a new line of work.",
            "given_how": "phone",
            "reach": "01632 960 147, in school hours.",
        },
    )
    assert asked.suggestions.get(pk=pk["children_too"]).status == SuggestionStatus.OPEN
    return Introduction.objects.get(), OnwardReferral.objects.get()


def _is_visited_three_times(joan, introduction, onward, clock):
    """3. At home: what was said, and each time one thing to do about the money or the will."""
    joan.sends(f"{onward.get_absolute_url()}accept/")
    joan.sends(f"{onward.get_absolute_url()}start/", started_on=clock.today)
    joan.sends(f"{introduction.get_absolute_url()}do/begin_conversation/")
    for note, step in VISITS:
        clock.forward(weeks=1)
        joan.sends(
            f"{introduction.get_absolute_url()}add/conversation/",
            on=clock.today,
            where="At home",
            minutes=60,
            note=note,
            next_step=step,
        )
    page = joan.opens(f"{introduction.get_absolute_url()}conversations/")
    assert all(step in page for _, step in VISITS)
    onward.refresh_from_db()
    assert onward.status == "started"


def _finds_the_solicitor_and_a_course(joan, introduction, services, clock):
    """4 and 5. The solicitor who comes once a month; and what the directory has for somebody who changes her trade."""
    assert "A new direction" in joan.opens("/services/?need=education")
    add = f"{introduction.get_absolute_url()}add/connection/"
    joan.sends(add, on=clock.today, kind="place", name="The solicitor’s monthly morning at Age UK", accompanied="yes")
    course = {"kind": "service", "service": services["course"].pk, "name": "A course in a new trade"}
    joan.sends(add, on=clock.today, accompanied="no", **course)
    assert introduction.connections.filter(service=services["course"]).count() == 1


def _becomes_a_befriender(joan, introduction, clock):
    """6. She gives, and she goes out."""
    clock.forward(weeks=6)
    page = introduction.get_absolute_url()
    gives = "Befriends two people for Age UK; recruitment checks done in May."
    joan.sends(f"{page}add/contribution/", on=clock.today, kind="volunteering", text=gives)
    joan.sends(f"{page}add/connection/", on=clock.today, kind="activity", name="Theatre outings", accompanied="no")


def _early_help_is_offered_for_the_children(ruth, asked, clock):
    """7. Offered and declined; offered again in three months, because that is when she is asked again (R17)."""
    offer = asked.suggestions.get(rule__code="children_too")
    ruth.sends(f"{asked.get_absolute_url()}suggestions/{offer.pk}/not_now/", note=ENOUGH)
    offer.refresh_from_db()
    assert (offer.status, offer.note) == (SuggestionStatus.LATER, ENOUGH)
    assert timedelta(days=89) <= offer.offer_again_on - clock.today <= timedelta(days=95)


def _is_seen_as_helped_and_as_helping(joan, introduction):
    page = joan.opens(introduction.get_absolute_url())
    assert "What Mary gives" in page
    assert "Befriends two people for Age UK" in page
    assert "Theatre outings" in page
    assert "Joan Pratt walks alongside 1 person" in joan.opens("/people-alongside/")
    for address in (introduction.get_absolute_url(), "/people-alongside/"):
        assert not re.search(r"\b(client|service user|case)s?\b", _main(joan, address), re.IGNORECASE)


def _the_offer_is_repeated_once(ruth, asked, clock):
    """It rings once; it stays on the home page until it was done; asked and answered, it never comes back."""
    line = f"Offer again what they did not want then: checklist {asked.reference}"
    rung = Notice.objects.filter(to=ruth.user, reference=asked.reference)
    ring(now=timezone.now())
    assert not ruth.has_to_do(line)
    assert not rung.exists()

    clock.forward(weeks=14)
    for _ in range(3):
        ring(now=timezone.now())
        clock.forward(days=7)
    assert ruth.has_to_do(line)
    assert rung.count() == 1

    offer = asked.suggestions.get(rule__code="children_too")
    ruth.sends(f"{asked.get_absolute_url()}suggestions/{offer.pk}/decline/", note="They are well.")
    clock.forward(weeks=26)
    ring(now=timezone.now())
    assert not ruth.has_to_do(line)
    assert rung.count() == 1


# --- and not -----------------------------------------------------------------------------------------------------------


def _how_he_died_is_in_no_title_list_address_or_notice(gp, ruth, joan):
    """It stands where it was written down, in what two people read who were told; and nowhere that anybody glances at."""
    lists = ("/", "/notices/", "/referrals/", "/referrals/contacts/", "/families/search/?q=Mary+Ellis")
    for who in (gp, ruth, joan):
        for address in lists[:3] + (lists[3:] if who is ruth else ()):
            assert not _told(who.opens(address)), address
    for address in ("/people-alongside/", "/services/referred-to-us/"):
        assert not _told(joan.opens(address)), address
    titles = {
        page: _title(ruth, page) for page in Access.objects.filter(actor=ruth.user).values_list("page", flat=True)
    }
    assert titles
    assert not _told(" ".join(titles) + " ".join(titles.values()))

    send_letters(now=timezone.now())
    send_owed(now=timezone.now() + timedelta(days=4))
    left = [f"{each.title} {each.url} {each.reference}" for each in Notice.objects.all()]
    left += [f"{each.subject} {each.body}" for each in mail.outbox]
    assert len(mail.outbox) > 1
    for text in left:
        assert not re.search(r"suicid|mary|ellis|husband|bereave|died", text, re.IGNORECASE), text
    phone = Desk(link=f"/referred/{secret_in(next(each for each in mail.outbox if '/referred/' in each.body))}/")
    assert not _told(phone.opens(phone.link))


def _told(text):
    return "suicid" in text.lower()


def _main(desk, page):
    """What the page itself says, without the menus around it."""
    desk.opens(page)
    return re.search(r"<main.*</main>", desk.browser.get(page).content.decode(), re.DOTALL).group()


def _title(desk, page):
    text = desk.browser.get(page, follow=True).content.decode()
    return re.search(r"<title>(.*?)</title>", text, re.DOTALL).group(1)


def _nobody_else_finds_her(others, introduction, asked, onward):
    """Whoever has nothing to do with her opens nothing of hers; EH Access answer contacts, and see no more."""
    for each in others:
        each.may_not(introduction.get_absolute_url(), f"{introduction.get_absolute_url()}conversations/")
        assert introduction.reference not in each.opens("/")
    tess = others[-1]
    tess.may_not(asked.get_absolute_url(), onward.get_absolute_url(), f"/families/people/{introduction.person_id}/")
    found = tess.browser.get("/families/search/?q=Mary+Ellis").content.decode()
    assert "Mary Ellis" in found  # that she is written down, so that nobody writes her down twice; and no more
    for words in (
        "husband",
        "bereave",
        "CAMHS",
        "Joan Pratt",
        introduction.reference,
        f"/people/{introduction.person_id}/",
    ):
        assert words not in found, words
