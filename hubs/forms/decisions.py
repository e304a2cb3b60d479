"""What is asked of a decision. Nothing is chosen beforehand, and what is not part of the decision is left out, not kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache, cached_property, partial
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from earlyhelp.cases.enums import HANDED_ON, Preference, Tier
from earlyhelp.cases.forms import AGREED_ENDS
from earlyhelp.core.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    Form,
    IntegerField,
    OnceForm,
    SomeOf,
    TextField,
    YesNoField,
)
from earlyhelp.directory.queries import services_around, specialist_services
from earlyhelp.partnership.models import User
from hubs.enums import DECIDES, GAP_NEEDS, DecisionKind, ItemKind
from hubs.forms.nobody import NamesNobody
from hubs.forms.people import LEADS, OwnerField, labelled, labelled_unnamed, one_of_them, select_person
from hubs.forms.recommended import recommended_by, said_of
from hubs.models import AgendaItem
from hubs.queries import Candidate, Choice, managers_of, may_undertake, sitting_at
from hubs.queries.first_dates import FirstDates, first_dates

TIERS = (Tier.TARGETED, Tier.ENHANCED)
ACTION_DAYS = 14
ACTIONS = 5
BY_NAME = 0  # nobody's number: in place of a worker of the table, somebody chosen from the list of all of them


class FamilyPreference(Form):
    travels = ("preference_note",)

    preference = ChoiceField(
        label="Was the family asked whom they would like to work with?", choices=Preference.choices
    )
    preference_note = CharField(label="What they said, or why they were not asked")
    wished_for = select_person("If they named a worker whom they would like", "Nobody in particular")
    wished_not = select_person("If there is a worker whom they would rather not have", "Nobody in particular")

    def __init__(self, *args: Any, workers: Any, discreet: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("wished_for", "wished_not"):
            if discreet:
                self.fields[name].label_from_instance = labelled_unnamed
            self.fields[name].queryset = workers.select_related("agency").order_by("last_name", "pk")


class Offer(OnceForm):
    """To whom the family is offered, and why; the table of workers is drawn by the page."""

    quiet_optional = True  # what is needed depends on the decision
    label_of = staticmethod(labelled)

    named = IntegerField(label="Who, by name?", required=False)
    worker = IntegerField(label="Who is offered the family?", required=False)
    recommended = django_forms.CharField(widget=django_forms.HiddenInput, required=False)
    not_recommended_reason = CharField(label="If not the recommended one: why?", required=False)
    over_limit_reason = CharField(label="If over their limit: why is it right all the same?", required=False)
    preference = ChoiceField(
        label="Was the family asked whom they would like?", choices=Preference.choices, required=False, inline=True
    )
    preference_note = CharField(label="What they said, or why they were not asked", required=False)

    def __init__(self, *args: Any, choice: Choice | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choice = choice
        if choice is not None:
            self.initial.setdefault("recommended", lambda: said_of(choice.case, choice.tier, choice.recommended()))

    @cached_property
    def best(self) -> int | None:
        """Who was recommended on the page; who is now, if it does not say so in its own hand."""
        said = self["recommended"]
        return recommended_by(said.data if self.is_bound else said.value(), self.choice) if self.choice else None

    def clean_worker(self) -> User | None:
        """The worker themselves: they alone are looked for, not all who could be chosen."""
        chosen, named = self.cleaned_data["worker"], self.cleaned_data.get("named")
        if chosen == BY_NAME and not named:
            raise ValidationError("Choose by name who is offered the family")
        chosen = chosen or named
        found = self.choice.worker(chosen) if chosen and self.choice else None
        if chosen and found is None:
            raise ValidationError("Choose one of those in the list")
        return found

    def need(self, name: str, message: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, message)

    def need_preference(self) -> None:
        self.need("preference", "Say whether the family was asked whom they would like")
        self.need("preference_note", "Enter what the family said, or why they were not asked")

    def need_offer(self, tier: int | None = None) -> None:
        """Why somebody else is asked only of a choice that was compared: at another tier others may be right."""
        self.need("worker", "Choose who is offered the family")
        self.need_preference()
        worker, why = self.cleaned_data.get("worker"), self.cleaned_data.get("not_recommended_reason")
        compared_at = self.choice.tier if self.choice else None
        if worker and not why and tier in (None, compared_at) and self.best not in (None, worker.pk):
            self.need("not_recommended_reason", "Say why somebody else than the recommended worker")


def why_another_leads() -> ChoiceField:
    return ChoiceField(label="Why is another to lead?", choices=[(reason.value, reason.label) for reason in HANDED_ON])


class OfferAgain(Offer):
    because = why_another_leads()
    handover_note = TextField(
        label="What does the next lead professional need to know first?",
        hint="They read it before they answer: what is agreed, what is due, what the family expects of them.",
        rows=4,
    )
    joint_visit = CharField(label="When do both visit the family together, or why do they not?")
    reason = CharField(label="Why this worker?", hint="One line. The worker and the family’s record keep it.")

    def __init__(self, *args: Any, led: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not led:
            del self.fields["because"], self.fields["handover_note"], self.fields["joint_visit"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.need_offer()
        given = dict(self.cleaned_data)
        why = given.pop("not_recommended_reason", "")
        given.pop("recommended", None)
        given.pop("named", None)
        if why:
            given["reason"] = f"{given.get('reason', '')} Not the recommended worker: {why}"
        return given


class Decision(NamesNobody, Offer):
    """One family, one decision. What is not part of the decision chosen is left out, not kept."""

    names_nobody = ("message", "where", "missing_provision")
    # Into the minutes and their copies, to whoever referred, to whoever undertakes something; not what social care reads.
    travels: tuple[str, ...] = (
        "rationale",
        "needed",
        "message",
        "where",
        "preference_note",
        "not_recommended_reason",
        "over_limit_reason",
        "no_specialist_reason",
        "not_awaited_reason",
        "missing_provision",
        "programme",
    )

    decision = ChoiceField(label="What does the hub decide?", choices=())
    specialists = SomeOf(
        label="Specialist services beside the lead",
        required=False,
        labels=lambda service: f"{service.name}, {service.organisation}",
    )
    no_specialist_reason = CharField(label="Or why there is none", required=False)
    to_offer = SomeOf(
        label="Other services to offer the family",
        hint="The lead professional asks them about each. Nobody there is told without a yes.",
        required=False,
        labels=lambda service: f"{service.name}, {service.organisation}",
    )
    missing_need = ChoiceField(
        label="What is missing here?",
        choices=[("", "Choose a need"), *GAP_NEEDS],
        required=False,
        widget=django_forms.Select,
    )
    missing_provision = CharField(label="The provision that is missing, in a few words", required=False)
    not_awaited_reason = CharField(
        label="If not everybody who receives the family has said yes: why is the step approved all the same?",
        hint="Kept with the decision. Below tier 2 the case closes only once all who carry on have said yes.",
        required=False,
    )
    reassess = BooleanField(label="The whole family is assessed again", required=False)
    end_reason = ChoiceField(label="Why does it end?", choices=AGREED_ENDS, required=False)
    services = SomeOf(
        label="To which services?",
        required=False,
        labels=lambda service: f"{service.name}, {service.organisation}",
    )
    where = CharField(label="Or to whom else, in words", hint="The referrer reads this: name nobody.", required=False)
    concern = TextField(
        label="What has happened, or what do you fear?",
        hint="Social care reads this: what was seen or heard, when, and who said so.",
        required=False,
        rows=4,
    )
    family_told = YesNoField(
        label="Has the family been told that you are handing this over?",
        required=False,
        reveals={"no": "not_told_why"},
    )
    not_told_why = CharField(
        label="Why not?", hint="It might put somebody in danger; you could not reach them.", required=False
    )
    spoken_to = CharField(
        label="Who at social care did you speak to?", hint="If you have rung already.", required=False, max_length=120
    )
    their_reference = CharField(label="The reference they gave you", required=False, max_length=60, width=20)
    first_taf_on = DateField(label="First TAF meeting, if sooner than the standard asks", required=False, future=True)
    first_review_on = DateField(label="First review, if sooner than the standard asks", required=False, future=True)
    programme = CharField(label="A programme of so many weeks", hint="Such as “Inclusion Service”.", required=False)
    programme_ends_on = DateField(label="Its last day", required=False, future=True)
    message = CharField(
        label="A line of your own for whoever referred",
        hint="They read it with the decision: name nobody.",
        required=False,
    )
    needed = CharField(label="What is needed, and from whom?", required=False)
    manager = one_of_them("Which manager agrees to a second deferral?", "Choose a manager")
    rationale = CharField(label="Why, in one line", hint="Read by the lead professional and kept with the decision.")
    field_order = ("decision", "named", "worker", "preference", "preference_note")

    def __init__(
        self, *args: Any, item: AgendaItem, suggested: Candidate | None = None, discreet: bool = False, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {
            "preference": item.preference,
            "preference_note": item.preference_note,
            **dict.fromkeys(_all("action_due"), timezone.localdate() + timedelta(days=ACTION_DAYS)),
            **(_as_suggested(item, suggested) if suggested else {}),
        }
        super().__init__(*args, **kwargs)
        self.item, self.case = item, item.case
        self.fields["decision"].choices = self.offered()
        self.fields["specialists"].offer(specialist_services)
        if DecisionKind.SIGNPOST in DECIDES[ItemKind(item.kind)]:
            around = cache(partial(services_around, item.case.area))  # for both questions, read once
            self.fields["services"].offer(around)
            self.fields["to_offer"].offer(lambda: [each for each in around() if not each.specialist])
        self.fields["manager"].offer(lambda: managers_of(item.hub))
        named = cache(partial(may_undertake, item.hub, item.case))  # for each action, read once
        for owner in _all("action_owner"):
            self.fields[owner].offer(named)
        for long in ("specialists", "to_offer", "services"):
            self.fields[long].widget.small = True
        if discreet:
            self.label_of = labelled_unnamed
            for people in self.selects():
                self.fields[people].label_from_instance = labelled_unnamed

    @staticmethod
    def dates() -> list[FirstDates]:
        """By when the first TAF meeting and the first review follow, at each tier that may be chosen."""
        return first_dates(now=timezone.now())

    def selects(self) -> list[str]:
        """Questions answered from a long list of people, which a room may see: of whom the screen then says the initials."""
        return ["manager", *_all("action_owner")]

    @property
    def actions(self) -> list[list[Any]]:
        """The questions of each action, one after the other."""
        return [[self[_numbered(name, number)] for name in ACTION] for number in range(ACTIONS)]

    def typed(self) -> list[tuple[str, str]]:
        """What was written, by its question: to be copied, where it can be sent no more."""
        written = [
            (str(each.label), each.value()) for each in self if not each.is_hidden and isinstance(each.field, CharField)
        ]
        return [(label, str(value)) for label, value in written if value]

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
        if self.item.kind == ItemKind.NEW and kind != DecisionKind.DEFER:
            kept["message"] = self.cleaned_data.get("message", "")
        return kept | facts | self._actions(kind)

    def _ask_allocate(self, tier: int) -> dict[str, Any]:
        self.need_offer(tier)
        given = self.cleaned_data
        if given.get("programme"):
            self.need("programme_ends_on", "Enter the last day of the programme")
        if given.get("programme_ends_on"):
            self.need("programme", "Enter which programme it is")
        wanted = ("first_taf_on", "first_review_on", "programme", "programme_ends_on")
        return {"tier": tier, **self._offer(tier), **{name: given.get(name) for name in wanted if given.get(name)}}

    def _ask_approve_step(self) -> dict[str, Any]:
        """A new lead only where one is chosen or was asked for; below tier 2 the case closes and nobody is offered it."""
        step = self.item.step
        if step is None or step.closes:
            return self._not_awaited(None)
        facts = self._offer(step.to_tier) | {"reassess": bool(self.cleaned_data.get("reassess"))}
        facts |= self._not_awaited(facts["worker"])
        facts["worker"] = facts["worker"] or step.receiving
        if facts["worker"] and facts["worker"] != step.receiving:
            self.need_offer()
        elif facts["worker"]:
            self.need_preference()
        return facts

    def _not_awaited(self, lead: Any) -> dict[str, Any]:
        """Asked in a meeting alone, of a step down to which not all have said yes: between meetings it waits (8.3)."""
        step = self.item.step
        awaited = step.waits_for(lead) if step is not None and not step.is_up else ""
        if not awaited or "not_awaited_reason" not in self.fields:
            return {}
        self.need("not_awaited_reason", f"Say why the step is approved before {awaited} said yes")
        return {"not_awaited_reason": self.cleaned_data.get("not_awaited_reason")}

    @property
    def asks_why_not_awaited(self) -> bool:
        """Where somebody has not said yes yet, or another lead was chosen than the one who did."""
        step, asked = self.item.step, "not_awaited_reason"
        if asked not in self.fields or step is None or step.is_up:
            return False
        return bool(step.waits_for() or self[asked].errors or self[asked].value())

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
        if self.item.kind == ItemKind.NEW:
            facts["to_offer"] = list(given.get("to_offer") or ())
        return facts | {"no_specialist_reason": given.get("no_specialist_reason", "")}

    def _has_specialist(self) -> bool:
        return self.item.case.team.current().filter(role="specialist").exists()

    def _ask_signpost(self) -> dict[str, Any]:
        given = self.cleaned_data
        services = [", ".join(filter(None, [str(each), each.phone])) for each in given.get("services") or ()]
        where = "; ".join(filter(None, [*services, given.get("where")]))
        if not where:
            self.add_error("where", "Choose a service, or enter who helps the family")
        return {"where": where}

    def _ask_hand_over(self) -> dict[str, Any]:
        """The facts of a hand-over, in the words of whoever makes it (domain.md 6.9): the reason decided is another matter."""
        given = self.cleaned_data
        self.need("concern", "Enter what has happened, or what you fear")
        if given.get("family_told") is None:
            self.add_error("family_told", "Say whether the family has been told")
        elif not given["family_told"]:
            self.need("not_told_why", "Enter why the family has not been told")
        asked = ("concern", "family_told", "not_told_why", "spoken_to", "their_reference")
        return {"handover": {name: given.get(name) for name in asked}}

    def _ask_ratify_closure(self) -> dict[str, Any]:
        self.need("end_reason", "Select why it ends")
        return {"end_reason": self.cleaned_data.get("end_reason")}

    def _ask_defer(self) -> dict[str, Any]:
        self.need("needed", "Enter what is needed, and from whom")
        if self.item.deferrals:
            self.need("manager", "Choose the manager who agrees to a second deferral")
        return {"needed": self.cleaned_data.get("needed"), "manager": self.cleaned_data.get("manager")}

    def _ask_unblock(self) -> dict[str, Any]:
        self.need("action_what", "Enter the action that unblocks it")
        return {}

    def _actions(self, kind: str) -> dict[str, Any]:
        found = [self._action(number, kind) for number in range(ACTIONS)] if kind != DecisionKind.DEFER else []
        made = [each for each in found if each]
        return {"actions": made} if made else {}

    def _action(self, number: int, kind: str) -> dict[str, Any]:
        what, owner, due = (_numbered(name, number) for name in ACTION)
        given = self.cleaned_data
        if not given.get(what):
            return {}
        self.need(owner, "Choose who does the action")
        self.need(due, "Enter the day by which the action is done")
        named = self._who_leads(kind) if given.get(owner) == LEADS else given.get(owner)
        if given.get(owner) and named is None:
            self.add_error(owner, "Nobody leads, and nobody is asked to by this decision: choose a person")
        return {"what": given[what], "owner": named, "due_on": given.get(due)}

    def _who_leads(self, kind: str) -> User | None:
        """Whoever is asked to lead by this decision, or else leads."""
        step, asked = self.item.step, None
        if kind in (DecisionKind.ALLOCATE, DecisionKind.APPROVE_STEP) and not (step and step.closes):
            asked = self.cleaned_data.get("worker") or (step and step.receiving)
        return asked or self.case.lead


ACTION = ("action_what", "action_owner", "action_due")


def _numbered(name: str, number: int) -> str:
    """«action_what», then «action_what_2», «action_what_3»."""
    return f"{name}_{number + 1}" if number else name


def _all(name: str) -> list[str]:
    return [_numbered(name, number) for number in range(ACTIONS)]


def _action_fields() -> dict[str, Any]:
    """As many actions as one decision may need: each with an owner and a date."""
    fields: dict[str, Any] = {}
    for number in range(ACTIONS):
        label = "An action" if number == 0 else f"Action {number + 1}"
        asked = (
            CharField(label=label, required=False),
            one_of_them("Who does it?", "Choose a person", field=OwnerField),
            DateField(label="By when?", required=False, future=True),
        )
        fields |= {_numbered(name, number): question for name, question in zip(ACTION, asked, strict=True)}
    return fields


Decision.declared_fields.update(_action_fields())
Decision.travels += tuple(_all("action_what"))


def _as_suggested(item: AgendaItem, suggested: Candidate) -> dict[str, Any]:
    """What the chair took over from the agenda as it was shared out: filled in, and theirs to change.

    Whoever was proposed there is the recommended one here: only somebody else takes a reason, which the chair writes.
    """
    kind = f"allocate-{item.asked_tier:d}" if item.kind == ItemKind.NEW else DecisionKind.APPROVE_STEP.value
    best = said_of(item.case, item.asked_tier, suggested.worker.pk)
    return {"decision": kind, "worker": suggested.worker.pk, "recommended": best}


class ChairsAction(Decision):
    """Between meetings, with somebody of another agency."""

    agreed_by = one_of_them("Who from another agency agrees?", "Choose a person")
    agreed_at = DateTimeField(label="If they told you so: when, if not just now?", required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["not_awaited_reason"]
        self.fields["agreed_by"].required = True
        self.fields["agreed_by"].offer(
            lambda: [each for each in sitting_at(self.item.hub) if each.agency_id not in (None, by.agency_id)]
        )

    def selects(self) -> list[str]:
        return ["agreed_by", *super().selects()]

    def deferral(self) -> list[tuple[str, str]]:
        return []

    def clean(self) -> dict[str, Any]:
        agreed_by = self.cleaned_data.get("agreed_by")
        agreed_at = self.cleaned_data.get("agreed_at")
        return super().clean() | {"agreed_by": agreed_by, "agreed_at": agreed_at}
