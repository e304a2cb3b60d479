"""Where an agency’s own sign-on begins and comes back to, under the names that allauth asks for. Nothing else of it is routed."""

from django.urls import path

from earlyhelp.accounts.views import sign_on

urlpatterns = [
    path("<str:provider_id>/", sign_on.go, name="openid_connect_login"),
    path("<str:provider_id>/back/", sign_on.back, name="openid_connect_callback"),
]
