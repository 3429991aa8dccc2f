"""Health, under /zdrowie/."""

from django.urls import path

from ebok.operations import views

urlpatterns = [
    path("", views.overview, name="health"),
    path("zyje/", views.alive, name="health_alive"),
    path("gotowe/", views.ready, name="health_ready"),
]
