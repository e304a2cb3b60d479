from django.urls import path

from assessments.access import MANAGES, evaluates
from assessments.todo import waiting_for_an_answer
from assessments.views import feedback
from earlyhelp.core.navigation import duty

app_name = "feedback"
urlpatterns = [
    path("", feedback.said, name="said"),
    path("mine/", feedback.mine, name="mine"),
    path("to-answer/", feedback.to_answer, name="to_answer"),
    path("<int:pk>/answer/", feedback.answer, name="answer"),
    path("<int:pk>/quoting/", feedback.quoting, name="quoting"),
    path("new/<int:service>/", feedback.new, name="new"),
    path("new/early-help/", feedback.of_us, name="of_us"),
    path("new/case/<str:reference>/", feedback.of_case, name="of_case"),
]

duty(
    130,
    "What people say",
    "feedback:said",
    evaluates,
    "What people said of a service, quoted as they allowed it.",
)
duty(
    131,
    "Complaints and suggestions",
    "feedback:to_answer",
    lambda user: user.scope.holds(*MANAGES),
    "What people say should be better, of early help and of services.",
    waiting_for_an_answer,
)
