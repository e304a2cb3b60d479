"""Who may see and do what at the front door, said once (domain.md 5). Being of the same agency gives nothing by itself."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Q

from earlyhelp.core.access import EVERYTHING, NOBODY, Rule, Through
from earlyhelp.families.access import may_search
from earlyhelp.partnership.enums import AgencyKind, Role
from earlyhelp.partnership.models import Agency
from referrals.enums import LIVE, MAY_BE_RECONSIDERED, ContactStatus, RequestStatus, Status

OPEN_TO_ALL = Q(family__restricted=False)
RESTRICTED = Q(family__restricted=True)


def _in_area(user: Any, *roles: str) -> Q:
    areas = user.scope.areas(*roles)
    return Q(area__in=areas) if areas else NOBODY


# --- a referral --------------------------------------------------------------------------------------------------------


def author(referrals: Any, user: Any) -> Q:
    """Whoever wrote it, and nobody else of their agency."""
    return Q(author=user)


def edit(referrals: Any, user: Any) -> Q:
    return Q(author=user, status=Status.DRAFT)


def triage(referrals: Any, user: Any) -> Q:
    """EH Access of the area. A restricted family's referral is for the one worker to whom it was entrusted."""
    if not user.scope.holds(Role.EH_ACCESS):
        return NOBODY
    return (_in_area(user, Role.EH_ACCESS) & OPEN_TO_ALL | Q(holder=user)) & ~Q(status=Status.DRAFT)


def entrust(referrals: Any, user: Any) -> Q:
    """A restricted family's referral waits for the information governance lead to name who takes it."""
    return _in_area(user, Role.IG_LEAD) & RESTRICTED & ~Q(status=Status.DRAFT)


def second_look(referrals: Any, user: Any) -> Q:
    """The second pair of eyes: a team manager of the area, and never whoever decided (domain.md 6.3)."""
    waiting = Q(needs_second_look=True, second_look_at=None, status__in=MAY_BE_RECONSIDERED)
    manager = _in_area(user, Role.TEAM_MANAGER) & OPEN_TO_ALL
    return waiting & (manager | _in_area(user, Role.IG_LEAD) & RESTRICTED) & ~Q(decided_by=user)


def through_case(referrals: Any, user: Any) -> Q:
    """A hub reads the referral behind a case that it may see."""
    if not user.scope.holds(Role.HUB_CHAIR, Role.HUB_COORDINATOR):
        return NOBODY
    return Through("case")["view"](referrals, user)


def weigh(referrals: Any, user: Any) -> Q:
    """Those who decide, look again or read on from there; whoever wrote it follows it on a page of its own."""
    rules = (entrust, second_look, through_case)
    seen = triage(referrals, user)
    for rule in rules:
        seen |= rule(referrals, user)
    return seen


def supervise(referrals: Any, user: Any) -> Q:
    """The line manager of whoever wrote it reads how it goes on, once it is sent: a record of their team (domain.md 5)."""
    managed = user.scope.ids("managed_workers")
    return Q(author__in=managed) & OPEN_TO_ALL & ~Q(status=Status.DRAFT) if managed else NOBODY


def view(referrals: Any, user: Any) -> Q:
    return author(referrals, user) | weigh(referrals, user) | supervise(referrals, user)


def withdraw(referrals: Any, user: Any) -> Q:
    return author(referrals, user) | triage(referrals, user)


def correspond(referrals: Any, user: Any) -> Q:
    """Those between whom messages about it go: whoever referred, and EH Access in sight of it (screens.md B5).

    A family that asked for help themselves has no account: nobody could read an answer.
    """
    return (author(referrals, user) | triage(referrals, user)) & Q(author__isnull=False) & ~Q(status=Status.DRAFT)


def talk(referrals: Any, user: Any) -> Q:
    """And, once a case is open, its lead professional: of what is written from then on."""
    led = user.scope.ids("case_led")
    lead = Q(case__in=led, author__isnull=False) if led else NOBODY
    return correspond(referrals, user) | lead


def hear(referrals: Any, user: Any) -> Q:
    """Who reads the messages: those who talk, and the manager of whoever referred, who only reads."""
    return talk(referrals, user) | supervise(referrals, user)


def give(referrals: Any, user: Any) -> Q:
    """Those who sit with the family may print for them what was said: whoever referred, and EH Access."""
    return (author(referrals, user) | triage(referrals, user)) & ~Q(status=Status.DRAFT)


def by_itself(rows: Any, user: Any) -> Q:
    """What only time, or another record, brings about: nobody presses a button for it."""
    return NOBODY


REFERRAL_RULES: dict[str, Rule] = {
    "view": view,
    "weigh": weigh,
    "own": author,
    "edit": edit,
    "triage": triage,
    "withdraw": withdraw,
    "entrust": entrust,
    "second_look": second_look,
    "correspond": correspond,
    "talk": talk,
    "hear": hear,
    "supervise": supervise,
    "give": give,
    "by_itself": by_itself,
}


# --- a message about a referral ----------------------------------------------------------------------------------------


def read_message(messages: Any, user: Any) -> Q:
    """The two who correspond read everything, and so does the referrer's manager; the lead professional what was written
    while the case was open.
    """
    led, through = user.scope.ids("case_led"), Through("referral")
    lead = Q(case__in=led) if led else NOBODY
    return through["correspond"](messages, user) | through["supervise"](messages, user) | lead


MESSAGE_RULES: dict[str, Rule] = {"view": read_message}


# --- a question to an agency -------------------------------------------------------------------------------------------


def asked_of(requests: Any, user: Any) -> Q:
    """Who answers for the agency there. Whoever sends an answer too late is told so, and loses no word (promise P10)."""
    if not (user.agency_id and user.scope.holds(Role.AGENCY_CONTACT)):
        return NOBODY
    return Q(agency=user.agency_id) & _in_area(user, Role.AGENCY_CONTACT)


def asked(requests: Any, user: Any) -> Q:
    """The agency contact sees the question to their own agency while an answer still helps, and what they answered."""
    waits = Q(status=RequestStatus.SENT) | Q(status=RequestStatus.LAPSED, referral__status__in=LIVE)
    return asked_of(requests, user) & (waits | Q(answered_by=user))


def asking(requests: Any, user: Any) -> Q:
    """The answers are for those who triage, and for nobody else (domain.md 6.3)."""
    if not user.scope.holds(Role.EH_ACCESS):
        return NOBODY
    return Through("referral")["triage"](requests, user)


REQUEST_RULES: dict[str, Rule] = {
    "view": lambda requests, user: asked(requests, user) | asking(requests, user),
    "list": asked,
    "answer": asked_of,
    "triage": asking,
    "by_itself": by_itself,
}


# --- a hand-over to social care ----------------------------------------------------------------------------------------


def _about_anybody_open() -> Q:
    return Q(family=None) | OPEN_TO_ALL


def follow(handovers: Any, user: Any) -> Q:
    """Those who see it through: who sent it, their manager, EH Access; for a restricted family the governance lead alone."""
    managed = user.scope.ids("managed_workers")
    sent = Q(author=user) | (Q(author__in=managed) & _about_anybody_open() if managed else NOBODY)
    access_team = _in_area(user, Role.EH_ACCESS) & _about_anybody_open()
    return sent | access_team | _in_area(user, Role.IG_LEAD) & RESTRICTED


def received(handovers: Any, user: Any) -> Q:
    """Social care itself: whoever answers for it there reads what was handed over, and says what becomes of it (domain.md 6.9).

    Of a restricted family it hears by telephone, and the governance lead writes down what it said.
    """
    if not (user.agency_id and user.scope.holds(Role.AGENCY_CONTACT)):
        return NOBODY
    social_care = Agency.objects.filter(pk=user.agency_id, kind=AgencyKind.SOCIAL_CARE)
    return _in_area(user, Role.AGENCY_CONTACT) & _about_anybody_open() & Q(Exists(social_care))


def answer_handover(handovers: Any, user: Any) -> Q:
    """What social care says is written down by social care, or by those who see it through and were told."""
    return follow(handovers, user) | received(handovers, user)


def note(handovers: Any, user: Any) -> Q:
    """The lead professional of the case, and the hub, who only take note of it (domain.md 8.1 U4)."""
    led = user.scope.ids("case_led")
    lead = Q(case__in=led) if led else NOBODY
    hub = _in_area(user, Role.HUB_CHAIR, Role.HUB_COORDINATOR) & Q(case__isnull=False) & _about_anybody_open()
    return lead | hub


def disclose(handovers: Any, user: Any) -> Q:
    """Who gives social care its document: those who see it through, and the lead professional, who knows the family best."""
    led = user.scope.ids("case_led")
    return follow(handovers, user) | (Q(case__in=led) if led else NOBODY)


HANDOVER_RULES: dict[str, Rule] = {
    "view": lambda handovers, user: answer_handover(handovers, user) | note(handovers, user),
    "follow": follow,
    "answer": answer_handover,
    "received": received,
    "disclose": disclose,
    "by_itself": by_itself,
}


# --- a contact ---------------------------------------------------------------------------------------------------------


ANSWERS_CONTACTS = (Role.EH_ACCESS, Role.FIRST_CONTACT_ADVISER)


def took(contacts: Any, user: Any) -> Q:
    """Whoever wrote the contact down sees what came of it."""
    return Q(author=user)


def _answered_by(user: Any, *roles: str) -> Q:
    """Where they work, and whatever nobody could place: that must not wait where nobody looks."""
    if not user.scope.holds(*roles):
        return NOBODY
    return (_in_area(user, *roles) | Q(anywhere=True)) & _about_anybody_open()


def answer_contact(contacts: Any, user: Any) -> Q:
    """EH Access and First Contact of the area (domain.md 6.2); about a restricted family the governance lead alone."""
    return _answered_by(user, *ANSWERS_CONTACTS) | _in_area(user, Role.IG_LEAD) & RESTRICTED


def void_contact(contacts: Any, user: Any) -> Q:
    return _answered_by(user, Role.EH_ACCESS) | _in_area(user, Role.IG_LEAD) & RESTRICTED


def correct_contact(contacts: Any, user: Any) -> Q:
    """Whoever took it, until it is answered; whoever answers, at any time: they ring the number that was written down."""
    return Q(author=user, status=ContactStatus.RECEIVED) | answer_contact(contacts, user)


def linked_to_mine(contacts: Any, user: Any) -> Q:
    """The lead professional of the case to which it was linked; its chairs for as long as nobody leads."""
    led = user.scope.ids("case_led")
    lead = Q(case__in=led) if led else NOBODY
    if not user.scope.holds(Role.HUB_CHAIR):
        return lead
    return lead | Q(case__lead=None) & Through("case")["allocate"](contacts, user)


def refer_contact(contacts: Any, user: Any) -> Q:
    """Those who answer it, or whoever took it: but only if they may search, for a referral names the people."""
    return took(contacts, user) | answer_contact(contacts, user) if may_search(user) else NOBODY


CONTACT_RULES: dict[str, Rule] = {
    "view": lambda rows, user: took(rows, user) | answer_contact(rows, user) | linked_to_mine(rows, user),
    "answer": answer_contact,
    "refer": refer_contact,
    "correct": correct_contact,
    "void": void_contact,
    "by_itself": by_itself,
}


# --- a set of questions ------------------------------------------------------------------------------------------------


def configure(sets: Any, user: Any) -> Q:
    """A council’s administrator words what is asked. It holds nothing of anybody’s answers (domain.md 5)."""
    return EVERYTHING if user.scope.holds(Role.SYSTEM_ADMIN) else NOBODY


QUESTION_SET_RULES: dict[str, Rule] = {"view": configure, "configure": configure, "by_itself": by_itself}


# --- a checklist -------------------------------------------------------------------------------------------------------


def view_checklist(checklists: Any, user: Any) -> Q:
    """Whoever sees the contact, refers or triages the family, or sees the person (domain.md 5)."""
    return Through("contact")["view"](checklists, user) | _of_referral(checklists, user) | _of_person(checklists, user)


def offer(checklists: Any, user: Any) -> Q:
    """Whoever asks, and talks each suggestion over: who takes or answers the contact, refers, triages or works with them."""
    of_contact = Through("contact")["refer"](checklists, user)
    return of_contact | _of_referral(checklists, user) | _of_person(checklists, user, "edit")


def _of_referral(checklists: Any, user: Any) -> Q:
    through = Through("referral")
    return through["own"](checklists, user) | through["triage"](checklists, user)


def _of_person(checklists: Any, user: Any, action: str = "view") -> Q:
    return Through("person")[action](checklists, user)


CHECKLIST_RULES: dict[str, Rule] = {"view": view_checklist, "offer": offer, "by_itself": by_itself}
# --- how self-checks are used ------------------------------------------------------------------------------------------


def counts_checks(counts: Any, user: Any) -> Q:
    """Numbers of nobody, for those who answer for a service or word the questions."""
    return EVERYTHING if user.scope.holds(*READS_COUNTS) else NOBODY


READS_COUNTS = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.HUB_CHAIR, Role.HUB_COORDINATOR, Role.SYSTEM_ADMIN)
SELF_CHECK_RULES: dict[str, Rule] = {"view": counts_checks}
