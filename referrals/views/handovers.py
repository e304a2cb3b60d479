"""Hand over to social care: the telephone first, three questions after, and then nobody lets go of it (domain.md 6.9)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import record
from earlyhelp.core.documents import printed
from earlyhelp.core.rights import rights
from earlyhelp.disagreements.queries import about_record
from earlyhelp.families.models import Person
from earlyhelp.families.queries import readable
from earlyhelp.partnership.enums import AgencyKind, Role
from earlyhelp.workflow.transitions import REGISTRY, open_to
from earlyhelp.workflow.views import Page, perform
from referrals.documents import COPY, copies, holds_the_record, paper
from referrals.enums import HandoverStatus
from referrals.forms.draft import Start
from referrals.forms.handover import MOVES, About, HandOver, HandoverList
from referrals.models import HandoverDeadline, Referral, SocialCareHandover
from referrals.queries import calls_of, handovers_of, owed, people_of, trail
from referrals.services.drafts import start_step_down
from referrals.services.handover import hand_over
from referrals.services.ledger import copy_taken
from referrals.services.telling import role_for

ROOM = 255  # letters, for whom it is about
HAPPENED = {  # of each deed, in words that say it has happened
    "send": "Handed over",
    "acknowledge": "Social care acknowledged it",
    "call": "A call to social care was recorded",
    "accepted": "Social care accepted it",
    "not_accepted": "Social care did not accept it",
    "chase": "Not acknowledged in time: everybody who can ring was told",
    "returned": "Social care returned the family",
    "settle": "What happens now was decided",
}


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """For anybody signed in, from any page. Nothing is asked that is not needed, and nobody’s leave."""
    record = About(request.GET).record(request.user)
    about = next(iter(record.values()), None)
    page = Page(
        "Hand over to social care",
        about.get_absolute_url() if about else "/",
        button="Save the hand-over",
        template="referrals/handover_start.html",
        danger=True,
        caption=str(about or ""),
        extra={"about": about, "told": told_first(_family_of(record))},
        about=list(record.values()),
        never_waits=f"{told_first(_family_of(record))} and social care read it.",
    )
    deed = partial(hand_over, by=request.user, now=timezone.now(), **record)
    initial = {"about": _named(record, request.user)}
    return perform(
        request, lambda data: HandOver(data, initial=initial), deed, page=page, then=SocialCareHandover.get_absolute_url
    )


def _named(record: dict[str, Any], user: Any) -> str:
    """Who it is about and how old they are, as far as the record says: nobody types twice what we know, in a hurry least of all.

    As many as there is room for; whom another family’s restriction hides is left out, for social care reads it.
    """
    family = _family_of(record)
    if not family:
        return ""
    members = people_of(family.pk, seen_by=user, for_others=True)
    said = "; ".join(_with_age(each.person) for each in members)
    return Truncator(f"The {family}: {said}" if said else f"The {family}").chars(ROOM)


def _with_age(person: Person) -> str:
    age = person.age_on(timezone.localdate())
    return f"{person.name}, {age}" if age else person.name


def told_first(family: Any) -> str:
    """Who hears of it at once: as a sentence begins."""
    role = role_for(family)
    return "The information governance lead" if role == Role.IG_LEAD else Role(role).label


def _family_of(record: dict[str, Any]) -> Any:
    return record.get("family") or getattr(record.get("case") or record.get("referral"), "family", None)


@require_safe
def handovers(request: HttpRequest) -> HttpResponse:
    filters = HandoverList(request.GET)
    rows = handovers_of(request.user, waiting=filters.cleaned()["show"] == "waiting")
    context = {"page": filters.page_of(rows), "filters": filters, "nothing_here": _nothing_here(request.user)}
    return render(request, "referrals/handovers.html", context)


def _nothing_here(user: Any) -> str:
    """Why the list is empty. A social worker may well ask where the hand-overs to social care are."""
    if not user.agency_id or user.agency.kind != AgencyKind.SOCIAL_CARE:
        return "What you hand over to social care, and what you follow up, appears here."
    if user.scope.holds(Role.AGENCY_CONTACT):
        return "What anybody in your area hands over to social care appears here, for you to acknowledge and to answer."
    return (
        "What you hand over yourself appears here. What others hand over goes to your link worker, who acknowledges it."
    )


@require_safe
def handover(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, _HANDOVERS, reference=reference)
    due = owed(row)
    context = {
        "handover": row,
        "moves": _moves(request, row, due),
        "owed": due,
        "trail": _trail(row),
        "calls": calls_of(row),
        "disagreements": about_record(row.reference, request.user),
        "copies": copies(row) if row.may_disclose else [],
    }
    return render(request, "referrals/handover.html", context)


def _moves(request: HttpRequest, row: SocialCareHandover, due: HandoverDeadline | None) -> list[tuple[str, str]]:
    """What is pressed next stands first; a call may be written down at any time, and stands last."""
    offered = [step for step in open_to(request.user, row) if step.name in MOVES]
    offered.sort(key=lambda step: step.name == "call")
    moves = [(step.label, _move_url(row, step.name)) for step in offered if step.name != "settle" or due]
    if row.status == HandoverStatus.RETURNED and row.may_follow and row.family_id:  # type: ignore[attr-defined]
        return [("Start the step-down", reverse("referrals:step_down", args=[row.reference])), *moves]
    return moves


@require_http_methods(["GET", "POST"])
def step_down(request: HttpRequest, reference: str) -> HttpResponse:
    """Social care returned the family: begin the step-down with what is known of it."""
    row = open_record(request, _HANDOVERS, action="follow", reference=reference)
    if row.status != HandoverStatus.RETURNED:
        raise Http404
    page = Page(
        "Start the step-down",
        row.get_absolute_url(),
        caption=row.reference,
        intro="A referral is begun with what social care said on returning the family. The threshold is not weighed again.",
        button="Start the step-down",
    )
    deed = partial(start_step_down, row, by=request.user, now=timezone.now())
    return perform(request, Start, deed, page=page, then=Referral.get_absolute_url)


@require_safe
def document(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """What social care is given: a page to print, or a PDF. Who took which copy is written down before it is given."""
    row = open_record(request, _HANDOVERS, action="disclose", purpose=COPY[kind], reference=reference)
    now = timezone.now()
    made = paper(row, made_by=request.user, now=now)
    copy_taken(row, by=request.user, now=now, whole=holds_the_record(row, request.user))
    if kind == "print":
        return render(request, "documents/paper.html", {"paper": made, "back_url": row.get_absolute_url()})
    return HttpResponse(
        printed(made),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{row.reference}.pdf"'},
    )


def _trail(row: SocialCareHandover) -> list[dict[str, Any]]:
    return [
        {
            "title": HAPPENED.get(each.kind.rpartition(".")[2], "Changed"),
            "who": each.actor or "Early Help",
            "at": each.at,
            "text": each.reason,
        }
        for each in trail(row)
    ]


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    row = open_record(request, _HANDOVERS, reference=reference)
    step = REGISTRY[SocialCareHandover].get(name)
    if name not in MOVES or step is None or not rights(request.user, row, {step.rule}):
        raise Http404
    if request.method == "GET" and row.status not in step.sources:
        raise Http404
    wording = MOVES[name]
    initial = {} if row.may_follow else {"spoken_to": str(request.user)}
    page = Page(
        step.label,
        row.get_absolute_url(),
        caption=row.reference,
        intro=wording.intro,
        button=wording.button,
        said=wording.said,
    )
    return perform(
        request,
        lambda data: wording.form(data, initial=initial),
        partial(step, row, by=request.user, now=timezone.now()),
        page=page,
        then=SocialCareHandover.get_absolute_url,
    )


@record
def _HANDOVERS(user: Any) -> Any:
    rows = SocialCareHandover.objects.with_rights(user).annotate(reads_family=readable("family", user))
    return rows.select_related("author", "agency", "area", "family", "case", "referral")


def _move_url(row: SocialCareHandover, name: str) -> str:
    return reverse("referrals:handover_move", args=[row.reference, name])
