from django.urls import path

from earlyhelp.core.navigation import entry
from earlyhelp.sharing.access import keeps_agreements
from earlyhelp.sharing.views import agreements, wishes

app_name = "sharing"
urlpatterns = [
    path("families/<str:reference>/sharing/", wishes.family, name="family"),
    path("families/<str:reference>/sharing/wish/", wishes.wish, name="wish"),
    path("families/<str:reference>/sharing/may-we/", wishes.may_we, name="may_we"),
    path("families/<str:reference>/sharing/told/", wishes.ledger, name="ledger"),
    path("families/<str:reference>/sharing/told/add/", wishes.told, name="told"),
    path("families/people/<int:pk>/told/", wishes.paper, {"kind": "print"}, name="paper"),
    path("families/people/<int:pk>/told/pdf/", wishes.paper, {"kind": "pdf"}, name="paper_pdf"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/add/", agreements.sign, name="sign"),
    path("agreements/<int:pk>/", agreements.agreement, name="agreement"),
    path("agreements/<int:pk>/amend/", agreements.amend, name="amend"),
    path("agreements/<int:pk>/end/", agreements.end, name="end"),
    path("privacy/", agreements.privacy, name="privacy"),
    path("privacy/<int:pk>/edit/", agreements.edit_activity, name="edit_activity"),
]

entry(76, "Agreements", "sharing:agreements", keeps_agreements)
