"""/tablica-ogloszen/"""

from django.urls import path

from ebok_sample_noticeboard.views import public

urlpatterns = [
    path("", public.board, name="board"),
    path("<int:pk>/", public.notice, name="notice"),
]
