"""How a referral goes on, told to those outside the front door: what they may know, in the order in which it happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from earlyhelp.cases import told
from earlyhelp.cases.enums import EPISODE_OVER, LED
from earlyhelp.cases.enums import Status as CaseStatus
from earlyhelp.cases.models import Case
from earlyhelp.cases.panels import heard_at
from earlyhelp.cases.queries import allocation_of, not_opening
from earlyhelp.core import dates
from earlyhelp.core.words import within
from earlyhelp.directory.models import Need
from referrals.enums import DECIDED, TRIAGING, Safeguarding, SourceKind, Status
from referrals.models import Referral
from referrals.queries import FamilyRead, answers_held, family_read

# A page printed for the family lies on the kitchen table: it carries neither a fear nor why somebody was not asked.
NOT_PRINTED = ("needs", "safety", "agreement")


@dataclass(frozen=True)
class Step:
    """One stage, and whether it is past, now or still to come."""

    title: str
    text: str = ""
    state: str = "to_come"  # done, now, to_come
    at: datetime | None = None


def steps(referral: Referral) -> list[Step]:
    """Received, being looked at, with the hub, allocated; or where it ended instead (screens.md B5)."""
    received = Step(
        "Received",
        "EH Access has your referral.",
        "now" if referral.status == Status.SUBMITTED else "done",
        referral.submitted_at,
    )
    looked_at = _looked_at(referral)
    if referral.status in DECIDED and referral.status != Status.ACCEPTED:
        return [received, looked_at, Step(referral.get_status_display(), "", "now", referral.decided_at)]
    return [received, looked_at, *_with_the_hub(referral)]


def _looked_at(referral: Referral) -> Step:
    state = "now" if referral.status in TRIAGING else "done" if referral.status in DECIDED else "to_come"
    text = (
        "EH Access asks agencies what they know."
        if referral.status == Status.INFO_REQUESTED
        else "EH Access finds out what will help."
    )
    back = " The hub has asked for more to be found out." if referral.returned_at and state == "now" else ""
    return Step("Information being gathered", text + back, state, referral.taken_at)


def _with_the_hub(referral: Referral) -> list[Step]:
    case = referral.case
    if case is None:
        return [Step("With the hub"), Step("A lead professional")]
    if case.status == CaseStatus.NOT_OPENED:
        return [_not_opened(referral, case)]
    waits = case.status == CaseStatus.AWAITING_DECISION
    hub = Step("With the hub", _decides(case, waits), "now" if waits else "done", case.accepted_at)
    if case.status in EPISODE_OVER:
        return [hub, Step("A lead professional", state="done"), Step("Ended", case.get_end_reason_display(), "now")]
    if case.status in LED and case.lead:
        return [hub, Step("A lead professional", f"Allocated to {case.lead.agency or case.lead}.", "now")]
    return [
        hub,
        Step("A lead professional", "" if waits else _asking(case), "to_come" if waits else "now"),
    ]


def _decides(case: Case, waits: bool) -> str:
    meets_at = heard_at(case) if waits else None
    meets = f" It meets on {dates.day(meets_at)}." if meets_at else ""
    return f"The hub for the area decides who helps.{meets} EH Access sent it there on"


def _not_opened(referral: Referral, case: Case) -> Step:
    """What the hub decided instead, and on the day on which it did."""
    decided = not_opening(case)
    facts = decided.facts if decided else {}
    tells = " EH Access tells the family." if promised(referral, "D_OUTCOME") else ""
    text = told.turned_away(case.not_opened_reason, facts.get("where", ""), facts.get("message", ""))
    when = " The hub decided on" if decided else ""
    return Step("With the hub", f"{text}{tells}{when}", "now", decided.at if decided else None)


def _asking(case: Case) -> str:
    allocated = allocation_of(case)
    return told.with_message(told.ASKING, allocated.facts.get("message", "") if allocated else "")


@dataclass(frozen=True)
class KeepOpen:
    """What social care reads of a step-down: not yet, or from when it may close (domain.md 8.4)."""

    text: str
    may_close: bool = False


def keep_open(referral: Referral) -> KeepOpen | None:
    """Social care closes only after the lead professional has accepted; whatever else happens, it keeps the family open."""
    if not referral.step_down or referral.is_draft:
        return None
    case = referral.case
    if case and case.status in LED and case.lead:
        phone = f", {case.lead.phone}" if case.lead.phone else ""
        return KeepOpen(
            f"{case.lead}{phone} has accepted. Close after the first TAF meeting: you hand over there.", True
        )
    if case and case.status in EPISODE_OVER:
        return KeepOpen("A lead professional accepted, and early help has ended since.", True)
    if referral.is_live or (case and case.status != CaseStatus.NOT_OPENED):
        return KeepOpen("Not yet: keep the family open. No lead professional has accepted.")
    return KeepOpen("Early help has not taken the family: keep them open, and speak to EH Access.")


def promised(referral: Referral, code: str) -> datetime | None:
    """The moment promised, if it is still owed."""
    return referral.deadlines.open().filter(code=code).values_list("due_at", flat=True).first()


def summary(referral: Referral, *, seen_by: Any, own: bool = False, change: bool = False) -> list[dict[str, Any]]:
    """Everything that was said, as rows of a summary list: to its author as theirs; with links to change a draft.

    Nobody is named to a reader from whom they are kept.
    """
    r, family = referral, family_read(referral, seen_by=seen_by)
    urgent = {True: f"Yes. {r.urgent_why}", False: "No", None: ""}[r.urgent]
    said = [
        ("family", "Who is in the family", "\n".join(_people(r, family))),
        *_asked_because(r),
        ("wants", "What the family wants", r.wants),
        ("needs", "Where help is needed", "\n".join(Need(need).label for need in r.needs)),
        ("needs", "What is going well", r.strengths),
        ("needs", "What worries you" if own else "What worries the referrer", r.worries),
        ("safety", "May anybody be at risk of serious harm?", _at_risk(r)),
        ("safety", "Is it urgent?", urgent),
        ("agreement", "Who agrees to early help", "\n".join(_agreements(r, family))),
        ("you", "Who refers", SourceKind(r.source_kind).label if r.source_kind else ""),
        (
            "you",
            "How to reach you" if own else "How to reach the referrer",
            "\n".join(filter(None, [r.contact_phone, r.reach_safely])),
        ),
        *_proposed(r, own),
    ]
    rows = [_row(referral, slug, key, value, change) for slug, key, value in said]
    for row, (slug, _, _) in zip(rows, said, strict=True):
        row["not_printed"] = own and slug in NOT_PRINTED
    return rows


def _asked_because(r: Referral) -> list[tuple[str, str, str]]:
    if r.step_down:
        return [
            ("closing", "What social care did", r.closing_summary),
            ("closing", "What is still to be done", r.plan_ahead),
        ]
    return [("why", "Why now", r.why_now), ("why", "What was tried", r.tried)]


def _proposed(r: Referral, own: bool) -> list[tuple[str, str, str]]:
    """A step-down proposes no level: the threshold is not weighed again."""
    if r.step_down:
        return []
    key = "Level of need you propose" if own else "Level of need the referrer proposes"
    return [("you", key, r.get_proposed_level_display() or "")]


def _row(referral: Referral, slug: str, key: str, value: str, change: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"key": key, "value": value or "Not said"}
    return row | ({"change_url": reverse("referrals:task", args=[referral.reference, slug])} if change else {})


def _at_risk(referral: Referral) -> str:
    if not referral.safeguarding:
        return ""
    return f"{Safeguarding(referral.safeguarding).label}. {referral.safeguarding_detail}".strip()


def _people(referral: Referral, family: FamilyRead) -> list[str]:
    named = [
        f"{member.person.name}, {within(member.get_role_display())}, {member.person.year_said}"
        for member in family.members
    ]
    return named + ([f"Missing: {referral.people_note}"] if referral.people_note else [])


def _agreements(referral: Referral, family: FamilyRead) -> list[str]:
    given = answers_held(referral, latest=family.answers).values()
    said = [
        f"{answer.person.name}: {within(answer.get_status_display())}"
        + (f" – {answer.why_not}" if answer.why_not else "")
        + (f", on {dates.day(answer.recorded_at)}" if answer.recorded_at < referral.created_at else "")
        for answer in given
    ]
    return said + ([f"Nobody was asked: {referral.no_agreement_reason}"] if referral.no_agreement_reason else [])
