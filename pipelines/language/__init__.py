"""What the program says to people, in Chinese or English."""
