from django.urls import path

from earlyhelp.core.navigation import entry
from earlyhelp.families.access import may_search
from earlyhelp.families.views import record as views
from earlyhelp.families.views import same, secret
from earlyhelp.partnership.enums import Role

app_name = "families"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("new/", views.create, name="create"),
    path("looked/", views.looked, name="looked"),
    path("looked/<int:pk>/<slug:name>/", views.look, name="look"),
    path("duplicates/", same.duplicates, name="duplicates"),
    path("merges/<int:pk>/", same.merge, name="merge"),
    path("merges/<int:pk>/undo/", same.undo, name="undo_merge"),
    path("secret/<int:pk>/", secret.reveal, name="reveal"),
    path("secret/<int:pk>/name/", secret.confide, name="confide"),
    path("secret/<int:pk>/names/<int:confidant>/end/", secret.confide_no_more, name="confide_no_more"),
    path("people/<int:pk>/same/<int:other>/", same.compare, name="compare"),
    path("people/<int:pk>/same/<int:other>/yes/", same.same, name="same"),
    path("people/<int:pk>/same/<int:other>/no/", same.not_same, name="not_same"),
    path("people/<int:pk>/same/<int:other>/again/", same.look_again, name="look_again"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/history/", views.person_history, name="person_history"),
    path("people/<int:pk>/edit/", views.edit_person, name="edit_person"),
    path("people/<int:pk>/move/", views.move_home, name="move_home"),
    path("people/<int:pk>/statutory/", views.statutory_status, name="statutory_status"),
    path("<str:reference>/", views.family, name="family"),
    path("<str:reference>/agreements/", views.agreements, name="agreements"),
    path("<str:reference>/agreements/add/", views.agree, name="agree"),
    path("<str:reference>/chronology/", views.chronology, name="chronology"),
    path("<str:reference>/chronology/add/", views.add_event, name="add_event"),
    path("<str:reference>/secret/", secret.confidants, name="confidants"),
    path("<str:reference>/seen/", views.seen, name="seen"),
    path("<str:reference>/edit/", views.edit_family, name="edit_family"),
    path("<str:reference>/members/add/", views.add_member, name="add_member"),
    path("<str:reference>/members/add/<int:pk>/", views.add_known, name="add_known"),
    path("<str:reference>/members/<int:pk>/end/", views.end_membership, name="end_membership"),
    path("<str:reference>/relationships/add/", views.relate, name="relate"),
]

entry(30, "Families", "families:search", may_search)
entry(33, "Duplicates", "families:duplicates", lambda user: user.scope.holds(Role.EH_ACCESS))
entry(75, "Who has looked", "families:looked", lambda user: user.scope.holds(Role.IG_LEAD))
