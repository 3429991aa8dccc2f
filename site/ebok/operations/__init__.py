"""The boiler room: periodic work, background worker, status board, health, demo town."""
