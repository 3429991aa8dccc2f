"""Every check that needs no database with content; two at a time, output only of those that fail."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SOURCES = ["site", "ebok_plugins", "page_types", "snippets", "tests", ".ci"]
TYPED = ["site/ebok", "ebok_plugins", "page_types", "snippets", "tests", ".ci"]
# djlint only. curlylint 0.13 cannot parse seven of our templates (a tag that begins in one branch of an
# {% if %}), and its rules end in AttributeError on an attribute in an {% if %}; djlint asks for the same.
TEMPLATES = ["templates", "site", "ebok_plugins", "page_types", "snippets"]

Check = tuple[str, list[str]]


def checks() -> list[Check]:
    """Name and command line of each check, the slowest first."""
    manage = [sys.executable, "site/manage.py"]
    templates = [folder for folder in TEMPLATES if any((ROOT / folder).rglob("*.html"))]
    return [
        ("types (mypy)", [tool("mypy"), *TYPED]),
        ("templates (djlint)", [tool("djlint"), "--quiet", "--lint", *templates]),
        ("rules (ruff check)", [tool("ruff"), "check", *SOURCES]),
        ("layout (ruff format)", [tool("ruff"), "format", "--check", "--quiet", *SOURCES]),
        ("who may import whom (import-linter)", [tool("lint-imports"), "--no-cache"]),
        ("migrations are complete", [*manage, "makemigrations", "--check", "--dry-run", "--verbosity", "1"]),
        ("Django's system check", [*manage, "check", "--fail-level", "WARNING"]),
        ("translations are complete", [sys.executable, ".ci/messages.py", "check"]),
        ("YAML (yamllint)", [tool("yamllint"), "--strict", "-d", YAML_RULES, "deploy"]),
        ("shell scripts parse", ["bash", "-c", 'for f in .ci/*.sh .ci/run; do bash -n "$f" || exit 1; done']),
    ]


YAML_RULES = (
    "{extends: default, rules: {line-length: {max: 110}, document-start: disable,"
    " comments: {min-spaces-from-content: 1}}}"
)


def tool(name: str) -> str:
    """The path of a tool of the environment this runs in."""
    return str(BIN / name)


def run(check: Check) -> tuple[str, int, str, float]:
    """Run one check; its name, exit code, output and seconds."""
    name, command = check
    began = time.monotonic()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "ebok.settings.test", "PYTHONPATH": "site:."}
    done = subprocess.run(  # noqa: S603 (the commands are those above)
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return name, done.returncode, done.stdout + done.stderr, time.monotonic() - began


def main() -> int:
    """Run all checks, or those whose name contains a word of the command line."""
    wanted = [check for check in checks() if all(word in check[0] for word in sys.argv[1:])]
    failed = []
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 2)) as pool:
        for name, code, output, seconds in pool.map(run, wanted):
            print(f"{'ok    ' if code == 0 else 'FAILED'} {name} ({seconds:.0f} s)", flush=True)
            if code:
                failed.append(name)
                print(output.rstrip(), flush=True)
    print(f"lint: {len(wanted) - len(failed)} of {len(wanted)} checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
