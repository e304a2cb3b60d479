"""What the front door asks of a person today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from django.db.models import CharField, Count, OuterRef, Q, Subquery, Value
from django.urls import reverse

from earlyhelp.core.composed import Composed, PlannedOnce
from earlyhelp.core.todo import Todo, todo
from earlyhelp.partnership.enums import Role
from referrals.access import ANSWERS_CONTACTS
from referrals.enums import UNACKNOWLEDGED, HandoverStatus, Status
from referrals.models import (
    ChecklistDeadline,
    Contact,
    ContactDeadline,
    HandoverDeadline,
    InformationRequest,
    Referral,
    ReferralDeadline,
    ReferralMessage,
    SocialCareHandover,
)
from referrals.models.referral import DELETE_AFTER, WARN_AFTER
from referrals.queries import doubtful


@todo
def referrals_to_go_on_with(user: Any, now: datetime) -> Iterable[Todo]:
    """Drafts to finish and messages to read, in one query: everybody’s home page asks it."""
    found = sorted(_begun_and_said(user), key=itemgetter(2), reverse=True)
    lines = {(what, reference): at for what, reference, at in found}
    yield from (_draft_to_finish(reference, at, now) for (what, reference), at in lines.items() if what == "draft")
    for reference in [reference for what, reference in reversed(lines) if what == "message"][:5]:
        url = reverse("referrals:messages", args=[reference])
        yield Todo(30, f"Read a message about referral {reference}", url)


@PlannedOnce
def _begun_and_said(user: Any) -> Any:
    drafts = Referral.objects.drafts().filter(author=user).order_by("touched_at")
    begun = drafts.values_list(Value("draft", CharField()), "reference", "touched_at")
    said = _messages_to(user).order_by("at").values_list(Value("message", CharField()), "referral__reference", "at")
    return begun[:5].union(said[:25], all=True)


def _messages_to(user: Any) -> Any:
    """An answer to whoever referred; a referrer’s word to the lead professional of the case that came of it."""
    led = user.scope.ids("case_led")
    waiting = Q(from_referrer=False, referral__author=user) | Q(from_referrer=True, case__in=led)
    return ReferralMessage.objects.unread().filter(waiting)


def _draft_to_finish(reference: str, touched_at: datetime, now: datetime) -> Todo:
    gone, url = touched_at + WARN_AFTER < now, reverse("referrals:referral", args=[reference])
    text = f"Finish referral {reference}: it is deleted soon" if gone else f"Finish referral {reference}"
    return Todo(10 if gone else 40, text, url, touched_at + DELETE_AFTER if gone else None)


@todo
def requests_to_answer(user: Any, now: datetime) -> Iterable[Todo]:
    if not user.scope.holds(Role.AGENCY_CONTACT):
        return
    for request in InformationRequest.objects.for_user(user, "list").waiting().order_by("due_at")[:5]:
        yield Todo(10, f"Answer question {request.reference}", request.get_absolute_url(), request.due_at)


@todo
def triage_to_do(user: Any, now: datetime) -> Iterable[Todo]:
    if not user.scope.holds(Role.EH_ACCESS):
        return
    rows = Referral.objects.for_user(user, "triage").live().with_decide_by()
    n = rows.order_by().aggregate(
        new=Count("pk", filter=Q(status=Status.SUBMITTED, doubts=[])),
        doubtful=Count("pk", filter=doubtful()),
        late=Count("pk", filter=Q(decide_by__lt=now)),
    )
    if n["late"]:
        text = f"{_referrals(n['late'])} past the time for a decision"
        yield Todo(0, text, f"{reverse('referrals:triage')}?tab=overdue")
    if n["doubtful"]:
        text = f"{_referrals(n['doubtful'])} from the public form to check: a program may have sent them"
        yield Todo(5, text, f"{reverse('referrals:triage')}?tab=doubtful")
    if n["new"]:
        yield Todo(5, f"{_referrals(n['new'])} not taken yet", f"{reverse('referrals:triage')}?tab=new")


@todo
def messages_from_referrers(user: Any, now: datetime) -> Iterable[Todo]:
    if not user.scope.holds(Role.EH_ACCESS):
        return
    waiting = ReferralMessage.objects.unread().filter(from_referrer=True)
    if n := Referral.objects.for_user(user, "triage").filter(pk__in=waiting.values("referral")).count():
        yield Todo(5, f"Read messages about {_referrals(n)}", f"{reverse('referrals:triage')}?tab=messages")


@todo
def contacts_to_answer(user: Any, now: datetime) -> Iterable[Todo]:
    if not user.scope.holds(*ANSWERS_CONTACTS, Role.IG_LEAD):
        return
    rows = Contact.objects.for_user(user, "answer").waiting().with_promises()
    n = rows.order_by().aggregate(all=Count("pk"), late=Count("pk", filter=Q(answer_by__lt=now)))
    late, more = n["late"], n["all"] - n["late"]
    if late:
        text = f"{_contacts(late)} past the time for an answer" + (f", and {more} more to answer" if more else "")
        yield Todo(0, text, reverse("referrals:contacts"))
    elif more:
        yield Todo(5, f"{_contacts(more)} to answer", reverse("referrals:contacts"))


SEEN_THROUGH_BY = {
    "D_OUTCOME": ("tell_person", "Tell them where they can find help"),
    "D_ADVICE_FOLLOW_UP": ("follow_up", "Ask whether it helped"),
}


@todo
def contacts_to_see_through(user: Any, now: datetime) -> Iterable[Todo]:
    """Whoever answered sees it through: people are told where to go, and asked whether it helped (domain.md R17)."""
    if not user.scope.holds(*ANSWERS_CONTACTS, Role.IG_LEAD):
        return
    owed = ContactDeadline.objects.for_user(user, "answer").open().filter(holder=user, code__in=SEEN_THROUGH_BY)
    for each in owed.filter(due_at__lt=now + timedelta(days=7)).select_related("owner").soonest_first()[:5]:
        name, text = SEEN_THROUGH_BY[each.code]
        url = reverse("referrals:contact_move", args=[each.owner.reference, name])
        yield Todo(20, f"{text}: contact {each.owner.reference}", url, each.due_at)


ASKED_TO = {
    "D_HARM": (0, "Say what was done about a sign of harm"),
    "D_REPEAT_OFFER": (30, "Offer again what they did not want then"),
}


@todo
def checklists_to_see_through(user: Any, now: datetime) -> Iterable[Todo]:
    """Whoever asked says what was done about a sign of harm, and offers again on the day that was agreed (domain.md R17)."""
    asked = user.waiting.ids("checklist_owed")
    if not asked:
        return
    mine = ChecklistDeadline.objects.for_user(user, "offer").open()
    owed = mine.filter(owner__in=asked, holder=user, code__in=ASKED_TO)
    soon = Q(code="D_HARM") | Q(due_at__lt=now + timedelta(days=1))
    for each in owed.filter(soon).select_related("owner").soonest_first()[:5]:
        place, text = ASKED_TO[each.code]
        yield Todo(place, f"{text}: checklist {each.owner.reference}", each.owner.get_absolute_url(), each.due_at)


@todo
def handovers_to_chase(user: Any, now: datetime) -> Iterable[Todo]:
    """Not acknowledged: who sent it rings, and EH Access sees to it, or the governance lead for a restricted family; after
    a day their manager. Acknowledged: who sent it asks for the answer. Not accepted or returned: it is decided today.
    """
    for handover in _to_chase(user, day_ago=now - timedelta(days=1)):
        yield _of_handover(handover)


@PlannedOnce
def _to_chase(user: Any, day_ago: Any) -> Any:
    roles = [held for held in (Role.EH_ACCESS, Role.IG_LEAD) if user.scope.holds(held)]
    owed = HandoverDeadline.objects.open().filter(Q(holder=user) | Q(holder=None, holder_role__in=roles))
    unacknowledged = Q(status__in=UNACKNOWLEDGED)
    if not roles:
        unacknowledged &= Q(author=user) | Q(sent_at__lt=day_ago)
    rows = SocialCareHandover.objects.for_user(user, "follow")
    rows = rows.filter(unacknowledged | ~Q(status__in=UNACKNOWLEDGED) & Q(pk__in=owed.values("owner")))
    due = owed.filter(owner=OuterRef("pk")).values("due_at")
    return rows.annotate(due=Subquery(due[:1])).order_by("sent_at")[:8]


def _of_handover(handover: Any) -> Todo:
    url = handover.get_absolute_url()
    if handover.is_unacknowledged:
        return Todo(0, f"Hand-over {handover.reference}: social care has not acknowledged it", url)
    if handover.status == HandoverStatus.ACKNOWLEDGED:
        return Todo(10, f"Ask social care what they will do: hand-over {handover.reference}", url, handover.due)
    return Todo(0, f"Decide today what happens now: hand-over {handover.reference}", url, handover.due)


@todo
def handovers_to_social_care(user: Any, now: datetime) -> Iterable[Todo]:
    """Social care itself: what it has not acknowledged, and of what it has acknowledged what it has not said yet."""
    if not user.scope.holds(Role.AGENCY_CONTACT):
        return
    for handover in _to_answer(user):
        if handover.is_unacknowledged:
            yield Todo(0, f"Acknowledge hand-over {handover.reference}", handover.get_absolute_url(), handover.due)
        else:
            text = f"Say what social care will do: hand-over {handover.reference}"
            yield Todo(10, text, handover.get_absolute_url(), handover.due)


@Composed
def _to_answer(user: Any) -> Any:
    rows = SocialCareHandover.objects.for_user(user, "received")
    rows = rows.filter(status__in=(*UNACKNOWLEDGED, HandoverStatus.ACKNOWLEDGED)).exclude(author=user)
    due = HandoverDeadline.objects.open().filter(owner=OuterRef("pk")).values("due_at")
    return rows.annotate(due=Subquery(due[:1])).order_by("sent_at")[:8]


@todo
def handovers_of_cases_i_lead(user: Any, now: datetime) -> Iterable[Todo]:
    """The lead only takes note of it, and goes on with the family meanwhile: until social care has said what it does."""
    for handover in _of_my_cases(user) if user.scope.ids("case_led") else ():
        text = f"Read hand-over {handover.reference}, about your case {handover.case}: social care has yet to answer"
        yield Todo(5, text, handover.get_absolute_url())


@PlannedOnce
def _of_my_cases(user: Any) -> Any:
    waits = HandoverDeadline.objects.open().values("owner")
    rows = SocialCareHandover.objects.for_user(user).filter(case__in=user.scope.ids("case_led"), pk__in=waits)
    return rows.exclude(author=user).select_related("case").order_by("sent_at")[:5]


OWED_TO_FAMILIES = {
    "D_OUTCOME": (20, "tell_family", "Tell the family what was decided"),
    "D_OFFER_AGAIN": (30, "offer_again", "Offer help again to a family that was signposted"),
}


@todo
def families_to_tell(user: Any, now: datetime) -> Iterable[Todo]:
    """Whoever decided tells the family, or asks the referrer to (domain.md 1, rule 3); and offers help again on the day (R17)."""
    if not user.scope.holds(Role.EH_ACCESS):
        return
    for each in _owed_to_families(user, soon=now + timedelta(days=1)):
        place, name, text = OWED_TO_FAMILIES[each.code]
        url = reverse("referrals:move", args=[each.owner.reference, name])
        yield Todo(place, f"{text}: referral {each.owner.reference}", url, each.due_at)


@Composed
def _owed_to_families(user: Any, soon: Any) -> Any:
    owed = ReferralDeadline.objects.for_user(user, "triage").open()
    owed = owed.filter(Q(code="D_OUTCOME") | Q(code="D_OFFER_AGAIN", due_at__lt=soon))
    return owed.filter(Q(holder=user) | Q(holder=None)).select_related("owner").soonest_first()[:5]


@todo
def second_looks(user: Any, now: datetime) -> Iterable[Todo]:
    if not user.scope.holds(Role.TEAM_MANAGER, Role.IG_LEAD):
        return
    for referral in _to_look_at_again(user):
        yield Todo(10, f"Second pair of eyes on referral {referral.reference}", referral.get_absolute_url())


@Composed
def _to_look_at_again(user: Any) -> Any:
    return Referral.objects.for_user(user, "second_look").order_by("decided_at")[:5]


def _referrals(n: int) -> str:
    return "1 referral" if n == 1 else f"{n} referrals"


def _contacts(n: int) -> str:
    return "1 contact" if n == 1 else f"{n} contacts"
