"""What the hub's people are asked. No answer is chosen for anybody; what a decision needs is asked only for that decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms as django_forms
from django.db.models import Q
from django.utils import timezone

from earlyhelp.cases.enums import EndReason, Preference, Tier
from earlyhelp.core.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    FilterForm,
    Form,
    IntegerField,
    ModelChoiceField,
    ModelMultipleChoiceField,
    OnceForm,
    TextField,
    YesNoField,
)
from earlyhelp.directory.models import Need, Service
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Agency, Post, User
from hubs.enums import DECIDES, Agreement, DecisionKind, ItemKind
from hubs.models import AgendaItem, HubDecision
from hubs.queries import Choice, members_of

TIERS = (Tier.TARGETED, Tier.ENHANCED)
ACTION_DAYS = 14


def _labelled(user: User) -> str:
    return f"{user}, {user.agency}" if user.agency_id else str(user)


def _select(label: str, empty: str, **kwargs: Any) -> Any:
    """A long list of people: nobody chosen, none required unless the decision asks for it."""
    queryset = User.objects.none()
    return ModelChoiceField(
        queryset, label=label, required=False, widget=django_forms.Select, empty_label=empty, labels=_labelled, **kwargs
    )


# --- A meeting ---------------------------------------------------------------------------------------------------------


class Publish(Form):
    """Nothing is asked: what stands in the way is shown beside it."""


class ExtraMeeting(OnceForm):
    starts_at = DateTimeField(label="When?", future=True)
    place = CharField(
        label="Where?", hint="A place, or how to join. Empty: where the hub always meets.", required=False
    )
    remote = YesNoField(label="Is it by video?")


class TakeAttendance(Form):
    """The chair is here, and is not asked."""

    quiet_optional = True
    present = ModelMultipleChoiceField(User.objects.none(), label="Who is here?", labels=_labelled, required=False)
    apologies = ModelMultipleChoiceField(
        User.objects.none(), label="Who sent apologies?", labels=_labelled, required=False
    )
    others = TextField(label="Anybody else here", hint="One person a line: name and agency.", required=False, rows=2)

    def __init__(self, *args: Any, meeting: Any, chair: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("present", "apologies"):
            self.fields[name].queryset = members_of(meeting.hub).exclude(pk=chair)

    def clean_others(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["others"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        both = set(given.get("present") or ()) & set(given.get("apologies") or ())
        if both:
            self.add_error("apologies", f"{min(both, key=str)} is ticked both as here and as having sent apologies")
        return given


class Start(TakeAttendance):
    confidential = BooleanField(
        label="The confidentiality statement has been read out, and everybody here agrees to it"
    )
    interests = BooleanField(label="Everybody was asked whether they know a family on the agenda, and it is recorded")

    field_order = ("confidential", "present", "apologies", "others", "interests")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        return {name: value for name, value in given.items() if name not in ("confidential", "interests")}


class Interest(OnceForm):
    """Somebody knows a family otherwise."""

    user = _select("Who knows the family?", "Choose a person")
    item = ModelChoiceField(
        AgendaItem.objects.none(),
        label="Which family?",
        labels=lambda item: f"{item.case.family} ({item.case.reference})",
    )

    def __init__(self, *args: Any, meeting: Any, items: Any, only: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = only
        self.fields["item"].queryset = items
        if only:
            del self.fields["user"]
        else:
            self.fields["user"].required = True
            self.fields["user"].queryset = members_of(meeting.hub)

    def clean(self) -> dict[str, Any]:
        return {"user": self.only} | (super().clean() or {})


class CloseMeeting(Form):
    """Families not heard are deferred with a reason; chair's actions are ratified one by one."""

    reason = TextField(label="Why were they not decided?", hint="They move to the next meeting.", rows=3)
    manager = _select("Which manager agrees to a second deferral?", "Choose a manager")
    ratified = ModelMultipleChoiceField(
        HubDecision.objects.none(),
        label="Which chair’s actions does the hub ratify?",
        required=False,
        labels=lambda row: (
            f"{row.case.family} ({row.case.reference}): {row.get_kind_display().lower()}, agreed with {row.agreed_by}"
        ),
    )

    def __init__(self, *args: Any, meeting: Any, undecided: list[AgendaItem], chair: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = HubDecision.objects.for_user(chair).to_ratify().filter(hub=meeting.hub)
        self.fields["ratified"].queryset = taken.select_related("case__family", "agreed_by").order_by("at", "pk")
        self.fields["manager"].queryset = managers(meeting.hub)
        if not taken.exists():
            del self.fields["ratified"]
        if not undecided:
            del self.fields["reason"]
        if not any(item.deferrals for item in undecided):
            del self.fields["manager"]
        else:
            self.fields["manager"].required = True


def managers(hub: Any) -> Any:
    roles = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
    held = Post.objects.current().filter(role__in=roles, area__in=hub.area.lineage).values("user")
    return User.objects.filter(pk__in=held, is_active=True).select_related("agency").order_by("last_name", "pk")


class Order(Form):
    """The button pressed: one item, up or down."""

    up = IntegerField(required=False)
    down = IntegerField(required=False)


class Late(Form):
    item = ModelChoiceField(
        AgendaItem.objects.none(),
        label="Which family?",
        labels=lambda item: f"{item.case.family} ({item.case.reference}), {item.get_kind_display().lower()}",
    )
    late_reason = TextField(label="Why can it not wait for the next meeting?", rows=3)

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items


class FamilyPreference(Form):
    preference = ChoiceField(
        label="Was the family asked whom they would like to work with?", choices=Preference.choices
    )
    preference_note = CharField(label="What they said, or why they were not asked")


class MeetingFilter(FilterForm):
    """Only the page."""


class ActionFilter(FilterForm):
    mine = django_forms.BooleanField(label="Only mine", required=False)
    done = django_forms.BooleanField(label="Show those that are done", required=False)


# --- A decision --------------------------------------------------------------------------------------------------------


class Offer(OnceForm):
    """To whom the family is offered, and why; the table of workers is drawn by the page."""

    quiet_optional = True  # what is needed depends on the decision

    worker = ModelChoiceField(User.objects.none(), label="Who is offered the family?", required=False)
    recommended = django_forms.IntegerField(widget=django_forms.HiddenInput, required=False)
    not_recommended_reason = CharField(label="If not the recommended one: why?", required=False)
    over_limit_reason = CharField(label="If over their limit: why is it right all the same?", required=False)
    preference = ChoiceField(
        label="Was the family asked whom they would like?", choices=Preference.choices, required=False, inline=True
    )
    preference_note = CharField(label="What they said, or why they were not asked", required=False)

    def __init__(self, *args: Any, choice: Choice | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if choice is not None:
            self.fields["recommended"].initial = choice.recommended
            self.fields["worker"].queryset = choice.workers

    def need(self, name: str, message: str) -> None:
        if not self.cleaned_data.get(name):
            self.add_error(name, message)

    def need_preference(self) -> None:
        self.need("preference", "Say whether the family was asked whom they would like")
        self.need("preference_note", "Enter what the family said, or why they were not asked")

    def need_offer(self) -> None:
        given = self.cleaned_data
        self.need("worker", "Choose who is offered the family")
        self.need_preference()
        worker, best = given.get("worker"), given.get("recommended")
        if worker and best and worker.pk != best:
            self.need("not_recommended_reason", "Say why somebody else than the recommended worker")


class OfferAgain(Offer):
    reason = CharField(label="Why this worker?", hint="One line. The worker and the family’s record keep it.")

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.need_offer()
        given = dict(self.cleaned_data)
        why = given.pop("not_recommended_reason", "")
        given.pop("recommended", None)
        if why:
            given["reason"] = f"{given.get('reason', '')} Not the recommended worker: {why}"
        return given


class Decision(Offer):
    """One family, one decision. What is not part of the decision chosen is left out, not kept."""

    decision = ChoiceField(label="What does the hub decide?", choices=())
    specialists = ModelMultipleChoiceField(
        Service.objects.none(),
        label="Specialist services beside the lead",
        required=False,
        labels=lambda service: f"{service.name}, {service.organisation}",
    )
    no_specialist_reason = CharField(label="Or why there is none", required=False)
    missing_need = ChoiceField(
        label="What is missing here?",
        choices=[("", "Choose a need"), *Need.choices],
        required=False,
        widget=django_forms.Select,
    )
    missing_provision = CharField(label="The provision that is missing, in a few words", required=False)
    end_reason = ChoiceField(label="Why does it end?", choices=EndReason.choices, required=False)
    services = ModelMultipleChoiceField(
        Service.objects.none(),
        label="To which services?",
        required=False,
        labels=lambda service: f"{service.name}, {service.organisation}",
    )
    where = CharField(label="Or to whom else, in words", hint="The referrer reads this: name nobody.", required=False)
    needed = CharField(label="What is needed, and from whom?", required=False)
    manager = _select("Which manager agrees to a second deferral?", "Choose a manager")
    rationale = CharField(label="Why, in one line", hint="Read by the lead professional and kept with the decision.")
    action_what = CharField(label="An action", required=False)
    action_owner = _select("Who does it?", "Choose a person")
    action_due = DateField(label="By when?", required=False, future=True)

    NEEDS_LEAD = (DecisionKind.ALLOCATE,)
    field_order = ("decision", "worker", "preference", "preference_note")

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "preference": item.preference,
            "preference_note": item.preference_note,
            "action_due": timezone.localdate() + timedelta(days=ACTION_DAYS),
        }
        super().__init__(*args, **kwargs)
        self.item = item
        self.fields["decision"].choices = self.offered()
        services = Service.objects.live().select_related("organisation")
        self.fields["specialists"].queryset = services.filter(specialist=True)
        if DecisionKind.SIGNPOST in DECIDES[ItemKind(item.kind)]:
            here = Q(areas=None) | Q(areas__in=item.case.area.lineage)
            self.fields["services"].queryset = services.filter(here).distinct()
        self.fields["manager"].queryset = managers(item.hub)
        self.fields["action_owner"].queryset = members_of(item.hub)

    def offered(self) -> list[tuple[str, str]]:
        """Allocating names the tier in the same answer: one click, and nothing chosen beforehand."""
        kinds = DECIDES[ItemKind(self.item.kind)]
        tiers = [(f"allocate-{tier.value}", f"Allocate at tier {tier.label}") for tier in TIERS]
        others = [(kind.value, kind.label) for kind in kinds if kind != DecisionKind.ALLOCATE]
        return [*(tiers if DecisionKind.ALLOCATE in kinds else []), *others, *self.deferral()]

    def deferral(self) -> list[tuple[str, str]]:
        return [(DecisionKind.DEFER.value, DecisionKind.DEFER.label)]

    def clean(self) -> dict[str, Any]:
        super().clean()
        kind, _, tier = self.cleaned_data.get("decision", "").partition("-")
        asked: Callable[..., dict[str, Any]] = getattr(self, f"_ask_{kind}", dict)
        facts = asked(int(tier)) if tier else asked()
        kept = {
            "token": self.cleaned_data.get("token"),
            "kind": kind,
            "rationale": self.cleaned_data.get("rationale", ""),
        }
        return kept | facts | self._actions(kind)

    def _ask_allocate(self, tier: int) -> dict[str, Any]:
        self.need_offer()
        return {"tier": tier, **self._offer(tier)}

    def _ask_approve_step(self) -> dict[str, Any]:
        """A new lead only where one is chosen or was asked for; below tier 2 the case closes and nobody is offered it."""
        step = self.item.step
        if step is None or step.closes:
            return {}
        facts = self._offer(step.to_tier)
        facts["worker"] = facts["worker"] or step.receiving
        if facts["worker"] and facts["worker"] != step.receiving:
            self.need_offer()
        elif facts["worker"]:
            self.need_preference()
        return facts

    def _offer(self, tier: int) -> dict[str, Any]:
        given = self.cleaned_data
        if tier > self.item.case.level_of_need:
            self.need("missing_need", "Select what is missing: the tier is above the level of need")
            self.need("missing_provision", "Enter the provision that is missing: the tier is above the level of need")
        if tier == Tier.ENHANCED and not given.get("specialists") and not self._has_specialist():
            self.need("no_specialist_reason", "Choose a specialist service, or say why there is none")
        names = (
            "worker",
            "preference",
            "preference_note",
            "over_limit_reason",
            "not_recommended_reason",
            "missing_need",
            "missing_provision",
        )
        facts = {name: given.get(name) or ("" if name != "worker" else None) for name in names}
        facts["specialists"] = list(given.get("specialists") or ())
        return facts | {"no_specialist_reason": given.get("no_specialist_reason", "")}

    def _has_specialist(self) -> bool:
        return self.item.case.team.current().filter(role="specialist").exists()

    def _ask_signpost(self) -> dict[str, Any]:
        given = self.cleaned_data
        places = [str(service) for service in given.get("services") or ()] + [given.get("where")]
        where = "; ".join(place for place in places if place)
        if not where:
            self.add_error("where", "Choose a service, or enter who helps the family")
        return {"where": where}

    def _ask_ratify_closure(self) -> dict[str, Any]:
        self.need("end_reason", "Select why it ends")
        return {"end_reason": self.cleaned_data.get("end_reason")}

    def _ask_defer(self) -> dict[str, Any]:
        self.need("needed", "Enter what is needed, and from whom")
        if self.item.deferrals:
            self.need("manager", "Choose the manager who agrees to a second deferral")
        return {"needed": self.cleaned_data.get("needed"), "manager": self.cleaned_data.get("manager")}

    def _actions(self, kind: str) -> dict[str, Any]:
        what = self.cleaned_data.get("action_what")
        if kind == DecisionKind.DEFER or not what:
            return {}
        self.need("action_owner", "Choose who does the action")
        self.need("action_due", "Enter the day by which the action is done")
        given = self.cleaned_data
        return {"actions": [{"what": what, "owner": given.get("action_owner"), "due_on": given.get("action_due")}]}


class ChairsAction(Decision):
    """Between meetings, with somebody of another agency."""

    agreed_by = _select("Who from another agency agrees?", "Choose a person")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed_by"].required = True
        others = members_of(self.item.hub).exclude(agency=by.agency_id).exclude(agency=None)
        self.fields["agreed_by"].queryset = others

    def deferral(self) -> list[tuple[str, str]]:
        return []

    def clean(self) -> dict[str, Any]:
        agreed_by = self.cleaned_data.get("agreed_by")
        return super().clean() | {"agreed_by": agreed_by}


# --- A step ------------------------------------------------------------------------------------------------------------


class RequestStep(OnceForm):
    """The evidence of domain.md 8.2: what a hub needs to decide in one hearing."""

    to_tier = ChoiceField(label="Which tier do you ask for?", choices=())
    what_changed = TextField(label="What has changed since the last review?", rows=3)
    tried = TextField(label="What has been tried, and what do the readings show?", rows=3)
    views = TextField(label="What do the children and the parents say?", hint="In their own words.", rows=3)
    agreement = ChoiceField(label="Does the family agree to this request?", choices=Agreement.choices)
    agreement_note = CharField(label="What they said, or why they were not asked")
    risk_if_nothing = TextField(label="What is the risk if nothing changes?", rows=3)
    wanted = TextField(label="What exactly is wanted?", rows=3)
    receiving = _select(
        "Who is ready to lead from then on?",
        "Nobody named: the hub chooses, or I stay",
        hint="For a step between tiers 2 and 3, where somebody has said yes already.",
    )
    taker = TextField(
        label="For a step below tier 2: who carries on each remaining action?",
        required=False,
        rows=3,
        hint="Name the service and the person for each one.",
    )
    contingency = TextField(
        label="For a step below tier 2: what does the family do if it gets hard again?", required=False, rows=2
    )

    def __init__(self, *args: Any, case: Any, workers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tiers = [tier for tier in reversed(Tier) if tier != case.tier]
        self.fields["to_tier"].choices = [
            (str(tier.value), f"Step {'up' if tier > case.tier else 'down'} to {tier.label}") for tier in tiers
        ]
        self.fields["receiving"].queryset = workers

    def clean_to_tier(self) -> int:
        return int(self.cleaned_data["to_tier"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("to_tier") is not None and given["to_tier"] < Tier.TARGETED:
            for name in ("taker", "contingency"):
                if not given.get(name):
                    self.add_error(
                        name, "Enter this too: below tier 2 the case closes, and the family is not left alone"
                    )
        return given


class UndertakeAction(OnceForm):
    what = CharField(label="What is to be done?")
    owner = _select("Who does it?", "Choose a person")
    agency = ModelChoiceField(
        Agency.objects.filter(is_active=True),
        label="Or which agency?",
        required=False,
        widget=django_forms.Select,
        empty_label="Choose an agency",
    )
    due_on = DateField(label="By when?", future=True)

    def __init__(self, *args: Any, hub: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = members_of(hub)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("owner")) == bool(given.get("agency")):
            self.add_error("owner", "Choose a person, or an agency: one of the two")
        return given
