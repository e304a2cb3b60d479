from django.urls import path

from earlyhelp.core.navigation import duty, entry
from earlyhelp.core.references import leads_to
from earlyhelp.families.access import may_search
from earlyhelp.families.models import Family
from earlyhelp.families.todo import waiting_odd_reads
from earlyhelp.families.views import (
    chronology,
    genogram,
    history,
    kin,
    record,
    relationships,
    restricting,
    same,
    same_family,
    secret,
    why,
)
from earlyhelp.partnership.enums import Role

app_name = "families"
urlpatterns = [
    path("search/", record.search, name="search"),
    path("new/", record.create, name="create"),
    path("looked/", record.looked, name="looked"),
    path("mistakes/", chronology.mistakes, name="mistakes"),
    path("looked/<int:pk>/<slug:name>/", record.look, name="look"),
    path("restricted/", restricting.restricted, name="restricted"),
    path("duplicates/", same.duplicates, name="duplicates"),
    path("duplicates/two/", same.said_two, name="said_two"),
    path("duplicates/two/families/", same_family.said_two, name="said_two_families"),
    path("merges/<int:pk>/", same.merge, name="merge"),
    path("merges/<int:pk>/undo/", same.undo, name="undo_merge"),
    path("twice/", same_family.two, name="two_families"),
    path("joined/<int:pk>/", same_family.joined, name="joined"),
    path("joined/<int:pk>/undo/", same_family.part, name="part"),
    path("secret/<int:pk>/", secret.reveal, name="reveal"),
    path("secret/<int:pk>/name/", secret.confide, name="confide"),
    path("secret/<int:pk>/names/<int:confidant>/end/", secret.confide_no_more, name="confide_no_more"),
    path("people/<int:pk>/same/<int:other>/", same.compare, name="compare"),
    path("people/<int:pk>/same/<int:other>/yes/", same.same, name="same"),
    path("people/<int:pk>/same/<int:other>/no/", same.not_same, name="not_same"),
    path("people/<int:pk>/same/<int:other>/again/", same.look_again, name="look_again"),
    path("people/<int:pk>/", record.person, name="person"),
    path("people/<int:pk>/history/", history.person_history, name="person_history"),
    path("people/<int:pk>/edit/", record.edit_person, name="edit_person"),
    path("people/<int:pk>/move/", record.move_home, name="move_home"),
    path("people/<int:pk>/statutory/", record.statutory_status, name="statutory_status"),
    path("people/<int:pk>/ended/", kin.end_pregnancy, name="end_pregnancy"),
    path("people/<int:pk>/losses/add/", kin.write_down, name="write_down_loss"),
    path("people/<int:pk>/losses/<int:loss>/", kin.change, name="change_loss"),
    path("people/<int:pk>/losses/<int:loss>/error/", kin.loss_error, name="loss_error"),
    path("<str:reference>/", record.family, name="family"),
    path("<str:reference>/why/", why.answer, name="why"),
    path("<str:reference>/agreements/", record.agreements, name="agreements"),
    path("<str:reference>/agreements/add/", record.agree, name="agree"),
    path("<str:reference>/chronology/", chronology.chronology, name="chronology"),
    path("<str:reference>/chronology/add/", chronology.add_event, name="add_event"),
    path("<str:reference>/chronology/print/", chronology.print_chronology, name="print_chronology"),
    path("<str:reference>/chronology/<int:pk>/error/", chronology.event_error, name="event_error"),
    path("<str:reference>/genogram/", genogram.genogram, name="genogram"),
    path("<str:reference>/bonds/add/", kin.say_bond, name="say_bond"),
    path("<str:reference>/bonds/<int:pk>/end/", kin.end_bond, name="end_bond"),
    path("<str:reference>/bonds/<int:pk>/error/", kin.bond_error, name="bond_error"),
    path("<str:reference>/secret/", secret.confidants, name="confidants"),
    path("<str:reference>/restricted/", restricting.restriction, name="restriction"),
    path("<str:reference>/restricted/begin/", restricting.restrict, name="restrict"),
    path("<str:reference>/restricted/lift/", restricting.lift, name="lift_restriction"),
    path("<str:reference>/restricted/again/", restricting.look_again, name="restriction_again"),
    path("<str:reference>/restricted/names/", restricting.name_one, name="name_one"),
    path("<str:reference>/restricted/names/<int:pk>/end/", restricting.name_no_more, name="name_no_more"),
    path("<str:reference>/same/<str:other>/", same_family.compare, name="compare_families"),
    path("<str:reference>/same/<str:other>/yes/", same_family.join, name="join_families"),
    path("<str:reference>/same/<str:other>/no/", same_family.say_two, name="not_same_family"),
    path("<str:reference>/same/<str:other>/again/", same_family.look_again, name="same_family_again"),
    path("<str:reference>/seen/", record.seen, name="seen"),
    path("<str:reference>/history/", history.family_history, name="family_history"),
    path("<str:reference>/edit/", record.edit_family, name="edit_family"),
    path("<str:reference>/members/add/", record.add_member, name="add_member"),
    path("<str:reference>/members/add/<int:pk>/", record.add_known, name="add_known"),
    path("<str:reference>/members/<int:pk>/change/", record.change_place, name="change_place"),
    path("<str:reference>/members/<int:pk>/end/", record.end_membership, name="end_membership"),
    path("<str:reference>/relationships/add/", relationships.relate, name="relate"),
    path("<str:reference>/relationships/<int:pk>/", relationships.change, name="change_relationship"),
    path("<str:reference>/relationships/<int:pk>/error/", relationships.error, name="relationship_error"),
]

entry(30, "Families", "families:search", may_search)
entry(
    33,
    "Duplicates",
    "families:duplicates",
    lambda user: user.scope.holds(Role.EH_ACCESS),
    about="Records that may be of one person or one family.",
)
duty(
    10,
    "Who has looked",
    "families:looked",
    lambda user: user.scope.holds(Role.IG_LEAD),
    "Who has seen a family, and reads that no work explains.",
    waiting_odd_reads,
)
duty(
    20,
    "Entered in error",
    "families:mistakes",
    lambda user: user.scope.holds(Role.IG_LEAD),
    "What was struck out as a mistake, by whom and why.",
)
duty(
    35,
    "Restricted records",
    "families:restricted",
    lambda user: user.scope.holds(Role.IG_LEAD),
    "Which families are restricted, why, and when that is looked at again.",
)

leads_to("FAM", Family)
