from django.urls import include, path

from earlyhelp.core.navigation import entry

urlpatterns = [
    path("", include("earlyhelp.workflow.urls")),
    path("notices/", include("earlyhelp.notices.urls")),
    path("cases/", include("earlyhelp.cases.urls")),
]

entry(40, "Caseload", "cases:caseload")
