from django.urls import path

from earlyhelp.core.navigation import entry
from hubs.access import has_a_seat, reads_blockages
from hubs.views import actions, blockages, collaboratives, items, meetings, steps

app_name = "hubs"
urlpatterns = [
    path("", meetings.meetings, name="meetings"),
    path("<int:pk>/extra/", meetings.call_extra, name="extra_meeting"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/gather/", meetings.gather, name="gather"),
    path("meetings/<int:pk>/order/", meetings.order, name="order"),
    path("meetings/<int:pk>/publish/", meetings.publish, name="publish"),
    path("meetings/<int:pk>/late/", meetings.add_late, name="add_late"),
    path("meetings/<int:pk>/start/", meetings.start, name="start"),
    path("meetings/<int:pk>/attendance/", meetings.attendance, name="attendance"),
    path("meetings/<int:pk>/interest/", meetings.interest, name="interest"),
    path("meetings/<int:pk>/close/", meetings.close, name="close"),
    path("meetings/<int:pk>/minutes/", meetings.minutes, name="minutes"),
    path("meetings/<int:pk>/confirm/", meetings.confirm, name="confirm"),
    path("meetings/<int:pk>/action/", actions.add, name="add_action"),
    path("items/<int:pk>/", items.item, name="item"),
    path("items/<int:pk>/park/", items.park, name="park"),
    path("items/<int:pk>/preference/", items.preference, name="preference"),
    path("decide/<str:reference>/", items.decide, name="decide"),
    path("chairs-action/<str:reference>/", items.chairs_action, name="chairs_action"),
    path("offer-again/<str:reference>/", items.offer_again, name="offer_again"),
    path("steps/<str:reference>/", steps.request_step, name="request_step"),
    path("blockages/", blockages.blockages, name="blockages"),
    path("blockages/raise/<str:reference>/", blockages.new, name="raise_blockage"),
    path("blockages/<int:pk>/", blockages.blockage, name="blockage"),
    path("blockages/<int:pk>/do/<slug:name>/", blockages.move, name="blockage_move"),
    path("collaboratives/", collaboratives.collaboratives, name="collaboratives"),
    path("collaboratives/new/", collaboratives.found, name="found_collaborative"),
    path("collaboratives/<int:pk>/", collaboratives.collaborative, name="collaborative"),
    path("collaboratives/<int:pk>/join/", collaboratives.join, name="forum_join"),
    path("collaboratives/<int:pk>/members/<int:member>/leave/", collaboratives.leave, name="forum_leave"),
    path("collaboratives/<int:pk>/meeting/", collaboratives.record_meeting, name="forum_meeting"),
    path("collaboratives/<int:pk>/report/", collaboratives.tell_the_hub, name="forum_report"),
    path("collaboratives/<int:pk>/plan/", collaboratives.plan, name="forum_plan"),
    path("collaboratives/<int:pk>/plan/<int:action>/done/", collaboratives.finish, name="forum_finish"),
    path("collaboratives/<int:pk>/refer/", collaboratives.refer, name="forum_refer"),
    path("reports/<int:pk>/", collaboratives.report, name="report"),
    path("reports/<int:pk>/answer/", collaboratives.answer, name="answer_report"),
    path("actions/", actions.actions, name="actions"),
    path("actions/<int:pk>/done/", actions.complete, name="complete_action"),
]

entry(35, "Meetings", "hubs:meetings", has_a_seat)
entry(37, "Blockages", "hubs:blockages", reads_blockages)
# Those to whom they speak are led there from the trends.
entry(38, "Collaboratives", "hubs:collaboratives", lambda user: bool(user.scope.ids("forum_seats")))
