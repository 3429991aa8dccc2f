"""Addresses in the client zone, below /moje-konto/odczyty/."""

from django.urls import path

from ebok_plugins.e_odczyt.views import declaring, history, sending

urlpatterns = [
    path("", history.History.as_view(), name="history"),
    path("podaj/", sending.SendReadings.as_view(), name="enter"),
    path("podaj/sprawdz/", sending.CheckReadings.as_view(), name="check"),
    path("podaj/wybierz/", sending.Choose.as_view(), name="choose"),
    path("podaj/bez-licznika/<int:pk>/", declaring.Declare.as_view(), name="declare"),
    path("wyslane/<uuid:key>/", sending.Done.as_view(), name="done"),
    path("podane/<int:pk>/", history.SentPage.as_view(), name="sent"),
    path("podane/<int:pk>/wycofaj/", history.Withdraw.as_view(), name="withdraw"),
    path("podane/<int:pk>/zdjecie/", history.SentPhoto.as_view(), name="photo"),
    # Telemetry
]
