"""What is asked when a wish, a disclosure or an agreement is written down."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from earlyhelp.core.forms import (
    CharField,
    ChoiceField,
    DateField,
    FilterForm,
    Form,
    ModelChoiceField,
    ModelMultipleChoiceField,
    MultipleChoiceField,
    OnceForm,
    TextField,
    VersionedForm,
    YesNoField,
)
from earlyhelp.core.words import within
from earlyhelp.families.models import Person
from earlyhelp.partnership.enums import AgencyKind
from earlyhelp.partnership.models import Agency
from earlyhelp.sharing.enums import (
    BY_HAND,
    OVERRIDES,
    AskedHow,
    Basis,
    Data,
    EndedBecause,
    GivenBy,
    Purpose,
    Way,
    Whom,
    Wish,
)
from earlyhelp.sharing.models import SharingAgreement
from earlyhelp.sharing.passages import choices as documents

NO_PERMISSION = "; ".join(within(Purpose(each).label) for each in OVERRIDES)
NOBODY = Person.objects.none()
CAPACITY = (
    "How it was found that they cannot decide this one thing, who found it and when; and who may decide for them."
)
LIMITS = "In their own words: what is not to be told. Whoever tells anything reads this first."


def _name(person: Person) -> str:
    return person.name


class AgencyField(ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "label": "Which agency?",
            "noun": "the agency",
            "widget": django_forms.Select,
            "empty_label": "Choose an agency",
        }
        super().__init__(Agency.objects.filter(is_active=True), **(given | kwargs))


class RecordWish(OnceForm):
    person = ModelChoiceField(NOBODY, label="Whose wish is this?", labels=_name, noun="whose wish it is")
    whom = ChoiceField(
        label="Who may be told, or may not?",
        choices=Whom.choices,
        noun="who may be told",
        reveals={Whom.AGENCY: "agency", Whom.KIND: "kind"},
    )
    agency = AgencyField()
    kind = ChoiceField(label="Of which kind?", choices=AgencyKind.choices, noun="the kind of agency")
    wish = ChoiceField(
        label="What do they say?", choices=Wish.choices, noun="what they say", reveals={Wish.LIMITED: "limits"}
    )
    limits = TextField(label="What do they not want told?", hint=LIMITS, rows=3)
    given_by = ChoiceField(
        label="Who said so?",
        choices=GivenBy.choices,
        noun="who said so",
        hint="From 16 on they decide themselves. A younger child who understands is asked too: write their answer down as well.",
        reveals={GivenBy.PARENT: "parent"},
    )
    parent = ModelChoiceField(NOBODY, label="Which parent?", labels=_name, noun="the parent who answered")
    capacity_note = TextField(label="If somebody else decides for them: why?", hint=CAPACITY, rows=3, required=False)
    how = ChoiceField(label="How were they asked?", choices=AskedHow.choices, noun="how they were asked", inline=True)
    until_on = DateField(label="Until when does it hold?", hint="Leave it empty if they named no day.", required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = self.fields["parent"].queryset = people


class MayWe(FilterForm):
    """Would we be allowed to tell …? Nothing is written down by asking."""

    person = ModelChoiceField(NOBODY, label="Tell of whom?", labels=_name)
    agency = AgencyField(label="Tell which agency?")
    purpose = ChoiceField(label="What for?", choices=Purpose.choices)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people

    @property
    def asked(self) -> dict[str, Any] | None:
        """All three, or nothing."""
        chosen = self.cleaned()
        return chosen if all(chosen.values()) else None


class LedgerFilter(FilterForm):
    person = ModelChoiceField(
        NOBODY, label="About", labels=_name, widget=django_forms.Select, empty_label="Anybody in the family"
    )
    agency = AgencyField(label="Told", empty_label="Anybody")
    purpose = ChoiceField(label="What for", choices=[("", "Anything"), *Purpose.choices], widget=django_forms.Select)
    way = ChoiceField(label="How", choices=[("", "Any way"), *Way.choices], widget=django_forms.Select)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


BASES = (Basis.PERMISSION, Basis.OVERRIDE)


class RecordTold(OnceForm):
    people = ModelMultipleChoiceField(NOBODY, label="About whom?", labels=_name, noun="whom it was about")
    agency = AgencyField(label="Which agency was told?", required=False)
    recipient = CharField(label="Who was told?", hint="A name, and what they do there.", max_length=200)
    told_on = DateField(
        label="When were they told?", hint="Today or before.", past=True, noun="the day on which they were told"
    )
    way = ChoiceField(label="How?", choices=[(each.value, each.label) for each in BY_HAND], noun="how they were told")
    content = MultipleChoiceField(label="What was it about?", choices=Data.choices, noun="what it was about")
    what = TextField(label="What was told?", hint="In a sentence or two: as much as was said, and no more.", rows=3)
    purpose = ChoiceField(label="What for?", choices=Purpose.choices, noun="what it was told for")
    basis = ChoiceField(
        label="What allowed it?",
        choices=[(each.value, each.label) for each in BASES],
        noun="what allowed it",
        hint=f"No permission is needed for: {NO_PERMISSION}.",
        reveals={Basis.OVERRIDE: "reason"},
    )
    reason = TextField(label="Why was it told without a permission?", rows=3)
    family_told = YesNoField(
        label="Does the family know that it was told?", required=False, reveals={"no": "not_told_why"}
    )
    not_told_why = TextField(label="Why not?", rows=2)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people


# --- copies for recipients --------------------------------------------------------------------------------------------


class BeginCopy(OnceForm):
    document = ChoiceField(label="A copy of what?", choices=[], noun="what it is a copy of")
    for_whom = ChoiceField(
        label="For whom?",
        choices=[("person", "Somebody of the family"), ("agency", "Somebody at an agency")],
        noun="for whom it is",
        reveals={"person": "person", "agency": "agency"},
    )
    person = ModelChoiceField(NOBODY, label="Who?", labels=_name, noun="for whom it is")
    agency = AgencyField()
    recipient = CharField(
        label="If for an agency: who there?", hint="A name, and what they do there.", max_length=120, required=False
    )
    purpose = ChoiceField(label="What for?", choices=Purpose.choices, noun="what it is for")
    reason = TextField(
        label="If no permission is needed: why is it given?", hint=f"Only for: {NO_PERMISSION}.", rows=3, required=False
    )
    family_told = YesNoField(
        label="If no permission is needed: does the family know?", required=False, reveals={"no": "not_told_why"}
    )
    not_told_why = TextField(label="Why not?", rows=2)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
        self.fields["document"].choices = documents()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given.pop("for_whom", None)
        return given


class ChooseParts(Form):
    kept = MultipleChoiceField(
        label="What is in it?",
        choices=[],
        required=False,
        hint="You may leave out more. What they may not have is not here.",
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = [(each.passage.key, each.passage.heading) for each in choices if not each.why_not]


class ApproveCopy(Form):
    digest = django_forms.CharField(widget=django_forms.HiddenInput, max_length=64)


class SendBackCopy(Form):
    reason = TextField(label="What should be otherwise?", hint="Whoever asked you reads it.", max_length=1000, rows=3)


class RecordConflict(OnceForm):
    one = ModelChoiceField(
        NOBODY, label="Which two must not learn of each other?", labels=_name, noun="the first of them"
    )
    other = ModelChoiceField(NOBODY, label="And who?", labels=_name, noun="the second of them")
    reason = TextField(label="Why?", hint="As much as whoever makes a copy must know.", rows=3)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["one"].queryset = self.fields["other"].queryset = people


class EndConflict(Form):
    reason = TextField(label="Why is it over?", rows=3)


# --- agreements between agencies --------------------------------------------------------------------------------------


class WriteAgreement(OnceForm):
    title = CharField(label="What is it called?", max_length=120, noun="what it is called")
    parties = ModelMultipleChoiceField(
        Agency.objects.filter(is_active=True), label="Which agencies are parties to it?", noun="the parties"
    )
    purposes = MultipleChoiceField(label="What may be shared for?", choices=Purpose.choices, noun="the purposes")
    content = MultipleChoiceField(label="What may be shared?", choices=Data.choices, noun="what may be shared")
    basis = TextField(label="The lawful basis that it names", rows=2)
    signatories = TextField(label="Who signed it?", hint="A name and a post for each party.", rows=4)
    start_on = DateField(label="When does it begin?", noun="the day on which it begins")
    review_on = DateField(label="When is it to be looked at again?", noun="the day of the review")
    end_on = DateField(label="When does it end?", noun="the day on which it ends")


FIELDS = ("title", "purposes", "content", "basis", "signatories", "start_on", "review_on", "end_on")


def as_it_stands(agreement: SharingAgreement) -> dict[str, Any]:
    return {name: getattr(agreement, name) for name in FIELDS} | {"parties": list(agreement.parties.all())}


class ReviewAgreement(Form):
    found = TextField(label="What did you look at, and what did you find?", max_length=1000, rows=3)
    review_on = DateField(label="When is it to be looked at next?", future=True, noun="the day of the next look")


class EndAgreement(Form):
    because = ChoiceField(label="Why does it end?", choices=EndedBecause.choices, noun="why it ends")
    note = TextField(label="What else is to be known", required=False, rows=3)


class EditActivity(VersionedForm):
    title = CharField(label="What we do", max_length=120)
    why = TextField(label="What it is, and why", rows=4)
    basis = TextField(label="The lawful basis", rows=2)
    special_basis = TextField(label="The basis for what the law protects most, such as health", rows=2, required=False)
    kept_for = TextField(label="How long it is kept", rows=2)
