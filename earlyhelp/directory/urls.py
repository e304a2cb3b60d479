from django.urls import path

from earlyhelp.core.navigation import entry
from earlyhelp.core.references import leads_to
from earlyhelp.directory.access import answers_for_services
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.directory.views import keeping, onward, service

app_name = "directory"
urlpatterns = [
    path("", service.services, name="services"),
    path("add/", keeping.add, name="service_add"),
    path("<int:pk>/", service.service, name="service"),
    path("<int:pk>/change/", keeping.edit, name="service_edit"),
    path("<int:pk>/do/<slug:name>/", keeping.move, name="service_move"),
    path("<int:pk>/correct/", keeping.correct, name="service_correct"),
    path("corrections/<int:pk>/<slug:name>/", keeping.settle, name="correction"),
    path("refer/", onward.which_person, name="refer"),
    path("refer/<int:person>/", onward.which_service, name="refer_person"),
    path("<int:service>/refer/<int:person>/", onward.refer, name="refer_to"),
    path("referrals/", onward.onwards, name="onwards"),
    path("referred-to-us/", onward.referred_to_us, name="referred_to_us"),
    path("referrals/<str:reference>/", onward.onward, name="onward"),
    path("referrals/<str:reference>/<slug:name>/", onward.move, name="onward_move"),
]

entry(50, "Services", "directory:services")
entry(
    55,
    "Referred to us",
    "directory:referred_to_us",
    answers_for_services,
    about="Whom others sent to a service that you answer for.",
)

leads_to("ON", OnwardReferral)
