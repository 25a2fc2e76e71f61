"""Where an edition goes: a registry of channels, and a delivery for each of them.

A channel is one directory beside this file: ``apps.py``, whose ``ready`` registers a
``Channel`` (see ``channel.py``), and whatever else it needs. Nothing outside the directory has to
be changed: settings, addresses and pages find it by themselves.
"""
