"""The machine-readable faces of outages: Atom, iCalendar, CAP 1.2 and JSON. No requests, no HTTP."""
