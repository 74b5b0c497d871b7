"""What is known of names beyond their spelling: other names of firms, words in two languages."""
