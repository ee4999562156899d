"""One customer: header, tiles, and a tab each for what happened, the money, the people and what is known."""
