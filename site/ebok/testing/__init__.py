"""Public face of the tests: what plugin authors import to hold their plugin to the contract.

```python
# tests/conftest.py of the plugin's own distribution
pytest_plugins = ["ebok.testing.fixtures"]

# tests/test_contract.py
from ebok.testing.contracts import PluginContract


class TestNoticeboard(PluginContract):
    plugin_key = "noticeboard"
```

A plugin tells the contracts about its addresses in a file `testing.py` beside its `apps.py`, which is
never imported outside tests; `samples.py` here says what it may hold.
"""
