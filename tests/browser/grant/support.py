"""Four weeks: the hub allocates, the worker accepts, meets the family, assesses, and agrees a plan with the team."""

from datetime import timedelta

from django.utils import timezone

from assessments.enums import Reading
from assessments.models import HeadingNote, ProgrammeEnrolment
from assessments.services.assessing import save_heading
from earlyhelp.directory.models import Need
from tests.browser.grant import BENEFITS, NEEDS, POLICE_SAID, RENT, TUESDAYS

SAID = {
    "strengths": "They talk about it.",
    "worries": "It gets worse when nobody asks.",
    "needs_to_change": "“I want to sleep at night.”",
}

# --- the hub, and the worker ---------------------------------------------------------------------------------------------


def colm_allocates(colm, case):
    """Tier 3 by chair's action, with the agreement of the police, to the worker whom Leanne's wish fits."""
    colm.visit("/")
    colm.follow(f"({case}) by chair’s action")
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
    sam.follow("Record the first contact")
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
    sam_writes_about(sam, NEEDS[0])
    the_other_headings_alike(sam, case)
    sam.visit(f"/cases/{case}/assessment/")
    sam_hears(sam, "Tyler", "In their own words", "“I want to stay in my school.”")
    sam_hears(sam, "Demi", "By drawing or play", "A house with a big door, and Mum in it.")
    sam_hears(
        sam, "Kai", "By watching and listening, for a child too young to say", "Plays by himself; looks for Demi."
    )
    sam_says_what_it_means(sam)
    sam.follow("See what is missing")
    sam.reads("Nothing is missing.")
    sam.choose("Does the family have a copy of this assessment?", "Yes, they have a copy")
    sam.press("Complete the assessment")
    sam.reads("The assessment is completed.", "A house with a big door", "May count for the programme")
    assert ProgrammeEnrolment.objects.filter(case__reference=case).exists()


def sam_writes_about(sam, need):
    sam.follow(need.label)
    sam.choose("Does the family need help with this?", "Yes")
    sam.fill("What is going well", SAID["strengths"])
    sam.fill("What we are worried about", SAID["worries"])
    sam.fill("What needs to change", SAID["needs_to_change"])
    sam.choose("How is it for the family now?", Reading.HARD.label)
    sam.press("Save")
    sam.reads("Saved.")


def the_other_headings_alike(sam, case):
    """Four more needs, and five that are none, by what the page calls: to see it ten times would prove no more."""
    need = SAID | {"is_need": True, "reading": Reading.HARD}
    for note in HeadingNote.objects.filter(assessment__case__reference=case).exclude(heading=NEEDS[0]):
        said = need if note.heading in NEEDS else {"is_need": False}
        save_heading(note, by=sam.user, now=timezone.now(), **said)


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
    starts_at = timezone.localtime() + timedelta(minutes=5)
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
    sam.choose("Who of the family agreed to the plan?", "Leanne Grant, parent")
    sam.fill("What did Leanne say?", "“We can do this.”")
    sam.press("The plan is agreed")
    sam.reads("Agreed with the family", "“We can do this.”")


def sam_adds_to_the_team(sam, *, user="", name=""):
    sam.follow("Add somebody")
    if user:
        sam.select("A practitioner who uses Early Help", user)
        sam.choose("What are they on the team?", "TAF member")
        why = "If somebody of the family has not said yes to their agency: why do they join all the same?"
        sam.fill(why, "They said yes at home today.")
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
        sam.enter_day("By when?", clock.today + timedelta(weeks=12))
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
