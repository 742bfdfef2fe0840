"""Forecasts of bike-share demand, one hour ahead."""
