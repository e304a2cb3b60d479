"""A copy for one recipient: chosen, approved by a second person where adults conflict, made, and never altered (promise P3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from earlyhelp.audit.models import Event
from earlyhelp.core.sealing import seal
from earlyhelp.families.models import Person
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.models import User
from earlyhelp.sharing.access import SECONDS
from earlyhelp.sharing.copying import Prepared, prepare
from earlyhelp.sharing.enums import UNMADE, Basis, Way
from earlyhelp.sharing.enums import CopyStatus as S
from earlyhelp.sharing.models import Disclosure, RecipientCopy
from earlyhelp.sharing.passages import DOCUMENTS
from earlyhelp.sharing.services import disclose
from earlyhelp.workflow.services import last_step
from earlyhelp.workflow.transitions import NotPossible, transition

CHANGED = "What it holds has changed since it was approved, so that the approval is void: ask for it again."


@transition(RecipientCopy, label="Choose what is in it", sources=UNMADE, target=S.DRAFT, rule="make")
def choose(copy: RecipientCopy, *, by: Any, now: datetime, kept: Iterable[str]) -> None:
    """Of what they may have: nobody can add what the rule leaves out. Whatever was approved before is void."""
    may_have = [each.passage.key for each in prepare(copy, now=now).choices if not each.why_not]
    copy.left_out = [key for key in may_have if key not in set(kept)]
    _unapprove(copy)


@transition(RecipientCopy, label="Ask a second person", sources=[S.DRAFT, S.APPROVED], target=S.ASKED, rule="make")
def ask(copy: RecipientCopy, *, by: Any, now: datetime) -> dict[str, Any]:
    """Everybody who may approve it, so that none of them has to be at their desk."""
    prepared = prepare(copy, now=now)
    if not prepared.in_conflict:
        raise NotPossible("No adults of this family conflict: you may make it yourself.")
    _unapprove(copy)
    seconds = _seconds(copy, by)
    if not seconds:
        raise NotPossible("Nobody else here may approve it: ask the governance lead who manages here now.")
    notify(
        seconds,
        kind=Kind.REQUEST,
        title="A copy waits for a second person",
        reference=copy.family.reference,
        url=copy.get_absolute_url(),
        key=f"copy:{copy.pk}:{copy.version}:{prepared.digest[:16]}",
        now=now,
    )
    return {"asked": [str(each) for each in seconds]}


@transition(RecipientCopy, label="Approve this very copy", sources=[S.ASKED], target=S.APPROVED, rule="approve")
def approve(copy: RecipientCopy, *, by: Any, now: datetime, digest: str) -> None:
    """``digest``: of what they read. Raises ``NotPossible`` if it holds something else by now."""
    steps = Event.objects.filter(subject=copy._meta.label_lower, subject_id=copy.pk, actor=by)
    if steps.exclude(kind__endswith=".approve").exclude(kind__endswith=".send_back").exists():
        raise NotPossible("You worked on this copy yourself: somebody else has to read it.")
    if digest != prepare(copy, now=now).digest:
        raise NotPossible("What it holds changed while you read it: read it again.")
    copy.approved_by, copy.approved_at, copy.approved_digest = by, now, digest


@transition(RecipientCopy, label="Send it back", sources=[S.ASKED], target=S.DRAFT, rule="approve")
def send_back(copy: RecipientCopy, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """The second person does not approve it as it is; whoever asked them hears of it, and reads why beside the copy."""
    asked = last_step(copy, "ask")
    notify(
        [asked.actor if asked and asked.actor else copy.made_by],
        kind=Kind.REQUEST,
        title="A copy was sent back to you",
        reference=copy.family.reference,
        url=copy.get_absolute_url(),
        key=f"copy:{copy.pk}:back:{copy.version}",
        now=now,
    )
    return {"reason": reason}


@transition(RecipientCopy, label="Make the copy", sources=[S.DRAFT, S.APPROVED], target=S.MADE, rule="make")
def make(copy: RecipientCopy, *, by: Any, now: datetime) -> None:
    """Sealed as it stands, and written into the ledger. Raises ``NotPossible`` without the approval that it needs."""
    prepared = prepare(copy, now=now)
    if prepared.in_conflict and not copy.approved_by_id:
        raise NotPossible("Adults of this family conflict: a second person reads it first.")
    if prepared.in_conflict and copy.approved_digest != prepared.digest:
        raise NotPossible(CHANGED)
    if copy.person_id and copy.person_id not in prepared.people:
        raise NotPossible("They are not in this family now: begin a copy that says what for.")
    if not prepared.goes:
        raise NotPossible("There is nothing in it that they may have.")
    copy.in_conflict, copy.made_at, copy.digest = prepared.in_conflict, now, prepared.digest
    copy.sealed = seal(prepared.said, bound_to=copy.binding)
    copy.disclosure = _write_down(copy, prepared, by, now)


@transition(RecipientCopy, label="Do not make it", sources=UNMADE, target=S.DROPPED, rule="make")
def drop(copy: RecipientCopy, *, by: Any, now: datetime) -> None:
    _unapprove(copy)


def _unapprove(copy: RecipientCopy) -> None:
    copy.approved_by = copy.approved_at = None
    copy.approved_digest = ""


def _seconds(copy: RecipientCopy, by: Any) -> list[User]:
    """Whoever manages in the place, and may see the family."""
    here = User.objects.filter(is_active=True, posts__role__in=SECONDS, posts__area__in=copy.family.area.lineage)
    people = here.exclude(pk=by.pk).distinct().order_by("pk")
    return [each for each in people if RecipientCopy.objects.for_user(each, "approve").filter(pk=copy.pk).exists()]


def _write_down(copy: RecipientCopy, prepared: Prepared, by: Any, now: datetime) -> Disclosure:
    document = DOCUMENTS[copy.document]
    basis = Basis.OWN if copy.person_id else Basis.OVERRIDE if copy.is_override else Basis.PERMISSION
    return disclose(
        people=Person.objects.filter(pk__in=prepared.subjects),
        family=copy.family,
        way=Way.COPY,
        content=[document.content],
        what=f"{document.label}: {len(prepared.goes)} of {len(prepared.choices)} parts.",
        agency=copy.agency,
        recipient=copy.recipient,
        purpose=copy.purpose,
        basis=basis,
        reason=copy.reason if basis == Basis.OVERRIDE else "",
        family_told=copy.family_told if basis == Basis.OVERRIDE else None,
        not_told_why=copy.not_told_why if basis == Basis.OVERRIDE else "",
        by=by,
        now=now,
    )
