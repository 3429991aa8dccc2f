"""Codes on bills: the transfer code of the Polish banks, and the code that proves a bill genuine."""
