"""The people of the demonstration: one for every role, each with a post that says where. All are invented."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import Permission

from earlyhelp.core.words import within
from earlyhelp.partnership.demo_accounts import DEMO_DOMAIN
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Agency, Area, Team, User
from earlyhelp.partnership.services import appoint

R = Role
COUNTY = "Example County"
PILOT = ("Blaby", "Charnwood", "Hinckley and Bosworth", "Melton")
DISTRICTS = (*PILOT, "North West Leicestershire")


@dataclass(frozen=True)
class Staff:
    first: str
    last: str
    job: str
    agency: str
    posts: tuple[tuple[Role, str], ...]
    team: str = ""
    takes: bool = False
    intensive: bool = False
    sign_in: bool = True  # among those whom `demo --sign-ins` prints

    @property
    def username(self) -> str:
        return self.first.lower()


COUNCIL, TRUST, POLICE = "Example County Council", "County health trust", "Example County Police"
CENTRES, SLF, INCLUSION, ACCESS = "Children’s centres", "Supporting Families", "Inclusion Service", "EH Access"
ON_DUTY = ("asha", "martin")  # who may open a case in an emergency
# From the front door inwards; the sign-in page lists them in this order.
# fmt: off
STAFF = (
    Staff("Kerry", "Baines", "Housing officer", "North West Leicestershire District Council", ((R.PRACTITIONER, "North West Leicestershire"),)),
    Staff("Hannah", "Lowe", "Health visitor", TRUST, ((R.PRACTITIONER, "Melton"),), "Health visiting"),
    Staff("Asha", "Rahman", "EH Access officer", COUNCIL, ((R.EH_ACCESS, COUNTY),), ACCESS),
    Staff("Bilal", "Hussain", "EH Access senior officer", COUNCIL, ((R.EH_ACCESS, COUNTY),), ACCESS),
    Staff("Ruth", "Mensah", "First Contact adviser", COUNCIL, ((R.FIRST_CONTACT_ADVISER, COUNTY),), "First Contact Plus"),
    Staff("Colm", "Byrne", "Hub chair", COUNCIL, ((R.HUB_CHAIR, "Melton"),)),
    Staff("Ivy", "Cole", "Hub coordinator", COUNCIL, ((R.HUB_COORDINATOR, "Melton"),)),
    Staff("Rosa", "Mendes", "Communities manager", "Melton Borough Council", ((R.HUB_MEMBER, "Melton"),)),
    Staff("Owen", "Tranter", "Hub chair", COUNCIL, ((R.HUB_CHAIR, "North West Leicestershire"),)),
    Staff("Graham", "Pike", "Hub chair", COUNCIL, ((R.HUB_CHAIR, "Charnwood"),)),
    Staff("Farah", "Siddiqui", "Hub chair", COUNCIL, ((R.HUB_CHAIR, "Blaby"),)),
    Staff("Helen", "Osei", "Hub chair", COUNCIL, ((R.HUB_CHAIR, "Hinckley and Bosworth"),)),
    Staff("Jo", "Tiller", "Children’s centre practitioner", COUNCIL, ((R.PRACTITIONER, "Melton"),), CENTRES, takes=True),
    Staff("Sam", "Whitlock", "Intensive family worker", COUNCIL, ((R.PRACTITIONER, COUNTY),), SLF, takes=True, intensive=True),
    Staff("Marek", "Zielinski", "Inclusion Service worker", COUNCIL, ((R.PRACTITIONER, "Charnwood"),), INCLUSION, takes=True),
    Staff("Bethan", "Price", "School family worker", "Forest Way Primary School", ((R.PRACTITIONER, "North West Leicestershire"),)),
    Staff("Lucy", "Fenwick", "Designated safeguarding lead", "Forest Way Primary School", ((R.AGENCY_CONTACT, COUNTY),)),
    Staff("Tariq", "Mahmood", "Police early help officer", POLICE, ((R.AGENCY_CONTACT, COUNTY),)),
    Staff("Grace", "Adeyemi", "Health visiting team leader", TRUST, ((R.AGENCY_CONTACT, COUNTY),), "Health visiting"),
    Staff("Sunil", "Rao", "Social care link worker", "County social care", ((R.AGENCY_CONTACT, COUNTY),)),
    Staff("Miriam", "Coates", "Social worker", "County social care", ((R.PRACTITIONER, COUNTY),)),
    Staff("Dele", "Okoro", "Local area coordinator, Barwell and Desford", COUNCIL, ((R.LAC_COORDINATOR, "Barwell"), (R.LAC_COORDINATOR, "Desford")), "Local area coordination"),
    Staff("Priya", "Nair", "Local area coordinator, Hastings ward", COUNCIL, ((R.LAC_COORDINATOR, "Hastings ward"),), "Local area coordination"),
    Staff("Tess", "Hargrave", "Local area coordination lead", COUNCIL, ((R.LAC_LEAD, COUNTY),), "Local area coordination"),
    Staff("Martin", "Oakes", "Team manager, Supporting Families", COUNCIL, ((R.TEAM_MANAGER, COUNTY),), SLF),
    Staff("Shanice", "Campbell", "Team manager, children’s centres", COUNCIL, ((R.TEAM_MANAGER, COUNTY),), CENTRES),
    Staff("Nia", "Powell", "Service manager", COUNCIL, ((R.SERVICE_MANAGER, COUNTY),)),
    Staff("Imran", "Sheikh", "Information governance lead", COUNCIL, ((R.IG_LEAD, COUNTY),)),
    Staff("Alex", "Morton", "System administrator", COUNCIL, ((R.SYSTEM_ADMIN, COUNTY),)),
    Staff("Lena", "Duffy", "Hub coordinator", COUNCIL, tuple((R.HUB_COORDINATOR, name) for name in DISTRICTS if name != "Melton"), sign_in=False),
    Staff("Leila", "Farouk", "Intensive family worker", COUNCIL, ((R.PRACTITIONER, COUNTY),), SLF, takes=True, intensive=True, sign_in=False),
    Staff("Kofi", "Boateng", "Intensive family worker", COUNCIL, ((R.PRACTITIONER, COUNTY),), SLF, takes=True, intensive=True, sign_in=False),
    Staff("Anya", "Petrova", "Children’s centre practitioner", COUNCIL, ((R.PRACTITIONER, "Blaby"),), CENTRES, takes=True, sign_in=False),
    Staff("Zainab", "Iqbal", "Children’s centre practitioner", COUNCIL, ((R.PRACTITIONER, "Charnwood"),), CENTRES, takes=True, sign_in=False),
    Staff("Gareth", "Moss", "Pastoral lead", "Bosworth Academy Trust", ((R.PRACTITIONER, "Hinckley and Bosworth"),), takes=True, sign_in=False),
    Staff("Callum", "Reid", "Youth worker", COUNCIL, ((R.PRACTITIONER, "North West Leicestershire"),), "Youth offending prevention", takes=True, sign_in=False),
    Staff("Dilys", "Webb", "Tenancy support officer", "Soar Valley Homes", (*((R.HUB_MEMBER, name) for name in DISTRICTS), (R.PRACTITIONER, "Charnwood")), takes=True, sign_in=False),
    Staff("Peter", "Novak", "Neighbourhood sergeant", POLICE, tuple((R.HUB_MEMBER, name) for name in DISTRICTS), sign_in=False),
    Staff("Maxine", "Forde", "School nurse", TRUST, tuple((R.HUB_MEMBER, name) for name in DISTRICTS), sign_in=False),
    Staff("Joan", "Allard", "Befriending coordinator", "Age UK", ((R.PRACTITIONER, COUNTY),)),
)
# fmt: on


def employ(
    staff: Staff,
    *,
    areas: dict[str, Area],
    agencies: dict[str, Agency],
    teams: dict[str, Team],
    password: str,
    since: date,
) -> User:
    """The person with their posts. ``password`` is hashed already: hashing the same one forty times would take a minute."""
    user = User.objects.create(
        username=staff.username,
        first_name=staff.first,
        last_name=staff.last,
        email=staff.username + DEMO_DOMAIN,
        phone=f"01632 960 {200 + STAFF.index(staff)}",
        password=password,
        agency=agencies[staff.agency],
        team=teams.get(staff.team),
        job_title=staff.job,
        takes_cases=staff.takes,
        intensive=staff.intensive,
    )
    for role, area in staff.posts:
        appoint(user, role=role, area=areas[area], on=since, team=teams.get(staff.team))
    if staff.username in ON_DUTY:
        user.user_permissions.add(Permission.objects.get(codename="emergency_access"))
    return user


def sign_ins() -> list[dict[str, Any]]:
    """Whom one can sign in as, in words; one for every role at least."""
    return [
        {"name": f"{each.first} {each.last}", "role": _role(each), "username": each.username}
        for each in STAFF
        if each.sign_in
    ]


def _role(staff: Staff) -> str:
    role, area = staff.posts[0]
    titled = staff.job.split(",")[0]
    return f"{titled}, {area}" if titled == role.label else f"{titled} ({within(role.label)}), {area}"
