"""Sổ theo dõi thông tin sai trái: claims, what was found out, and the answer. Never who said it."""
