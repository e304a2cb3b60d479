from django.urls import include, path

from earlyhelp.cases.access import reads_a_caseload
from earlyhelp.core.navigation import entry

urlpatterns = [
    path("", include("earlyhelp.insight.urls")),
    path("", include("earlyhelp.partnership.urls")),
    path("", include("earlyhelp.workflow.urls")),
    path("", include("earlyhelp.accounts.urls")),
    path("sign-in/with/", include("earlyhelp.accounts.sign_on_urls")),
    path("families/", include("earlyhelp.families.urls")),
    path("documents/", include("earlyhelp.documents.urls")),
    path("", include("earlyhelp.sharing.urls")),
    path("people-alongside/", include("lac.urls")),
    path("services/", include("earlyhelp.directory.urls")),
    path("letters/", include("earlyhelp.letters.urls")),
    path("notices/", include("earlyhelp.notices.urls")),
    path("workload/", include("earlyhelp.workforce.urls")),
    path("disagreements/", include("earlyhelp.disagreements.urls")),
    path("cases/", include("earlyhelp.cases.urls")),
    path("referrals/", include("referrals.urls")),
    path("ask-for-help/", include("referrals.public_urls")),
    path("referred/", include("earlyhelp.directory.public_urls")),
    path("", include("referrals.check_urls")),
    path("assessments/", include("assessments.urls")),
    path("feedback/", include("assessments.feedback_urls")),
    path("hubs/", include("hubs.urls")),
    path("records/", include("earlyhelp.records.urls")),
    path("components/", include("earlyhelp.core.urls")),
    path("api/", include("earlyhelp.api.urls")),
]

handler404 = "earlyhelp.insight.views.not_found"

entry(40, "Caseload", "cases:caseload", reads_a_caseload)
