from django.urls import path

from earlyhelp.core.navigation import entry
from earlyhelp.records import views
from earlyhelp.records.access import decides_on_disposal

app_name = "records"
urlpatterns = [
    path("trail/", views.trail, name="trail"),
    path("disposals/", views.disposals, name="disposals"),
    path("disposals/<int:pk>/<slug:name>/", views.dispose, name="dispose"),
    path("holds/", views.holds, name="holds"),
    path("holds/place/", views.place_hold, name="place_hold"),
    path("holds/<int:pk>/lift/", views.lift_hold, name="lift_hold"),
    path("rules/", views.rules, name="rules"),
    path("rules/change/", views.set_rule, name="set_rule"),
]

entry(77, "Records due", "records:disposals", decides_on_disposal)
