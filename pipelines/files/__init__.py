"""Files read by their place alone: tables chosen, columns brought together."""
