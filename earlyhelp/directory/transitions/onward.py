"""A person's referral to a service. Read this file from top to bottom: it is the machine of domain.md 6.10."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from earlyhelp.core.calendar import add_working_days, closing
from earlyhelp.core.dates import years_old
from earlyhelp.deadlines.services import keep, promise, release
from earlyhelp.deadlines.standards import due_by, standard
from earlyhelp.directory.enums import (
    ASKING,
    ENDED,
    LIVE,
    TAKEN,
    WAITING,
    WITH_SERVICE,
    GivenBy,
    Helped,
    Occasion,
    ReturnReason,
)
from earlyhelp.directory.enums import OnwardStatus as S
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.directory.queries import is_restricted, who_answers
from earlyhelp.directory.services import links
from earlyhelp.families.models import Family
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.sharing.enums import DECIDES_FROM, Basis, Data, Purpose, Way
from earlyhelp.sharing.services import disclose
from earlyhelp.workflow.transitions import NotPossible, transition

RING = "Ring {}: nothing about this person may go by a link."

# --- between the worker and the person ----------------------------------------------------------------------------------


@transition(OnwardReferral, label="They say yes", sources=[S.PROPOSED], target=S.PERMITTED, rule="make")
def permit(
    onward: OnwardReferral,
    *,
    by: Any,
    now: datetime,
    given_by: str,
    how: str,
    limits: str = "",
    capacity_note: str = "",
) -> dict[str, Any]:
    """Their own permission, for this one service (domain.md 16). ``limits`` are in their words, and the service reads them."""
    _refuse_wrong_voice(onward, GivenBy(given_by), now)
    if given_by == GivenBy.DECIDER and not capacity_note:
        raise NotPossible("Say how it was found that they cannot decide this, and who may.", field="capacity_note")
    onward.given_by, onward.given_how, onward.permitted_at = given_by, how, now
    onward.limits, onward.capacity_note = limits, capacity_note
    return {"given_by": given_by}


@transition(OnwardReferral, label="They say no", sources=ASKING, target=S.REFUSED, rule="make")
def refuse(onward: OnwardReferral, *, by: Any, now: datetime, reason: str = "") -> dict[str, Any]:
    return _unpermitted(onward, now, reason)


@transition(OnwardReferral, label="Not now", sources=ASKING, target=S.NOT_NOW, rule="make")
def not_now(
    onward: OnwardReferral, *, by: Any, now: datetime, reason: str = "", offer_again_on: date | None = None
) -> dict[str, Any]:
    """An offer may be repeated (domain.md R17): on that day it stands on the home page of whoever made it."""
    if offer_again_on is not None:
        if offer_again_on < timezone.localdate(now):
            raise NotPossible("That day is over.", field="offer_again_on")
        due_at = closing(add_working_days(offer_again_on, 0))
        promise(onward, "D_ONWARD_FOLLOW_UP", now=now, holder=onward.made_by, due_at=due_at, label="Offer it again")
    return _unpermitted(onward, now, reason)


@transition(OnwardReferral, label="Send it", sources=[S.PERMITTED], target=S.SENT, rule="make")
def send(onward: OnwardReferral, *, by: Any, now: datetime) -> dict[str, Any]:
    """To the service's address as a link, and to those who answer for it with an account. No word of whom it is about."""
    people = _may_be_sent(onward)
    _write_down(onward, by=by, now=now)
    if onward.service.email:
        links.make_link(onward, by=by, now=now)
    title, url = "Somebody has been referred to your service", onward.get_absolute_url()
    key = f"onward:{onward.pk}:sent"
    notify(people, kind=Kind.REQUEST, title=title, reference=onward.reference, url=url, key=key, now=now, urgent=True)
    onward.sent_at = now
    promise(onward, "D_PRESCRIPTION", now=now, holder=onward.made_by)
    unanswered = due_by(standard("D_ONWARD_UNANSWERED"), now)
    promise(onward, "D_ONWARD_FOLLOW_UP", now=now, holder=onward.made_by, due_at=unanswered)
    return {}


@transition(OnwardReferral, label="Send the link again", sources=(*WAITING, *TAKEN, *ENDED), rule="follow")
def send_anew(onward: OnwardReferral, *, by: Any, now: datetime) -> dict[str, Any]:
    """A new link; the one before opens nothing any more."""
    _may_be_sent(onward)
    if not onward.service.email:
        raise NotPossible(f"{onward.service} has no email address. Ring them.")
    links.make_link(onward, by=by, now=now)
    return {}


@transition(OnwardReferral, label="The service was reminded", sources=WAITING, rule="by_itself")
def remind(onward: OnwardReferral, *, by: Any, now: datetime, occasion: Occasion) -> dict[str, Any]:
    """The service hears that its time nears, and once more when it is over. Of somebody restricted nothing goes by a link."""
    if onward.reminded >= occasion:
        raise NotPossible("The service was reminded of this already.")
    onward.reminded = occasion
    due_at = onward.deadlines.open().filter(code="D_PRESCRIPTION").values_list("due_at", flat=True).first()
    if due_at is None or is_restricted(onward.person):
        return {"occasion": occasion.name, "told": False}
    if onward.service.email:
        links.remind(onward, occasion, now=now, due_at=due_at)
    nears = occasion == Occasion.NEARS
    notify(
        who_answers(onward.service),
        kind=Kind.REMINDER,
        title="A referral waits for your answer" if nears else "A referral to your service has not been answered",
        reference=onward.reference,
        url=onward.get_absolute_url(),
        key=f"onward:{onward.pk}:remind:{occasion.value}",
        now=now,
    )
    return {"occasion": occasion.name, "told": True}


@transition(OnwardReferral, label="They have changed their mind", sources=LIVE, target=S.WITHDRAWN, rule="make")
def withdraw(onward: OnwardReferral, *, by: Any, now: datetime, reason: str = "") -> dict[str, Any]:
    """At once: the link opens nothing from now on, and the service is told to do no more."""
    if onward.sent_at:
        links.withdraw_links(onward, now=now)
        title, key = "A referral to your service was withdrawn", f"onward:{onward.pk}:withdrawn"
        url = "/services/referred-to-us/"
        people = who_answers(onward.service)
        notify(people, kind=Kind.NEWS, title=title, reference=onward.reference, url=url, key=key, now=now)
    release(onward, now=now)
    onward.ended_at = now
    return {"reason": reason}


# --- the service -------------------------------------------------------------------------------------------------------


@transition(OnwardReferral, label="Open", sources=[S.SENT], target=S.RECEIVED, rule="answer")
def receive(onward: OnwardReferral, *, by: Any, now: datetime) -> dict[str, Any]:
    onward.received_at = now
    return {}


@transition(OnwardReferral, label="Accept", sources=WAITING, target=S.ACCEPTED, rule="answer")
def accept(onward: OnwardReferral, *, by: Any, now: datetime, expected_on: date | None = None) -> dict[str, Any]:
    onward.answered_at, onward.expected_on = now, expected_on
    keep(onward, "D_PRESCRIPTION", now=now)
    _tell_maker(onward, "A service has accepted", now, kind=Kind.NEWS)
    return {}


@transition(OnwardReferral, label="Return it", sources=(*WAITING, S.ACCEPTED), target=S.RETURNED, rule="answer")
def give_back(onward: OnwardReferral, *, by: Any, now: datetime, because: str, note: str = "") -> dict[str, Any]:
    """The service cannot help. Whoever made it tells the person, and offers something else."""
    onward.answered_at = onward.answered_at or now
    onward.returned_because, onward.returned_note = ReturnReason(because), note
    keep(onward, "D_PRESCRIPTION", now=now)
    _ends(onward, now)
    _tell_maker(onward, "A service has returned a referral", now, kind=Kind.DECISION, urgent=True)
    return {"reason": note or ReturnReason(because).label}


@transition(OnwardReferral, label="It has started", sources=[S.ACCEPTED], target=S.STARTED, rule="answer")
def start(onward: OnwardReferral, *, by: Any, now: datetime, started_on: date | None = None) -> dict[str, Any]:
    onward.started_on = started_on or timezone.localdate(now)
    return {}


@transition(OnwardReferral, label="It is completed", sources=TAKEN, target=S.COMPLETED, rule="answer")
def complete(onward: OnwardReferral, *, by: Any, now: datetime, outcome: str = "") -> dict[str, Any]:
    return _over(onward, S.COMPLETED, outcome, now)


@transition(OnwardReferral, label="They dropped out", sources=[S.STARTED], target=S.DROPPED_OUT, rule="answer")
def drop_out(onward: OnwardReferral, *, by: Any, now: datetime, outcome: str = "") -> dict[str, Any]:
    return _over(onward, S.DROPPED_OUT, outcome, now)


@transition(OnwardReferral, label="They did not attend", sources=[S.ACCEPTED], target=S.DID_NOT_ATTEND, rule="answer")
def did_not_attend(onward: OnwardReferral, *, by: Any, now: datetime, outcome: str = "") -> dict[str, Any]:
    return _over(onward, S.DID_NOT_ATTEND, outcome, now)


@transition(OnwardReferral, label="Say what came of it", sources=ENDED, target=S.OUTCOME_RECORDED, rule="answer")
def record_outcome(onward: OnwardReferral, *, by: Any, now: datetime, outcome: str) -> dict[str, Any]:
    onward.outcome = outcome
    _tell_maker(onward, "A service says what came of it", now, kind=Kind.NEWS)
    return {}


# --- afterwards --------------------------------------------------------------------------------------------------------


@transition(OnwardReferral, label="Record whether it helped", sources=WITH_SERVICE, rule="make")
def follow_up(onward: OnwardReferral, *, by: Any, now: datetime, helped: str, note: str = "") -> dict[str, Any]:
    """One call to the person (domain.md 11). Asked again only if they could not be reached; an offer may be repeated."""
    if onward.helped and onward.helped != Helped.NOT_REACHED:
        raise NotPossible("They have been asked already.")
    onward.helped, onward.helped_note = Helped(helped), note
    onward.followed_up_at, onward.followed_up_by = now, by
    keep(onward, "D_ONWARD_FOLLOW_UP", now=now)
    return {"reason": note or Helped(helped).label}


# --- what these share --------------------------------------------------------------------------------------------------


def _refuse_wrong_voice(onward: OnwardReferral, given_by: GivenBy, now: datetime) -> None:
    born = onward.person.born_on or onward.person.expected_on
    if born is None:
        return
    years = years_old(born, timezone.localdate(now))
    if years < DECIDES_FROM and given_by == GivenBy.PERSON:
        raise NotPossible("They are under 16: ask a parent too, and record the parent’s answer.", field="given_by")
    if years >= DECIDES_FROM and given_by == GivenBy.PARENT:
        raise NotPossible("They are 16 or over and decide themselves.", field="given_by")


def _unpermitted(onward: OnwardReferral, now: datetime, reason: str) -> dict[str, Any]:
    """A yes that was taken back before anything was sent leaves none behind."""
    onward.given_by = onward.given_how = onward.limits = onward.capacity_note = ""
    onward.permitted_at, onward.ended_at = None, now
    return {"reason": reason}


def _may_be_sent(onward: OnwardReferral) -> list[Any]:
    """Those who answer with an account. Raises ``NotPossible`` for a restricted person, or if nobody would hear of it."""
    if is_restricted(onward.person):
        raise NotPossible(RING.format(onward.service.phone or onward.service))
    people = who_answers(onward.service)
    if not onward.service.email and not people:
        raise NotPossible(f"{onward.service} has no email address. Ring them.")
    return people


def _write_down(onward: OnwardReferral, *, by: Any, now: datetime) -> None:
    """What leaves stands in the ledger. Raises ``NotPossible`` if they have said no to this agency since."""
    families = list(Family.objects.filter(memberships__person=onward.person, memberships__until_on=None)[:2])
    disclose(
        people=[onward.person],
        family=families[0] if len(families) == 1 else None,
        way=Way.ONWARD,
        content=[Data.IDENTITY, Data.NEEDS],
        what="Who they are, how to reach them, and why they were referred.",
        agency=onward.service.organisation.agency,
        recipient=f"{onward.service}, {onward.service.organisation}",
        purpose=Purpose.REFERRAL,
        basis=Basis.AGREED,
        record=onward.reference,
        by=by,
        now=now,
    )


def _over(onward: OnwardReferral, ending: S, outcome: str, now: datetime) -> dict[str, Any]:
    onward.ending = ending.value
    if outcome:
        onward.outcome, onward.status = outcome, S.OUTCOME_RECORDED
    _ends(onward, now)
    _tell_maker(onward, "A service says what came of it", now, kind=Kind.NEWS)
    return {}


def _ends(onward: OnwardReferral, now: datetime) -> None:
    """It is over for the service; the person is asked whether it helped, once."""
    onward.ended_at = now
    if not onward.helped:
        promise(onward, "D_ONWARD_FOLLOW_UP", now=now, holder=onward.made_by)


def _tell_maker(onward: OnwardReferral, title: str, now: datetime, *, kind: Kind, urgent: bool = False) -> None:
    notify(
        [onward.made_by],
        kind=kind,
        title=title,
        reference=onward.reference,
        url=onward.get_absolute_url(),
        key=f"onward:{onward.pk}:{onward.status}",
        now=now,
        urgent=urgent,
    )
