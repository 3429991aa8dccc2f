"""/pracownik/sasiedzi/"""

from django.urls import path

from ebok_sample_noticeboard.views import employee

urlpatterns = [
    path("", employee.Moderate.as_view(), name="moderate"),
    path("<uuid:public_id>/zdejmij/", employee.TakeDown.as_view(), name="take_down"),
]
