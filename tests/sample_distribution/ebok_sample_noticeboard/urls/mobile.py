"""/teren/sasiedzi/"""

from django.urls import path

from ebok_sample_noticeboard.views import mobile

urlpatterns = [path("", mobile.Board.as_view(), name="board")]
