from django.urls import path

from earlyhelp.core.navigation import entry
from earlyhelp.core.references import leads_to
from earlyhelp.disagreements import views
from earlyhelp.disagreements.models import Disagreement

app_name = "disagreements"
urlpatterns = [
    path("", views.disagreements, name="list"),
    path("new/", views.new, name="new"),
    path("<str:reference>/", views.disagreement, name="disagreement"),
    path("<str:reference>/do/<slug:name>/", views.move, name="move"),
]

entry(
    57,
    "Disagreements",
    "disagreements:list",
    lambda user: bool(user.scope.ids("disagreements")),
    about="What professionals do not agree on, and who answers by when.",
)

leads_to("D", Disagreement)
