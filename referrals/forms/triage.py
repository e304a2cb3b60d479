"""What EH Access is asked. Nothing is chosen for them, and every decision has its reason and a message (screens.md 1.5)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from earlyhelp.cases.enums import Tier
from earlyhelp.cases.forms import Move
from earlyhelp.core.forms import (
    CharField,
    ChoiceField,
    FilterForm,
    Form,
    ModelChoiceField,
    ModelMultipleChoiceField,
    TextField,
    YesNoField,
)
from earlyhelp.directory.models import Service
from earlyhelp.families.enums import LevelOfNeed
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Agency, Area, User
from referrals.enums import LawfulBasis, Status, WithdrawnBy
from referrals.models import Referral
from referrals.queries import agencies_to_ask, holders_of

TIERS = [(str(tier.value), tier.label) for tier in (Tier.TARGETED, Tier.ENHANCED)]


def levels(*chosen: LevelOfNeed) -> list[tuple[str, str]]:
    return [(str(level.value), level.label) for level in chosen]


MIDDLE = levels(LevelOfNeed.ONE_AGENCY, LevelOfNeed.SEVERAL)
BELOW_SOCIAL_CARE = levels(LevelOfNeed.NO_EXTRA, LevelOfNeed.ONE_AGENCY, LevelOfNeed.SEVERAL)


class QueueTab(FilterForm):
    tab = ChoiceField(
        label="Which", choices=[(slug, slug) for slug in ("new", "doubtful", "asking", "ready", "decided")]
    )


class ReferralFilter(FilterForm):
    status = ChoiceField(label="Status", choices=[("", "Any"), ("live", "Sent and not decided"), *Status.choices])

    def narrow(self, referrals: Any) -> Any:
        chosen = self.cleaned()["status"]
        return referrals.live() if chosen == "live" else referrals.filter(status=chosen) if chosen else referrals


class OfReferral(Form):
    """A form that may know the referral it is about, to offer only what fits it."""

    def __init__(self, *args: Any, referral: Referral | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
        rows=4,
    )
    family_told = YesNoField(
        label="Has the family been told?", hint="If not, telling them within two working days stays on your list."
    )

    def fit(self, referral: Referral) -> None:
        """A family that asked for help themselves has no page here, and reads nothing by itself."""
        if referral.author_id is None:
            self.fields["message"].label = "What is the family to be told?"
            self.fields["message"].help_text = "Nothing is sent to them by itself: you, or a colleague, tell them."


class Accept(Decision):
    level_of_need = ChoiceField(label="Level of need", choices=MIDDLE)
    proposed_tier = ChoiceField(label="Which tier do you propose to the hub?", choices=TIERS)
    urgent = YesNoField(
        label="Is it too urgent for the next meeting?", hint="Yes asks the chair to act within two working days."
    )
    field_order = ["level_of_need", "proposed_tier", "urgent", "reason", "message", "family_told"]

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
    field_order = ["level_of_need", "services", "reason", "message", "family_told"]

    def fit(self, referral: Referral) -> None:
        super().fit(referral)
        here = Q(areas=None) | Q(areas__in=referral.area.lineage)
        self.fields["services"].queryset = Service.objects.live().filter(here).distinct()


class Advise(BelowThreshold):
    advice = TextField(label="What do you advise?", rows=4)
    field_order = ["level_of_need", "advice", "reason", "message", "family_told"]


class StepUp(Decision):
    reason = TextField(label="What has happened, or is feared?", hint="Social care reads this.", rows=5)
    spoken_to = CharField(label="Who at social care did you speak to?", hint="Ring first.", required=False)
    family_told = YesNoField(label="Has the family been told?", reveals={"no": "not_told_why"})
    not_told_why = CharField(label="Why has the family not been told?")
    field_order = ["reason", "family_told", "not_told_why", "spoken_to", "message"]


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


MOVES = {
    "take": Move(Nothing, "Take this referral", "It is yours now.", "You answer for it until it is decided."),
    "entrust": Move(
        Entrust, "Entrust it", "Entrusted. The worker has been told.", "Only this worker of EH Access will see it."
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
    "link": Move(Decision, "Link to the open case", "Linked. The lead professional and the referrer have been told."),
    "tell_family": Move(TellFamily, "Save", "Recorded that the family was told."),
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
    "link": "Somebody works with this family already.",
}
