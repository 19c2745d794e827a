"""調べる: what stands in this briefing and in the department's archive, prepared unseen, then shown."""
