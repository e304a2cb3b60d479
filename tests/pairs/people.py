"""Everybody who acts in a race, by name."""

from earlyhelp.partnership.enums import Role
from tests.factories import AgencyFactory, PostFactory, ServiceFactory, UserFactory


def cast(request):
    """For a test that commits: the people of the county, and what their deeds need."""
    asked = ("melton", "chair", "coordinator", "worker", "other_worker", "practitioner", "manager", "ig_lead")
    people = {name: request.getfixturevalue(name) for name in asked}
    access = request.getfixturevalue("access_worker")
    school = AgencyFactory(name="Riverside Primary", kind="school")
    PostFactory(user=UserFactory(agency=school), role=Role.AGENCY_CONTACT, area=people["melton"])
    members = [UserFactory() for _ in range(3)]
    service = ServiceFactory()
    return people | {
        "access": access,
        "second_access": PostFactory(role=Role.EH_ACCESS, area=people["melton"].parent).user,
        "members": members,
        "member": members[0],
        "school": school,
        "schools": [school],
        "service": service,
        "services": [service],
    }
