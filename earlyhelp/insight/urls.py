from django.urls import include, path

from earlyhelp.core.navigation import DUTIES, duties_of, entry
from earlyhelp.insight import views
from earlyhelp.insight.access import reads_dashboard, reads_trends

dashboard = [
    path("", views.dashboard, name="dashboard"),
    path("waiting/", views.waiting, name="waiting"),
    path("above-level/", views.above_level, name="above_level"),
    path("board/", views.board_report, name="board"),
    path("board/pdf/", views.board_report_pdf, name="board_pdf"),
    path("board/csv/", views.board_report_csv, name="board_csv"),
    path("trends/", views.trends, name="trends"),
    path("trends/gaps/", views.gaps_found, name="gaps"),
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
    "More",
    "governance",
    lambda user: bool(duties_of(user)),
    around=lambda: [each.url_name for each in DUTIES],
    collects=True,
)
entry(80, "Dashboard", "insight:dashboard", reads_dashboard)
# Whoever reads the dashboard is led there from it.
entry(
    81,
    "Trends and gaps",
    "insight:trends",
    lambda user: reads_trends(user) and not reads_dashboard(user),
    about="Needs that were not met, by place and quarter.",
)
