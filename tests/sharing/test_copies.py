"""A plan, an assessment or a chronology leaves as a copy for one reader, with what they may not have left out (promise P3)."""

import re

import pytest
from django.db import InternalError, transaction

from assessments.models import Goal, Plan
from earlyhelp.core.sealing import Unsealable
from earlyhelp.families.services import entered_in_error
from earlyhelp.families.spelling import Named, Secrets
from earlyhelp.records.models import Addendum
from earlyhelp.sharing import transitions
from earlyhelp.sharing.copying import paper_of, prepare
from earlyhelp.sharing.models import Disclosure, RecipientCopy
from earlyhelp.sharing.passages import Passage
from earlyhelp.sharing.selecting import Reader, choose
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import MONDAY, secret_home
from tests.families.pages import sent
from tests.sharing.copies import LATER, REFUGE, goes, text_of
from tests.sharing.divided import faults

# --- what its reader may have -----------------------------------------------------------------------------------------


def test_a_parent_gets_what_is_about_them_their_child_and_the_whole_family(dana, chronology, copy_for):
    assert goes(copy_for(dana)) == ["The heating was mended.", "She sleeps again.", "He reads aloud in class."]


def test_a_child_gets_their_own_and_the_whole_familys(robin, chronology, copy_for):
    assert goes(copy_for(robin)) == ["The heating was mended.", "He reads aloud in class."]


@pytest.fixture
def says_of(family, ig_lead):
    def write(event, person, words):
        said = {"on": event.happened_on, "statement": words, "recorded_by": ig_lead, "recorded_at": MONDAY}
        return Addendum.objects.create(family=family, person=person, event=event, **said)

    return write


def test_what_somebody_says_of_an_event_goes_beside_it_to_whoever_may_have_both(
    dana, joe, robin, school, says, chronology, says_of, copy_for
):
    says_of(chronology["robin"], robin, "I like stories.")
    says_of(chronology["all"], dana, "It took a year.")

    assert goes(copy_for(dana)) == [
        "The heating was mended.", "It took a year.", "She sleeps again.", "He reads aloud in class.", "I like stories.",
    ]  # fmt: skip
    assert "It took a year." not in goes(copy_for(joe))
    says(robin, "given", given_by="parent", parent=dana)
    assert goes(copy_for(agency=school, recipient="Tess Marlow")) == ["He reads aloud in class.", "I like stories."]


def test_it_stays_out_where_the_event_does_whoever_left_that_out(dana, joe, chronology, says_of, copy_for, worker):
    own = says_of(chronology["robin"], dana, "He reads at home too.")
    copy = copy_for(dana)
    assert "He reads at home too." in goes(copy)
    copy = transitions.choose(copy, by=worker, now=LATER, kept=[f"statement-{own.pk}"])

    assert "He reads at home too." not in goes(copy)
    assert prepare(copy, now=LATER).in_the_way == []


def test_of_an_event_that_was_a_mistake_nothing_goes(dana, chronology, says_of, copy_for, worker):
    says_of(chronology["dana"], dana, "I never slept.")
    entered_in_error(chronology["dana"], by=worker, now=LATER, reason="Another Dana.")

    assert "I never slept." not in goes(copy_for(dana))


def test_an_agency_gets_what_each_person_allows(dana, joe, robin, school, says, chronology, copy_for):
    copy = copy_for(agency=school, recipient="Tess Marlow")
    assert goes(copy) == []

    says(dana, "given")
    assert goes(copy) == ["She sleeps again."]
    says(joe, "given")
    says(robin, "given", given_by="parent", parent=dana)
    assert len(goes(copy)) == 4

    says(joe, "withdrawn", now=LATER)
    assert goes(copy) == ["She sleeps again.", "He reads aloud in class."]


def test_whose_answer_stands_in_the_way_is_said_by_name_with_how_much_waits_for_it(
    dana, joe, robin, school, says, chronology, worker, copy_for, signed_in
):
    for adult in (dana, joe):
        says(adult, "given")
    copy = copy_for(agency=school, recipient="Tess Marlow")

    page = signed_in(worker).get(copy.get_absolute_url()).content.decode()
    assert "2 parts are about Robin Grant too, and stay out." in page
    assert "Robin Grant has not been asked about this agency." in page
    assert f"/families/{copy.family.reference}/sharing/wish/" in page
    assert "about Dana Grant too" not in page

    says(robin, "given", given_by="parent", parent=dana)
    assert prepare(copy, now=LATER).in_the_way == []
    assert len(goes(copy)) == 4


def test_what_no_answer_would_let_go_waits_for_nobody(dana, school, happened, copy_for):
    secret_home(dana, **REFUGE)
    happened("She moved to 7 Hidden Lane.", dana)

    assert prepare(copy_for(agency=school, recipient="Tess Marlow"), now=LATER).in_the_way == []


WHY_NOT = {
    "An agency keeps it": Passage("a", "Health", "Seen by CAMHS.", private_to=7),
    "somebody outside": Passage("b", "Neighbours", "Mr Pike drinks.", third_party=True),
    "It may say where": Passage("c", "Moved", "Now at 7, hidden lane."),
    "conflict": Passage("d", "School", "Joe waits at the gate."),
    "About Joe": Passage("e", "Work", "Found work.", frozenset({2})),
}


@pytest.mark.parametrize("why", WHY_NOT)
def test_each_part_that_does_not_go_says_why(why):
    reader = Reader(
        person=1,
        opposed={3: ("Joe",)},
        people={2: "Joe Pike"},
        secrets=Secrets((Named("7", ("hidden", "lane")),)),
    )
    (choice,) = choose([WHY_NOT[why]], reader)

    assert not choice.goes
    assert why in choice.why_not


def test_the_agency_that_wrote_it_for_itself_gets_it():
    (choice,) = choose([WHY_NOT["An agency keeps it"]], Reader(agency=7))

    assert choice.goes


def test_a_protected_address_goes_to_nobody_however_it_is_written(dana, joe, happened, copy_for):
    secret_home(dana, **REFUGE)
    for text in ("She moved to 7 Hidden Lane.", "The bus stops at LE99ZZ.", "7, hidden  lane: a good house"):
        happened(text)
    happened("All is well.")

    assert goes(copy_for(joe)) == goes(copy_for(dana)) == ["All is well."]


def test_nobody_can_add_what_the_rule_leaves_out(dana, worker, chronology, copy_for):
    copy = copy_for(dana)
    kept = [f"event-{each.pk}" for each in chronology.values()]
    transitions.choose(copy, by=worker, now=LATER, kept=kept[1:])
    copy.refresh_from_db()

    assert goes(copy) == ["She sleeps again.", "He reads aloud in class."]


def test_what_was_entered_in_error_is_in_no_copy(dana, worker, happened, copy_for):
    mistake = happened("She was seen at the off-licence.", dana)
    happened("She sleeps again.", dana)
    entered_in_error(mistake, by=worker, now=MONDAY, reason="That was somebody else.")

    assert goes(copy_for(dana)) == ["She sleeps again."]


# --- once made --------------------------------------------------------------------------------------------------------


@pytest.fixture
def made(dana, chronology, worker, copy_for):
    return transitions.make(copy_for(dana), by=worker, now=LATER)


def test_each_copy_is_one_disclosure(made, dana, joe, robin):
    row = Disclosure.objects.get()

    assert (row.way, row.basis, row.recipient) == ("copy", "own", "Dana Grant")
    assert made.disclosure == row


def test_a_made_copy_is_never_altered_and_says_what_it_said_then(made, chronology, happened):
    event = chronology["dana"]
    event.text = "Something else."
    event.save()
    assert "She sleeps again." in text_of(paper_of(made))

    for spoil in (
        lambda: RecipientCopy.objects.filter(pk=made.pk).update(recipient="Somebody else"),
        lambda: RecipientCopy.objects.filter(pk=made.pk).delete(),
    ):
        with pytest.raises(InternalError, match="sharing_recipientcopy"), transaction.atomic():
            spoil()


def test_what_was_sealed_for_one_copy_opens_in_no_other(made, joe, worker, copy_for):
    other = transitions.make(copy_for(joe), by=worker, now=LATER)
    other.sealed = made.sealed
    with pytest.raises(Unsealable):
        paper_of(other)


def test_what_one_parent_was_given_is_not_on_the_others_paper(made, joe, worker, signed_in):
    page = signed_in(worker).get(f"/families/people/{joe.pk}/told/").content.decode()

    assert "Dana Grant" not in page


def test_to_an_agency_it_rests_on_their_wishes_and_without_them_none_is_made(
    dana, school, says, chronology, worker, copy_for
):
    copy = copy_for(agency=school, recipient="Tess Marlow")
    with pytest.raises(NotPossible, match="nothing in it"):
        transitions.make(copy, by=worker, now=LATER)
    assert not Disclosure.objects.exists()

    given = says(dana, "given")
    transitions.make(copy, by=worker, now=LATER)
    row = Disclosure.objects.get()
    assert (row.basis, row.about.get().permission, row.recipient) == ("permission", given, f"Tess Marlow, {school}")


def test_a_court_gets_its_copy_with_a_reason(dana, school, chronology, worker, copy_for):
    with pytest.raises(NotPossible, match="Say why"):
        copy_for(agency=school, recipient="The clerk", purpose="court")

    said = {"purpose": "court", "reason": "Order of 1 March.", "family_told": True}
    copy = transitions.make(copy_for(agency=school, recipient="The clerk", **said), by=worker, now=LATER)
    assert (copy.disclosure.basis, copy.disclosure.reason) == ("override", "Order of 1 March.")


def test_the_plan_goes_goal_by_goal(dana, joe, led_case, copy_for):
    plan = Plan.objects.create(case=led_case)
    Goal.objects.create(plan=plan, words="Calmer mornings")
    Goal.objects.create(plan=plan, words="Work nights", whose=joe)
    told = [each.passage.heading for each in prepare(copy_for(dana, document="plan"), now=LATER).goes]

    assert told == ["Calmer mornings"]


# --- pages ------------------------------------------------------------------------------------------------------------


def test_from_begun_to_the_paper_in_the_browser(apart, family, dana, joe, chronology, worker, chair, signed_in):
    client, url = signed_in(worker), f"/families/{family.reference}/sharing/"
    said = {"document": "chronology", "for_whom": "person", "person": dana.pk, "purpose": "help"}
    copy = client.post(f"{url}copies/add/", sent(**said)).url
    page = client.get(copy).content.decode()
    assert "It is about somebody with whom they conflict, or names them" in page
    assert "A second person reads this very copy" in page
    assert "He has found work." not in page
    assert f"{copy}do/make/" not in page
    assert client.post(f"{copy}do/ask/").url == copy

    read = signed_in(chair).get(f"{copy}do/approve/").content.decode()
    assert "She sleeps again." in read
    digest = re.search(r'name="digest" value="(\w{64})"', read)[1]
    assert signed_in(chair).post(f"{copy}do/approve/", {"digest": digest}).url == copy
    client = signed_in(worker)
    assert client.post(f"{copy}do/make/").url == copy

    assert "She sleeps again." in client.get(f"{copy}print/").content.decode()
    assert client.get(f"{copy}pdf/").content.startswith(b"%PDF")


def test_there_is_no_paper_before_it_is_made(dana, chronology, worker, copy_for, signed_in):
    copy = copy_for(dana)

    assert signed_in(worker).get(f"{copy.get_absolute_url()}print/").status_code == 404


def test_to_everybody_else_it_is_not_there(dana, chronology, copy_for, stranger, practitioner, signed_in):
    copy = copy_for(dana)
    for somebody in (stranger, practitioner):
        assert signed_in(somebody).get(copy.get_absolute_url()).status_code == 404


def test_in_each_of_some_families_in_conflict_each_readers_copy_holds_just_what_they_may_have(worker, chair, school):
    found, made = faults(6, seed=3, worker=worker, second=chair, agency=school)

    assert (found, made) == ([], 60)


@pytest.mark.parametrize("many", [1, 20])
def test_the_list_of_copies_takes_as_many_queries_for_one_as_for_twenty(
    family, dana, chronology, worker, copy_for, signed_in, many, django_assert_max_num_queries
):
    for _ in range(many):
        copy_for(dana)
    client, url = signed_in(worker), f"/families/{family.reference}/sharing/copies/"
    client.get(url)
    with django_assert_max_num_queries(7):
        page = client.get(url).content.decode()
    assert page.count("For Dana Grant") == many
