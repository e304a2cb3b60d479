from django.urls import path

from earlyhelp.core.navigation import duty
from earlyhelp.documents import views
from earlyhelp.documents.todo import waiting_held
from earlyhelp.partnership.enums import Role

app_name = "documents"
urlpatterns = [
    path("held/", views.held, name="held"),
    path("held/<int:pk>/<slug:name>/", views.decide, name="decide"),
    path("of/<str:reference>/", views.of_family, name="of_family"),
    path("of/<str:reference>/add/", views.add, name="add"),
    path("<int:pk>/", views.content, name="content"),
    path("<int:pk>/change/", views.change, name="change"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]

duty(
    30,
    "Held documents",
    "documents:held",
    lambda user: user.scope.holds(Role.IG_LEAD),
    "Files that may do harm: you release or refuse them without reading them.",
    waiting_held,
)
