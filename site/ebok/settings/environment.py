"""Reads the environment once: where the house stands, and what it was told from outside."""

from pathlib import Path

import environ

SOURCE_ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds the package `ebok`: `site/` in a checkout, site-packages when installed."""

CHECKOUT = SOURCE_ROOT.parent if (SOURCE_ROOT / "manage.py").exists() else None
"""The root of the checkout, or None when the wheel is installed."""

env = environ.Env()
if CHECKOUT and (CHECKOUT / ".env").exists():
    environ.Env.read_env(str(CHECKOUT / ".env"))

RUNTIME_DIR = Path(env.str("EBOK_RUNTIME_DIR", default=str((CHECKOUT or Path.cwd()) / "var"))).resolve()
"""Everything the running portal writes: database, media, locks, page cache generation."""

TEMPLATES_DIR = (CHECKOUT / "templates") if CHECKOUT else Path(__file__).resolve().parents[1] / "templates"
"""The look: project templates, icons and the built theme."""
