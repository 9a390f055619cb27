"""The sandbox: the reference server as authors of clients use it, with commands, a control API and a log of its requests.

It knows the reference server and nothing else of the suite, and the reference server does not know it.
"""
