"""How people get in: allauth's flows with the rules of this hub. Its settings are in knowledge_hub/settings/base.py.

`adapters.py` says who may sign up and as what, `stages.py` what stands between a password and a session, `lockout.py`
what happens after too many wrong ones, `verified.py` what a verified ORCID iD is good for.
"""
