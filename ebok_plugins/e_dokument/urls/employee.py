"""Addresses in the employee zone, below /pracownik/wnioski/."""

from django.urls import path

from ebok_plugins.e_dokument.views import employee

urlpatterns = [
    path("", employee.Queue.as_view(), name="queue"),
    path("<int:pk>/", employee.ApplicationDetail.as_view(), name="application"),
    path("<int:pk>/przejmij/", employee.TakeOver.as_view(), name="take_over"),
    path("<int:pk>/stan/", employee.ChangeState.as_view(), name="change_state"),
    path("<int:pk>/notatka/", employee.AddNote.as_view(), name="add_note"),
    path("<int:pk>/odpowiedz/", employee.Reply.as_view(), name="reply"),
    path("<int:pk>/pdf/", employee.ApplicationPdf.as_view(), name="pdf"),
    path("<int:pk>/zalacznik/<uuid:attachment>/", employee.AttachmentFile.as_view(), name="attachment"),
]
