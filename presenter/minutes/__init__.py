"""The minutes, typed by several people while they talk."""
