"""Kế hoạch tuyên truyền và chuyên mục: what shall be told this year, and how well it was told."""
