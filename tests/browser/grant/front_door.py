"""Monday: the housing officer refers, EH Access asks the police, the police answer, EH Access accepts."""

import re
from datetime import date

from django.utils import timezone

from earlyhelp.cases.models import Case
from earlyhelp.families.models import Family
from earlyhelp.families.services import write_down_member
from tests.browser.grant import CHILDREN, POLICE_SAID

# --- the referral ------------------------------------------------------------------------------------------------------


def hana_refers(hana, clock):
    """A search with a typo finds somebody else; the family is written down and referred. Gives the reference."""
    hana.visit("/referrals/")
    hana.follow("Refer a family")
    hana.fill("Name or reference", "Leane Grant")
    hana.press("Search")
    hana.reads("Leanne Grand", "1961")  # the typo is forgiven, and it is not she
    hana.follow("None of these")
    hana.fill("Family name", "Grant")
    hana.select("Where do they live?", "North West (district)")
    hana.fill("First name", "Leanne")
    hana.fill("Surname", "Grant")
    hana.enter_day("Date of birth", date(clock.today.year - 29, 2, 14))
    hana.choose("This first person is a", "Parent")
    hana.press("Write the family down")
    hana_adds(hana, "Tyler", date(clock.today.year - CHILDREN["Tyler"], 1, 20))
    the_younger_two_are_added_alike(hana, clock)
    hana.visit("/families/search/?q=Leane+Grant")  # the same typo finds her now
    hana.row("Leanne Grant").get_by_role("button", name="Refer this family").click()
    hana.reads("Who is in the family")
    hana.follow("Back to the list: what you typed is kept")
    hana_fills_the_seven_parts(hana)
    hana.reads("Leanne Grant: agreed", "Rent is £2,340 behind")
    hana.press("Send to EH Access")
    hana.reads("Referral sent")
    return re.search(r"R-\d{4}-\d+", hana.page.locator("main").inner_text()).group()


def hana_adds(hana, name, born_on):
    hana.follow("Add somebody")
    hana.fill("Name or reference", f"{name} Grant")
    hana.press("Search")
    hana.follow("None of these")
    hana.fill("First name", name)
    hana.fill("Surname", "Grant")
    hana.enter_day("Date of birth", born_on)
    hana.choose("In this family they are a", "Child")
    hana.choose("Do they live in this household?", "Yes")
    hana.press("Save")
    hana.reads("Added to the family.", f"{name} Grant")


def the_younger_two_are_added_alike(hana, clock):
    """By what the page calls: to see it three times would prove no more."""
    family = Family.objects.get(name="Grant")
    for name in ("Demi", "Kai"):
        write_down_member(
            family, first_name=name, last_name="Grant", born_on=date(clock.today.year - CHILDREN[name], 1, 20),
            role="child", lives_in_household=True, home={}, by=hana.user, now=timezone.now(),
        )  # fmt: skip


def hana_fills_the_seven_parts(hana):
    def part(title, *answers):
        hana.follow(title)
        for answer, *what in answers:
            answer(*what)
        hana.press("Save and go back to the list")

    hana.reads("You have completed 1 of 7 parts")
    part("Who is in the family", (hana.tick, "I have checked who is in the family"))
    part(
        "Why now",
        (hana.fill, "Why now?", "Rent is £2,340 behind and the hearing is in seven weeks."),
        (hana.fill, "What have you tried, and what came of it?", "A payment plan, broken twice."),
    )
    part("What the family wants", (hana.fill, "What does the family want to be different?", "Someone who won’t judge."))
    part(
        "Strengths and worries",
        (hana.choose, "Where is help needed?", "Secure housing"),
        (hana.fill, "What is going well?", "Their grandmother is near."),
        (hana.fill, "What are you worried about?", "Four complaints of anti-social behaviour in three months."),
    )
    hana.follow("Safety and urgency")
    hana.choose("May anybody be at risk of serious harm?", "I am not sure")
    hana.fill("What makes you think so?", "The children are out late.")
    hana.choose("Is it urgent?", "Yes")
    hana.fill("What makes it urgent, and by when?", "The possession hearing, in seven weeks.")
    hana.press("Save and go back to the list")
    hana.reads("Ring now: this form does not do it for you")  # a page that cannot be overlooked
    hana.follow("I have rung")
    part("Who agrees", (hana.choose, "Does Leanne agree to early help?", "Yes, they agree"))
    part(
        "You and your agency",
        (hana.select, "Who is referring?", "Housing"),
        (hana.fill, "Your telephone number", "01632 960 101"),
    )
    hana.reads("You have completed 7 of 7 parts")
    hana.follow("Check and send")


# --- triage -------------------------------------------------------------------------------------------------------------


def asha_asks(asha):
    asha.visit("/referrals/triage/")
    asha.reads("Grant family", "Urgent", "Safety worry")
    asha.follow("Grant family")
    asha.follow("Take")
    asha.press("Take this referral")
    asha.reads("It is yours now.")
    asha.follow("Ask agencies")
    asha.choose("Whom do you ask?", "Police")
    asha.fill("What do you ask?", "What do you know of this address in the last year?")
    asha.page.get_by_role("group", name="Why may you ask?").get_by_role("radio").first.check()
    asha.press("Send the question")
    asha.reads("Asking agencies", "Police")


def olu_answers(olu):
    """The question, the names and the years of birth, and nothing else of the referral."""
    olu.visit("/referrals/requests/")
    olu.page.locator("tbody a").click()
    olu.reads("What do you know of this address", "Tyler Grant")
    olu.reads_nothing_of("£2,340", "won’t judge")
    olu.choose("What is your answer?", "We know something that may help")
    olu.fill("What else would help to decide?", POLICE_SAID)
    olu.press("Send the answer")
    olu.reads("EH Access has your answer")


def asha_accepts(asha, referral):
    """Inside the working day, as urgent. Gives the reference of the case."""
    asha.visit(f"/referrals/triage/{referral}/")
    asha.reads(POLICE_SAID)
    asha.follow("Progress to the hub")
    asha.choose("Level of need", "3 – Several agencies")
    asha.choose("Which tier do you propose to the hub?", "3 – Enhanced")
    asha.choose("Is it too urgent for the next meeting?", "Yes")
    asha.fill("Why is this the right decision?", "Below child in need; several agencies, and a hearing in seven weeks.")
    asha.fill("Message to the referrer", "The hub decides this week.")
    asha.choose("Has the family been told?", "Yes")
    asha.press("Progress to the hub")
    asha.reads("The family waits for the hub now", "Accepted for early help")
    return Case.objects.get(family__name="Grant").reference
