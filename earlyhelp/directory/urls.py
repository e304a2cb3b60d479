from django.urls import path

from earlyhelp.core.navigation import entry
from earlyhelp.directory import views

app_name = "directory"
urlpatterns = [
    path("", views.services, name="services"),
    path("<int:pk>/", views.service, name="service"),
]

entry(50, "Services", "directory:services")
