"""The life of a contact. Read this file from top to bottom: it is the state machine of domain.md 6.2."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator

from earlyhelp.core.calendar import add_working_days, closing
from earlyhelp.deadlines.services import keep, pass_to, promise, release
from earlyhelp.families.models import Family
from earlyhelp.families.services import write_down
from earlyhelp.notices.models import Kind
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible, Stale, transition
from referrals.contacts import in_words
from referrals.enums import TO_EARLY_HELP, ContactStatus, FollowUpResult, VoidBecause
from referrals.models import Advice, Contact, ContactCorrection, ContactFollowUp, Referral, Signpost, Suggestion
from referrals.queries import holders_of, same_day
from referrals.services import drafts
from referrals.services import handover as handovers
from referrals.services.contacts import warn
from referrals.services.telling import role_for, tell

WAITING = [ContactStatus.RECEIVED]
ELSEWHERE = 255  # letters of a signpost
COUNTED = [status for status in ContactStatus if status != ContactStatus.VOID]
HELPED = (ContactStatus.ADVISED, ContactStatus.SIGNPOSTED)

# --- nothing may slow this one -----------------------------------------------------------------------------------------


@transition(Contact, label="Hand over to social care", sources=list(ContactStatus), rule="view")
def hand_over(contact: Contact, *, by: Any, now: datetime, **what: Any) -> dict[str, Any]:
    """Somebody may be at risk. By anybody who sees the contact, whatever has become of it meanwhile (domain.md 1, rule 1)."""
    handover = handovers.hand_over(
        by=by,
        now=now,
        source=f"Contact {contact.reference}: {contact.caller_name or contact.get_source_kind_display()}",
        case=contact.case,
        family=contact.family,
        area=contact.area,
        **what,
    )
    contact.handover = handover
    if contact.status == ContactStatus.RECEIVED:
        contact.status = ContactStatus.HANDED_OVER
        _ends(contact, by, now)
    return {"handover": handover.reference}


# --- who it is about ---------------------------------------------------------------------------------------------------


@transition(Contact, label="Say which family it is about", sources=WAITING, rule="refer")
def identify(contact: Contact, *, by: Any, now: datetime, family: Family) -> dict[str, Any]:
    """It is about a family that is written down: whoever answers for that family answers the contact."""
    contact.family, contact.area, contact.anywhere = family, family.area, False
    contact.deadlines.open().update(holder_role=role_for(family), area=family.area)
    return {"family": family.pk}


# --- what was written down wrong ---------------------------------------------------------------------------------------


@transition(Contact, label="Correct what was written down", sources=COUNTED, rule="correct")
def correct(
    contact: Contact, *, by: Any, now: datetime, reason: str, version: int | None = None, **said: Any
) -> dict[str, Any]:
    """A slip is put right; what stood there stays on record, with who changed it, when and why (domain.md 16).

    When they got in touch is not changed: an answer has been owed since then. Raises ``Stale`` as ``workflow.edit`` does.
    """
    if version is not None and contact.version != version:
        raise Stale(contact)
    before, worried = in_words(contact), contact.worrying
    for name, value in said.items():
        _put_right(contact, name, value)
    after = in_words(contact)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        raise NotPossible("Nothing is different: change what was written down wrong, or go back.")
    ContactCorrection.objects.bulk_create(
        ContactCorrection(
            contact=contact, what=name, was=before[name], became=after[name], reason=reason, by=by, at=now
        )
        for name in changed
    )
    if contact.worrying and not worried and contact.status == ContactStatus.RECEIVED:
        warn(contact, by=by, now=now)
    return {"reason": reason, "fields": changed}


def _put_right(contact: Contact, name: str, value: Any) -> None:
    """The place is that of the family, once it is known; until then whoever answers there answers."""
    if name != "area":
        setattr(contact, name, value)
    elif contact.family is None:
        contact.anywhere, contact.area = value is None, value or contact.area
        contact.deadlines.open().update(area=contact.area)


# --- it is answered ----------------------------------------------------------------------------------------------------


@transition(Contact, label="Give advice", sources=WAITING, target=ContactStatus.ADVISED, rule="answer")
def advise(
    contact: Contact, *, by: Any, now: datetime, advice: str, follow_up_on: date | None = None
) -> dict[str, Any]:
    """Whoever got in touch can help, once told how."""
    Advice.objects.create(contact=contact, text=advice, follow_up_on=follow_up_on, by=by, at=now)
    _ends(contact, by, now)
    _promise_follow_up(contact, follow_up_on, by=by, now=now)
    return {"reason": advice}


@transition(
    Contact, label="Finish: they were referred on", sources=WAITING, target=ContactStatus.SIGNPOSTED, rule="answer"
)
def refer_on(contact: Contact, *, by: Any, now: datetime, follow_up_on: date | None = None) -> dict[str, Any]:
    """What they said yes to was sent on when they said it: that is the answer, and nothing of it is typed again."""
    agreed = list(Suggestion.objects.agreed_of(contact))
    if not agreed:
        raise NotPossible("They have said yes to nothing yet: talk over first what the checklist suggests.")
    if any(each.to_do_elsewhere and each.rule.route == TO_EARLY_HELP for each in agreed):
        raise NotPossible("They said yes to early help: make the contact a referral.")
    services = {each.onward.service for each in agreed if each.onward}
    elsewhere = "; ".join(each.went_to or each.title for each in agreed if not each.onward)
    reason = "They said yes to: " + "; ".join(each.title for each in agreed) + "."
    elsewhere = Truncator(elsewhere).chars(ELSEWHERE)
    facts: dict[str, Any] = {
        "services": services,
        "elsewhere": elsewhere,
        "person_told": True,
        "follow_up_on": follow_up_on,
    }
    return _signpost(contact, by=by, now=now, reason=reason, **facts)


@transition(Contact, label="Signpost", sources=WAITING, target=ContactStatus.SIGNPOSTED, rule="answer")
def signpost(
    contact: Contact,
    *,
    by: Any,
    now: datetime,
    reason: str,
    person_told: bool,
    services: Iterable[Any] = (),
    elsewhere: str = "",
    follow_up_on: date | None = None,
) -> dict[str, Any]:
    """A service can help. Until they have been told of it, telling them is owed."""
    services = list(services)
    if not services and not elsewhere:
        raise NotPossible("Choose at least one service, or say where else they can go.")
    facts: dict[str, Any] = {
        "services": services,
        "elsewhere": elsewhere,
        "person_told": person_told,
        "follow_up_on": follow_up_on,
    }
    return _signpost(contact, by=by, now=now, reason=reason, **facts)


def _signpost(
    contact: Contact, services: Iterable[Any], elsewhere: str, *, by: Any, now: datetime, reason: str, **given: Any
) -> dict[str, Any]:
    made = Signpost.objects.create(contact=contact, elsewhere=elsewhere, reason=reason, by=by, at=now, **given)
    made.services.set(services)
    _ends(contact, by, now)
    if not made.person_told:
        promise(contact, "D_OUTCOME", now=now, holder=by, label="Tell them where they can find help")
    _promise_follow_up(contact, made.follow_up_on, by=by, now=now)
    return {"reason": reason}


@transition(Contact, label="Make it a referral", sources=WAITING, target=ContactStatus.CONVERTED, rule="refer")
def convert(
    contact: Contact,
    *,
    by: Any,
    now: datetime,
    first_name: str = "",
    last_name: str = "",
    born_on: date | None = None,
    role: str = "",
    area: Any = None,
) -> dict[str, Any]:
    """It asks for help for a named person: a referral is begun with all that is known. It rings whoever began it until sent."""
    if contact.family is None:
        if not (first_name and last_name and role):
            raise NotPossible("A referral names somebody: say who it is about.")
        person = {"first_name": first_name, "last_name": last_name, "born_on": born_on}
        contact.area = area or contact.area
        contact.family = write_down(name=last_name, area=contact.area, role=role, by=by, now=now, **person)
        contact.anywhere = False
    contact.referral = _draft(contact, by=by, now=now)
    _tell_author(contact, by, now)
    contact.answered_by, contact.answered_at = by, now
    pass_to(contact, "D_TRIAGE", holder=by)
    return {"referral": contact.referral.reference}


def _draft(contact: Contact, *, by: Any, now: datetime) -> Referral:
    """What is known is not asked again; what its author has written already is not written over."""
    begun = drafts.begun(contact.family, by=by)  # type: ignore[arg-type]  # a contact that is converted has its family
    referral = begun or drafts.start(contact.family, by=by, now=now)  # type: ignore[arg-type]
    known: dict[str, Any] = {
        "why_now": contact.said,
        "source_kind": contact.source_kind,
        "contact_phone": contact.caller_phone,
        "safeguarding": contact.safeguarding,
    }
    new: dict[str, Any] = {
        name: value for name, value in known.items() if value and not (begun and getattr(referral, name))
    }
    return drafts.save_draft(referral, by=by, now=now, **new)


@transition(Contact, label="Link to the open case", sources=WAITING, target=ContactStatus.LINKED, rule="answer")
def link(contact: Contact, *, by: Any, now: datetime, message: str) -> dict[str, Any]:
    """Somebody works with the family already: what was said goes to them."""
    case = contact.family.cases.live().select_related("lead", "area").first() if contact.family else None
    if case is None:
        raise NotPossible("No open case of this family is known: say first which family it is about.")
    contact.case = case
    people = [case.lead] if case.lead else holders_of(Role.HUB_CHAIR, case.area)
    tell(contact, people, "A contact was linked to your case", what="linked", now=now, urgent=True)
    _ends(contact, by, now)
    return {"reason": message, "case": case.reference}


@transition(Contact, label="Do not count it", sources=WAITING, target=ContactStatus.VOID, rule="void")
def void(contact: Contact, *, by: Any, now: datetime, because: str, reason: str = "") -> dict[str, Any]:
    """No contact at all. It is kept, and left out of every count."""
    contact.void_because = VoidBecause(because)
    _ends(contact, by, now)
    return {"reason": reason or VoidBecause(because).label}


# --- afterwards --------------------------------------------------------------------------------------------------------


@transition(Contact, label="Record that they were told", sources=[ContactStatus.SIGNPOSTED], rule="answer")
def tell_person(contact: Contact, *, by: Any, now: datetime, how: str) -> dict[str, Any]:
    if not keep(contact, "D_OUTCOME", now=now):
        raise NotPossible("They have been told already.")
    return {"reason": how}


@transition(Contact, label="Record the follow-up", sources=HELPED, rule="answer")
def follow_up(
    contact: Contact, *, by: Any, now: datetime, result: str, note: str, offer_again_on: date | None = None
) -> dict[str, Any]:
    """Somebody asked whether it helped. An offer may be repeated (domain.md R17)."""
    ContactFollowUp.objects.create(
        contact=contact, result=FollowUpResult(result), note=note, offer_again_on=offer_again_on, by=by, at=now
    )
    keep(contact, "D_ADVICE_FOLLOW_UP", now=now)
    _promise_follow_up(contact, offer_again_on, by=by, now=now, label="Offer help again")
    return {"reason": f"{FollowUpResult(result).label}. {note}"}


@transition(
    Contact,
    label="Wait for an answer again",
    sources=[ContactStatus.CONVERTED],
    target=ContactStatus.RECEIVED,
    rule="by_itself",
)
def wait_again(contact: Contact, *, by: Any, now: datetime) -> dict[str, Any]:
    """The referral was thrown away before it was sent: whoever got in touch has no answer yet."""
    contact.referral = contact.answered_by = contact.answered_at = None
    release(contact, now=now)
    role = role_for(contact.family)
    promise(contact, "D_TRIAGE", now=now, holder_role=role, label="Answer the contact")
    return {"reason": "The referral was deleted before it was sent."}


@transition(
    Contact,
    label="Social care did not take it",
    sources=[ContactStatus.HANDED_OVER],
    target=ContactStatus.RECEIVED,
    rule="by_itself",
)
def not_taken_by_social_care(contact: Contact, *, by: Any, now: datetime, handover: str) -> dict[str, Any]:
    """The hand-over was its answer, and was not accepted: it is answered again, the same day (domain.md 6.9)."""
    contact.answered_by = contact.answered_at = None
    release(contact, now=now)
    due_at, role = same_day(now), role_for(contact.family)
    promise(contact, "D_TRIAGE", now=now, holder_role=role, due_at=due_at, label="Answer the contact today")
    return {"handover": handover}


def sent_as_referral(referral: Referral, *, now: datetime) -> None:
    """The referral’s own clock runs from here."""
    for contact in referral.contacts.all():
        keep(contact, "D_TRIAGE", now=now)


def _ends(contact: Contact, by: Any, now: datetime) -> None:
    contact.answered_by, contact.answered_at = by, now
    keep(contact, "D_TRIAGE", now=now)
    _tell_author(contact, by, now)


def _tell_author(contact: Contact, by: Any, now: datetime) -> None:
    if by != contact.author:
        title = "A contact that you took has been answered"
        tell(contact, [contact.author], title, what="answered", now=now, kind=Kind.NEWS)


def _promise_follow_up(contact: Contact, on: date | None, *, by: Any, now: datetime, label: str = "") -> None:
    if on is None:
        return
    if on < timezone.localdate(now):
        raise NotPossible("The follow-up cannot be in the past.")
    due_at = closing(add_working_days(on, 0))
    promise(contact, "D_ADVICE_FOLLOW_UP", now=now, holder=by, due_at=due_at, label=label)
