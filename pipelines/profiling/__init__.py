"""What a table holds, shown as lines and as a page."""
