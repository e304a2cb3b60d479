"""The months after: reviews, the step down that the hub approves, the closure, and the question whether it lasted."""

from earlyhelp.cases.models import Case
from earlyhelp.core.calendar import add_working_days
from tests.browser.grant import BENEFITS, CHILDREN, NEEDS, RENT, TUESDAYS


def sam_reviews(sam, case, clock, *, decision, reading):
    # Six weeks, as its tier has it; where they end on a bank holiday, the day after.
    assert Case.objects.get(reference=case).next_review_on == add_working_days(clock.today, 0)
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
    sam.fill(
        "For a step below tier 2: whom does the family ask, and what do they do if it gets hard again?",
        "Ring the school.",
    )
    sam.tick("Each of them has said yes")
    sam.press("Send to the hub")
    sam.reads("The hub decides within 20")
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
    """Not while an action has nobody, and that is said before anybody types: two are done, one is handed on."""
    sam.visit(f"/cases/{case}/do/close_stepped_down/")
    sam.reads("Not yet: 3 things to do first", BENEFITS, RENT, TUESDAYS)
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
    sam.follow("Record the follow-up")
    sam.choose("What did you find?", "The change has lasted")
    sam.fill("What the family told you", "Still at home, rent paid, no complaints.")
    sam.press("Save the follow-up")
    sam.reads("The episode has ended.")
    assert Case.objects.get(reference=case).follow_up_result == "sustained"
