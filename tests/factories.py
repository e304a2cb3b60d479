"""Invented people and records for tests. Each factory makes the least that is whole; a test says what matters to it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from earlyhelp.cases.enums import AllocationStatus, Preference, Status, TeamRole
from earlyhelp.cases.models import Allocation, Case, TeamMember
from earlyhelp.directory.models import Organisation, Service
from earlyhelp.families.models import Address, Family, FamilyMembership, Person
from earlyhelp.families.services import next_number
from earlyhelp.partnership.models import Agency, Area, Post, Team, User

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # an ordinary working morning


class AreaFactory(DjangoModelFactory):
    class Meta:
        model = Area
        skip_postgeneration_save = True

    name = factory.Sequence("Area {}".format)
    kind = "district"
    parent = None

    @factory.post_generation
    def lineage(self, create, extracted, **kwargs):
        self.lineage = [*(self.parent.lineage if self.parent else []), self.pk]
        self.save(update_fields=["lineage"])


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = Agency

    name = factory.Sequence("Agency {}".format)
    kind = "council"
    agreed_until = date(2100, 1, 1)  # as if it had signed an agreement on sharing


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    agency = factory.SubFactory(AgencyFactory)
    name = factory.Sequence("Team {}".format)
    area = factory.SubFactory(AreaFactory)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence("person{}".format)
    first_name = factory.Sequence("Pat{}".format)
    last_name = "Example"
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    agency = factory.SubFactory(AgencyFactory)


class WorkerFactory(UserFactory):
    """Somebody who may be offered a family, at any tier."""

    takes_cases = True
    intensive = True


class PostFactory(DjangoModelFactory):
    class Meta:
        model = Post

    user = factory.SubFactory(UserFactory)
    role = "practitioner"
    area = factory.SubFactory(AreaFactory)
    from_on = date(2020, 1, 1)


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    first_name = factory.Sequence("Robin{}".format)
    last_name = "Invented"
    born_on = date(2015, 5, 20)
    created_at = MONDAY

    @classmethod
    def _adjust_kwargs(cls, **facts):
        """A day may be written as text: the person has it as a day, as one that was read has."""
        days = {name: Person._meta.get_field(name).to_python(facts[name]) for name in facts if name.endswith("_on")}
        return facts | days


class FamilyFactory(DjangoModelFactory):
    class Meta:
        model = Family

    name = factory.Sequence("Invented{}".format)
    reference = factory.Sequence("FAM-T{:05d}".format)
    area = factory.SubFactory(AreaFactory)
    created_at = MONDAY


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = FamilyMembership

    family = factory.SubFactory(FamilyFactory)
    person = factory.SubFactory(PersonFactory)
    role = "child"


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = Service

    class Params:
        withdrawn = factory.Trait(status="defunct", withdrawn_at=MONDAY, withdrawn_because="It lost its funding.")

    organisation = factory.LazyFunction(lambda: Organisation.objects.get_or_create(name="Example Trust")[0])
    name = factory.Sequence("Service {}".format)
    specialist = True


class CaseFactory(DjangoModelFactory):
    """A case that waits for the hub; ``CaseFactory.led_by(worker)`` makes one with a lead professional."""

    class Meta:
        model = Case

    reference = factory.Sequence("EH-T-{:06d}".format)
    family = factory.SubFactory(FamilyFactory, area=factory.SelfAttribute("..area"))
    area = factory.SubFactory(AreaFactory)
    level_of_need = 3
    proposed_tier = 2
    request = "Rent arrears, and a child who will not go to school."
    accepted_at = MONDAY

    @classmethod
    def led_by(cls, worker, *, status=Status.SUPPORTED, tier=2, **kwargs):
        role = TeamRole.INTENSIVE if tier == 3 else TeamRole.LEAD
        case = cls(status=status, tier=tier, lead=worker, opened_on=MONDAY.date(), **kwargs)
        TeamMember.objects.create(case=case, user=worker, agency=worker.agency, role=role, from_at=MONDAY)
        Allocation.objects.create(
            case=case,
            worker=worker,
            role=role,
            status=AllocationStatus.ACCEPTED,
            preference=Preference.ASKED,
            preference_note="Somebody local.",
            offered_at=MONDAY,
            answered_at=MONDAY,
        )
        return case


def restricted_person(**facts):
    """Of a restricted family: nobody is restricted alone."""
    return MemberFactory(family=FamilyFactory(restricted=True), person=PersonFactory(**facts)).person


def secret_home(person, until_on=None, **place):
    """Where somebody lives, or lived, that nobody may learn."""
    home = Address(pk=next_number("families_address_id_seq"), person=person, until_on=until_on, **place)
    home.seal()
    home.save(force_insert=True)
    return home
