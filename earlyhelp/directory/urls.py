from django.urls import path

from earlyhelp.core.navigation import entry
from earlyhelp.directory.views import onward, service

app_name = "directory"
urlpatterns = [
    path("", service.services, name="services"),
    path("<int:pk>/", service.service, name="service"),
    path("referrals/<str:reference>/", onward.onward, name="onward"),
]

entry(50, "Services", "directory:services")
