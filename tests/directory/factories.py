from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from earlyhelp.directory.models import OnwardReferral
from tests.factories import MONDAY, AreaFactory, PersonFactory, ServiceFactory, UserFactory


class OnwardFactory(DjangoModelFactory):
    """A suggestion that the person has not answered yet."""

    class Meta:
        model = OnwardReferral

    reference = factory.Sequence("ON-T-{:06d}".format)
    person = factory.SubFactory(PersonFactory)
    service = factory.SubFactory(ServiceFactory)
    made_by = factory.SubFactory(UserFactory)
    area = factory.SubFactory(AreaFactory)
    made_at = MONDAY
    why = "Company on weekday mornings."
