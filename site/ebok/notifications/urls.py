"""Pages of this room under /konto/."""

from django.urls import path

from ebok.notifications.views import ChoicesPage, UnsubscribePage

urlpatterns = [
    path("powiadomienia/", ChoicesPage.as_view(), name="notifications_choices"),
    path("bez-listow/<str:token>/", UnsubscribePage.as_view(), name="notifications_unsubscribe"),
]
