"""Báo cáo: forms, rounds, the reports of units, and what is consolidated from them."""
