"""Claims about speed, memory and content, each a command that prints figures measured in this run on this machine."""
