from django.urls import path

from earlyhelp.workflow import views

urlpatterns = [
    path("drafts/<path:key>/", views.keep_draft, name="keep_draft"),
    path("still-here/", views.still_here, name="still_here"),
]
