"""One record per human; a family is a dated membership; relationships are stored once and read both ways (domain.md 18.1)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Left, Lower
from django.urls import reverse

from earlyhelp.core import dates
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.core.postcodes import full_postcode
from earlyhelp.core.sealing import SealedField, seal, unseal
from earlyhelp.families import access
from earlyhelp.families.enums import (
    FOR_GOOD,
    FORMER,
    INVERSE,
    NO_NOUN,
    ONE_OF_SEVERAL,
    EventKind,
    FamilyRole,
    RelationshipKind,
    Sex,
    StatutoryKind,
)
from earlyhelp.families.mistakes import EnteredInError, error_is_whole
from earlyhelp.families.models.numbers import valid_nhs_number, valid_upn
from earlyhelp.partnership.models import Agency, Area
from earlyhelp.workflow.models import Versioned

LONGEST_WAIT = timedelta(days=300)  # for a birth: nobody expects one for longer, and none is further from its day


class PersonQuerySet(ScopedQuerySet["Person"]):
    rules = access.PERSON_RULES


@tracked()
class Person(Versioned):
    """Anyone: child, parent, adult, carer. Sought by sound, date and postcode, so the keys of search are columns."""

    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    known_as = models.CharField("likes to be called", max_length=80, blank=True)
    born_on = models.DateField("date of birth", null=True, blank=True)
    expected_on = models.DateField(
        "expected date of birth",
        null=True,
        blank=True,
        help_text="Of a child not born yet, until there is a date of birth.",
    )
    died_on = models.DateField("date of death", null=True, blank=True)
    sex = models.CharField(max_length=10, choices=Sex, default=Sex.UNKNOWN)
    nhs_number = models.CharField("NHS number", max_length=10, blank=True, validators=[valid_nhs_number])
    upn = models.CharField("unique pupil number", max_length=13, blank=True, validators=[valid_upn])
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField("first language", max_length=60, blank=True)
    interpreter = models.BooleanField("needs an interpreter", default=False)
    communication = models.CharField("communication needs", max_length=200, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    postcode = models.CharField(
        max_length=8, blank=True, editable=False, help_text="Of the home now, for matching; empty if protected."
    )
    merged_into = (
        models.ForeignKey(  # another record of the same person; of a child who is expected no more, the mother’s
            "self", models.PROTECT, null=True, blank=True, editable=False, db_index=False, related_name="merged"
        )
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    first_sound = models.GeneratedField(
        expression=Func(F("first_name"), function="dmetaphone"),
        output_field=models.CharField(max_length=8),
        db_persist=True,
    )
    last_sound = models.GeneratedField(
        expression=Func(F("last_name"), function="dmetaphone"),
        output_field=models.CharField(max_length=8),
        db_persist=True,
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "people"
        indexes = [
            models.Index("born_on", name="person_born"),
            models.Index("merged_into", name="person_merged", condition=Q(merged_into__isnull=False)),
            models.Index("postcode", name="person_postcode", condition=~Q(postcode="")),
            models.Index("last_sound", "first_sound", name="person_sounds"),
            models.Index("last_sound", "born_on", name="person_sound_born"),
            models.Index("last_sound", Left(Lower("first_name"), 1), name="person_sound_initial"),
            models.Index(
                OpClass(Lower("last_name"), "text_pattern_ops"),
                OpClass(Lower("first_name"), "text_pattern_ops"),
                name="person_last_first",
            ),
            models.Index(
                OpClass(Lower("first_name"), "text_pattern_ops"),
                OpClass(Lower("last_name"), "text_pattern_ops"),
                name="person_first_last",
            ),
            GinIndex(Func(Lower("last_name"), function="families_slips"), name="person_last_slips"),
            GinIndex(
                Func(Lower("last_name"), Lower("first_name"), function="families_slips_after"),
                name="person_initial_slips",
            ),
            models.Index("nhs_number", name="person_nhs", condition=~Q(nhs_number="")),
        ]
        constraints = [
            models.UniqueConstraint(
                "nhs_number",
                name="person_nhs_once",
                condition=~Q(nhs_number=""),
                violation_error_message="Check this NHS number: it cannot be saved here.",
            ),
            models.CheckConstraint(
                name="person_dies_after_birth",
                condition=Q(died_on=None) | Q(born_on=None) | Q(died_on__gte=F("born_on")),
            ),
            models.CheckConstraint(
                name="person_born_or_expected",
                condition=Q(born_on=None) | Q(expected_on=None),
                violation_error_message="Enter the date of birth or the expected date, not both.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def nhs_number_said(self) -> str:
        """As it is read out: three, three and four."""
        return " ".join((self.nhs_number[:3], self.nhs_number[3:6], self.nhs_number[6:])).strip()

    @property
    def called(self) -> str:
        return self.known_as or self.first_name

    @property
    def expected(self) -> str:
        """Of a child not born yet: «expected 3 March 2027». Nothing of anybody else."""
        return f"expected {dates.day(self.expected_on)}" if self.expected_on else ""

    @property
    def year_said(self) -> str:
        """As much of a birth as is shown before anybody works with the family."""
        if self.born_on:
            return f"born {self.born_on.year}"
        return f"expected {self.expected_on.year}" if self.expected_on else "year of birth not known"

    def age_on(self, day: date) -> str:
        """Years, or months under one, on that day; nothing if nobody knows, or after their death. A child not born then was
        «before birth».
        """
        if self.died_on and self.died_on < day:
            return ""
        if self.expected_on or (self.born_on and self.born_on > day):
            return "before birth"
        return dates.age(self.born_on, day) if self.born_on else ""

    def get_absolute_url(self) -> str:
        return reverse("families:person", args=[self.pk])


class FamilyQuerySet(ScopedQuerySet["Family"]):
    rules = access.FAMILY_RULES

    def under(self, reference: str) -> FamilyQuerySet:
        """Of this reference; of one that became one with another, that other."""
        return self.filter(Q(reference=reference, merged_into=None) | Q(merged__reference=reference)).distinct()


@tracked()
class Family(Versioned):
    """People who matter to each other. Named by a person, never by rule or joke; found by its people."""

    name = models.CharField(max_length=120)
    reference = models.CharField(max_length=20, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="families")
    restricted = models.BooleanField(default=False)
    merged_into = models.ForeignKey(  # another record of the same family
        "self", models.PROTECT, null=True, blank=True, editable=False, db_index=False, related_name="merged"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    people = models.ManyToManyField(Person, through="FamilyMembership", related_name="families")

    objects = FamilyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "families"
        indexes = [
            models.Index("merged_into", name="family_merged", condition=Q(merged_into__isnull=False)),
            models.Index("id", name="family_restricted", condition=Q(restricted=True)),
        ]

    def __str__(self) -> str:
        return f"{self.name} family"

    def get_absolute_url(self) -> str:
        return reverse("families:family", args=[self.reference])


class MembershipQuerySet(ScopedQuerySet["FamilyMembership"]):
    rules = Through("family")

    def current(self) -> MembershipQuerySet:
        return self.filter(until_on=None)


@tracked()
class FamilyMembership(models.Model):
    family = models.ForeignKey(Family, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=FamilyRole)
    lives_in_household = models.BooleanField(default=True)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("family", "person", name="family_member_once", condition=Q(until_on=None))
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.family}"


class RelationshipQuerySet(models.QuerySet["Relationship"]):
    def standing(self) -> RelationshipQuerySet:
        """Without what was entered in error. One that has ended stands: it was so."""
        return self.filter(error_at=None)

    def responsible(self) -> RelationshipQuerySet:
        """Who holds the legal right to decide for a child: of two records of one person, the one that was kept."""
        return self.standing().filter(parental_responsibility=True, person__merged_into=None, other__merged_into=None)


@tracked()
class Relationship(Versioned, EnteredInError):
    """Stored once, read both ways."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="relationships")
    other = models.ForeignKey(Person, models.PROTECT, related_name="relationships_to")
    kind = models.CharField(max_length=20, choices=RelationshipKind)
    parental_responsibility = models.BooleanField(null=True, blank=True, help_text="Empty: not known.")
    ended_on = models.DateField("when it ended", null=True, blank=True)

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "person", "other", "kind", name="relationship_once", condition=Q(error_at=None, ended_on=None)
            ),
            models.CheckConstraint(name="relationship_of_two", condition=~Q(person=F("other"))),
            models.CheckConstraint(
                name="relationship_may_end",
                condition=Q(ended_on=None) | ~Q(kind__in=[kind.value for kind in FOR_GOOD]),
                violation_error_message="This is so for good: it does not end.",
            ),
            error_is_whole("relationship_error_is_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_kind_display()} {self.other}"

    @property
    def may_end(self) -> bool:
        return self.kind not in FOR_GOOD

    @property
    def stands_as(self) -> RelationshipKind:
        """A partner until a day is a former partner."""
        kind = RelationshipKind(self.kind)
        return FORMER.get(kind, kind) if self.ended_on else kind

    @property
    def sentence(self) -> str:
        """The whole of it in words: «Dana Grant is the parent of Robin Grant»."""
        return f"{self.person.name} {self._verb} {self.stands_as.label} {self._name_of(self.other)}{self.until}"

    @property
    def until(self) -> str:
        return f", until {dates.day(self.ended_on)}" if self.ended_on else ""

    @property
    def _verb(self) -> str:
        verb = "was" if self.ended_on and self.stands_as == self.kind and self.kind not in FORMER.values() else "is"
        article = "" if self.kind in NO_NOUN else " a" if self.kind in ONE_OF_SEVERAL else " the"
        return f"{verb}{article}n" if self.kind == RelationshipKind.ACQUAINTANCE else f"{verb}{article}"

    @staticmethod
    def _name_of(person: Person) -> str:
        return f"the unborn child {person.name}" if person.expected_on else person.name

    def seen_from(self, person: Person) -> str:
        """The words for it from that person's side: «child of»."""
        kind = self.stands_as
        return kind.label if person.pk == self.person_id else INVERSE.get(kind, kind.label)


class AddressQuerySet(ScopedQuerySet["Address"]):
    rules = access.ADDRESS_RULES


@tracked()
class Address(models.Model):
    """Where a person lives, from a day and until a day.

    A protected one is shown on no page and used in no match (promise P2): ``sealed`` holds it, bound to this row, and its
    columns are empty, so that no query, log, export or slip of ours can say it. ``place`` is the one way to read it.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="addresses")
    line_1 = models.CharField("address line 1", max_length=120)
    line_2 = models.CharField("address line 2", max_length=120, blank=True)
    town = models.CharField("town or village", max_length=80, blank=True)
    postcode = models.CharField(
        max_length=8,
        blank=True,
        validators=[full_postcode],
    )
    protected = models.BooleanField(default=False)
    sealed = SealedField(null=True, editable=False)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)

    objects = AddressQuerySet.as_manager()

    PLACE = ("line_1", "line_2", "town", "postcode")

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint("person", name="address_one_now", condition=Q(until_on=None)),
            models.CheckConstraint(
                name="address_protected_is_sealed",
                condition=Q(protected=False, sealed=None)
                | Q(protected=True, sealed__isnull=False, line_1="", line_2="", town="", postcode=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Address {self.pk}"  # never the address itself: this string reaches logs

    @property
    def shown(self) -> str:
        if self.protected:
            return "Address withheld"
        return self.in_full()

    @property
    def place(self) -> dict[str, str]:
        """The address itself, sealed or not. For the few places that must know it; a page never does."""
        if self.sealed is None:
            return {name: getattr(self, name) for name in self.PLACE}
        return json.loads(unseal(self.sealed, bound_to=self.binding))

    def in_full(self) -> str:
        """As it is written on an envelope."""
        return ", ".join(part for part in self.place.values() if part)

    def seal(self) -> None:
        """Keep it secret from now on. Whoever calls this saves it. A new row has to have its key already."""
        place = json.dumps(self.place)
        self.protected, self.sealed = True, seal(place, bound_to=self.binding)
        for name in self.PLACE:
            setattr(self, name, "")

    @property
    def binding(self) -> str:
        return f"{self._meta.label_lower}:{self.pk}"


class StatutoryStatusQuerySet(ScopedQuerySet["StatutoryStatus"]):
    rules = Through("person")

    def latest_first(self) -> StatutoryStatusQuerySet:
        """The first is what holds now: what was found since it began, and last written down."""
        return self.order_by("-from_on", "-pk")


@tracked()
class StatutoryStatus(models.Model):
    """What a service with legal duties says of a person, since a day (domain.md T5): its fact, written down here, never ours.

    It is never edited: a new one follows it.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="statutory_statuses")
    status = models.CharField(max_length=20, choices=StatutoryKind)
    from_on = models.DateField("since when")
    social_worker = models.CharField(max_length=120, blank=True, help_text="With whom early help runs alongside.")
    social_worker_phone = models.CharField(max_length=40, blank=True)
    source = models.CharField("who said so", max_length=200)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = StatutoryStatusQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "statutory statuses"
        indexes = [models.Index(fields=["person", "-from_on", "-id"], name="statutory_person")]
        constraints = [models.CheckConstraint(name="statutory_says_who_said_so", condition=~Q(source=""))]

    def __str__(self) -> str:
        return f"Statutory status {self.pk}"  # never of whom, nor which: this string reaches logs


class SignificantEventQuerySet(ScopedQuerySet["SignificantEvent"]):
    rules = Through("family")

    def standing(self) -> SignificantEventQuerySet:
        """Without what was entered in error."""
        return self.filter(error_at=None)

    def told_to(self, user: Any) -> SignificantEventQuerySet:
        """What an agency keeps to itself only to those to whom it is told."""
        return self.filter(access.event_told(self, user))

    def shown_to(self, user: Any) -> SignificantEventQuerySet:
        """Of a family that they see: mistakes only to whom they are shown."""
        return self.filter(access.event_shown(self, user))


@tracked()
class SignificantEvent(EnteredInError):
    """A dated fact in the family's chronology; when it happened is apart from when it was written down."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="events")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="events")
    happened_on = models.DateField()
    kind = models.CharField(max_length=20, choices=EventKind)
    text = models.TextField("what happened")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    private_to_agency = models.BooleanField("kept to the agency that wrote it", default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = SignificantEventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["family", "-happened_on", "-id"], name="event_family")]
        constraints = [
            error_is_whole("event_error_is_whole"),
            models.CheckConstraint(
                name="event_private_to_somebody", condition=Q(private_to_agency=False) | Q(agency__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Event {self.pk} of {self.happened_on}"
