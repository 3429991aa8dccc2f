"""Names of the groups every installation has."""

CLIENTS = "CLIENTS"
"""Every client; the group a new account joins."""
EMPLOYEES = "Employees"
EDITORS = "Editors"
ADMINISTRATORS = "Administrators"

ALL = (CLIENTS, EMPLOYEES, EDITORS, ADMINISTRATORS)

WITH_WAGTAIL_ADMIN = (EDITORS, ADMINISTRATORS)
"""Groups whose members may open the Wagtail admin."""
