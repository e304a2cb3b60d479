"""What is typed at the hub and read elsewhere gives away no protected address, whatever reason is given (promise P2)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.core.forms import CharField, TextField
from earlyhelp.core.forms.base import House
from hubs import transitions
from hubs.enums import MeetingStatus
from hubs.forms import actions, before, blockages, collaboratives, decisions, interests, keeping, leavers, live, papers
from hubs.forms import meetings as at_meetings
from hubs.forms import requests as asked
from hubs.forms import steps as of_steps
from hubs.models import HubAction, HubDecision, MinutesCorrection
from tests.hubs.factories import ItemFactory, MeetingFactory
from tests.hubs.test_kept_back import POSTCODE, hide

NOW = timezone.now()
SAYS_IT = f"They are safe now, at {POSTCODE}."
KEEPS_IT = {"despite": "It has to stand here."}
READ_ELSEWHERE = "read beyond the record"
DAY = (NOW + timedelta(days=7)).date()
BY = {"due_on_day": DAY.day, "due_on_month": DAY.month, "due_on_year": DAY.year}


@pytest.fixture
def meeting(hub, chair, members):
    return MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW.replace(microsecond=0))


@pytest.fixture
def next_one(hub):
    return MeetingFactory(hub=hub, starts_at=NOW.replace(microsecond=0) + timedelta(days=30))


@pytest.fixture
def fled(item, chair):
    """A family on the agenda, of whom somebody hides; the chair was named for the address."""
    hide(item.case.family, chair)
    return item


def sent(client, url, **typed):
    """The page's own key, and the reason for which a caution would be passed over."""
    form = client.get(url).context["form"]
    key = {"token": form["token"].value()} if "token" in form.fields else {}
    return client.post(url, key | KEEPS_IT | typed)


def refuses(answer, name):
    """Beside the question, in words that say why, and with no box for another reason."""
    said = " ".join(answer.context["form"].errors.get(name, []))
    return answer.status_code == 422 and READ_ELSEWHERE in said and 'name="despite"' not in answer.text


# --- each text that travels ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["chair", "coordinator"])
def test_why_families_were_not_decided_gives_no_address_away_to_who_reads_the_minutes(
    request, sign_in, fled, next_one, melton, who
):
    """Whether whoever closes was named for the address, or would only learn by a refusal that they had guessed it."""
    hide(fled.case.family, request.getfixturevalue(who))
    client, url = sign_in(fled.meeting.chaired_by), f"{fled.meeting.get_absolute_url()}close/"

    assert refuses(sent(client, url, reason=SAYS_IT), "reason")
    fled.meeting.refresh_from_db()
    assert fled.meeting.status == MeetingStatus.IN_MEETING
    assert not HubDecision.objects.exists()

    assert sent(client, url, reason="We ran out of time.").status_code == 302
    assert HubDecision.objects.get().rationale == "We ran out of time."


def test_why_a_family_is_heard_late_gives_no_address_away(sign_in, meeting, next_one, chair, waiting_case):
    late = ItemFactory(meeting=next_one, case=waiting_case)
    hide(late.case.family, chair)
    client, url = sign_in(chair), f"{meeting.get_absolute_url()}late/"

    assert refuses(sent(client, url, item=late.pk, late_reason=SAYS_IT), "late_reason")
    late.refresh_from_db()
    assert (late.meeting, late.late_reason) == (next_one, "")

    assert sent(client, url, item=late.pk, late_reason="Eviction on Friday.").status_code == 302


DECIDED = {"decision": "signpost", "rationale": "The library knows them.", "where": "The library"}
PUT_OFF = {"decision": "defer", "rationale": "Nobody has seen them.", "needed": "The school says more."}


@pytest.mark.parametrize(
    ("name", "otherwise"),
    [
        ("rationale", DECIDED),
        ("where", DECIDED),
        ("message", DECIDED),
        ("rationale", PUT_OFF),
        ("needed", PUT_OFF),
        ("action_what", DECIDED),
        ("action_what_3", DECIDED),
        ("preference_note", DECIDED),
    ],
)
def test_a_decision_gives_no_address_away_in_the_minutes_or_to_who_referred(
    sign_in, fled, next_one, chair, name, otherwise
):
    client, url = sign_in(chair), fled.get_absolute_url()

    assert refuses(sent(client, url, **otherwise | {name: SAYS_IT}), name)
    assert not HubDecision.objects.exists()
    assert not HubAction.objects.exists()

    assert sent(client, url, **otherwise).status_code == 302
    assert HubDecision.objects.exists()


def test_that_an_address_was_typed_is_written_down_once_and_no_reason_to_keep_it_is(sign_in, fled, next_one, chair):
    sent(sign_in(chair), fled.get_absolute_url(), **PUT_OFF | {"needed": SAYS_IT})

    assert Event.objects.filter(kind="families.family.secret_typed").count() == 1
    assert not Event.objects.filter(kind="workflow.despite_caution").exists()


def test_what_social_care_is_told_may_name_the_place_where_the_child_is(sign_in, fled, chair):
    """Social care has to find the child; of a hand-over the chair is asked, and says why it has to stand there."""
    said = {"decision": "hand_over", "rationale": "A child is not safe.", "concern": SAYS_IT, "family_told": "yes"}
    client, url = sign_in(chair), fled.get_absolute_url()

    answer = client.post(url, {"token": client.get(url).context["form"]["token"].value()} | said)
    assert answer.status_code == 422
    assert 'name="despite"' in answer.text
    assert sent(client, url, **said).status_code == 302


def test_whom_the_family_would_like_gives_no_address_away(sign_in, fled, chair):
    said = {"preference": "asked", "preference_note": SAYS_IT}

    assert refuses(sent(sign_in(chair), f"{fled.get_absolute_url()}preference/", **said), "preference_note")
    fled.refresh_from_db()
    assert fled.preference_note == ""


def test_why_the_hub_hears_of_a_family_without_its_yes_gives_no_address_away(sign_in, fled, chair):
    said = {"purpose": "safeguarding", "reason": SAYS_IT}

    assert refuses(sent(sign_in(chair), f"{fled.get_absolute_url()}without-agreement/", **said), "reason")
    fled.refresh_from_db()
    assert fled.without_agreement_why != SAYS_IT


def test_why_papers_go_out_although_something_is_missing_is_looked_at_like_any_text(
    sign_in, hub, chair, waiting_case, coordinator
):
    draft = MeetingFactory(hub=hub, starts_at=NOW.replace(microsecond=0) + timedelta(days=6))
    hide(ItemFactory(meeting=draft, case=waiting_case).case.family, chair)
    client, url = sign_in(chair), f"{draft.get_absolute_url()}publish/"

    assert refuses(sent(client, url, all_the_same=SAYS_IT), "all_the_same")
    draft.refresh_from_db()
    assert (draft.status, draft.published_despite) == (MeetingStatus.DRAFT, "")

    assert sent(client, url, all_the_same="Nobody here leads yet.").status_code == 302
    draft.refresh_from_db()
    assert draft.published_despite == "Nobody here leads yet."


# --- a family that stands on a later agenda by now ----------------------------------------------------------------------


@pytest.fixture
def put_off(fled, next_one, chair):
    """Deferred by a meeting: it is on that meeting's agenda no more."""
    transitions.defer(fled, by=chair, now=NOW, rationale="Nobody has seen them.", needed="The school says more.")
    assert fled.meeting.items.count() == 0
    return fled.meeting


def test_an_action_of_the_meeting_gives_away_no_address_of_a_family_that_it_deferred(sign_in, put_off, chair, members):
    client, url = sign_in(chair), f"{put_off.get_absolute_url()}action/"

    assert refuses(sent(client, url, what=SAYS_IT, owner=members[0].pk, **BY), "what")
    assert not HubAction.objects.exists()

    assert sent(client, url, what="Ring the school.", owner=members[0].pk, **BY).status_code == 302


def test_a_correction_of_the_minutes_gives_away_no_address_of_a_family_that_was_deferred(
    sign_in, hub, put_off, chair, members
):
    transitions.close(put_off, by=chair, now=NOW)
    MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=put_off.starts_at + timedelta(days=1))
    client, url = sign_in(chair), f"{put_off.get_absolute_url()}correct/"

    assert refuses(sent(client, url, text=SAYS_IT), "text")
    assert not MinutesCorrection.objects.exists()

    assert sent(client, url, text="It was the aunt who rang.").status_code == 302


# --- whoever writes the next form says which of its texts travel ---------------------------------------------------------

# What is read with the record by those who open it, or is about no family, and so is asked about and not refused.
STAYS = {
    "Interest": set(),
    "Decision": {"concern", "not_told_why", "spoken_to", "their_reference"},  # social care has to find the child
    "OfferAgain": {"not_recommended_reason", "over_limit_reason", "preference_note", "handover_note", "joint_visit"}
    | {"reason"},  # read by whoever is offered the family, who opens its record
    "LeaveForLater": set(),
    "ExtraMeeting": {"place"},
    "Move": {"place", "reason"},
    "Search": {"q"},
    "Seen": {"seen"},
    "Note": {"text"},  # sealed to its writer
}
OF_A_PLACE = (collaboratives, keeping)  # no family is opened there; what names one gives pause (``hubs.naming``)
WITH_THE_RECORD = (leavers, of_steps)  # read with it; in the papers an address bars them from going out


def test_every_text_that_the_hub_asks_for_travels_or_is_said_to_stay():
    modules = (actions, at_meetings, asked, before, blockages, decisions, interests, live, papers)
    forms = {form for module in modules for form in vars(module).values() if isinstance(form, type)}
    ours = [form for form in forms if issubclass(form, House) and form.__module__.startswith("hubs.forms")]
    assert len(ours) > 20
    for form in ours:
        texts = {name for name, field in form.base_fields.items() if type(field) in (CharField, TextField)}
        stays = STAYS.get("Decision" if form.__name__ == "ChairsAction" else form.__name__, set())
        if form.__name__ != "Offer":  # the questions that both decisions share
            assert texts - {*form.travels} == stays & texts, form.__name__
