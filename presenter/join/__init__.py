"""`kamizero join`: the participant's window, which is the desk without the floor."""
