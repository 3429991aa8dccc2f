"""How people get in: data from an invoice or a code from a letter, a mailbox, sometimes one proof more."""
