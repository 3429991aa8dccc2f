"""The human view: everything an FA(3) holds, in sections with names people know."""

from ebok_plugins.e_faktura.ksef.view.building import view_of
from ebok_plugins.e_faktura.ksef.view.parts import Cell, Column, DrawnRow, Fact, Grid, Row, Section, View

__all__ = ["Cell", "Column", "DrawnRow", "Fact", "Grid", "Row", "Section", "View", "view_of"]
