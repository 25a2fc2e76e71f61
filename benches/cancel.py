"""From one person's cancel to silence on N nodes that sound: the second half of fanout's run.

The same nodes, processes and rounds as in fanout.py; the line has what concerns silence alone.
"""

import fanout

if __name__ == "__main__":
    fanout.main("cancel")
