"""What the answers to a questionnaire say, how surely, and what of it may be published."""
