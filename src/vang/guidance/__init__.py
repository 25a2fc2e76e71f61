"""Định hướng tuyên truyền: what an office asks writers to stress and to avoid, and who read it."""
