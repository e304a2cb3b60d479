from django.urls import path, re_path

from earlyhelp.core.navigation import entry
from earlyhelp.core.references import leads_to
from lac import views
from lac.access import coordinates
from lac.models import Introduction

app_name = "lac"
urlpatterns = [
    path("", views.people, name="people"),
    path("introduce/", views.introduce, name="introduce"),
    path("introduced/", views.introduced, name="introduced"),
    path("<str:reference>/", views.person, name="person"),
    path("<str:reference>/conversations/", views.conversations, name="conversations"),
    path("<str:reference>/vision/", views.vision, name="vision"),
    path("<str:reference>/vision/write/", views.write_vision, name="write_vision"),
    path("<str:reference>/connections/<int:pk>/", views.follow_connection, name="follow_connection"),
    path("<str:reference>/do/<slug:name>/", views.move, name="move"),
    re_path(rf"^(?P<reference>[^/]+)/add/(?P<what>{'|'.join(views.ADDED)})/$", views.add, name="add"),
]

entry(8, "People alongside", "lac:people", coordinates)

leads_to("INT", Introduction)
