"""Who may see what, written down. A page that is not in this table fails the run.

``PAGES`` says of each page of which kind of record it is; ``SEES`` says, for each kind and each world, who may look. Everybody
else must be answered exactly as if there were nothing there.
"""

ACTORS = (
    "anonymous", "referrer", "lead", "member", "ex_member", "same_agency", "other_agency", "access", "chair", "other_chair",
    "coordinator", "manager", "service_manager", "contact", "introducer", "coordinator_of_people", "system_admin", "suspended",
)  # fmt: skip

# A test run asks as those from whom a family most needs keeping; `make prove PROMISES=P1` asks as all of them.
SOON = ("anonymous", "referrer", "member", "ex_member", "same_agency", "other_chair", "service_manager", "contact")

# Nothing of any family may ever reach these, on any page.
NEVER = {
    "anonymous",
    "ex_member",
    "same_agency",
    "other_agency",
    "other_chair",
    "system_admin",
    "suspended",
    "service_manager",
}

HUB = {"chair", "coordinator"}
CASE = {
    "own": {"lead", "member", "manager", *HUB},
    "restricted": {"lead", "member"},
    "closed": {"access", "manager", *HUB},
}


def everywhere(actors):
    return {"own": actors, "restricted": actors, "closed": actors}


def also(more, restricted=()):
    return {
        "own": CASE["own"] | more,
        "restricted": CASE["restricted"] | set(restricted),
        "closed": CASE["closed"] | more,
    }


SEES = {
    "case": CASE,
    "unread": everywhere(set()),  # for whoever keeps restricted records, and for none of these
    "family": also({"access"}),  # through triage; whoever refers a family that others wrote down does not see it
    "referral": everywhere({"referrer", "access"}) | {"restricted": {"referrer"}},
    "message": everywhere({"referrer", "access"}) | {"restricted": {"referrer"}},
    "own_referral": everywhere({"referrer", "access"})
    | {"restricted": {"referrer"}},  # EH Access is led to its own page
    "in_triage": everywhere({"access"}) | {"restricted": set()},
    "letter": everywhere({"referrer", "access"}) | {"restricted": {"referrer"}},
    "draft": everywhere({"referrer"}),
    "family_log": {
        "own": {"lead"},
        "restricted": {"lead"},
        "closed": set(),
    },  # and the governance lead, who reads no name
    "request": {"own": {"contact", "access"}, "restricted": set(), "closed": {"contact", "access"}},
    "contact": everywhere({"referrer", "access"}) | {"restricted": {"referrer"}},
    "handover": {
        "own": {"lead", "access", "manager", *HUB},
        "restricted": {"lead"},
        "closed": {"lead", "access", "manager", *HUB},
    },
    "disagreement": {"own": CASE["own"], "restricted": CASE["restricted"], "closed": CASE["closed"] | {"lead"}},
    "meeting": everywhere(HUB),
    "item": {"own": HUB, "restricted": set(), "closed": HUB},
    "step": CASE,  # and whoever is named to lead next, who is none of these
    "service_offer": everywhere({"lead"}) | {"closed": set()},
    "interest": {"own": HUB, "restricted": set(), "closed": HUB},  # and whoever has it
    "chairs_request": {"own": {"chair"}, "restricted": set(), "closed": {"chair"}},  # and whoever is asked
    "blockage": CASE,  # and whoever was named to unpick it, who is none of these
    "forum": everywhere({"manager", "service_manager", *HUB}),  # no page of theirs holds a family
    "hub_action": everywhere({"lead", *HUB}) | {"restricted": {"lead"}},
    "introduction": everywhere({"coordinator_of_people"}),
    "feedback": everywhere({"lead"}),  # who wrote it down
    "complaint": everywhere({"manager", "service_manager"}),  # no family stands in it, and nothing leads to one
}
SEES |= {
    "forum_seat": everywhere(HUB),
    "forum_action": everywhere(HUB),
    "told": SEES["forum"],
    "answerable": everywhere(HUB),
}
SEES |= {
    kind: everywhere(set()) for kind in ("kept", "kept_name")
}  # for whoever keeps restricted records, by reference
SEES |= {kind: SEES["contact"] for kind in ("contact_move", "checklist_start")}
SEES |= {kind: also({"referrer", "access"}, restricted={"referrer"}) for kind in ("checklist", "suggestion")}
SEES["questions"] = everywhere({"system_admin"})  # there is no family in them
SEES["message_of"] = SEES["message"]
SEES["copy"] = {  # whoever keeps the family's record, and whoever may approve it
    "own": {"lead", "member", "access", "chair", "manager"},
    "restricted": {"lead", "member"},
    "closed": {"access", "chair", "manager"},
}
SEES |= {"made_copy": SEES["copy"], "conflict": SEES["family"]}
SEES |= {"handover_copy": {world: actors - HUB for world, actors in SEES["handover"].items()}}
SEES |= {
    kind: SEES["case"]
    for kind in ("goal", "action", "taf", "review", "member", "version", "child", "risk", "safety_plan")
}
SEES |= {
    kind: SEES["family"]
    for kind in (
        "person",
        "membership",
        "relationship",
        "bond",
        "loss",
        "unborn",
        "event",
        "referable",
        "document",
        "blanked",
    )
}
SEES |= {
    kind: everywhere({"access"}) | {"restricted": set()} for kind in ("pair", "merge", "two", "joined")
}  # EH Access match
# Nobody is named for it but whoever wrote it down; and the governance lead, who is none of these.
SEES |= {
    kind: {"own": {"lead"}, "restricted": {"lead"}, "closed": set()} for kind in ("secret", "confidants", "confidant")
}
# The governance lead, who is none of these, and whom they name as the second person.
SEES |= {kind: everywhere(set()) for kind in ("asked_for", "asked_for_item")}
SEES["onward"] = SEES["family"] | {"closed": SEES["family"]["closed"] | {"lead"}}  # who made it sees it through

# What each page shows: a kind of record; "lists", which hold records that the reader may see; or "nobody's".
PAGES = {
    "cases:caseload": "lists", "cases:case": "case", "cases:move": "case", "cases:join": "case", "cases:leave": "member", "cases:name_chair": "unread", "cases:decline_for": "unread", "cases:section": "case",
    "families:search": "lists", "families:create": "nobody's", "families:person": "person", "families:edit_person": "person", "families:person_history": "person", "families:family_history": "family", "families:said_two": "lists", "families:said_two_families": "lists",
    "families:move_home": "person", "families:family": "family", "families:agreements": "family", "families:agree": "family",
    "families:why": "family", "families:chronology": "family", "families:add_event": "family", "families:edit_family": "family", "families:add_member": "family",
    "families:statutory_status": "person", "families:seen": "family_log", "families:looked": "nobody's", "families:look": "nobody's",
    "families:duplicates": "lists", "families:compare": "pair", "families:same": "pair", "families:not_same": "pair", "families:look_again": "pair",
    "families:reveal": "secret", "families:confide": "secret", "families:confide_no_more": "confidant", "families:confidants": "confidants",
    "families:restricted": "nobody's", "families:restriction": "kept", "families:restrict": "kept", "families:lift_restriction": "kept",
    "families:restriction_again": "kept", "families:name_one": "kept", "families:name_no_more": "kept_name",
    "families:two_families": "nobody's", "families:compare_families": "two", "families:join_families": "two", "families:not_same_family": "two",
    "families:same_family_again": "two", "families:joined": "joined", "families:part": "joined",
    "families:merge": "merge", "families:undo_merge": "merge",
    "families:add_known": "membership", "families:change_place": "membership", "families:end_membership": "membership", "families:relate": "family", "families:mistakes": "nobody's", "families:genogram": "family", "families:print_chronology": "family", "families:event_error": "event", "families:change_relationship": "relationship", "families:relationship_error": "relationship",
    "families:end_pregnancy": "unborn", "families:write_down_loss": "person", "families:change_loss": "loss", "families:loss_error": "loss",
    "families:say_bond": "family", "families:end_bond": "bond", "families:bond_error": "bond",
    "documents:of_family": "family", "documents:add": "family", "documents:content": "document", "documents:change": "document",
    "documents:withdraw": "document", "documents:held": "nobody's", "documents:decide": "nobody's",
    "records:ask_to_blank": "family", "records:blankings": "nobody's", "records:blank": "nobody's", "records:taken_out": "blanked",
    "records:trail": "nobody's", "records:disposals": "nobody's", "records:dispose": "nobody's", "records:holds": "nobody's",
    "records:place_hold": "nobody's", "records:lift_hold": "nobody's", "records:rules": "nobody's", "records:set_rule": "nobody's",
    "records:access": "nobody's", "records:access_begin": "nobody's", "records:access_request": "asked_for", "records:access_move": "asked_for",
    "records:access_item": "asked_for_item", "records:access_statement": "asked_for_item", "records:access_pdf": "asked_for", "records:access_json": "asked_for",
    "sharing:family": "family", "sharing:wish": "family", "sharing:may_we": "family", "sharing:ledger": "family", "sharing:told": "family",
    "sharing:paper": "person", "sharing:paper_pdf": "person", "sharing:agreements": "nobody's", "sharing:agreement": "nobody's",
    "sharing:sign": "nobody's", "sharing:amend": "nobody's", "sharing:review": "nobody's", "sharing:end": "nobody's", "sharing:privacy": "nobody's",
    "sharing:edit_activity": "nobody's", "sharing:conflict": "family", "sharing:end_conflict": "conflict", "sharing:begin_copy": "family", "sharing:copies": "family",
    "sharing:copy": "copy", "sharing:copy_move": "copy", "sharing:copy_print": "made_copy", "sharing:copy_pdf": "made_copy",
    "directory:refer": "lists", "directory:refer_person": "referable", "directory:refer_to": "referable", "directory:onwards": "lists",
    "directory:referred_to_us": "lists", "directory:onward": "onward", "directory:onward_move": "onward",
    "onward:cover": "nobody's", "onward:read": "nobody's", "onward:answer": "nobody's",
    "hubs:meetings": "lists", "hubs:meeting": "meeting", "hubs:gather": "meeting", "hubs:order": "meeting", "hubs:publish": "meeting",
    "hubs:add_late": "meeting", "hubs:start": "meeting", "hubs:attendance": "meeting", "hubs:interest": "meeting", "hubs:close": "meeting",
    "hubs:minutes": "meeting", "hubs:minutes_pdf": "meeting", "hubs:minutes_csv": "meeting", "hubs:confirm": "meeting", "hubs:correct_minutes": "meeting", "hubs:add_action": "meeting", "hubs:item": "item", "hubs:park": "item",
    "hubs:preference": "item", "hubs:decide": "case", "hubs:chairs_action": "case", "hubs:offer_again": "case", "hubs:request_step": "case", "hubs:step": "step", "hubs:step_move": "step", "hubs:service_offer_move": "service_offer",
    "hubs:blockages": "lists", "hubs:raise_blockage": "case", "hubs:blockage": "blockage", "hubs:blockage_move": "blockage",
    "hubs:collaboratives": "lists", "hubs:found_collaborative": "nobody's", "hubs:collaborative": "forum", "hubs:forum_join": "forum_seat",
    "hubs:forum_leave": "forum_seat", "hubs:forum_meeting": "forum_seat", "hubs:forum_report": "forum_seat", "hubs:forum_plan": "forum_seat",
    "hubs:forum_finish": "forum_action", "hubs:forum_refer": "forum_seat", "hubs:report": "told", "hubs:answer_report": "answerable",
    "hubs:follow": "meeting", "hubs:follow_now": "meeting", "hubs:screen": "meeting", "hubs:item_now": "item", "hubs:hear": "item",
    "hubs:hubs": "nobody's", "hubs:hub": "nobody's", "hubs:change_hub": "nobody's", "hubs:hub_attendance": "nobody's", "hubs:hub_attendance_csv": "nobody's", "hubs:seat": "nobody's", "hubs:unseat": "nobody's", "hubs:terms": "nobody's",
    "hubs:moves": "meeting", "hubs:restore_order": "meeting", "hubs:ask_again": "meeting", "hubs:move": "meeting", "hubs:stand_in": "meeting",
    "hubs:pack": "meeting", "hubs:pack_pdf": "meeting", "hubs:page": "item", "hubs:note": "item", "hubs:leave_for_later": "item", "hubs:without_agreement": "item", "hubs:ratify": "item",
    "hubs:interests": "meeting", "hubs:interest_doubt": "interest", "hubs:interest_confirm": "interest", "hubs:hear_instead": "item", "hubs:ask_to_agree": "case", "hubs:request": "chairs_request",
    "hubs:balance": "meeting", "hubs:leaver": "nobody's", "hubs:extra_meeting": "nobody's", "hubs:actions": "lists", "hubs:chase_actions": "lists", "hubs:complete_action": "hub_action",
    "assessments:my_actions": "lists", "assessments:base": "case", "assessments:start": "case", "assessments:heading": "case",
    "assessments:voice": "child", "assessments:analysis": "case", "assessments:complete": "case", "assessments:move": "case",
    "assessments:version": "version", "assessments:add_goal": "case", "assessments:goal": "goal", "assessments:add_action": "goal",
    "assessments:action": "action", "assessments:agree": "case", "assessments:hard_times": "case", "assessments:print_plan": "case",
    "assessments:plan_meeting": "case", "assessments:record_meeting": "taf", "assessments:meeting_not_held": "taf",
    "assessments:review": "case", "assessments:shown_review": "review",
    "assessments:risks": "lists", "assessments:new_risk": "case", "assessments:risk_move": "risk",
    "assessments:new_safety_plan": "case", "assessments:safety_plan": "safety_plan", "assessments:end_safety_plan": "safety_plan",
    "feedback:said": "lists", "feedback:mine": "lists", "feedback:new": "nobody's", "feedback:quoting": "feedback",
    "feedback:of_us": "nobody's", "feedback:of_case": "case", "feedback:to_answer": "lists", "feedback:answer": "complaint",
    "lac:people": "lists", "lac:introduce": "nobody's", "lac:introduced": "lists", "lac:person": "introduction",
    "lac:conversations": "introduction", "lac:vision": "introduction", "lac:write_vision": "introduction",
    "lac:follow_connection": "introduction", "lac:move": "introduction", "lac:add": "introduction",
    "letters:templates": "nobody's", "letters:template": "nobody's", "letters:by_themselves": "nobody's", "referrals:letter": "letter", "referrals:assign": "nobody's",
    "referrals:list": "lists", "referrals:start": "nobody's", "referrals:triage": "lists", "referrals:triage_case": "in_triage",
    "referrals:matches": "in_triage", "referrals:triage_agreement": "in_triage", "referrals:requests": "lists", "referrals:request": "request",
    "referrals:contacts": "lists", "referrals:contact_new": "nobody's", "referrals:contact": "contact", "referrals:contact_matches": "contact",
    "referrals:contact_move": "contact_move",
    "referrals:checklist_start": "checklist_start", "referrals:checklists_of": "person", "referrals:checklist": "checklist",
    "referrals:checklist_ask": "checklist", "referrals:checklist_talk": "checklist", "referrals:checklist_move": "checklist", "referrals:suggestion": "suggestion",
    "referrals:question_sets": "nobody's", "referrals:question_set": "questions", "referrals:question_preview": "questions",
    "referrals:question_move": "questions", "referrals:question_add": "questions", "referrals:question_part": "questions",
    "referrals:question_drop": "questions",
    "referrals:handover_start": "nobody's", "referrals:handovers": "lists", "referrals:handover": "handover",
    "referrals:handover_move": "handover", "referrals:handover_print": "handover_copy", "referrals:handover_pdf": "handover_copy",
    "referrals:step_down": "handover", "referrals:referral": "own_referral", "referrals:task": "draft", "referrals:check": "draft",
    "referrals:sent": "own_referral", "referrals:ring_now": "draft", "referrals:discard": "draft", "referrals:move": "referral",
    "referrals:for_the_family": "referral", "referrals:messages": "referral", "referrals:messages_read": "referral", "referrals:message_error": "message",
    "workforce:people": "nobody's", "workforce:person": "nobody's", "workforce:capacity": "nobody's", "workforce:leave": "nobody's",
    "workforce:take_back_leave": "nobody's",
    "disagreements:list": "lists", "disagreements:new": "nobody's", "disagreements:disagreement": "disagreement", "disagreements:move": "disagreement",
    "notices:list": "lists", "notices:follow": "lists", "notices:read": "nobody's", "notices:read_one": "nobody's",
    "notices:preferences": "nobody's", "notices:address": "nobody's", "notices:addresses": "nobody's", "notices:again": "nobody's",
    "home": "lists", "governance": "lists", "insight:dashboard": "lists", "insight:waiting": "lists", "insight:trends": "lists", "insight:board": "lists", "insight:board_pdf": "lists", "insight:board_csv": "lists", "insight:gaps": "lists", "insight:above_level": "lists", "healthz": "nobody's",
    "openid_connect_login": "nobody's", "openid_connect_callback": "nobody's", "accounts:arrived": "nobody's", "accounts:not_arrived": "nobody's",
    "sign_in_code": "nobody's", "accounts:yours": "nobody's", "accounts:app": "nobody's", "accounts:passkey": "nobody's", "accounts:remove": "nobody's",
    "accounts:recovery_codes": "nobody's", "accounts:password": "nobody's", "accounts:home": "nobody's", "accounts:elsewhere": "nobody's", "accounts:list": "nobody's",
    "accounts:account": "nobody's", "accounts:invite": "nobody's", "accounts:cover_for_me": "nobody's", "accounts:end_cover": "nobody's", "accounts:cover_for": "nobody's","accounts:end_post": "nobody's", "accounts:act": "nobody's", "accounts:welcome": "nobody's",
    "asking:start": "nobody's", "asking:leave": "nobody's", "asking:check": "nobody's", "asking:sent": "nobody's", "asking:later": "nobody's",
    "asking:come_back": "nobody's", "asking:copy": "nobody's", "asking:keep": "nobody's", "asking:ring": "nobody's", "asking:screen": "nobody's",
    "checking:equipment_check": "nobody's", "checking:equipment_results": "nobody's", "checking:equipment_contact": "nobody's",
    "checking:equipment_sent": "nobody's", "checking:temperature_check": "nobody's", "checking:temperature_results": "nobody's",
    "checking:temperature_contact": "nobody's", "checking:temperature_sent": "nobody's", "checking:used": "nobody's",
    "readyz": "nobody's", "sign_in": "nobody's", "sign_out": "nobody's", "still_here": "nobody's", "keep_draft": "nobody's",
    "core:gallery": "nobody's", "directory:services": "nobody's", "directory:service": "nobody's",
    "directory:service_add": "nobody's", "directory:service_edit": "nobody's", "directory:service_move": "nobody's",
    "service-list": "nobody's", "service-detail": "nobody's", "service-move": "nobody's", "directory:service_correct": "nobody's", "directory:correction": "nobody's",
    "api-root": "nobody's", "api-token": "nobody's", "api-schema": "nobody's", "api-docs": "nobody's", "notice-preferences": "nobody's",
    "cases:emergency": "nobody's", "cases:emergencies": "lists", "cases:weigh": "nobody's",
    "case-list": "lists", "case-detail": "case", "case-move": "case",
    "onward-list": "lists", "onward-detail": "onward", "onward-move": "onward",
    "checklist-list": "lists", "checklist-detail": "checklist", "checklist-answers": "checklist", "checklist-move": "checklist",
    "checklist-suggestion": "suggestion", "checklist-suggestion-move": "suggestion",
    "handover-list": "lists", "handover-detail": "handover", "handover-move": "handover",
    "disagreement-list": "lists", "disagreement-detail": "disagreement", "disagreement-move": "disagreement",
    "contact-list": "lists", "contact-detail": "contact", "contact-move": "contact_move",
    "referral-list": "lists", "referral-detail": "referral", "referral-move": "referral",
    "referral-messages": "referral", "referral-messages-read": "referral", "referral-message-error": "message_of",
}  # fmt: skip

# What stands in an address besides the record: any value of the right shape.
ALSO_IN_ADDRESSES = {
    "slug": "plan",
    "name": "accept",
    "move": "accept",
    "heading": "housing",
    "what": "conversation",
    "format": "json",
    "key": "cases/x",
    "deed": "suspend",
    "provider_id": "nobody",
    "then": "check",
    "secret": "nobody-has-this-one",
}
