from typing import Any

from django.urls import path

from earlyhelp.core.navigation import entry
from earlyhelp.partnership.enums import Role
from referrals.views import contacts, handovers, own, requests, triage

app_name = "referrals"
urlpatterns = [
    path("", own.mine, name="list"),
    path("new/", own.start, name="start"),
    path("triage/", triage.queue, name="triage"),
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
    path("hand-over/", handovers.start, name="handover_start"),
    path("hand-overs/", handovers.handovers, name="handovers"),
    path("hand-overs/<str:reference>/", handovers.handover, name="handover"),
    path("hand-overs/<str:reference>/step-down/", handovers.step_down, name="step_down"),
    path("hand-overs/<str:reference>/print/", handovers.document, {"kind": "print"}, name="handover_print"),
    path("hand-overs/<str:reference>/pdf/", handovers.document, {"kind": "pdf"}, name="handover_pdf"),
    path("hand-overs/<str:reference>/do/<slug:name>/", handovers.move, name="handover_move"),
    path("<str:reference>/", own.referral, name="referral"),
    path("<str:reference>/tasks/<slug:slug>/", own.task, name="task"),
    path("<str:reference>/check/", own.check, name="check"),
    path("<str:reference>/sent/", own.sent, name="sent"),
    path("<str:reference>/ring-now/", own.ring_now, name="ring_now"),
    path("<str:reference>/discard/", own.discard, name="discard"),
    path("<str:reference>/do/<slug:name>/", triage.move, name="move"),
]


def refers(user: Any) -> bool:
    """Whoever works with families in an agency; not those who only keep the system going."""
    return bool(user.agency_id) and any(post.role != Role.SYSTEM_ADMIN for post in user.scope.posts)


entry(10, "Refer", "referrals:list", refers)
entry(15, "Contacts", "referrals:contacts", refers)
entry(20, "Triage", "referrals:triage", lambda user: user.scope.holds(Role.EH_ACCESS))
entry(25, "Requests", "referrals:requests", lambda user: user.scope.holds(Role.AGENCY_CONTACT))
