from django.urls import path

from assessments.access import oversees
from assessments.views import assessing, planning, reviewing, risks
from earlyhelp.core.navigation import duty, entry

app_name = "assessments"
urlpatterns = [
    path("my-actions/", planning.my_actions, name="my_actions"),
    path("risks/", risks.listed, name="risks"),
    path("<str:reference>/", assessing.base, name="base"),
    path("<str:reference>/start/", assessing.start, name="start"),
    path("<str:reference>/headings/<slug:heading>/", assessing.heading, name="heading"),
    path("<str:reference>/voices/<int:child>/", assessing.voice, name="voice"),
    path("<str:reference>/analysis/", assessing.analysis, name="analysis"),
    path("<str:reference>/complete/", assessing.complete, name="complete"),
    path("<str:reference>/do/<slug:name>/", assessing.move, name="move"),
    path("<str:reference>/versions/<int:number>/", assessing.version, name="version"),
    path("<str:reference>/goals/add/", planning.add_goal, name="add_goal"),
    path("<str:reference>/goals/<int:pk>/", planning.goal, name="goal"),
    path("<str:reference>/goals/<int:pk>/actions/add/", planning.add_action, name="add_action"),
    path("<str:reference>/actions/<int:pk>/<slug:name>/", planning.action, name="action"),
    path("<str:reference>/plan/agree/", planning.agree, name="agree"),
    path("<str:reference>/plan/hard-times/", planning.hard_times, name="hard_times"),
    path("<str:reference>/plan/print/", planning.printed, name="print_plan"),
    path("<str:reference>/meetings/plan/", planning.plan_meeting, name="plan_meeting"),
    path("<str:reference>/meetings/<int:pk>/record/", planning.record_meeting, name="record_meeting"),
    path("<str:reference>/meetings/<int:pk>/<slug:name>/", planning.not_held, name="meeting_not_held"),
    path("<str:reference>/reviews/record/", reviewing.record, name="review"),
    path("<str:reference>/reviews/<int:pk>/", reviewing.shown, name="shown_review"),
    path("<str:reference>/risks/add/", risks.new, name="new_risk"),
    path("<str:reference>/risks/<int:pk>/<slug:name>/", risks.move, name="risk_move"),
    path("<str:reference>/safety-plans/add/", risks.new_safety_plan, name="new_safety_plan"),
    path("<str:reference>/safety-plans/<int:pk>/", risks.safety_plan, name="safety_plan"),
    path("<str:reference>/safety-plans/<int:pk>/end/", risks.end_safety_plan, name="end_safety_plan"),
]

entry(45, "My actions", "assessments:my_actions", lambda user: bool(user.scope.ids("case_team")))
duty(
    125,
    "Risks",
    "assessments:risks",
    oversees,
    "What may go wrong in the cases that you may open, the highest first.",
)
