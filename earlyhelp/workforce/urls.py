from django.urls import path

from earlyhelp.core.navigation import duty
from earlyhelp.workforce import views
from earlyhelp.workforce.access import reads_workload

app_name = "workforce"
urlpatterns = [
    path("", views.people, name="people"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/capacity/", views.capacity, name="capacity"),
    path("<int:pk>/leave/", views.leave, name="leave"),
    path("<int:pk>/leave/<int:leave>/take-back/", views.take_back_leave, name="take_back_leave"),
]

duty(
    100,
    "Workload",
    "workforce:people",
    reads_workload,
    "What each worker carries against the hours they work, their leave, and whose families need somebody else.",
)
