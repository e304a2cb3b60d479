from django.urls import path

from earlyhelp.core.navigation import duty
from earlyhelp.sharing.access import keeps_agreements
from earlyhelp.sharing.todo import waiting_agreements
from earlyhelp.sharing.views import agreements, copies, wishes

app_name = "sharing"
urlpatterns = [
    path("families/<str:reference>/sharing/", wishes.family, name="family"),
    path("families/<str:reference>/sharing/wish/", wishes.wish, name="wish"),
    path("families/<str:reference>/sharing/may-we/", wishes.may_we, name="may_we"),
    path("families/<str:reference>/sharing/told/", wishes.ledger, name="ledger"),
    path("families/<str:reference>/sharing/told/add/", wishes.told, name="told"),
    path("families/<str:reference>/sharing/conflicts/add/", copies.record_conflict, name="conflict"),
    path("families/<str:reference>/sharing/conflicts/<int:pk>/end/", copies.end_conflict, name="end_conflict"),
    path("families/<str:reference>/sharing/copies/", copies.copies, name="copies"),
    path("families/<str:reference>/sharing/copies/add/", copies.begin, name="begin_copy"),
    path("families/<str:reference>/sharing/copies/<int:pk>/", copies.copy, name="copy"),
    path("families/<str:reference>/sharing/copies/<int:pk>/do/<slug:name>/", copies.move, name="copy_move"),
    path("families/<str:reference>/sharing/copies/<int:pk>/print/", copies.paper, {"kind": "print"}, name="copy_print"),
    path("families/<str:reference>/sharing/copies/<int:pk>/pdf/", copies.paper, {"kind": "pdf"}, name="copy_pdf"),
    path("families/people/<int:pk>/told/", wishes.paper, {"kind": "print"}, name="paper"),
    path("families/people/<int:pk>/told/pdf/", wishes.paper, {"kind": "pdf"}, name="paper_pdf"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/add/", agreements.sign, name="sign"),
    path("agreements/<int:pk>/", agreements.agreement, name="agreement"),
    path("agreements/<int:pk>/amend/", agreements.amend, name="amend"),
    path("agreements/<int:pk>/review/", agreements.review, name="review"),
    path("agreements/<int:pk>/end/", agreements.end, name="end"),
    path("privacy/", agreements.privacy, name="privacy"),
    path("privacy/<int:pk>/edit/", agreements.edit_activity, name="edit_activity"),
]

duty(
    80,
    "Agreements on sharing",
    "sharing:agreements",
    keeps_agreements,
    "What agencies agreed, until when, and when it is looked at again.",
    waiting_agreements,
)
