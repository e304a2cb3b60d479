"""Words that say where somebody lives are taken out of everything that is kept, by two people, and named nowhere (promise P2)."""

import pgtrigger
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from earlyhelp.audit import seals
from earlyhelp.audit.models import Access, Erasure, Event
from earlyhelp.core.templates import linebreaksbr
from earlyhelp.families.services import add_event
from earlyhelp.notices.models import Notice
from earlyhelp.records.blanking import Words, as_written
from earlyhelp.records.destroying import destroy
from earlyhelp.records.models import Blanking
from earlyhelp.records.plan import of_family
from earlyhelp.records.services import ask_to_blank
from earlyhelp.records.todo import words_to_take_out
from earlyhelp.records.transitions.blanking import leave_words, take_words_out
from earlyhelp.sharing.services import begin_copy
from earlyhelp.sharing.transitions import make
from earlyhelp.workflow.transitions import SYSTEM, NotPossible
from tests.factories import MONDAY, MemberFactory, PersonFactory, secret_home

WORDS = "17 Quince Lane"


@pytest.fixture
def family(led_case):
    dana = PersonFactory(first_name="Dana", last_name="Grant", area=led_case.area)
    MemberFactory(family=led_case.family, person=dana, role="parent")
    secret_home(dana, line_1=WORDS, postcode="LE15 7ZZ")
    return led_case.family


@pytest.fixture
def written(family, led_case, worker):
    """In a note and its versions, in the request of the case, in a reason in the log."""
    said = {"happened_on": MONDAY.date(), "kind": "home", "by": worker, "now": MONDAY}
    note = add_event(family, text=f"Seen at {WORDS}, she is well.", **said)
    led_case.request = "She fled to 17  quince\nlane."
    led_case.save()
    Event.objects.create(at=MONDAY, kind="x", subject="cases.case", subject_id=led_case.pk, reason=f"At {WORDS}.")
    return note


def asked(family, by, words=WORDS):
    return ask_to_blank(family, by=by, now=MONDAY, words=words, why="It stands in the note of Monday.")


def rows_that_say(pattern):
    with connection.cursor() as cursor:
        found = set()
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ~* %s', [pattern])
            found |= {table} if cursor.fetchone()[0] else set()
    return found


def test_the_words_go_out_of_every_table_and_the_rest_stays(family, written, led_case, worker, ig_lead):
    row = asked(family, worker)
    assert {"families_significantevent", "cases_case", "audit_event"} <= rows_that_say(r"quince\s+lane")

    take_words_out(row, by=ig_lead, now=MONDAY, note="She is hidden.")

    assert rows_that_say("quince") == set()
    written.refresh_from_db()
    assert written.text == f"Seen at [taken out {row.pk}], she is well."
    row.refresh_from_db()
    assert row.sealed is None
    assert row.places["entry in the log"] == 1


def test_the_log_says_that_and_by_whom_and_its_seals_hold(family, written, worker, ig_lead):
    take_words_out(asked(family, worker), by=ig_lead, now=MONDAY, note="She is hidden.")

    told = Event.objects.filter(subject="records.blanking").order_by("pk")
    assert [(each.kind, each.actor) for each in told] == [
        ("records.blanking.asked", worker),
        ("records.blanking.take_words_out", ig_lead),
    ]
    assert Erasure.objects.count() == 1


def test_it_takes_two_and_the_second_is_the_governance_lead(family, written, worker, ig_lead, chair):
    ig_lead.forget_scope()
    mine = Blanking(family=family, why="w", asked_by=ig_lead, asked_at=MONDAY)
    mine.keep_words(WORDS)
    mine.save()
    for row, who in ((mine, ig_lead), (asked(family, worker), worker), (asked(family, worker), chair)):
        with pytest.raises(PermissionDenied):
            take_words_out(row, by=who, now=MONDAY, note="n")

    written.refresh_from_db()
    assert WORDS in written.text


def test_who_does_not_see_the_family_asks_for_nothing(family, stranger):
    with pytest.raises(PermissionDenied):
        asked(family, stranger)

    assert not Blanking.objects.exists()


def test_left_as_they_are_they_stay_and_the_sealed_words_go(family, written, worker, ig_lead):
    row = leave_words(asked(family, worker), by=ig_lead, now=MONDAY, note="It is the school’s.")

    written.refresh_from_db()
    assert WORDS in written.text
    assert row.sealed is None
    with pytest.raises(NotPossible):
        take_words_out(row, by=ig_lead, now=MONDAY, note="n")


def test_another_familys_record_is_not_touched(family, written, worker, ig_lead, strangers_note):
    take_words_out(asked(family, worker), by=ig_lead, now=MONDAY, note="n")

    strangers_note.refresh_from_db()
    assert WORDS in strangers_note.text


@pytest.fixture
def strangers_note(led_case, worker):
    from tests.factories import FamilyFactory

    said = {"happened_on": MONDAY.date(), "kind": "home", "by": worker, "now": MONDAY}
    return add_event(FamilyFactory(area=led_case.area), text=f"They live at {WORDS}.", **said)


def test_a_copy_that_was_made_stays_as_it_was_given_and_who_has_it_is_said(family, written, worker, ig_lead):
    dana = family.memberships.get(role="parent").person
    dana.addresses.all().delete()  # it was not secret yet when the copy was made
    copy = begin_copy(family, document="chronology", purpose="help", person=dana, by=worker, now=MONDAY)
    made = make(copy, by=SYSTEM, now=MONDAY)
    sealed = bytes(made.sealed)

    row = take_words_out(asked(family, worker), by=ig_lead, now=MONDAY, note="n")

    made.refresh_from_db()
    assert bytes(made.sealed) == sealed
    assert row.received == [f"Copy: {made.recipient}"]


# --- accounted for ----------------------------------------------------------------------------------------------------


@pytest.fixture
def gone(written, family, worker, ig_lead):
    """The note, once the words are out of it and the log is sealed over that."""
    take_words_out(asked(family, worker), by=ig_lead, now=MONDAY, note="She is hidden.")
    written.refresh_from_db()
    return written


def faults():
    return [str(each) for each in seals.verify()]


def versions_of(note):
    return note.history.model._base_manager.filter(pgh_obj=note)


def test_what_lost_words_is_accounted_for_and_the_latest_version_is_the_row(gone):
    assert faults() == []
    assert versions_of(gone).latest("pgh_id").text == gone.text


@pytest.mark.parametrize(
    ("tampered", "found"),
    [
        (lambda versions: versions.update(text="Seen at home."), "1 versions (families.significantevent) are not what"),
        (lambda versions: versions.delete(), "1 versions (families.significantevent) out of which"),
    ],
)
def test_a_version_that_says_something_else_than_was_left_or_is_missing_is_found(gone, tampered, found):
    with pgtrigger.ignore():
        tampered(versions_of(gone))

    assert [each[: len(found)] for each in faults()] == [found]


def test_more_words_may_be_taken_out_of_the_same_text(gone, family, worker, ig_lead):
    take_words_out(asked(family, worker, words="she is well"), by=ig_lead, now=MONDAY, note="n")

    assert faults() == []


@pytest.mark.parametrize("because", ["words taken out 999", "a flood", "words taken out {}"])
def test_a_text_of_the_log_that_went_by_no_decision_is_found(gone, family, because):
    event = Event.objects.create(at=MONDAY, kind="x", subject="cases.case", subject_id=1, reason="Who did it.")
    seals.erase_texts("cases.case", [event.subject_id], because=because.format(family.blankings.get().pk), now=MONDAY)

    assert len(faults()) == 1


def test_where_the_record_was_destroyed_since_nothing_is_missed(gone, family):
    destroy(of_family(family), because="disposal 1", now=MONDAY)

    assert faults() == []


def test_a_field_with_no_room_for_the_mark_is_emptied_of_the_words_all_the_same():
    out = Words(as_written("LE15 7ZZ"), "[taken out 7]")

    assert out.out_of("LE15 7ZZ", longest=10) == ""
    assert out.out_of("LE15 7ZZ it is", longest=16) == "[taken out 7]  i"


# --- in the browser ---------------------------------------------------------------------------------------------------


def test_where_words_went_the_text_leads_to_why_and_when(client, gone, family, led_case, worker, ig_lead):
    client.force_login(worker)
    why = reverse("records:taken_out", args=[family.blankings.get().pk])
    for page in (f"{family.get_absolute_url()}chronology/", led_case.get_absolute_url()):
        assert f'href="{why}">[some words were taken out here' in client.get(page).text
    shown = client.get(why).text

    assert "It stands in the note of Monday." in shown
    assert "She is hidden." in shown
    assert reverse("records:ask_to_blank", args=[family.reference]) in shown
    assert reverse("records:blankings") not in shown
    assert "quince" not in shown.lower()
    assert Access.objects.filter(subject="records.blanking", page=why, actor=worker).exists()


def test_the_governance_lead_reads_why_and_is_led_to_no_record(client, gone, family, ig_lead):
    client.force_login(ig_lead)
    shown = client.get(reverse("records:taken_out", args=[family.blankings.get().pk])).text

    assert reverse("records:blankings") in shown
    assert family.get_absolute_url() not in shown


def test_who_does_not_see_the_family_reads_no_reason_nor_whoever_does_of_what_is_not_decided(
    client, gone, family, worker, stranger
):
    waits = reverse("records:taken_out", args=[asked(family, worker).pk])
    gone_by = reverse("records:taken_out", args=[family.blankings.exclude(decided_by=None).get().pk])
    for user, page in ((stranger, gone_by), (worker, waits)):
        client.force_login(user)
        assert client.get(page).status_code == 404


def test_a_mark_that_somebody_types_is_a_link_and_never_markup():
    assert linebreaksbr("<b>[taken out 7]\n").startswith("&lt;b&gt;<a ")
    assert linebreaksbr("[taken out x]") == "[taken out x]"


def test_it_is_asked_for_and_decided_in_the_browser_and_the_lead_reads_no_word_of_it(
    client, family, written, worker, ig_lead
):
    client.force_login(worker)
    ask = reverse("records:ask_to_blank", args=[family.reference])
    for page in ("", "chronology/"):
        assert f'href="{ask}">Take words out' in client.get(f"{family.get_absolute_url()}{page}").text
    said = {"token": "7b0c2e4e-1111-4222-8333-444455556666", "words": WORDS, "why": f"It says {WORDS}."}
    assert client.post(ask, said).status_code == 422  # the reason is read by others
    assert client.post(ask, said | {"why": "The note of Monday."}).status_code == 302
    assert Notice.objects.filter(to=ig_lead).exists()
    assert client.get(reverse("records:blankings")).status_code == 403

    client.force_login(ig_lead)
    page = client.get(reverse("records:blankings")).text
    assert "An address that is kept secret here is among the words." in page
    assert "Quince" not in page
    assert [each.url for each in words_to_take_out(ig_lead, MONDAY)] == [reverse("records:blankings")]
    row = Blanking.objects.get()
    decide = reverse("records:blank", args=[row.pk, "take_words_out"])
    assert "Quince" not in client.get(decide).text
    client.post(decide, {"token": "7b0c2e4e-1111-4222-8333-444455556677", "note": "She is hidden."})

    assert "Taken out" in client.get(reverse("records:blankings")).text
    assert Notice.objects.filter(to=worker).exists()
    written.refresh_from_db()
    assert WORDS not in written.text


def test_twenty_take_no_more_queries_than_one(client, family, worker, ig_lead, django_assert_max_num_queries):
    client.force_login(ig_lead)
    for times in (1, 19):
        for _ in range(times):
            asked(family, worker)
        with django_assert_max_num_queries(7):
            client.get(reverse("records:blankings"))
