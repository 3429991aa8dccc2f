"""People: who they are, how they sign in and out, and how long a session lives."""
