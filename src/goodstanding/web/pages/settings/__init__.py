"""The settings: closed books, people and their roles, teams and their territories."""
