"""Forms of records, as Word files with named fields. `make` writes them."""
