"""One customer: header, tiles, and a tab each for the timeline, the account, the people and the facts."""
