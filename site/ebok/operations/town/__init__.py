"""A fictional town as a billing system would deliver it: always the same for the same seed.

Nothing here asks a clock, a locale or the order of a set. Each customer is drawn from a random generator
of its own, seeded with the seed and the customer's number, so the town grows without changing those who
live in it already, and any stretch of customers can be written alone.

Amounts are whole numbers inside: grosze, thousandths of a unit, hundred-thousandths of a zloty for prices,
ordinals for days. Every number that has a check digit is right and belongs to nobody (`numbers`).
The stories and the codes of their customers: `stories` and `docs/demo-town.md`.
"""
