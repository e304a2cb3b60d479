"""The public form: three pages of questions, in words for somebody of nine (screens.md 1.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from earlyhelp.core.forms import (
    CharField,
    ChoiceField,
    DateField,
    EmailField,
    Form,
    MultipleChoiceField,
    PhoneField,
    TextField,
    YesNoField,
)
from earlyhelp.core.words import within
from earlyhelp.directory.models import Need
from earlyhelp.families.enums import FamilyRole
from earlyhelp.partnership.models import Area
from referrals.enums import Safeguarding

SHORT = 4_000  # characters: nobody is asked for an essay
OTHERS, MOST_OTHERS = 2, 12  # people asked about at first, and at most
UNKNOWN = "unknown"

YOU_ARE = {
    "parent": ("A mum, dad or step-parent", FamilyRole.PARENT),
    "carer": ("Somebody who looks after a child", FamilyRole.CARER),
    "child": ("A child or young person, under 18", FamilyRole.CHILD),
    "relative": ("Another relative", FamilyRole.RELATIVE),
    "adult": ("An adult, and I want help for myself", FamilyRole.SIGNIFICANT_OTHER),
}
THEY_ARE = {
    "child": ("A child or young person, under 18", FamilyRole.CHILD),
    "parent": ("A mum, dad or step-parent", FamilyRole.PARENT),
    "partner": ("A partner", FamilyRole.PARTNER),
    "relative": ("Another relative", FamilyRole.RELATIVE),
    "friend": ("A friend, or somebody else who matters", FamilyRole.SIGNIFICANT_OTHER),
}
WOULD_HELP = [
    (Need.EDUCATION.value, "School, college or learning"),
    (Need.EARLY_YEARS.value, "A baby or a small child"),
    (Need.HEALTH.value, "Health, or how you feel"),
    (Need.SUBSTANCES.value, "Drink or drugs"),
    (Need.RELATIONSHIPS.value, "Getting on with each other"),
    (Need.SAFETY.value, "Keeping safe"),
    (Need.CRIME.value, "Trouble with the police or neighbours"),
    (Need.HOUSING.value, "Your home"),
    (Need.MONEY.value, "Money"),
    (Need.CONNECTION.value, "Feeling lonely, or having nothing to do"),
]
WAYS = {"call": "Ring me", "text": "Send me a text", "email": "Send me an email", "other": "Another way"}

# Words for which the numbers to ring are shown before anything else. They decide nothing, and nobody is told of them.
SUGGESTS_HARM = re.compile(
    r"\b(hit|hits|hitting|punch\w*|kick(s|ed|ing)|slap\w*|hurt\w*|beat(s|en|ing)?|strangl\w*|chok(e|es|ed|ing)|bruis\w*"
    r"|kill\w*|dead|die|suicid\w*|self.?harm\w*|overdos\w*|cut(s|ting)? (my|him|her|them)sel\w*"
    r"|abus\w*|rap(e|ed|es)|touch(es|ed|ing) (me|him|her|them)|knife|gun|weapon\w*|threat\w*"
    r"|scared|afraid|frighten\w*|terrif\w*|not safe|unsafe|locked (in|up|out))\b",
    re.IGNORECASE,
)


class Screen(Form):
    """One page. ``clean`` leaves what the domain is told, by its own names."""

    def suggests_harm(self) -> bool:
        """Whether anything that was typed is of a kind at which the numbers to ring come first."""
        texts = (value for value in self.cleaned_data.values() if isinstance(value, str))
        return any(SUGGESTS_HARM.search(text) for text in texts)


class WhoYouAre(Screen):
    rows = OTHERS

    first_name = CharField(label="Your first name", max_length=80, width=20, autocomplete="given-name")
    last_name = CharField(label="Your last name", max_length=80, width=20, autocomplete="family-name")
    born_on = DateField(
        label="Your date of birth",
        birthday=True,
        hint="For example, 27 3 1990. If you stop and come back, we ask you for it again.",
    )
    you_are = ChoiceField(
        label="Which of these are you?", choices=[(key, label) for key, (label, _) in YOU_ARE.items()]
    )
    lives_in = ChoiceField(label="Where do you live?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        districts = Area.objects.filter(kind="district").exclude(parent=None)
        self.fields["lives_in"].choices = [
            *((str(area.pk), area.name) for area in districts),
            (UNKNOWN, "I do not know, or somewhere else"),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        others = [other for number in range(1, self.rows + 1) if (other := self._other(given, number))]
        lives_in, role = given.get("lives_in") or UNKNOWN, given.get("you_are")
        return given | {
            "area": None if lives_in == UNKNOWN else Area.objects.filter(pk=lives_in).first(),
            "role": YOU_ARE[role][1] if role else "",
            "lives_here": True,
            "others": others,
        }

    def _other(self, given: Mapping[str, Any], number: int) -> dict[str, Any] | None:
        """What was said of one more person; nothing where nobody was named."""
        said = {name: given.get(f"{name}_{number}") for name in ("first", "last", "born", "who", "lives")}
        if not any(value not in (None, "") for value in said.values()):
            return None
        if not said["first"]:
            self.add_error(f"first_{number}", "Enter their first name, or leave all of this person empty")
        if not said["who"]:
            self.add_error(f"who_{number}", "Select who they are")
        return {
            "first_name": said["first"],
            "last_name": said["last"] or given.get("last_name", ""),
            "born_on": said["born"],
            "role": THEY_ARE[said["who"]][1] if said["who"] else "",
            "lives_here": said["lives"] is not False,
        }

    def suggests_harm(self) -> bool:
        return False  # names, and no more


def who_you_are(rows: int) -> type[WhoYouAre]:
    """The first page, with questions about so many other people."""
    fields: dict[str, Any] = {"rows": rows}
    for number in range(1, rows + 1):
        fields |= {
            f"first_{number}": CharField(label="First name", max_length=80, width=20, required=False),
            f"last_{number}": CharField(
                label="Last name", hint="If it is not the same as yours.", max_length=80, width=20, required=False
            ),
            f"born_{number}": DateField(label="Date of birth", hint="If you know it.", past=True, required=False),
            f"who_{number}": ChoiceField(
                label="Who are they?", choices=[(key, label) for key, (label, _) in THEY_ARE.items()], required=False
            ),
            f"lives_{number}": YesNoField(label="Do they live with you?", required=False),
        }
    return type("WhoYouAre", (WhoYouAre,), fields | {"quiet_optional": True})


class WhatIsHard(Screen):
    why_now = TextField(
        label="What is hard for you just now?",
        hint="Write it your own way. Spelling does not matter.",
        max_length=SHORT,
    )
    wants = TextField(
        label="What would you like to be better?", hint="And what would help you.", max_length=SHORT, rows=4
    )
    needs = MultipleChoiceField(label="Is it about any of these?", choices=WOULD_HELP, required=False)
    tried = TextField(label="What have you tried?", max_length=SHORT, rows=3, required=False)
    strengths = TextField(label="What is going well?", max_length=SHORT, rows=3, required=False)


class StayingSafe(Screen):
    quiet_optional = True  # which of them must be answered depends on the way that is chosen

    safeguarding = ChoiceField(
        label="Is anybody in your family being hurt, or scared that they will be?",
        hint="By hitting, shouting, touching, or in any other way. At home or anywhere else.",
        choices=[
            (Safeguarding.NO.value, "No"),
            (Safeguarding.YES.value, "Yes"),
            (Safeguarding.UNSURE.value, "I am not sure, or I do not want to say"),
        ],
    )
    safeguarding_detail = TextField(
        label="Is there anything you want to tell us about that? You do not have to",
        max_length=SHORT,
        rows=3,
        required=False,
    )
    urgent = YesNoField(
        label="Does something bad happen soon if nobody helps?",
        hint="Such as losing your home, or having no food.",
        reveals={"yes": "urgent_why"},
    )
    urgent_why = CharField(label="What is it, and when?")
    ways = MultipleChoiceField(label="How is it safe for us to reach you?", choices=list(WAYS.items()))
    contact_phone = PhoneField(label="Your phone number", required=False)
    email = EmailField(label="Your email", required=False)
    reach_note = TextField(
        label="What should we know before we try to reach you?",
        hint="Such as times that are safe, if we may leave a message, or who must not find out.",
        max_length=SHORT,
        rows=3,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        ways = given.get("ways") or []
        if {"call", "text"} & set(ways) and not given.get("contact_phone") and "contact_phone" not in self.errors:
            self.add_error("contact_phone", "Enter your phone number, or choose another way")
        if "email" in ways and not given.get("email") and "email" not in self.errors:
            self.add_error("email", "Enter your email, or choose another way")
        if "other" in ways and not given.get("reach_note"):
            self.add_error("reach_note", "Tell us how we can reach you")
        return given | {"reach_safely": _in_words(ways, given)}

    def suggests_harm(self) -> bool:
        return self.cleaned_data.get("safeguarding") != Safeguarding.NO or super().suggests_harm()


def _in_words(ways: list[str], given: Mapping[str, Any]) -> str:
    """How they may be reached, for EH Access to read before anybody tries."""
    safe = ", ".join(within(WAYS[way]) for way in ways)
    said = [f"Safe, they say: “{safe}”." if safe else "", given.get("email", ""), given.get("reach_note", "")]
    return "\n".join(filter(None, said))


@dataclass(frozen=True)
class Page:
    """One of the pages, in their order."""

    slug: str
    title: str


PAGES = (
    Page("you", "About you and your family"),
    Page("help", "What is hard, and what you would like"),
    Page("safe", "Staying safe"),
)


def form_of(slug: str, typed: Mapping[str, list[str]] | None) -> Screen:
    """The form of a page with what was typed into it, if anything was."""
    rows = rows_in(typed or {})
    makes: dict[str, type[Screen]] = {"you": who_you_are(rows), "help": WhatIsHard, "safe": StayingSafe}
    return makes[slug](_as_sent(typed) if typed is not None else None)


def rows_in(typed: Mapping[str, list[str]]) -> int:
    """For how many other people there is room: so many as were named, or asked for."""
    said = (typed.get("rows") or [""])[-1]
    return min(max(int(said), OTHERS), MOST_OTHERS) if said.isascii() and said.isdigit() and len(said) < 3 else OTHERS


def _as_sent(typed: Mapping[str, list[str]]) -> QueryDict:
    """What was typed, as a browser sends it."""
    fields = QueryDict(mutable=True)
    for name, values in typed.items():
        fields.setlist(name, values)
    return fields


class ComeBack(Form):
    """The same answer for a code that there never was as for a wrong date: nothing here tells which."""

    code = CharField(
        label="Your code", hint="16 letters and numbers, such as k7qm-2xw9-hh3t-4rzd.", max_length=40, width=20
    )
    born_on = DateField(label="Your date of birth", birthday=True, hint="For example, 27 3 1990.")


class DateOfBirth(Form):
    """The code stands in the link, or in this browser."""

    born_on = DateField(label="Your date of birth", birthday=True, hint="For example, 27 3 1990.")
