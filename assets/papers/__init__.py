"""Sample papers and the script that makes them (`python -m assets.papers.make`)."""
