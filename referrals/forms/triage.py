"""What EH Access is asked. Nothing is chosen for them, and every decision has its reason and a message (screens.md 1.5)."""

from __future__ import annotations

import re
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from earlyhelp.cases.enums import Tier
from earlyhelp.cases.forms import Move
from earlyhelp.core.forms import (
    CharField,
    ChoiceField,
    DateField,
    FilterForm,
    Form,
    ModelChoiceField,
    ModelMultipleChoiceField,
    TextField,
    YesNoField,
)
from earlyhelp.directory import routes
from earlyhelp.directory.enums import AskedHow, Helped
from earlyhelp.directory.models import Service
from earlyhelp.families.enums import LevelOfNeed
from earlyhelp.families.models import Person
from earlyhelp.letters.enums import Reader
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Agency, Area, User
from referrals.enums import LawfulBasis, Status, WithdrawnBy
from referrals.models import Referral
from referrals.queries import agencies_to_ask, holders_of, people_of
from referrals.services.letters import begun

TIERS = [(str(tier.value), tier.label) for tier in (Tier.TARGETED, Tier.ENHANCED)]


def levels(*chosen: LevelOfNeed) -> list[tuple[str, str]]:
    return [(str(level.value), level.label) for level in chosen]


MIDDLE = levels(LevelOfNeed.ONE_AGENCY, LevelOfNeed.SEVERAL)
BELOW_SOCIAL_CARE = levels(LevelOfNeed.NO_EXTRA, LevelOfNeed.ONE_AGENCY, LevelOfNeed.SEVERAL)


def _called(person: Person) -> str:
    return f"{person.name}, {person.year_said}" if person.born_on or person.expected_on else person.name


SEEN = re.compile(r"([A-Z0-9-]{1,20}):(\d{1,9})")
MOST = 100


class SeenField(django_forms.Field):
    """Ticked rows of a list, each with the version that was on the page."""

    widget = django_forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[tuple[str, int]]:
        found = [SEEN.fullmatch(each) for each in value or []][:MOST]
        return [(each[1], int(each[2])) for each in found if each]

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError("Tick at least one referral")


LACKING = {"rows": "Tick at least one referral", "worker": "Choose a colleague to whom they are assigned"}


class QueueTab(FilterForm):
    tab = ChoiceField(
        label="Which",
        choices=[(slug, slug) for slug in ("new", "doubtful", "asking", "ready", "overdue", "messages", "decided")],
    )
    row = SeenField()
    lacking = ChoiceField(label="What was not said", choices=[*LACKING.items()])

    @property
    def lacks(self) -> str:
        """Why nothing was assigned: what whoever pressed the button left out."""
        return LACKING.get(self.cleaned()["lacking"] or "", "")


class ReferralFilter(FilterForm):
    status = ChoiceField(label="Status", choices=[("", "Any"), ("live", "Sent and not decided"), *Status.choices])

    def narrow(self, referrals: Any) -> Any:
        chosen = self.cleaned()["status"]
        return referrals.live() if chosen == "live" else referrals.filter(status=chosen) if chosen else referrals


class OfReferral(Form):
    """A form that may know the referral it is about, to offer only what fits it; and who decides what, to write for them."""

    def __init__(
        self, *args: Any, referral: Referral | None = None, user: Any = None, becomes: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.becomes = user, becomes
        if referral is not None:
            self.fit(referral)

    def fit(self, referral: Referral) -> None:
        """Narrow the choices to this referral."""


class Nothing(OfReferral):
    """Nothing is asked."""


class Because(OfReferral):
    reason = TextField(label="Why", rows=4)


class Decision(OfReferral):
    reason = TextField(
        label="Why is this the right decision?", hint="What you found out, and what tipped the balance.", rows=4
    )
    message = TextField(
        label="Message to the referrer",
        hint="What happens next, and what they can do meanwhile. They read this.",
        rows=12,
    )
    letter_to_family = YesNoField(
        label="Does a letter go to the family?",
        hint="You print it, and send it or hand it over.",
        required=False,
        reveals={"yes": "family_letter"},
    )
    family_letter = TextField(label="Letter to the family", rows=20)
    family_told = YesNoField(
        label="Has the family been told?", hint="If not, telling them within two working days stays on your list."
    )

    def fit(self, referral: Referral) -> None:
        """A family that asked for help themselves has no page here, and reads nothing by itself."""
        if referral.author_id is None:
            self.fields["message"].label = "Letter to the family"
            self.fields[
                "message"
            ].help_text = "Nothing is sent to them by itself: you print it, or a colleague tells them."
            del self.fields["letter_to_family"], self.fields["family_letter"]
        if self.user is not None and not self.is_bound:
            self._begin(referral)

    def _begin(self, referral: Referral) -> None:
        """The letters of this authority, filled in: the officer changes what does not fit (screens.md 1.5)."""
        first = Reader.REFERRER if referral.author_id else Reader.FAMILY
        for name, reader in (("message", first), ("family_letter", Reader.FAMILY)):
            if name in self.fields:
                text = begun(referral, self.becomes, reader, by=self.user, now=timezone.now())
                self.initial[name] = text
                if "{" in text:
                    hint = self.fields[name].help_text
                    self.fields[
                        name
                    ].help_text = f"{hint} What stands in curly brackets is filled in from your answers.".strip()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given.pop("letter_to_family", None)  # it only reveals the letter
        return given


class Accept(Decision):
    level_of_need = ChoiceField(label="Level of need", choices=MIDDLE)
    proposed_tier = ChoiceField(label="Which tier do you propose to the hub?", choices=TIERS)
    urgent = YesNoField(
        label="Is it too urgent for the next meeting?", hint="Yes asks the chair to act within two working days."
    )
    field_order = [
        "level_of_need",
        "proposed_tier",
        "urgent",
        "reason",
        "message",
        "letter_to_family",
        "family_letter",
        "family_told",
    ]

    def clean_level_of_need(self) -> int:
        return int(self.cleaned_data["level_of_need"])

    def clean_proposed_tier(self) -> int:
        return int(self.cleaned_data["proposed_tier"])


class PassStepDown(Decision):
    proposed_tier = ChoiceField(label="Which tier do you propose to the hub?", choices=TIERS)
    urgent = YesNoField(
        label="Is it too urgent for the next meeting?", hint="Yes asks the chair to act within two working days."
    )
    reason = TextField(
        label="What do agencies know, and what did you check?",
        hint="The threshold is not weighed again; what you found out goes with the family.",
        rows=4,
    )
    field_order = ["reason", "proposed_tier", "urgent", "message", "family_told"]

    def clean_proposed_tier(self) -> int:
        return int(self.cleaned_data["proposed_tier"])


class BelowThreshold(Decision):
    level_of_need = ChoiceField(
        label="Level of need", choices=BELOW_SOCIAL_CARE, hint="Level 3 gets a second pair of eyes."
    )

    def clean_level_of_need(self) -> int:
        return int(self.cleaned_data["level_of_need"])


class Signpost(BelowThreshold):
    services = ModelMultipleChoiceField(
        Service.objects.live().select_related("organisation"), label="Which services?", labels=str
    )
    field_order = ["level_of_need", "services", "reason", "message", "letter_to_family", "family_letter", "family_told"]

    def fit(self, referral: Referral) -> None:
        super().fit(referral)
        here = Q(areas=None) | Q(areas__in=referral.area.lineage)
        self.fields["services"].queryset = Service.objects.live().filter(here).distinct()


class Advise(BelowThreshold):
    advice = TextField(label="What do you advise?", rows=4)
    field_order = ["level_of_need", "advice", "reason", "message", "letter_to_family", "family_letter", "family_told"]


class Direct(BelowThreshold):
    route = ChoiceField(label="Where to?", choices=routes.choices, reveals={"service": "service"})
    service = ModelChoiceField(
        Service.objects.live().select_related("organisation"),
        label="Which service?",
        widget=django_forms.Select,
        empty_label="Choose a service",
        labels=lambda service: f"{service.name}, {service.organisation}",
    )
    person = ModelChoiceField(Person.objects.all(), label="Who is it for?", labels=_called)
    agreed = YesNoField(label="Have they agreed to it?", hint="Their own yes to this, and not only to early help.")
    agreement = CharField(
        label="Who agreed, and how?",
        hint="She said yes when I rang. From sixteen on each decides for themselves.",
    )
    asked_how = ChoiceField(label="How were they asked?", choices=AskedHow.choices)
    words = TextField(
        label="What do they hope for?", hint="Up to three sentences, in their own words if you can.", rows=3
    )
    reach = CharField(
        label="How would they like to be reached?", hint="A telephone number, and a time that suits.", max_length=200
    )
    field_order = [
        "level_of_need",
        "route",
        "service",
        "person",
        "agreed",
        "agreement",
        "asked_how",
        "words",
        "reach",
        "reason",
        "message",
        "letter_to_family",
        "family_letter",
        "family_told",
    ]

    def fit(self, referral: Referral) -> None:
        super().fit(referral)
        self.fields["route"].widget.hints = {each.code: each.for_whom for each in routes.routes()}
        self.fields["service"].queryset = Service.objects.live().serving(referral.area).select_related("organisation")
        people = [member.person_id for member in people_of(referral.family_id, for_others=True)]
        self.fields["person"].queryset = Person.objects.filter(pk__in=people).order_by("born_on", "pk")

    def clean_agreed(self) -> bool:
        if not self.cleaned_data["agreed"]:
            raise ValidationError("Ask them first: nobody is sent on without their own yes")
        return True


class StepUp(Decision):
    reason = TextField(label="What has happened, or is feared?", hint="Social care reads this.", rows=5)
    spoken_to = CharField(label="Who at social care did you speak to?", hint="Ring first.", required=False)
    family_told = YesNoField(label="Has the family been told?", reveals={"no": "not_told_why"})
    not_told_why = CharField(label="Why has the family not been told?")
    field_order = ["reason", "family_told", "not_told_why", "spoken_to", "message", "letter_to_family", "family_letter"]


class AskAgencies(OfReferral):
    agencies = ModelMultipleChoiceField(Agency.objects.filter(is_active=True), label="Whom do you ask?")
    question = TextField(
        label="What do you ask?",
        hint="Each agency sees this question with the names and years of birth of the family, and nothing else of the referral.",
        rows=4,
    )
    lawful_basis = ChoiceField(label="Why may you ask?", choices=LawfulBasis.choices)

    def fit(self, referral: Referral) -> None:
        waiting = referral.requests.waiting().values("agency")
        agencies = agencies_to_ask(referral.area).exclude(pk__in=waiting)
        self.fields["agencies"].queryset = agencies
        if not agencies.exists():
            self.fields["agencies"].help_text = "Every agency that answers here has been asked. Ring any other."


class Entrust(OfReferral):
    worker = ModelChoiceField(User.objects.filter(is_active=True), label="Who takes it?")

    def fit(self, referral: Referral) -> None:
        people = [person.pk for person in holders_of(Role.EH_ACCESS, referral.area)]
        self.fields["worker"].queryset = User.objects.filter(pk__in=people)


class Assign(OfReferral):
    worker = ModelChoiceField(User.objects.filter(is_active=True), label="Who takes it?")
    reason = CharField(label="Why", hint="Who is away, who knows the family.", required=False)

    def fit(self, referral: Referral) -> None:
        people = [person.pk for person in holders_of(Role.EH_ACCESS, referral.area)]
        self.fields["worker"].queryset = User.objects.filter(pk__in=people).exclude(referrals_held=referral)


class Withdraw(OfReferral):
    quiet_optional = True  # what must be said depends on who no longer asks

    withdrawn_by = ChoiceField(label="Who no longer asks for it?", choices=WithdrawnBy.choices)
    reason = TextField(label="Why", rows=3)
    risk_noted = YesNoField(label="If the family declines: is anybody at risk without help?", required=False)
    risk_detail = TextField(
        label="What did you consider?",
        hint="If a child may be at risk, hand over to social care now: it needs no agreement.",
        required=False,
        rows=3,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("withdrawn_by") == WithdrawnBy.FAMILY:
            if given.get("risk_noted") is None:
                self.add_error("risk_noted", "Select whether anybody is at risk without help")
            if not given.get("risk_detail"):
                self.add_error("risk_detail", "Say what you considered")
        return given


class Place(OfReferral):
    area = ModelChoiceField(Area.objects.exclude(parent=None), label="Where does the family live?")


class TellFamily(OfReferral):
    how = CharField(label="Who told whom, and how?", hint="I rang the mother.")


class OfferAgain(OfReferral):
    result = ChoiceField(label="Did the service help, and do they want help now?", choices=Helped.choices)
    note = TextField(label="What do they say?", rows=3)
    offer_again_on = DateField(
        label="When do you offer help again?",
        hint="It stands on your home page on that day. Leave it empty if nobody need ask again.",
        required=False,
        future=True,
    )


MOVES = {
    "take": Move(Nothing, "Take this referral", "It is yours now.", "You answer for it until it is decided."),
    "entrust": Move(
        Entrust, "Entrust it", "Entrusted. The worker has been told.", "Only this worker of EH Access will see it."
    ),
    "assign": Move(
        Assign, "Assign it", "Assigned. Your colleague has been told.", "They answer for it until it is decided."
    ),
    "vouch": Move(
        Nothing,
        "A person sent this",
        "It is with the new referrals now.",
        "Ring first, if they say how to reach them. If a program sent it, withdraw it instead.",
    ),
    "place": Move(Place, "Save the area", "The hub of that area decides now, if you progress it."),
    "ask_agencies": Move(
        AskAgencies, "Send the question", "The question is sent.", "The time in which it is to be decided runs on."
    ),
    "chase_replies": Move(
        Nothing,
        "Chase them",
        "Everybody who owes an answer has been asked again.",
        "Each question is chased once on a working day. The time in which it is to be decided runs on.",
    ),
    "stop_waiting": Move(Because, "Stop waiting", "Ready to decide.", "Agencies may still answer late."),
    "accept": Move(Accept, "Progress to the hub", "The family waits for the hub now. The referrer has been told."),
    "pass_step_down": Move(
        PassStepDown,
        "Pass to the hub",
        "The family waits for the hub now. Social care has been told to keep them open.",
    ),
    "step_up": Move(
        StepUp,
        "Step up to social care",
        "Handed over. The referrer has been told.",
        danger=True,
    ),
    "signpost": Move(Signpost, "Signpost", "Signposted. The referrer has been told."),
    "advise": Move(Advise, "Give this advice", "Advice given. The referrer has been told."),
    "direct": Move(Direct, "Direct them there", "Directed: they are expected there. The referrer has been told."),
    "link": Move(Decision, "Link to the open case", "Linked. The lead professional and the referrer have been told."),
    "tell_family": Move(TellFamily, "Save", "Recorded that the family was told."),
    "offer_again": Move(
        OfferAgain,
        "Save",
        "Recorded.",
        "Ring them: did what they were pointed to help, and would they like help from us now? If they would, refer them anew.",
    ),
    "confirm": Move(Because, "Agree", "Recorded. The decision stands."),
    "reconsider": Move(
        Because, "Put back in triage", "It is in triage again.", "The decision is taken again, by EH Access."
    ),
    "withdraw": Move(Withdraw, "Withdraw the referral", "The referral is withdrawn.", danger=True),
}
DECISIONS = {
    "accept": "Several people must help, with one plan and one lead professional. The family agrees.",
    "pass_step_down": "Social care hands the family on. The hub allocates as for any family.",
    "step_up": "Somebody may be at risk of serious harm. It needs nobody’s agreement.",
    "signpost": "One service can help without a plan. You name it, and the referrer tells the family.",
    "advise": "Those who know the family can help, with your advice.",
    "direct": "Somebody would rather have a local area coordinator, First Contact Plus or a group: you introduce them.",
    "link": "Somebody works with this family already.",
}
