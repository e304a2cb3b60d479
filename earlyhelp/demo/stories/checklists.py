"""Who was asked what might help: Gwen, Mary and her children, and some others; each suggestion answered in their own way.

Stories 1 and 4 of domain.md 17, as far as the checklist goes; Gwen’s own story goes on from the introduction made here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from earlyhelp.demo.clock import Since, born
from earlyhelp.demo.county import County
from earlyhelp.demo.households import Household, Member, settle
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.directory.transitions import onward
from earlyhelp.families.enums import FamilyRole, Sex
from referrals.enums import AskedAbout, Channel, Safeguarding, SourceKind
from referrals.models import ChecklistResponse, Contact
from referrals.services.checklist import begin
from referrals.services.contacts import record_contact
from referrals.transitions import checklist as deeds
from referrals.transitions import contact as answers

SAID_YES = {"given_by": "person", "given_how": "phone"}
RANG: dict[str, Any] = {
    "channel": Channel.PHONE,
    "source_kind": SourceKind.FAMILY,
    "safeguarding": Safeguarding.NO,
}


def ask_gwen(county: County, now: datetime) -> str:
    """Gwen asks for a day centre: Ruth asks what might help. Returns the reference of the introduction that came of it."""
    ruth, area = county.people["ruth"], county.areas["Barwell"]
    named: dict[str, Any] = {"first_name": "Gwen", "last_name": "Harlow", "born_on": born(92, now=county.now, days=120)}
    contact = record_contact(
        by=ruth,
        now=now,
        received_at=now,
        said="I should like a place at a day centre. The days are long.",
        area=area,
        **RANG,
        **named,
    )
    numbered = named | {"sex": Sex.FEMALE, "nhs_number": "9990001014"}
    response = begin(contact=contact, about=AskedAbout.ADULT, agreed_by="Gwen herself", by=ruth, now=now, **numbered)
    said = {"memory": "yes", "lives_alone": "yes", "lonely": "yes", "falls": "no", "money": "no", "hurt": "no"}
    notes = {"memory": "She has a diagnosis of dementia, and says so herself."}
    deeds.answer(response, by=ruth, now=now, voice="adult", answers=said, comments=notes)
    talk = Talk(response, ruth, now)
    introduced = talk.agree(
        "alongside",
        words="She asked for a day centre. She would like company, and somewhere to go in the week.",
        reach="A visit in the morning; she forgets telephone calls.",
        **SAID_YES,
    )
    talk.decline("care_needs", note="I would rather try the groups first.")
    talk.decline("memory", note="Not another stranger. Perhaps whoever comes will tell me more.")
    talk.decline("company", note="One thing at a time: first the lady who visits.")
    talk.agree("see_a_doctor", note="She goes next week in any case.")
    advice = "A coordinator from her neighbourhood visits her this week, and looks with her for company nearby."
    answers.advise(_again(contact), by=ruth, now=now, advice=advice)
    return introduced.went_reference


class Talk:
    """What somebody says to each suggestion."""

    def __init__(self, response: ChecklistResponse, by: Any, now: datetime) -> None:
        self.response, self.by, self.now = response, by, now

    def agree(self, code: str, **said: Any) -> Any:
        return self._say(deeds.agree, code, said)

    def decline(self, code: str, **said: Any) -> Any:
        return self._say(deeds.decline, code, said)

    def not_now(self, code: str, **said: Any) -> Any:
        return self._say(deeds.not_now, code, said)

    def _say(self, deed: Callable[..., Any], code: str, said: dict[str, Any]) -> Any:
        return deed(self.response.suggestions.get(rule__code=code), by=self.by, now=self.now, **said)


def tell(county: County) -> None:
    start = county.since(weeks=4)
    county.diary.write(start.at(hour=11), lambda now: _mary(county, now))
    for number, (name, age, area, said, note) in enumerate(OTHERS):
        rang = county.since(working_days=3 + 4 * number)
        county.diary.write(rang.at(hour=15), _other(county, name, age, area, said, note))
        if name == CARER:
            _helped_by_age_uk(county, rang)


ELLIS = Household(
    "Ellis",
    "Melton Mowbray",
    (
        Member("Mary", 47, FamilyRole.PARENT, Sex.FEMALE, nhs="9990001049"),
        Member("Owain", 15, sex=Sex.MALE),
        Member("Carys", 12, sex=Sex.FEMALE),
    ),
)


def _mary(county: County, now: datetime) -> None:
    """One list for her and for the children, because there are children. What CAMHS does already is not done twice."""
    ruth = county.people["ruth"]
    family = settle(county, ELLIS, by=ruth, now=now)
    mary = family.memberships.get(role=FamilyRole.PARENT).person
    facts = RANG | {"source_kind": SourceKind.GP, "caller_name": "The practice nurse", "family": family}
    said = "Bereaved three years ago, and made redundant since. She would like to talk, and to work again."
    contact = record_contact(by=ruth, now=now, received_at=now, said=said, **facts)
    response = begin(contact=contact, person=mary, about=AskedAbout.BOTH, agreed_by="Mary herself", by=ruth, now=now)
    adult = {"loss": "yes", "money": "yes", "work": "yes", "children": "yes", "mind": "unsure", "hurt": "no"}
    deeds.answer(response, by=ruth, now=now, voice="adult", answers=adult)
    children = {"learning": "yes", "school": "no", "drawn_in": "no"}
    notes = {"learning": "Both are known to CAMHS."}
    response = deeds.answer(response, by=ruth, now=now, voice="child", answers=children, comments=notes)
    talk = Talk(response, ruth, now)
    talk.not_now("children_too", note="Not now: CAMHS is enough for them.")
    talk.agree(
        "bereaved",
        elsewhere="Age UK, who come to her at home",
        note="She would like somebody who comes to her.",
        **SAID_YES,
    )
    talk.agree("work", elsewhere="Courses at the library", **SAID_YES)
    talk.decline("school", note="Their school and CAMHS see to it.")
    answers.advise(_again(contact), by=ruth, now=now, advice="Age UK visits, and looks at money and courses with her.")


CARER = "Dot Lacey"
# Others who rang: who, at what age, where, what they answered, and a note.
# fmt: off
OTHERS: tuple[tuple[str, int, str, dict[str, str], str], ...] = (
    ("Harold Ness", 79, "Blaby", {"falls": "yes", "lives_alone": "yes", "warm": "yes", "lonely": "no"}, "He fell in June."),
    (CARER, 68, "Melton", {"carer": "yes", "lonely": "yes", "health": "unsure"}, "Her husband cannot be left."),
    ("Ravi Anand", 34, "Charnwood", {"money": "yes", "work": "yes", "home_at_risk": "unsure"}, "Two months behind."),
    ("Edie Marsh", 84, "Barwell", {"memory": "unsure", "everyday": "yes", "lonely": "yes"}, "She manages, she says."),
    ("Tom Birkett", 51, "Charnwood", {"substances": "yes", "loss": "yes", "lives_alone": "yes"}, "Since the spring."),
)
# fmt: on


def _other(
    county: County, name: str, age: int, area: str, said: dict[str, str], note: str
) -> Callable[[datetime], None]:
    def ring(now: datetime) -> None:
        ruth = county.people["ruth"]
        first, last = name.split()
        named: dict[str, Any] = {
            "first_name": first,
            "last_name": last,
            "born_on": born(age, now=county.now, days=60 + age),
        }
        contact = record_contact(
            by=ruth, now=now, received_at=now, said="What is there for me?", area=county.areas[area], **RANG, **named
        )
        response = begin(
            contact=contact, about=AskedAbout.ADULT, agreed_by="They themselves", by=ruth, now=now, **named
        )
        notes = {next(iter(said)): note}
        deeds.answer(response, by=ruth, now=now, voice="adult", answers=said, comments=notes)
        answers.advise(_again(contact), by=ruth, now=now, advice="We went through what might help, one by one.")

    return ring


def _helped_by_age_uk(county: County, rang: Since) -> None:
    """She cares for her husband and sees nobody: she chooses Age UK. Joan reads it next morning, and has been there since."""
    ruth, joan = county.people["ruth"], county.people["joan"]

    def say_yes(now: datetime) -> None:
        why = "She cannot leave her husband alone. She would like company at home, and a lunch club one day."
        talk = Talk(ChecklistResponse.objects.get(person__last_name="Lacey"), ruth, now)
        reach = "Ring after ten, when the nurse has been."
        talk.agree("company", service=county.services["age"], words=why, reach=reach, **SAID_YES)

    def answered(deed: Callable[..., Any], **said: Any) -> Callable[[datetime], None]:
        return lambda now: deed(OnwardReferral.objects.get(person__last_name="Lacey"), by=joan, now=now, **said)

    visit = rang.at(3).date()
    county.diary.write(rang.at(hour=15, minute=30), say_yes)
    county.diary.write(rang.at(1, hour=9), answered(onward.receive))
    county.diary.write(rang.at(1, hour=10), answered(onward.accept, expected_on=visit))
    county.diary.write(rang.at(3, hour=12), answered(onward.start, started_on=visit))


def _again(contact: Contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)
