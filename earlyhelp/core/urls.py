from django.urls import path

from earlyhelp.core import views

app_name = "core"
urlpatterns = [path("", views.gallery, name="gallery")]
