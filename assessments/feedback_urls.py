from django.urls import path

from assessments.access import evaluates
from assessments.views import feedback
from earlyhelp.core.navigation import duty

app_name = "feedback"
urlpatterns = [
    path("", feedback.said, name="said"),
    path("mine/", feedback.mine, name="mine"),
    path("<int:pk>/quoting/", feedback.quoting, name="quoting"),
    path("new/<int:service>/", feedback.new, name="new"),
]

duty(
    130,
    "What people say",
    "feedback:said",
    evaluates,
    "What people said of a service, quoted as they allowed it.",
)
