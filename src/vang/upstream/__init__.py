"""Cảnh báo từ cấp trên: warnings that others issued, brought here for a person to decide on."""
