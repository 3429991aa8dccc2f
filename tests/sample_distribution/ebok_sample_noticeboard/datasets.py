"""What deliveries bring for the board."""

from django.utils.translation import gettext_lazy as _

from ebok.ports import Column, ColumnType, Dataset

datasets = [
    Dataset(
        key="noticeboard_places",
        title=_("Places of boards"),
        model="noticeboard.BoardPlace",
        natural_key=("code",),
        owner="",
        order=200,
        columns=(
            Column(
                name="code",
                title=_("code"),
                type=ColumnType.CODE,
                required=True,
                max_length=40,
                example="T-1",
            ),
            Column(name="name", title=_("name"), required=True, max_length=120, example="Rynek"),
        ),
    )
]
