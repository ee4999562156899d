"""The sample book "Third Place Roasters": a roastery that sells to cafés, shops and kiosks on credit."""

from goodstanding.outbound.sample.book import THROUGH, write_sample

__all__ = ["THROUGH", "write_sample"]
