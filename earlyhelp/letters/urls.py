from django.urls import path

from earlyhelp.core.navigation import entry
from earlyhelp.letters import views
from earlyhelp.partnership.enums import Role

app_name = "letters"
urlpatterns = [
    path("", views.templates, name="templates"),
    path("by-themselves/", views.by_themselves, name="by_themselves"),
    path("<slug:kind>/<slug:reader>/", views.template, name="template"),
]

entry(
    72,
    "Letters",
    "letters:templates",
    lambda user: user.scope.holds(Role.SYSTEM_ADMIN),
    about="What is written to families and services, in versions.",
)
