"""Included at `/wyglad/`."""

from django.urls import path

from ebok.look import views

app_name = "look"

urlpatterns = [
    path("", views.choose, name="choose"),
    path("motyw.css", views.colours, name="colours"),
]
