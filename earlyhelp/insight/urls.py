from django.urls import include, path

from earlyhelp.core.navigation import DUTIES, duties_of, entry
from earlyhelp.insight import views
from earlyhelp.insight.access import reads_dashboard

dashboard = [
    path("", views.dashboard, name="dashboard"),
    path("waiting/", views.waiting, name="waiting"),
]
urlpatterns = [
    path("", views.home, name="home"),
    path("dashboard/", include((dashboard, "insight"))),
    path("governance/", views.governance, name="governance"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

entry(5, "Home", "home")
entry(
    75,
    "Governance",
    "governance",
    lambda user: bool(duties_of(user)),
    around=lambda: [each.url_name for each in DUTIES],
)
entry(80, "Dashboard", "insight:dashboard", reads_dashboard)
