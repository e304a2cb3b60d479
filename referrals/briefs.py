"""What the front door gives a hub to read: the referrer's own words, and what agencies answered (screens.md A2).

Until the papers go out an answer is EH Access's alone (domain.md 6.3); then it is read by those who decide with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject

from earlyhelp.cases.briefing import Brief, brief, chaser, noted, party, replies, sooner
from earlyhelp.cases.models import Case
from earlyhelp.core import dates
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.directory.models import Need
from earlyhelp.workflow.transitions import SYSTEM, NotPossible
from referrals.enums import WORRYING, RequestStatus
from referrals.models import InformationRequest, Referral, SocialCareHandover
from referrals.models.referral import PROGRAMME_NEEDS
from referrals.models.request import REPLIED
from referrals.transitions.request import ask_again

MISSING = (RequestStatus.SENT, RequestStatus.LAPSED)


@brief(10)
def in_the_referrers_words(case: Case) -> Iterable[Brief]:
    for each in _WRITTEN(None, case=case.pk):
        drawn_from = [(each._meta.label_lower, each.pk)]
        said = ", ".join(
            filter(None, [each.sender, str(each.agency or ""), dates.day(each.submitted_at or each.created_at)])
        )
        told = [
            (f"Why now: {said}", each.why_now),
            ("What the family wants", each.wants),
            ("What was tried", each.tried),
            ("What is going well", each.strengths),
            ("Worries", each.worries),
            ("Why it is urgent", each.urgent_why if each.urgent else ""),
        ]
        yield from (Brief(heading, text, drawn_from=drawn_from) for heading, text in told if text)
        if each.safeguarding in WORRYING:
            asked = f"May anybody be at risk of harm? {each.get_safeguarding_display()}."
            yield Brief("Warning", f"{asked} {each.safeguarding_detail}".strip(), drawn_from=drawn_from)


@PlannedOnce
def _WRITTEN(nobody: None, case: Any) -> Any:
    return Referral.objects.filter(case=case).select_related("author", "agency").order_by("submitted_at", "pk")


@noted
def handed_over_at(case: Any) -> Any:
    """Anybody may hand over, and nothing waits for the hub: it hears of it at its next meeting (domain.md 8.1)."""
    return Subquery(SocialCareHandover.objects.filter(case=case).order_by("-sent_at").values("sent_at")[:1])


@brief(20)
def what_agencies_answered(case: Case) -> Iterable[Brief]:
    """Side by side; who has not answered stands among them."""
    rows = _ASKED(None, case=case.pk)
    yield Brief(
        "What agencies answered",
        head=("Agency", "Asked", "Answered", "What they say"),
        rows=[_answer(each) for each in rows],
        nothing="No agency was asked.",
        drawn_from=[(each._meta.label_lower, each.pk) for each in rows],
    )


@PlannedOnce
def _ASKED(nobody: None, case: Any) -> Any:
    asked = InformationRequest.objects.filter(referral__case=case).select_related("agency")
    return asked.order_by("agency__name", "asked_at", "pk")


def _answer(each: InformationRequest) -> tuple[str, str, str, str]:
    answered = dates.day(each.answered_at) if each.answered_at else "Not yet"
    return str(each.agency), dates.day(each.asked_at), answered, _what_they_say(each)


def _what_they_say(each: InformationRequest) -> str:
    if each.is_missing:
        return ""
    involved = [_involved(every) for every in each.who_is_involved]
    said = list(filter(None, [*involved, each.known, each.decline_reason]))
    return "\n".join(said) or each.get_status_display()


def _involved(each: Any) -> str:
    who = ", ".join(filter(None, [each.service, each.worker, each.contact]))
    last = f"last in contact {dates.day(each.last_contact_on)}" if each.last_contact_on else ""
    return "; ".join(filter(None, [who, last, each.ended_because]))


@replies
def how_many_answered(case: Any) -> Any:
    rows = InformationRequest.objects.filter(referral__case=case).order_by().values("referral__case")
    counted = rows.annotate(
        asked=Count("agency", distinct=True), answered=Count("agency", distinct=True, filter=Q(status__in=REPLIED))
    )
    return Subquery(counted.values(found=JSONObject(asked="asked", answered="answered")))


@chaser
def ask_them_again(cases: Collection[int], by: Any, now: datetime) -> int:
    """Each question that has no answer yet, once on a working day; an agency that answered another one is left in peace."""
    same = InformationRequest.objects.filter(referral=OuterRef("referral"), agency=OuterRef("agency"))
    open_ones = InformationRequest.objects.filter(referral__case__in=list(cases), status__in=MISSING)
    owed = open_ones.filter(~Exists(same.filter(status__in=REPLIED)), ~Exists(same.filter(pk__gt=OuterRef("pk"))))
    return sum(_asked(each, by, now) for each in owed.order_by("pk"))


def _asked(each: InformationRequest, by: Any, now: datetime) -> bool:
    try:
        ask_again(each, by=SYSTEM, now=now, asked_for=by)
    except NotPossible:  # asked today already, or answered a moment ago
        return False
    return True


# --- what makes a family be heard sooner (domain.md 9.5) ---------------------------------------------------------------


@sooner("social care waits to close")
def steps_down(case: Any) -> Exists:
    return Exists(Referral.objects.filter(case=case, step_down=True))


@sooner("for the families programme")
def for_the_programme(case: Any) -> Exists:
    """Several headline needs (domain.md R13), counted as ``Referral.for_programme`` counts them."""
    others = Func(F("needs"), Value(Need.CONNECTION.value), function="array_remove")
    counted = Func(others, function="cardinality", output_field=IntegerField())
    return Exists(Referral.objects.filter(case=case).annotate(headline=counted).filter(headline__gte=PROGRAMME_NEEDS))


# --- which agencies are a party to a case ------------------------------------------------------------------------------


@party
def referred_them(case: Any, agency: Any) -> Exists:
    return Exists(Referral.objects.filter(case=case, agency=agency))


@party
def was_asked(case: Any, agency: Any) -> Exists:
    return Exists(InformationRequest.objects.filter(referral__case=case, agency=agency))
