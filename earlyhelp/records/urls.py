from django.urls import path

from earlyhelp.core.navigation import duty
from earlyhelp.records.access import decides_on_disposal, keeps_records
from earlyhelp.records.todo import waiting_blankings, waiting_disposals, waiting_requests
from earlyhelp.records.views import blanking
from earlyhelp.records.views import retention as views
from earlyhelp.records.views import subject_access as access

app_name = "records"
urlpatterns = [
    path("trail/", views.trail, name="trail"),
    path("disposals/", views.disposals, name="disposals"),
    path("disposals/<int:pk>/<slug:name>/", views.dispose, name="dispose"),
    path("blank/<str:reference>/", blanking.ask, name="ask_to_blank"),
    path("blankings/", blanking.blankings, name="blankings"),
    path("blankings/<int:pk>/<slug:name>/", blanking.decide, name="blank"),
    path("taken-out/<int:pk>/", blanking.why, name="taken_out"),
    path("holds/", views.holds, name="holds"),
    path("holds/place/", views.place_hold, name="place_hold"),
    path("holds/<int:pk>/lift/", views.lift_hold, name="lift_hold"),
    path("rules/", views.rules, name="rules"),
    path("rules/change/", views.set_rule, name="set_rule"),
    path("access/", access.requests, name="access"),
    path("access/begin/", access.begin, name="access_begin"),
    path("access/<str:reference>/", access.shown, name="access_request"),
    path("access/<str:reference>/do/<slug:name>/", access.move, name="access_move"),
    path("access/<str:reference>/items/<int:pk>/", access.item, name="access_item"),
    path("access/<str:reference>/items/<int:pk>/statement/", access.statement, name="access_statement"),
    path("access/<str:reference>/bundle.pdf", access.bundle, {"kind": "pdf"}, name="access_pdf"),
    path("access/<str:reference>/bundle.json", access.bundle, {"kind": "json"}, name="access_json"),
]

duty(
    40,
    "Subject access",
    "records:access",
    decides_on_disposal,
    "Who asked for what is kept about them: an answer within a month.",
    waiting_requests,
)
duty(
    50,
    "Records due",
    "records:disposals",
    decides_on_disposal,
    "Records whose time is over: one person proposes, another decides.",
    waiting_disposals,
)
duty(
    55,
    "Words to take out",
    "records:blankings",
    keeps_records,
    "Words that say where somebody lives: who found them asks, and you decide without reading them.",
    waiting_blankings,
)
duty(60, "What is held", "records:holds", keeps_records, "Records that are kept whatever the rules say.")
duty(65, "How long records are kept", "records:rules", keeps_records, "The rules in force, and every version before.")
duty(70, "The log’s seals", "records:trail", keeps_records, "Whether the log is still what was written.")
