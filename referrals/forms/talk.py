"""What they say to everything that a checklist suggests, on one page: to each thing by itself, and nothing chosen for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from earlyhelp.core.forms import CharField, ChoiceField, OnceForm, TextField
from earlyhelp.directory.enums import AskedHow, GivenBy
from earlyhelp.directory.forms.onward import CAPACITY_HINT, LIMITS_HINT, who_may_say_yes
from earlyhelp.directory.models import Service
from earlyhelp.directory.routes import ROUTES
from earlyhelp.sharing.enums import DECIDES_FROM
from referrals.checklists import Shown
from referrals.enums import Outcome
from referrals.forms.checklist import told_of
from referrals.services.talking import Said
from referrals.suggest import Ages

YES, ELSEWHERE, NOT_NOW, NO = "yes", "elsewhere", "not_now", "decline"
FEW_SERVICES = 5  # of each suggestion: more of them stand on its own page


@dataclass(frozen=True)
class Offer:
    """One suggestion as it is asked here: what it needs depends on where it leads."""

    shown: Shown
    services: list[Service] = field(default_factory=list)

    @property
    def row(self) -> Any:
        return self.shown.row

    @property
    def shares(self) -> bool:
        """Whether a yes to it tells somebody else about them, and needs their permission."""
        return self.row.outcome != Outcome.ADVICE

    @property
    def leads_on(self) -> bool:
        return self.row.rule.route in ROUTES

    def named(self, part: str) -> str:
        return f"{part}-{self.row.pk}"

    def fields(self) -> dict[str, Any]:
        """``said`` and whatever a yes to this one must, or may, say besides."""
        asked: dict[str, Any] = {"said": self._said()}
        if self.row.outcome == Outcome.SERVICE:
            asked["elsewhere"] = CharField(
                label="Where will they find it?", hint="Help this person to get there.", max_length=200
            )
        if self.services or self.leads_on:
            asked["words"] = self._words()
        if self.shares:
            asked["limits"] = TextField(
                label="What do they not want passed on, or done?", hint=LIMITS_HINT, required=False, rows=2
            )
        if self.services:
            asked["capacity_note"] = TextField(
                label="Their capacity to decide this", hint=CAPACITY_HINT, required=False, rows=2
            )
        asked["note"] = TextField(label="What did they say?", hint="In their words.", required=False, rows=2)
        return {self.named(part): each for part, each in asked.items()}

    def _said(self) -> ChoiceField:
        possible = [(f"{YES}:{each.pk}", f"Yes: {each.name}") for each in self.services]
        hints = {f"{YES}:{each.pk}": told_of(each) for each in self.services}
        reveals = {}
        if self.row.outcome == Outcome.SERVICE:
            possible.append((ELSEWHERE, "Yes, somewhere else" if self.services else "Yes"))
            reveals[ELSEWHERE] = self.named("elsewhere")
        else:
            possible.append((YES, "Yes"))
            reveals |= {YES: self.named("words")} if self.leads_on else {}
        possible += [(NOT_NOW, "Not now"), (NO, "No")]
        label = f"{self.row.title}: what do they say?"
        return ChoiceField(label=label, choices=possible, hints=hints, reveals=reveals, required=False)

    def _words(self) -> TextField:
        if self.leads_on:
            way = ROUTES[self.row.rule.route]
            label = "What do they hope for, in their own words?"
            return TextField(label=label, hint=way.needs, max_length=way.longest, rows=3)
        label = "What does the service need to know?"
        return TextField(
            label=label, hint="It reads this, and so may they.", initial=self.row.explanation, required=False, rows=3
        )


@dataclass(frozen=True)
class Card:
    """One suggestion with its questions, to be drawn."""

    offer: Offer
    said: Any
    more: list[Any]

    @property
    def open(self) -> bool:
        return any(each.errors for each in self.more)


class TalkOver(OnceForm):
    """See ``talk_form``. What is the same for every yes is asked once: how they were asked, and how they are reached."""

    quiet_optional = True
    offers: list[Offer] = []
    speakers: list[tuple[str, str]] = []

    reach = CharField(
        label="How can they be reached safely?",
        hint="Such as: ring before noon. Whoever they said yes to reads this.",
        required=False,
        max_length=200,
    )
    given_by = ChoiceField(label="Who said yes?", choices=(), required=False)
    given_how = ChoiceField(label="How did you ask?", choices=AskedHow.choices, inline=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["given_by"].choices = self.speakers
        if len(self.speakers) == 1:
            del self.fields["given_by"]

    @property
    def cards(self) -> Iterator[Card]:
        for offer in self.offers:
            more = [self[name] for name in offer.fields() if name != offer.named("said") and not self._revealed(name)]
            yield Card(offer, self[offer.named("said")], more)

    @property
    def speaker(self) -> str:
        """Who says yes, where nobody else can: a grown-up themselves, of a child a parent."""
        return self.speakers[0][1] if len(self.speakers) == 1 else ""

    @property
    def once(self) -> list[Any]:
        return [self[name] for name in ("given_by", "given_how", "reach") if name in self.fields]

    def _revealed(self, name: str) -> bool:
        return getattr(self.fields[name], "is_revealed", False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        answered = [offer for offer in self.offers if given.get(offer.named("said"))]
        if not answered and not self.errors:
            raise ValidationError("Write down what they say to one of these. What you leave open stays open.")
        yes = [offer for offer in answered if given[offer.named("said")] not in (NOT_NOW, NO)]
        self._ask_permission(yes, given)
        return {"token": given.get("token"), "said": [self._said(offer, given) for offer in answered]}

    def _ask_permission(self, yes: list[Offer], given: dict[str, Any]) -> None:
        """A yes that tells somebody else about them says who gave it and how; a service is told why they come."""
        if any(offer.shares for offer in yes):
            for name, error in (("given_by", "Select who said yes"), ("given_how", "Select how you asked")):
                if name in self.fields and not given.get(name):
                    self.add_error(name, error)
        told = [offer for offer in yes if offer.leads_on or given[offer.named("said")] not in (YES, ELSEWHERE)]
        if told and not given.get("reach"):
            self.add_error("reach", "Enter how they can be reached")
        for offer in yes:
            words = offer.named("words")
            if given[offer.named("said")] not in (YES, ELSEWHERE) and words in given and not given[words]:
                self.add_error(words, "Enter what the service needs to know")

    def _said(self, offer: Offer, given: dict[str, Any]) -> Said:
        answer, facts = given[offer.named("said")], {"note": given.get(offer.named("note"), "")}
        where = {"suggestion": offer.row, "field": offer.named("said")}
        if answer in (NOT_NOW, NO):
            return Said(deed=answer, facts=facts, **where)
        facts |= {part: given.get(offer.named(part), "") for part in ("limits", "elsewhere", "words", "capacity_note")}
        if offer.shares:
            speaker = given.get("given_by") or self.speakers[0][0]
            facts |= {"given_by": speaker, "given_how": given.get("given_how", ""), "reach": given.get("reach", "")}
        chosen = {f"{YES}:{each.pk}": each for each in offer.services}
        return Said(deed="agree", facts=facts | {"service": chosen.get(answer)}, **where)


def talk_form(born_on: date | None, ages: Ages, offers: Iterable[Offer]) -> type[TalkOver]:
    """The form for these suggestions. Where somebody decides for them, each decision has a page of its own (domain.md 16)."""
    offers = list(offers)
    left_out = [GivenBy.DECIDER]
    left_out += [GivenBy.PARENT] * (ages[0] >= DECIDES_FROM) + [GivenBy.PERSON] * (ages[1] < DECIDES_FROM)
    speakers = [each for each in who_may_say_yes(born_on) if each[0] not in left_out]
    fields = {name: asked for offer in offers for name, asked in offer.fields().items()}
    return type("TalkOver", (TalkOver,), fields | {"offers": offers, "speakers": speakers})
