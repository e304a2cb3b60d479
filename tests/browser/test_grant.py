"""The Grant family, from referral to follow-up, through the pages and five sign-ins (domain.md 17, story 5)."""

import re
from datetime import date

import pytest
from django.core import mail
from django.utils import timezone

from assessments.enums import Reading
from assessments.models import ProgrammeEnrolment
from earlyhelp.cases.models import Case, CaseDeadline
from earlyhelp.cases.sweep import begin_follow_ups
from earlyhelp.directory.models import Need
from earlyhelp.notices.models import Notice
from earlyhelp.notices.services import send_owed
from earlyhelp.partnership.enums import Role
from hubs.services.agenda import gather
from tests.factories import (
    AgencyFactory,
    AreaFactory,
    CaseFactory,
    PersonFactory,
    PostFactory,
    ServiceFactory,
    UserFactory,
    WorkerFactory,
)
from tests.hubs.factories import HubFactory, MeetingFactory, SeatFactory

CHILDREN = {"Tyler": 9, "Demi": 6, "Kai": 3}
NEEDS = (Need.HOUSING, Need.MONEY, Need.RELATIONSHIPS, Need.EDUCATION, Need.CRIME)
BENEFITS, RENT, TUESDAYS = "Claim the right benefits", "Agree how the rent is repaid", "Have the children on Tuesdays"
POLICE_SAID = "Two calls about noise in the spring; no violence."
SECRETS = ("Grant", "Leanne", *CHILDREN, "arrears", "eviction", "anti-social", "rent")


@pytest.fixture
def people(county, clock):
    """Everybody at whose desk this story happens, and the officer of the police who knows the hub."""
    district = AreaFactory(name="North West", parent=county)
    housing, police = AgencyFactory(name="Housing", kind="housing"), AgencyFactory(name="Police", kind="police")
    hub = HubFactory(area=district, name="North West hub")
    MeetingFactory(hub=hub, starts_at=timezone.now() + timezone.timedelta(days=25))
    SeatFactory(hub=hub, user=UserFactory(first_name="Omar", last_name="Pike", agency=police))
    ServiceFactory(name="Benefits advice")
    ServiceFactory(name="Children’s centre")
    PersonFactory(first_name="Leanne", last_name="Grand", born_on=date(1961, 2, 3), area=district)
    return {
        "hana": _seated("hana", "Hana Frost", Role.PRACTITIONER, district, agency=housing),
        "asha": _seated("asha", "Asha Rahman", Role.EH_ACCESS, county),
        "olu": _seated("olu", "Olu Dane", Role.AGENCY_CONTACT, district, agency=police),
        "colm": _seated("colm", "Colm Byrne", Role.HUB_CHAIR, district),
        "sam": _seated("sam", "Sam Whitlock", Role.PRACTITIONER, district, made_by=WorkerFactory),
    }


def _seated(username, name, role, area, *, made_by=UserFactory, **facts):
    first, last = name.split()
    user = made_by(username=username, first_name=first, last_name=last, phone="01632 960 101", **facts)
    return PostFactory(user=user, role=role, area=area).user


def test_the_grants_from_referral_to_follow_up(arrive, people, clock):
    hana, asha, olu, colm, sam = (arrive(people[name]) for name in ("hana", "asha", "olu", "colm", "sam"))
    elsewhere = CaseFactory.led_by(people["sam"], area=people["colm"].posts.get().area)

    referral = hana_refers(hana, clock)
    asha_asks(asha, referral)
    olu_answers(olu)
    case = asha_accepts(asha, referral)
    gather(now=timezone.now())  # the sweep that brings agendas up to date
    clock.forward(days=1)
    colm_allocates(colm, case)
    sam_accepts(sam, case)
    only_her_own_referral(hana, referral, case)
    clock.forward(days=2)
    sam_meets_the_family(sam, case, clock)
    clock.forward(weeks=2, days=4)
    sam_assesses(sam, case)
    clock.forward(weeks=1)
    sam_plans(sam, case, clock)
    hana_sees_her_case_and_no_other(hana, case, elsewhere)
    clock.forward(weeks=6)
    sam_reviews(sam, case, clock, decision="Continue with the plan as it is", reading=Reading.TRYING)
    clock.forward(weeks=6)
    sam_reviews(sam, case, clock, decision="Ask the hub for a step down", reading=Reading.MOSTLY_WELL)
    sam_asks_for_a_step_down(sam)
    clock.forward(days=4)
    colm_approves(colm, case)
    sam_closes(sam, case)
    hana.may_not_visit(f"/cases/{case}/")
    clock.forward(weeks=27)
    begin_follow_ups(now=timezone.now())  # the sweep that time alone calls for
    sam_follows_up(sam, case)
    every_promise_was_kept(case)
    nobody_was_sent_a_name(sam)


# --- Monday: the referral ----------------------------------------------------------------------------------------------


def hana_refers(hana, clock):
    """A search with a typo finds somebody else; the family is written down and referred. Gives the reference."""
    hana.visit("/referrals/")
    hana.follow("Refer a family")
    hana.fill("Name or reference", "Leane Grant")
    hana.press("Search")
    hana.reads("Leanne Grand", "1961")  # the typo is forgiven, and it is not she
    hana.follow("None of these")
    hana.fill("Family name", "Grant")
    hana.select("Where do they live?", "North West")
    hana.fill("First name", "Leanne")
    hana.fill("Surname", "Grant")
    hana.enter_day("Date of birth", date(clock.today.year - 29, 2, 14))
    hana.choose("This first person is a", "Parent")
    hana.press("Write the family down")
    for name, age in CHILDREN.items():
        hana_adds(hana, name, date(clock.today.year - age, 1, 20))
    hana.visit("/families/search/?q=Leane+Grant")  # the same typo finds her now
    hana.row("Leanne Grant").get_by_role("link", name="Refer this family").click()
    hana.press("Start the referral")
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
    hana.reads("Ring")  # a page that cannot be overlooked
    hana.page.go_back()
    hana.visit(re.match(r"/referrals/[^/]+/", hana.path).group())
    hana.follow("Who agrees")
    hana.choose("Does Leanne agree to early help?", "Yes, they agree")
    hana.press("Save")
    part(
        "You and your agency",
        (hana.select, "Who is referring?", "Housing"),
        (hana.fill, "Your telephone number", "01632 960 101"),
    )
    hana.reads("You have completed 7 of 7 parts")
    hana.follow("Check and send")


# --- Monday: triage ----------------------------------------------------------------------------------------------------


def asha_asks(asha, referral):
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
    olu.fill("What is known?", POLICE_SAID)
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


# --- the hub, and the worker ---------------------------------------------------------------------------------------------


def colm_allocates(colm, case):
    """Tier 3 by chair's action, with the agreement of the police, to the worker whom Leanne's wish fits."""
    colm.visit("/")
    colm.follow(f"Urgent: decide {case}")
    colm.reads("Someone who won’t judge.")
    colm.reads_nothing_of(POLICE_SAID)  # a reply is for EH Access alone
    colm.select("Who from another agency agrees?", "Omar Pike, Police")
    colm.choose("What does the hub decide?", "Allocate at tier 3 – Enhanced")
    colm.page.get_by_role("radio", name="Sam Whitlock").check()
    colm.choose("Was the family asked whom they would like?", "Asked")
    colm.fill("What they said, or why they were not asked", "Someone who won’t judge.")
    for service in ("Benefits advice", "Children’s centre"):
        colm.page.get_by_role("checkbox", name=service).check()
    colm.fill("Why, in one line", "A hearing in seven weeks, and three children.")
    colm.press("Record the chair’s action")
    colm.reads("The next meeting will be asked to ratify it.", "Offered to a lead professional")


def sam_accepts(sam, case):
    sam.visit("/")
    sam.follow("Accept")
    sam.follow("Accept or decline this family")
    sam.press("Accept the family")
    sam.reads("You are the lead professional now.", "Tier 3 – Enhanced", "Benefits advice")
    sam.visit(f"/cases/{case}/referral/")
    sam.reads("The children are out late.")
    sam.reads_nothing_of(POLICE_SAID)


def only_her_own_referral(hana, referral, case):
    """The referrer learns who has it, and has no sight of the case."""
    hana.visit(f"/referrals/{referral}/")
    hana.reads("Allocated to", "The hub decides this week.")
    hana.may_not_visit(f"/cases/{case}/")


def sam_meets_the_family(sam, case, clock):
    sam.visit(f"/cases/{case}/")
    sam.follow("Meet the family and record the first contact")
    sam.enter_day("When did you first meet the family?", clock.today)
    sam.fill("Who did you see?", "Leanne, Tyler, Demi and Kai, at home.")
    sam.press("Save first contact")
    sam.reads("First contact recorded.", "Start the assessment with the family")


def sam_assesses(sam, case):
    """Five needs of ten, each child in their own way, and what it all means; it cannot be completed before."""
    sam.visit(f"/cases/{case}/")
    sam.follow("Start the assessment with the family")
    sam.press("Start")
    sam.follow("See what is missing")
    sam.reads("still to do")
    sam.follow("Back to the assessment")
    for need in (need for need in Need if need != Need.CONNECTION):
        sam_writes_about(sam, need)
    sam_hears(sam, "Tyler", "In their own words", "“I want to stay in my school.”")
    sam_hears(sam, "Demi", "By drawing or play", "A house with a big door, and Mum in it.")
    sam_hears(
        sam, "Kai", "By watching and listening, for a child too young to say", "Plays by himself; looks for Demi."
    )
    sam_says_what_it_means(sam)
    sam.follow("See what is missing")
    sam.reads("Nothing is missing.")
    sam.press("Complete the assessment")
    sam.reads("The assessment is completed.", "A house with a big door", "May count for the programme")
    assert ProgrammeEnrolment.objects.filter(case__reference=case).exists()


def sam_writes_about(sam, need):
    sam.follow(need.label)
    sam.choose("Does the family need help with this?", "Yes" if need in NEEDS else "No")
    if need in NEEDS:
        sam.fill("What is going well", "They talk about it.")
        sam.fill("What we are worried about", "It gets worse when nobody asks.")
        sam.fill("What needs to change", "“I want to sleep at night.”")
        sam.choose("How is it for the family now?", Reading.HARD.label)
    sam.press("Save")
    sam.reads("Saved.")


def sam_hears(sam, child, how, words):
    sam.follow(f"What {child} says")
    sam.choose("How did they tell you?", how)
    sam.fill("What they said or showed", words)
    sam.press("Save")
    sam.reads("Saved.")


def sam_says_what_it_means(sam):
    sam.follow("What it all means")
    sam.choose("Is everybody who lives in the household listed", "Yes")
    sam.fill("What the parents or carers say", "“I just want us to keep the house.”")
    sam.fill("What is going well", "A grandmother who helps.")
    sam.fill("What we are worried about", "Losing the home.")
    sam.fill("What needs to change", "The rent, and the evenings.")
    sam.choose("Level of need", "3 – Several agencies")
    sam.fill("Why this level", "Housing, school and health must act together.")
    sam.choose("Does the family have a copy?", "Yes, they have a copy")
    sam.press("Save")
    sam.reads("Saved.")


# --- the plan ------------------------------------------------------------------------------------------------------------


def sam_plans(sam, case, clock):
    """The team, the goals and who does what; the meeting, and the family's yes."""
    sam.visit(f"/cases/{case}/team/")
    sam_adds_to_the_team(sam, user="Hana Frost, Housing")
    sam_adds_to_the_team(sam, name="Pearl Grant, grandmother")
    sam.visit(f"/cases/{case}/plan/")
    sam_sets(sam, "We stay in our home", Need.HOUSING, {BENEFITS: "Sam Whitlock", RENT: "Hana Frost"}, clock)
    sam_sets(sam, "Calm evenings", Need.RELATIONSHIPS, {TUESDAYS: "Nan"}, clock)
    sam.visit(f"/assessments/{case}/meetings/plan/")
    starts_at = timezone.localtime() + timezone.timedelta(minutes=5)
    sam.enter_day("When?", starts_at)
    sam.fill("Where?", "The school hall")
    sam.choose("Is it by telephone or video?", "No")
    sam.choose("Invite the team now?", "Yes")
    sam.press("Plan the meeting")
    sam.reads("The meeting is planned.", "Invitations sent")
    clock.forward(minutes=10)
    sam.visit(f"/cases/{case}/")
    sam.follow("Record the first TAF meeting")
    sam.page.get_by_role("checkbox", name="Sam Whitlock").check()
    sam.page.get_by_role("checkbox", name="Hana Frost").check()
    sam.page.get_by_role("checkbox", name="Leanne Grant").check()
    sam.fill("What was said and agreed", "Everybody takes one thing.")
    sam.press("Record the meeting")
    sam.visit(f"/cases/{case}/")
    sam.follow("Agree the plan with the family")
    sam.choose("Who of the family agreed to the plan?", "Leanne Grant")
    sam.fill("What did they say?", "“We can do this.”")
    sam.press("The plan is agreed")
    sam.reads("Agreed with the family", "“We can do this.”")


def sam_adds_to_the_team(sam, *, user="", name=""):
    sam.follow("Add somebody")
    if user:
        sam.select("A practitioner who uses Early Help", user)
        sam.choose("What are they on the team?", "TAF member")
    else:
        sam.fill("Or the name of somebody without an account", name)
        sam.choose("What are they on the team?", "Family or friend")
    sam.press("Add to the team")
    sam.reads("Added to the team.", user.split(",")[0] or name)


def sam_sets(sam, words, need, actions, clock):
    """A goal in the family's words, with an action for each who does something."""
    sam.follow("Add a goal")
    sam.fill("What does the family want to be different?", words)
    sam.select("Which need does it answer?", need.label)
    sam.press("Add the goal")
    for what, whose in actions.items():
        sam.page.get_by_role("link", name=f"Add an action for {words}").click()
        sam.fill("What will be done?", what)
        if whose == "Nan":
            sam.fill("Or somebody of the family, or without an account", whose)
        else:
            sam.select("Who does it? Somebody on the team", whose)
        sam.enter_day("By when?", clock.today + timezone.timedelta(weeks=12))
        sam.fill("How will we know that it worked?", "Everybody says so.")
        sam.press("Add the action")
        sam.reads("Action added.", what)


def hana_sees_her_case_and_no_other(hana, case, elsewhere):
    """On the team she reads the plan; not what the police said, not another family of the same worker, and no list but hers."""
    hana.visit(f"/cases/{case}/plan/")
    hana.reads(RENT)
    hana.visit(f"/cases/{case}/referral/")
    hana.reads_nothing_of(POLICE_SAID)
    hana.may_not_visit(elsewhere.get_absolute_url())
    hana.visit("/cases/")
    hana.reads("1 case", case)
    hana.reads_nothing_of(elsewhere.reference)
    hana.visit(f"/assessments/{case}/plan/print/")  # the copy that the grandmother is given too
    hana.reads(TUESDAYS)
    hana.reads_nothing_of("anti-social", "noise", "£2,340")


# --- reviews, down, and out ------------------------------------------------------------------------------------------------


def sam_reviews(sam, case, clock, *, decision, reading):
    assert Case.objects.get(reference=case).next_review_on == clock.today  # six weeks, as its tier has it
    sam.visit(f"/cases/{case}/")
    sam.follow("Hold the review and record it")
    sam.enter_day("When was the review?", clock.today)
    for what in (BENEFITS, RENT, TUESDAYS):
        sam.fill(what, "It goes well.")
    for need in NEEDS:
        sam.choose(f"{need.label}: how is it now?", reading.label)
    for child in CHILDREN:
        sam.choose(f"How did {child} say how it is now?", "In their own words")
        sam.fill(f"What {child} said or showed", "“It is quieter.”")
    sam.fill("What was said and found", "Rent is down to £900; no complaint since the last time.")
    sam.choose("Is the risk lower or higher than last time?", "Lower than last time")
    sam.choose("What happens next?", decision)
    sam.press("Record the review")
    sam.reads("The review is recorded.")


def sam_asks_for_a_step_down(sam):
    """The evidence is asked for at once, and below tier 2 also who carries on."""
    sam.choose("Which tier do you ask for?", "Step down to 1 – Universal")
    sam.fill("What has changed since the last review?", "The rent is paid and the hearing withdrawn.")
    sam.fill("What has been tried, and what do the readings show?", "Up in every need.")
    sam.fill("What do the children and the parents say?", "“We manage.”")
    sam.choose("Does the family agree to this request?", "The family agrees")
    sam.fill("What they said, or why they were not asked", "“We manage.”")
    sam.fill("What is the risk if nothing changes?", "Depending on me.")
    sam.fill("What exactly is wanted?", "The school and the children’s centre carry on.")
    sam.press("Send to the hub")
    sam.reads("below tier 2 the case closes, and the family is not left alone")
    sam.fill("For a step below tier 2: who carries on each remaining action?", "School family worker: routines.")
    sam.fill("For a step below tier 2: what does the family do if it gets hard again?", "Ring the school.")
    sam.press("Send to the hub")
    sam.reads("The hub has it on its agenda")
    sam.reads_nothing_of("Chair’s action")  # nobody decides their own request


def colm_approves(colm, case):
    colm.visit(f"/hubs/chairs-action/{case}/")
    colm.reads("School family worker: routines.")
    colm.select("Who from another agency agrees?", "Omar Pike, Police")
    colm.choose("What does the hub decide?", "Approve the step")
    colm.fill("Why, in one line", "Up in every need, and somebody carries on.")
    colm.press("Record the chair’s action")
    colm.reads("Closure proposed")


def sam_closes(sam, case):
    """Not while an action has nobody: two are done, one is handed on."""
    sam.visit(f"/cases/{case}/do/close_stepped_down/")
    sam_fills_the_closure(sam)
    sam.reads("There is a problem", "3 actions are unfinished")
    sam_updates(sam, case, BENEFITS)
    sam_updates(sam, case, RENT)
    sam.visit(f"/cases/{case}/plan/")
    sam.page.get_by_role("link", name=f"Update {TUESDAYS}").click()
    sam.follow("Hand it on")
    sam.fill("Who carries it on after early help?", "Pearl Grant, with the children’s centre")
    sam.press("Save")
    sam.reads("Handed on")
    sam.visit(f"/cases/{case}/")
    sam.follow("Hand over what is left and close the case")
    sam_fills_the_closure(sam)
    sam.reads("The case is closed.")
    ended = Case.objects.get(reference=case)
    assert (ended.status, ended.tier, ended.end_reason) == ("closed", 1, "outcomes_met")


def sam_updates(sam, case, action):
    sam.visit(f"/cases/{case}/plan/")
    sam.page.get_by_role("link", name=f"Update {action}").click()
    sam.choose("How is it going?", "Done")
    sam.fill("What happened", "Done, and it holds.")
    sam.press("Save")
    sam.reads("Saved.")


def sam_fills_the_closure(sam):
    sam.choose("Why is it ending?", "Outcomes met")
    sam.fill("What has changed", "Benefits right, rent paid, hearing withdrawn.")
    sam.fill("What the children and the parents say", "“I know whom to ask now.”")
    sam.choose("May we contact the family in six months", "Yes")
    sam.press("Close the case")


def sam_follows_up(sam, case):
    sam.visit(f"/cases/{case}/")
    sam.follow("Ask the family whether the change has lasted")
    sam.choose("What did you find?", "The change has lasted")
    sam.fill("What the family told you", "Still at home, rent paid, no complaints.")
    sam.press("Save the follow-up")
    sam.reads("The episode has ended.")
    assert Case.objects.get(reference=case).follow_up_result == "sustained"


# --- and then ----------------------------------------------------------------------------------------------------------------


def every_promise_was_kept(case):
    """In time, every one that was not released; a follow-up begins when it falls due, and its answer is what is awaited."""
    promises = CaseDeadline.objects.filter(owner__reference=case, void_at=None)
    kept = {each.code for each in promises if each.met_at and each.met_at <= each.due_at}
    assert {"D_URGENT_HUB", "D_ACCEPT", "D_FIRST_CONTACT", "D_ASSESS", "D_FIRST_TAF", "D_STEP", "D_CLOSE"} <= kept
    assert {each.code for each in promises} - kept == {"D_FOLLOW_UP"}


def nobody_was_sent_a_name(sam):
    """Everything that was owed is sent, in the morning's digest too: a reference and a link, and nothing of the family."""
    sent = send_owed(now=timezone.now() + timezone.timedelta(days=2))
    assert sent >= 5
    told = [f"{each.subject} {each.body}" for each in mail.outbox]
    told += [f"{each.title} {each.url}" for each in Notice.objects.all()]
    assert [(secret, text) for secret in SECRETS for text in told if re.search(rf"\b{secret}\b", text, re.I)] == []
    sam.visit("/notices/")
    sam.reads_nothing_of(*SECRETS[:5])
