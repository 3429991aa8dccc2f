"""`python -m tests.templates PART…`: makes the databases that these parts of `make test` copy, ahead of them.

`make test` runs it beside lint, which for most of its time keeps one processor busy. Whoever needs a template
meanwhile waits for it.
"""

from __future__ import annotations

import sys

from tests import sample_plugin  # noqa: F401 (its tables are in the template)
from tests.browser.demo import demo_template
from tests.database import FOLDER, SQLite

if __name__ == "__main__":
    if "sqlite" in sys.argv[1:]:
        SQLite({}, FOLDER).template()
    if "browser" in sys.argv[1:]:
        demo_template()
