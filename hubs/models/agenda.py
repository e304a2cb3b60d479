"""What a hub is asked, and what it decided."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Concat, JSONObject, Now, TruncDate
from django.urls import reverse

from earlyhelp.cases.access import also_chaired_through, also_seen_through
from earlyhelp.cases.briefing import REPLIES, SOONER, is_a_party
from earlyhelp.cases.enums import LIVE, Preference, Tier
from earlyhelp.cases.models import Case, CaseDeadline
from earlyhelp.core import dates
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.families.enums import AgreementStatus
from earlyhelp.families.models import Agreement, FamilyMembership
from earlyhelp.partnership.enums import AgencyKind
from earlyhelp.partnership.models import Agency
from earlyhelp.partnership.scope import scope_part
from earlyhelp.sharing.enums import OVERRIDES as NEED_NO_YES
from earlyhelp.sharing.enums import Purpose
from earlyhelp.sharing.models import SharingAgreement
from earlyhelp.workflow.models import Versioned
from hubs import access
from hubs.enums import (
    DECIDED_AS,
    LIVE_ITEM,
    ON_AGENDA,
    SHOWN_TO_MEMBERS,
    DecisionKind,
    ItemKind,
    ItemStatus,
    MeetingStatus,
    Presence,
)
from hubs.models.hub import Hub, seats_of
from hubs.models.meeting import Attendance, Conflict, HubMeeting, StandIn
from hubs.models.steps import StepRequest

OVERRIDES = [(each.value, each.label) for each in NEED_NO_YES]
# The promise by which each kind of item is owed a decision (domain.md 7).
OWED = {
    ItemKind.NEW: ("D_MMT_WAIT",),
    ItemKind.STEP_REQUEST: ("D_STEP",),
    ItemKind.REVIEW_OVERDUE: ("D_REVIEW", "D_REVIEW_FIRST"),
    ItemKind.CLOSURE: ("D_CLOSE",),
}
# What only the hub decides: a closure may be agreed to by a manager meanwhile, and an overdue review waits for nobody.
ONLY_HERE = (ItemKind.NEW, ItemKind.STEP_REQUEST)


class ItemQuerySet(ScopedQuerySet["AgendaItem"]):
    rules = access.ITEM_RULES

    def live(self) -> ItemQuerySet:
        return self.filter(status__in=LIVE_ITEM)

    def on_agenda(self) -> ItemQuerySet:
        return self.filter(status__in=ON_AGENDA)

    def with_due(self) -> Any:
        """Bring with each the moment by which a decision is owed (domain.md 7)."""
        kind = ExpressionWrapper(OuterRef("kind"), output_field=models.CharField())
        of_its_kind = reduce(or_, (Q(kind=kind, code__in=codes) for kind, codes in OWED.items()))
        owed = CaseDeadline.objects.open().filter(owner=OuterRef("case")).annotate(kind=kind).filter(of_its_kind)
        return self.annotate(due_at=models.Subquery(owed.order_by("due_at").values("due_at")[:1]))

    def with_decision(self) -> Any:
        """Bring with each what was decided about it last, if anything was."""
        made = HubDecision.objects.filter(item=OuterRef("pk")).order_by("-at")
        return self.annotate(decision_kind=models.Subquery(made.values("kind")[:1]))

    def with_heard(self, user: Any) -> Any:
        """Bring with each how many families of which ``user`` may hear its meeting has decided about."""
        seen = HubDecision.objects.filter(meeting=OuterRef("meeting"), item__in=AgendaItem.objects.for_user(user))
        number = seen.order_by().values("meeting").annotate(n=models.Count("pk")).values("n")
        return self.annotate(heard=Coalesce(models.Subquery(number), 0))

    def with_wait(self, now: datetime) -> Any:
        """Bring with each when it will be heard, and the day by which a decision is owed: ``is_kept_waiting`` asks both (9.4)."""
        coming = HubMeeting.objects.to_come().filter(hub=OuterRef("hub"), starts_at__gt=now)
        heard_at = Coalesce("meeting__starts_at", models.Subquery(coming.values("starts_at")[:1]))
        return self.with_due().annotate(heard_at=heard_at, heard_now=F("meeting__status"))

    def kept_waiting(self, now: datetime) -> Any:
        """Those whom no meeting hears in time: chair’s action, or an extra meeting."""
        asks = self.filter(kind__in=ONLY_HERE, status__in=LIVE_ITEM).exclude(meeting__status=MeetingStatus.IN_MEETING)
        heard_late = Q(heard_at=None) | Q(heard_at__gt=F("due_at"))
        return asks.with_wait(now).filter(heard_late, due_at__isnull=False).order_by("due_at", "pk")

    def with_births(self) -> Any:
        """Bring with each when the children of the family were born, the eldest first: ``in_order`` asks their ages."""
        children = FamilyMembership.objects.current().filter(family=OuterRef("case__family"), role="child")
        born = children.filter(person__born_on__isnull=False).order_by("person__born_on")
        return self.annotate(births=ArraySubquery(born.values("person__born_on")))

    def with_grounds(self) -> Any:
        """Bring with each what other rooms know that makes a family be heard sooner: ``in_order`` says it in words (9.5)."""
        return self.annotate(**{f"sooner_{n}": condition(OuterRef("case")) for n, (_, condition) in enumerate(SOONER)})

    def with_replies(self) -> Any:
        """Bring with each how many agencies were asked about the family, and how many have answered."""
        return self.annotate(**{f"replies_{n}": count(OuterRef("case")) for n, count in enumerate(REPLIES)})

    def with_agreement(self) -> Any:
        """Bring with each whether somebody of the family agrees to early help, by what each of them last said."""
        later = Agreement.objects.filter(
            family=OuterRef("family"), person=OuterRef("person"), recorded_at__gt=OuterRef("recorded_at")
        )
        agreed = Agreement.objects.filter(~Exists(later), family=OuterRef("case__family"), status=AgreementStatus.GIVEN)
        return self.annotate(agreement=models.Subquery(agreed.values("status")[:1]))


@tracked()
class AgendaItem(Versioned):
    """One family before the hub. At most one live item a case: nothing is decided twice (promise P10)."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="items")
    meeting = models.ForeignKey(HubMeeting, models.PROTECT, null=True, blank=True, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="agenda_items")
    step = models.ForeignKey(StepRequest, models.PROTECT, null=True, blank=True, related_name="items")
    kind = models.CharField(max_length=20, choices=ItemKind)
    status = models.CharField(max_length=30, choices=ItemStatus, default=ItemStatus.QUEUED, editable=False)
    urgent = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Where the chair put it; none: as suggested."
    )
    since_at = models.DateTimeField(help_text="Since when the family waits for this decision.")
    added_at = models.DateTimeField()
    late_reason = models.TextField(blank=True)
    late_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Which chair said that it cannot wait; none: the hub itself put it off, or its meeting was called.",
    )
    kept_back = models.TextField(
        blank=True, help_text="What bars a page of its own, once the papers are out: until then no member reads of it."
    )
    deferrals = models.PositiveSmallIntegerField(default=0)
    without_agreement = models.CharField(
        max_length=20, choices=OVERRIDES, blank=True, help_text="What allows the hub to hear of them without their yes."
    )
    without_agreement_why = models.TextField(blank=True)
    heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who hears this one family in the place of a chair who has declared an interest in it.",
    )
    nobody_hears_since = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Since when everybody who runs the hub has an interest in it: a service manager says who hears it.",
    )
    preference = models.CharField(max_length=20, choices=Preference, blank=True)
    preference_note = models.TextField(
        blank=True, help_text="Asked before the meeting, so that it need not be typed in it."
    )
    wished_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    wished_not = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("case", name="item_one_live_a_case", condition=Q(status__in=LIVE_ITEM)),
            models.CheckConstraint(
                name="item_on_agenda_has_meeting", condition=~Q(status__in=ON_AGENDA) | Q(meeting__isnull=False)
            ),
            models.CheckConstraint(name="item_late_by_says_why", condition=Q(late_by=None) | ~Q(late_reason="")),
            models.CheckConstraint(
                name="item_preference_says_what", condition=Q(preference="") | ~Q(preference_note="")
            ),
            models.CheckConstraint(
                name="item_without_agreement_says_why",
                condition=Q(without_agreement="", without_agreement_why="")
                | ~Q(without_agreement="") & ~Q(without_agreement_why=""),
            ),
            models.CheckConstraint(
                name="item_wishes_come_from_asking",
                condition=Q(wished_for=None, wished_not=None)
                | Q(preference="asked") & (Q(wished_for=None) | Q(wished_not=None) | ~Q(wished_for=F("wished_not"))),
            ),
        ]
        indexes = [
            models.Index("meeting", "status", name="item_meeting"),
            models.Index("hub", "status", name="item_hub", condition=Q(status__in=LIVE_ITEM)),
            models.Index(fields=["case", "-added_at"], name="item_case"),
        ]

    def __str__(self) -> str:
        return str(self.case)

    @property
    def is_kept_waiting(self) -> bool:
        """Of one read ``with_wait``: no meeting hears it in time. As ``kept_waiting`` asks of the database."""
        row: Any = self
        asks = self.kind in ONLY_HERE and self.status in LIVE_ITEM and row.heard_now != MeetingStatus.IN_MEETING
        return bool(asks and row.due_at and (row.heard_at is None or row.heard_at > row.due_at))

    @property
    def replies(self) -> tuple[int, int]:
        """Of one read ``with_replies``: how many agencies answered, and how many were asked."""
        found = [getattr(self, f"replies_{n}") or {} for n in range(len(REPLIES))]
        return sum(each.get("answered", 0) for each in found), sum(each.get("asked", 0) for each in found)

    @property
    def may_be_heard(self) -> bool:
        """Of one read ``with_agreement``: somebody of the family agrees, or it is written down why the hub hears of them."""
        return getattr(self, "agreement", None) == AgreementStatus.GIVEN or bool(self.without_agreement)

    @property
    def agreed_in_words(self) -> str:
        """The same, as a paper says it: that they are heard without it is no agreement."""
        if getattr(self, "agreement", None) == AgreementStatus.GIVEN:
            return "Recorded"
        return f"Heard without: {self.get_without_agreement_display()}" if self.without_agreement else "Not recorded"

    @property
    def decided_as(self) -> str:
        """What was decided about an item read ``with_decision``, as it reads afterwards."""
        kind = getattr(self, "decision_kind", None)
        return DECIDED_AS[DecisionKind(kind)] if kind else self.get_status_display()

    @property
    def is_live(self) -> bool:
        return self.status in LIVE_ITEM

    @property
    def offers(self) -> bool:
        """Whether a worker may have to be chosen."""
        return self.kind == ItemKind.NEW or (
            self.kind == ItemKind.STEP_REQUEST and self.step is not None and not self.step.closes
        )

    @property
    def asked_tier(self) -> int:
        """The tier at which a lead is sought: as asked for or proposed, else the lighter one."""
        asked = self.step.to_tier if self.step else self.case.proposed_tier
        return Tier.ENHANCED if asked == Tier.ENHANCED else Tier.TARGETED

    @property
    def needs_lead(self) -> bool:
        """Whether somebody new has to be found: not where whoever leads may go on, or a taker is named already."""
        if self.kind == ItemKind.NEW:
            return True
        goes_on = self.case.lead is not None and (self.case.lead.intensive or self.asked_tier != Tier.ENHANCED)
        return self.offers and self.step is not None and self.step.receiving is None and not goes_on

    def get_absolute_url(self) -> str:
        return reverse("hubs:item", args=[self.pk])


class HubDecisionQuerySet(ScopedQuerySet["HubDecision"]):
    rules = Through("case")

    def to_ratify(self) -> HubDecisionQuerySet:
        return self.filter(meeting=None, ratified_in=None, not_ratified_in=None)

    def unratified(self) -> HubDecisionQuerySet:
        """Chair's actions that no meeting ratified: those that wait, and those refused, for as long as the case is live."""
        answered = Q(not_ratified_in__isnull=False, case__status__in=LIVE)
        return self.filter(Q(not_ratified_in=None) | answered, meeting=None, ratified_in=None)


def to_ratify_at(hub: Any, user: Any) -> ArraySubquery:
    """Chair's actions of a hub, a column, that no meeting ratified and of which this person may hear."""
    waiting = HubDecision.objects.for_user(user).unratified().filter(hub=hub).order_by("at", "pk")
    facts = JSONObject(
        item="item",
        why="not_ratified_why",
        reference="case__reference",
        family="case__family__name",
        kind="kind",
        at="at",
        by=Concat("by__first_name", Value(" "), "by__last_name"),
        agreed_by=Concat("agreed_by__first_name", Value(" "), "agreed_by__last_name"),
    )
    return ArraySubquery(waiting.values(facts=facts))


class HubDecision(models.Model):
    """What was decided, by whom, when and why. Never altered: only the meeting that ratifies it, or says why not, is added."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="decisions")
    case = models.ForeignKey(Case, models.PROTECT, related_name="hub_decisions")
    hub = models.ForeignKey(Hub, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(HubMeeting, models.PROTECT, null=True, blank=True, related_name="decisions")
    kind = models.CharField(max_length=20, choices=DecisionKind)
    tier = models.PositiveSmallIntegerField(choices=Tier, null=True, blank=True)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    rationale = models.TextField()
    needed = models.TextField(blank=True, help_text="Of a deferral: what is needed, and from whom.")
    signposted_to = models.TextField(blank=True, help_text="Of a signpost: where to.")
    manager = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    not_recommended_reason = models.TextField(blank=True)
    not_awaited_reason = models.TextField(
        "why nobody was waited for",
        blank=True,
        help_text="Of a step down: why it is approved before all who receive the family have said yes.",
    )
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(
        null=True, blank=True, help_text="Of a chair’s action: when the other agency said yes."
    )
    agreed_themselves = models.BooleanField(
        default=False, help_text="They answered here; else it is written down on the chair’s word, and they are told."
    )
    ratified_in = models.ForeignKey(HubMeeting, models.PROTECT, null=True, blank=True, related_name="ratified")
    not_ratified_in = models.ForeignKey(HubMeeting, models.PROTECT, null=True, blank=True, related_name="not_ratified")
    not_ratified_why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = HubDecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("item", name="decision_one_an_item", condition=~Q(kind="defer")),
            models.CheckConstraint(
                name="decision_in_meeting_or_agreed",
                condition=Q(meeting__isnull=False, agreed_by=None) | Q(meeting=None, agreed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_agreed_by_another", condition=Q(agreed_by=None) | ~Q(agreed_by=F("by"))
            ),
            models.CheckConstraint(
                name="decision_agreed_when",
                condition=Q(agreed_by__isnull=False) | Q(agreed_at=None, agreed_themselves=False),
            ),
            models.CheckConstraint(
                name="decision_ratified_or_why_not",
                condition=Q(not_ratified_in=None, not_ratified_why="")
                | Q(not_ratified_in__isnull=False, ratified_in=None, meeting=None) & ~Q(not_ratified_why=""),
            ),
            models.CheckConstraint(
                name="decision_allocates_someone",
                condition=~Q(kind="allocate") | Q(tier__isnull=False, worker__isnull=False),
            ),
            models.CheckConstraint(name="decision_defer_says_what", condition=~Q(kind="defer") | ~Q(needed="")),
            models.CheckConstraint(
                name="decision_not_awaited_in_meeting",
                condition=Q(not_awaited_reason="") | Q(kind="approve_step", meeting__isnull=False),
            ),
        ]
        indexes = [
            models.Index("meeting", "at", name="decision_meeting"),
            models.Index(fields=["case", "-at"], name="decision_case"),
            models.Index("hub", "at", name="decision_to_ratify", condition=Q(meeting=None, ratified_in=None)),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="said_once", exclude=["ratified_in", "not_ratified_in", "not_ratified_why"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.case}"

    @property
    def decided_as(self) -> str:
        return DECIDED_AS[DecisionKind(self.kind)]

    @property
    def in_agreement(self) -> str:
        """Of a chair's action: with whom, and on whose word."""
        if self.agreed_by is None:
            return ""
        how = "who answered here" if self.agreed_themselves else "on the chair’s word"
        when = f", {dates.moment(self.agreed_at)}" if self.agreed_at else ""
        return f"with {self.agreed_by}, {how}{when}"

    @property
    def in_words(self) -> str:
        """What was decided, as the minutes say it, on the page and in every copy."""
        tier = f", tier {self.get_tier_display()}" if self.tier is not None else ""
        offered = f", offered to {self.worker}" if self.worker else ""
        where = f" to {self.signposted_to}" if self.signposted_to else ""
        return f"{self.decided_as}{tier}{offered}{where}"

    @property
    def who_hears(self) -> list[str]:
        """Whom the decision itself told or asked, in the moment in which it was made."""
        asked = [f"{self.worker} is asked to lead"] if self.worker else []
        answered = self.item.kind == ItemKind.NEW and self.kind != DecisionKind.DEFER
        return [*asked, *(["whoever referred is told"] if answered else [])]


# Whoever hears one family in the chair's place decides on it as the chair would: while the meeting sits and they are there; or
# from the moment in which they are named, where nobody who runs the hub may hear of it.
also_chaired_through("case_in_the_chair")


@scope_part("case_in_the_chair")
def _case_in_the_chair() -> Any:
    me = OuterRef(OuterRef("pk"))
    here = Attendance.objects.filter(meeting=OuterRef("meeting"), user=me, presence=Presence.PRESENT)
    declared = Conflict.objects.standing().filter(user=me, case=OuterRef("case"))
    sits = Q(meeting__status=MeetingStatus.IN_MEETING, status__in=ON_AGENDA) & Exists(here)
    before = ~Q(meeting__status=MeetingStatus.IN_MEETING) & Q(nobody_hears_since__isnull=False)
    rows = AgendaItem.objects.live().filter(sits | before, heard_by=OuterRef("pk"))
    return ArraySubquery(rows.filter(~Exists(declared), case__restricted=False).values("case"))


# A member reads a family's case with the papers: from their publication until ten working days after, and no longer.
also_seen_through("case_agenda")


@scope_part("case_agenda")
def _case_agenda() -> Any:
    """Of published papers, what this person's agency is a party to or an agreement on sharing covers, and no interest closes."""
    me, my_agency = OuterRef(OuterRef("pk")), OuterRef(OuterRef("agency"))
    declared = Conflict.objects.standing().filter(user=me, case=OuterRef("case"))
    shown = AgendaItem.objects.filter(meeting__in=_read_by_members().values("pk"), case__restricted=False)
    theirs = shown.exclude(status=ItemStatus.REMOVED).filter(~Exists(declared), kept_back="")
    return ArraySubquery(
        theirs.filter(_covered(my_agency) | is_a_party(OuterRef("case"), my_agency)).values("case").distinct()
    )


def _read_by_members() -> Any:
    me = OuterRef(OuterRef(OuterRef("pk")))
    sits = Q(hub__in=seats_of(OuterRef(me)).values("pk")) | Exists(
        StandIn.objects.filter(meeting=OuterRef("pk"), user=me)
    )
    return HubMeeting.objects.filter(sits, status__in=SHOWN_TO_MEMBERS, members_until__gte=TruncDate(Now()))


def _covered(agency: Any) -> Q:
    """An agreement in force lets the agencies help together; the council needs none with itself (domain.md 16)."""
    today = TruncDate(Now())
    signed = SharingAgreement.objects.in_force().filter(parties=agency, purposes__contains=[Purpose.HELP])
    council = Agency.objects.filter(pk=agency, kind=AgencyKind.COUNCIL)
    return Q(Exists(signed.filter(start_on__lte=today, end_on__gte=today))) | Q(Exists(council))
