"""Ponder Mini: the small reasoning model in the box. See README.md."""
