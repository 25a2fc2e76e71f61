"""Ngân hàng câu: what the commune's announcer recorded once, and notices put together from it."""
