"""Official documents in the layout of decree 30/2020/NĐ-CP and of the Party's guidance
36-HD/VPTW: their parts recognised from lines, each with its passage and how sure it is. Pure.
"""
