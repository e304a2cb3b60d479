"""What belongs to a family, row for row: the plan by which a record goes, and by which nothing of it is forgotten.

Each kind of record is named with its ways: a path that ends at the family, at a person of it, or at a contact about it. What
belongs to a family is found by the family alone, whoever it speaks of: another family's event about one of them stays theirs.
A kind that leads to a family and is not named here fails a test (``unnamed``), so that a new one cannot be overlooked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from earlyhelp.families.models import Family, FamilyMembership, Person
from referrals.models import Contact

FAMILY, PERSON, CONTACT = "family", "person", "contact"

# Where each kind leads: ``family:case__family`` is by its case to the family; a bare name is a field of that name.
WAYS: dict[str, tuple[str, ...]] = {
    "families.Family": ("family:pk", "family:merged_into"),
    "families.Person": ("person:pk", "person:merged_into"),
    "families.PossibleDuplicate": ("person", "person:other"),
    "families.FamilyPair": ("family", "family:other"),
    "families.FamilyMerge": ("family:kept", "family:merged"),
    "families.Merge": ("person:kept", "person:merged"),
    "families.FamilyMembership": ("family",),
    "families.Relationship": ("person", "person:other"),
    "families.PregnancyLoss": ("person:mother",),
    "families.Bond": ("person", "person:other"),
    "families.Address": ("person",),
    "families.Confidant": ("person:address__person",),
    "families.Agreement": ("family",),
    "families.StatutoryStatus": ("person",),
    "families.SignificantEvent": ("family",),
    "families.OddRead": ("family",),
    "families.Restriction": ("family",),
    "families.RestrictionDeadline": ("family:owner__family",),
    "families.FamilyUserObjectPermission": ("family:content_object",),
    "sharing.Permission": ("person",),
    "sharing.Conflict": ("family",),
    "sharing.RecipientCopy": ("family",),
    "sharing.Disclosure": ("family",),
    "sharing.Disclosed": ("family:disclosure__family",),
    "documents.Document": ("family",),
    "documents.DocumentReader": ("family:document__family",),
    "directory.OnwardReferral": ("person",),
    "directory.OnwardDeadline": ("person:owner__person",),
    "directory.OnwardLink": ("person:onward__person",),
    "cases.Case": ("family",),
    "cases.Allocation": ("family:case__family",),
    "cases.TeamMember": ("family:case__family",),
    "cases.TierChange": ("family:case__family",),
    "cases.CaseUserObjectPermission": ("family:content_object__family",),
    "cases.EmergencyAccess": ("family:case__family",),
    "cases.CaseDeadline": ("family:owner__family",),
    "disagreements.Disagreement": ("family", "family:case__family"),
    "disagreements.DisagreementStage": ("family:disagreement__family", "family:disagreement__case__family"),
    "disagreements.DisagreementDeadline": ("family:owner__family", "family:owner__case__family"),
    "referrals.Referral": ("family", "family:case__family"),
    "referrals.ReferralDeadline": ("family:owner__family",),
    "referrals.HelpDraft": ("family:referral__family",),
    "referrals.SocialCareHandover": ("family", "family:case__family", "family:referral__family"),
    "referrals.HandoverCall": (
        "family:handover__family",
        "family:handover__case__family",
        "family:handover__referral__family",
    ),
    "referrals.HandoverDeadline": (
        "family:owner__family",
        "family:owner__case__family",
        "family:owner__referral__family",
    ),
    "referrals.Contact": ("contact:pk",),
    "referrals.ContactDeadline": ("contact:owner",),
    "referrals.Advice": ("contact",),
    "referrals.Signpost": ("contact",),
    "referrals.ContactFollowUp": ("contact",),
    "referrals.ContactCorrection": ("contact",),
    "referrals.SelfCheckRequest": ("contact",),
    "referrals.ChecklistResponse": ("person", "contact", "family:referral__family"),
    "referrals.ChecklistDeadline": ("person:owner__person", "contact:owner__contact", "family:owner__referral__family"),
    "referrals.ChecklistAnswer": (
        "person:response__person",
        "contact:response__contact",
        "family:response__referral__family",
    ),
    "referrals.Suggestion": (
        "person:response__person",
        "contact:response__contact",
        "family:response__referral__family",
        "person:onward__person",
    ),
    "referrals.TriageDecision": ("family:referral__family",),
    "referrals.ReferralLetter": ("family:owner__family",),
    "referrals.ReferralMessage": ("family:referral__family",),
    "referrals.InformationRequest": ("family:referral__family",),
    "referrals.RequestDeadline": ("family:owner__referral__family",),
    "assessments.Assessment": ("family:case__family",),
    "assessments.HeadingNote": ("family:assessment__case__family",),
    "assessments.ProgrammeEnrolment": ("family:case__family",),
    "assessments.Plan": ("family:case__family",),
    "assessments.PlanAgreement": ("family:plan__case__family",),
    "assessments.Goal": ("family:plan__case__family",),
    "assessments.PlanAction": ("family:case__family",),
    "assessments.PlanActionDeadline": ("family:owner__case__family",),
    "assessments.Review": ("family:case__family",),
    "assessments.ActionProgress": ("family:review__case__family",),
    "assessments.Voice": ("family:assessment__case__family", "family:review__case__family"),
    "assessments.OutcomeReading": ("family:case__family",),
    "assessments.TafMeeting": ("family:case__family",),
    "assessments.Attendance": ("family:meeting__case__family",),
    "assessments.RiskNote": ("family:case__family",),
    "assessments.RiskLook": ("family:risk__case__family",),
    "assessments.RiskNoteDeadline": ("family:owner__case__family",),
    "assessments.SafetyPlan": ("family:case__family",),
    "hubs.Conflict": ("family:case__family",),
    "hubs.StepRequest": ("family:case__family",),
    "hubs.Hearing": ("family:item__case__family",),
    "hubs.ChairsRequest": ("family:item__case__family",),
    "hubs.PackNote": ("family:item__case__family",),
    "hubs.PackPage": ("family:item__case__family",),
    "hubs.AgendaItem": ("family:case__family",),
    "hubs.HubDecision": ("family:case__family",),
    "hubs.MinutesCorrection": ("family:decision__case__family",),
    "hubs.ServiceGap": ("family:decision__case__family", "family:blockage__case__family"),
    "hubs.ServiceOffer": ("family:case__family",),
    "hubs.Blockage": ("family:case__family",),
    "hubs.BlockageDeadline": ("family:owner__case__family",),
    "hubs.HubAction": ("family:decision__case__family", "family:blockage__case__family"),
    "hubs.HubActionDeadline": ("family:owner__decision__case__family", "family:owner__blockage__case__family"),
    "lac.Introduction": ("person",),
    "lac.GoodLifeVision": ("person:introduction__person",),
    "lac.Conversation": ("person:introduction__person",),
    "lac.Connection": ("person:introduction__person",),
    "lac.CommunityContribution": ("person:introduction__person",),
    "lac.AvoidedDemand": ("person:introduction__person",),
    "lac.IntroductionDeadline": ("person:owner__person",),
    "records.Hold": ("family",),
    "records.Blanking": ("family",),
    "records.AccessRequest": ("person",),
    "records.AccessDeadline": ("person:owner__person",),
    "records.AccessItem": ("person:request__person",),
    "records.Addendum": ("family",),
}
# Leads to a family and stays, and why.
STAYS = {"records.Disposal": "it says that the record went, and lets go of the family itself"}


@dataclass
class Collected:
    """The rows of one record, by kind."""

    families: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    contacts: set[int] = field(default_factory=set)
    rows: dict[type[models.Model], set[int]] = field(default_factory=dict)

    def belonging(self, model: type[models.Model], *, own_key: str = "pk") -> Q | None:
        """Which rows of this kind lead to what was collected; none if none can."""
        roots = {FAMILY: self.families, PERSON: self.people, CONTACT: self.contacts}
        ways = [way.partition(":") for way in WAYS[model._meta.label]]
        paths = [(own_key if path == "pk" else path or root, roots[root]) for root, _, path in ways]
        wanted = [Q(**{f"{path}__in": pks}) for path, pks in paths if pks]
        return reduce(or_, wanted) if wanted else None

    def history(self, model: type[models.Model]) -> Any:
        """The versions of these rows, and of those that were deleted before; none where no history is kept."""
        if not hasattr(model, "history"):
            return None
        versions = model.history.rel.related_model._base_manager
        led = self.belonging(model, own_key="pgh_obj")
        return versions.filter(Q(pgh_obj__in=self.rows[model]) | led) if led is not None else versions.none()


def of_family(family: Family) -> Collected:
    """Everything that is kept about this family, and about whoever is kept because of it alone."""
    members = set(FamilyMembership.objects.filter(family=family).values_list("person", flat=True))
    members |= set(Person.objects.filter(merged_into__in=members).values_list("pk", flat=True))
    others = FamilyMembership.objects.filter(person__in=members).exclude(family=family).values_list("person", flat=True)
    about = Q(family=family) | Q(case__family=family) | Q(referral__family=family) | Q(handover__family=family)
    contacts = set(Contact.objects.filter(about).values_list("pk", flat=True))
    twice = set(Family.objects.filter(merged_into=family).values_list("pk", flat=True))
    found = Collected({family.pk, *twice}, members - set(others), contacts)
    while True:
        found.rows = {model: _rows(model, found) for model in named()}
        wanted_elsewhere = _people_of_other_records(found)
        if not wanted_elsewhere:
            return found
        found.people -= wanted_elsewhere


def of_contact(contact: Contact) -> Collected:
    """A contact that was about no family we know."""
    found = Collected(contacts={contact.pk})
    found.rows = {model: _rows(model, found) for model in named()}
    return found


def named() -> list[type[models.Model]]:
    return [apps.get_model(label) for label in WAYS]


def _rows(model: type[models.Model], found: Collected) -> set[int]:
    wanted = found.belonging(model)
    return (
        set(model._base_manager.filter(wanted).order_by().values_list("pk", flat=True)) if wanted is not None else set()
    )


def _people_of_other_records(found: Collected) -> set[int]:
    """Of those who would go: whom a row that stays still speaks of."""
    kept: set[int] = set()
    for model in _models():
        for each in _links(model):
            if each.related_model is Person and model is not Person:
                speaking = model._base_manager.filter(**{f"{each.name}__in": found.people})
                stays = speaking.exclude(pk__in=found.rows.get(model, ()))
                kept.update(stays.order_by().values_list(each.name, flat=True))
    return kept


# --- so that nothing is forgotten -------------------------------------------------------------------------------------


def unnamed() -> list[str]:
    """Every kind of record that leads to a family, a person or a contact, and that is neither in the plan nor said to stay."""
    leads = set(WAYS)
    while more := {model._meta.label for model in _models() if _leads_to(model, leads)} - leads - set(STAYS):
        leads |= more
    return sorted(leads - set(WAYS))


def _leads_to(model: type[models.Model], labels: set[str]) -> bool:
    return any(each.related_model._meta.label in labels for each in _links(model))


def _links(model: type[models.Model]) -> Iterator[Any]:
    for each in model._meta.concrete_fields:
        if each.is_relation and each.related_model:
            yield each


def _models() -> list[type[models.Model]]:
    """Without the tables of history and those between two kinds: they go with what they belong to."""
    return [
        model
        for model in apps.get_models()
        if not model._meta.auto_created and not any(each.name == "pgh_id" for each in model._meta.fields)
    ]
