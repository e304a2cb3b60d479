from typing import Any

from django.urls import path

from earlyhelp.core.navigation import entry
from earlyhelp.core.references import leads_to
from earlyhelp.partnership.enums import AgencyKind, Role
from referrals.models import ChecklistResponse, Contact, InformationRequest, Referral, SocialCareHandover
from referrals.views import assigning, checklist, contacts, handovers, messages, own, questions, requests, triage

app_name = "referrals"
urlpatterns = [
    path("", own.mine, name="list"),
    path("new/", own.start, name="start"),
    path("triage/", triage.queue, name="triage"),
    path("triage/assign/", assigning.assign, name="assign"),
    path("triage/<str:reference>/", triage.case, name="triage_case"),
    path("triage/<str:reference>/matches/", triage.other_records, name="matches"),
    path("triage/<str:reference>/agreement/", own.agreement_in_triage, name="triage_agreement"),
    path("requests/", requests.asked, name="requests"),
    path("requests/<str:reference>/", requests.question, name="request"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/new/", contacts.new, name="contact_new"),
    path("contacts/<str:reference>/", contacts.contact, name="contact"),
    path("contacts/<str:reference>/matches/", contacts.who_it_may_be, name="contact_matches"),
    path("contacts/<str:reference>/do/<slug:name>/", contacts.move, name="contact_move"),
    path("checklists/start/<slug:source>/<str:whom>/", checklist.start, name="checklist_start"),
    path("checklists/of/<int:pk>/", checklist.past, name="checklists_of"),
    path("checklists/<str:reference>/", checklist.checklist, name="checklist"),
    path("checklists/<str:reference>/ask/<slug:voice>/", checklist.ask, name="checklist_ask"),
    path("checklists/<str:reference>/talk/", checklist.talk, name="checklist_talk"),
    path("checklists/<str:reference>/do/<slug:name>/", checklist.move, name="checklist_move"),
    path("checklists/<str:reference>/suggestions/<int:pk>/<slug:name>/", checklist.suggestion, name="suggestion"),
    path("questions/", questions.sets, name="question_sets"),
    path("questions/<int:pk>/", questions.one, name="question_set"),
    path("questions/<int:pk>/preview/", questions.shown_before, name="question_preview"),
    path("questions/<int:pk>/do/<slug:name>/", questions.move, name="question_move"),
    path("questions/<int:pk>/add/<slug:what>/", questions.write, name="question_add"),
    path("questions/<int:pk>/<slug:what>/<slug:code>/", questions.write, name="question_part"),
    path("questions/<int:pk>/<slug:what>/<slug:code>/drop/", questions.drop, name="question_drop"),
    path("hand-over/", handovers.start, name="handover_start"),
    path("hand-overs/", handovers.handovers, name="handovers"),
    path("hand-overs/<str:reference>/", handovers.handover, name="handover"),
    path("hand-overs/<str:reference>/step-down/", handovers.step_down, name="step_down"),
    path("hand-overs/<str:reference>/print/", handovers.document, {"kind": "print"}, name="handover_print"),
    path("hand-overs/<str:reference>/pdf/", handovers.document, {"kind": "pdf"}, name="handover_pdf"),
    path("hand-overs/<str:reference>/do/<slug:name>/", handovers.move, name="handover_move"),
    path("letters/<int:pk>/", triage.letter, name="letter"),
    path("<str:reference>/", own.referral, name="referral"),
    path("<str:reference>/tasks/<slug:slug>/", own.task, name="task"),
    path("<str:reference>/check/", own.check, name="check"),
    path("<str:reference>/sent/", own.sent, name="sent"),
    path("<str:reference>/for-the-family/", own.for_the_family, name="for_the_family"),
    path("<str:reference>/ring-now/", own.ring_now, name="ring_now"),
    path("<str:reference>/messages/", messages.messages, name="messages"),
    path("<str:reference>/messages/read/", messages.read_all, name="messages_read"),
    path("<str:reference>/messages/<int:pk>/error/", messages.in_error, name="message_error"),
    path("<str:reference>/discard/", own.discard, name="discard"),
    path("<str:reference>/do/<slug:name>/", triage.move, name="move"),
]


def refers(user: Any) -> bool:
    """Whoever works with families in an agency; not those who only keep the system going."""
    return bool(user.agency_id) and any(post.role != Role.SYSTEM_ADMIN for post in user.scope.posts)


def answers_for_social_care(user: Any) -> bool:
    return refers(user) and user.scope.holds(Role.AGENCY_CONTACT) and user.agency.kind == AgencyKind.SOCIAL_CARE


entry(10, "Refer", "referrals:list", refers)
entry(15, "Contacts", "referrals:contacts", refers, about="Who rang or wrote, and what became of it.")
entry(20, "Triage", "referrals:triage", lambda user: user.scope.holds(Role.EH_ACCESS))
entry(22, "Hand-overs", "referrals:handovers", answers_for_social_care)
entry(
    25,
    "Requests",
    "referrals:requests",
    lambda user: user.scope.holds(Role.AGENCY_CONTACT),
    about="What your agency is asked about a family.",
)
entry(
    70,
    "Questions",
    "referrals:question_sets",
    lambda user: user.scope.holds(Role.SYSTEM_ADMIN),
    about="What a checklist asks, in versions.",
)

leads_to("R", Referral)
leads_to("C", Contact)
leads_to("H", SocialCareHandover)
leads_to("CL", ChecklistResponse)
leads_to("Q", InformationRequest)
