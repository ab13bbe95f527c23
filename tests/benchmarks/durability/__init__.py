"""Checks that nothing acknowledged is lost: two workers at once, and processes killed at random moments."""
