"""What is asked of whoever writes down what may go wrong, looks at it again, or makes a safety plan with somebody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms as django_forms

from assessments.enums import AtHome, RiskKind, RiskLevel, RiskResponse
from assessments.queries import people_of
from earlyhelp.cases.models import Case
from earlyhelp.core.forms import ChoiceField, FilterForm, Form, ModelChoiceField, OnceForm, TextField, VersionedForm
from earlyhelp.families.models import Person
from earlyhelp.partnership.models import Area


def somebody_of(case: Case, but: Sequence[int] = ()) -> Any:
    return Person.objects.filter(pk__in=[each.pk for each in people_of(case) if each.pk not in but]).order_by("born_on")


class _Look(Form):
    """What every look at a risk asks, the first and the later ones."""

    level = ChoiceField(label="How high is it now?", noun="how high it is", choices=RiskLevel.choices)
    doing = TextField(
        label="What is done about it, by whom, and from when?",
        hint="What lessens it, and what to do if it gets worse. The whole team reads this.",
        rows=4,
        max_length=2000,
    )
    response = ChoiceField(
        label="Is that enough?",
        noun="whether that is enough",
        choices=RiskResponse.choices,
        hints={
            RiskResponse.STEP_UP: "You write the request on the next page; the hub decides.",
            RiskResponse.HAND_OVER: "The next page is the hand-over: nothing stands in its way.",
        },
    )


class NewRisk(_Look, OnceForm):
    quiet_optional = True  # whoever chooses nobody means all of the family

    about = ModelChoiceField(
        Person.objects.none(),
        label="Who may come to harm?",
        labels=lambda person: person.called,
        required=False,
        widget=django_forms.Select,
        empty_label="All of the family",
    )
    kind = ChoiceField(
        label="What kind of harm?",
        noun="what kind of harm",
        choices=[("", "Choose one"), *RiskKind.choices],
        widget=django_forms.Select,
    )
    what = TextField(label="What may happen?", hint="In plain words, and to whom.", rows=3, max_length=2000)
    found = TextField(
        label="What makes you think so?",
        hint="What was seen, said or done, by whom, and when. Keep what you know apart from what you fear.",
        rows=4,
        max_length=2000,
    )
    field_order = ("about", "kind", "what", "found", "level", "doing", "response")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].queryset = somebody_of(case)


class LookAgain(_Look, OnceForm, VersionedForm):
    found = TextField(
        label="What is known now?",
        hint="What has changed since the last look, or that nothing has, and how you know.",
        rows=4,
        max_length=2000,
    )
    field_order = ("found", "level", "doing", "response")


class EndRisk(VersionedForm):
    ended_because = TextField(label="Why is it over?", hint="Or why it was not so.", rows=3, max_length=2000)


class PassRiskOn(VersionedForm):
    ended_because = TextField(
        label="Who keeps an eye on it from now on?",
        hint="A name and a service, what they know, and since when they have it.",
        rows=3,
        max_length=2000,
    )


class _SafetyPlan(Form):
    signs = TextField(
        label="How do I notice that it is getting worse?", hint="As they say it, in the first person.", rows=3
    )
    alone = TextField(label="What can I do by myself?", rows=3)
    people = TextField(
        label="Whom can I go to or ring, day and night?", hint="Names, numbers, and who knows of this plan.", rows=3
    )
    places = TextField(
        label="How is it made safer at home, and where else can I go?",
        hint="Leave out an address that has to stay secret.",
        rows=3,
        required=False,
    )
    children = TextField(label="What do the children know and do?", rows=3, required=False)
    services = TextField(label="Which services help, and on which number?", rows=3, required=False)
    at_home = ChoiceField(
        label="Is it safe for them to keep a copy?",
        noun="whether it is safe for them to keep a copy",
        hint="Ask them. A plan that somebody else finds, on paper or a telephone, can be a danger itself.",
        choices=AtHome.choices,
    )


class NewSafetyPlan(_SafetyPlan, OnceForm):
    whose = ModelChoiceField(
        Person.objects.none(),
        label="Whose plan is it?",
        labels=lambda person: person.called,
        widget=django_forms.Select,
        empty_label="Choose a person",
    )
    field_order = ("whose", "signs", "alone", "people", "places", "children", "services", "at_home")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        has_one = list(case.safety_plans.current().values_list("whose", flat=True))
        self.fields["whose"].queryset = somebody_of(case, but=has_one)


class ChangeSafetyPlan(_SafetyPlan, VersionedForm):
    pass


class EndSafetyPlan(Form):
    ended_because = TextField(label="Why is it not needed any more?", rows=3, max_length=2000)


class RiskFilter(FilterForm):
    level = ChoiceField(
        label="Show",
        choices=[("", "High"), ("medium", "High and medium"), ("all", "All that are open")],
    )
    area = ModelChoiceField(Area.objects.all(), label="Area", widget=django_forms.Select, empty_label="Every area")

    def narrow(self, rows: Any) -> Any:
        chosen = self.cleaned()
        levels = {"": [RiskLevel.HIGH], "medium": [RiskLevel.HIGH, RiskLevel.MEDIUM]}.get(chosen["level"])
        rows = rows.filter(level__in=levels) if levels else rows
        return rows.filter(case__area__lineage__contains=[chosen["area"].pk]) if chosen["area"] else rows
