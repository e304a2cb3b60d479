from django.urls import path

from earlyhelp.cases import views

app_name = "cases"
urlpatterns = [
    path("", views.caseload, name="caseload"),
    path("emergency/", views.open_one, name="emergency"),
    path("emergencies/", views.emergencies, name="emergencies"),
    path("emergencies/<int:pk>/<slug:name>/", views.weigh, name="weigh"),
    path("<str:reference>/", views.case, name="case"),
    path("<str:reference>/do/<slug:name>/", views.move, name="move"),
    path("<str:reference>/chair/", views.name_chair, name="name_chair"),
    path("<str:reference>/team/join/", views.join, name="join"),
    path("<str:reference>/team/<int:pk>/leave/", views.leave, name="leave"),
    path("<str:reference>/<slug:slug>/", views.case, name="section"),
]
