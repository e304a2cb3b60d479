"""What social care is given with a hand-over: as much of the record as whoever makes the copy may see (domain.md 8.1 U3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from earlyhelp.audit.models import Access
from earlyhelp.cases.extracts import extracts
from earlyhelp.cases.models import Case
from earlyhelp.cases.queries import team_of
from earlyhelp.core import dates
from earlyhelp.core.documents import Paper, Section
from earlyhelp.core.words import within
from earlyhelp.families.chronology import Entry, chronology_of
from earlyhelp.families.models import Family
from earlyhelp.families.queries import members, relationships
from earlyhelp.families.secrets import secrets_of
from earlyhelp.families.spelling import Secrets
from referrals.models import HandoverCall, SocialCareHandover
from referrals.queries import people_of

COPY = {"pdf": "PDF for social care", "print": "Page to print for social care"}
MOST = 400  # lines of the chronology, the newest: more than a family has, and no more than a duty worker reads
LEFT_OUT = "Left out here: it says where somebody must not be found. Ask whoever leads the family."
NOT_SEEN = (
    "This copy holds the hand-over alone: whoever made it does not see the family’s record. Ask EH Access for the rest."
)


def paper(handover: SocialCareHandover, *, made_by: Any, now: datetime) -> Paper:
    """The document. Nothing in it is more than ``made_by`` may read on screen, and no address that is withheld."""
    family, case = _in_sight(handover, made_by)
    told = [_handed_over(handover), _said_to_whom(handover)]
    if family is None:
        told += [_names(handover, made_by)] if handover.family_id else []
        told.append(Section("The family’s record", nothing=NOT_SEEN))
    else:
        people = [member for member in members(family) if member.until_on is None]
        record = [_household(people, now), _relationships(people), _agreement(people)]
        record += [_case(case), _involved(case), *extracts(case)] if case else []
        secrets = secrets_of([family.pk])
        told += [_without_secrets(each, secrets) for each in (*record, _chronology(family, made_by))]
    return Paper(
        title="Hand-over to social care",
        reference=handover.reference,
        marking="CONFIDENTIAL – for social care. Contains what is known about a family.",
        made=f"{handover.reference}. Copy made by {made_by} on {dates.moment(now)}",
        sections=told,
    )


def _without_secrets(section: Section, secrets: Secrets) -> Section:
    """Text by text: what says where somebody hides is left out, and that it is so is said (promise P2)."""

    def cell(text: str) -> str:
        return LEFT_OUT if secrets.stand_in(text) else text

    rows = [tuple(cell(text) for text in row) for row in section.rows]
    facts = [(name, cell(text)) for name, text in section.facts]
    return replace(section, text=cell(section.text), rows=rows, facts=facts)


def holds_the_record(handover: SocialCareHandover, user: Any) -> bool:
    """Whether a copy made by this person has the family’s record in it, and not the hand-over alone."""
    return _in_sight(handover, user)[0] is not None


def copies(handover: SocialCareHandover) -> Any:
    """Who took which copy, and when: read from the access log, into which each was written before it was given."""
    taken = Access.objects.filter(subject=handover._meta.label_lower, subject_id=handover.pk, purpose__in=COPY.values())
    return taken.select_related("actor").order_by("-at")[:20]


def _in_sight(handover: SocialCareHandover, user: Any) -> tuple[Family | None, Case | None]:
    family = Family.objects.for_user(user).filter(pk=handover.family_id).first() if handover.family_id else None
    case = None
    if family is not None and handover.case_id:
        cases = Case.objects.for_user(user).select_related("lead__agency", "area", "plan")
        case = cases.filter(pk=handover.case_id).first()
    return family, case


def _handed_over(handover: SocialCareHandover) -> Section:
    agency = f", {handover.agency}" if handover.agency else ""
    phone = f", {handover.author.phone}" if handover.author.phone else ""
    told = "Yes" if handover.family_told else f"No. {handover.not_told_why}"
    facts = [
        ("Who it is about", handover.about),
        ("Handed over by", f"{handover.author}, {handover.author.job_title or 'practitioner'}{agency}{phone}"),
        ("When", dates.moment(handover.sent_at)),
        ("What has happened, or is feared", handover.concern),
        ("Who said so", handover.source),
        ("Has the family been told?", told),
        ("Social care’s reference", handover.their_reference),
        ("What social care said", handover.answer),
    ]
    return Section("The hand-over", facts=[(key, value) for key, value in facts if value])


def _said_to_whom(handover: SocialCareHandover) -> Section:
    calls = HandoverCall.objects.filter(handover=handover).select_related("by").order_by("at", "pk")
    return Section(
        "What was said to whom",
        head=("When", "What was said", "Who spoke"),
        rows=[
            (dates.moment(call.at), call.said, f"{call.by}, to {call.spoken_to or 'nobody: no answer'}")
            for call in calls
        ],
        nothing="No conversation with social care is written down yet.",
    )


def _names(handover: SocialCareHandover, user: Any) -> Section:
    """As much as a search tells anybody: who they are, and the year of birth."""
    shown = people_of(handover.family_id, seen_by=user)  # type: ignore[arg-type]  # asked only where there is a family
    rows = [(member.person.name, f"{member.get_role_display()}, {member.person.year_said}") for member in shown]
    return Section("Who is in the family", head=("Name", "In the family"), rows=rows, nothing="Nobody is written down.")


def _household(people: Iterable[Any], now: datetime) -> Section:
    today = timezone.localdate(now)
    return Section(
        "Who is in the family",
        head=("Name", "Born, and where they live", "In the family", "Known to another service"),
        rows=[(_name(each.person), _born_and_home(each, today), _role(each), _duty(each)) for each in people],
        nothing="Nobody is written down.",
    )


def _name(person: Any) -> str:
    return f"{person.name} (called {person.known_as})" if person.known_as else person.name


def _born_and_home(member: Any, today: date) -> str:
    person = member.person
    born = (
        f"{dates.day(person.born_on)}, {dates.age(person.born_on, person.died_on or today)}"
        if person.born_on
        else person.expected[:1].upper() + person.expected[1:] or "Birth not known"
    )
    if person.died_on:
        born += f"; died {dates.day(person.died_on)}"
    speaks = (
        f"\nSpeaks {person.language}{', needs an interpreter' if person.interpreter else ''}" if person.language else ""
    )
    return f"{born}\n{member.home or 'Address not known'}{speaks}"


def _role(member: Any) -> str:
    return member.get_role_display() + ("" if member.lives_in_household else ", lives elsewhere")


def _duty(member: Any) -> str:
    if member.statutory is None:
        return ""
    worker = f", {member.statutory.social_worker}" if member.statutory.social_worker else ""
    return f"{member.statutory.get_status_display()}{worker}"


def _relationships(people: list[Any]) -> Section:
    ties = [
        (f"{tie.person.name} is the {tie.get_kind_display()} {tie.other.name}", _responsible(tie))
        for tie in relationships(people)
    ]
    return Section(
        "Who they are to each other",
        head=("Relationship", "Parental responsibility"),
        rows=ties,
        nothing="No relationship is written down.",
    )


def _responsible(tie: Any) -> str:
    return {True: "Yes", False: "No", None: "Not known"}[tie.parental_responsibility]


def _agreement(people: Iterable[Any]) -> Section:
    said = [(_name(member.person), f"Early help: {within(member.agreement)}") for member in people if member.agreement]
    return Section("Who agreed to early help", facts=said, nothing="No answer is written down.")


def _case(case: Case | None) -> Section:
    assert case is not None
    lead = f"{case.lead}, {case.lead.agency}" if case.lead else case.holder
    phone = f", {case.lead.phone}" if case.lead and case.lead.phone else ""
    facts = [
        ("Reference", case.reference),
        ("State", case.get_status_display()),
        ("Tier", case.get_tier_display() if case.tier is not None else "Not decided yet"),
        ("Lead professional" if case.lead else "Held by", f"{lead}{phone}"),
        ("Since", dates.day(case.opened_on or case.accepted_at)),
        ("What was asked for", case.request),
        ("Next review", dates.day(case.next_review_on) if case.next_review_on else ""),
    ]
    return Section("The early help case", facts=[(key, value) for key, value in facts if value])


def _involved(case: Case | None) -> Section:
    assert case is not None
    rows = [
        (
            str(each),
            ", ".join(filter(None, [each.get_role_display(), str(each.agency or "")])),
            getattr(each.user, "phone", ""),
        )
        for each in team_of(case)
    ]
    return Section(
        "Who is involved", head=("Name", "On the team as", "Telephone"), rows=rows, nothing="Nobody is on the team."
    )


def _chronology(family: Family, user: Any) -> Section:
    """What its maker reads on the family’s own page, the oldest first, as it is read; nothing that was entered in error."""
    lines = chronology_of(family, user)
    left_out = len(lines) - MOST
    return Section(
        "Chronology",
        text=f"The newest {MOST} lines: {left_out} before them are in the record." if left_out > 0 else "",
        head=("When", "What happened", "Who wrote it down"),
        rows=[_line(line) for line in reversed(lines[:MOST])],
        nothing="Nothing is written down yet.",
    )


def _line(line: Entry) -> tuple[str, str, str]:
    where = f"{line.where}: " if line.where else ""
    whom = f": {line.person.name}" if line.event and line.person else ""
    what = "\n".join(filter(None, [f"{where}{line.title}{whom}", line.text]))
    return dates.day(line.on), what, ", ".join(filter(None, [line.who, line.agency]))
