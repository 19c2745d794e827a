"""The wall: what a meeting-room display shows."""
