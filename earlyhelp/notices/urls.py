from django.urls import path

from earlyhelp.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="list"),
    path("read/", views.read, name="read"),
    path("<int:pk>/read/", views.read_one, name="read_one"),
    path("<int:pk>/open/", views.follow, name="follow"),
    path("preferences/", views.preferences, name="preferences"),
    path("address/", views.address, name="address"),
    path("addresses/", views.addresses, name="addresses"),
    path("addresses/<int:pk>/again/", views.again, name="again"),
]
