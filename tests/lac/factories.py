import factory
from factory.django import DjangoModelFactory

from lac.models import Connection, Conversation, GoodLifeVision, Introduction
from tests.factories import MONDAY, AreaFactory, PersonFactory, UserFactory


class IntroductionFactory(DjangoModelFactory):
    class Meta:
        model = Introduction

    reference = factory.Sequence("INT-T{:05d}".format)
    person = factory.SubFactory(PersonFactory)
    area = factory.SubFactory(AreaFactory)
    source = "gp"
    introduced_by = factory.SubFactory(UserFactory)
    hopes = "Would like company in the afternoons."
    how_to_reach = "Ring after ten."
    agreed = True
    received_at = MONDAY


class ConversationFactory(DjangoModelFactory):
    class Meta:
        model = Conversation

    introduction = factory.SubFactory(IntroductionFactory)
    on = MONDAY.date()
    note = "We talked about bicycles."
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = MONDAY


class ConnectionFactory(DjangoModelFactory):
    class Meta:
        model = Connection

    introduction = factory.SubFactory(IntroductionFactory)
    on = MONDAY.date()
    kind = "group"
    name = "Coffee morning"
    accompanied = True
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = MONDAY


class VisionFactory(DjangoModelFactory):
    class Meta:
        model = GoodLifeVision

    introduction = factory.SubFactory(IntroductionFactory)
    version = 1
    vision = "I want mates and a wage."
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = MONDAY
