from django.urls import path

from earlyhelp.cases import views
from earlyhelp.cases.models import Case
from earlyhelp.cases.todo import waiting_emergencies
from earlyhelp.core.navigation import duty
from earlyhelp.core.references import leads_to
from earlyhelp.partnership.enums import Role

app_name = "cases"
urlpatterns = [
    path("", views.caseload, name="caseload"),
    path("emergency/", views.open_one, name="emergency"),
    path("emergencies/", views.emergencies, name="emergencies"),
    path("emergencies/<int:pk>/<slug:name>/", views.weigh, name="weigh"),
    path("<str:reference>/", views.case, name="case"),
    path("<str:reference>/do/<slug:name>/", views.move, name="move"),
    path("<str:reference>/decline/", views.decline_for, name="decline_for"),
    path("<str:reference>/chair/", views.name_chair, name="name_chair"),
    path("<str:reference>/team/join/", views.join, name="join"),
    path("<str:reference>/team/<int:pk>/leave/", views.leave, name="leave"),
    path("<str:reference>/<slug:slug>/", views.case, name="section"),
]

duty(
    5,
    "Access in an emergency",
    "cases:emergencies",
    lambda user: user.scope.holds(Role.IG_LEAD),
    "Cases that somebody opened because it could not wait: was it right?",
    waiting_emergencies,
)

leads_to("EH", Case)
