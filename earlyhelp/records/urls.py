from django.urls import path

from earlyhelp.core.navigation import entry
from earlyhelp.records import views
from earlyhelp.records.access import keeps_records

app_name = "records"
urlpatterns = [
    path("trail/", views.trail, name="trail"),
]

entry(76, "The log’s seals", "records:trail", keeps_records)
