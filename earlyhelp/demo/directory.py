"""The services of the invented county, after those that the source documents name."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from earlyhelp.core.calendar import add_months
from earlyhelp.directory.models import Need, Organisation, Service
from earlyhelp.partnership.models import Agency, Area

N = Need


@dataclass(frozen=True)
class Entry:
    key: str
    organisation: str
    name: str
    needs: tuple[Need, ...]
    description: str
    areas: tuple[str, ...] = ()
    specialist: bool = False
    ages: tuple[int | None, int | None] = (None, None)
    when: str = ""
    where: str = ""
    checked: int | None = 2  # months ago


# fmt: off
ENTRIES = (
    Entry("learning", "Melton Borough Council", "Me and My Learning", (N.MONEY, N.EDUCATION), "Checks your benefits with you and makes a plan to get back into work or training.", ("Melton",), ages=(16, None), when="Monday to Thursday", where="Council offices, Melton Mowbray"),
    Entry("neighbours", "Royal Voluntary Service", "RVS Good Neighbours", (N.CONNECTION,), "A volunteer who visits once a week for a chat, or goes with you to the shops.", ages=(55, None)),
    Entry("dementia", "Alzheimer’s Society", "Dementia support worker", (N.HEALTH, N.CONNECTION), "Somebody who knows dementia, for the person and for those who care for them.", ages=(18, None)),
    Entry("bereavement", "CRUSE Bereavement Support", "Bereavement support", (N.HEALTH, N.RELATIONSHIPS), "Somebody to talk to after a death, one to one or in a group. Children too."),
    Entry("age", "Age UK", "Help at home and in the community", (N.CONNECTION, N.MONEY, N.HEALTH), "Home visits, lunch and men’s groups, help with forms and money.", ages=(55, None)),
    Entry("centre", "Children’s centres", "Family support at the children’s centre", (N.EARLY_YEARS, N.RELATIONSHIPS), "A worker who visits at home: play, sleep, eating, routines, a safer home.", specialist=True, ages=(0, 5), where="The children’s centre of each district"),
    Entry("first_year", "Children’s centres", "First year together", (N.EARLY_YEARS,), "Weekly sessions for parents of a new baby, for the first year.", ages=(0, 1)),
    Entry("parenting", "Children’s centres", "Parenting group", (N.RELATIONSHIPS, N.EARLY_YEARS), "Six mornings with other parents on behaviour, sleep and play. Transport can be arranged.", ages=(2, 11), when="Wednesdays, 9.30 to 11.30"),
    Entry("debt", "Citizens’ advice of the county", "Debt and benefits advice", (N.MONEY, N.HOUSING), "Rent arrears, benefits, debts, what to do when a possession hearing is coming.", specialist=True, ages=(16, None)),
    Entry("camhs", "County health trust", "CAMHS: child and adolescent mental health", (N.HEALTH,), "Assessment and treatment for children whose mental health is badly affected.", specialist=True, ages=(5, 18)),
    Entry("nurse", "County health trust", "School nursing", (N.HEALTH, N.EDUCATION), "Sleep, continence, worries, healthy weight; a drop-in at each secondary school.", ages=(5, 19)),
    Entry("substances", "Turning Leaf", "Drug and alcohol service", (N.SUBSTANCES,), "For adults and young people who want to drink or use less, and for their families.", specialist=True),
    Entry("abuse", "Haven project", "Domestic abuse support", (N.DOMESTIC_ABUSE, N.SAFETY), "Safety planning, a place to stay, a group for children who have seen abuse at home.", specialist=True),
    Entry("youth", "Example County Council", "Youth offending prevention", (N.CRIME, N.SAFETY), "One-to-one and group work with young people at risk of offending.", specialist=True, ages=(8, 17)),
    Entry("inclusion", "Example County Council", "Adult Social Care Inclusion Service", (N.HOUSING, N.MONEY, N.HEALTH), "Twelve weeks of help to make and keep appointments about health, housing and debt.", specialist=True, ages=(18, None)),
    Entry("slf", "Example County Council", "Supporting Families: intensive work", (N.RELATIONSHIPS, N.HOUSING, N.CRIME), "One worker for the whole family, for up to a year.", specialist=True),
    Entry("send", "Family information service", "SEND families’ group", (N.EDUCATION, N.HEALTH), "Parents of children with additional needs, 0 to 25, meet and help each other.", ages=(0, 25)),
    Entry("housing", "Soar Valley Homes", "Tenancy support", (N.HOUSING, N.MONEY), "Help to keep your tenancy: repairs, neighbours, rent.", specialist=True),
    Entry("carers", "Carers’ centre", "Young carers", (N.HEALTH, N.RELATIONSHIPS), "Breaks, friends and somebody to talk to for children who care for somebody at home.", ages=(5, 18)),
    Entry("coffee", "St Mary’s church", "Coffee morning", (N.CONNECTION,), "Everybody is welcome; somebody will come and meet you at the door.", ("Barwell",), when="Tuesdays, 10 to 12", where="Church hall, Barwell"),
    Entry("sheds", "Men in Sheds", "The shed", (N.CONNECTION,), "Mending and making, and company, for men over 50.", ("Hinckley and Bosworth", "Blaby"), ages=(50, None), when="Mondays and Thursdays", checked=9),
    Entry("foodbank", "Churches together", "Food bank and pantry", (N.MONEY,), "A parcel for a family for three days; the pantry asks for £4 a week.", when="Monday, Wednesday, Friday, 1 to 3"),
    Entry("course", "Brooksby training", "Steps to work", (N.EDUCATION, N.MONEY, N.CONNECTION), "Four days a week: life skills, confidence, a first certificate. Bus fare refunded, lunch voucher.", ("Charnwood",), ages=(16, 24), checked=None),
    Entry("lunch", "St Mary’s church", "Lunch club", (N.CONNECTION,), "A hot lunch in company, and a lift there and back.", ("Barwell",), ages=(60, None), when="Fridays at 12"),
    Entry("play", "Homestart of the county", "Volunteer home visiting", (N.EARLY_YEARS, N.CONNECTION), "A parent volunteer for two hours a week, for families with a child under five.", ages=(0, 5)),
    Entry("alongside", "Example County Council", "Local Area Coordination", (N.CONNECTION,), "Somebody from the neighbourhood who walks alongside people, starting with what a good life is to them.", ages=(18, None)),
)
# fmt: on


def load(areas: dict[str, Area], agencies: dict[str, Agency], today: date) -> dict[str, Service]:
    return {entry.key: _service(entry, areas, agencies, today) for entry in ENTRIES}


def _service(entry: Entry, areas: dict[str, Area], agencies: dict[str, Agency], today: date) -> Service:
    organisation, _ = Organisation.objects.get_or_create(
        name=entry.organisation, defaults={"agency": agencies.get(entry.organisation)}
    )
    service = Service.objects.create(
        organisation=organisation,
        name=entry.name,
        description=entry.description,
        needs=[need.value for need in entry.needs],
        phone=f"01632 960 {100 + ENTRIES.index(entry)}",
        email=f"{entry.key.replace('_', '-')}@services.example.org",
        where=entry.where,
        when=entry.when,
        min_age=entry.ages[0],
        max_age=entry.ages[1],
        specialist=entry.specialist,
        assured_on=None if entry.checked is None else add_months(today, -entry.checked),
    )
    service.areas.set([areas[name] for name in entry.areas])
    return service
