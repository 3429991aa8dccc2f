"""Pages about clients in the employee zone, below /pracownik/klienci/."""

from django.urls import path

from ebok_plugins.client_zone.views import letters, verification
from ebok_plugins.client_zone.views.employee import RequestDecision, RequestQueue

urlpatterns = [
    path("wnioski/", RequestQueue.as_view(), name="request_queue"),
    path("wnioski/<int:pk>/", RequestDecision.as_view(), name="request"),
    path("listy/", letters.Batches.as_view(), name="letters"),
    path("listy/nowe/", letters.NewBatch.as_view(), name="new_letters"),
    path("listy/<int:batch>/", letters.BatchPage.as_view(), name="batch"),
    path("listy/<int:batch>/pdf/<int:number>/", letters.LettersPdf.as_view(), name="letters_pdf"),
    path("weryfikacja/", verification.VerificationQueue.as_view(), name="verification"),
    path("weryfikacja/<uuid:claim>/", verification.Verification.as_view(), name="verify"),
]
