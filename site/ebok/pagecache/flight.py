"""Single flight: of many threads that want the same page, one renders and the others wait."""

from __future__ import annotations

import threading
from collections.abc import Hashable


class Flight:
    """One rendering that is under way."""

    __slots__ = ("_landed",)

    def __init__(self) -> None:
        self._landed = threading.Event()

    def wait(self, seconds: float) -> bool:
        """Wait for the end of the rendering; False when it takes longer."""
        return self._landed.wait(seconds)

    def land(self) -> None:
        """Let everybody go on."""
        self._landed.set()


class Flights:
    """Renderings under way in this process, by key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[Hashable, Flight] = {}

    def begin(self, key: Hashable) -> Flight | None:
        """Become the one who renders: a flight that `end` must close. None when somebody else is."""
        with self._lock:
            if key in self._open:
                return None
            flight = self._open[key] = Flight()
            return flight

    def find(self, key: Hashable) -> Flight | None:
        """The rendering of this key that is under way."""
        return self._open.get(key)

    def end(self, key: Hashable, flight: Flight) -> None:
        """The rendering is over, well or badly. Safe to call twice."""
        with self._lock:
            if self._open.get(key) is flight:
                del self._open[key]
        flight.land()
