"""The law of what we write: how templates are filled and what a sincere message may say."""
