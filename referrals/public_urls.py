"""The pages that need no account: a family asks for help."""

from django.urls import path

from referrals.views import asking

app_name = "asking"
urlpatterns = [
    path("", asking.start, name="start"),
    path("leave/", asking.leave, name="leave"),
    path("check/", asking.check, name="check"),
    path("sent/", asking.sent, name="sent"),
    path("copy/", asking.copy, name="copy"),
    path("later/", asking.later, name="later"),
    path("come-back/", asking.come_back, name="come_back"),
    path("ring/<slug:then>/", asking.ring, name="ring"),
    path("<slug:slug>/keep/", asking.keep, name="keep"),
    path("<slug:slug>/", asking.screen, name="screen"),
]
