"""Draws papers and carries a session into Qt."""
