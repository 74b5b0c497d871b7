"""From scored pairs to clusters, and which clusters a person has to look at."""
