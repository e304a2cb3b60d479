"""Where what is kept about somebody stands, kind for kind: a table, so that the next kind is a line and none is forgotten.

Each kind says by which ways it is about one person, or about a whole family. A kind of the retention plan that stands neither
here nor under ``NOT_TOLD`` fails a test.
"""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """``on``: its day. ``tells``: the fields that are read out. ``people`` and ``families``: ways to whom it is about.

    ``others``: fields that name people; ``outside``: it tells of somebody who is not of the family.
    ``weighed``: handed over it could do harm by itself, so that somebody decides on each.
    """

    label: str
    words: str
    on: str
    tells: str
    people: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    who: str = ""
    others: tuple[str, ...] = ()
    outside: bool = False
    weighed: bool = False

    @property
    def fields(self) -> list[str]:
        return self.tells.split()


CASE = ("case__family",)
OF_REFERRAL = ("referral__family",)
PLAN = ("plan__case__family",)
PERSON = ("person",)

KINDS = (
    Kind(
        "families.Person",
        "Who they are",
        "created_at",
        "first_name last_name known_as born_on expected_on died_on sex nhs_number upn phone email language "
        "interpreter communication",
        people=("pk",),
    ),
    Kind("families.Address", "Where they live or lived", "from_on", "shown from_on until_on", people=PERSON),
    Kind(
        "families.FamilyMembership",
        "Whose family they are of",
        "from_on",
        "family role lives_in_household from_on until_on",
        people=PERSON,
    ),
    Kind(
        "families.Relationship",
        "How they are related",
        "ended_on",
        "sentence parental_responsibility error_reason",
        people=("person", "other"),
        others=("person", "other"),
    ),
    Kind(
        "families.PregnancyLoss",
        "A pregnancy that ended",
        "ended_on",
        "told error_reason",
        people=("mother",),
        others=("father",),
        who="recorded_by",
    ),
    Kind(
        "families.Bond",
        "How two people get on, as somebody saw it",
        "said_on",
        "sentence error_reason",
        people=("person", "other"),
        others=("person", "other", "said_by"),
        who="recorded_by",
    ),
    Kind(
        "families.Agreement",
        "Agreement",
        "recorded_at",
        "status why_not given_by how capacity_note",
        people=PERSON,
        others=("parent",),
        who="recorded_by",
    ),
    Kind(
        "families.StatutoryStatus",
        "What a service with legal duties said",
        "from_on",
        "status social_worker source",
        people=PERSON,
        who="recorded_by",
    ),
    Kind(
        "families.SignificantEvent",
        "What happened",
        "happened_on",
        "kind text agency private_to_agency error_reason",
        people=PERSON,
        families=("family",),
        who="recorded_by",
    ),
    Kind(
        "sharing.Permission",
        "What they wish to be told",
        "at",
        "whom agency kind wish limits given_by how capacity_note until_on",
        people=PERSON,
        others=("parent",),
        who="by",
    ),
    Kind(
        "sharing.Disclosure",
        "What was told to somebody",
        "at",
        "told_on recipient what purpose basis reason family_told not_told_why",
        people=("people",),
        others=("people",),
        who="by",
    ),
    Kind("documents.Document", "A document, by its title", "uploaded_at", "title kind", families=("family",)),
    Kind(
        "directory.OnwardReferral",
        "Referral to a service",
        "made_at",
        "reference service why reach status limits capacity_note returned_note outcome helped helped_note",
        people=PERSON,
        who="made_by",
    ),
    Kind(
        "referrals.Contact",
        "Contact with us",
        "received_at",
        "channel source_kind caller_name first_name last_name born_on said",
        families=("family", "case__family", "referral__family", "handover__family"),
        who="author",
        outside=True,
    ),
    Kind(
        "referrals.Referral",
        "Referral",
        "submitted_at",
        "reference source_kind people_note why_now tried wants strengths worries safeguarding_detail urgent_why "
        "no_agreement_reason plan_ahead closing_summary withdrawn_why second_look_note",
        families=("family", "case__family"),
        who="author",
    ),
    Kind(
        "referrals.TriageDecision",
        "What was decided on the referral",
        "at",
        "kind reason message advice went_to",
        families=OF_REFERRAL,
        who="by",
    ),
    Kind(
        "referrals.ReferralLetter",
        "Letter",
        "at",
        "subject body",
        families=("owner__family",),
        who="by",
        outside=True,
    ),
    Kind("referrals.ReferralMessage", "Message", "at", "text", families=OF_REFERRAL, who="by"),
    Kind(
        "referrals.InformationRequest",
        "Question to an agency",
        "asked_at",
        "agency question known decline_reason",
        families=OF_REFERRAL,
        who="asked_by",
    ),
    Kind(
        "referrals.SocialCareHandover",
        "Hand-over to social care",
        "sent_at",
        "about concern source family_told not_told_why spoken_to answer closing_summary",
        families=("family", "case__family", "referral__family"),
        who="author",
    ),
    Kind(
        "referrals.HandoverCall",
        "Call to social care",
        "at",
        "spoken_to said",
        families=("handover__family", "handover__case__family", "handover__referral__family"),
        who="by",
    ),
    Kind("referrals.ChecklistResponse", "Checklist", "at", "about age agreed_by status", people=PERSON, who="by"),
    Kind(
        "referrals.ChecklistAnswer",
        "Answer on a checklist",
        "response.at",
        "question value comment",
        people=("response__person",),
    ),
    Kind(
        "referrals.Suggestion",
        "What the answers suggested",
        "response.at",
        "title explanation because note",
        people=("response__person",),
    ),
    Kind(
        "cases.Case",
        "Early help case",
        "accepted_at",
        "reference status tier level_of_need request opened_on closed_on end_reason not_opened_reason closure_summary "
        "follow_up_note",
        families=("family",),
    ),
    Kind(
        "cases.TeamMember",
        "Who was in the team",
        "from_at",
        "user name role agency until_at all_the_same",
        families=CASE,
    ),
    Kind(
        "cases.TierChange", "Change of tier", "decided_at", "from_tier to_tier reason", families=CASE, who="decided_by"
    ),
    Kind(
        "disagreements.Disagreement",
        "Disagreement of professionals",
        "raised_at",
        "decision why meanwhile outcome",
        families=("family", "case__family"),
        who="raised_by",
    ),
    Kind(
        "assessments.Assessment",
        "Assessment",
        "started_at",
        "going_well worried_about needs_to_change parents_views level_of_need level_reason",
        families=CASE,
        who="started_by",
    ),
    Kind(
        "assessments.HeadingNote",
        "Assessment, one heading",
        "assessment.started_at",
        "heading strengths worries needs_to_change",
        families=("assessment__case__family",),
    ),
    Kind(
        "assessments.Voice",
        "In their own words",
        "recorded_at",
        "how words why_not",
        people=("child",),
        who="recorded_by",
    ),
    Kind("assessments.Plan", "Plan", "agreed_on", "contingency", families=CASE),
    Kind("assessments.PlanAgreement", "What they said of the plan", "agreed_on", "words", people=PERSON),
    Kind("assessments.Goal", "Goal", "plan.agreed_on", "words heading whose", families=PLAN, others=("whose",)),
    Kind("assessments.PlanAction", "Action", "due_on", "what how_we_will_know came_of_it status", families=CASE),
    Kind("assessments.Review", "Review", "held_on", "risk decision summary continue_reason", families=CASE),
    Kind(
        "assessments.ActionProgress",
        "Review, one action",
        "review.held_on",
        "action text",
        families=("review__case__family",),
    ),
    Kind("assessments.OutcomeReading", "How things were, in a number", "taken_on", "heading value", families=CASE),
    Kind(
        "assessments.RiskNote",
        "What may go wrong",
        "raised_at",
        "kind what",
        people=("about",),
        families=CASE,
        who="raised_by",
        weighed=True,
    ),
    Kind(
        "assessments.RiskLook",
        "A look at what may go wrong",
        "looked_at",
        "level found response doing",
        people=("risk__about",),
        families=("risk__case__family",),
        who="looked_by",
        weighed=True,
    ),
    Kind(
        "assessments.SafetyPlan",
        "Their safety plan",
        "written_at",
        "signs alone people places children services at_home ended_because",
        people=("whose",),
        who="written_by",
        weighed=True,
    ),
    Kind("assessments.TafMeeting", "Meeting of the team", "at", "where notes views_brought why_not", families=CASE),
    Kind(
        "hubs.StepRequest",
        "Request to change the tier",
        "requested_at",
        "from_tier to_tier what_changed tried views risk_if_nothing wanted urgent_why known taker handover_note joint_visit "
        "contingency",
        families=CASE,
        who="requested_by",
    ),
    Kind(
        "hubs.Blockage", "What stopped the plan", "raised_at", "what tried resolution", families=CASE, who="raised_by"
    ),
    Kind(
        "hubs.ServiceOffer",
        "Service that the hub named for the family",
        "named_at",
        "service status words",
        families=CASE,
        who="named_by",
    ),
    Kind(
        "hubs.ChairsRequest",
        "What a chair asked another agency",
        "asked_at",
        "proposal answer",
        families=("item__case__family",),
        who="asked_by",
    ),
    Kind(
        "hubs.HubDecision",
        "Decision of the hub",
        "at",
        "kind tier rationale needed not_awaited_reason",
        families=CASE,
        who="by",
    ),
    Kind(
        "hubs.MinutesCorrection",
        "What was wrong in the hub’s minutes",
        "at",
        "text",
        families=("decision__case__family",),
        who="by",
    ),
    Kind(
        "lac.Introduction",
        "Introduction to a local area coordinator",
        "received_at",
        "reference status source hopes how_to_reach",
        people=PERSON,
        who="introduced_by",
    ),
    Kind(
        "lac.GoodLifeVision",
        "Their good life",
        "recorded_at",
        "vision strengths people matters helps next_steps",
        people=("introduction__person",),
    ),
    Kind(
        "lac.Conversation",
        "Conversation",
        "on",
        "where note next_step",
        people=("introduction__person",),
        who="recorded_by",
    ),
    Kind("lac.Connection", "Connection", "on", "kind name note", people=("introduction__person",)),
    Kind("lac.CommunityContribution", "What they gave", "on", "kind text", people=("introduction__person",)),
    Kind("records.Addendum", "Their own statement", "recorded_at", "statement", people=PERSON, who="recorded_by"),
)

OWN_NAME = "is a name or a number of what stands elsewhere in the bundle"
INSIDE = "is how the work is run, and says nothing of a person that does not stand elsewhere in the bundle"
OTHERS = "is about keeping people apart or safe: telling that there is one would tell of somebody else"
OTHERS_OWN = (
    "is somebody’s own note, sealed to them: nobody else can read it, and it is destroyed ten working days after"
)
NOT_TOLD = {
    "families.Family": OWN_NAME,
    "families.PossibleDuplicate": INSIDE,
    "families.Merge": INSIDE,
    "families.FamilyPair": INSIDE,
    "families.FamilyMerge": INSIDE,
    "families.Confidant": OTHERS,
    "families.OddRead": INSIDE,
    "families.Restriction": OTHERS,
    "families.FamilyUserObjectPermission": INSIDE,
    "sharing.Conflict": OTHERS,
    "sharing.RecipientCopy": OWN_NAME,
    "sharing.Disclosed": OWN_NAME,
    "documents.DocumentReader": INSIDE,
    "directory.OnwardLink": INSIDE,
    "cases.Allocation": INSIDE,
    "cases.CaseUserObjectPermission": INSIDE,
    "cases.EmergencyAccess": INSIDE,
    "disagreements.DisagreementStage": INSIDE,
    "referrals.HelpDraft": OWN_NAME,
    "referrals.Advice": OWN_NAME,
    "referrals.Signpost": OWN_NAME,
    "referrals.ContactFollowUp": INSIDE,
    "referrals.ContactCorrection": OWN_NAME,
    "referrals.SelfCheckRequest": OWN_NAME,
    "assessments.ProgrammeEnrolment": INSIDE,
    "assessments.Attendance": INSIDE,
    "hubs.Conflict": INSIDE,
    "hubs.AgendaItem": INSIDE,
    "hubs.Hearing": INSIDE,
    "hubs.PackPage": OWN_NAME,
    "hubs.PackNote": OTHERS_OWN,
    "hubs.ServiceGap": INSIDE,
    "hubs.HubAction": INSIDE,
    "lac.AvoidedDemand": INSIDE,
    "records.Hold": INSIDE,
    "records.Blanking": OTHERS,
    "records.AccessRequest": INSIDE,
    "records.AccessItem": OWN_NAME,
}
