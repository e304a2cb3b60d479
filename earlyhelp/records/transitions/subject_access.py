"""A subject access request from received to handed over: one person collects and decides, a second approves the very words.

One calendar month, which may become up to three (UK GDPR Art 12(3)); nothing is handed to somebody whose identity nobody checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from earlyhelp.core.calendar import add_months, closing
from earlyhelp.core.sealing import seal
from earlyhelp.deadlines.services import keep as keep_promise
from earlyhelp.deadlines.services import move, release
from earlyhelp.directory.queries import is_restricted
from earlyhelp.families.models import Family
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.models import User
from earlyhelp.records.bundling import content_of, digest_of, hidden_in, in_order, is_current, proposed
from earlyhelp.records.collecting import collect as read_anew
from earlyhelp.records.enums import LIVE, OPENED, Decision
from earlyhelp.records.enums import AccessStatus as S
from earlyhelp.records.models import AccessItem, AccessRequest
from earlyhelp.records.queries import who_may_approve
from earlyhelp.sharing.enums import Basis, Data, Purpose, Way
from earlyhelp.sharing.services import disclose
from earlyhelp.workflow.transitions import NotPossible, transition

CODE = "D_SAR"
CHANGED = "What is kept about them has changed since: it is collected anew, and asked for again, before it is approved."
HIDDEN = "Where somebody is hidden would be told by it: strike those words, or keep it back."
SAID_NOTHING: dict[str, Any] = {"strikes": [], "code": "", "note": "", "decided_by": None, "decided_at": None}


@transition(AccessRequest, label="Say how it was checked who they are", sources=LIVE, rule="keep")
def check_identity(request: AccessRequest, *, by: Any, now: datetime, identity: str) -> None:
    """Of whoever asks; and, for anybody but the person, that they may ask for it."""
    request.identity = identity


@transition(
    AccessRequest, label="Collect what is kept", sources=[S.RECEIVED, *OPENED], target=S.COLLECTING, rule="keep"
)
def collect(request: AccessRequest, *, by: Any, now: datetime) -> dict[str, Any]:
    """Read anew. What reads as before stays decided as it was; what is new or reads otherwise is decided anew."""
    _unapprove(request)
    known = {(each.source, each.source_id): each for each in request.items.all()}
    for found in read_anew(request):
        before = known.pop((found.source, found.source_id), None)
        facts = {"kind": found.kind, "on": found.on, "text": found.text, "others": list(found.others)}
        if before is None:
            request.items.create(source=found.source, source_id=found.source_id, decision=proposed(found), **facts)
        elif any(getattr(before, name) != value for name, value in facts.items()):
            AccessItem.objects.filter(pk=before.pk).update(decision=proposed(found), **facts, **SAID_NOTHING)
    request.items.filter(pk__in=[each.pk for each in known.values()]).delete()
    return {"items": request.items.count()}


@transition(AccessRequest, label="Decide on an item", sources=OPENED, target=S.COLLECTING, rule="keep")
def decide(
    request: AccessRequest,
    *,
    by: Any,
    now: datetime,
    item: int,
    decision: str,
    code: str = "",
    strikes: Sequence[str] = (),
    note: str = "",
) -> dict[str, Any]:
    """Give it, strike words of it, or keep it back. Whatever was approved before is void."""
    found = request.items.filter(pk=item).first()
    if found is None:
        raise NotPossible("This is not kept any more.")
    found.decision, found.decided_by, found.decided_at, found.note = decision, by, now, note
    found.code = code if decision in (Decision.REDACT, Decision.WITHHOLD) else ""
    found.strikes = list(strikes) if decision == Decision.REDACT else []
    _refuse_unsaid(found)
    if hidden_in(request, [found]):
        raise NotPossible(HIDDEN, field="decision")
    found.save()
    _unapprove(request)
    return {"item": found.pk, "decision": decision, "code": found.code}


def _refuse_unsaid(item: AccessItem) -> None:
    if item.decision == Decision.UNDECIDED:
        raise NotPossible("Choose what is done with it.", field="decision")
    if item.decision == Decision.DISCLOSE:
        return
    if not item.code:
        raise NotPossible("Choose the code by which it is left out.", field="code")
    if not item.note:
        raise NotPossible("Say what you weighed.", field="note")
    if item.decision == Decision.REDACT and not item.strikes:
        raise NotPossible("Write down the words that are struck out.", field="strikes")
    for passage in item.strikes:
        if passage not in item.text:
            raise NotPossible(f"These words do not stand in it as you wrote them: {passage}", field="strikes")


@transition(AccessRequest, label="Ask a second person", sources=[S.COLLECTING, S.ASKED], target=S.ASKED, rule="keep")
def ask(request: AccessRequest, *, by: Any, now: datetime, second: User) -> None:
    """By name: they read what is about to be handed over, and nobody else does. Nothing may be undecided."""
    request.restricted = request.restricted or is_restricted(request.person)
    _refuse_unready(request)
    if not who_may_approve(request, by).filter(pk=second.pk).exists():
        raise NotPossible("They may not approve this: choose somebody else.", field="second")
    request.asked_by, request.second = by, second
    notify(
        [second],
        kind=Kind.REQUEST,
        title="A subject access request waits for you",
        reference=request.reference,
        url=request.get_absolute_url(),
        key=f"access:{request.pk}:asked:{request.version}",
        now=now,
    )


def _refuse_unready(request: AccessRequest) -> None:
    if not is_current(request):
        raise NotPossible("What is kept about them has changed: collect it anew first.")
    undecided = request.items.filter(decision=Decision.UNDECIDED).count()
    if undecided:
        raise NotPossible(f"Of {undecided} item{'' if undecided == 1 else 's'} nobody has decided yet.")
    if hidden_in(request, in_order(request)):
        raise NotPossible(HIDDEN)


@transition(AccessRequest, label="Approve these very words", sources=[S.ASKED], target=S.APPROVED, rule="approve")
def approve(request: AccessRequest, *, by: Any, now: datetime, digest: str) -> None:
    """``digest``: of what they read. From now on it is sealed. Raises ``NotPossible`` if it is something else by now."""
    said = content_of(request)
    if digest != digest_of(request, said):
        raise NotPossible("It was decided otherwise while you read it: read it again.")
    if not is_current(request):
        raise NotPossible(CHANGED)
    request.approved_by, request.approved_at, request.digest = by, now, digest
    request.sealed = seal(said, bound_to=request.binding)


@transition(AccessRequest, label="Send it back", sources=[S.ASKED], target=S.COLLECTING, rule="approve")
def send_back(request: AccessRequest, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """The second person would decide otherwise; whoever asked them hears of it."""
    notify(
        [request.asked_by],
        kind=Kind.REQUEST,
        title="A subject access request was sent back to you",
        reference=request.reference,
        url=request.get_absolute_url(),
        key=f"access:{request.pk}:back:{request.version}",
        now=now,
    )
    return {"reason": reason}


@transition(AccessRequest, label="Hand it over", sources=[S.APPROVED], target=S.HANDED_OVER, rule="keep")
def hand_over(request: AccessRequest, *, by: Any, now: datetime) -> None:
    """What was approved, and nothing else. It stands in the ledger of what was told; what was collected for it goes."""
    if not request.identity:
        raise NotPossible("Say first how it was checked who they are.")
    request.handed_by, request.handed_at = by, now
    _write_down(request, by, now)
    _end(request, now=now, kept=True)


def _write_down(request: AccessRequest, by: Any, now: datetime) -> None:
    given = request.items.filter(decision__in=[Decision.DISCLOSE, Decision.REDACT]).count()
    disclose(
        people=[request.person],
        family=Family.objects.filter(memberships__person=request.person).order_by("pk").first(),
        way=Way.COPY,
        content=[Data.IDENTITY, Data.NEEDS, Data.CHRONOLOGY],
        what=f"What is kept about them: {given} of {request.items.count()} items.",
        recipient=request.asker_name,
        purpose=Purpose.STATUTORY,
        basis=Basis.OWN,
        record=request.reference,
        by=by,
        now=now,
    )


@transition(AccessRequest, label="Take longer", sources=LIVE, rule="keep")
def extend(request: AccessRequest, *, by: Any, now: datetime, months: int, reason: str) -> dict[str, Any]:
    """Once, by one month or two, with what they are told of it: while the first month runs."""
    if request.extended_by_months:
        raise NotPossible("It takes longer already: that may be said once.")
    if timezone.localdate(now) > request.due_on:
        raise NotPossible("The first month is over: that it takes longer has to be told within it.")
    request.extended_by_months, request.extended_because = months, reason
    request.due_on = add_months(request.received_on, 1 + months)
    for promised in request.deadlines.open().filter(code=CODE):
        move(promised, to=closing(request.due_on), by=by, now=now, reason=reason)
    return {"reason": reason, "months": months}


@transition(AccessRequest, label="Refuse it", sources=LIVE, target=S.REFUSED, rule="keep")
def refuse(request: AccessRequest, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Nobody could be shown to be who they say, or may not ask for it: with the reason that they are told."""
    return _without(request, reason, now)


@transition(AccessRequest, label="They withdrew it", sources=LIVE, target=S.WITHDRAWN, rule="keep")
def withdraw(request: AccessRequest, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    return _without(request, reason, now)


def _without(request: AccessRequest, reason: str, now: datetime) -> dict[str, Any]:
    _unapprove(request)
    request.ended_because = reason
    _end(request, now=now, kept=False)
    return {"reason": reason}


def _end(request: AccessRequest, *, now: datetime, kept: bool) -> None:
    """The copies of what others wrote go: what was told is in the seal, what was not is where it always stood."""
    request.items.update(text="", others=[], strikes=[])
    keep_promise(request, CODE, now=now) if kept else release(request, now=now)


def _unapprove(request: AccessRequest) -> None:
    request.approved_by = request.approved_at = request.sealed = None
    request.digest = ""
