"""login.gov.pl: the national node (Węzeł Krajowy) as a way to sign in."""
