"""What is asked about people and families. Each fact once, and none that the work does not need."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db.models import Case, When
from django.utils import timezone

from earlyhelp.core.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DayField,
    EmailField,
    FilterForm,
    Form,
    FullPostcodeField,
    IntegerField,
    ModelChoiceField,
    OnceForm,
    PhoneField,
    PostcodeField,
    TextField,
    VersionedForm,
    YesNoField,
)
from earlyhelp.core.postcodes import beginning, is_place
from earlyhelp.families.chronology import SOURCES
from earlyhelp.families.enums import AgreementStatus, AskedHow, EventKind, FamilyRole, GivenBy, Sex, StatutoryKind
from earlyhelp.families.models import LONGEST_WAIT, Family, Person, valid_nhs_number, valid_upn
from earlyhelp.partnership.enums import AreaKind
from earlyhelp.partnership.models import Area, User

# One new address was typed in notes, and the letter went to the old one (promise P2): it is said before anybody types.
SECRET = (
    "A refuge, or an address that nobody may learn? Tick “Nobody may learn this address” below, or leave the address empty. "
    "Write it in no other box, note or message."
)
SECRET_PLACE = "If the address is secret, choose the district and not the neighbourhood."


def name_of(person: Person) -> str:
    return person.name


def worker(user: User) -> str:
    return f"{user}, {user.agency}" if user.agency else str(user)


class NumberField(CharField):
    """An NHS number or a pupil number, however spaced."""

    def to_python(self, value: Any) -> Any:
        return "".join((super().to_python(value) or "").upper().split())


class AreaField(ModelChoiceField):
    """A district, or a neighbourhood of one: each says which it is and stands below what it is in."""

    KINDS = {AreaKind.DISTRICT: "district", AreaKind.LOCALITY: "neighbourhood"}

    def __init__(self, **kwargs: Any) -> None:
        district = Case(When(kind=AreaKind.LOCALITY, then="parent__name"), default="name")
        places = Area.objects.exclude(kind=AreaKind.AUTHORITY).order_by(district, "kind", "name")
        given: dict[str, Any] = {
            "labels": self.with_its_kind,
            "label": "Where do they live?",
            "noun": "the area",
            "widget": django_forms.Select,
            "empty_label": "Choose an area",
        }
        super().__init__(places, **(given | kwargs))

    @classmethod
    def with_its_kind(cls, area: Area) -> str:
        inside = "– " if area.kind == AreaKind.LOCALITY else ""
        return f"{inside}{area.name} ({cls.KINDS[AreaKind(area.kind)]})"


# --- looking ----------------------------------------------------------------------------------------------------------


class PeopleSearch(FilterForm):
    q = CharField(
        label="Name or reference",
        hint="A first name, a surname or both; the reference of a family, a case or a referral; an NHS number.",
    )
    first = CharField(label="First name", max_length=80, width=20)
    last = CharField(label="Surname", max_length=80, width=20)
    born_on = DateField(label="Date of birth")
    postcode = PostcodeField(hint="With a name the beginning is enough, such as LE13 or LE13\u00a01.")
    to = CharField(widget=django_forms.HiddenInput, max_length=20, validators=[validate_slug])
    refer = CharField(widget=django_forms.HiddenInput, max_length=3, validators=[validate_slug])
    same = IntegerField(widget=django_forms.HiddenInput, min_value=1, max_value=2**31)  # whose second record is sought

    @property
    def asked(self) -> bool:
        """Whether anything was typed that can be looked for."""
        return bool(self._typed()) and not self.only_a_place

    @property
    def only_a_place(self) -> bool:
        """Whether a postcode is all that was typed, or a part of one: it says where, and of nobody who (domain.md 5 i)."""
        typed = self._typed()
        if is_place(typed.get("q", "")):
            typed["postcode"] = typed.pop("q")
        return set(typed) == {"postcode"}

    def _typed(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned().items() if value and name not in ("to", "refer", "same")}

    @property
    def precise(self) -> bool:
        """Whether more than the one box was used: the rest is shown open then."""
        return bool(self.errors) or any(self.cleaned()[name] for name in ("first", "last", "born_on", "postcode"))

    def typed(self) -> dict[str, Any]:
        """What a search found nobody for, as a person's first facts; of a postcode that was only begun nothing is kept."""
        chosen = self.cleaned()
        chosen["postcode"] = "" if beginning(chosen["postcode"] or "") else chosen["postcode"]
        return {name: chosen[name] for name in ("q", "first", "last", "born_on", "postcode") if chosen[name]}


class ChronologyFilter(FilterForm):
    source = ChoiceField(label="Show", choices=[("", "Everything"), *SOURCES.items()], widget=django_forms.Select)
    person = ModelChoiceField(
        Person.objects.none(), label="About", labels=name_of, widget=django_forms.Select, empty_label="Anybody"
    )
    kind = ChoiceField(label="Kind", choices=[("", "Every kind"), *EventKind.choices], widget=django_forms.Select)
    from_ = DayField(label="From")
    to = DayField(label="Until")

    def __init__(self, *args: Any, family: Family, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = Person.objects.filter(pk__in=family.memberships.values("person"))
        self.fields["person"].queryset = everybody.order_by("born_on", "pk")

    def chosen(self) -> dict[str, Any]:
        """As ``chronology_of`` takes them."""
        given = self.cleaned()
        return {
            "source": given["source"] or "",
            "person": given["person"],
            "kind": given["kind"] or "",
            "since": given["from_"],
            "until": given["to"],
        }


# --- writing down -----------------------------------------------------------------------------------------------------


class PersonFields(Form):
    first_name = CharField(label="First name", max_length=80, width=20, autocomplete="off")
    last_name = CharField(label="Surname", max_length=80, width=20, autocomplete="off")
    known_as = CharField(label="Likes to be called", max_length=80, width=20, required=False, autocomplete="off")
    born_on = DateField(label="Date of birth", past=True, required=False, hint="Leave it empty if nobody knows it.")
    sex = ChoiceField(label="Sex", choices=Sex.choices, required=False, inline=True)
    phone = PhoneField(label="Telephone", required=False, autocomplete="off")

    expected_on = DateField(
        label="If the child is not born yet, when is the birth expected?", required=False, noun="the expected date"
    )

    PERSON = ("first_name", "last_name", "known_as", "born_on", "expected_on", "sex", "phone")

    def clean_sex(self) -> str:
        return self.cleaned_data["sex"] or Sex.UNKNOWN

    def clean_expected_on(self) -> date | None:
        day = self.cleaned_data["expected_on"]
        if day and day > timezone.localdate() + LONGEST_WAIT:
            raise ValidationError("Expected date must be within the next ten months")
        return day

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("born_on") and given.get("expected_on"):
            self.add_error("expected_on", "Enter the date of birth or the expected date, not both")
        return given


class HomeFields(Form):
    line_1 = CharField(label="Address line 1", hint=SECRET, max_length=120, required=False, autocomplete="off")
    line_2 = CharField(label="Address line 2", max_length=120, required=False, autocomplete="off")
    town = CharField(label="Town or village", max_length=80, width=20, required=False, autocomplete="off")
    postcode = FullPostcodeField()
    protected = BooleanField(
        label="Nobody may learn this address",
        required=False,
        hint="A refuge, an injunction, a threat. It is kept, but shown on no page and used in no match.",
    )

    HOME = ("line_1", "line_2", "town", "postcode", "protected")
    own_place = (*HOME, "phone")

    def home(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.HOME}


class _WithHome(PersonFields, HomeFields):
    """A postcode without the rest is no address: the first line is asked for then."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("line_1") and any(given.get(name) for name in ("line_2", "town", "postcode", "protected")):
            self.add_error("line_1", "Enter the first line of the address, or leave all of it empty")
        return self.gathered(given)

    def gathered(self, given: dict[str, Any]) -> dict[str, Any]:
        """The parts of an address as one fact, as the services take it."""
        home = {name: given.pop(name) for name in self.HOME if name in given}
        return given | {"home": home}


def people_of(family: Family) -> Any:
    return Person.objects.filter(pk__in=family.memberships.current().values("person")).order_by("born_on", "pk")


class NewFamily(OnceForm, _WithHome):
    name = CharField(label="Family name", hint="What the family calls itself.", max_length=120, width=20)
    area = AreaField(hint=SECRET_PLACE)
    role = ChoiceField(
        label="This first person is a", choices=FamilyRole.choices, noun="what this person is in the family"
    )

    field_order = ("name", "area", *PersonFields.PERSON, "role", *HomeFields.HOME)

    def clean_expected_on(self) -> date | None:
        day = super().clean_expected_on()
        if day:
            raise ValidationError("Write the mother down first: the child is added to her family then")
        return day


class SinceField(DateField):
    """Since when somebody has their place in a family. Often nobody knows it, and no day is better than a wrong one."""

    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {"label": "Since when?", "hint": "Leave it empty if nobody knows.", "required": False}
        super().__init__(past=True, noun="the day since when", **given | kwargs)


class NewMember(OnceForm, _WithHome):
    mother = ModelChoiceField(
        Person.objects.none(),
        label="If the child is not born yet, who is the mother?",
        labels=name_of,
        noun="the mother",
        widget=django_forms.Select,
        empty_label="Choose",
        required=False,
    )
    father = ModelChoiceField(
        Person.objects.none(),
        label="And the father, if that is known?",
        hint="They are in this family already: if not, add them first.",
        labels=name_of,
        noun="the father",
        widget=django_forms.Select,
        empty_label="Not known, or not in this family",
        required=False,
    )
    role = ChoiceField(
        label="In this family they are a", choices=FamilyRole.choices, noun="what they are in this family"
    )
    lives_in_household = YesNoField(label="Do they live in this household?")
    on = SinceField()

    field_order = (*PersonFields.PERSON, "mother", "father", "role", "lives_in_household", "on", *HomeFields.HOME)

    def __init__(self, *args: Any, family: Family, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("mother", "father"):
            self.fields[name].queryset = people_of(family)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("expected_on") and not given.get("mother"):
            self.add_error("mother", "Select the mother: a child not born yet is written down with her")
        if given.get("mother") and given.get("mother") == given.get("father"):
            self.add_error("father", "Select two different people")
        return given


class EditPerson(VersionedForm, PersonFields):
    own_place = ("phone",)

    died_on = DateField(label="Date of death", past=True, required=False)
    nhs_number = NumberField(label="NHS number", required=False, width=20, validators=[valid_nhs_number])
    upn = NumberField(label="Unique pupil number", required=False, width=20, validators=[valid_upn])
    email = EmailField(label="Email address", required=False, autocomplete="off")
    language = CharField(label="First language", max_length=60, width=20, required=False)
    interpreter = BooleanField(label="Needs an interpreter", required=False)
    communication = CharField(label="What helps them to understand and be understood", max_length=200, required=False)
    area = AreaField(required=False)

    field_order = (
        "first_name",
        "last_name",
        "known_as",
        "born_on",
        "expected_on",
        "sex",
        "phone",
        "email",
        "language",
        "interpreter",
        "communication",
        "area",
        "nhs_number",
        "upn",
        "died_on",
    )

    def __init__(self, *args: Any, keeps_phone: bool = False, **kwargs: Any) -> None:
        """``keeps_phone``: theirs is kept with a secret address, and shown with that alone. An empty box leaves it as it is."""
        super().__init__(*args, **kwargs)
        self.keeps_phone = keeps_phone
        if keeps_phone:
            self.initial["phone"] = ""
            self.fields[
                "phone"
            ].help_text = "It is kept with the secret address. Only if it is a new one: empty, it stays."

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if self.keeps_phone and not given.get("phone"):
            given.pop("phone", None)
        return given


class EditFamily(VersionedForm):
    name = CharField(label="Family name", max_length=120, width=20)
    area = AreaField()


class OfFamily(OnceForm):
    """A form that asks which of the family's people: only those who are in it now."""

    asks: tuple[str, ...] = ("person",)

    def __init__(self, *args: Any, family: Family, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.asks:
            self.fields[name].queryset = people_of(family)


class EnteredInError(OnceForm):
    reason = TextField(
        label="Why was it a mistake?",
        hint="It is shown no more, and kept with your reason: nothing is deleted.",
        rows=3,
    )


class RecordAgreement(OfFamily):
    person = ModelChoiceField(
        Person.objects.none(), label="Whose answer is this?", labels=name_of, noun="whose answer it is"
    )
    status = ChoiceField(
        label="Their answer to early help",
        choices=AgreementStatus.choices,
        noun="their answer",
        hint="This is about taking part. It is not what lets us hold information.",
    )
    given_by = ChoiceField(
        label="If somebody else answered for them: who?",
        choices=[(each.value, each.label) for each in GivenBy if each != GivenBy.PERSON],
        hint="From 16 on they answer themselves. A younger child who understands is asked too.",
        reveals={GivenBy.PARENT.value: "parent"},
        required=False,
    )
    parent = ModelChoiceField(
        Person.objects.none(), label="Which parent?", labels=name_of, noun="the parent who answered"
    )
    capacity_note = TextField(
        label="If they are 16 or over and may not be able to decide this: what was found?",
        hint="How, who found it and when; and who may decide for them.",
        required=False,
        rows=2,
    )
    how = ChoiceField(
        label="How were they asked?",
        choices=[("", "Not written down"), *AskedHow.choices],
        widget=django_forms.Select,
        required=False,
    )
    why_not = TextField(label="Why not, or why they were not asked", required=False, rows=3)
    asks = ("person", "parent")

    def clean_given_by(self) -> str:
        return self.cleaned_data["given_by"] or GivenBy.PERSON

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("status") == AgreementStatus.NOT_ASKED and not given.get("why_not"):
            self.add_error("why_not", "Say why they were not asked")
        return given


class RecordStatutoryStatus(OnceForm):
    status = ChoiceField(
        label="Statutory status",
        choices=StatutoryKind.choices,
        hint="What a service with legal duties says. It is their fact: ask them, and do not guess.",
        noun="the statutory status",
    )
    from_on = DateField(label="Since when?", past=True, noun="the day since when")
    source = CharField(label="Who said so?", hint="A name and a service.", max_length=200, noun="who said so")
    social_worker = CharField(
        label="Their social worker",
        hint="Under a child protection plan early help may only run alongside the social worker who is named here.",
        max_length=120,
        width=20,
        required=False,
        autocomplete="off",
    )
    social_worker_phone = PhoneField(label="The social worker’s telephone", required=False, autocomplete="off")


class AddEvent(OfFamily):
    happened_on = DateField(label="When did it happen?", past=True, noun="the date it happened")
    kind = ChoiceField(label="What is it about?", choices=EventKind.choices)
    person = ModelChoiceField(
        Person.objects.none(),
        label="Whom is it about?",
        labels=name_of,
        required=False,
        widget=django_forms.Select,
        empty_label="The whole family",
    )
    text = TextField(
        label="What happened", hint="Facts first. Write it so that the child could read it one day.", rows=5
    )
    private_to_agency = BooleanField(
        label="Only my agency may read it",
        hint="Everybody else who sees the family reads that your agency is involved, and no more. Not for what may harm "
        "a child: that is for everybody who works with them.",
        required=False,
    )

    def __init__(self, *args: Any, may_keep: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_keep:  # whoever is of no agency keeps nothing to it
            del self.fields["private_to_agency"]
