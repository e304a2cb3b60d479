"""What is looked for in a file before anybody may open it (promise P13). Knows nothing of Django, nor of whose file it is.

It runs in a process of its own, with limits of memory and time (``bounded``): a file made to break a decoder breaks that.
"""
