"""An invented county: its places, its partnership and its people (domain.md 2.6 and 17). ``build`` makes it, once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from earlyhelp.core.calendar import add_months
from earlyhelp.demo import agreements, directory
from earlyhelp.demo.clock import Since, since
from earlyhelp.demo.diary import Diary
from earlyhelp.demo.meetings import found_hubs
from earlyhelp.demo.staff import COUNTY, DISTRICTS, STAFF, employ
from earlyhelp.directory.models import Service
from earlyhelp.partnership.demo_accounts import DEMO_PASSWORD
from earlyhelp.partnership.enums import AgencyKind, AreaKind
from earlyhelp.partnership.models import Agency, Area, Team, User
from earlyhelp.partnership.services import add_area

LOCALITIES = {
    "Blaby": ("Enderby", "Braunstone Town", "Thorpe Astley"),
    "Charnwood": ("Thorpe Acre", "Hastings ward"),
    "Hinckley and Bosworth": ("Barwell", "Desford", "Newbold Verdon"),
    "Melton": ("Melton Mowbray", "Asfordby"),
    "North West Leicestershire": (),
}
K = AgencyKind
AGENCIES = {
    "Example County Council": K.COUNCIL,
    "Blaby District Council": K.DISTRICT,
    "Charnwood Borough Council": K.DISTRICT,
    "Hinckley and Bosworth Borough Council": K.DISTRICT,
    "Melton Borough Council": K.DISTRICT,
    "North West Leicestershire District Council": K.DISTRICT,
    "Forest Way Primary School": K.SCHOOL,
    "Bosworth Academy Trust": K.SCHOOL,
    "County health trust": K.HEALTH,
    "Example County Police": K.POLICE,
    "Soar Valley Homes": K.HOUSING,
    "Age UK": K.VOLUNTARY,
    "Royal Voluntary Service": K.VOLUNTARY,
    "Alzheimer’s Society": K.VOLUNTARY,
    "CRUSE Bereavement Support": K.VOLUNTARY,
    "County social care": K.SOCIAL_CARE,
}
TEAMS = {  # the team and its agency
    "EH Access": "Example County Council",
    "First Contact Plus": "Example County Council",
    "Supporting Families": "Example County Council",
    "Children’s centres": "Example County Council",
    "Inclusion Service": "Example County Council",
    "Youth offending prevention": "Example County Council",
    "Local area coordination": "Example County Council",
    "Health visiting": "County health trust",
}


@dataclass
class County:
    """What the stories reach for, by name. ``dice`` is the same at every build: the county is the same county."""

    now: datetime
    areas: dict[str, Area]
    agencies: dict[str, Agency]
    people: dict[str, User]
    services: dict[str, Service]
    dice: Random = field(default_factory=lambda: Random(1948))
    serial: int = 0  # of the last NHS and pupil number given out

    def __post_init__(self) -> None:
        self.diary = Diary(self.now)
        self.sittings = found_hubs(self.areas, self.people, self.diary)

    def since(self, *, working_days: int = 0, weeks: int = 0) -> Since:
        return since(self.now, working_days=working_days, weeks=weeks)

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial


def build(*, now: datetime) -> County:
    today = timezone.localdate(now)
    opened = add_months(today, -48)
    areas = places()
    agencies = {
        name: Agency.objects.get_or_create(name=name, defaults={"kind": kind})[0] for name, kind in AGENCIES.items()
    }
    teams = {
        name: Team.objects.create(agency=agencies[agency], name=name, area=areas[COUNTY])
        for name, agency in TEAMS.items()
    }
    password = make_password(DEMO_PASSWORD)
    people = {
        staff.username: employ(staff, areas=areas, agencies=agencies, teams=teams, password=password, since=opened)
        for staff in STAFF
    }
    agreements.sign(agencies, by=people["imran"], now=now)
    return County(now, areas, agencies, people, directory.load(areas, agencies, today))


def places() -> dict[str, Area]:
    county = add_area(COUNTY, kind=AreaKind.AUTHORITY)
    made = {COUNTY: county}
    for district in DISTRICTS:
        made[district] = add_area(district, kind=AreaKind.DISTRICT, within=county)
        for name in LOCALITIES[district]:
            made[name] = add_area(name, kind=AreaKind.LOCALITY, within=made[district])
    return made
