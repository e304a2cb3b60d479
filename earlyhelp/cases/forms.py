"""What a person is asked before a case changes its state. The words are theirs; the rules are in ``transitions``."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from earlyhelp.cases.enums import LIVE, WORKED_TOWARDS, FollowUpResult, Status, TeamRole, Tier
from earlyhelp.cases.models import Case
from earlyhelp.cases.queries import chairs_of, may_join
from earlyhelp.core.composed import Composed
from earlyhelp.core.forms import (
    CharField,
    ChoiceField,
    DateField,
    FilterForm,
    Form,
    ModelChoiceField,
    OnceForm,
    TextField,
    YesNoField,
)
from earlyhelp.partnership.forms import FindPerson
from earlyhelp.partnership.models import Agency, Area, User
from earlyhelp.workflow.moves import Move


class OpenInEmergency(OnceForm):
    reference = CharField(
        label="The reference of the case, or of the family", hint="Such as EH-2026-000123.", max_length=20, width=20
    )
    reason = TextField(
        label="What has happened, and why can it not wait?",
        hint="Whom you tried to reach. The lead professional, their manager and the governance lead read this now.",
        rows=4,
    )

    def clean_reason(self) -> str:
        reason = self.cleaned_data["reason"]
        if len(reason) < 20:
            raise ValidationError("Say in a sentence what has happened, and why it cannot wait")
        return reason


class Weigh(Form):
    note = TextField(label="What do you say of it?", hint="Whom you asked; what is done, if it was not right.", rows=4)


WEIGHING = {
    "was_right": Move(Weigh, "Save", "Written down."),
    "was_wrong": Move(Weigh, "Save", "Written down. The case is closed to them again."),
}


class Accept(Form):
    """Nothing is asked: taking a family on is a yes."""


class Decline(Form):
    reason = TextField(
        label="Why can this family not be taken?", hint="The hub chair reads this and finds somebody else.", rows=3
    )


class FirstContact(Form):
    met_on = DateField(label="When did you first meet the family?", past=True)
    who_was_seen = TextField(label="Who did you see?", hint="Name each child you saw, and say where.", rows=3)


AGREED_ENDS = [(reason.value, reason.label) for reason in WORKED_TOWARDS]


class Closure(Form):
    end_reason = ChoiceField(label="Why is it ending?", choices=AGREED_ENDS)
    summary = TextField(
        label="What has changed",
        hint="What the family came with, what was done, and what is different now. Name who carries on each unfinished action.",
        rows=6,
    )
    family_views = TextField(label="What the children and the parents say", hint="In their own words.", rows=4)
    follow_up_agreed = YesNoField(label="May we contact the family in six months to see whether it lasted?")


class RatifyClosure(Form):
    end_reason = ChoiceField(label="The reason you agree", choices=AGREED_ENDS)
    reason = TextField(label="Why you agree", rows=3)


class Reason(Form):
    reason = TextField(label="Why", rows=4)


class LeaveTeam(Form):
    reason = TextField(label="Why", rows=2, max_length=120)  # as much as the membership keeps


class SetTimebox(Form):
    ends_on = DateField(
        label="On which day does the programme end?", hint="The hub says for how many weeks.", future=True
    )
    programme = TextField(label="Which programme is it, and what may follow?", rows=3)


class EndTimebox(Form):
    reason = TextField(
        label="What follows for the family?",
        hint="Who goes on helping, and what the family was told. If they need more or less, ask the hub for a step.",
        rows=4,
    )


class NameChair(OnceForm):
    chair = ModelChoiceField(User.objects.none(), label="Which chair decides on this record?")
    reason = TextField(label="Why this chair", hint="They must not know the family from elsewhere.", rows=3)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chair"].queryset = chairs_of(case.area).exclude(pk=case.lead_id)


class FamilyWithdrew(Form):
    safeguarding_check = TextField(
        label="Is anybody at risk if help stops now?",
        hint="Say what you considered. If a child may be at risk, hand over to social care now: it needs no agreement.",
        rows=3,
    )
    reason = TextField(label="Why the family is withdrawing", hint="In their words where you can.", rows=3)


class FollowUp(Form):
    result = ChoiceField(label="What did you find?", choices=FollowUpResult.choices)
    note = TextField(label="What the family told you", rows=4)


class JoinTeam(OnceForm):
    """Either somebody who signs in, or somebody by name. Of a long list only those found are shown."""

    user = ModelChoiceField(
        User.objects.none(),
        label="A practitioner who uses Early Help",
        required=False,
        widget=django_forms.Select,
        empty_label="Choose a practitioner",
        labels=lambda user: f"{user}, {user.team or user.job_title or user.agency}",
    )
    name = CharField(
        label="Or the name of somebody without an account",
        hint="A grandmother, a volunteer, a worker of another service.",
        required=False,
    )
    role = ChoiceField(
        label="What are they on the team?",
        choices=[
            (TeamRole.MEMBER.value, TeamRole.MEMBER.label),
            (TeamRole.SPECIALIST.value, TeamRole.SPECIALIST.label),
            (TeamRole.FAMILY_NETWORK.value, TeamRole.FAMILY_NETWORK.label),
        ],
    )
    all_the_same = TextField(
        label="If somebody of the family has not said yes to their agency: why do they join all the same?",
        hint="Leave it empty if they have. You are told who has not.",
        required=False,
        rows=2,
    )

    def __init__(self, *args: Any, case: Case, sought: FindPerson, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sought.offer(self.fields["user"], may_join(case), under=lambda user: user.agency)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("user")) == bool(given.get("name")):
            self.add_error("user", "Choose a practitioner, or enter a name: one of the two")
        return given


class CaseFilter(FilterForm):
    q = CharField(label="Reference or family name")
    status = ChoiceField(
        label="Status",
        choices=[("", "Any"), ("live", "Waiting or open"), ("open", "Open"), *Status.choices],
        widget=django_forms.Select,
    )
    tier = ChoiceField(
        label="Tier",
        choices=[("", "Any"), *[(str(tier.value), tier.label) for tier in (Tier.TARGETED, Tier.ENHANCED)]],
        widget=django_forms.Select,
    )
    area = ModelChoiceField(Area.objects.none(), label="Area", widget=django_forms.Select, empty_label="Any")
    lead = ModelChoiceField(User.objects.none(), label="Lead professional", widget=django_forms.HiddenInput)
    agency = ModelChoiceField(Agency.objects.none(), label="Agency of the lead", widget=django_forms.HiddenInput)
    reviews = ChoiceField(
        label="Reviews",
        choices=[("", "Any"), ("overdue", "Overdue"), ("due", "Due in 14 days")],
        widget=django_forms.Select,
    )
    mine = django_forms.BooleanField(label="Only mine", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = Area.objects.filter(kind="district")
        self.fields["lead"].queryset = User.objects.filter(Exists(Case.objects.filter(lead=OuterRef("pk"))))
        self.fields["agency"].queryset = Agency.objects.all()

    def listed(self, user: User, *, today: Any) -> Any:
        """Those whom this person may see in a list, the next review first, and of each whether they may open it."""
        if not self.query:
            return _unfiltered.rows(user)
        return _in_order(self.narrow(Case.objects, user=user, today=today), user)

    def narrow(self, cases: Any, *, user: User, today: Any) -> Any:
        """The rows that the filters leave. What was not understood leaves the list as it is."""
        chosen, cases = self.cleaned(), cases.all()
        if chosen["q"]:
            cases = cases.matching(chosen["q"], user)
        if chosen["status"] == "live" or (not chosen["status"] and not chosen["q"]):
            cases = cases.filter(status__in=LIVE)
        elif chosen["status"] == "open":
            cases = cases.open()
        elif chosen["status"]:
            cases = cases.filter(status=chosen["status"])
        if chosen["tier"]:
            cases = cases.filter(tier=int(chosen["tier"]))
        if chosen["area"]:
            cases = cases.within(chosen["area"].pk)
        for name in ("lead", "agency"):
            if chosen[name]:
                cases = cases.filter(**{{"lead": "lead", "agency": "lead__agency"}[name]: chosen[name]})
        if chosen["reviews"]:
            cases = cases.review_overdue(today) if chosen["reviews"] == "overdue" else cases.review_due(today)
        return cases.filter(lead=user) if chosen["mine"] else cases


def _in_order(cases: Any, user: Any) -> Any:
    rows = cases.for_user(user, "list").with_rights(user, "view")
    return rows.by_next_review().select_related("family", "lead", "area")


@Composed
def _unfiltered(user: Any) -> Any:
    """The list as it is most often asked for."""
    return _in_order(CaseFilter().narrow(Case.objects, user=user, today=None), user)


MOVES = {
    "accept": Move(
        Accept,
        "Accept the family",
        "You are the lead professional now.",
        "You become the lead professional of this family: you coordinate who helps them. A letter that tells them your name "
        "is written for you to take along. If you cannot take the family, choose Decline under Actions, on the page of the case.",
    ),
    "take_over": Move(
        Accept,
        "Take over",
        "You are the lead professional now.",
        "The present lead professional ends in the same moment: the family is never without one.",
    ),
    "decline": Move(Decline, "Decline", "Declined. The hub chair has been told."),
    "record_first_contact": Move(FirstContact, "Save first contact", "First contact recorded."),
    "propose_closure": Move(Closure, "Propose closure", "Closure proposed. The hub or a manager will decide."),
    "close_stepped_down": Move(
        Closure,
        "Close the case",
        "The case is closed.",
        "The hub approved the step down. Say who carries on each action, and what the family does if it gets hard again.",
    ),
    "ratify_closure": Move(
        RatifyClosure,
        "Ratify the closure",
        "The closure is ratified and the case is closed.",
        warning="Access of the whole team ends when the case closes.",
    ),
    "refuse_closure": Move(Reason, "Do not agree", "The case stays open and the lead professional has been told."),
    "set_timebox": Move(SetTimebox, "Save", "The end of the programme is set. You are reminded two weeks before it."),
    "end_timebox": Move(EndTimebox, "Save", "The end of the programme is recorded."),
    "withdraw_step": Move(Reason, "Withdraw the request", "The step request is withdrawn."),
    "family_withdrew": Move(
        FamilyWithdrew,
        "Record the withdrawal",
        "Recorded. The case is closed and the hub has been told.",
        warning="This closes the case now.",
        danger=True,
    ),
    "stepped_up": Move(
        Reason,
        "Close: social care leads now",
        "The case is closed.",
        warning="Close only when social care has accepted and early help ends.",
        danger=True,
    ),
    "record_follow_up": Move(FollowUp, "Save the follow-up", "Follow-up recorded. The episode has ended."),
}
