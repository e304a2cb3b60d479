"""What the pages of checklists read: what was answered and why it suggests what it does, and what is still to be talked over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q

from earlyhelp.core.composed import PlannedOnce, Rows, record
from earlyhelp.core.words import within
from earlyhelp.directory.models import Service
from earlyhelp.directory.queries import find
from earlyhelp.families.models import Person
from earlyhelp.families.queries import hides
from earlyhelp.workflow.transitions import REGISTRY, Transition
from referrals.enums import ChecklistStatus, Outcome, SuggestionStatus, Voice
from referrals.models import ChecklistAnswer, ChecklistResponse, Contact, Question, Referral, Suggestion
from referrals.queries import people_of
from referrals.services.checklist import ages_of
from referrals.suggest import OLDEST, Ages, ages_of_rule, common

UNSETTLED = (SuggestionStatus.OPEN, SuggestionStatus.LATER)
MOST_SERVICES = 12


def being_talked_over() -> Q:
    """Of checklists: it is being asked, or something that it suggests waits for an answer."""
    waits = Suggestion.objects.filter(response=OuterRef("pk"), status__in=UNSETTLED)
    return Q(status=ChecklistStatus.ASKING) | Q(Exists(waits))


# What a checklist is asked from, besides a person.
FROM_CONTACT = record(lambda user: Contact.objects.with_rights(user, "refer"))
FROM_REFERRAL = record(lambda user: Referral.objects.with_rights(user, "own", "triage"))


@record
def WITH_ANSWERS(user: Any) -> Any:
    """As a page, or a program, shows one: the answers in the order of the questions, and what they suggest."""
    answers = ChecklistAnswer.objects.select_related("question").order_by("question__order", "pk")
    suggestions = Suggestion.objects.select_related("rule", "answered_by", "onward__service")
    related = ("set", "person__area", "contact__family", "referral__family", "by", "area", "handover")
    return (
        ChecklistResponse.objects.with_rights(user, "offer", "view")
        .annotate(hides=hides("person"))
        .select_related(*related)
        .prefetch_related(Prefetch("answers", answers), Prefetch("suggestions", suggestions))
    )


def of_person(person: Person, user: Any) -> Rows:
    """Every checklist of theirs that its reader may see, the newest first, each with how much is still open."""
    return _of.rows(user, person=person)


def of_referral(referral: Referral, user: Any) -> list[Any]:
    return _of.rows(user, referral=referral)[0:10]


@PlannedOnce
def _of(user: Any, **about: Any) -> Any:
    return for_list(ChecklistResponse.objects.for_user(user).filter(**about))


def for_list(rows: Any) -> Any:
    """Each with how much is still open, the newest first."""
    counted = rows.annotate(
        offered=Count("suggestions", filter=~Q(suggestions__outcome=Outcome.URGENT)),
        unanswered=Count("suggestions", filter=Q(suggestions__status=SuggestionStatus.OPEN)),
        accepted=Count("suggestions", filter=Q(suggestions__status=SuggestionStatus.YES)),
    )
    return counted.select_related("set", "person", "by").order_by("-at", "-pk")


# --- who may be asked --------------------------------------------------------------------------------------------------


def people_to_ask(user: Any, contact: Contact | None, referral: Referral | None) -> list[Person]:
    """Whom a contact or a referral is about, as much as its reader may know; and whoever was asked from it before."""
    family = contact.family_id if contact else referral.family_id if referral else None
    people = [member.person for member in people_of(family, seen_by=user)] if family else []
    if contact and not family:
        asked = ChecklistResponse.objects.for_user(user).filter(contact=contact).select_related("person")
        people = list({each.person_id: each.person for each in asked}.values())
    return people


# --- a page of questions, and what was said ----------------------------------------------------------------------------


def questions_of(response: ChecklistResponse, voice: Voice) -> list[Question]:
    return [each for each in response.set.questions.all() if each.voice in response.pages[voice]]


def next_page(response: ChecklistResponse) -> Voice:
    """The first page of which nothing is saved yet."""
    saved = {answer.question.voice for answer in response.answers.all()}
    return next((page for page, voices in response.pages.items() if not saved & set(voices)), [*response.pages][-1])


def labels(response: ChecklistResponse) -> dict[str, str]:
    """“Lives alone: yes”, by the question’s code: in the words that were asked."""
    found = {}
    for answer in response.answers.all():
        label = dict(answer.question.possible).get(answer.value, answer.value)
        found[answer.question.code] = f"{answer.question.text}: {within(label)}"
    return found


OFFERS = ("agree", "not_now", "decline")


def moves_of(suggestion: Suggestion, *, may_offer: bool) -> list[Transition]:
    """What may be done with one now. A sign of harm is no offer, and what was done already is not done again."""
    names = ("deal_with",) if suggestion.is_urgent else (*OFFERS, "take_up")
    possible = [REGISTRY[Suggestion][name] for name in names if may_offer]
    return [
        step
        for step in possible
        if suggestion.status in step.sources and (step.name != "take_up" or suggestion.to_do_elsewhere)
    ]


@dataclass(frozen=True)
class Shown:
    """One suggestion as it is talked over."""

    row: Any
    reasons: list[str]
    to_check: str


def shown(response: ChecklistResponse) -> list[Shown]:
    said = labels(response)
    return [
        Shown(row, [said[code] for code in row.because if code in said], _to_check(row))
        for row in response.suggestions.all()
    ]


def age_is_missing(response: ChecklistResponse) -> bool:
    return response.person.born_on is None and response.age is None


def _to_check(row: Suggestion) -> str:
    """What nobody knows, and must be looked at first; and what turned out otherwise since it was suggested."""
    ages = {
        (True, True): f"people of {row.rule.age_from} to {row.rule.age_to}",
        (True, False): f"people of {row.rule.age_from} and over",
        (False, True): f"people of {row.rule.age_to} and under",
    }.get((row.rule.age_from is not None, row.rule.age_to is not None), "")
    told = [f"This is for {ages}{_at_their_age(row)}."] if "age" in row.unchecked and ages else []
    told += ["This is for one place: check where they live."] if "area" in row.unchecked else []
    return " ".join(told)


def _at_their_age(row: Suggestion) -> str:
    if age_is_missing(row.response):
        return ": check their age"
    fits = common(ages_of_rule(row.rule), ages_of(row.response))
    return ", and they are" if fits else f", and they are {ages_of(row.response)[0]}"


def services_for(suggestions: Iterable[Suggestion]) -> dict[int, list[Service]]:
    """Of each, those that help with it, serve where they live and are for their age: the nearest first."""
    wanted = [each for each in suggestions if each.outcome == Outcome.SERVICE]
    needs = {each.rule.need for each in wanted if not each.rule.service_id}
    near = list(find(area=wanted[0].response.area).filter(needs__overlap=sorted(needs))) if needs else []
    return {each.pk: _named(each) or [one for one in near if _fits(one, each)][:MOST_SERVICES] for each in wanted}


def _named(suggestion: Suggestion) -> list[Service]:
    """The rule itself says which."""
    service = suggestion.rule.service
    return [service] if service and service.is_active else []


def _fits(service: Service, suggestion: Suggestion) -> bool:
    if suggestion.rule.service_id or suggestion.rule.need not in service.needs:
        return False
    return common(ages_of_service(service), _ages_meant(suggestion)) is not None


def ages_of_service(service: Service) -> Ages:
    return service.min_age or 0, OLDEST if service.max_age is None else service.max_age


def _ages_meant(suggestion: Suggestion) -> Ages:
    """Of whoever was asked; but where it is for another age, of the children who live with them."""
    of_rule = ages_of_rule(suggestion.rule)
    return common(of_rule, ages_of(suggestion.response)) or of_rule
