"""Where a briefing is kept: its name by the department's rule, its files as one set on the share."""
