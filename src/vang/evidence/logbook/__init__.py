"""Sổ nhật ký phát thanh: the station's logbook by day and month, written from the evidence."""
