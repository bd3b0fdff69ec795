"""Questions through the hub: asked without an account, passed on without telling an address, answered, and forgotten.

Start with `asking.py`, follow a question through `passing.py` and `answering.py`, and end with `keeping.py`. Mails are
written in `mails.py` and sent by `queue.py`.
"""
