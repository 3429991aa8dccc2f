"""Addresses in the client zone, below /moje-konto/odczyty/."""

from django.urls import path

from ebok_plugins.e_odczyt.views import declaring, history, sending, telemetry

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
    path("zdalne/", telemetry.Remote.as_view(), name="remote"),
    path("zdalne/<int:pk>/", telemetry.FindingPage.as_view(), name="finding"),
    path("zdalne/nieobecnosc/<int:pk>/", telemetry.RemoveAbsence.as_view(), name="remove_absence"),
]
