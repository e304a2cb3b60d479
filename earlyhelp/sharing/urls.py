from django.urls import path

from earlyhelp.core.navigation import entry
from earlyhelp.sharing import views
from earlyhelp.sharing.access import keeps_agreements

app_name = "sharing"
urlpatterns = [
    path("families/<str:reference>/sharing/", views.family, name="family"),
    path("families/<str:reference>/sharing/wish/", views.wish, name="wish"),
    path("families/<str:reference>/sharing/may-we/", views.may_we, name="may_we"),
    path("families/<str:reference>/sharing/told/", views.ledger, name="ledger"),
    path("families/<str:reference>/sharing/told/add/", views.told, name="told"),
    path("families/people/<int:pk>/told/", views.paper, {"kind": "print"}, name="paper"),
    path("families/people/<int:pk>/told/pdf/", views.paper, {"kind": "pdf"}, name="paper_pdf"),
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/add/", views.sign, name="sign"),
    path("agreements/<int:pk>/", views.agreement, name="agreement"),
    path("agreements/<int:pk>/amend/", views.amend, name="amend"),
    path("agreements/<int:pk>/end/", views.end, name="end"),
    path("privacy/", views.privacy, name="privacy"),
    path("privacy/<int:pk>/edit/", views.edit_activity, name="edit_activity"),
]

entry(76, "Agreements", "sharing:agreements", keeps_agreements)
