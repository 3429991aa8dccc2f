"""Measurements of speed: `python -m tests.bench` (make bench), `python -m tests.bench.soak` (make soak)."""
