"""調べる: what stands in this briefing's papers and in the department's archive, prepared unseen, then shown."""
