"""The named figures of speed and memory, each beside its reference."""
