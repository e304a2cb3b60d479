"""The pages that need no account: a service answers from the link that was sent to it."""

from django.urls import path

from earlyhelp.directory.views import by_link

app_name = "onward"
urlpatterns = [
    path("<str:secret>/", by_link.cover, name="cover"),
]
