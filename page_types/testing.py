"""Tells the contract tests about addresses of page types; never imported outside tests."""

from __future__ import annotations

from collections.abc import Mapping

from ebok.testing.samples import SampleWorld


def url_arguments(_world: SampleWorld) -> Mapping[str, Mapping[str, object]]:
    """Files below pages: feeds and the like. This one is nobody's, so every answer is “not found”."""
    return {"page_file": {"0": "utrudnienia/kanal.xml"}}
