"""Who takes part, in the field's own words (domain.md 5 and 18.1)."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a post lets a person do. Being a lead professional is held per case, and is therefore not among these."""

    PRACTITIONER = "practitioner", "Practitioner"
    AGENCY_CONTACT = "agency_contact", "Agency contact"
    EH_ACCESS = "eh_access", "EH Access"
    HUB_CHAIR = "hub_chair", "Hub chair"
    HUB_MEMBER = "hub_member", "Hub member"
    HUB_COORDINATOR = "hub_coordinator", "Hub coordinator"
    TEAM_MANAGER = "team_manager", "Team manager"
    SERVICE_MANAGER = "service_manager", "Service manager"
    LAC_COORDINATOR = "lac_coordinator", "Local area coordinator"
    LAC_LEAD = "lac_lead", "Local area coordination lead"
    FIRST_CONTACT_ADVISER = "first_contact_adviser", "First Contact adviser"
    IG_LEAD = "ig_lead", "Information governance lead"
    SYSTEM_ADMIN = "system_admin", "System administrator"


NEVER_COVERED = (Role.IG_LEAD, Role.SYSTEM_ADMIN)  # one keeps restricted records, the other everybody's access


class Skill(TextChoices):
    """With whom somebody works well: each can be read off a family, so that nobody has to ask for it."""

    UNDER_FIVES = "under_fives", "Babies and children under 5"
    TEENAGERS = "teenagers", "Teenagers"
    ADULTS = "adults", "Adults without children at home"


class AgencyKind(TextChoices):
    COUNCIL = "council", "County council"
    DISTRICT = "district", "District or borough council"
    SCHOOL = "school", "School or college"
    HEALTH = "health", "Health"
    POLICE = "police", "Police"
    HOUSING = "housing", "Housing"
    VOLUNTARY = "voluntary", "Voluntary or community"
    SOCIAL_CARE = "social_care", "Statutory social care"


class AreaKind(TextChoices):
    AUTHORITY = "authority", "Authority"
    DISTRICT = "district", "District"
    LOCALITY = "locality", "Locality"
