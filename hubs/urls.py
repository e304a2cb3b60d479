from django.urls import path

from earlyhelp.core.navigation import entry
from hubs.access import has_a_seat, only_keeps
from hubs.views import actions, balance, before, items, keeping, leavers, live, meetings, papers, screen, steps

app_name = "hubs"
urlpatterns = [
    path("", meetings.meetings, name="meetings"),
    path("all/", keeping.hubs, name="hubs"),
    path("<int:pk>/", keeping.hub, name="hub"),
    path("<int:pk>/change/", keeping.change, name="change_hub"),
    path("<int:pk>/members/add/", keeping.seat, name="seat"),
    path("<int:pk>/members/<int:member>/leave/", keeping.unseat, name="unseat"),
    path("<int:pk>/terms/", keeping.terms, name="terms"),
    path("<int:pk>/extra/", before.call_extra, name="extra_meeting"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/balance/", balance.balance, name="balance"),
    path("meetings/<int:pk>/gather/", before.gather, name="gather"),
    path("meetings/<int:pk>/order/", before.order, name="order"),
    path("meetings/<int:pk>/publish/", before.publish, name="publish"),
    path("meetings/<int:pk>/late/", before.add, name="add_late"),
    path("meetings/<int:pk>/moves/", before.moves, name="moves"),
    path("meetings/<int:pk>/order/restore/", before.restore_order, name="restore_order"),
    path("meetings/<int:pk>/ask-again/", before.ask_again, name="ask_again"),
    path("meetings/<int:pk>/move/", before.move, name="move"),
    path("meetings/<int:pk>/stand-in/", before.stand_in, name="stand_in"),
    path("meetings/<int:pk>/papers/", papers.pack, name="pack"),
    path("meetings/<int:pk>/papers.pdf", papers.pdf, name="pack_pdf"),
    path("meetings/<int:pk>/start/", meetings.start, name="start"),
    path("meetings/<int:pk>/attendance/", meetings.attendance, name="attendance"),
    path("meetings/<int:pk>/interest/", meetings.interest, name="interest"),
    path("meetings/<int:pk>/live/", live.follow, name="follow"),
    path("meetings/<int:pk>/now/", live.follow_now, name="follow_now"),
    path("meetings/<int:pk>/screen/", screen.change_screen, name="screen"),
    path("meetings/<int:pk>/close/", meetings.close, name="close"),
    path("meetings/<int:pk>/minutes/", meetings.minutes, name="minutes"),
    path("meetings/<int:pk>/confirm/", meetings.confirm, name="confirm"),
    path("meetings/<int:pk>/action/", actions.add, name="add_action"),
    path("items/<int:pk>/", items.item, name="item"),
    path("items/<int:pk>/now/", live.item_now, name="item_now"),
    path("items/<int:pk>/hear/", live.hear, name="hear"),
    path("items/<int:pk>/papers/", papers.page, name="page"),
    path("items/<int:pk>/notes/", papers.note, name="note"),
    path("items/<int:pk>/later/", before.leave_for_later, name="leave_for_later"),
    path("items/<int:pk>/without-agreement/", before.without_agreement, name="without_agreement"),
    path("items/<int:pk>/park/", items.park, name="park"),
    path("items/<int:pk>/preference/", items.preference, name="preference"),
    path("decide/<str:reference>/", items.decide, name="decide"),
    path("chairs-action/<str:reference>/", items.chairs_action, name="chairs_action"),
    path("offer-again/<str:reference>/", items.offer_again, name="offer_again"),
    path("leaver/<int:pk>/", leavers.leaver, name="leaver"),
    path("steps/<str:reference>/", steps.request_step, name="request_step"),
    path("actions/", actions.actions, name="actions"),
    path("actions/<int:pk>/done/", actions.complete, name="complete_action"),
]

entry(35, "Meetings", "hubs:meetings", has_a_seat)
entry(36, "Hubs", "hubs:hubs", only_keeps)
