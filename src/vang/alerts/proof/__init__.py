"""The evidence of one alert: a file that anybody can verify without us and without a network."""
