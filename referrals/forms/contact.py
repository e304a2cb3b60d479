"""What is asked of whoever takes a contact, and of whoever answers it. Nothing that is known is asked twice."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from earlyhelp.cases.forms import Move
from earlyhelp.core.forms import (
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    EmailField,
    FilterForm,
    Form,
    ModelMultipleChoiceField,
    OnceForm,
    PhoneField,
    TextField,
    VersionedForm,
    YesNoField,
)
from earlyhelp.directory.models import Service
from earlyhelp.families.enums import FamilyRole
from earlyhelp.families.forms import AreaField
from earlyhelp.families.models import Family
from referrals.enums import Channel, ContactStatus, FollowUpResult, Safeguarding, SourceKind, VoidBecause
from referrals.forms.draft import WhichFamily
from referrals.models import Contact

FOLLOW_UP_HINT = "It stands on your home page on that day. Leave it empty if nobody need ask again."

TAKEN_BY_US = [(value, label) for value, label in Channel.choices if value != Channel.CHECK]


class WhatWasSaid(Form):
    """Who got in touch, about whom, and what they said."""

    channel = ChoiceField(label="How?", choices=TAKEN_BY_US, inline=True, noun="how they got in touch")
    source_kind = ChoiceField(
        label="Who got in touch?",
        choices=[("", "Choose one"), *SourceKind.choices],
        widget=django_forms.Select,
        noun="who got in touch",
    )
    caller_name = CharField(label="Their name", required=False, max_length=120, autocomplete="off")
    caller_phone = PhoneField(label="Their telephone number", required=False, autocomplete="off")
    caller_email = EmailField(label="Their email address", required=False, max_length=254, autocomplete="off")
    first_name = CharField(label="First name", required=False, max_length=80, width=20, autocomplete="off")
    last_name = CharField(label="Surname", required=False, max_length=80, width=20, autocomplete="off")
    born_on = DateField(label="Date of birth", required=False, past=True)
    area = AreaField(
        required=False, empty_label="They did not say", hint="If nobody says, all of EH Access sees the contact."
    )
    said = TextField(
        label="What did they say, and what do they ask for?",
        hint="In their words. The family may read it one day.",
        rows=6,
    )
    safeguarding = ChoiceField(
        label="May anybody be at risk of serious harm?", choices=Safeguarding.choices, inline=True
    )


class RecordContact(OnceForm, WhatWasSaid):
    """One short screen."""

    received_at = DateTimeField(label="When did they get in touch?", past=True)

    ABOUT_THE_CALLER = ("received_at", "channel", "source_kind", "caller_name", "caller_phone", "caller_email")
    ABOUT_WHOM = ("first_name", "last_name", "born_on", "area")
    SAID = ("said", "safeguarding")

    def parts(self) -> list[tuple[str, str, list[Any]]]:
        """The one screen in three parts."""
        about = [self[name] for name in self.ABOUT_WHOM]
        return [
            ("Who got in touch", "", [self[name] for name in self.ABOUT_THE_CALLER]),
            ("Who it is about", "As far as they say. Everything here may be left empty.", about),
            ("What was said", "", [self[name] for name in self.SAID]),
        ]


class ContactTab(FilterForm):
    tab = ChoiceField(label="Which", choices=[(slug, slug) for slug in ("waiting", "answered", "void")])


class ContactFilter(FilterForm):
    status = ChoiceField(label="Status", choices=[("", "Any"), *ContactStatus.choices])

    def narrow(self, contacts: Any) -> Any:
        chosen = self.cleaned()["status"]
        return contacts.filter(status=chosen) if chosen else contacts


class OfContact(Form):
    """A form that may know the contact it is about, and who fills it in, to ask only what fits."""

    def __init__(self, *args: Any, contact: Contact | None = None, user: Any = None, **kwargs: Any) -> None:
        self.user = user
        known = self.known(contact) if contact else {}
        super().__init__(*args, initial=known | kwargs.pop("initial", {}), **kwargs)
        if contact is not None:
            self.fit(contact)

    def known(self, contact: Contact) -> dict[str, Any]:
        """What the contact says already."""
        return {}

    def fit(self, contact: Contact) -> None:
        """Narrow the questions to this contact."""


class CorrectContact(OfContact, VersionedForm, WhatWasSaid):
    """What was written down, to be put right. When they got in touch is not asked: an answer has been owed since then."""

    reason = CharField(label="What was wrong?", hint="It is kept, with what stood there before and your name.")

    def known(self, contact: Contact) -> dict[str, Any]:
        said = {name: getattr(contact, name) for name in WhatWasSaid.base_fields}
        return said | {"version": contact.version, "area": None if contact.anywhere else contact.area_id}

    def fit(self, contact: Contact) -> None:
        if contact.family_id:  # the place is that of the family
            del self.fields["area"]
        if contact.channel == Channel.CHECK:  # nobody took it: they wrote it themselves
            del self.fields["channel"]

    def clean(self) -> dict[str, Any]:
        """What a program leaves out is not thereby emptied."""
        given = super().clean() or {}
        sent = {name for name, field in self.fields.items() if not self._left_out(name, field)}
        return {name: value for name, value in given.items() if name in sent}

    def _left_out(self, name: str, field: Any) -> bool:
        return field.widget.value_omitted_from_data(self.data, self.files, self.add_prefix(name))


class AdviseContact(OfContact):
    advice = TextField(label="What do you advise?", rows=5)
    follow_up_on = DateField(
        label="When do you ask whether it helped?", hint=FOLLOW_UP_HINT, required=False, future=True
    )


class SignpostContact(OfContact):
    quiet_optional = True  # one of the first two is wanted

    services = ModelMultipleChoiceField(
        Service.objects.live().select_related("organisation"), label="Which services?", labels=str, required=False
    )
    elsewhere = CharField(label="Or somewhere that is not in the directory", required=False)
    reason = TextField(label="Why these?", rows=3)
    person_told = YesNoField(
        label="Have they been told?", hint="If not, telling them within two working days stays on your list."
    )
    follow_up_on = DateField(
        label="When do you ask whether it helped?", hint=FOLLOW_UP_HINT, required=False, future=True
    )

    def fit(self, contact: Contact) -> None:
        live = Service.objects.live()
        if not contact.anywhere:
            live = live.filter(Q(areas=None) | Q(areas__in=contact.area.lineage)).distinct()
        self.fields["services"].queryset = live

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("services") and not given.get("elsewhere"):
            self.add_error("services", "Select at least one service, or say where else they can go")
        return given


class ReferOnContact(OfContact):
    follow_up_on = DateField(
        label="When do you ask whether it helped?",
        hint="Leave it empty: whoever referred them to a service is reminded of that one.",
        required=False,
        future=True,
    )


class IdentifyContact(OfContact):
    family = CharField(label="The family’s reference", hint="Such as FAM-000123.", max_length=20, width=20)

    def clean_family(self) -> Family:
        """A restricted family and one that does not exist are answered alike."""
        found = WhichFamily({"family": self.cleaned_data["family"].upper()}).chosen(self.user)
        if found is None:
            raise ValidationError("There is no such family: look for them first")
        return found


class ConvertContact(OfContact):
    """Who it is about is asked only where no family is known yet."""

    quiet_optional = True

    first_name = CharField(label="First name", required=False, max_length=80, width=20, autocomplete="off")
    last_name = CharField(label="Surname", required=False, max_length=80, width=20, autocomplete="off")
    born_on = DateField(label="Date of birth", required=False, past=True, hint="Leave it empty if nobody knows it.")
    role = ChoiceField(label="In their family, who are they?", choices=FamilyRole.choices, required=False)
    area = AreaField(required=False)

    ASKED = ("first_name", "last_name", "role", "area")

    def known(self, contact: Contact) -> dict[str, Any]:
        facts = {name: getattr(contact, name) for name in ("first_name", "last_name", "born_on")}
        return facts | ({} if contact.anywhere else {"area": contact.area_id})

    def fit(self, contact: Contact) -> None:
        if contact.family_id:
            self.fields.clear()
        for name in self.ASKED if self.fields else ():
            self.fields[name].required = True


class LinkContact(OfContact):
    message = TextField(
        label="Message to whoever leads the case", hint="What they need to know and do. They read this.", rows=4
    )


class HandOverContact(OfContact, OnceForm):
    about = CharField(label="Who is it about?", hint="Names, ages and where they are now, as far as you know.")
    concern = TextField(
        label="What has happened, or what is feared?", hint="What was seen or heard, when, and who told you.", rows=6
    )
    family_told = YesNoField(
        label="Has the family been told that you are handing this over?", reveals={"no": "not_told_why"}
    )
    not_told_why = CharField(label="Why not?", hint="It might put somebody in danger; you could not reach them.")
    spoken_to = CharField(
        label="Who at social care did you speak to?", hint="If you have rung already.", required=False
    )
    their_reference = CharField(label="The reference they gave you", required=False, max_length=60, width=20)

    def known(self, contact: Contact) -> dict[str, Any]:
        born = f", born {contact.born_on:%-d %B %Y}" if contact.born_on else ""
        return {"about": f"{contact.named}{born}" if contact.named else "", "concern": contact.said}


class VoidContact(OfContact):
    because = ChoiceField(label="Why is it not counted?", choices=VoidBecause.choices)
    reason = CharField(
        label="What happened?", hint="For one recorded twice: the reference of the other.", required=False
    )


class TellCaller(OfContact):
    how = CharField(label="Who told them, and how?", hint="I rang the grandmother.")


class FollowUpContact(OfContact):
    result = ChoiceField(label="What came of it?", choices=FollowUpResult.choices)
    note = TextField(label="What do they say?", rows=3)
    offer_again_on = DateField(
        label="When do you offer help again?",
        hint="An offer may be repeated. It stands on your home page on that day.",
        required=False,
        future=True,
    )


MOVES = {
    "advise": Move(AdviseContact, "Save the advice", "The advice is recorded."),
    "refer_on": Move(
        ReferOnContact,
        "Finish the contact",
        "Answered. What they said yes to is written down as the answer.",
        "What they said yes to has been sent on already. Nothing more is sent.",
    ),
    "signpost": Move(SignpostContact, "Save", "Recorded where they can find help."),
    "convert": Move(
        ConvertContact,
        "Start the referral",
        "The referral is begun. Everything that was known is in it.",
        "What was said, who got in touch and how to reach them is taken over. You go on with the referral.",
    ),
    "link": Move(LinkContact, "Link to the case", "Linked. Whoever leads the case has been told."),
    "identify": Move(
        IdentifyContact, "Save", "Saved.", "Whoever answers for that family’s area answers the contact from now on."
    ),
    "correct": Move(
        CorrectContact,
        "Save the correction",
        "Corrected. What stood there before is kept.",
        "Change only what was written down wrong. What has become known since belongs in the answer, or in the referral.",
    ),
    "hand_over": Move(HandOverContact, "Save the hand-over", "", danger=True),
    "void": Move(
        VoidContact, "Do not count it", "It is kept, and not counted.", "Nobody is told, and nothing is deleted."
    ),
    "tell_person": Move(TellCaller, "Save", "Recorded that they were told."),
    "follow_up": Move(FollowUpContact, "Save", "Recorded."),
}
ANSWERS = {
    "advise": "They can help themselves, or the family, once told how.",
    "signpost": "A service can help. You name it and say why.",
    "convert": "It asks for help for a named person: nothing that is known is typed again.",
    "link": "Somebody works with this family already. What was said goes to them.",
    "hand_over": "Somebody may be at risk of serious harm. It needs nobody’s agreement.",
}
