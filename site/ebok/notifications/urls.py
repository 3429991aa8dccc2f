"""Pages of this room under /konto/."""

from django.urls import path

from ebok.notifications.views import ChoicesPage, PhonePage, UnsubscribePage

urlpatterns = [
    path("powiadomienia/", ChoicesPage.as_view(), name="notifications_choices"),
    path("powiadomienia/telefon/", PhonePage.as_view(), name="notifications_phone"),
    path("bez-listow/<str:token>/", UnsubscribePage.as_view(), name="notifications_unsubscribe"),
]
