"""The acts behind the pages, but for the review queue, and how pages are made of them."""
