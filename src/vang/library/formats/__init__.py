"""What a file of an office holds, as lines with what is known of their place. No Django here.

These modules read hostile files and therefore run in a process of their own (``process``).
"""
