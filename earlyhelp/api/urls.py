"""One router; each app's ``api.py`` says what it offers."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from earlyhelp.api import views
from earlyhelp.cases.api import CaseViewSet
from earlyhelp.directory.api import OnwardViewSet, ServiceViewSet
from earlyhelp.disagreements.api import DisagreementViewSet
from earlyhelp.notices.api import NoticePreferencesView
from referrals.api import ChecklistViewSet, ContactViewSet, HandoverViewSet, ReferralViewSet

router = DefaultRouter()
router.include_format_suffixes = False
router.register("cases", CaseViewSet, basename="case")
router.register("checklists", ChecklistViewSet, basename="checklist")
router.register("contacts", ContactViewSet, basename="contact")
router.register("disagreements", DisagreementViewSet, basename="disagreement")
router.register("handovers", HandoverViewSet, basename="handover")
router.register("onward-referrals", OnwardViewSet, basename="onward")
router.register("referrals", ReferralViewSet, basename="referral")
router.register("services", ServiceViewSet, basename="service")

urlpatterns = [
    path("token/", views.token, name="api-token"),
    path("schema/", views.schema, name="api-schema"),
    path("docs/", views.docs, name="api-docs"),
    path("notice-preferences/", NoticePreferencesView.as_view(), name="notice-preferences"),
    path("", include(router.urls)),
]
